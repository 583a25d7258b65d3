"""Mistakes in files, and the warnings of readers about what they could not keep."""

from ..errors import BenchError


class UnreadableFile(BenchError):
    """A file that is missing, or whose bytes are not what its suffix promises."""

    rule = "R001"


class UnknownSuffix(BenchError):
    """A file suffix that no reader or writer knows."""

    rule = "R002"


class BadBvh(BenchError):
    """A BVH file with a mistake in its hierarchy or its motion block."""

    rule = "R003"


class BadGltf(BenchError):
    """A glTF or GLB file that is broken, or that uses a part of the format this reader refuses."""

    rule = "R004"


class BadFbx(BenchError):
    """An FBX file that could not be read."""

    rule = "R005"


class MissingExtra(BenchError):
    """A reader whose optional package is not installed."""

    rule = "R006"


class UnknownAnimation(BenchError):
    """A name of an animation that a file does not have, or a choice that was not made between several."""

    rule = "R007"


class MissingCharacter(BenchError):
    """A prediction file that should be read or shown without saying which character it is for."""

    rule = "R010"


class BadAmass(BenchError):
    """A file that is no capture of AMASS."""

    rule = "R013"


class BadClip(BenchError):
    """A clip file that does not fit what is expected of it; ``rule`` is that of its first problem."""

    rule = "R100"

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


class ReaderWarning(UserWarning):
    """What a reader changed or left out; the motion or character is usable."""


class DroppedTranslation(ReaderWarning):
    """Animated translations of joints other than the root were dropped: bones keep their rest lengths."""


class DroppedScale(ReaderWarning):
    """Animated scale was dropped: bones keep their rest lengths."""


class MovedToStandard(ReaderWarning):
    """The content was turned to y up, facing +z, or moved onto the ground."""


class OddRestPose(ReaderWarning):
    """The rest pose of a humanoid is not standing upright; aligning rest poses will give nonsense."""
