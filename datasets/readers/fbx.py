"""FBX reader: through ufbx, in a process of its own, so that a crash of the library is an error message."""

import importlib.util
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import suggestion
from ..rotations import Array, conjugate, from_axis_angles, multiply, to_matrices
from .canonical import humanoid_joints
from .errors import BadFbx, MissingExtra, MovedToStandard, UnknownAnimation, UnreadableFile
from .node_tree import NodeTree, unique_names
from .scene import MeshPart, SampledAnimation, Scene, SceneFile, build_scene

_TIME_LIMIT_S = 600.0
_SMALLEST_HUMANOID_M, _LARGEST_HUMANOID_M = 0.1, 10.0
_STANDING = 0.85


def read_fbx(path: str | Path, *, fps: float | None = None, animations_named: Collection[str] | None = None) -> Scene:
    """Read an FBX file: its skinned meshes as one character, or a bare skeleton, and its animation stacks.

    Joints, rest position and what is dropped are as for ``read_glb``. The rest pose is the bind pose of the skin
    clusters. A file without a mesh has none; of its stored bind pose, the pose of zero rotations and the pose in which
    its nodes were saved, the first one in which a humanoid stands is taken, over the origin and with its
    lowest joint at y = 0. A humanoid that would be taller than 10 m
    or smaller than 0.1 m by the file's declared unit is read a hundred times smaller or larger, with a warning.

    Args:
        path: The file.
        fps: Frame rate to sample at; ``None``: that of the file's time settings. Frames lie on multiples of 1/fps.
        animations_named: Only sample these stacks; ``None``: all. An empty collection reads the character alone.

    Raises:
        MissingExtra: If ufbx is not installed.
        UnreadableFile: If there is no such file.
        BadFbx: If it cannot be parsed, or the library crashed on it.
        NoSkeleton: If there is no skeleton in it, or more than one.
        UnknownAnimation: If a wanted animation is not there.
    """
    source = Path(path)
    if not source.is_file():
        raise UnreadableFile(f"there is no file {source}.")
    data = _run_worker(source, fps, animations_named)
    names = [str(n) for n in data["animation_names"]]
    for name in animations_named or ():
        if name not in names:
            raise UnknownAnimation(f"{source} has no animation '{name}'.{suggestion(name, names)}")
    tree = NodeTree(unique_names([str(n) for n in data["node_names"]]), tuple(int(p) for p in data["node_parents"]))
    local = _matrices(data["node_local"])
    joints = _joint_nodes(data, tree)
    rest, scale = _plausible_size(source, tree, joints, _rest_pose(data, tree, joints, local))
    local[0] = scale @ local[0]  # node 0 is the root of every FBX file
    parts = tuple(p for i in range(int(data["mesh_count"])) if (p := _mesh_part(data, i, rest, scale)) is not None)
    content = SceneFile(source, tree, joints, local, rest, parts)
    return build_scene(content, [_sampled(data, i, name) for i, name in enumerate(names) if f"animation{i}" in data])


def _run_worker(source: Path, fps: float | None, wanted: Collection[str] | None) -> dict[str, NDArray[Any]]:
    if importlib.util.find_spec("ufbx") is None:
        raise MissingExtra("reading FBX needs the package ufbx: pip install 'retargetbench[fbx]'.")
    names = [] if wanted is None else (list(wanted) or ["-"])
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "scene.npz"
        program = [sys.executable, "-P", "-m", f"{__package__}.fbx_worker"]
        command = [*program, str(source.resolve()), str(target), str(fps or 0), *names]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=_TIME_LIMIT_S, check=False
            )
        except subprocess.TimeoutExpired as problem:
            raise BadFbx(f"{source} was not read within {_TIME_LIMIT_S:g} s; convert it to GLB first.") from problem
        if done.returncode == 3:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise BadFbx(f"{source} cannot be read as FBX: {reason}.")
        if done.returncode != 0 or not target.is_file():
            raise BadFbx(
                f"the FBX library crashed on {source} (exit status {done.returncode}); convert the file to GLB, "
                f"for example with Blender."
            )
        with np.load(target, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}


