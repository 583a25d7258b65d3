"""Everything the geometry metrics look at, worked out once per clip: joints, and what the posed mesh did.

The clip is walked in fixed chunks of 64 frames, counted from its first frame, so that results depend neither on how
long a clip is nor on who scores it, and so that memory stays small: of the posed mesh only the few numbers below are
kept.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..datasets.body import Character, Motion
from ..datasets.body.bones import bone_vertices
from ..datasets.body.kinematics import Pose, SkinTensors
from ..datasets.body.limbs import LIMBS, LimbBody, limb_bodies
from ..datasets.body.surface import SurfaceHits
from ..datasets.clip_set import ContactGoal
from ..datasets.errors import BenchError
from .penetration import behind_nearest_normal, pen_hull
from .sensors import skin_map

CHUNK_FRAMES = 64
MESH_FEATURES = ("limbs", "star", "hull", "goals", "floor", "hands", "sensors")
"""What can be asked of the posed mesh; leaving out what is not needed saves its time."""


class WrongMotion(BenchError):
    """A motion that cannot be scored on a pair: another skeleton, or another number of frames."""

    rule = "C101"


@dataclass(frozen=True, eq=False)
class LimbTrack:
    """One limb against the rest of the body, over the clip."""

    limb: LimbBody
    queried: NDArray[np.intp]
    """The vertices that were looked up: those that penetration counts (or only the hand's), then goals' vertices."""
    counted_count: int
    """How many of ``queried``, from the front, are counted."""
    hits: SurfaceHits
    """Of legs only the points inside have a closest point."""


@dataclass(frozen=True, eq=False)
class GoalPoints:
    """The touching and the touched vertices of a clip's goals, [frames, goals, 3] each."""

    touching_m: Tensor
    place_m: Tensor
    touching_normals: Tensor
    place_normals: Tensor


@dataclass(frozen=True, eq=False)
class ClipGeometry:
    """One motion on one character, measured."""

    character: Character
    motion: Motion
    pose: Pose
    limbs: tuple[LimbTrack, ...] = ()
    goals: GoalPoints | None = None
    star_inside: Tensor | None = None
    """STaR's verdict on all its limb vertices, [frames, vertices]."""
    hull_depth: Tensor | None = None
    """SMT's hull penetration, [frames]."""
    lowest_foot_m: Tensor | None = None
    """Height of the lowest vertex of the left and the right foot, [frames, 2]; NaN where a foot has no vertex."""
    lowest_m: Tensor | None = None
    """Height of the lowest vertex of all, [frames]."""
    sensors_m: Tensor | None = None
    """Positions of the character's skin sensors, [frames, sensors, 3]."""


def measure_clip(
    character: Character,
    motion: Motion,
    goals: Sequence[ContactGoal] = (),
    features: Collection[str] = MESH_FEATURES,
) -> ClipGeometry:
    """Pose a character through a motion and keep what the metrics need.

    Args:
        character: The target (or, for its contacts, the source).
        motion: A motion on the character's skeleton.
        goals: Contacts on the character's mesh.
        features: Which of ``MESH_FEATURES`` to work out; the joints always are.

    Raises:
        WrongMotion: If the motion's joints are not the character's, or a goal has another number of frames.
    """
    _check(character, motion, goals)
    body = SkinTensors.of(character)
    rotations = torch.tensor(motion.local_rotations_wxyz)
    root = torch.tensor(motion.root_translation_m)
    observer = _Observer(character, goals, frozenset(features))
    poses, seen = [], []
    with torch.no_grad():
        for start in range(0, motion.frame_count, CHUNK_FRAMES):
            part = slice(start, start + CHUNK_FRAMES)
            poses.append(body.pose(rotations[part], root[part]))
            if features:
                seen.append(observer.look(body.vertices_m(poses[-1])))
    pose = Pose(torch.cat([p.rotations for p in poses]), torch.cat([p.positions_m for p in poses]))
    together = {name: torch.cat([chunk[name] for chunk in seen]) for name in (seen[0] if seen else ())}
    return ClipGeometry(
        character,
        motion,
        pose,
        limbs=observer.limb_tracks(together),
        goals=GoalPoints(*(together[f] for f in GoalPoints.__dataclass_fields__)) if "place_m" in together else None,
        star_inside=together.get("star_inside"),
        hull_depth=together.get("hull_depth"),
        lowest_foot_m=together.get("lowest_foot_m"),
        lowest_m=together.get("lowest_m"),
        sensors_m=together.get("sensors_m"),
    )


def _check(character: Character, motion: Motion, goals: Sequence[ContactGoal]) -> None:
    if not motion.skeleton.same_joints(character.skeleton):
        raise WrongMotion(
            f"the motion has joints {list(motion.skeleton.joint_names)[:4]}..., {character.name} has "
            f"{list(character.skeleton.joint_names)[:4]}...; expected a motion on {character.name}'s skeleton."
        )
    for goal in goals:
        if len(goal.held) != motion.frame_count:
            raise WrongMotion(
                f"the motion has {motion.frame_count} frames, the contact '{goal.name}' is programmed for "
                f"{len(goal.held)}; expected the same number."
            )


class _Observer:
    """Looks at posed meshes chunk by chunk; one flat dict of tensors per chunk, frames first."""

    def __init__(self, character: Character, goals: Sequence[ContactGoal], features: frozenset[str]) -> None:
        self.features = features if goals else features - {"goals"}
        self.faces = torch.from_numpy(character.faces.astype(np.int64))
        self.touching = torch.tensor([goal.vertex for goal in goals], dtype=torch.int64)
        self.places = torch.tensor([goal.place for goal in goals], dtype=torch.int64)
        self.limbs: list[tuple[LimbBody, NDArray[np.intp], int]] = []
        if self.features & {"limbs", "goals", "hands"}:
            self.limbs = [self._queried(character, limb) for limb in limb_bodies(character)]
        if "sensors" in self.features:
            self.sensors = skin_map(character)[0]
        if "star" in self.features:
            self.star = _star_sets(character)
        if "hull" in self.features:
            self.hull = hull_sets(character)
        if "floor" in self.features:
            self.feet = tuple(
                torch.from_numpy(bone_vertices(character, f"{side}Foot", f"{side}ToeBase"))
                for side in ("Left", "Right")
            )

    def _queried(self, character: Character, limb: LimbBody) -> tuple[LimbBody, NDArray[np.intp], int]:
        counted = limb.counted
        if "limbs" not in self.features:
            hands = character.part_vertices("left_hand", "right_hand")
            counted = np.intersect1d(counted, hands) if "hands" in self.features else counted[:0]
        touching = np.intersect1d(self.touching.numpy(), limb.vertices)
        return limb, np.concatenate([counted, np.setdiff1d(touching, counted)]), len(counted)

    def look(self, vertices: Tensor) -> dict[str, Tensor]:
        """Measure one chunk of posed vertices, [frames, vertices, 3]."""
        seen: dict[str, Tensor] = {}
        for limb, queried, _ in self.limbs:
            if len(queried) and len(limb.faces):
                points = vertices[:, torch.from_numpy(queried)]
                # How far away it is matters for arms only: of legs it is asked whether and how deep they are inside.
                reach_m = math.inf if limb.name.endswith("arm") else 0.0
                hits = limb.surface.query(limb.vertices_m(vertices), points, reach_m=reach_m)
                seen |= {f"{limb.name}.{field}": getattr(hits, field) for field in hits.__dataclass_fields__}
        if self.features & {"goals", "star"}:
            normals = vertex_normals(vertices, self.faces)
        if "goals" in self.features:
            seen |= {"touching_m": vertices[:, self.touching], "place_m": vertices[:, self.places]}
            seen |= {"touching_normals": normals[:, self.touching], "place_normals": normals[:, self.places]}
        if "star" in self.features:
            flags = [behind_nearest_normal(vertices[:, a], vertices[:, b], normals[:, b]) for a, b in self.star]
            seen["star_inside"] = torch.cat(flags or [vertices.new_zeros(len(vertices), 0, dtype=torch.bool)], dim=1)
        if "hull" in self.features:
            limbs, torso, head = (vertices[:, part] for part in self.hull)
            seen["hull_depth"] = pen_hull(limbs, torso, head)
        if "floor" in self.features:
            nowhere = vertices.new_full((len(vertices),), torch.nan)
            feet = [vertices[:, foot, 1].amin(dim=1) if len(foot) else nowhere for foot in self.feet]
            seen |= {"lowest_foot_m": torch.stack(feet, dim=1), "lowest_m": vertices[..., 1].amin(dim=1)}
        if "sensors" in self.features:
            corners = vertices[:, torch.from_numpy(self.sensors.corners)]
            seen["sensors_m"] = (corners * torch.from_numpy(self.sensors.weights)[..., None]).sum(dim=-2)
        return seen

    def limb_tracks(self, seen: dict[str, Tensor]) -> tuple[LimbTrack, ...]:
        """Put the limbs' answers together again."""
        tracks = []
        for limb, queried, counted in self.limbs:
            names = [f"{limb.name}.{field}" for field in SurfaceHits.__dataclass_fields__]
            if names[0] in seen:
                tracks.append(LimbTrack(limb, queried, counted, SurfaceHits(*(seen[name] for name in names))))
        return tuple(tracks)


def hull_sets(character: Character) -> tuple[Tensor, Tensor, Tensor]:
    """Return the vertices that SMT's hull penetration is about: forearms with hands, torso, head (``pen_hull``)."""
    ends = (("ForeArm", "Hand"), ("Hips", "Spine", "Spine1", "Spine2", "Shoulder"), ("Head",))
    limbs, torso, head = (torch.from_numpy(bone_vertices(character, *names)) for names in ends)
    return limbs, torso, head


def _star_sets(character: Character) -> list[tuple[Tensor, Tensor]]:
    """Return STaR's limbs (upper arm to hand, shin to toe) and, for each, all other vertices."""
    ends = {"arm": ("Arm", "ForeArm", "Hand"), "leg": ("Leg", "Foot", "ToeBase")}
    sets = []
    for limb in LIMBS:
        side, kind = limb.split("_")
        own = bone_vertices(character, *(f"{side.title()}{end}" for end in ends[kind]))
        others = np.setdiff1d(np.arange(character.vertex_count), own)
        if len(own) and len(others):
            sets.append((torch.from_numpy(own), torch.from_numpy(others)))
    return sets


def vertex_normals(vertices_m: Tensor, faces: Tensor) -> Tensor:
    """Return area-weighted vertex normals, not of unit length, [..., vertices, 3].

    Args:
        vertices_m: Vertices, [..., vertices, 3].
        faces: Vertex indices, counter-clockwise seen from outside, int64 [faces, 3].
    """
    a, b, c = (vertices_m[..., faces[:, k], :] for k in range(3))
    normals = torch.linalg.cross(b - a, c - a)
    total = torch.zeros_like(vertices_m)
    for k in range(3):
        total.index_add_(-2, faces[:, k], normals)
    return total
