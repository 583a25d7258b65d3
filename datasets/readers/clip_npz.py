"""The prediction file: one motion as npz, format ``retargetbench-motion/1``.

Members, and nothing else:

=======================  ==========  ==================================================================
``format``               text []     ``retargetbench-motion/1``
``joint_names``          text [J]    the target's joint names, in any order
``local_rotations_wxyz`` f32 [F,J,4] unit quaternions, canonical: identity everywhere is the rest pose
``root_translation_m``   f32 [F,3]   world position of the root joint
``fps``                  f64 []      frames per second
=======================  ==========  ==================================================================

Joints of the target that the file leaves out stay in their rest pose; joints that the target does not have are a
mistake; those of the 22 standard body joints that the target has must be there.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..body import Motion, Skeleton
from ..body.joint_names import BODY_JOINTS, standard_joints
from ..errors import shorten, suggestion
from ..files import write_atomically
from .errors import BadClip
from .npz_limits import ArraySpec, Problem, read_npz

FORMAT = "retargetbench-motion/1"

MOST_FRAMES = 100_000
"""Longest clip that is read where no frame count is expected."""

QUATERNION_TOLERANCE = 1e-3
"""How far a quaternion's norm may be from 1."""

FPS_TOLERANCE = 1e-3
"""How far the frame rate may be from the expected one."""

FARTHEST_ROOT_M = 1000.0
"""How far from the origin the root may be along any axis."""

_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class ExpectedClip:
    """What a prediction file must fit."""

    joint_names: tuple[str, ...]
    """All joints of the target."""
    required_joints: tuple[str, ...]
    """Those of the target's joints that the file may not leave out."""
    frame_count: int | None = None
    """Frames of the source motion; ``None``: any number up to ``MOST_FRAMES``."""
    fps: float | None = None
    """Frame rate of the source motion; ``None``: any."""

    @classmethod
    def of(cls, target: Skeleton, frame_count: int | None = None, fps: float | None = None) -> "ExpectedClip":
        """Return what a clip for a target skeleton must fit; its standard body joints are required."""
        body = {index for name, index in standard_joints(target).items() if name in BODY_JOINTS}
        required = tuple(n for i, n in enumerate(target.joint_names) if i in body)
        return cls(target.joint_names, required, frame_count, fps)


def write_clip(path: str | Path, motion: Motion) -> None:
    """Write a motion as a prediction file, atomically.

    Equal motions give equal bytes: members are stored, not compressed, with a fixed time stamp.
    """
    arrays = {
        "format": np.array(FORMAT),
        "joint_names": np.array(motion.skeleton.joint_names),
        "local_rotations_wxyz": motion.local_rotations_wxyz.astype("<f4"),
        "root_translation_m": motion.root_translation_m.astype("<f4"),
        "fps": np.array(motion.fps, dtype="<f8"),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.asarray(array, order="C"), version=(1, 0), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=_EPOCH)
            info.external_attr, info.create_system = 0o644 << 16, 3
            archive.writestr(info, member.getvalue())
    write_atomically(path, buffer.getvalue())


def read_clip(
    path: str | Path, target: Skeleton, *, frame_count: int | None = None, fps: float | None = None
) -> Motion:
    """Read a prediction file as a motion on ``target``, joints in the target's order, absent ones at rest.

    Args:
        path: The file.
        target: The skeleton that the prediction is for.
        frame_count: The frame count it must have; ``None``: any.
        fps: The frame rate it must have; ``None``: any.

    Raises:
        BadClip: If the file does not fit; the message holds every problem, the rule is that of the first.
    """
    expected = ExpectedClip.of(target, frame_count, fps)
    arrays, problems = _checked(Path(path), expected)
    if problems:
        raise BadClip(problems[0].rule, f"{path}: " + " Also: ".join(p.message for p in problems))
    rotations = np.zeros((len(arrays["root_translation_m"]), target.joint_count, 4), dtype=np.float32)
    rotations[..., 0] = 1.0
    order = [target.index(str(name)) for name in arrays["joint_names"]]
    rotations[:, order] = arrays["local_rotations_wxyz"]
    return Motion(target, rotations, arrays["root_translation_m"], float(arrays["fps"]) if fps is None else fps)


def clip_problems(path: str | Path, expected: ExpectedClip) -> list[Problem]:
    """Return every problem of a prediction file, in the order of the checks; an empty list means that it fits.

    Neither torch nor the target's mesh is needed. Sizes are checked before anything is allocated.
    """
    return _checked(Path(path), expected)[1]


