"""Random pose: smooth, plausible movement that has nothing to do with the source's."""

import hashlib

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Character, Motion, Skeleton
from ...datasets.body.joint_names import require_joints
from ...datasets.rotations import from_rotation_vectors
from .cards import with_card
from .rotation_copy import retarget as rotation_copy

_KNOTS_PER_S = 2.0
_SPREAD_DEG = {"Arm": 40.0, "ForeArm": 40.0, "Shoulder": 8.0, "UpLeg": 20.0, "Leg": 20.0, "Foot": 10.0, "Hand": 20.0}
_SPREAD_ELSEWHERE_DEG = 8.0
"""Standard deviation of a knot's rotation angle about each axis: limbs swing widely, spine and fingers a little."""


@with_card("random", "1")
def retarget(source: Character, motion: Motion, target: Character, *, seed: int) -> Motion:
    """Move every joint but the hips by a smooth random rotation; the hips turn and travel as in rotation copy.

    Rotation vectors are drawn independently per joint and knot (two knots a second, normal, 40 degrees per axis at
    shoulders and elbows, 20 at hips, knees and wrists, 8 to 10 elsewhere) and joined by a natural cubic spline, so that
    the movement is smooth but knows no joint limits. The generator is seeded from ``seed`` and the input motion's
    numbers, hence two clips differ and a clip is the same in any order of running.

    Args:
        source: The character that performs the motion.
        motion: The motion on the source; only its root, length and frame rate show in the result.
        target: The character that receives it.
        seed: Another seed gives another movement.
    """
    copied = rotation_copy(source, motion, target, seed=seed)
    vectors = _smooth_vectors(motion, target.skeleton, np.random.default_rng(_entropy(motion, target.skeleton, seed)))
    rotations = from_rotation_vectors(vectors).astype(np.float32)
    hips = require_joints(target.skeleton)["Hips"]
    rotations[:, : hips + 1] = copied.local_rotations_wxyz[:, : hips + 1]
    return Motion(target.skeleton, rotations, copied.root_translation_m, motion.fps)


def _entropy(motion: Motion, target: Skeleton, seed: int) -> int:
    digest = hashlib.sha256(str(seed).encode())
    for array in (motion.local_rotations_wxyz, motion.root_translation_m, target.rest_offsets_m):
        digest.update(np.ascontiguousarray(array).tobytes())
    return int.from_bytes(digest.digest()[:16], "big")


def _smooth_vectors(motion: Motion, target: Skeleton, generator: np.random.Generator) -> NDArray[np.float64]:
    names = {index: name for name, index in require_joints(target).items()}
    bare = [names.get(joint, "").removeprefix("Left").removeprefix("Right") for joint in range(target.joint_count)]
    spread = np.radians([_SPREAD_DEG.get(name, _SPREAD_ELSEWHERE_DEG) for name in bare])
    knot_count = int(np.ceil(motion.duration_s * _KNOTS_PER_S)) + 2
    knots = generator.normal(size=(knot_count, target.joint_count, 3)) * spread[None, :, None]
    times = np.arange(motion.frame_count) / motion.fps * _KNOTS_PER_S
    return natural_spline(knots, times)


def natural_spline(knots: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the natural cubic spline through ``knots``, which lie at the times 0, 1, 2, ..., along the first axis.

    With second derivatives ``m`` at the knots: ``m_0 = m_n = 0`` and ``m_(i-1) + 4 m_i + m_(i+1) = 6 (k_(i-1) - 2 k_i +
    k_(i+1))``; between two knots they are interpolated linearly. (scipy has it too, half a second of importing away.)

    Args:
        knots: Values at the knots, at least two, [knots, ...].
        times: Where to evaluate, within the knots, [times].

    Returns:
        Values, [times, ...].
    """
    bends = np.zeros_like(knots)
    inner = len(knots) - 2
    if inner:
        system = 4.0 * np.eye(inner) + np.eye(inner, k=1) + np.eye(inner, k=-1)
        second_differences = (knots[2:] - 2.0 * knots[1:-1] + knots[:-2]).reshape(inner, -1)
        bends[1:-1] = np.linalg.solve(system, 6.0 * second_differences).reshape(knots[1:-1].shape)
    before = np.minimum(times.astype(np.int64), len(knots) - 2)
    b = (times - before).reshape(-1, *[1] * (knots.ndim - 1))
    a = 1.0 - b
    bent = (a**3 - a) * bends[before] + (b**3 - b) * bends[before + 1]
    return np.asarray(a * knots[before] + b * knots[before + 1] + bent / 6.0)
