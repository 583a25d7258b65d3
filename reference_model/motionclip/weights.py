"""Where the weights of MotionCLIP are. No torch."""

from pathlib import Path

from ..trained_weights import WeightsKind

VARIABLE, JUDGE_FOLDER = "MOTIONCLIP", "MOTIONCLIP_JUDGE_FOLDER"
"""Environment variables that name a folder of weights, and that of the CLIP they were trained with, where it is neither
built in nor on the hub."""
NAME = "motionclip"
"""Folder of the shipped weights below ``reference_model/weights``."""
MOTIONCLIP_WEIGHTS = WeightsKind("MotionCLIP", "retargetbench-motionclip/1", "retargetbench train motionclip")


def find_weights(folder: Path | None = None) -> Path:
    """Return a folder of weights: the one that is named, else that of the environment, else that of this package.

    Raises:
        NoWeights: If it holds none; the message says how to make them.
    """
    return MOTIONCLIP_WEIGHTS.find(folder, VARIABLE, NAME, "build/motionclip/weights/motionclip")
