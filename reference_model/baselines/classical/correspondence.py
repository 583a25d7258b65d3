"""Which place of the target's skin is which place of the source's: a dense map between any two humanoids.

Vertex order, topology and resolution of the two meshes have nothing to do with each other, so the map is geometric. The
source's rest mesh is put on the target's skeleton bone by bone (turned, stretched along the bone, scaled across it to
the target's thickness; the head by its bounding box), then pulled onto the target's surface by a few rounds of
non-rigid ICP whose displacement field is made less and less smooth (Amberg et al., CVPR 2007, with translations in
place of affine maps), and every vertex ends in the closest point of the surface of the same limb.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree

from ....datasets.body import PARTS, Character
from ....datasets.body.joint_names import require_joints
from ....datasets.body.surface import AnimatedSurface
from .rig import FloatArray

_SAMPLES = 1300
_NEIGHBOURS = 7
_SMOOTHNESS = (30.0, 10.0, 3.0, 1.0, 0.4, 0.15)
_LARGEST_PULL = 0.12
"""A sample further from the target's surface than this, over H, pulls nothing."""

_CHAINS = (("Hips", "Spine"), ("Spine", "Spine1"), ("Spine1", "Spine2"), ("Spine2", "Neck"), ("Neck", "Head"))
_LIMB_CHAINS = (
    ("Shoulder", "Arm"), ("Arm", "ForeArm"), ("ForeArm", "Hand"), ("Hand", "HandMiddle1"),
    ("UpLeg", "Leg"), ("Leg", "Foot"), ("Foot", "ToeBase"),
    *((f"Hand{f}{n}", f"Hand{f}{n + 1}") for f in ("Thumb", "Index", "Middle", "Ring", "Pinky") for n in (1, 2)),
)  # fmt: skip
_BONE_END = dict(_CHAINS) | {side + a: side + b for side in ("Left", "Right") for a, b in _LIMB_CHAINS}


@dataclass(frozen=True, eq=False)
class SurfaceMap:
    """For each mapped source vertex a point of the target's surface."""

    corners: NDArray[np.intp]
    """Target vertices of the face that holds the point, [source vertices, 3]."""
    weights: FloatArray
    """Barycentric weights, [source vertices, 3]."""

    def points_m(self, target_vertices_m: FloatArray) -> FloatArray:
        """Return the mapped points for vertices of the target, [..., vertices, 3] -> [..., source vertices, 3]."""
        return np.asarray((target_vertices_m[..., self.corners, :] * self.weights[..., None]).sum(axis=-2))


def surface_map(source: Character, target: Character) -> SurfaceMap:
    """Find the place on the target's skin of every vertex of the source.

    Args:
        source: Any humanoid.
        target: Any humanoid; rest poses may differ.
    """
    start = _on_targets_bones(source, target)
    height = target.height_m
    sampled = _spread_out(start, min(_SAMPLES, len(start)))
    limb = _limb_of(source)
    surfaces = {name: _limb_surface(target, name) for name in np.unique(limb)}
    points = start[sampled]
    neighbours = cKDTree(points).query(points, k=min(_NEIGHBOURS + 1, len(points)))[1][:, 1:]
    stiffness = _graph_laplacian(neighbours)
    displacement = np.zeros_like(points)
    for smoothness in _SMOOTHNESS:
        hits = _closest(surfaces, limb[sampled], points + displacement)
        gap = np.linalg.norm(hits.points - points - displacement, axis=1) / height
        trust = np.where(gap < _LARGEST_PULL, 1.0, 0.0)
        system = (diags_array(trust + 1e-6) + smoothness * stiffness).tocsc()
        displacement = splu(system).solve(trust[:, None] * (hits.points - points))
    distance, nearest = cKDTree(points).query(start, k=min(4, len(points)))
    share = 1.0 / (distance + 1e-3 * height) ** 2
    moved = start + (displacement[nearest] * (share / share.sum(axis=1, keepdims=True))[..., None]).sum(axis=1)
    final = _closest(surfaces, limb, moved)
    return SurfaceMap(final.corners, final.weights)


def _on_targets_bones(source: Character, target: Character) -> FloatArray:
    """Put the source's rest mesh on the target's skeleton, [source vertices, 3]."""
    theirs, ours = require_joints(target.skeleton), require_joints(source.skeleton)
    shared = _nearest_shared(source, ours, theirs)
    owner_target = _nearest_shared(target, theirs, ours)
    from_m, to_m = source.skeleton.rest_positions_m.astype(float), target.skeleton.rest_positions_m.astype(float)
    overall = target.height_m / source.height_m
    moved = np.zeros((source.vertex_count, 3))
    dominant = np.array(shared)[source.dense_weights.argmax(axis=1)]
    dominant_target = np.array(owner_target)[target.dense_weights.argmax(axis=1)]
    for name in sorted(set(shared)):
        share = source.dense_weights[:, [joint for joint, n in enumerate(shared) if n == name]].sum(axis=1)
        mine = source.rest_vertices_m[dominant == name].astype(float)
        other = target.rest_vertices_m[dominant_target == name].astype(float)
        start, end = from_m[ours[name]], to_m[theirs[name]]
        follower = _follower(name, ours, theirs)
        if name == "Head" and len(mine) and len(other):
            low, high, low_t, high_t = mine.min(0), mine.max(0), other.min(0), other.max(0)
            linear, start, end = np.diag((high_t - low_t) / np.maximum(high - low, 1e-6)), low, low_t
        elif follower is None:
            linear = overall * np.eye(3)
        else:
            bone, bone_t = from_m[ours[follower]] - start, to_m[theirs[follower]] - end
            thickness = _thickness(other - end, bone_t) / max(_thickness(mine - start, bone), 1e-6)
            linear = _turn_and_stretch(bone, bone_t, thickness if thickness > 0 else overall)
        moved += share[:, None] * ((source.rest_vertices_m - start) @ linear.T + end)
    return moved


