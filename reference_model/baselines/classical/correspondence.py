"""Which place of the target's skin is which place of the source's: a dense map between any two humanoids.

Vertex order, topology and resolution of the two meshes have nothing to do with each other, so the map is geometric. The
source's rest mesh is put on the target's skeleton bone by bone, then pulled onto the target's surface by rounds of
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
from ....datasets.body.surface import AnimatedSurface
from .bone_warp import on_targets_bones
from .rig import FloatArray

_SAMPLES = 1300
_NEIGHBOURS = 7
_SMOOTHNESS = (30.0, 10.0, 3.0, 1.0, 0.4, 0.15)
_LARGEST_PULL = 0.12
"""A sample further from the target's surface than this, over H, pulls nothing."""


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
    start = on_targets_bones(source, target)
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
        hits = limb_surface.surface.query(limb_surface.rest[None], asked, sides=False)
        corners = limb_surface.surface.faces[hits.face[0].long()].numpy()
        weights = hits.barycentrics[0].numpy().astype(np.float64)
        found.corners[chosen], found.weights[chosen] = corners, weights
        found.points[chosen] = (limb_surface.rest.numpy()[corners] * weights[..., None]).sum(axis=1)
    return found