def _joint_nodes(data: Mapping[str, NDArray[Any]], tree: NodeTree) -> frozenset[int]:
    """Bones of the skin clusters; else the nodes that are bones; else all nodes of an animated file but its root."""
    skinned = {
        int(data[f"mesh{i}_cluster{k}_bone"])
        for i in range(int(data["mesh_count"]))
        for k in range(int(data[f"mesh{i}_cluster_count"]))
    }
    bones = skinned or {int(n) for n in np.flatnonzero(data["node_is_bone"])}
    if not bones and len(data["animation_names"]):
        bones = set(tree.order) - {0}
    return frozenset(bones)


def _rest_pose(data: Mapping[str, NDArray[Any]], tree: NodeTree, joints: frozenset[int], local: Array) -> Array:
    saved = tree.world(local)
    clusters: dict[int, Array] = {}
    for i in range(int(data["mesh_count"])):
        for k in range(int(data[f"mesh{i}_cluster_count"])):
            key = f"mesh{i}_cluster{k}_"
            clusters.setdefault(int(data[key + "bone"]), data[key + "bind_to_world"])
    if clusters:
        return _bound(tree, local, saved, clusters)
    stored = dict(zip((int(n) for n in data["bind_nodes"]), data["bind_world"], strict=True))
    poses = [tree.world(_zero_rotations(data, joints, local)), saved]
    if joints <= stored.keys():
        poses.insert(0, _bound(tree, local, saved, stored))
    ordered = [n for n in tree.order if n in joints]
    scores = [_standing(tree, ordered, pose) for pose in poses]
    return next((pose for pose, score in zip(poses, scores, strict=True) if score > _STANDING), saved)


def _bound(tree: NodeTree, local: Array, saved: Array, bound: Mapping[int, Array]) -> Array:
    rest = saved.copy()
    for node in tree.order:
        if node in bound:
            rest[node] = bound[node]
        elif tree.parents[node] >= 0:
            rest[node] = rest[tree.parents[node]] @ local[node]
    return rest


def _zero_rotations(data: Mapping[str, NDArray[Any]], joints: frozenset[int], local: Array) -> Array:
    """Local matrices with the animated rotation of all joints at zero: pre- times inverse post-rotation stays."""
    angles = data["node_orientations"]
    before = from_axis_angles("ZYX", angles[:, [2, 1, 0]])
    after = from_axis_angles("ZYX", angles[:, [5, 4, 3]])
    turns = to_matrices(multiply(before, conjugate(after)))
    posed = local.copy()
    for joint in joints:
        posed[joint, :3, :3] = turns[joint] * np.linalg.norm(local[joint, :3, :3], axis=0)
    return posed


def _standing(tree: NodeTree, ordered: list[int], world: Array) -> float:
    """How much a humanoid stands with straight limbs, -1 to 1; 0 for anything else.

    The mean cosine between the legs' four bones and down, hips to head and up, upper arm and forearm.
    """
    found = humanoid_joints([tree.names[n] for n in ordered])
    if not found:
        return 0.0
    at = {name: world[ordered[i], :3, 3] for name, i in found.items()}
    up = np.array([0.0, 1.0, 0.0])
    cosines = [_cosine(at["Head"] - at["Hips"], up)]
    for side in ("Left", "Right"):
        hip, knee, foot = at[f"{side}UpLeg"], at[f"{side}Leg"], at[f"{side}Foot"]
        shoulder, elbow, hand = at[f"{side}Arm"], at[f"{side}ForeArm"], at[f"{side}Hand"]
        cosines += [_cosine(hip - knee, up), _cosine(knee - foot, up), _cosine(elbow - shoulder, hand - elbow)]
    return float(np.mean(cosines))


def _cosine(a: Array, b: Array) -> float:
    return float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-12))


