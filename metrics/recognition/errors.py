"""The mistakes around recognition, each with its rule id. Imports nothing that computes."""

from ...datasets.errors import BenchError


class WrongClasses(BenchError):
    """Scores and right answers that cannot be compared: other shapes, no number, or no right answer."""

    rule = "K001"


class WrongTest(BenchError):
    """A recognition test that does not fit together: names that repeat, a motion without a class, other lengths."""

    rule = "K002"
