"""The metrics that compare a clip with the source's own self-contacts."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ..datasets.body import Character, Motion
from ..datasets.clip_set import PairData
from .clip_geometry import ClipGeometry, LimbTrack, measure_clip
from .declarations import SOURCE_PROXY
from .sensors import Sensors, skin_map
from .source_contact import HandTouches, contact_agreement, contact_error, touched_places

_CACHED_CLIPS = 64


@dataclass(frozen=True, eq=False)
class SelfContacts:
    """What a clip's contacts look like, free of its mesh."""

    sensors: Sensors
    sensors_m: NDArray[np.floating]
    """Sensor positions, the rest pose first, [1 + frames, sensors, 3]."""
    hands: dict[str, HandTouches]
    """Per arm (``left_arm``, ``right_arm``) that has a hand, its touches."""


_cache: OrderedDict[bytes, SelfContacts] = OrderedDict()


def source_contact_scores(pair: PairData, clip: ClipGeometry) -> dict[str, float | None]:
    """Return ``contact_error`` and the precision and recall of the source's contacts, keyed with their version.

    A proxy skin (``pair.source_is_proxy``) is a declared stand-in; its contacts are scored like any other's, under keys
    of their own (``contact_error@1[source-proxy]``), so that no mean mixes the two.

    Args:
        pair: The pair; its source character needs a skin.
        clip: The measured prediction, with the features ``sensors`` and ``hands`` or ``limbs``.
    """
    source = _source_contacts(pair.source, pair.source_motion)
    target = self_contacts(clip)
    error = contact_error(source.sensors, source.sensors_m, target.sensors, target.sensors_m)
    both = [limb for limb in source.hands if limb in target.hands]
    agreement = contact_agreement([source.hands[limb] for limb in both], [target.hands[limb] for limb in both])
    qualifier = f"[{SOURCE_PROXY}]" if pair.source_is_proxy else ""
    values: dict[str, float | None] = {"contact_error": error, **agreement}
    return {f"{name}@1{qualifier}": value for name, value in values.items()}


def self_contacts(clip: ClipGeometry) -> SelfContacts:
    """Return a measured clip's sensors and hand touches.

    Args:
        clip: Measured with the features ``sensors`` and ``hands`` or ``limbs``.
    """
    character = clip.character
    sensors, places = skin_map(character)
    rest = (character.rest_vertices_m[sensors.corners] * sensors.weights[..., None]).sum(axis=-2)
    moving = np.zeros((0, len(rest), 3)) if clip.sensors_m is None else clip.sensors_m.numpy()
    hand_vertices = character.part_vertices("left_hand", "right_hand")
    hands: dict[str, HandTouches] = {}
    for track in clip.limbs:
        rows = np.flatnonzero(np.isin(track.queried[: track.counted_count], hand_vertices))
        if track.limb.name.endswith("arm") and len(rows):
            corners, weights, distance = _touching_points(track, rows, character)
            hands[track.limb.name] = touched_places(places, corners, weights, distance)
    return SelfContacts(sensors, np.concatenate([rest[None], moving]).astype(np.float32), hands)


def _touching_points(
    track: LimbTrack, rows: NDArray[np.intp], character: Character
) -> tuple[NDArray[np.int64], NDArray[np.floating], NDArray[np.floating]]:
    hits = track.hits
    corners = track.limb.faces[hits.face[:, rows].numpy()].astype(np.int64)
    # On a cap, whose centre is no vertex of the character, the rim stands for it.
    corners = np.where(corners < character.vertex_count, corners, corners[..., 1:2])
    distance = torch.where(hits.inside, 0.0, hits.distance_m)[:, rows].numpy() / character.height_m
    return corners, hits.barycentrics[:, rows].numpy(), distance


def _source_contacts(source: Character, motion: Motion) -> SelfContacts:
    """Measure a source clip once for all targets and methods in this process; found again by its content."""
    digest = hashlib.sha256()
    skeleton = source.skeleton
    for array in (skeleton.rest_offsets_m, source.rest_vertices_m, source.faces, source.joint_indices, source.weights,
                  source.parts, source.uncounted, motion.local_rotations_wxyz, motion.root_translation_m):  # fmt: skip
        digest.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
    key = digest.digest()
    if key not in _cache:
        _cache[key] = self_contacts(measure_clip(source, motion, features=("hands", "sensors")))
        while len(_cache) > _CACHED_CLIPS:
            _cache.popitem(last=False)
    _cache.move_to_end(key)
    return _cache[key]
