"""From a file's nodes, meshes and sampled animations to a character and its motions: the same for GLB and FBX."""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..body import Character, Motion, Skeleton
from ..body.joint_names import part_of_joints
from ..rotations import Array, nearest_rotations, to_matrices
from .canonical import RestPose, canonical_motion, turn_to_standard, warn_lying, warn_turned
from .errors import DroppedScale, DroppedTranslation, MovedToStandard
from .node_tree import JointChoice, NodeTree, choose_joints, nearest_kept

GROUND_TOLERANCE_M = 0.01
"""A humanoid whose lowest rest vertex is further from y = 0 is moved onto the ground."""

_WEIGHTED = 0.01
"""A joint counts as weighted if some vertex gives it at least this much."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What a file of characters and animations holds."""

    character: Character | None
    """All skinned meshes as one character; ``None`` for a file of animations only."""
    motions: dict[str, Motion]
    """Animations by name, on the character's skeleton."""
    skeleton: Skeleton
    """The skeleton, of the character too."""


@dataclass(frozen=True, eq=False)
class MeshPart:
    """A piece of mesh, in world space of the rest pose."""

    vertices_m: Array
    faces: NDArray[np.int64]
    nodes: NDArray[np.int64]
    """Nodes that move each vertex, [vertices, k]; of a rigid piece its own node."""
    weights: Array
    """[vertices, k], rows sum to 1."""
    is_skinned: bool


@dataclass(frozen=True, eq=False)
class SceneFile:
    """A file's content at rest, in its own world (metres)."""

    source: Path
    tree: NodeTree
    joints: frozenset[int]
    """Nodes that may become joints."""
    local: Array
    """Local matrices of the nodes as saved, [nodes, 4, 4]; animations replace their rotation and translation."""
    rest: Array
    """World matrices of the nodes in the rest pose, [nodes, 4, 4]."""
    parts: tuple[MeshPart, ...]


@dataclass(frozen=True, eq=False)
class SampledAnimation:
    """An animation at fixed times."""

    name: str
    fps: float
    frame_count: int
    moved: Mapping[tuple[int, str], Array]
    """(node, ``translation``, ``rotation`` or ``scale``) -> local values [frames, width]; rotations are wxyz."""


def build_scene(file: SceneFile, animations: Iterable[SampledAnimation]) -> Scene:
    """Choose the joints, bring everything to the standard position and return it.

    Raises:
        NoSkeleton: If there is none.
    """
    skinned = [p for p in file.parts if p.is_skinned] or list(file.parts)
    weighted = {int(n) for p in skinned for n in np.unique(p.nodes[p.weights >= _WEIGHTED])}
    choice = choose_joints(file.tree, file.joints, weighted)
    parts = skinned + _worn(file, choice, [p for p in file.parts if p not in skinned])
    rig = _standing_rig(file, choice, parts)
    dropped = _Dropped()
    motions = {a.name: _motion(rig, a, dropped) for a in animations}
    dropped.warn(file.source.name)
    return Scene(_character(rig, parts) if parts else None, motions, rig.skeleton)


@dataclass(frozen=True, eq=False)
class _Rig:
    """The chosen joints of a file, and how its world becomes ours."""

    file: SceneFile
    choice: JointChoice
    rest: RestPose
    skeleton: Skeleton
    turn: Array
    lift_m: float


def _worn(file: SceneFile, choice: JointChoice, rigid: list[MeshPart]) -> list[MeshPart]:
    """Rigid meshes on the head or the torso."""
    names = tuple(file.tree.names[n] for n in choice.nodes)
    part_of = part_of_joints(Skeleton(names, choice.parents, np.zeros((len(names), 3), dtype=np.float32)))
    index = {node: i for i, node in enumerate(choice.nodes)}
    worn = []
    for part in rigid:
        joint = next((n for n in file.tree.upwards(int(part.nodes[0, 0])) if n in file.joints), -1)
        if joint in index and part_of[index[joint]] in {"head", "torso"}:
            worn.append(part)
    return worn


def _standing_rig(file: SceneFile, choice: JointChoice, parts: Sequence[MeshPart]) -> _Rig:
    nodes = list(choice.nodes)
    names = tuple(file.tree.names[n] for n in nodes)
    rest = RestPose(names, choice.parents, nearest_rotations(file.rest[nodes, :3, :3]), file.rest[nodes, :3, 3])
    turn = turn_to_standard(names, rest.positions_m) if choice.is_humanoid else np.eye(3)
    if turn is None:
        warn_lying(file.source.name)
        turn = np.eye(3)
    warn_turned(file.source.name, turn)
    rest = rest.turned(turn)
    lift = _lift_m(file, parts, turn) if choice.is_humanoid and parts else 0.0
    rest = rest.lifted(lift)
    if choice.is_humanoid and not parts:
        rest = rest.centred()
    return _Rig(file, choice, rest, rest.skeleton(), turn, lift)


