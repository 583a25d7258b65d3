"""The source's own self-contacts: which points of its limbs are near which places of its body, frame by frame.

Found on the source's mesh by distance alone. Each is recorded as two places on the source's skin and the gap between
them, and asked of the target's mesh through the map between the two skins (compare the key-vertex descriptors of
ReConForM, Cheynel et al. 2025: distance and direction between corresponding skin points, weighted by nearness).
"""

from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from torch import Tensor

from ....datasets.body import Character, Motion
from ....datasets.body.joint_names import require_joints
from ....datasets.body.kinematics import motion_vertices_m
from ....datasets.body.limbs import LimbBody, limb_bodies
from .correspondence import SurfaceMap
from .geometry import face_normals, spread
from .normal_equations import Rows
from .rig import FloatArray, Posed, Rig
from .settings import Settings

_PROBES_PER_LIMB = 70
_LEAST_WEIGHT = 2e-3
_END_JOINTS = {"left_arm": "LeftForeArm", "right_arm": "RightForeArm", "left_leg": "LeftLeg", "right_leg": "RightLeg"}
"""Only what hangs below the elbow or the knee is followed: upper arms and thighs are always near the torso."""


@dataclass(frozen=True, eq=False)
class Proximities:
    """N nearby pairs of the source: a vertex of a limb and a point of the rest of the body."""

    frame: NDArray[np.intp]
    vertex: NDArray[np.intp]
    """Source vertex of the limb."""
    corners: NDArray[np.intp]
    """Source vertices of the face that holds the nearest point, [N, 3]."""
    barycentrics: FloatArray
    gap: FloatArray
    """From the nearest point to the limb vertex over the source's H, world axes, never into the body, [N, 3]."""
    normal: FloatArray
    """Outward direction of the source's surface, [N, 3]."""
    holding: FloatArray
    """Weight of the place, which is that of a touch: it falls fast with distance, [N]."""
    weight: FloatArray
    """Weight of the distance, [N]."""


def source_proximities(source: Character, motion: Motion, settings: Settings) -> Proximities:
    """Find the nearby pairs of every second frame (of all frames below 20 a second).

    A limb's weight in a frame falls with its smallest distance d as ``exp(-(d / fade)^2)`` and is shared among its
    points, the nearest ones taking most, so that a touch is one constraint however many vertices a hand has.
    """
    stride = 2 if motion.fps > 20 else 1
    frames = np.arange(0, motion.frame_count, stride)
    vertices = motion_vertices_m(source, motion)[torch.from_numpy(frames)]
    smoothing = settings.contact_smoothing_s * motion.fps / stride
    found = [_limb_proximities(source, limb, vertices, smoothing, settings) for limb in limb_bodies(source)]
    joined = {
        field.name: np.concatenate([getattr(part, field.name) for part in found]) for field in fields(Proximities)
    }
    joined["frame"] = frames[joined["frame"]]
    joined["holding"], joined["weight"] = joined["holding"] * stride, joined["weight"] * stride
    return Proximities(**joined)


def _limb_proximities(
    source: Character, limb: LimbBody, vertices_m: Tensor, smoothing: float, settings: Settings
) -> Proximities:
    probes = _probes(source, limb)
    if not len(probes) or not (limb.source_faces >= 0).any():
        return _no_proximities()
    hits = limb.surface.query(limb.vertices_m(vertices_m), vertices_m[:, probes])
    height = source.height_m
    faces = hits.face.numpy()
    real = limb.source_faces[faces] >= 0
    distance = np.where(hits.inside.numpy(), 0.0, hits.distance_m.numpy().astype(np.float64)) / height
    nearest = np.where(real, distance, 1.0).min(axis=1, keepdims=True)
    share = np.where(real, np.exp(-(distance - nearest) / settings.contact_focus), 0.0)
    share /= np.maximum(share.sum(axis=1, keepdims=True), 1e-9)
    # The nearest points change from frame to frame; what pulls on the limb fades from one to the next.
    holding, weight = (
        np.where(real, gaussian_filter1d(share * np.exp(-((nearest / fade) ** 2)), smoothing, axis=0), 0.0)
        for fade in (settings.touch_fade, settings.contact_fade)
    )
    frame, number = np.nonzero(weight > _LEAST_WEIGHT)
    corners = source.faces[limb.source_faces[faces[frame, number]]].astype(np.intp)
    barycentrics = hits.barycentrics.numpy()[frame, number].astype(np.float64)
    posed = vertices_m.numpy()
    triangle = posed[frame[:, None], corners].astype(np.float64)
    closest = (triangle * barycentrics[..., None]).sum(axis=1)
    gap = (posed[frame, probes[number]] - closest) / height
    normal = face_normals(triangle)
    gap = gap - np.minimum((gap * normal).sum(axis=1, keepdims=True), 0.0) * normal
    weights = holding[frame, number], weight[frame, number]
    return Proximities(frame, probes[number], corners, barycentrics, gap, normal, *weights)


