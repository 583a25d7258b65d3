"""The solver's parameters and how they become a pose: free joints, hinged elbows, and legs from where the feet stand.

Legs are worked out in closed form from the hips and the feet, so a planted foot cannot slide and a knee bends one way
only. Everything is batched over clips (each with a body of its own) and frames, and differentiable.
"""

from dataclasses import dataclass

import numpy as np
import roma
import torch
from torch import Tensor

from ...body import Skeleton
from ...body.joint_names import FINGERS
from ...body.kinematics import Pose
from ..programs.postures import FREE_JOINTS
from ..programs.style import PoseTrack

_SIDES = ("Left", "Right")
_FREE = 3 * len(FREE_JOINTS)
SLICES = {
    "free": slice(0, _FREE),
    "elbows": slice(_FREE, _FREE + 4),
    "curls": slice(_FREE + 4, _FREE + 8),
    "root": slice(_FREE + 8, _FREE + 11),
    "knees": slice(_FREE + 11, _FREE + 13),
}
"""Where each group lies in the parameter vector."""
PARAMETERS = _FREE + 13
"""Length of the parameter vector per knot: departures from the style, in radians, the root's in L."""

_MOST_STRETCHED = 0.9992
"""Largest cosine in the knee's law of cosines: a leg is never quite straight, where the knee would flip."""
_THUMB_AXIS = (0.35, 0.75, -0.55)


@dataclass(frozen=True, eq=False)
class RigBatch:
    """Bodies of one topology side by side, [bodies, joints, 3] each, and index tables of their shared skeleton."""

    skeleton: Skeleton
    rest_offsets_m: Tensor
    rest_positions_m: Tensor
    leg_length_m: Tensor
    """L, thigh plus shin of the left leg, [bodies]."""
    levels: tuple[tuple[Tensor, Tensor], ...]
    """Per depth of the tree: the joints, and where their parents lie in the level above."""
    order: Tensor
    """Turns levels put one after another back into the skeleton's order."""

    @classmethod
    def of(cls, skeletons: list[Skeleton], device: torch.device | str = "cpu") -> "RigBatch":
        """Stack skeletons that share their joints."""
        first = skeletons[0]
        offsets = torch.tensor(np.stack([s.rest_offsets_m for s in skeletons]), device=device)
        positions = torch.tensor(np.stack([s.rest_positions_m for s in skeletons]), device=device)
        knee, ankle = first.index("LeftLeg"), first.index("LeftFoot")
        length = offsets[:, knee].norm(dim=-1) + offsets[:, ankle].norm(dim=-1)
        levels, flat = _levels(first, device)
        return cls(first, offsets, positions, length, levels, torch.argsort(torch.tensor(flat, device=device)))

    @property
    def joint_count(self) -> int:
        """Number of joints."""
        return self.skeleton.joint_count

    def pose(self, local: Tensor, root_m: Tensor) -> Pose:
        """Forward kinematics, level by level: local matrices [bodies, frames, joints, 3, 3] -> world pose."""
        rotations, positions = [local[:, :, :1]], [root_m[:, :, None]]
        for joints, parents in self.levels[1:]:
            above = rotations[-1][:, :, parents]
            step = (above @ self.rest_offsets_m[:, None, joints, :, None])[..., 0]
            positions.append(positions[-1][:, :, parents] + step)
            rotations.append(above @ local[:, :, joints])
        return Pose(torch.cat(rotations, 2)[:, :, self.order], torch.cat(positions, 2)[:, :, self.order])


def _levels(skeleton: Skeleton, device: torch.device | str) -> tuple[tuple[tuple[Tensor, Tensor], ...], list[int]]:
    depth = [0] * skeleton.joint_count
    for joint, parent in enumerate(skeleton.parents):
        depth[joint] = depth[parent] + 1 if parent >= 0 else 0
    members = [[j for j, d in enumerate(depth) if d == level] for level in range(max(depth) + 1)]
    levels = []
    for level, joints in enumerate(members):
        above = members[level - 1] if level else [-1]
        parents = [above.index(skeleton.parents[j]) for j in joints]
        levels.append((torch.tensor(joints, device=device), torch.tensor(parents, device=device)))
    return tuple(levels), [j for joints in members for j in joints]


