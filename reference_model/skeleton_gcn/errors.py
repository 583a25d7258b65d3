"""The mistakes around the skeleton network, each with its rule id. Imports nothing that computes."""

from ...datasets.errors import BenchError


class NoWeights(BenchError):
    """Weights that are not there, or that are none of this network's."""

    rule = "V030"
