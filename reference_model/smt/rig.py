"""What a network knows of a character: 22 joints in one canonical T-pose, places on the skin, and its shape.

Every character, whatever its rig and rest pose, is first put into the built-in bodies' T-pose: each limb bone is turned
by the smallest rotation that points it the canonical way (``alignment``). Motions are carried over by the same
rotations, so that a network never sees a rest pose it was not trained on.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Character, Motion, Skeleton
from ...datasets.body.alignment import align_rotations, rest_corrections
from ...datasets.body.bones import joint_bones, vertex_bones
from ...datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS, require_joints
from ...metrics.position import joint_chain_height_m
from ...metrics.sensors import skin_map
from ..baselines.root_path import hips_path_m, leg_length_m

Floats = NDArray[np.floating]

JOINTS = len(BODY_JOINTS)
SHAPE_FEATURES = 9
_SPREAD = np.radians(3.0)
"""The built-in bodies' legs point this far outwards."""
_QUANTILES = (0.05, 0.95)
_FEWEST = 3
_CACHED = 64


@dataclass(frozen=True, eq=False)
class Rig:
    """A character as networks see it, in the canonical T-pose."""

    offsets_m: Floats
    """Rest position minus the parent's of the 22 body joints, [22, 3]; row 0 is the hips' rest position. A joint that
    the character lacks lies on its parent."""
    rest_m: Floats
    """Rest positions, [22, 3]."""
    points_m: Floats
    """Places on the skin that mean the same on everybody (``metrics.sensors``), [places, 3]."""
    weights: Floats
    """Skinning weights of the places on the 22 joints, [places, 22]."""
    found: NDArray[np.bool_]
    """Whether the character has skin at the place, [places]."""
    shape: Floats
    """Per joint its offset and the box of its skin about it (5th to 95th percentile), over height, [22, 9]."""
    height_m: float
    """Hips to head plus hip joint to toes along the bones; what positions are divided by."""
    leg_m: float
    """Height of the hips above the sole; what the root's path is divided by."""


def canonical_skeleton() -> Skeleton:
    """Return 22 joints whose limbs point the canonical way: arms sideways, legs down; the lengths mean nothing."""
    direction = {name: np.array([0.0, 1.0, 0.0]) for name in BODY_JOINTS}
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        leg = np.array([sign * np.sin(_SPREAD), -np.cos(_SPREAD), 0.0])
        direction |= {side + bone: leg for bone in ("UpLeg", "Leg", "Foot", "ToeBase")}
        direction |= {side + bone: np.array([sign, 0.0, 0.0]) for bone in ("Shoulder", "Arm", "ForeArm", "Hand")}
    return Skeleton(BODY_JOINTS, BODY_PARENTS, np.stack([direction[name] for name in BODY_JOINTS]))


CANONICAL = canonical_skeleton()


def canonical_motion(motion: Motion) -> tuple[Floats, Floats]:
    """Return a motion's local rotations on the canonical rig, wxyz [frames, 22, 4], and its hips' path, [frames, 3].

    Raises:
        UnmappedJoints: If the skeleton is no humanoid.
    """
    return align_rotations(motion, CANONICAL), hips_path_m(motion)


_cache: OrderedDict[bytes, Rig] = OrderedDict()


def rig_of(character: Character) -> Rig:
    """Return a character's rig; those of the last characters are kept.

    A character is known by its content: a method is given a fresh copy with every clip.

    Raises:
        UnmappedJoints: If the skeleton is no humanoid.
    """
    key = _content(character)
    if key not in _cache:
        _cache[key] = build_rig(character)
        while len(_cache) > _CACHED:
            _cache.popitem(last=False)
    _cache.move_to_end(key)
    return _cache[key]