@dataclass(frozen=True, eq=False)
class StyleTensors:
    """A style at the frames that are solved, on the solver's device; shared by all clips of the batch."""

    free: Tensor
    elbows: Tensor
    curls: Tensor
    root_l: Tensor
    feet: Tensor
    knees: Tensor

    @classmethod
    def of(cls, track: PoseTrack, device: torch.device | str = "cpu") -> "StyleTensors":
        """Copy a sampled style to a device; rotations become matrices."""

        def tensor(array: object) -> Tensor:
            """Copy an array to the device."""
            return torch.tensor(np.asarray(array), dtype=torch.float32, device=device)

        free = roma.unitquat_to_rotmat(roma.quat_wxyz_to_xyzw(tensor(track.free_wxyz)))
        rest = (track.elbows, track.curls, track.root_l, track.feet, track.knees)
        return cls(free, *(tensor(a) for a in rest))

    def at(self, frames: Tensor) -> "StyleTensors":
        """Return the style at some of the frames."""
        parts = (self.free, self.elbows, self.curls, self.root_l, self.feet, self.knees)
        return StyleTensors(*(p[frames] for p in parts))


@dataclass(frozen=True, eq=False)
class Posed:
    """A batch of poses with what the loss terms look at."""

    pose: Pose
    local: Tensor
    """Local rotation matrices, [clips, frames, joints, 3, 3]."""
    root_m: Tensor
    elbows: Tensor
    """Flexion and twist, [clips, frames, 2, 2]."""
    stretch: Tensor
    """Distance from hip to ankle over the leg's length, [clips, frames, 2]; above 1 the foot is out of reach."""


def pose_batch(rig: RigBatch, style: StyleTensors, departure: Tensor) -> Posed:
    """Turn departures from a style into poses.

    Args:
        rig: One body per clip.
        style: The style at F frames.
        departure: Parameters of every clip and frame, [clips, F, PARAMETERS].
    """
    clips, frames = departure.shape[:2]
    turns = roma.rotvec_to_rotmat(departure[..., SLICES["free"]].unflatten(-1, (-1, 3)))
    free = style.free @ turns
    elbows = style.elbows + departure[..., SLICES["elbows"]].unflatten(-1, (2, 2))
    curls = style.curls + departure[..., SLICES["curls"]].unflatten(-1, (2, 2))
    knees = style.knees + departure[..., SLICES["knees"]]
    length = rig.leg_length_m[:, None, None]
    root = rig.rest_positions_m[:, None, 0] + length * (style.root_l + departure[..., SLICES["root"]])
    by_joint: dict[int, Tensor] = {rig.skeleton.index(n): free[:, :, i] for i, n in enumerate(FREE_JOINTS)}
    stretches = []
    for side, name in enumerate(_SIDES):
        by_joint[rig.skeleton.index(f"{name}ForeArm")] = _forearm(elbows[:, :, side], side)
        _add_fingers(by_joint, rig.skeleton, curls[:, :, side], side)
        leg, stretch = _leg(rig, name, free[:, :, 0], root, _FootAim(style.feet[:, side], knees[..., side]))
        by_joint |= leg
        stretches.append(stretch)
    identity = torch.eye(3, device=departure.device).expand(clips, frames, 3, 3)
    local = torch.stack([by_joint.get(j, identity) for j in range(rig.joint_count)], dim=2)
    return Posed(rig.pose(local, root), local, root, elbows, torch.stack(stretches, dim=-1))


def _forearm(elbow: Tensor, side: int) -> Tensor:
    """A hinge about y, then a twist about the forearm."""
    sign = -1.0 if side == 0 else 1.0
    return axis_rotation(1, sign * elbow[..., 0]) @ axis_rotation(0, elbow[..., 1])


def _add_fingers(by_joint: dict[int, Tensor], skeleton: Skeleton, curl: Tensor, side: int) -> None:
    sign = -1.0 if side == 0 else 1.0
    finger = axis_rotation(2, sign * curl[..., 0])
    x, y, z = _THUMB_AXIS
    axis = torch.tensor([x, -sign * y, -sign * z], device=curl.device)
    thumb = roma.rotvec_to_rotmat(curl[..., 1:] * axis)
    for name in FINGERS:
        joint = f"{_SIDES[side]}Hand{name}"
        if joint in skeleton.joint_names:
            by_joint[skeleton.index(joint)] = thumb if name.startswith("Thumb") else finger


