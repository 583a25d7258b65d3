"""Places on the skin that mean the same on every character, whatever its mesh.

Meshes of different characters share no vertex order. A place is therefore named by semantic coordinates: which zone of
the body (trunk, head, each arm, each leg), how far along that zone's axis, and at what angle around it, all in the rest
pose; angle 0 faces the front (upwards on the feet), and it grows towards the right-handed turn about the axis.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..datasets.body import Character
from ..datasets.body.bones import vertex_bones
from ..datasets.body.joint_names import BODY_JOINTS, standard_joints

Floats = NDArray[np.float64]

ZONES = ("trunk", "head", "left_arm", "right_arm", "left_leg", "right_leg")
_ANGLES = np.arange(4) * np.pi / 2
_STEPS = np.array([0.0, 0.25, 0.5, 0.75])
_CACHED_CHARACTERS = 16


@dataclass(frozen=True, eq=False)
class Sensors:
    """Points on the skin, each as weights of three vertices."""

    corners: NDArray[np.int64]
    """Vertices of the face each sensor lies on, [sensors, 3]."""
    weights: NDArray[np.float32]
    """Barycentric weights, [sensors, 3]."""
    found: NDArray[np.bool_]
    """Whether the skin was met at that place; a part may be missing, [sensors]."""
    zones: NDArray[np.int64]
    """Index into ``ZONES``, [sensors]; the same for every character."""
    arm_radius_m: float
    """Mean distance of the arm sensors from their bone."""


@dataclass(frozen=True, eq=False)
class SkinPlaces:
    """Semantic coordinates of every vertex, in the rest pose."""

    zone: NDArray[np.int64]
    """Index into ``ZONES``, [vertices]."""
    along: Floats
    """0 at the beginning of the zone's axis (hips, neck, shoulder, hip joint), 1 at its end, [vertices]."""
    around: Floats
    """Angle around the axis in radians, [vertices]."""


_cache: OrderedDict[bytes, tuple[Sensors, SkinPlaces]] = OrderedDict()


def skin_map(character: Character) -> tuple[Sensors, SkinPlaces]:
    """Return a character's sensors and the semantic coordinates of its vertices; the last few are kept."""
    digest = hashlib.sha256(character.skeleton.rest_positions_m.tobytes())
    for array in (character.rest_vertices_m, character.faces, character.joint_indices, character.weights):
        digest.update(np.ascontiguousarray(array).tobytes())
    key = digest.digest()
    if key not in _cache:
        bones = vertex_bones(character)
        _cache[key] = (_place_sensors(character, bones), _places(character, bones))
        while len(_cache) > _CACHED_CHARACTERS:
            _cache.popitem(last=False)
    _cache.move_to_end(key)
    return _cache[key]


def _zone_of_bones() -> NDArray[np.int64]:
    zones = []
    for name in BODY_JOINTS:
        side = "left" if name.startswith("Left") else "right"
        if name in {"Neck", "Head"}:
            zones.append(ZONES.index("head"))
        elif name.endswith(("Arm", "Hand")):
            zones.append(ZONES.index(f"{side}_arm"))
        elif name.endswith(("Leg", "Foot", "ToeBase")):
            zones.append(ZONES.index(f"{side}_leg"))
        else:
            zones.append(ZONES.index("trunk"))
    return np.array(zones)


def _axes(character: Character, zone_of_vertex: NDArray[np.int64]) -> list[list[Floats]]:
    """Return the joints' rest positions along each zone; the first and last are the zone's ends."""
    joints = standard_joints(character.skeleton)
    rest = character.skeleton.rest_positions_m.astype(np.float64)
    place = {name: rest[index] for name, index in joints.items()}
    neck = place.get("Neck", place["Head"])
    head = np.flatnonzero(zone_of_vertex == ZONES.index("head"))
    top = character.rest_vertices_m[head, 1].max() if len(head) else place["Head"][1] + 0.1 * character.height_m
    crown = np.array([place["Head"][0], max(float(top), place["Head"][1] + 1e-3), place["Head"][2]])
    axes = [[place["Hips"], neck], [neck, crown]]
    for side in ("Left", "Right"):
        axes.append([place[f"{side}{end}"] for end in ("Arm", "ForeArm", "Hand")])
    for side in ("Left", "Right"):
        foot = place[f"{side}Foot"]
        axes.append([place[f"{side}UpLeg"], place[f"{side}Leg"], foot])
    return axes


def _frame(axis: Floats) -> tuple[Floats, Floats, Floats]:
    """Return a unit axis, the direction of angle 0 (front, or up for a forward axis) and that of 90 degrees."""
    along = axis / max(float(np.linalg.norm(axis)), 1e-9)
    front = np.array([0.0, 0.0, 1.0]) if abs(along[2]) < 0.8 else np.array([0.0, 1.0, 0.0])
    zero = front - (front @ along) * along
    zero = zero / np.linalg.norm(zero)
    return along, zero, np.cross(along, zero)


