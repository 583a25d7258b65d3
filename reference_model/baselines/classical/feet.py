"""Feet: planted soles stay where they are, soles keep their height, nothing goes through the floor.

Whether a foot is planted is read off the source: a sole point that is low and slow. Heel, toe and both sides of the
ball are judged one by one, so that a foot may turn about its toes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....datasets.body import Character, Motion
from ....datasets.body.joint_names import require_joints
from ....datasets.body.kinematics import motion_vertices_m
from ..root_path import leg_length_m
from .normal_equations import Rows
from .rig import FloatArray, Posed, Rig
from .settings import Settings

_GROUND_SEARCH = 0.06
"""A clip's ground may be off zero by this, over H (captured feet sink into or float over the floor)."""
_SHORTEST_S = 0.1
_NEAR_GROUND = 0.06
_LOWEST_PER_FRAME = 16


@dataclass(frozen=True, eq=False)
class FootTargets:
    """What the sole points of the target are to do, P points."""

    points: NDArray[np.intp]
    """Target vertices, [P]."""
    planted: NDArray[np.bool_]
    """[frames, P]."""
    anchors_m: FloatArray
    """Where a planted point is held, [frames, P, 2] (x and z)."""
    heights_m: FloatArray
    """[frames, P]."""
    near_ground: FloatArray
    """Weight of the height, 1 on the ground, [frames, P]."""

    @classmethod
    def of(
        cls, source: Character, motion: Motion, target: Character, copied: Motion, settings: Settings
    ) -> "FootTargets":
        """Read planting and heights off the source; planted points are held where the copy has them on average."""
        ours, theirs = sole_points(source), sole_points(target)
        paths = motion_vertices_m(source, motion)[:, ours].numpy().astype(np.float64)
        # Lift is measured from each point's own height in the rest pose: a heel need not be the lowest place of a sole.
        lifts = paths[..., 1] - source.rest_vertices_m[ours, 1]
        slow = _slow(paths, leg_length_m(source), motion.fps, settings)
        lifts = lifts - ground_height_m(lifts, slow, source.height_m)
        planted = _lasting(slow & (lifts < settings.planted_height * source.height_m), motion.fps)
        copied_paths = motion_vertices_m(target, copied)[:, theirs].numpy().astype(np.float64)
        scale = leg_length_m(target) / leg_length_m(source)
        return cls(
            theirs,
            planted,
            _means_of_runs(copied_paths[..., [0, 2]], planted),
            np.maximum(lifts, 0.0) * scale + target.rest_vertices_m[theirs, 1],
            np.exp(-((np.maximum(lifts, 0.0) / (_NEAR_GROUND * source.height_m)) ** 2)),
        )

    def rows(self, posed: Posed, rig: Rig, height_m: float, settings: Settings) -> list[Rows]:
        """Return the rows of planted points, of sole heights and of vertices below the floor."""
        vertices = posed.vertices_m[:, self.points].numpy().astype(np.float64)
        frame, number = np.nonzero(self.planted)
        rows = []
        for axis, column in ((0, 0), (2, 1)):
            rows.append(
                _world_rows(
                    rig, posed, (frame, self.points[number]), axis,
                    vertices[frame, number, axis] - self.anchors_m[frame, number, column],
                    np.full(len(frame), settings.planted / height_m**2),
                )
            )  # fmt: skip
        frame, number = np.nonzero(self.near_ground > 1e-2)
        error = vertices[frame, number, 1] - self.heights_m[frame, number]
        weight = settings.sole_height * self.near_ground[frame, number] / height_m**2
        return [*rows, _world_rows(rig, posed, (frame, self.points[number]), 1, error, weight),
                _floor_rows(rig, posed, settings.floor / height_m**2)]  # fmt: skip


