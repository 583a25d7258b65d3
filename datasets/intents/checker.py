"""Measures what a solved clip reached, apart from the solver: other code, other numbers, every frame.

Poses are worked out in NumPy in float64 from the quaternions of the finished motion; nothing of the solver's loss,
parameters or proxies is used. Inside is a winding number above 0.5 of the body without the limb.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from ..body import Character, Motion
from ..body.limbs import limb_bodies
from .programs import INTENTS, Program

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Tolerances:
    """What a ground truth must keep. Lengths in H."""

    contact_h: float = 0.012
    depth_h: float = 0.006
    facing_deg: float = 60.0
    held_share: float = 0.97
    """Share of a clip's goal frames in which the contact must be there."""
    free_h: float = 0.05
    free_share: float = 0.97
    penetration_depth_h: float = 0.003
    penetration_share: float = 0.005
    """Mean share of counted limb vertices deeper than ``penetration_depth_h``."""
    precision: float = 0.97
    """Share of the frames in contact in which the contact is programmed."""
    skate_cm_s: float = 1.0
    skate_p95_cm_s: float = 3.0
    range_share: float = 0.0
    """Share of joint angles out of range."""
    floor_h: float = 0.012
    """How deep any vertex may be below the ground."""


PRESSED = Tolerances(penetration_share=0.02)
"""Of programs that press skin on skin: who sits, kneels, crouches or hugs."""


def tolerances_for(program: Program) -> Tolerances:
    """Return what a program must keep: ``PRESSED`` where one of its intents is, else the usual."""
    pressed = any(INTENTS[act.intent].pressed for act in program.acts if act.intent in INTENTS)
    return PRESSED if pressed else Tolerances()


@dataclass(frozen=True)
class Measured:
    """What one clip reached. A value that does not apply (no contacts, no planted foot) is ``None``."""

    contact_h: float | None
    """Largest distance of a held contact."""
    held_share: float | None
    """Share of the goal frames (over all contacts) in which distance, depth and facing are within tolerance."""
    facing_deg: float | None
    """Largest angle between a palm and the skin it touches."""
    depth_h: float | None
    """Largest depth of a touching vertex inside the body."""
    free_h: float | None
    """Smallest distance on frames programmed free."""
    free_share: float | None
    precision: float | None
    """Of the held and free frames in which vertex and place are in contact: the share of held ones."""
    penetration_share: float
    worst_depth_h: float
    """Largest depth of a counted limb vertex."""
    skate_cm_s: float | None
    """Mean horizontal speed of the soles of planted feet."""
    skate_p95_cm_s: float | None
    """The speed that 95 % of the frames of planted feet stay below."""
    range_share: float
    """Share of joint angles out of range."""
    range_excess_deg: float
    """Furthest that any joint is out of range; ``range_report`` says which."""
    floor_h: float
    """Largest depth of a vertex below the ground."""
    jerk: float
    """Mean norm of the joints' third time derivative after a Gaussian low-pass (about 6 Hz), over H, per s^3."""


def measure(
    program: Program, body: Character, motion: Motion, keys: Mapping[str, int], tolerances: Tolerances | None = None
) -> Measured:
    """Measure a motion on a body against its program.

    Args:
        program: What was asked.
        body: The body it was solved on.
        motion: What came out.
        keys: Key vertex name -> vertex.
        tolerances: What counts as held, free and deep.
    """
    limits = tolerances or Tolerances()
    joints_m, turns = _pose(motion)
    vertices = _skin(body, joints_m, turns)
    depth = _limb_depths(body, vertices) / body.height_m
    counted = np.isfinite(depth).any(axis=0)
    contacts = [_contact(program, pair, (body, vertices, depth), keys) for pair in program.contact_pairs()]
    free = [_free(program, pair, vertices, keys) / body.height_m for pair in program.contact_pairs()]
    distances, facings, depths = (_joined([c[i] for c in contacts]) for i in range(3))
    frees = _joined(free)
    good = (distances <= limits.contact_h) & (depths <= limits.depth_h) & (facings <= limits.facing_deg)
    deep = depth[:, counted] > limits.penetration_depth_h
    soles = _sole_speeds_cm_s(program, body, vertices)
    excess = _range_excess_deg(motion)
    return Measured(
        contact_h=_most(distances),
        held_share=float(good.mean()) if len(good) else None,
        facing_deg=_most(facings),
        depth_h=_most(depths),
        free_h=float(frees.min()) if len(frees) else None,
        free_share=float((frees >= limits.free_h).mean()) if len(frees) else None,
        precision=_precision(distances <= limits.contact_h, frees <= limits.contact_h),
        penetration_share=float(deep.mean()) if deep.size else 0.0,
        worst_depth_h=float(np.nanmax(depth[:, counted], initial=0.0)),
        skate_cm_s=float(soles.mean()) if len(soles) else None,
        skate_p95_cm_s=float(np.quantile(soles, 0.95)) if len(soles) else None,
        range_share=float(np.mean([excess_deg > 0 for excess_deg in excess.values()])),
        range_excess_deg=float(max(e.max() for e in excess.values())),
        floor_h=float(max(0.0, -vertices[..., 1].min()) / body.height_m),
        jerk=_jerk(joints_m, motion.fps) / body.height_m,
    )