def _no_proximities() -> Proximities:
    none, no_vectors = np.zeros(0, dtype=np.intp), np.zeros((0, 3))
    corners = np.zeros((0, 3), dtype=np.intp)
    return Proximities(none, none, corners, no_vectors, no_vectors, no_vectors, np.zeros(0), np.zeros(0))


def _probes(source: Character, limb: LimbBody) -> NDArray[np.intp]:
    joints = require_joints(source.skeleton)
    end = joints[_END_JOINTS[limb.name]]
    below = np.zeros(source.skeleton.joint_count, dtype=bool)
    for joint, parent in enumerate(source.skeleton.parents):
        below[joint] = joint == end or (parent >= 0 and below[parent])
    usable = limb.vertices[source.dense_weights[limb.vertices][:, below].sum(axis=1) > 0.6]
    return spread(source.rest_vertices_m, usable, _PROBES_PER_LIMB)


@dataclass(frozen=True, eq=False)
class CarriedProximities:
    """The same pairs on the target: sparse combinations of its vertices."""

    found: Proximities
    limb_corners: NDArray[np.intp]
    limb_weights: FloatArray
    place_corners: NDArray[np.intp]
    """Target vertices of the three mapped corners, [N, 9]."""
    place_weights: FloatArray
    limb_reach: FloatArray
    place_reach: FloatArray
    height_m: float

    @classmethod
    def of(cls, found: Proximities, skins: SurfaceMap, rig: Rig, target: Character) -> "CarriedProximities":
        """Look up both places of every pair on the target."""
        limb_corners, limb_weights = skins.corners[found.vertex], skins.weights[found.vertex]
        place_corners = skins.corners[found.corners].reshape(len(found.frame), 9)
        place_weights = (skins.weights[found.corners] * found.barycentrics[..., None]).reshape(len(found.frame), 9)
        return cls(
            found, limb_corners, limb_weights, place_corners, place_weights,
            (rig.reach[limb_corners] * limb_weights[..., None]).sum(axis=1),
            (rig.reach[place_corners] * place_weights[..., None]).sum(axis=1),
            target.height_m,
        )  # fmt: skip

    def rows(self, posed: Posed, settings: Settings) -> list[Rows]:
        """Return rows that ask for the source's gap, scaled by H: its distance, and for a touch also its place.

        The gap keeps its direction in the world: the copied pose has turned the target's bones as the source's.
        """
        found, vertices = self.found, posed.vertices_m.numpy().astype(np.float64)
        frame = found.frame[:, None]
        limb = (vertices[frame, self.limb_corners] * self.limb_weights[..., None]).sum(axis=1)
        place = (vertices[frame, self.place_corners] * self.place_weights[..., None]).sum(axis=1)
        error = limb - place - found.gap * self.height_m
        # Geman and McClure's weight: what characters of another build cannot do pulls them apart no further.
        miss = np.linalg.norm(error, axis=1) / (settings.contact_give_up * self.height_m)
        strength = settings.contact / self.height_m**2 / (1.0 + miss**2) ** 2
        held = np.flatnonzero(found.holding > _LEAST_WEIGHT)
        three = np.repeat(held, 3)
        axes = np.tile(np.eye(3), (len(held), 1))
        kept = self._rows((limb, place), three, axes, error[held].ravel(), (strength * found.holding)[three])
        every = np.arange(len(error))
        weight = strength * (found.weight - np.minimum(found.holding, found.weight))
        return [kept, self._rows((limb, place), every, found.normal, (error * found.normal).sum(axis=1), weight)]

    def _rows(
        self,
        ends: tuple[FloatArray, FloatArray],
        which: NDArray[np.intp],
        direction: FloatArray,
        residual_m: FloatArray,
        weight: FloatArray,
    ) -> Rows:
        return Rows(
            frame=self.found.frame[which],
            direction=direction,
            point_m=ends[0][which],
            reach=self.limb_reach[which],
            residual_m=residual_m,
            weight=weight,
            other_m=ends[1][which],
            other_reach=self.place_reach[which],
        )
