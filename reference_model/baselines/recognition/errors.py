"""The mistakes around classifiers, each with its rule id. Imports nothing that computes."""

from ....datasets.errors import BenchError


class TooFewSamples(BenchError):
    """Sets too small for what was asked of them."""

    rule = "V024"