def _lift_m(file: SceneFile, parts: Sequence[MeshPart], turn: Array) -> float:
    lowest = min(float((p.vertices_m @ turn.T)[:, 1].min()) for p in parts)
    if abs(lowest) <= GROUND_TOLERANCE_M:
        return 0.0
    warnings.warn(
        f"{file.source.name}: the lowest vertex at rest was at y = {lowest:.3f} m; mesh and motions were moved by "
        f"{-lowest:+.3f} m onto the ground.",
        MovedToStandard,
        stacklevel=3,
    )
    return -lowest


def _character(rig: _Rig, parts: Sequence[MeshPart]) -> Character:
    nearest = nearest_kept(rig.file.tree, rig.choice)
    most = max(p.nodes.shape[1] for p in parts)
    joints = np.concatenate([np.pad(nearest[p.nodes], ((0, 0), (0, most - p.nodes.shape[1]))) for p in parts])
    weights: Array = np.concatenate([np.pad(p.weights, ((0, 0), (0, most - p.weights.shape[1]))) for p in parts])
    starts = np.cumsum([0, *(len(p.vertices_m) for p in parts)])
    faces = np.concatenate([p.faces + start for p, start in zip(parts, starts, strict=False)]).astype(np.int32)
    vertices: Array = np.concatenate([p.vertices_m for p in parts]) @ rig.turn.T + np.array([0.0, rig.lift_m, 0.0])
    return Character(rig.file.source.stem, rig.skeleton, vertices, faces, joints.astype(np.int32), weights)


@dataclass
class _Largest:
    """The largest animated value that was left out so far."""

    amount: float = 0.0
    where: str = ""

    def note(self, amount: float, where: str) -> None:
        """Remember the largest amount that was dropped, and where."""
        if amount > self.amount:
            self.amount, self.where = amount, where


@dataclass
class _Dropped:
    """What the motions of a file could not keep."""

    moved_m: _Largest = field(default_factory=_Largest)
    scaled: _Largest = field(default_factory=_Largest)

    def warn(self, source: str) -> None:
        """Warn once about what was dropped."""
        if self.moved_m.amount > 1e-4:
            warnings.warn(
                f"{source}: animated translations of joints below the root were dropped, the largest "
                f"{100 * self.moved_m.amount:.2f} cm ({self.moved_m.where}).",
                DroppedTranslation,
                stacklevel=3,
            )
        if self.scaled.amount > 1e-3:
            warnings.warn(
                f"{source}: animated scale was dropped, the largest by a factor of {1 + self.scaled.amount:.3g} "
                f"({self.scaled.where}).",
                DroppedScale,
                stacklevel=3,
            )


def _motion(rig: _Rig, animation: SampledAnimation, dropped: _Dropped) -> Motion:
    file, nodes = rig.file, list(rig.choice.nodes)
    world: dict[int, Array] = {}
    above = file.tree.upwards(nodes[0])
    for node in [*reversed(above), *nodes[1:]]:
        matrix = _local_matrices(file.local[node], node, animation)
        parent = file.tree.parents[node]
        world[node] = matrix if parent < 0 else world[parent] @ matrix
        where = f"{file.tree.names[node]} in '{animation.name}'"
        if node not in above:
            at_rest = np.linalg.solve(file.rest[parent], file.rest[node])[:3, 3]
            away = (matrix[:, :3, 3] - at_rest) @ file.rest[parent, :3, :3].T
            dropped.moved_m.note(float(np.linalg.norm(away, axis=1).max()), where)
        if (node, "scale") in animation.moved:
            ratio = animation.moved[node, "scale"] / np.maximum(np.linalg.norm(file.local[node, :3, :3], axis=0), 1e-9)
            change = np.abs(np.log(np.maximum(np.abs(ratio), 1e-3)))
            dropped.scaled.note(float(np.exp(change.max()) - 1), where)
    rotations = nearest_rotations(np.stack([world[n][:, :3, :3] for n in nodes], axis=1))
    root = world[nodes[0]][:, :3, 3] @ rig.turn.T + [0.0, rig.lift_m, 0.0]
    return canonical_motion(rig.skeleton, rig.rest, rig.turn @ rotations, root, animation.fps)


def _local_matrices(static: Array, node: int, animation: SampledAnimation) -> Array:
    """Local matrices of a node over time: animated rotation and translation, the node's own scale."""
    matrices = np.tile(static, (animation.frame_count, 1, 1))
    if (rotation := animation.moved.get((node, "rotation"))) is not None:
        matrices[:, :3, :3] = to_matrices(rotation) * np.linalg.norm(static[:3, :3], axis=0)
    if (translation := animation.moved.get((node, "translation"))) is not None:
        matrices[:, :3, 3] = translation
    return matrices