def sole_points(character: Character) -> NDArray[np.intp]:
    """Return heel, toe and both sides of the ball of the left, then of the right foot, vertex indices, [8]."""
    joints = require_joints(character.skeleton)
    rest = character.rest_vertices_m.astype(np.float64)
    positions = character.skeleton.rest_positions_m.astype(np.float64)
    chosen: list[int] = []
    for side in ("Left", "Right"):
        foot = joints[f"{side}Foot"]
        ahead = positions[joints[f"{side}ToeBase"]] - positions[foot] if f"{side}ToeBase" in joints else np.eye(3)[2]
        ahead = ahead * np.array([1.0, 0.0, 1.0])
        ahead = ahead / np.linalg.norm(ahead) if np.linalg.norm(ahead) > 1e-6 else np.eye(3)[2]
        mine = _moved_by(character, foot)
        sole = mine[rest[mine, 1] < rest[mine, 1].min() + 0.012 * character.height_m]
        along, aside = rest[sole] @ ahead, rest[sole] @ np.cross([0.0, 1.0, 0.0], ahead)
        front = along >= np.quantile(along, 0.5)
        chosen += [int(sole[along.argmin()]), int(sole[along.argmax()])]
        chosen += [int(sole[front][aside[front].argmin()]), int(sole[front][aside[front].argmax()])]
    return np.array(chosen)


def _moved_by(character: Character, joint: int) -> NDArray[np.intp]:
    below = np.zeros(character.skeleton.joint_count, dtype=bool)
    for index, parent in enumerate(character.skeleton.parents):
        below[index] = index == joint or (parent >= 0 and below[parent])
    share = character.dense_weights[:, below].sum(axis=1)
    found = np.flatnonzero(share > 0.5)
    return found if len(found) else np.argsort(-share, kind="stable")[:4]


def ground_height_m(lifts_m: FloatArray, slow: NDArray[np.bool_], body_height_m: float) -> float:
    """Return the height of a clip's ground: the median of its lowest sole point, in frames in which that one is slow.

    0 where there is no such frame or the result is too far from 0 to be a floor that was missed.
    """
    lowest = lifts_m.argmin(axis=1)
    frames = np.arange(len(lifts_m))
    resting = lifts_m[frames, lowest][slow[frames, lowest]]
    ground = float(np.median(resting)) if len(resting) else 0.0
    return ground if abs(ground) < _GROUND_SEARCH * body_height_m else 0.0


def _slow(paths_m: FloatArray, leg_m: float, fps: float, settings: Settings) -> NDArray[np.bool_]:
    if len(paths_m) < 2:
        return np.ones(paths_m.shape[:2], dtype=bool)
    speed = np.linalg.norm(np.gradient(paths_m, 1.0 / fps, axis=0), axis=-1)
    return np.asarray(speed < settings.planted_speed * leg_m)


def _lasting(planted: NDArray[np.bool_], fps: float) -> NDArray[np.bool_]:
    """Drop what is shorter than a tenth of a second."""
    kept = planted.copy()
    for point in range(planted.shape[1]):
        for start, stop in _runs(planted[:, point]):
            if stop - start < min(_SHORTEST_S * fps, len(planted)):
                kept[start:stop, point] = False
    return kept


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _means_of_runs(paths_m: FloatArray, planted: NDArray[np.bool_]) -> FloatArray:
    anchors = paths_m.copy()
    for point in range(planted.shape[1]):
        for start, stop in _runs(planted[:, point]):
            anchors[start:stop, point] = paths_m[start:stop, point].mean(axis=0)
    return anchors


def _world_rows(
    rig: Rig,
    posed: Posed,
    where: tuple[NDArray[np.intp], NDArray[np.intp]],
    axis: int,
    residual_m: FloatArray,
    weight: FloatArray,
) -> Rows:
    frame, vertex = where
    points = posed.vertices_m.numpy()[frame, vertex].astype(np.float64)
    direction = np.tile(np.eye(3)[axis], (len(frame), 1))
    return Rows(frame, direction, points, rig.reach[vertex], residual_m, weight)


def _floor_rows(rig: Rig, posed: Posed, weight: float) -> Rows:
    heights = posed.vertices_m[..., 1].numpy().astype(np.float64)
    count = min(_LOWEST_PER_FRAME, heights.shape[1])
    lowest = np.argpartition(heights, count - 1, axis=1)[:, :count]
    frame, number = np.nonzero(np.take_along_axis(heights, lowest, axis=1) < 0.0)
    vertex = lowest[frame, number]
    return _world_rows(rig, posed, (frame, vertex), 1, heights[frame, vertex], np.full(len(frame), weight))
