"""The folder of HumanML3D or KIT-ML: what lies where, read and checked, everything that is wrong at once.

::

    train.txt val.txt test.txt      ids, one a line; mirrored ones begin with M
    texts/ID.txt                    captions
    new_joint_vecs/ID.npy           features, float32 [rows, 263 or 251]
    new_joints/ID.npy               the joints of the features, float32 [rows, 22 or 21, 3]
    Mean.npy Std.npy                of the features, [263 or 251]
    index.csv                       HumanML3D: where each motion was cut from; here, or in the folder above
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .captions import Caption, parse_captions
from .errors import BadTextMotionFolder, lacking
from .layouts import HUMANML3D, JointLayout
from .windows import Window, read_windows

SPLITS = ("train", "val", "test")
FEATURES, JOINTS, TEXTS, INDEX = "new_joint_vecs", "new_joints", "texts", "index.csv"


@dataclass(frozen=True, eq=False)
class TextMotionFolder:
    """A folder that has been read and checked; arrays stay on disk until they are asked for."""

    path: Path
    layout: JointLayout
    splits: Mapping[str, tuple[str, ...]]
    """Ids of each split, in the order of the file."""
    captions: Mapping[str, tuple[Caption, ...]]
    """Captions of each motion of the splits that were asked for, in the order of the file."""
    windows: Mapping[str, Window]
    """Where each original motion was cut from; empty for KIT-ML, which says nothing of it."""

    def features(self, motion: str) -> NDArray[np.float32]:
        """Return the features of a motion, float32 [rows, width], not normalised.

        Raises:
            BadTextMotionFolder: If the file is missing or holds something else.
        """
        array, problem = read_array(self.path / FEATURES / f"{motion}.npy", (None, self.layout.width))
        if array is None:
            raise self.refuse(problem)
        return array

    def normalisation(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return mean and standard deviation of the features, [width] each, as the data set's authors made them.

        Raises:
            BadTextMotionFolder: If a file is missing or holds something else.
        """
        read = [read_array(self.path / name, (self.layout.width,)) for name in ("Mean.npy", "Std.npy")]
        (mean, _), (std, _) = read
        if mean is None or std is None:
            raise self.refuse(*(problem for _, problem in read if problem))
        return mean, std

    def refuse(self, *problems: str) -> BadTextMotionFolder:
        """Return the error that says what is wrong with the folder."""
        return BadTextMotionFolder(self.layout.name, self.path, problems)


def original_of(motion: str) -> str:
    """Return the id of the motion that a mirrored one was made of; an original's own id."""
    return motion.removeprefix("M")


def is_mirrored(motion: str) -> bool:
    """Whether a motion is the mirror image of another one."""
    return motion.startswith("M")


def read_folder(path: Path, layout: JointLayout, captioned: Collection[str] = SPLITS) -> TextMotionFolder:
    """Read ids, captions and windows, and check that they fit.

    Args:
        path: The folder.
        layout: Whose.
        captioned: Splits whose captions are read; reading all of HumanML3D's takes a while.

    Raises:
        BadTextMotionFolder: Naming everything that is missing or wrong.
    """
    splits, problems = _read_splits(path)
    captions, wrong = _read_captions(path, [motion for name in captioned for motion in splits.get(name, ())])
    problems += wrong
    windows: dict[str, Window] = {}
    if layout is HUMANML3D:
        windows, wrong = _read_index(path, {original_of(motion) for ids in splits.values() for motion in ids})
        problems += wrong
    if problems:
        raise BadTextMotionFolder(layout.name, path, problems)
    return TextMotionFolder(path, layout, splits, captions, windows)


def _read_splits(path: Path) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    splits: dict[str, tuple[str, ...]] = {}
    problems = []
    for name in SPLITS:
        ids, wrong = read_ids(path / f"{name}.txt")
        splits[name] = ids
        problems += wrong
    owner: dict[str, str] = {}
    for name, ids in splits.items():
        both = sorted({motion for motion in ids if owner.setdefault(motion, name) != name})
        if both:
            problems.append(f"{len(both)} motions of {name}.txt stand in {owner[both[0]]}.txt too: {both[0]}")
    return splits, problems


def read_ids(path: Path) -> tuple[tuple[str, ...], list[str]]:
    """Return the ids of a list, one a line, and what is wrong with it."""
    try:
        lines = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as problem:
        reason = "is missing" if isinstance(problem, FileNotFoundError) else f"cannot be read ({problem})"
        return (), [f"{path.name} {reason}"]
    if not lines:
        return (), [f"{path.name} lists no motion"]
    most, times = Counter(lines).most_common(1)[0]
    if times > 1:
        return (), [f"{path.name} lists {most} {times} times"]
    return tuple(lines), []


def _read_captions(path: Path, ids: Collection[str]) -> tuple[dict[str, tuple[Caption, ...]], list[str]]:
    if not (path / TEXTS).is_dir():
        return {}, [f"the folder {TEXTS}/ is missing"]
    captions: dict[str, tuple[Caption, ...]] = {}
    problems, lost = [], []
    for motion in ids:
        file = path / TEXTS / f"{motion}.txt"
        try:
            captions[motion], wrong = parse_captions(file.read_text(encoding="utf-8"), f"{TEXTS}/{file.name}")
        except FileNotFoundError:
            lost.append(motion)
            continue
        except (OSError, UnicodeDecodeError) as problem:
            wrong = [f"{TEXTS}/{file.name} cannot be read ({problem})"]
        problems += wrong
    if lost:
        problems.insert(0, lacking(f"a file in {TEXTS}/", lost, len(ids)))
    return captions, problems


def _read_index(path: Path, originals: Collection[str]) -> tuple[dict[str, Window], list[str]]:
    places = [folder / INDEX for folder in (path, path.resolve().parent)]
    there = [place for place in places if place.is_file()]
    if not there:
        return {}, [f"{INDEX}, which lies beside the folder in the authors' repository, is missing here and above"]
    windows, problems = read_windows(there[0])
    lost = sorted(set(originals) - windows.keys())
    if lost and not problems:
        problems = [lacking(f"a line in {INDEX}", lost, len(originals))]
    return windows, problems


def read_array(path: Path, shape: tuple[int | None, ...]) -> tuple[NDArray[Any] | None, str]:
    """Return an array of numbers as float32, or what is wrong with its file, in words.

    Args:
        path: The ``.npy`` file.
        shape: What it must have; ``None``: any number above 0.
    """
    where = f"{path.parent.name}/{path.name}" if len(shape) > 1 else path.name
    try:
        array = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        return None, f"{where} is missing"
    except (OSError, ValueError, EOFError) as problem:
        return None, f"{where} is no NumPy file of numbers ({str(problem).splitlines()[0][:80]})"
    fits = array.ndim == len(shape) and all(
        n == want if want else n > 0 for n, want in zip(array.shape, shape, strict=True)
    )
    if not fits or array.dtype.kind != "f":
        wanted = ", ".join("rows" if want is None else str(want) for want in shape)
        return None, f"{where} is {array.dtype} {list(array.shape)}, not floating [{wanted}]"
    if not np.isfinite(array).all():
        return None, f"{where} holds NaN or infinity"
    return array.astype(np.float32, copy=False), ""
