"""Damages of limbs: arms exchanged, the whole motion mirrored, one limb that does not move."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ....datasets.body import Motion
from ....datasets.body.joint_names import standard_joints
from ....datasets.body.kinematics import motion_pose
from ....datasets.rotations import slerp
from ..case import AuditCase

LEAST_CHANGE = 0.05
"""Mean way of the joint that moves most, over H, below which a damage did not happen: a clap mirrored is a clap."""
_LIMBS = {
    "Left arm": ("LeftArm", "LeftForeArm", "LeftHand"),
    "Right arm": ("RightArm", "RightForeArm", "RightHand"),
    "Left leg": ("LeftUpLeg", "LeftLeg", "LeftFoot"),
    "Right leg": ("RightUpLeg", "RightLeg", "RightFoot"),
}
_THAW_S = 0.2
_REFLECTED = np.array([1.0, 1.0, -1.0, -1.0], dtype=np.float32)
"""A rotation seen in a mirror across x: the axis keeps x, which a mirror turns and its handedness turns back."""


def arms_swapped(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion | None:
    """Let the left arm do what the right one does and the other way round; trunk, head and legs stay.

    Args:
        case: A clip; ``None`` is returned for one that both arms do alike.
        degree: Not used: arms are swapped or not.
        generator: Not used: nothing here is random.
    """
    rotations = case.truth.local_rotations_wxyz.copy()
    arms = ("Shoulder", "Arm", "ForeArm", "Hand")
    _exchange(case.truth, rotations, [name for name in _sided(case.truth) if name.startswith(arms)])
    return _if_changed(case, replace(case.truth, local_rotations_wxyz=rotations))


def mirrored(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion | None:
    """Do everything with the other side, the way over the floor mirrored too, about where it began.

    Args:
        case: A clip; ``None`` is returned for one that is its own mirror image.
        degree: Not used: a motion is mirrored or not.
        generator: Not used: nothing here is random.
    """
    rotations = case.truth.local_rotations_wxyz * _REFLECTED
    mirrored_root = case.truth.root_translation_m.copy()
    mirrored_root[:, 0] = 2 * mirrored_root[0, 0] - mirrored_root[:, 0]
    _exchange(case.truth, rotations, _sided(case.truth), reflect=False)
    return _if_changed(case, replace(case.truth, local_rotations_wxyz=rotations, root_translation_m=mirrored_root))


def _sided(motion: Motion) -> list[str]:
    """Names of joints without their side, of those that the skeleton has on both."""
    names = set(standard_joints(motion.skeleton))
    return sorted(n.removeprefix("Left") for n in names if n.startswith("Left") and f"Right{n[4:]}" in names)


def _exchange(motion: Motion, rotations: NDArray[np.float32], names: list[str], reflect: bool = True) -> None:
    joints = standard_joints(motion.skeleton)
    left, right = ([joints[f"{side}{name}"] for name in names] for side in ("Left", "Right"))
    sign = _REFLECTED if reflect else np.ones(4, dtype=np.float32)
    rotations[:, left], rotations[:, right] = rotations[:, right] * sign, rotations[:, left] * sign


def limb_frozen(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion | None:
    """Stop the limb that moves most in the middle of the clip, for a share of its length.

    It stays as it is when the stop begins, and catches up within a fifth of a second afterwards.

    Args:
        case: A clip; ``None`` is returned for one in which no limb moves.
        degree: Share of the clip, 0 to 1.
        generator: Not used: nothing here is random.
    """
    truth = case.truth
    frames = truth.frame_count
    joints = standard_joints(truth.skeleton)
    limb = [joints[name] for name in _liveliest(case) if name in joints]
    length = max(round(degree * frames), 1)
    start = (frames - length) // 2
    rotations = truth.local_rotations_wxyz.astype(np.float64)
    frozen = np.broadcast_to(rotations[start : start + 1, limb], rotations[:, limb].shape)
    after = np.arange(frames) - (start + length - 1)
    thawed = np.where(np.arange(frames) < start, 1.0, np.clip(after / (_THAW_S * truth.fps), 0.0, 1.0))
    moved = slerp(frozen, rotations[:, limb], np.repeat(thawed[:, None], len(limb), axis=1))
    kept = thawed == 1.0
    made = truth.local_rotations_wxyz.copy()
    made[:, limb] = np.where(kept[:, None, None], made[:, limb], moved.astype(np.float32))
    return _if_changed(case, replace(truth, local_rotations_wxyz=made), least=0.0)


def _liveliest(case: AuditCase) -> tuple[str, ...]:
    """The joints of the limb whose end moves most relative to where it is attached."""
    positions = motion_pose(case.truth).positions_m.numpy()
    joints = standard_joints(case.truth.skeleton)

    def way(limb: str) -> float:
        """Return how far the limb's end strays from its mean place."""
        first, _, last = _LIMBS[limb]
        if first not in joints or last not in joints:
            return -1.0
        relative = positions[:, joints[last]] - positions[:, joints[first]]
        return float(np.linalg.norm(relative - relative.mean(axis=0), axis=-1).mean())

    return _LIMBS[max(_LIMBS, key=way)]


def _if_changed(case: AuditCase, made: Motion, least: float = LEAST_CHANGE) -> Motion | None:
    """The motion, unless it is too much like the truth to count as damaged."""
    step = motion_pose(made).positions_m.numpy() - motion_pose(case.truth).positions_m.numpy()
    changed = float(np.linalg.norm(step, axis=-1).mean(axis=0).max()) / case.pair.target.height_m
    return made if changed > least else None
