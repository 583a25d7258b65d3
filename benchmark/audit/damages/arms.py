"""Arms moved by inverse kinematics so that hands reach what they should not: shoulder, elbow and wrist turn, no more.

Two bones between a fixed shoulder and a wrist: the elbow opens or closes about its own hinge until the distance is
right, then the whole arm swings about the shoulder along the shortest way, so that the elbow keeps the side it was on.
The hand follows a part of the forearm's turn, as a relaxed wrist does. Because skin near the wrist follows two bones,
the vertex does not land exactly; the wrist is corrected by what is missing until it does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import roma
import torch
from torch import Tensor

from ....datasets.body import Character, Motion
from ....datasets.body.joint_names import standard_joints
from ....datasets.body.kinematics import Pose, matrices_to_quaternions, quaternions_to_matrices
from .hand_paths import Reach, SidePath, SkinPatch, rotation_between, side_paths

MOST_ERROR = 0.003
"""A hand that misses its aim by more than this share of the body height, in a held frame, could not be moved there."""
MOST_WRIST_DEG = 85.0
"""A wrist that turns further than this, and further than in the truth, is not a wrist."""
_STEPS = 14
_THERE_M = 1e-5
_FOLLOW = 0.4
"""Share of the forearm's turn that the hand follows."""
_STRAIGHT, _BENT = 0.9995, -0.9
"""Cosine of the elbow's angle, straight and as far bent as flesh allows."""


@dataclass(frozen=True)
class _Arm:
    """The joints of one arm."""

    shoulder: int
    elbow: int
    wrist: int


def move_hands(character: Character, motion: Motion, reaches: Sequence[Reach]) -> Motion | None:
    """Return the motion with its hands where the reaches want them while contacts are held.

    Frames that no contact is near stay as they are, bit by bit.

    Args:
        character: Whose motion it is; each hand must hang on forearm and upper arm without joints in between.
        motion: A motion on the character's skeleton.
        reaches: What the hands shall reach; of one side, no two at the same time.

    Returns:
        ``None`` where a hand cannot get there: it is out of reach, or the rig has no plain arms.
    """
    found = {side: _arm(character, side) for side in {reach.side for reach in reaches}}
    arms = {side: arm for side, arm in found.items() if arm is not None}
    if not reaches or arms.keys() != found.keys():
        return None
    patch = SkinPatch(character, reaches)
    paths = side_paths(reaches, motion.fps)
    local = quaternions_to_matrices(torch.tensor(motion.local_rotations_wxyz, dtype=torch.float64))
    root = torch.tensor(motion.root_translation_m, dtype=torch.float64)
    right = patch.skin.pose(local, root)
    began = patch.aims(right)
    wrists = {path.side: right.positions_m[:, arms[path.side].wrist].clone() for path in paths}
    pose, moved = right, local
    for _ in range(_STEPS):
        aims = patch.aims(pose)
        missing = 0.0
        for path in paths:
            wanted = path.of_frame(began.touching_m) + path.displacement(aims.wanted_m - began.touching_m)
            step = wanted - path.of_frame(aims.touching_m)
            wrists[path.side] += step
            missing = max(missing, float(step.abs().max()))
        if missing <= _THERE_M:
            break
        moved = local.clone()
        for path in paths:
            _place(moved, right, (arms[path.side], wrists[path.side], path.displacement(aims.turn)), patch)
        pose = patch.skin.pose(moved, root)
    return _finished(character, motion, moved, (patch, paths))


def _arm(character: Character, side: str) -> _Arm | None:
    joints, parents = standard_joints(character.skeleton), character.skeleton.parents
    names = (f"{side}Arm", f"{side}ForeArm", f"{side}Hand")
    if any(name not in joints for name in names):
        return None
    shoulder, elbow, wrist = (joints[name] for name in names)
    return _Arm(shoulder, elbow, wrist) if (parents[wrist], parents[elbow]) == (elbow, shoulder) else None


