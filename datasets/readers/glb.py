"""GLB and glTF reader: skinned characters and animations in the canonical convention."""

import warnings
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..body import Character, Motion, Skeleton
from ..body.joint_names import part_of_joints
from ..errors import suggestion
from .canonical import RestPose, canonical_motion, turn_to_standard, warn_lying, warn_turned
from .errors import DroppedScale, DroppedTranslation, MovedToStandard, UnknownAnimation
from .gltf_animation import DEFAULT_FPS, Animation, animation_names, animations
from .gltf_file import GltfFile, node_matrices, world_matrices
from .gltf_skin import JointChoice, MeshPart, bind_pose, choose_joints, mesh_parts, nearest_kept
from .rotations import Array, nearest_rotations, to_matrices

GROUND_TOLERANCE_M = 0.01
"""A humanoid whose lowest rest vertex is further from y = 0 is moved onto the ground."""


@dataclass(frozen=True, eq=False)
class GlbScene:
    """What a GLB file holds."""

    character: Character | None
    """All skinned meshes as one character; ``None`` for a file of animations only."""
    motions: dict[str, Motion]
    """Animations by name, on the character's skeleton."""
    skeleton: Skeleton
    """The skeleton, of the character too."""


@dataclass(frozen=True, eq=False)
class _Rig:
    """The chosen joints of a file, and how its world becomes ours."""

    file: GltfFile
    local: Array
    choice: JointChoice
    file_rest: Array
    """Bind pose of all nodes in the file's world, [nodes, 4, 4]."""
    rest: RestPose
    skeleton: Skeleton
    turn: Array
    lift_m: float


def read_glb(
    path: str | Path, *, fps: float | None = None, animations_named: Collection[str] | None = None
) -> GlbScene:
    """Read a GLB or glTF file: its skinned meshes as one character, and its animations.

    The rest pose is the bind pose (inverse bind matrices), in which the mesh was modelled; joints without one take
    the node's transform. A humanoid's skeleton begins at its hips: everything above is folded into the hips' world
    pose. Any other skeleton begins at the lowest joint above all weighted ones. Joints that move nothing and are no
    standard joint are left out; their share of vertices goes to the nearest kept joint above. Rigid meshes below the
    head or the torso (hats, capes) are part of the character, those below arms and legs (weapons) are not.

    Animated translations of joints other than the root and animated scale are dropped with one warning each per file;
    the mesh of a humanoid more than 1 cm off the ground is moved there, motions too.

    Args:
        path: The file; buffers of a .gltf are looked for in its folder only.
        fps: Frame rate to sample at; ``None``: that of the keys of each animation, else of the file, else 30.
        animations_named: Only sample these; ``None``: all. An empty collection reads the character alone.

    Raises:
        UnreadableFile: If the file or a buffer beside it cannot be read.
        BadGltf: If it is broken, uses sparse accessors or a compression extension, or has no skeleton.
        UnknownAnimation: If a wanted animation is not there.
    """
    file = GltfFile(path)
    for name in animations_named or ():
        if name not in animation_names(file):
            raise UnknownAnimation(f"{file.path} has no animation '{name}'.{suggestion(name, animation_names(file))}")
    local = node_matrices(file)
    rest = bind_pose(file, local, world_matrices(file, local))
    parts = mesh_parts(file, rest)
    skinned = [p for p in parts if p.is_skinned] or parts
    choice = choose_joints(file, skinned)
    parts = skinned + _worn(file, choice, [p for p in parts if not p.is_skinned and p not in skinned])
    rig = _standing_rig(file, local, choice, rest, parts)
    character = _character(rig, parts) if parts else None
    return GlbScene(character, _motions(rig, animations(file, animations_named), fps), rig.skeleton)


def _worn(file: GltfFile, choice: JointChoice, rigid: list[MeshPart]) -> list[MeshPart]:
    """Rigid meshes on the head or the torso."""
    names = tuple(file.node_names[n] for n in choice.nodes)
    nowhere = np.zeros((len(names), 3), dtype=np.float32)
    part_of = part_of_joints(Skeleton(names, choice.parents, nowhere))
    above = nearest_kept(file, choice)
    known = {n for skin in file.items("skins") for n in skin["joints"]}
    worn = []
    for part in rigid:
        node = chain = int(part.nodes[0, 0])
        while chain >= 0 and chain not in known:
            chain = file.node_parents[chain]
        if chain in choice.nodes and part_of[above[node]] in {"head", "torso"}:
            worn.append(part)
    return worn


def _standing_rig(file: GltfFile, local: Array, choice: JointChoice, file_rest: Array, parts: list[MeshPart]) -> _Rig:
    nodes = list(choice.nodes)
    names = tuple(file.node_names[n] for n in nodes)
    rest = RestPose(names, choice.parents, nearest_rotations(file_rest[nodes, :3, :3]), file_rest[nodes, :3, 3])
    turn = turn_to_standard(names, rest.positions_m) if choice.is_humanoid else np.eye(3)
    if turn is None:
        warn_lying(file.path.name)
        turn = np.eye(3)
    warn_turned(file.path.name, turn)
    rest = rest.turned(turn)
    lift = 0.0
    if choice.is_humanoid and parts:
        lowest = min(float((p.vertices_m @ turn.T)[:, 1].min()) for p in parts)
        if abs(lowest) > GROUND_TOLERANCE_M:
            lift = -lowest
            warnings.warn(
                f"{file.path.name}: the lowest vertex at rest was at y = {lowest:.3f} m; mesh and motions were moved "
                f"by {lift:+.3f} m onto the ground.",
                MovedToStandard,
                stacklevel=3,
            )
    rest = rest.lifted(lift)
    return _Rig(file, local, choice, file_rest, rest, rest.skeleton(), turn, lift)


