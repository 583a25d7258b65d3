"""Are the source's own self-contacts kept? Geometry alone decides; no program is needed.

Two views of it. ``contact_error`` is MeshRet's: pairs of skin sensors that are close in the source should not come
apart. ``source_contact_precision`` and ``_recall`` ask which hand touches the body where, and compare places by their
semantic coordinates (``sensors.SkinPlaces``), since meshes of different characters share no vertex order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .sensors import ZONES, Sensors, SkinPlaces

Floats = NDArray[np.floating]

TOUCH = 0.02
"""A hand touches where one of its vertices is within this of the rest of the body, over H."""
TOUCH_ALLOWED = 0.03
"""A contact is answered by one within this, so that no contact is lost on a hair's breadth."""
ALONG_TOLERANCE = 0.25
"""Largest difference along a zone's axis between two places that count as the same."""
AROUND_TOLERANCE = np.pi / 2
"""Largest difference around it, in radians."""

_CHUNK_FRAMES = 64


def contact_error(source: Sensors, source_m: Floats, target: Sensors, target_m: Floats) -> float | None:
    """Return MeshRet's contact error, without unit.

    For pairs of an arm sensor and one of another limb, the trunk or the head that are closer than the arm's diameter in
    the source: the mean of ``max(0, d_target - d_source)^2`` with each distance over its own character's arm radius
    (Ye et al., NeurIPS 2024, section 4; the text counts contacts that come apart, the printed inequality says the
    opposite, the text is followed). Pairs that are that close in either rest pose (armpits) are left out.

    Args:
        source: The source's sensors.
        source_m: Their positions, frame 0 being the rest pose, [1 + frames, sensors, 3].
        target: The target's sensors.
        target_m: Their positions, in the same form.

    Returns:
        ``None`` if the source has no contact.
    """
    first, second = _pairs(source, target)
    if not len(first):
        return None
    rest = (_distances(source_m[:1], first, second) / source.arm_radius_m >= 2) & (
        _distances(target_m[:1], first, second) / target.arm_radius_m >= 2
    )
    first, second = first[rest[0]], second[rest[0]]
    total, count = 0.0, 0
    for start in range(1, len(source_m), _CHUNK_FRAMES):
        part = slice(start, start + _CHUNK_FRAMES)
        near = _distances(source_m[part], first, second) / source.arm_radius_m < 2
        frames, pairs = np.nonzero(near)
        gaps = (at[part][frames, first[pairs]] - at[part][frames, second[pairs]] for at in (source_m, target_m))
        apart_source, apart_target = (np.linalg.norm(gap, axis=-1) for gap in gaps)
        wider = apart_target / target.arm_radius_m - apart_source / source.arm_radius_m
        total += float(np.square(np.maximum(wider, 0)).sum())
        count += len(frames)
    return total / count if count else None


def _pairs(source: Sensors, target: Sensors) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return arm sensors and what they may touch: everything of another zone, each pair of arms once."""
    left, right = ZONES.index("left_arm"), ZONES.index("right_arm")
    there = source.found & target.found
    zones = source.zones
    a, b = np.meshgrid(np.arange(len(zones)), np.arange(len(zones)), indexing="ij")
    arm = (zones[a] == left) & (zones[b] != left) | (zones[a] == right) & (zones[b] != left) & (zones[b] != right)
    wanted = arm & there[a] & there[b]
    return a[wanted], b[wanted]


def _distances(points_m: Floats, first: NDArray[np.intp], second: NDArray[np.intp]) -> Floats:
    # All pairs by one matrix product per frame, then the wanted ones: gathering 3-vectors per pair is ten times slower.
    centred = points_m - points_m.mean(axis=1, keepdims=True)
    squares = np.square(centred).sum(axis=-1)
    products = centred @ np.swapaxes(centred, 1, 2)
    pairs = squares[:, first] + squares[:, second] - 2 * products[:, first, second]
    return np.asarray(np.sqrt(np.maximum(pairs, 0)))


@dataclass(frozen=True, eq=False)
class HandTouches:
    """How near the vertices of one hand are to the rest of the body, and to which place of it."""

    distance: Floats
    """Distance over H, 0 inside, [frames, hand vertices]."""
    zone: NDArray[np.int64]
    """Zone of the closest place, [frames, hand vertices]."""
    along: Floats
    """Its coordinate along the zone, [frames, hand vertices]."""
    around: Floats
    """Its angle around the zone, in radians, [frames, hand vertices]."""


def touched_places(places: SkinPlaces, corners: NDArray[np.int64], weights: Floats, distance: Floats) -> HandTouches:
    """Return touches from the closest surface points of hand vertices.

    Args:
        places: The character's semantic coordinates.
        corners: Vertices of the closest face, [frames, hand vertices, 3].
        weights: Barycentric weights of the closest point, [frames, hand vertices, 3].
        distance: Distance over H, 0 inside, [frames, hand vertices].
    """
    nearest = np.take_along_axis(corners, weights.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    along = (places.along[corners] * weights).sum(axis=-1)
    return HandTouches(distance, places.zone[nearest], along, places.around[nearest])


def contact_agreement(source: list[HandTouches], target: list[HandTouches]) -> dict[str, float]:
    """Return ``source_contact_precision`` and ``source_contact_recall`` over both hands and all frames.

    A (frame, hand) with a vertex within 2 % H of the rest of the body is a contact. It is answered if the same hand of
    the other character is within 3 % H of a place of the same zone whose coordinates are within 0.25 along and 90
    degrees around. Precision: answered share of the target's contacts; recall: of the source's. Where there is none to
    be answered the value is left out.

    Args:
        source: Left and right hand of the source, in the same order as the target's.
        target: Left and right hand of the target.
    """
    scores: dict[str, float] = {}
    for name, askers, answerers in (
        ("source_contact_recall", source, target),
        ("source_contact_precision", target, source),
    ):
        answers = [_answered(asker, answerer) for asker, answerer in zip(askers, answerers, strict=True)]
        verdicts = np.concatenate(answers) if answers else np.zeros(0)
        if len(verdicts):
            scores[name] = float(verdicts.mean())
    return scores


def _answered(asker: HandTouches, answerer: HandTouches) -> NDArray[np.bool_]:
    """Return for each frame in which the asking hand touches whether the other one answers, [contacts]."""
    if not asker.distance.shape[1]:
        return np.zeros(0, dtype=bool)
    frames = np.flatnonzero(asker.distance.min(axis=1) <= TOUCH).tolist()
    return np.array([_same_place(asker, answerer, frame) for frame in frames], dtype=np.bool_)


def _same_place(asker: HandTouches, answerer: HandTouches, frame: int) -> bool:
    mine = asker.distance[frame] <= TOUCH
    theirs = answerer.distance[frame] <= TOUCH_ALLOWED
    zone = asker.zone[frame, mine][:, None] == answerer.zone[frame, theirs]
    along = asker.along[frame, mine][:, None] - answerer.along[frame, theirs]
    around = asker.around[frame, mine][:, None] - answerer.around[frame, theirs]
    around = np.abs((around + np.pi) % (2 * np.pi) - np.pi)
    return bool((zone & (np.abs(along) <= ALONG_TOLERANCE) & (around <= AROUND_TOLERANCE)).any())
