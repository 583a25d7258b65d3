"""Bodies beyond the shape basis: limbs, trunk, head and girth of a rig stretched at random, both sides alike.

Characters of games and cartoons have proportions that no person has; a network that has only seen people's guesses.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS
from .rig import JOINTS, Rig

Floats = NDArray[np.floating]

_SPREAD = 0.15
"""Standard deviation of the factors' logarithms."""
_ENDS = {"arm": ("Arm", "Hand"), "leg": ("Leg", "Foot", "ToeBase"), "head": ("Neck", "Head")}
_SPINE = [BODY_JOINTS.index(name) for name in ("Spine", "Spine1", "Spine2", "Neck", "Head")]
_LEG = [BODY_JOINTS.index(name) for name in ("LeftLeg", "LeftFoot", "LeftToeBase")]
_FEET = [BODY_JOINTS.index(side + bone) for side in ("Left", "Right") for bone in ("Foot", "ToeBase")]


def stretched(rig: Rig, generator: np.random.Generator) -> Rig:
    """Return a rig of other proportions whose feet stand where they stood.

    Args:
        rig: Any rig.
        generator: Where the randomness comes from.
    """
    lengths = {part: float(np.exp(_SPREAD * generator.normal())) for part in ("arm", "leg", "head", "trunk", "width")}
    girths = {part: float(np.exp(_SPREAD * generator.normal())) for part in ("arm", "leg", "head", "trunk")}
    return _scaled(rig, lengths, girths)


def part_of(joint: str) -> str:
    """Return ``arm``, ``leg``, ``head`` or ``trunk``."""
    return next((part for part, ends in _ENDS.items() if joint.endswith(ends)), "trunk")


def _scaled(rig: Rig, lengths: dict[str, float], girths: dict[str, float]) -> Rig:
    offsets = rig.offsets_m.astype(np.float64).copy()
    scale = np.ones((JOINTS, 3))
    for joint, name in enumerate(BODY_JOINTS):
        part = part_of(name)
        along = {"arm": 0, "leg": 1, "head": 1, "trunk": 1}[part]
        scale[joint] = girths[part]
        scale[joint, along] = lengths[part]
        if name.endswith(("UpLeg", "Shoulder")) or name in {"LeftArm", "RightArm"}:  # the width of hips and shoulders
            offsets[joint] *= lengths["width"]
        elif joint:
            above = part_of(BODY_JOINTS[BODY_PARENTS[joint]])
            offsets[joint] *= lengths[above] if name != "Neck" else lengths["trunk"]
    rest = _positions(offsets)
    raised = rig.rest_m[_FEET, 1].min() - rest[_FEET, 1].min()
    offsets[0, 1] += raised
    rest[:, 1] += raised
    away = rig.points_m[:, None].astype(np.float64) - rig.rest_m
    weights = rig.weights.astype(np.float64)
    points = np.einsum("sj,sjk->sk", weights / weights.sum(axis=1, keepdims=True), rest + scale * away)
    height = float(sum(np.linalg.norm(offsets[j]) for j in (*_SPINE, *_LEG)))
    boxes = rig.shape[:, 3:].reshape(JOINTS, 2, 3) * rig.height_m * scale[:, None]
    steps = offsets.copy()
    steps[0] = [0.0, offsets[0, 1], 0.0]
    return replace(
        rig,
        offsets_m=offsets.astype(np.float32),
        rest_m=rest.astype(np.float32),
        points_m=points.astype(np.float32),
        shape=(np.concatenate([steps, boxes.reshape(JOINTS, 6)], axis=1) / height).astype(np.float32),
        height_m=height,
        leg_m=rig.leg_m + float(offsets[0, 1] - rig.offsets_m[0, 1]),
    )


def _positions(offsets: Floats) -> Floats:
    places = offsets.copy()
    for joint, parent in enumerate(BODY_PARENTS[1:], start=1):
        places[joint] += places[parent]
    return places