def _nearest_shared(character: Character, ours: dict[str, int], theirs: dict[str, int]) -> list[str]:
    """For each joint the standard name, its own or the nearest ancestor's, that both characters have."""
    name_of = {index: name for name, index in ours.items()}
    shared: list[str] = []
    for joint, parent in enumerate(character.skeleton.parents):
        name = name_of.get(joint, "")
        shared.append(name if name in theirs else (shared[parent] if parent >= 0 else "Hips"))
    return shared


def _follower(name: str, ours: dict[str, int], theirs: dict[str, int]) -> str | None:
    following = _BONE_END.get(name)
    while following is not None and not (following in ours and following in theirs):
        following = _BONE_END.get(following)
    return following


def _thickness(vertices: FloatArray, bone: FloatArray) -> float:
    """Root mean square distance of vertices from the axis of a bone."""
    if not len(vertices):
        return 0.0
    axis = bone / max(float(np.linalg.norm(bone)), 1e-9)
    across = vertices - (vertices @ axis)[:, None] * axis
    return float(np.sqrt((across**2).sum(axis=1).mean()))


def _turn_and_stretch(bone: FloatArray, wanted: FloatArray, across: float) -> FloatArray:
    """Take ``bone`` to ``wanted`` by the smallest rotation and a stretch along it; scale by ``across`` sideways."""
    length, wanted_length = float(np.linalg.norm(bone)), float(np.linalg.norm(wanted))
    if min(length, wanted_length) < 1e-6:
        return across * np.eye(3)
    a, b = bone / length, wanted / wanted_length
    v = np.cross(a, b)
    cross = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    turn = np.eye(3) + cross + cross @ cross / max(1.0 + float(a @ b), 1e-6)
    return np.asarray(turn @ (across * np.eye(3) + (wanted_length / length - across) * np.outer(a, a)))


def _spread_out(points: FloatArray, count: int) -> NDArray[np.intp]:
    """Indices of ``count`` points, one per cell of a grid that is refined until there are enough, thinned evenly."""
    if count >= len(points):
        return np.arange(len(points))
    extent = float(np.ptp(points, axis=0).max())
    for cells in (32, 48, 64, 96, 128, 192, 256):
        grid = np.floor((points - points.min(axis=0)) / extent * cells).astype(np.int64)
        first = np.sort(np.unique(grid, axis=0, return_index=True)[1])
        if len(first) >= count:
            break
    return first[np.linspace(0, len(first) - 1, min(count, len(first))).astype(np.intp)]


def _graph_laplacian(neighbours: NDArray[np.intp]) -> csr_array:
    count, k = neighbours.shape
    rows = np.repeat(np.arange(count), k)
    graph = csr_array((np.ones(count * k), (rows, neighbours.ravel())), shape=(count, count))
    graph = graph.maximum(graph.T)
    return diags_array(np.asarray(graph.sum(axis=1)).ravel()) - graph


def _limb_of(character: Character) -> NDArray[np.str_]:
    return np.array([PARTS[p].replace("hand", "arm").replace("head", "torso") for p in character.parts])  # type: ignore[union-attr]


@dataclass(frozen=True, eq=False)
class _LimbSurface:
    surface: AnimatedSurface
    rest: torch.Tensor


def _limb_surface(target: Character, limb: str) -> _LimbSurface:
    """The target's rest surface that vertices of a limb may end on: the limb and the torso; for the torso everything.

    Where exactly a limb begins differs from rig to rig, hence the torso belongs to each.
    """
    owner = _limb_of(target)[target.faces]
    allowed = np.isin(owner, [limb, "torso"]).all(axis=1) if limb != "torso" else np.ones(len(owner), dtype=bool)
    faces = target.faces[allowed] if allowed.any() else target.faces
    rest = np.array(target.rest_vertices_m)
    return _LimbSurface(AnimatedSurface(faces, rest), torch.from_numpy(rest))


@dataclass(frozen=True, eq=False)
class _Closest:
    points: FloatArray
    corners: NDArray[np.intp]
    weights: FloatArray


def _closest(surfaces: dict[str, _LimbSurface], limb: NDArray[np.str_], points: FloatArray) -> _Closest:
    found = _Closest(np.zeros_like(points), np.zeros((len(points), 3), dtype=np.intp), np.zeros_like(points))
    for name, limb_surface in surfaces.items():
        chosen = np.flatnonzero(limb == name)
        asked = torch.from_numpy(points[chosen].astype(np.float32))[None]
        hits = limb_surface.surface.query(limb_surface.rest[None], asked)
        corners = limb_surface.surface.faces[hits.face[0].long()].numpy()
        weights = hits.barycentrics[0].numpy().astype(np.float64)
        found.corners[chosen], found.weights[chosen] = corners, weights
        found.points[chosen] = (limb_surface.rest.numpy()[corners] * weights[..., None]).sum(axis=1)
    return found