def _plausible_size(source: Path, tree: NodeTree, joints: frozenset[int], rest: Array) -> tuple[Array, Array]:
    """Return the rest pose at a plausible size, and the scale matrix that was applied to the file's world."""
    ordered = [n for n in tree.order if n in joints]
    scale = np.eye(4)
    if humanoid_joints([tree.names[n] for n in ordered]):
        size = float(np.ptp(rest[ordered, :3, 3], axis=0).max())
        factor = 0.01 if size > _LARGEST_HUMANOID_M else 100.0 if size < _SMALLEST_HUMANOID_M else 1.0
        if factor != 1.0:
            scale[:3, :3] *= factor
            warnings.warn(
                f"{source.name}: by the file's own unit the skeleton measures {size:.3g} m; read as "
                f"{size * factor:.3g} m instead.",
                MovedToStandard,
                stacklevel=3,
            )
    return scale @ rest, scale


def _mesh_part(data: Mapping[str, NDArray[Any]], index: int, rest: Array, scale: Array) -> MeshPart | None:
    key = f"mesh{index}_"
    vertices, node = data[key + "vertices"], int(data[key + "node"])
    faces = _triangles(data[key + "corners"], data[key + "faces"])
    if node < 0 or not len(faces):
        return None
    count = int(data[key + "cluster_count"])
    if not count:
        to_world = scale @ data[key + "to_world"]
        moved = vertices @ to_world[:3, :3].T + to_world[:3, 3]
        return MeshPart(moved, faces, np.full((len(moved), 1), node), np.ones((len(moved), 1)), is_skinned=False)
    dense = np.zeros((len(vertices), count))
    bones = np.zeros(count, dtype=np.int64)
    to_rest = np.zeros((count, 4, 4))
    for k in range(count):
        cluster = f"{key}cluster{k}_"
        bones[k] = int(data[cluster + "bone"])
        to_rest[k] = rest[bones[k]] @ data[cluster + "geometry_to_bone"]
        np.add.at(dense[:, k], data[cluster + "vertices"], np.maximum(data[cluster + "weights"], 0.0))
    total = dense.sum(axis=1, keepdims=True)
    dense = np.where(total > 0, dense / np.where(total > 0, total, 1.0), np.eye(1, count))
    most = min(8, count)
    strongest = np.argsort(-dense, axis=1, kind="stable")[:, :most]
    weights = np.take_along_axis(dense, strongest, axis=1)
    weights /= weights.sum(axis=1, keepdims=True)
    blended = np.einsum("vk,kij->vij", dense, to_rest)
    moved = (blended[:, :3, :3] @ vertices[..., None])[..., 0] + blended[:, :3, 3]
    return MeshPart(moved, faces, bones[strongest], weights, is_skinned=True)


def _triangles(corners: NDArray[np.int64], faces: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cut polygons into fans of triangles; points and lines are left out."""
    triangles = []
    for size in np.unique(faces[:, 1]):
        starts = faces[faces[:, 1] == size, 0]
        triangles += [corners[starts[:, None] + np.array([0, k, k + 1])] for k in range(1, int(size) - 1)]
    return np.concatenate(triangles) if triangles else np.zeros((0, 3), dtype=np.int64)


def _sampled(data: Mapping[str, NDArray[Any]], index: int, name: str) -> SampledAnimation:
    values = data[f"animation{index}"]
    moved: dict[tuple[int, str], Array] = {}
    for node in range(1, values.shape[1]):
        moved[node, "translation"] = values[:, node, :3]
        moved[node, "rotation"] = values[:, node, [6, 3, 4, 5]]
        scale = values[:, node, 7:]
        if np.abs(scale - data["node_local"][node, 7:]).max() > 1e-4 * np.abs(scale).max():
            moved[node, "scale"] = scale
    return SampledAnimation(name, float(data["fps"]), len(values), moved)


def _matrices(transforms: Array) -> Array:
    """Matrices of transforms (translation 3, rotation xyzw 4, scale 3), [..., 10] -> [..., 4, 4]."""
    matrices = np.tile(np.eye(4), (*transforms.shape[:-1], 1, 1))
    matrices[..., :3, :3] = to_matrices(transforms[..., [6, 3, 4, 5]]) * transforms[..., None, 7:]
    matrices[..., :3, 3] = transforms[..., :3]
    return matrices