def _places(character: Character, bones: NDArray[np.int64]) -> SkinPlaces:
    zone = _zone_of_bones()[bones]
    vertices = character.rest_vertices_m.astype(np.float64)
    along, around = np.zeros(len(vertices)), np.zeros(len(vertices))
    for index, axis in enumerate(_axes(character, zone)):
        rows = np.flatnonzero(zone == index)
        direction, zero, quarter = _frame(axis[-1] - axis[0])
        away = vertices[rows] - axis[0]
        along[rows] = away @ direction / max(float(np.linalg.norm(axis[-1] - axis[0])), 1e-9)
        around[rows] = np.arctan2(away @ quarter, away @ zero)
    return SkinPlaces(zone, along, around)


def _place_sensors(character: Character, bones: NDArray[np.int64]) -> Sensors:
    """Cast rays from the bones to the skin: MeshRet's 18 bones x 4 steps x 4 angles.

    Trunk: four bones of equal length from hips to neck, since rigs differ in their number of spine joints; neck and
    head; upper arm, forearm, hand; thigh, shin, foot.
    """
    zone_of_vertex = _zone_of_bones()[bones]
    corners = character.faces.astype(np.int64)
    triangles = character.rest_vertices_m.astype(np.float64)[corners]
    zone_of_face = zone_of_vertex[corners]
    rows = []
    for zone, start, end in _bones(character, zone_of_vertex):
        own = np.flatnonzero((zone_of_face == zone).any(axis=1))
        _, zero, quarter = _frame(end - start)
        origins = np.repeat(start + _STEPS[:, None] * (end - start), 4, axis=0)
        rays = np.tile(np.cos(_ANGLES)[:, None] * zero + np.sin(_ANGLES)[:, None] * quarter, (4, 1))
        face, weights, far = _outermost_hit(origins, rays, triangles[own])
        rows += [(zone, corners[own[f]] if f >= 0 else corners[0], w, d) for f, w, d in
                 zip(face, weights, far, strict=True)]  # fmt: skip
    zones = np.array([row[0] for row in rows])
    far = np.array([row[3] for row in rows])
    arms = np.isin(zones, [ZONES.index("left_arm"), ZONES.index("right_arm")]) & np.isfinite(far)
    return Sensors(
        corners=np.stack([row[1] for row in rows]),
        weights=np.stack([row[2] for row in rows]).astype(np.float32),
        found=np.isfinite(far),
        zones=zones,
        arm_radius_m=float(far[arms].mean()) if arms.any() else 0.03 * character.height_m,
    )


def _bones(character: Character, zone_of_vertex: NDArray[np.int64]) -> list[tuple[int, Floats, Floats]]:
    """Return zone, start and end of the 18 bones, in the same order for every character."""
    trunk, head, *limbs = _axes(character, zone_of_vertex)
    joints = standard_joints(character.skeleton)
    rest = character.skeleton.rest_positions_m.astype(np.float64)
    steps = np.linspace(trunk[0], trunk[1], 5)
    bones = [(0, a, b) for a, b in pairwise(steps)]
    middle = rest[joints["Head"]] if "Neck" in joints else (head[0] + head[1]) / 2
    bones += [(1, head[0], middle), (1, middle, head[1])]
    for zone, (top, mid, tip) in enumerate(limbs, start=2):
        side = "Left" if zone % 2 == 0 else "Right"
        beyond = joints.get(f"{side}ToeBase" if zone > 3 else f"{side}HandMiddle1")
        own = character.rest_vertices_m[zone_of_vertex == zone].astype(np.float64)
        bones += [(zone, top, mid), (zone, mid, tip), (zone, tip, _tip(tip, tip - mid, own, beyond, rest))]
    return bones


def _tip(tip: Floats, ahead: Floats, own: Floats, beyond: int | None, rest: Floats) -> Floats:
    """Return the end of a hand or foot: twice the way to the next joint, or the farthest vertex ahead."""
    if beyond is not None:
        return np.asarray(tip + 1.6 * (rest[beyond] - tip))
    along = ahead / max(float(np.linalg.norm(ahead)), 1e-9)
    reach = float(((own - tip) @ along).max()) if len(own) else 0.0
    return np.asarray(tip + along * max(reach, 0.3 * float(np.linalg.norm(ahead))))


def _outermost_hit(origins: Floats, rays: Floats, triangles: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return face (-1: none), barycentric weights and distance of the farthest hit of each ray (Moeller-Trumbore)."""
    nothing = np.full(len(origins), -1), np.tile([1.0, 0.0, 0.0], (len(origins), 1)), np.full(len(origins), np.nan)
    if not len(triangles):
        return nothing
    edge_1, edge_2 = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    cross = np.cross(rays[:, None], edge_2)
    det = (cross * edge_1).sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        to_origin = origins[:, None] - triangles[:, 0]
        u = (to_origin * cross).sum(-1) / det
        q = np.cross(to_origin, edge_1)
        v = (q * rays[:, None]).sum(-1) / det
        t = (q * edge_2).sum(-1) / det
        hit = (np.abs(det) > 1e-14) & (u >= -1e-9) & (v >= -1e-9) & (u + v <= 1 + 1e-9) & (t > 0)
    t = np.where(hit, t, -np.inf)
    face = t.argmax(axis=1)
    row = np.arange(len(origins))
    met = hit[row, face]
    weights = np.stack([1 - u[row, face] - v[row, face], u[row, face], v[row, face]], axis=-1)
    return (
        np.where(met, face, -1),
        np.where(met[:, None], weights, nothing[1]),
        np.where(met, t[row, face], np.nan),
    )