def misses(measured: Measured, tolerances: Tolerances | None = None) -> tuple[str, ...]:
    """Return the names of what is out of tolerance; empty for an acceptable ground truth."""
    limits = tolerances or Tolerances()
    failed = []
    for name in ("held_share", "free_share", "precision"):
        value = getattr(measured, name)
        if value is not None and value < getattr(limits, name):
            failed.append(name)
    for name in ("penetration_share", "skate_cm_s", "skate_p95_cm_s", "range_share", "floor_h"):
        value = getattr(measured, name)
        if value is not None and value > getattr(limits, name):
            failed.append(name)
    return tuple(failed)


def _pose(motion: Motion) -> tuple[Array, Array]:
    """World joint positions [frames, joints, 3] and rotations [frames, joints, 3, 3], joint by joint."""
    skeleton = motion.skeleton
    quaternions = motion.local_rotations_wxyz.astype(np.float64)
    local = (
        Rotation.from_quat(quaternions.reshape(-1, 4), scalar_first=True)
        .as_matrix()
        .reshape(*quaternions.shape[:2], 3, 3)
    )
    positions = np.zeros((*quaternions.shape[:2], 3))
    turns = np.zeros_like(local)
    positions[:, 0], turns[:, 0] = motion.root_translation_m, local[:, 0]
    for joint in range(1, skeleton.joint_count):
        parent = skeleton.parents[joint]
        turns[:, joint] = turns[:, parent] @ local[:, joint]
        positions[:, joint] = positions[:, parent] + turns[:, parent] @ skeleton.rest_offsets_m[joint].astype(
            np.float64
        )
    return positions, turns


def _skin(body: Character, joints_m: Array, turns: Array) -> Array:
    """Linear blend skinning, one influence at a time, [frames, vertices, 3]."""
    rest = body.rest_vertices_m.astype(np.float64)
    rest_joints = body.skeleton.rest_positions_m.astype(np.float64)
    out = np.zeros((len(joints_m), *rest.shape))
    for influence in range(body.joint_indices.shape[1]):
        joint, weight = body.joint_indices[:, influence], body.weights[:, influence].astype(np.float64)
        moved = np.einsum("fvab,vb->fva", turns[:, joint], rest - rest_joints[joint]) + joints_m[:, joint]
        out += weight[:, None] * moved
    return out


def _limb_depths(body: Character, vertices: Array) -> Array:
    """Depth in metres of every counted limb vertex inside the body without its limb, [frames, vertices]; others NaN."""
    depth = np.full(vertices.shape[:2], np.nan)
    posed = torch.tensor(vertices, dtype=torch.float32)
    for limb in limb_bodies(body):
        if len(limb.counted):
            points = posed[:, torch.from_numpy(limb.counted)]
            depth[:, limb.counted] = limb.surface.query(limb.vertices_m(posed), points).depth_m.numpy()
    return depth


def _contact(
    program: Program, pair: tuple[str, str], posed: tuple[Character, Array, Array], keys: Mapping[str, int]
) -> tuple[Array, Array, Array]:
    """Distance in H, facing in degrees and depth in H at the held frames of one contact."""
    body, vertices, depth = posed
    vertex, place = keys[pair[0]], keys[pair[1]]
    held = program.held(*pair)
    distance = np.linalg.norm(vertices[held, vertex] - vertices[held, place], axis=-1) / body.height_m
    cosine = -(_normals(body, vertices[held], vertex) * _normals(body, vertices[held], place)).sum(-1)
    facing = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    if not any(c.faces_skin for c in program.contacts if (c.vertex, c.place) == pair):
        facing = np.zeros_like(facing)
    return distance, facing, np.nan_to_num(depth[held, vertex])


