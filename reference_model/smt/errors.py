"""The mistakes around SMT, each with its rule id. Imports nothing that computes."""

from ...datasets.errors import BenchError


class NoWeights(BenchError):
    """Weights of a method that are not there yet, or that another version wrote."""

    rule = "W001"


class ShortClips(BenchError):
    """Motions of which none is as long as a training window."""

    rule = "W002"
