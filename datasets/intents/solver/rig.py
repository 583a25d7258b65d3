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
from .legs import LEG_PARTS, LegBatch, solve_legs
from .turns import small_turns, turns_about

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
    sources: Tensor
    """Where each joint's local rotation lies in free joints, forearms, curls, legs and the identity in a row."""
    elbow_axes: Tensor
    """Axes of the left and the right elbow, [2, 3]."""
    x_axes: Tensor
    """The forearms' own axis, [2, 3]."""
    curl_axes: Tensor
    """Axes that fingers and thumbs curl about, [2 sides, 2, 3]."""
    legs: LegBatch

    @classmethod
    def of(cls, skeletons: list[Skeleton], device: torch.device | str = "cpu") -> "RigBatch":
        """Stack skeletons that share their joints."""
        first = skeletons[0]
        offsets = torch.tensor(np.stack([s.rest_offsets_m for s in skeletons]), device=device)
        positions = torch.tensor(np.stack([s.rest_positions_m for s in skeletons]), device=device)
        knee, ankle = first.index("LeftLeg"), first.index("LeftFoot")
        length = offsets[:, knee].norm(dim=-1) + offsets[:, ankle].norm(dim=-1)
        levels, flat = _levels(first, device)
        x, y, z = _THUMB_AXIS
        return cls(
            first,
            offsets,
            positions,
            length,
            levels,
            order=torch.argsort(torch.tensor(flat, device=device)),
            sources=torch.tensor(_sources(first), device=device),
            elbow_axes=torch.tensor([[0.0, -1.0, 0.0], [0.0, 1.0, 0.0]], device=device),
            x_axes=torch.tensor([[1.0, 0.0, 0.0]] * 2, device=device),
            curl_axes=torch.tensor([[[0.0, 0.0, s], [x, -s * y, -s * z]] for s in (-1.0, 1.0)], device=device),
            legs=_legs(first, offsets, positions, length),
        )

    @property
    def joint_count(self) -> int:
        """Number of joints."""
        return self.skeleton.joint_count

    def pose(self, local: Tensor, root_m: Tensor) -> Pose:
        """Forward kinematics, level by level: local matrices [bodies, frames, joints, 3, 3] -> world pose."""
        clips, frames, joints = local.shape[:3]
        offsets = self.rest_offsets_m[:, None, 1:].expand(clips, frames, -1, 3)
        places = torch.cat([root_m[:, :, None], offsets], dim=2)[..., None]
        last_row = local.new_tensor([0.0, 0.0, 0.0, 1.0]).expand(clips, frames, joints, 1, 4)
        steps = torch.cat([torch.cat([local, places], dim=-1), last_row], dim=-2)
        done = [steps[:, :, :1]]
        for members, parents in self.levels[1:]:
            done.append(done[-1].index_select(2, parents) @ steps.index_select(2, members))
        world = torch.cat(done, dim=2).index_select(2, self.order)
        return Pose(world[..., :3, :3], world[..., :3, 3])


def _legs(skeleton: Skeleton, offsets_m: Tensor, positions_m: Tensor, length_m: Tensor) -> LegBatch:
    both = [torch.tensor([skeleton.index(side + part) for side in _SIDES]) for part in LEG_PARTS]
    hip, thigh, shin, foot = (offsets_m[:, None, part] for part in both)
    return LegBatch(hip, thigh, shin, foot, positions_m[:, None, both[3]], length_m[:, None, None, None])


def _sources(skeleton: Skeleton) -> list[int]:
    """For each joint its place in the row of free joints, forearms, curls, legs and the identity."""
    place = {name: i for i, name in enumerate(FREE_JOINTS)}
    start = len(FREE_JOINTS)
    place |= {f"{side}ForeArm": start + i for i, side in enumerate(_SIDES)}
    for i, side in enumerate(_SIDES):
        place |= {f"{side}Hand{n}": start + 2 + 2 * i + n.startswith("Thumb") for n in FINGERS}
    place |= {side + part: start + 6 + 2 * k + i for k, part in enumerate(LEG_PARTS) for i, side in enumerate(_SIDES)}
    return [place.get(name, start + 14) for name in skeleton.joint_names]


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
    free = style.free @ small_turns(departure[..., SLICES["free"]].unflatten(-1, (-1, 3)))
    elbows = style.elbows + departure[..., SLICES["elbows"]].unflatten(-1, (2, 2))
    curls = style.curls + departure[..., SLICES["curls"]].unflatten(-1, (2, 2))
    knees = style.knees + departure[..., SLICES["knees"]]
    root = rig.rest_positions_m[:, None, 0] + rig.leg_length_m[:, None, None] * (
        style.root_l + departure[..., SLICES["root"]]
    )
    legs, stretch = solve_legs(rig.legs, free[:, :, 0], root, style.feet, knees)
    parts = [
        free,
        turns_about(rig.elbow_axes, elbows[..., 0]) @ turns_about(rig.x_axes, elbows[..., 1]),
        turns_about(rig.curl_axes, curls).flatten(2, 3),
        legs,
        torch.eye(3, device=departure.device).expand(clips, frames, 1, 3, 3),
    ]
    local = torch.cat(parts, dim=2).index_select(2, rig.sources)
    return Posed(rig.pose(local, root), local, root, elbows, stretch)
