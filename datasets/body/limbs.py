"""The four limbs of a character, and for each the body without it, with the cut capped.

A limb cannot be tested against a mesh it is part of: its own vertices lie on that surface. It is tested against the
rest of the body, and the hole that the missing limb leaves is closed, because an open mesh has no inside.

Real meshes have holes of their own, several shells and vertices doubled along texture seams. Vertices are therefore
welded by position for everything that concerns connectivity, holes of the mesh are left as they are (the winding number
copes with them), and a limb that is a shell of its own is accepted: it has no cut.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from torch import Tensor

from .bounds import PieceBounds, piece_bounds
from .character import Character
from .cut_loops import boundary_loops, net_edges
from .surface import AnimatedSurface

LIMBS: dict[str, tuple[str, ...]] = {
    "left_arm": ("left_arm", "left_hand"),
    "right_arm": ("right_arm", "right_hand"),
    "left_leg": ("left_leg",),
    "right_leg": ("right_leg",),
}
"""Limb -> the body parts it consists of; a leg includes its foot."""

NEAR_CUT = 0.05
"""Limb vertices nearer to their cut than this share of the body height, along the surface, are not counted."""

_WELD = 1e-6
_CACHED_CHARACTERS = 16


@dataclass(frozen=True, eq=False)
class LimbBody:
    """One limb and the capped body without it."""

    name: str
    """A key of ``LIMBS``."""
    vertices: NDArray[np.intp]
    """All vertices of the limb, ascending; empty where the character has no such limb."""
    counted: NDArray[np.intp]
    """Those that penetration counts, ascending: not near the cut, not inside the body in the rest pose already."""
    faces: NDArray[np.int32]
    """Faces of the capped body over the character's vertices followed by one cap centre per loop, [faces, 3]."""
    caps: tuple[NDArray[np.intp], ...]
    """The vertices of each loop that the cut left, in order; its centre is the apex of the cap's fan."""
    rest_vertices_m: NDArray[np.float32]
    """The capped body in the rest pose, [vertices + caps, 3]."""
    source_faces: NDArray[np.intp]
    """For each face the character's face it is, or -1 for one of a cap, [faces]."""
    bounds: PieceBounds | None = None
    """Where the inside of the capped body can be; ``None`` if it is not closed."""

    def vertices_m(self, character_vertices_m: Tensor) -> Tensor:
        """Return the capped body's vertices for the character's, [..., vertices, 3] -> [..., vertices + caps, 3]."""
        centres = [character_vertices_m[..., torch.from_numpy(loop), :].mean(-2, keepdim=True) for loop in self.caps]
        return torch.cat([character_vertices_m, *centres], dim=-2)

    @cached_property
    def surface(self) -> AnimatedSurface:
        """The searchable surface on the CPU; built on first use and kept."""
        return self.surface_on("cpu")

    def surface_on(self, device: torch.device | str) -> AnimatedSurface:
        """Build a searchable surface on a device."""
        return AnimatedSurface(self.faces, self.rest_vertices_m, device, self.bounds)


_cache: OrderedDict[bytes, tuple[LimbBody, ...]] = OrderedDict()


def limb_bodies(character: Character) -> tuple[LimbBody, ...]:
    """Return the four limbs of a character, each with the capped body without it, in the order of ``LIMBS``.

    ``Character.uncounted`` says which vertices penetration leaves out; where it is ``None`` they are worked out: limb
    vertices within 5 % of the body height of the cut, along the edges of the surface, and those inside the rest of the
    body in the rest pose already. A limb without vertices has empty arrays; a limb that is the whole mesh has no body
    to be tested against and counts nothing. The last few characters are kept, found again by their content.
    """
    key = _content_hash(character)
    if key not in _cache:
        welded = weld(character.rest_vertices_m, _WELD * max(character.height_m, 1e-9))
        _cache[key] = tuple(_limb_body(character, welded, name) for name in LIMBS)
        while len(_cache) > _CACHED_CHARACTERS:
            _cache.popitem(last=False)
    _cache.move_to_end(key)
    return _cache[key]


def uncounted_vertices(character: Character) -> NDArray[np.bool_]:
    """Return which limb vertices penetration leaves out, worked out from the geometry, [vertices].

    This is what ``Character.uncounted`` may hold; a character's own list is ignored.
    """
    welded = weld(character.rest_vertices_m, _WELD * max(character.height_m, 1e-9))
    left_out = np.zeros(character.vertex_count, dtype=bool)
    for name in LIMBS:
        body, rings = _capped_body(character, welded, name)
        left_out[body.vertices] |= _left_out(character, welded, body, rings)
    return left_out


def weld(vertices_m: NDArray[np.float32], tolerance_m: float) -> NDArray[np.intp]:
    """Return for each vertex the lowest index of a vertex in the same place, [vertices]."""
    cells = np.round(vertices_m.astype(np.float64) / tolerance_m).astype(np.int64)
    _, first, inverse = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    return np.asarray(first[inverse.ravel()], dtype=np.intp)


