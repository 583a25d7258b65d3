"""The mistakes around the built-in judge, each with its rule id. Imports nothing that computes."""

from ...datasets.errors import BenchError


class NoPictures(BenchError):
    """A folder without rendered pictures, or with pictures of another size."""

    rule = "V002"


class NoTrainedWeights(BenchError):
    """Weights of the built-in judge that are not there yet."""

    rule = "V003"