def _content(character: Character) -> bytes:
    """A hash of all that a rig is worked out from."""
    skeleton = character.skeleton
    digest = hashlib.sha256(repr((skeleton.joint_names, skeleton.parents)).encode())
    mesh = (character.rest_vertices_m, character.faces, character.joint_indices, character.weights)
    for array in (skeleton.rest_offsets_m, *mesh):
        digest.update(repr(array.shape).encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()


def build_rig(character: Character) -> Rig:
    """Work a character's rig out."""
    skeleton = character.skeleton
    found = require_joints(skeleton)
    turned, places = _canonical_pose(skeleton)
    vertices = _skinned(character, turned, places)
    rest = np.zeros((JOINTS, 3))
    for joint, name in enumerate(BODY_JOINTS):
        rest[joint] = places[found[name]] if name in found else rest[BODY_PARENTS[joint]]
    offsets = rest - np.where(np.array(BODY_PARENTS)[:, None] >= 0, rest[list(BODY_PARENTS)], 0.0)
    sensors, _ = skin_map(character)
    height = max(joint_chain_height_m(skeleton), 1e-3)
    bary = sensors.weights.astype(np.float64)
    corner_weights = bone_weights(character)[sensors.corners]
    return Rig(
        offsets_m=offsets.astype(np.float32),
        rest_m=rest.astype(np.float32),
        points_m=np.einsum("sc,sck->sk", bary, vertices[sensors.corners]).astype(np.float32),
        weights=np.einsum("sc,scj->sj", bary, corner_weights).astype(np.float16),
        found=sensors.found,
        shape=_shape(offsets, rest, vertices, vertex_bones(character), height),
        height_m=height,
        leg_m=leg_length_m(character),
    )


def _canonical_pose(skeleton: Skeleton) -> tuple[Floats, Floats]:
    """World rotations and positions of all joints in the canonical T-pose; others than standard ones follow."""
    corrections = rest_corrections(skeleton, CANONICAL)
    standard = {index: name for name, index in require_joints(skeleton).items()}
    turned, places = np.zeros((skeleton.joint_count, 3, 3)), skeleton.rest_positions_m.astype(np.float64).copy()
    for joint, parent in enumerate(skeleton.parents):
        above = turned[parent] if parent >= 0 else np.eye(3)
        name = standard.get(joint, "")
        turned[joint] = corrections[name].T if name in corrections else above
        if parent >= 0:
            places[joint] = places[parent] + above @ skeleton.rest_offsets_m[joint]
    return turned, places


def _skinned(character: Character, turned: Floats, places: Floats) -> Floats:
    """Linear blend skinning of one pose, [vertices, 3]."""
    rest = character.skeleton.rest_positions_m.astype(np.float64)
    joints = character.joint_indices
    away = character.rest_vertices_m[:, None].astype(np.float64) - rest[joints]
    moved = np.einsum("vkab,vkb->vka", turned[joints], away) + places[joints]
    return np.asarray((character.weights[..., None] * moved).sum(axis=1))


def canonical_vertices(character: Character) -> Floats:
    """Return the mesh in the canonical T-pose, [vertices, 3].

    Raises:
        UnmappedJoints: If the skeleton is no humanoid.
    """
    return _skinned(character, *_canonical_pose(character.skeleton))


def bone_weights(character: Character) -> Floats:
    """Return skinning weights summed over the joints of each of the 22 bones, [vertices, 22]."""
    bones = joint_bones(character.skeleton)
    cells = np.arange(character.vertex_count)[:, None] * JOINTS + bones[character.joint_indices]
    total = np.bincount(cells.ravel(), character.weights.ravel(), minlength=character.vertex_count * JOINTS)
    return np.asarray(total.reshape(-1, JOINTS))


def _shape(offsets: Floats, rest: Floats, vertices: Floats, bones: NDArray[np.int64], height: float) -> Floats:
    boxes = np.zeros((JOINTS, 6))
    for joint in range(JOINTS):
        own = vertices[bones == joint]
        if len(own) >= _FEWEST:
            boxes[joint] = (np.quantile(own, _QUANTILES, axis=0) - rest[joint]).ravel()
    steps = offsets.copy()
    steps[0] = [0.0, offsets[0, 1], 0.0]
    return np.concatenate([steps, boxes], axis=1).astype(np.float32) / np.float32(height)