def _place(local: Tensor, right: Pose, aim: tuple[_Arm, Tensor, Tensor], patch: SkinPatch) -> None:
    """Turn one arm's joints in ``local`` so that the wrist gets where ``aim`` says, the hand turned beside."""
    arm, wrist_m, turn = aim
    upper, fore, hand = (right.rotations[:, j] for j in (arm.shoulder, arm.elbow, arm.wrist))
    start, elbow_m, end = (right.positions_m[:, j] for j in (arm.shoulder, arm.elbow, arm.wrist))
    bend = _bend(start, elbow_m, end, wrist_m, _rest_hinge(patch, arm, upper))
    after = elbow_m + (bend @ (end - elbow_m)[..., None])[..., 0]
    swing = roma.rotvec_to_rotmat(rotation_between(_unit(after - start), _unit(wrist_m - start)))
    new_upper, new_fore = swing @ upper, swing @ bend @ fore
    followed = roma.rotmat_to_rotvec(swing @ bend) * _FOLLOW
    new_hand = roma.rotvec_to_rotmat(turn) @ roma.rotvec_to_rotmat(followed) @ hand
    parent = right.rotations[:, patch.skin.parents[arm.shoulder]]
    local[:, arm.shoulder] = parent.mT @ new_upper
    local[:, arm.elbow] = new_upper.mT @ new_fore
    local[:, arm.wrist] = new_fore.mT @ new_hand


def _bend(start: Tensor, elbow: Tensor, end: Tensor, wanted: Tensor, rest_hinge: Tensor) -> Tensor:
    """The turn of the forearm about the elbow's hinge that makes the wrist as far from the shoulder as it must be."""
    upper, fore = elbow - start, end - elbow
    a, b = upper.norm(dim=-1), fore.norm(dim=-1)
    cosine = ((wanted - start).square().sum(-1) - a * a - b * b) / (2 * a * b)
    angle = torch.arccos(cosine.clamp(_BENT, _STRAIGHT))
    along, across = _unit(upper), _unit(fore)
    now = torch.arccos((along * across).sum(-1).clamp(-1, 1))
    # A straight arm has no hinge of its own: then the character's, a T-pose elbow bending forward, decides.
    hinge = torch.linalg.cross(along, across) + 0.05 * rest_hinge
    hinge = _unit(hinge - along * (hinge * along).sum(-1, keepdim=True))
    return roma.rotvec_to_rotmat(hinge * (angle - now)[..., None])


def _rest_hinge(patch: SkinPatch, arm: _Arm, upper: Tensor) -> Tensor:
    rest = patch.skin.rest_positions_m
    bone = _unit(rest[arm.elbow] - rest[arm.shoulder])
    forward = torch.tensor([0.0, 0.0, 1.0], dtype=bone.dtype)
    return (upper @ _unit(torch.linalg.cross(bone, forward))[..., None])[..., 0]


def _finished(
    character: Character, motion: Motion, local: Tensor, how: tuple[SkinPatch, list[SidePath]]
) -> Motion | None:
    """The moved motion as it is stored, if the hands got where they should."""
    patch, paths = how
    rotations = motion.local_rotations_wxyz.copy()
    joints = standard_joints(character.skeleton)
    for path in paths:
        touched = (path.weights.sum(dim=0) > 0).numpy()
        for name in ("Arm", "ForeArm", "Hand"):
            joint = joints[f"{path.side}{name}"]
            rotations[touched, joint] = matrices_to_quaternions(local[touched, joint]).numpy().astype(np.float32)
    made = Motion(motion.skeleton, rotations, motion.root_translation_m, motion.fps)
    stored = patch.skin.pose(
        quaternions_to_matrices(torch.tensor(made.local_rotations_wxyz, dtype=torch.float64)),
        torch.tensor(made.root_translation_m, dtype=torch.float64),
    )
    aims = patch.aims(stored)
    missed = (aims.wanted_m - aims.touching_m).norm(dim=-1)
    held = torch.from_numpy(np.array([reach.held for reach in patch.reaches]))
    reached = float(missed[held].max()) <= MOST_ERROR * character.height_m
    return made if reached and _wrists_are_natural(motion, made) else None


def _wrists_are_natural(truth: Motion, made: Motion) -> bool:
    joints = standard_joints(truth.skeleton)
    wrists = [joints[f"{side}Hand"] for side in ("Left", "Right") if f"{side}Hand" in joints]
    cosine, right = (np.abs(m.local_rotations_wxyz[:, wrists, 0]).min(initial=1.0) for m in (made, truth))
    return bool(cosine >= min(np.cos(np.radians(MOST_WRIST_DEG / 2)), right) - 1e-6)


def _unit(vectors: Tensor) -> Tensor:
    return vectors / vectors.norm(dim=-1, keepdim=True).clamp_min(1e-9)
