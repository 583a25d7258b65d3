"""The mistakes around training, each with its rule id. Imports nothing that computes."""

from ...datasets.errors import BenchError


class NoMotions(BenchError):
    """A folder without solved motions, or with motions of another version."""

    rule = "V001"


class OtherRun(BenchError):
    """A training folder that belongs to a run with other settings."""

    rule = "V004"


class TrainedOnTest(BenchError):
    """Training on the motions of the test."""

    rule = "V005"
