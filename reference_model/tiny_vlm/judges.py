"""The judges ``tiny-blip2`` and ``tiny-clip``: the built-in weights under their fixed names."""

from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from ...metrics.semantics.judge import Looking
from ...metrics.semantics.source import JudgeSource
from .errors import NoTrainedWeights

if TYPE_CHECKING:
    from ...metrics.semantics.clip import ClipJudge
    from ...metrics.semantics.question_judge import QuestionJudge

BLIP2, CLIP = "tiny-blip2", "tiny-clip"
"""Fixed names, and the folders below ``reference_model/weights``."""


def looking(size_px: int = 112) -> Looking:
    """Return how both want to be shown a clip: four frames of the upper body, from the front and from both sides.

    Three views tell how far a contact is opened better than one does, whatever the number of frames; chosen on the
    tuning set (docs/auditing.md has the table).
    """
    return Looking(views=("front", "left", "right"), frames=4, crop="upper-body", size_px=size_px)


def load_tiny_blip2(source: JudgeSource) -> "QuestionJudge":
    """Return the built-in BLIP-2, or one of the same kind from a folder.

    Raises:
        NoTrainedWeights: If the weights are not there yet.
        BenchError: If a named folder holds another model.
    """
    from ...metrics.semantics.blip2 import open_blip2

    folder = weights_folder(BLIP2, source)
    return open_blip2(folder, source, BLIP2, _name(BLIP2, source), looking())


def load_tiny_clip(source: JudgeSource) -> "ClipJudge":
    """Return the built-in CLIP, or one of the same kind from a folder.

    Raises:
        NoTrainedWeights: If the weights are not there yet.
        BenchError: If a named folder holds another model.
    """
    from ...metrics.semantics.clip import open_clip_model

    folder = weights_folder(CLIP, source)
    return open_clip_model(folder, source, CLIP, _name(CLIP, source), looking())


def weights_folder(name: str, source: JudgeSource | None = None) -> Path:
    """Return the folder of built-in weights, or the folder that is named in their stead.

    Raises:
        NoTrainedWeights: If there are none.
    """
    if source is not None and source.folder is not None:
        return source.folder
    if source is not None and source.weights:
        raise NoTrainedWeights(
            f"{name} comes with this package and has no weights '{source.weights}' elsewhere; write --judge {name}, or "
            "name a folder of your own with --judge-folder FOLDER."
        )
    with as_file(files("retargetbench.reference_model") / "weights" / name) as folder:
        if not (folder / "config.json").is_file():
            raise NoTrainedWeights(
                f"the weights of {name} are not in this package ({folder}); train them with `retargetbench train "
                f"tiny-vlm` and name the folder with --judge {name} --judge-folder FOLDER."
            )
        return folder


def _name(name: str, source: JudgeSource) -> str:
    """The fixed name is for the built-in weights in their usual precision alone; others are other judges."""
    return name if source.folder is None and source.precision == "float32" else ""