def _checked(path: Path, expected: ExpectedClip) -> tuple[dict[str, NDArray[Any]], list[Problem]]:
    frames = expected.frame_count or MOST_FRAMES
    joints = len(expected.joint_names)
    # Some room beyond the expectation, so that "61 frames instead of 60" is said as such and not as "too large".
    room_f, room_j = 2 * frames + 64, 2 * joints + 64
    members = {
        "format": ArraySpec("U", 0, 1),
        "joint_names": ArraySpec("U", 1, room_j),
        "local_rotations_wxyz": ArraySpec("f4", 3, room_f * room_j * 4),
        "root_translation_m": ArraySpec("f4", 2, room_f * 3),
        "fps": ArraySpec("f8", 0, 1),
    }
    arrays, problems = read_npz(path, members, sum(spec.most_bytes for spec in members.values()))
    if "format" in arrays and (written := str(arrays["format"])) != FORMAT:
        problems.append(Problem("R111", f"its format is '{written[:60]}'; expected '{FORMAT}'."))
    if "joint_names" in arrays:
        problems += _joint_problems([str(n) for n in arrays["joint_names"]], expected)
    problems += _shape_problems(arrays, expected)
    if "fps" in arrays:
        problems += _fps_problems(float(arrays["fps"]), expected)
    problems += _value_problems(arrays)
    return arrays, problems


def _joint_problems(names: list[str], expected: ExpectedClip) -> list[Problem]:
    problems = []
    if unknown := [n for n in names if n not in expected.joint_names]:
        hint = suggestion(unknown[0], expected.joint_names)
        text = f"the target has no joints {shorten([repr(n) for n in unknown])}.{hint}"
        problems.append(Problem("R112", text))
    if repeated := sorted({n for n in names if names.count(n) > 1}):
        problems.append(Problem("R113", f"joint_names repeats {shorten(repeated)}; every joint may be there once."))
    if missing := [n for n in expected.required_joints if n not in names]:
        text = f"joint_names lacks the body joints {shorten(missing)}; only other joints may be left out."
        problems.append(Problem("R114", text))
    return problems


def _shape_problems(arrays: Mapping[str, NDArray[Any]], expected: ExpectedClip) -> list[Problem]:
    joints = len(arrays["joint_names"]) if "joint_names" in arrays else "joints"
    frames: int | str = "frames" if expected.frame_count is None else expected.frame_count
    if frames == "frames" and "root_translation_m" in arrays:
        frames = len(arrays["root_translation_m"])
    problems = []
    for name, wanted in {"local_rotations_wxyz": (frames, joints, 4), "root_translation_m": (frames, 3)}.items():
        if name not in arrays:
            continue
        shape = arrays[name].shape
        if any(isinstance(w, int) and w != s for w, s in zip(wanted, shape, strict=True)):
            rule = "R115" if isinstance(wanted[0], int) and shape[0] != wanted[0] else "R110"
            text = f"{name} has shape {list(shape)}; expected [{', '.join(map(str, wanted))}]."
            problems.append(Problem(rule, text))
        elif shape[0] == 0:
            problems.append(Problem("R115", f"{name} has no frames; expected at least one."))
    return problems


def _fps_problems(fps: float, expected: ExpectedClip) -> list[Problem]:
    if not (np.isfinite(fps) and fps > 0):
        return [Problem("R116", f"fps is {fps}; expected a positive number.")]
    if expected.fps is not None and abs(fps - expected.fps) > FPS_TOLERANCE:
        return [Problem("R116", f"fps is {fps:g}; expected the source's {expected.fps:g}: predict frame by frame.")]
    return []


def _value_problems(arrays: Mapping[str, NDArray[Any]]) -> list[Problem]:
    problems = []
    for name in ("local_rotations_wxyz", "root_translation_m"):
        if name in arrays and not np.isfinite(arrays[name]).all():
            bad = ~np.isfinite(arrays[name])
            first = [int(i) for i in np.argwhere(bad)[0]]
            text = f"{name} holds {int(bad.sum())} values that are NaN or infinite, the first at index {first}."
            problems.append(Problem("R117", text))
    rotations = arrays.get("local_rotations_wxyz")
    if rotations is not None and rotations.size and rotations.shape[-1] == 4 and np.isfinite(rotations).all():
        off = np.abs(np.linalg.norm(rotations.astype(np.float64), axis=-1) - 1)
        if off.max() > QUATERNION_TOLERANCE:
            first = [int(i) for i in np.argwhere(off > QUATERNION_TOLERANCE)[0]]
            norm = float(np.linalg.norm(rotations[tuple(first)].astype(np.float64)))
            text = (
                f"local_rotations_wxyz holds {int((off > QUATERNION_TOLERANCE).sum())} quaternions that are not unit, "
                f"the first at index {first} with norm {norm:.4g}; expected 1 within {QUATERNION_TOLERANCE:g}."
            )
            problems.append(Problem("R118", text))
    root = arrays.get("root_translation_m")
    if root is not None and root.size and np.isfinite(root).all() and np.abs(root).max() > FARTHEST_ROOT_M:
        text = f"root_translation_m reaches {np.abs(root).max():.4g} m from the origin; at most {FARTHEST_ROOT_M:g} m "
        problems.append(Problem("R119", text + "are accepted: is it in centimetres or millimetres?"))
    return problems