def _free(program: Program, pair: tuple[str, str], vertices: Array, keys: Mapping[str, int]) -> Array:
    free = program.free(*pair)
    return np.asarray(np.linalg.norm(vertices[free, keys[pair[0]]] - vertices[free, keys[pair[1]]], axis=-1))


def _normals(body: Character, vertices: Array, vertex: int) -> Array:
    """Area-weighted unit normal of one vertex of the posed mesh, [frames, 3]."""
    faces = body.faces[(body.faces == vertex).any(axis=1)]
    a, b, c = (vertices[:, faces[:, corner]] for corner in range(3))
    normal = np.cross(b - a, c - a).sum(axis=1)
    return np.asarray(normal / np.linalg.norm(normal, axis=-1, keepdims=True))


def _precision(held: NDArray[np.bool_], free: NDArray[np.bool_]) -> float | None:
    touching = int(held.sum() + free.sum())
    return float(held.sum() / touching) if touching else None


def _sole_speeds_cm_s(program: Program, body: Character, vertices: Array) -> Array:
    """Mean horizontal speed of a planted foot's sole, of all planted feet and steps between frames."""
    planted = program.planted()
    speeds = []
    for side, name in enumerate(("left", "right")):
        leg = body.part_vertices(f"{name}_leg")
        sole = leg[body.rest_vertices_m[leg, 1] < 0.012 * body.height_m]
        step = np.linalg.norm(np.diff(vertices[:, sole][..., [0, 2]], axis=0), axis=-1).mean(axis=1)
        speeds.append(step[planted[1:, side] & planted[:-1, side]] * program.fps * 100)
    return np.asarray(np.concatenate(speeds))


def range_report(motion: Motion) -> dict[str, float]:
    """Return the joints that leave their range and by how many degrees at most; empty for a motion within range."""
    furthest = {joint: float(excess.max()) for joint, excess in _range_excess_deg(motion).items()}
    return {joint: degrees for joint, degrees in furthest.items() if degrees > 0}


def _range_excess_deg(motion: Motion) -> dict[str, Array]:
    """Degrees out of range per frame of elbows, knees, wrists, neck, head, spine and collar bones; 0 within."""
    limits_deg: dict[str, float] = {"Spine": 32, "Spine1": 32, "Spine2": 32, "Neck": 42, "Head": 42}
    limits_deg |= {f"{s}{j}": d for s in ("Left", "Right") for j, d in (("Shoulder", 32), ("Hand", 85), ("Leg", 155))}
    limits_deg |= {f"{s}ForeArm": 165.0 for s in ("Left", "Right")}
    over: dict[str, Array] = {}
    for name, limit in limits_deg.items():
        w = motion.local_rotations_wxyz[:, motion.skeleton.index(name), 0].astype(np.float64)
        over[name] = np.maximum(np.degrees(2 * np.arccos(np.clip(np.abs(w), 0, 1))) - limit, 0.0)
    for side, sign in (("Left", -1.0), ("Right", 1.0)):  # elbows must not bend backwards
        local = motion.local_rotations_wxyz[:, motion.skeleton.index(f"{side}ForeArm")]
        forearm = Rotation.from_quat(local, scalar_first=True).apply([-sign, 0.0, 0.0])
        flexion = np.degrees(np.arctan2(forearm[:, 2], -sign * forearm[:, 0]))
        over[f"{side}ForeArm backwards"] = np.maximum(-3.0 - flexion, 0.0)
    return over


def _jerk(joints_m: Array, fps: float) -> float:
    smooth = gaussian_filter1d(joints_m, sigma=fps / (2 * np.pi * 6), axis=0)
    return float(np.linalg.norm(np.diff(smooth, n=3, axis=0) * fps**3, axis=-1).mean())


def _joined(parts: list[Any]) -> Array:
    return np.concatenate(parts) if parts else np.zeros(0)


def _most(values: Array) -> float | None:
    return float(values.max()) if len(values) else None
