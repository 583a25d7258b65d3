"""BVH reader: a skeleton of offsets and a block of channel values become a motion.

The rest pose is the one of zero rotations, so canonical local rotations are the channel rotations themselves.
"""

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from ..body import Motion
from ..rotations import Array, from_matrices, multiply, to_matrices
from .bvh_file import BvhFile, parse_bvh
from .canonical import RestPose, canonical_motion, turn_to_standard, warn_lying, warn_turned
from .errors import BadBvh, DroppedTranslation

FirstFrame = Literal["motion", "drop", "rest"]
"""What row 0 of the motion block is: motion like the others, an added pose to drop, or the rest pose (then dropped)."""


def read_bvh(
    path: str | Path,
    *,
    unit_m: float | None = None,
    fps: float | None = None,
    first_frame: FirstFrame = "motion",
) -> Motion:
    """Read a BVH file as a motion.

    The root's position channels are its world position (they replace its OFFSET, as in Blender and MotionBuilder).
    Position channels of other joints are dropped with a ``DroppedTranslation`` warning. A humanoid whose rest pose is
    not y up, facing +z is turned by multiples of 90 degrees, with a ``MovedToStandard`` warning. The skeleton rests
    over the origin with its lowest joint or end site at y = 0; the motion's positions are the file's.

    Args:
        path: The file.
        unit_m: Length of the file's unit in metres; ``None``: 0.01 if the skeleton is more than 5 units long, else 1.
        fps: Frames per second; ``None``: from the frame time, a frame time that is 1/n to its printed digits giving n.
        first_frame: What row 0 is, see ``FirstFrame``.

    Raises:
        UnreadableFile: If the file cannot be read.
        BadBvh: If the hierarchy or the motion block is wrong, or there is no usable frame time and no ``fps``.
    """
    source = Path(path)
    parsed = parse_bvh(source)
    rate = fps if fps is not None else parsed.fps
    if rate is None:
        raise BadBvh(f"{source} has no frame time above 0; give the frame rate (fps) yourself.")
    if first_frame != "motion" and len(parsed.values) < 2:
        raise BadBvh(f"{source} has one frame; after leaving out its first frame there is no motion.")
    scale = parsed.guessed_unit_m() if unit_m is None else unit_m
    _warn_dropped(source, parsed, scale)
    motion = _rest_in_first_frame(parsed, scale, rate) if first_frame == "rest" else _rest_at_zero(parsed, scale, rate)
    motion = _standing(source, motion, parsed.end_positions * scale if first_frame != "rest" else np.zeros((0, 3)))
    return motion if first_frame == "motion" else motion.window(1, motion.frame_count)


def _rest_at_zero(parsed: BvhFile, scale: float, fps: float) -> Motion:
    rest = _rest_pose(parsed, scale, np.tile(np.eye(3), (len(parsed.joints), 1, 1)), parsed.rest_positions * scale)
    root: Array = parsed.translations(0) * scale
    return Motion(rest.skeleton(), parsed.local_rotations(), root, fps)


def _rest_in_first_frame(parsed: BvhFile, scale: float, fps: float) -> Motion:
    world = to_matrices(parsed.local_rotations())
    first = np.zeros((len(parsed.joints), 3))
    first[0] = parsed.translations(0)[0]
    for index, joint in enumerate(parsed.joints[1:], start=1):
        world[:, index] = world[:, joint.parent] @ world[:, index]
        first[index] = first[joint.parent] + world[0, joint.parent] @ joint.offset
    rest = _rest_pose(parsed, scale, world[0], first * scale)
    return canonical_motion(rest.skeleton(), rest, world, parsed.translations(0) * scale, fps)


def _rest_pose(parsed: BvhFile, scale: float, rotations: Array, positions_m: Array) -> RestPose:
    names = tuple(joint.name for joint in parsed.joints)
    return RestPose(names, tuple(joint.parent for joint in parsed.joints), rotations, positions_m)


def _standing(source: Path, motion: Motion, end_positions_m: Array) -> Motion:
    """Turn the motion to y up, facing +z, and put its rest pose on the ground."""
    skeleton = motion.skeleton
    positions = skeleton.rest_positions_m.astype(np.float64)
    turn = turn_to_standard(skeleton.joint_names, positions)
    if turn is None:
        warn_lying(source.name)
        turn = np.eye(3)
    warn_turned(source.name, turn)
    points = np.concatenate([positions, end_positions_m]) @ turn.T
    offsets: Array = skeleton.rest_offsets_m @ turn.T
    offsets[0] = [0.0, offsets[0, 1] - points[:, 1].min(), 0.0]
    rotations: Array = motion.local_rotations_wxyz.astype(np.float64)
    rotations[..., 1:] = rotations[..., 1:] @ turn.T
    axes = skeleton.source_rest_rotations_wxyz
    turned = replace(
        skeleton,
        rest_offsets_m=offsets,
        source_rest_rotations_wxyz=None if axes is None else multiply(from_matrices(turn), axes.astype(np.float64)),
    )
    root: Array = motion.root_translation_m @ turn.T
    return Motion(turned, rotations, root, motion.fps)


def _warn_dropped(source: Path, parsed: BvhFile, scale: float) -> None:
    worst, name, count = 0.0, "", 0
    for index, joint in enumerate(parsed.joints[1:], start=1):
        if any(c.endswith("POSITION") for c in joint.channels):
            moved = parsed.translations(index)
            # Writers disagree on whether these channels replace the offset or are added to it: take the kinder one.
            away = min(np.linalg.norm(moved - joint.offset, axis=1).max(), np.linalg.norm(moved, axis=1).max()) * scale
            count += away > 1e-4
            worst, name = (float(away), joint.name) if away > worst else (worst, name)
    if count:
        warnings.warn(
            f"{source.name}: animated translations of {count} joints below the root were dropped, the largest "
            f"{100 * worst:.2f} cm ({name}).",
            DroppedTranslation,
            stacklevel=3,
        )