def _content_hash(character: Character) -> bytes:
    digest = hashlib.sha256()
    geometry = (character.rest_vertices_m, character.faces, character.joint_indices, character.weights)
    for array in (*geometry, character.parts, character.uncounted):
        digest.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
    return digest.digest()


def _limb_body(character: Character, welded: NDArray[np.intp], name: str) -> LimbBody:
    body, rings = _capped_body(character, welded, name)
    if not len(body.vertices) or not len(body.faces):
        return body
    if character.uncounted is None:
        left_out = _left_out(character, welded, body, rings)
    else:
        left_out = character.uncounted[body.vertices]
    fields = {field: getattr(body, field) for field in body.__dataclass_fields__}
    return LimbBody(**(fields | {"counted": body.vertices[~left_out]}))


def _capped_body(character: Character, welded: NDArray[np.intp], name: str) -> tuple[LimbBody, NDArray[np.intp]]:
    """Return the limb with nothing counted yet, and the welded vertices of the cut's two rings."""
    limb = character.part_vertices(*LIMBS[name])
    in_limb = np.zeros(character.vertex_count, dtype=bool)
    in_limb[welded[limb]] = True
    corners = welded[character.faces]
    limb_corners = in_limb[corners].sum(axis=1)
    kept = np.flatnonzero(limb_corners == 0)
    loops = boundary_loops(_cut_edges(corners, kept))
    fans, rings = [character.faces[kept]], corners[(limb_corners > 0) & (limb_corners < 3)].ravel()
    for number, loop in enumerate(loops):
        apex = np.full(len(loop), character.vertex_count + number)
        fans.append(np.stack([apex, np.roll(loop, -1), loop], axis=1).astype(np.int32))
    centres = [character.rest_vertices_m[loop].mean(axis=0, keepdims=True) for loop in loops]
    faces = np.concatenate(fans)
    body = LimbBody(
        name=name,
        vertices=limb,
        counted=limb[:0],
        faces=faces,
        caps=tuple(loops),
        rest_vertices_m=np.concatenate([character.rest_vertices_m, *centres]),
        source_faces=np.concatenate([kept, np.full(len(faces) - len(kept), -1)]),
        bounds=_bounds(character, welded, faces, name),
    )
    return body, np.unique(rings)


def _bounds(
    character: Character, welded: NDArray[np.intp], faces: NDArray[np.int32], removed: str
) -> PieceBounds | None:
    together = np.array_equal(character.weights, character.weights[welded]) and np.array_equal(
        character.joint_indices, character.joint_indices[welded]
    )
    if not together:  # a seam that opens when the character moves
        return None
    centres = np.arange(character.vertex_count, faces.max(initial=0) + 1)
    groups = [character.part_vertices(*parts) for name, parts in LIMBS.items() if name != removed]
    return piece_bounds(faces, np.concatenate([welded, centres]), groups)


def _cut_edges(corners: NDArray[np.intp], kept: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the directed edges of the kept faces that are open only because the other faces were taken away."""
    removed = np.ones(len(corners), dtype=bool)
    removed[kept] = False
    open_now, elsewhere = net_edges(corners[kept]), net_edges(corners[removed])
    touched = {frozenset(edge) for edge in elsewhere}
    edges = [edge for edge, count in open_now.items() if frozenset(edge) in touched for _ in range(count)]
    return np.array(sorted(edges), dtype=np.intp).reshape(-1, 2)


def _left_out(
    character: Character, welded: NDArray[np.intp], body: LimbBody, rings: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Return which of the limb's vertices are near the cut or inside the body at rest, [limb vertices]."""
    if not len(body.vertices) or not len(body.faces):
        return np.zeros(len(body.vertices), dtype=bool)
    rest = torch.from_numpy(character.rest_vertices_m[body.vertices].copy())[None]
    body_rest = torch.from_numpy(body.rest_vertices_m.copy())[None]
    inside = body.surface.query(body_rest, rest).inside[0].numpy()
    graph, island = _edge_graph(character, welded)
    # A limb that is a shell of its own has no cut; there the place where it enters the body takes the cut's role.
    joined = np.isin(island[welded[body.vertices]], island[rings])
    entries = welded[body.vertices[inside & ~joined]]
    starts = np.unique(np.concatenate([rings, entries]))
    if not len(starts):
        return np.asarray(inside)
    reach = NEAR_CUT * character.height_m
    away = dijkstra(graph, indices=starts, directed=False, limit=reach, min_only=True)
    return np.asarray(inside | (away[welded[body.vertices]] <= reach))


def _edge_graph(character: Character, welded: NDArray[np.intp]) -> tuple[csr_array, NDArray[np.int32]]:
    """Return the edges of the welded mesh with their lengths in the rest pose, and the shell of each vertex."""
    corners = welded[character.faces]
    edges = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
    edges = np.unique(edges[edges[:, 0] != edges[:, 1]], axis=0)
    points = character.rest_vertices_m.astype(np.float64)
    # Scipy reads a stored zero as no edge; welding has already joined vertices in one place.
    lengths = np.maximum(np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1), 1e-12)
    size = character.vertex_count
    graph = csr_array((lengths, (edges[:, 0], edges[:, 1])), shape=(size, size))
    return graph, connected_components(graph, directed=False)[1]
