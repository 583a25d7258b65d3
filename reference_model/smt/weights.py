"""Where the weights of a method are, and what they are called. Imports nothing that computes."""

from pathlib import Path

from ..trained_weights import CONFIG, WeightsKind

SMT_WEIGHTS = WeightsKind("SMT", "retargetbench-smt/1", "retargetbench train smt")
_TRAINED_BY = {
    "smt-stage1": "--stage 1",
    "smt": "--stage 2",
    "smt-pair": "--stage 2 --pair SOURCE TARGET",
    "smt-stage1-paired": "--stage 1 --paired",
    "smt-paired": "--stage 2 --paired",
    "r2et-like-stage1": "--stage 1 --profile r2et",
    "r2et-like": "--stage 2 --profile r2et",
}
"""Flags by the beginning of a name; the longest that fits counts."""


def weights_name(profile: str, stage: int = 1, *, pair: bool = False, paired: bool = False) -> str:
    """Return the name of a profile's weights: ``best`` bears the method's own, ``r2et`` that of its row.

    Args:
        profile: Which one.
        stage: 1 or 2.
        pair: Whether stage 2 was tuned to two characters.
        paired: Whether right answers were seen.
    """
    rival = profile == "r2et"
    name = "r2et-like" if rival else "smt"
    name += "-stage1" if stage == 1 else "-pair" if pair else ""
    name += "-paired" if paired else ""
    return name if profile == "best" or rival else f"{name}-{profile}"


def shipped_weights(name: str, otherwise: str | None = None) -> Path:
    """Return the folder of a method's weights in this package.

    Args:
        name: Of the weights.
        otherwise: What to do with weights that were trained here, in words that follow "and".

    Raises:
        NoWeights: If they are not there; the message says how to make them.
    """
    begins = max((known for known in _TRAINED_BY if name.startswith(known)), key=len, default="smt")
    profile = name.removeprefix(begins).lstrip("-")
    command = f"{SMT_WEIGHTS.command} {_TRAINED_BY[begins]}" + (f" --profile {profile}" if profile else "")
    return SMT_WEIGHTS.shipped(name, otherwise or f"copy build/smt/weights/{name} there", command)


def pair_folders(folder: Path) -> tuple[Path, ...]:
    """Return the folders of single pairs of characters below a folder of the per-pair mode, in order."""
    return tuple(sorted(path.parent for path in folder.glob(f"*/{CONFIG}")))
