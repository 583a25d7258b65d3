"""The folder of BABEL and AMASS: what lies where, read and checked.

::

    val.json                    BABEL's labels of the split (babel.is.tue.mpg.de)
    action_label_2_idx.json     its categories by rank (its repository, action_recognition/data/)
    amass/                      AMASS's captures (amass.is.tue.mpg.de), in the folders that its archives unpack to
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from ..errors import shorten
from .errors import BadBabelFolder

CLASS_FILE, CAPTURES = "action_label_2_idx.json", "amass"
_NEW_NAMES = {"BioMotionLab_NTroje": "BMLrub", "DFaust_67": "DFaust"}
"""Folders that later releases of AMASS call otherwise."""
_ENDINGS = ("_poses.npz", "_stageii.npz")
"""Of the same capture: SMPL-H, SMPL-X."""
_LONGEST_S = 1e6
"""No time in a capture is later."""


@dataclass(frozen=True, eq=False)
class BabelFolder:
    """A folder that has been read and checked; captures stay on disk until they are asked for."""

    path: Path
    sequences: tuple[Mapping[str, Any], ...]
    """Entries of the split as BABEL has them, in the order of their numbers."""
    classes: tuple[str, ...]
    """The most frequent categories, in BABEL's order."""
    sha256: str
    """Over both files of labels."""

    def capture(self, feat_p: str) -> Path | None:
        """Return where a capture lies, whatever release of AMASS it is from; ``None`` where it does not.

        Args:
            feat_p: As BABEL names it: ``KIT/KIT/3/kick_high_left02_poses.npz``.
        """
        parts = Path(feat_p).parts
        if Path(feat_p).is_absolute() or ".." in parts:
            return None
        for ending, skipped, renamed in product(_ENDINGS, (0, 1), (False, True)):
            own = Path(feat_p.removesuffix(_ENDINGS[0]) + ending).parts[skipped:]
            names = [_NEW_NAMES.get(name, name) for name in own] if renamed else own
            found = self.path / CAPTURES / Path(*names)
            if found.is_file():
                return found
        return None


def read_babel(path: Path, split: str, class_count: int) -> BabelFolder:
    """Read the labels of a split.

    Args:
        path: The folder.
        split: ``val``, ``train``.
        class_count: How many of the most frequent categories are classes.

    Raises:
        BadBabelFolder: If a file is missing or is not what it should be.
    """
    names = (f"{split}.json", CLASS_FILE)
    missing = [name for name in names if not (path / name).is_file()]
    if missing:
        raise BadBabelFolder(
            f"the folder '{path}' lacks {' and '.join(missing)}; expected BABEL's {names[0]}, {CLASS_FILE} from its "
            f"repository and AMASS's captures in {CAPTURES}/ (docs/recognition.md says where to get them)."
        )
    entries, ranks = (_object(path / name) for name in names)
    wrong = [key for key, entry in entries.items() if not _is_sequence(entry)]
    if wrong:
        raise BadBabelFolder(
            f"{path / names[0]}: {len(wrong)} of {len(entries)} sequences lack feat_p, dur or labels, for example "
            f"{wrong[0]}; expected BABEL v1.0."
        )
    chosen = {rank: name for name, rank in ranks.items() if isinstance(rank, int) and 0 <= rank < class_count}
    if len(chosen) < class_count:
        raise BadBabelFolder(
            f"{path / CLASS_FILE} names {len(chosen)} of the categories 0 to {class_count - 1}; expected all of them."
        )
    digest = hashlib.sha256(b"".join(hashlib.sha256((path / name).read_bytes()).digest() for name in names))
    ordered = sorted(entries.values(), key=lambda entry: (len(str(entry["babel_sid"])), str(entry["babel_sid"])))
    classes = tuple(chosen[rank] for rank in range(class_count))
    return BabelFolder(path, tuple(ordered), classes, digest.hexdigest())


def refuse_missing(folder: BabelFolder, feat_ps: list[str]) -> None:
    """Refuse a folder that lacks captures.

    Raises:
        BadBabelFolder: Naming some of them.
    """
    lost = [feat_p for feat_p in feat_ps if folder.capture(feat_p) is None]
    if lost:
        raise BadBabelFolder(
            f"{folder.path / CAPTURES} lacks {len(lost)} of {len(feat_ps)} captures, for example "
            f"{shorten(lost, 2)}; unpack AMASS's archives there."
        )


def _object(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadBabelFolder(f"{path} is no JSON ({error}); get it again.") from error
    if not isinstance(found, dict) or not found:
        raise BadBabelFolder(f"{path} holds no JSON object with entries; get it again.")
    return found


def _is_sequence(entry: Any) -> bool:
    """Whether an entry has what is read of it."""
    if not isinstance(entry, dict) or not isinstance(entry.get("feat_p"), str) or "babel_sid" not in entry:
        return False
    told = entry.get("frame_ann") or entry.get("seq_ann")
    labels = told.get("labels") if isinstance(told, dict) else None
    if not isinstance(labels, list) or not all(isinstance(label, dict) for label in labels):
        return False
    times = [entry.get("dur")]
    if entry.get("frame_ann"):
        times += [label.get(name) for label in labels for name in ("start_t", "end_t")]
    return all(isinstance(time, int | float) and 0 <= time < _LONGEST_S for time in times)
