"""Measure bodies, to show which of the named ones lie outside the range that training sees."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import Character


def measures(body: Character) -> dict[str, float]:
    """Return the height in metres and proportions of the body as shares of it.

    ``arm``: shoulder to wrist; ``leg``: hip to ankle; ``head``: head joint to crown; ``hand``: wrist to middle
    fingertip; ``trunk_depth``, ``trunk_width``: extent along z, along x, of the torso below the arms.
    """
    joints = dict(zip(body.skeleton.joint_names, body.skeleton.rest_positions_m.astype(np.float64), strict=True))
    height = body.height_m
    torso = body.rest_vertices_m[body.part_vertices("torso")].astype(np.float64)
    torso = torso[torso[:, 1] < joints["Spine2"][1]]
    hand = body.rest_vertices_m[body.part_vertices("left_hand"), 0].max() - joints["LeftHand"][0]
    return {
        "height_m": height,
        "arm": _length(joints["LeftHand"] - joints["LeftArm"]) / height,
        "leg": _length(joints["LeftFoot"] - joints["LeftUpLeg"]) / height,
        "head": float(body.rest_vertices_m[:, 1].max() - joints["Head"][1]) / height,
        "hand": float(hand) / height,
        "trunk_depth": float(np.ptp(torso[:, 2])) / height,
        "trunk_width": float(np.ptp(torso[:, 0])) / height,
    }


def _length(vector: NDArray[Any]) -> float:
    return float(np.linalg.norm(vector))
