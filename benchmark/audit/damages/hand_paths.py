"""Where a hand has to be, frame by frame, so that it misses its contact by a known amount, and how it gets there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ....datasets.body import Character
from ....datasets.body.kinematics import Pose, SkinTensors

FADE_S = 0.3
"""Seconds in which a hand leaves its right path before a contact, and comes back after it."""


@dataclass(frozen=True, eq=False)
class Reach:
    """What one vertex of a hand is made to reach while a contact is held."""

    side: str
    """``Left`` or ``Right``: whose arm."""
    vertex: int
    """The vertex that touches."""
    place: int
    """The vertex that the program wants touched."""
    held: NDArray[np.bool_]
    """Frames in which the program holds the contact, [frames]."""
    corners: tuple[int, int]
    """The point of the skin that is aimed at lies between these two vertices ..."""
    share: float = 0.0
    """... this share of the way from the first to the second."""
    lift_m: float = 0.0
    """How far above that point along its outward normal; negative: below the skin."""
    turns: bool = False
    """Whether the hand turns with the skin, as the normal at the point differs from that at the place."""


@dataclass(frozen=True, eq=False)
class Aims:
    """Where the reaches of a clip are and should be, [reaches, frames, 3] each."""

    touching_m: Tensor
    wanted_m: Tensor
    turn: Tensor
    """Rotation vector from the normal at the place to that at the point aimed at, at most ``_MOST_TURN``."""


_MOST_TURN = np.radians(60.0)


class SkinPatch:
    """The few vertices that reaches depend on, skinned alone."""

    def __init__(self, character: Character, reaches: Sequence[Reach]) -> None:
        """Pick vertices and the faces around the touched ones."""
        self.reaches = reaches
        places = np.unique([v for reach in reaches for v in (reach.place, *reach.corners)])
        faces = character.faces[np.isin(character.faces, places).any(axis=1)]
        self._used = np.unique(np.concatenate([faces.ravel(), [reach.vertex for reach in reaches]]))
        self._faces = torch.from_numpy(np.searchsorted(self._used, faces).astype(np.int64))
        skin = SkinTensors.of(character, dtype=torch.float64)
        kept = torch.from_numpy(self._used.astype(np.int64))
        self.skin = SkinTensors(
            skin.parents,
            skin.rest_offsets_m,
            skin.rest_positions_m,
            skin.rest_vertices_m[kept],
            skin.dense_weights[kept],
        )

    def _row(self, vertex: int) -> int:
        return int(np.searchsorted(self._used, vertex))

    def aims(self, pose: Pose) -> Aims:
        """Return where the touching vertices are and where they should be."""
        vertices = self.skin.vertices_m(pose)
        normals = self._normals(vertices)
        touching, wanted, turns = [], [], []
        for reach in self.reaches:
            a, b = (self._row(vertex) for vertex in reach.corners)
            point = torch.lerp(vertices[:, a], vertices[:, b], reach.share)
            normal = torch.lerp(normals[:, a], normals[:, b], reach.share)
            normal = normal / normal.norm(dim=-1, keepdim=True)
            touching.append(vertices[:, self._row(reach.vertex)])
            wanted.append(point + reach.lift_m * normal)
            turn = rotation_between(normals[:, self._row(reach.place)], normal)
            angle = turn.norm(dim=-1, keepdim=True).clamp_min(1e-12)
            turns.append(turn * (angle.clamp_max(_MOST_TURN) / angle) * float(reach.turns))
        return Aims(torch.stack(touching), torch.stack(wanted), torch.stack(turns))

    def _normals(self, vertices: Tensor) -> Tensor:
        """Unit normals, area-weighted over the faces around; right at the places, [frames, vertices, 3]."""
        a, b, c = (vertices[:, self._faces[:, k]] for k in range(3))
        face = torch.linalg.cross(b - a, c - a)
        total = torch.zeros_like(vertices)
        for k in range(3):
            total.index_add_(1, self._faces[:, k], face)
        return total / total.norm(dim=-1, keepdim=True).clamp_min(1e-12)


def rotation_between(start: Tensor, end: Tensor) -> Tensor:
    """Return the smallest rotation from one unit vector to another as a rotation vector, [..., 3]."""
    axis = torch.linalg.cross(start, end)
    sine, cosine = axis.norm(dim=-1, keepdim=True), (start * end).sum(dim=-1, keepdim=True)
    return axis / sine.clamp_min(1e-12) * torch.atan2(sine, cosine)


@dataclass(frozen=True, eq=False)
class SidePath:
    """How strongly each held span of one arm pulls its hand away, frame by frame."""

    side: str
    reach: Tensor
    """Which reach the frame's hand is measured by, int64 [frames]."""
    weights: Tensor
    """Of each span, between 0 and 1; together at most 1; 0 everywhere: the frame stays as it is, [spans, frames]."""
    reaches: tuple[int, ...]
    """The reach of each span."""
    frames: Tensor
    """The span's own frame that is nearest to each frame, int64 [spans, frames]."""

    def displacement(self, of_reaches: Tensor) -> Tensor:
        """Blend values that are known while contacts are held, [reaches, frames, 3], into one per frame."""
        total = torch.zeros_like(of_reaches[0])
        for weight, reach, frames in zip(self.weights, self.reaches, self.frames, strict=True):
            total += weight[:, None] * of_reaches[reach][frames]
        return total

    def of_frame(self, of_reaches: Tensor) -> Tensor:
        """Return the values of the reach that each frame is measured by, [frames, 3]."""
        return of_reaches[self.reach, torch.arange(of_reaches.shape[1])]


def side_paths(reaches: Sequence[Reach], fps: float) -> list[SidePath]:
    """Return how each arm leaves its right path and comes back."""
    return [
        _side_path(side, [(number, reach) for number, reach in enumerate(reaches) if reach.side == side], fps)
        for side in sorted({reach.side for reach in reaches})
    ]


def _side_path(side: str, numbered: Sequence[tuple[int, Reach]], fps: float) -> SidePath:
    spans = [(number, *span) for number, reach in numbered for span in held_spans(reach.held)]
    time = np.arange(len(numbered[0][1].held))
    weights = []
    for _, start, stop in spans:
        away = np.maximum(np.maximum(start - time, time - (stop - 1)), 0) / (FADE_S * fps)
        gone = np.clip(away, 0.0, 1.0)
        weights.append(1 - gone * gone * (3 - 2 * gone))
    pull = np.array(weights)
    for number, (_, start, stop) in enumerate(spans):  # while a contact is held nothing else pulls
        others = np.arange(len(spans)) != number
        pull[others, start:stop] = 0.0
    pull /= np.maximum(pull.sum(axis=0), 1.0)
    nearest = np.array([np.clip(time, start, stop - 1) for _, start, stop in spans])
    of_span = np.array([number for number, _, _ in spans])
    return SidePath(
        side,
        torch.from_numpy(of_span[pull.argmax(axis=0)]),
        torch.from_numpy(pull),
        tuple(of_span.tolist()),
        torch.from_numpy(nearest),
    )


def held_spans(held: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the runs of held frames, first included and last excluded."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], held, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
