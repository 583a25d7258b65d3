"""The mistakes around MotionCLIP, each with its rule id. Imports nothing that computes."""

from ...datasets.errors import BenchError


class NoEmbeddings(BenchError):
    """Motions whose captions and pictures have not been embedded yet, or were embedded from other motions."""

    rule = "V021"


class OtherClip(BenchError):
    """A CLIP that is not the one the weights were trained with, or a judge that is no CLIP."""

    rule = "V022"


class NoCaptures(BenchError):
    """A folder without motion capture, or without the subject that is asked for."""

    rule = "V026"


class NoClassifier(BenchError):
    """A method that is not installed, or that classifies no motions."""

    rule = "V025"


class WrongRequest(BenchError):
    """Words to `generate` that do not go together, or a number out of range."""

    rule = "V023"