@dataclass(frozen=True, eq=False)
class _FootAim:
    track: Tensor
    """Ball of the foot in L, yaw and pitch, [frames, 5]."""
    knee: Tensor
    """Outward turn of the knee, [clips, frames]."""


def _leg(rig: RigBatch, name: str, hips: Tensor, root: Tensor, aim: _FootAim) -> tuple[dict[int, Tensor], Tensor]:
    """Two-bone inverse kinematics in closed form; returns local rotations and how far the leg is stretched."""
    hip, knee, ankle, ball = (rig.skeleton.index(name + part) for part in ("UpLeg", "Leg", "Foot", "ToeBase"))
    thigh, shin = rig.rest_offsets_m[:, None, knee], rig.rest_offsets_m[:, None, ankle]
    yaw = axis_rotation(1, aim.track[:, 3])
    foot = yaw @ axis_rotation(0, aim.track[:, 4])
    length = rig.leg_length_m[:, None, None]
    ball_at = rig.rest_positions_m[:, None, ball] + length * aim.track[:, :3]
    ankle_at = ball_at - (foot @ rig.rest_offsets_m[:, None, ball, :, None])[..., 0]
    hip_at = root + (hips @ rig.rest_offsets_m[:, None, hip, :, None])[..., 0]
    reach = ankle_at - hip_at
    distance = reach.norm(dim=-1)
    flexion, straight = _knee_flexion(thigh, shin, distance)
    shin_turn = axis_rotation(0, flexion)
    chain = thigh + (shin_turn @ shin[..., None])[..., 0]
    turn = -aim.knee if name == "Right" else aim.knee
    sideways = (axis_rotation(1, turn) @ _unit(hips[..., 0] + 1.2 * yaw[..., 0])[..., None])[..., 0]
    x = torch.tensor([1.0, 0.0, 0.0], device=root.device)
    thigh_world = _frame(reach, sideways) @ _frame(chain, x.expand_as(chain)).mT
    # Toes stay on the ground while the heel rises, and follow the foot while it is pitched up.
    toes = axis_rotation(0, -aim.track[:, 4].clamp_min(0.0))
    local = {
        hip: hips.mT @ thigh_world,
        knee: shin_turn,
        ankle: (thigh_world @ shin_turn).mT @ foot,
        ball: toes.expand_as(thigh_world),
    }
    return local, distance / straight


def _knee_flexion(thigh: Tensor, shin: Tensor, distance: Tensor) -> tuple[Tensor, Tensor]:
    """Law of cosines for a hinge about x whose bones may stick out sideways; also the straight leg's length."""
    flat_thigh, flat_shin = thigh[..., 1:].norm(dim=-1), shin[..., 1:].norm(dim=-1)
    bend = torch.atan2(
        thigh[..., 1] * shin[..., 2] - thigh[..., 2] * shin[..., 1], (thigh[..., 1:] * shin[..., 1:]).sum(-1)
    )
    sideways = thigh[..., 0] + shin[..., 0]
    cosine = ((distance**2 - sideways**2) - flat_thigh**2 - flat_shin**2) / (2 * flat_thigh * flat_shin)
    flexion = torch.arccos(cosine.clamp(-0.95, _MOST_STRETCHED)) - bend
    return flexion, ((flat_thigh + flat_shin) ** 2 + sideways**2).sqrt()


def axis_rotation(axis: int, angle: Tensor) -> Tensor:
    """Return rotation matrices about one of the world axes, [...] -> [..., 3, 3]."""
    cosine, sine = angle.cos(), angle.sin()
    zero, one = torch.zeros_like(angle), torch.ones_like(angle)
    entries = {
        0: (one, zero, zero, zero, cosine, -sine, zero, sine, cosine),
        1: (cosine, zero, sine, zero, one, zero, -sine, zero, cosine),
        2: (cosine, -sine, zero, sine, cosine, zero, zero, zero, one),
    }[axis]
    return torch.stack(entries, dim=-1).unflatten(-1, (3, 3))


def _frame(main: Tensor, second: Tensor) -> Tensor:
    """Orthonormal frame whose first axis is along ``main``, the second as near ``second`` as can be; columns."""
    first = _unit(main)
    side = _unit(second - first * (first * second).sum(-1, keepdim=True))
    return torch.stack([first, side, torch.linalg.cross(first, side)], dim=-1)


def _unit(vectors: Tensor) -> Tensor:
    return vectors / vectors.norm(dim=-1, keepdim=True).clamp_min(1e-9)
