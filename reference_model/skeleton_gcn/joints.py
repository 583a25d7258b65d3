"""A motion as the network sees it: 22 joints at evenly spaced moments, whatever the body, the place and the heading."""

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Motion
from ..baselines.retrieval.features import sampled
from ..training.places import MIRRORED, about_y, body_places, yaw_of

_FLIP = np.array([-1.0, 1.0, 1.0], np.float32)


def joint_places(motion: Motion, moments: int) -> NDArray[np.float32]:
    """Return the places of the 22 body joints over the height of the resting head, [moments, 22, 3].

    The motion begins at the origin and faces +z. The hips hold their path, the other joints are relative to them.

    Args:
        motion: On any humanoid skeleton.
        moments: How many, evenly spaced from the first to the last frame, linear between frames.

    Raises:
        UnmappedJoints: If the skeleton is no humanoid.
    """
    places = sampled(body_places(motion), moments)
    places[..., [0, 2]] -= places[:1, :1, [0, 2]]
    places = places @ about_y(-yaw_of(places[:1]))[0].T
    places[:, 1:] -= places[:, :1]
    return places.astype(np.float32)


def mirrored(places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return motions as a mirror shows them, left and right exchanged, [..., 22, 3]."""
    return np.asarray(places[..., MIRRORED, :] * _FLIP)