def _character(rig: _Rig, parts: list[MeshPart]) -> Character:
    nearest = nearest_kept(rig.file, rig.choice)
    most = max(p.nodes.shape[1] for p in parts)
    joints = np.concatenate([np.pad(nearest[p.nodes], ((0, 0), (0, most - p.nodes.shape[1]))) for p in parts])
    weights = np.concatenate([np.pad(p.weights, ((0, 0), (0, most - p.weights.shape[1]))) for p in parts])
    starts = np.cumsum([0, *(len(p.vertices_m) for p in parts)])
    faces = np.concatenate([p.faces + start for p, start in zip(parts, starts, strict=False)])
    vertices = np.concatenate([p.vertices_m for p in parts]) @ rig.turn.T + [0.0, rig.lift_m, 0.0]
    return Character(rig.file.path.stem, rig.skeleton, vertices, faces, joints, weights)


@dataclass
class _Dropped:
    """The largest animated value that was left out so far."""

    amount: float = 0.0
    where: str = ""

    def note(self, amount: float, where: str) -> None:
        if amount > self.amount:
            self.amount, self.where = amount, where


def _motions(rig: _Rig, found: tuple[Animation, ...], fps: float | None) -> dict[str, Motion]:
    rates = {a.name: a.grid_fps() for a in found}
    known = sorted(rate for rate in rates.values() if rate is not None)
    common = known[len(known) // 2] if known else DEFAULT_FPS
    moved, scaled = _Dropped(), _Dropped()
    motions = {a.name: _motion(rig, a, fps or rates[a.name] or common, (moved, scaled)) for a in found}
    if moved.amount > 1e-4:
        warnings.warn(
            f"{rig.file.path.name}: animated translations of joints below the root were dropped, the largest "
            f"{100 * moved.amount:.2f} cm ({moved.where}).",
            DroppedTranslation,
            stacklevel=3,
        )
    if scaled.amount > 1e-3:
        warnings.warn(
            f"{rig.file.path.name}: animated scale was dropped, the largest by a factor of {1 + scaled.amount:.3g} "
            f"({scaled.where}).",
            DroppedScale,
            stacklevel=3,
        )
    return motions


def _motion(rig: _Rig, animation: Animation, fps: float, dropped: tuple[_Dropped, _Dropped]) -> Motion:
    times = animation.sample_times_s(fps)
    moved = {(t.node, t.path): t.at(times) for t in animation.tracks}
    nodes = list(rig.choice.nodes)
    world: dict[int, Array] = {}
    root_chain = [nodes[0]]
    while (parent := rig.file.node_parents[root_chain[-1]]) >= 0:
        root_chain.append(parent)
    for node in [*reversed(root_chain), *nodes[1:]]:
        matrix = _local_matrices(rig.local[node], node, moved, len(times))
        parent = rig.file.node_parents[node]
        world[node] = matrix if parent < 0 else world[parent] @ matrix
        where = f"{rig.file.node_names[node]} in '{animation.name}'"
        if node not in root_chain:
            bind = np.linalg.solve(rig.file_rest[parent], rig.file_rest[node])[:3, 3]
            away = (matrix[:, :3, 3] - bind) @ rig.file_rest[parent, :3, :3].T
            dropped[0].note(float(np.linalg.norm(away, axis=1).max()), where)
        if (node, "scale") in moved:
            ratio = moved[node, "scale"] / np.maximum(np.linalg.norm(rig.local[node, :3, :3], axis=0), 1e-9)
            dropped[1].note(float(np.exp(np.abs(np.log(np.maximum(np.abs(ratio), 1e-3))).max()) - 1), where)
    rotations = nearest_rotations(np.stack([world[n][:, :3, :3] for n in nodes], axis=1))
    root = world[nodes[0]][:, :3, 3] @ rig.turn.T + [0.0, rig.lift_m, 0.0]
    return canonical_motion(rig.skeleton, rig.rest, rig.turn @ rotations, root, fps)


def _local_matrices(static: Array, node: int, moved: dict[tuple[int, str], Array], frames: int) -> Array:
    """Local matrices of a node over time: animated rotation and translation, the node's own scale."""
    matrices = np.tile(static, (frames, 1, 1))
    if (node, "rotation") in moved:
        scale = np.linalg.norm(static[:3, :3], axis=0)
        matrices[:, :3, :3] = to_matrices(moved[node, "rotation"]) * scale
    if (node, "translation") in moved:
        matrices[:, :3, 3] = moved[node, "translation"]
    return matrices
