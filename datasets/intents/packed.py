"""Motions packed small: each component of a joint's quaternion is a sum of cosines over the clip, rounded.

Motion is smooth, so that nearly all of its cosines round to nothing; and what rounding leaves is smooth too, where
rounding every frame would leave a tremor that jerk and foot skate are made of.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..body.joint_names import BODY_JOINTS, STANDARD_JOINTS

_ROOT_STEP_M = 1e-4
_LEG_STEP, _ARM_STEP, _FINGER_STEP = 1e-4, 5e-4, 2e-3
"""Of a quaternion's component: feet must not slide, and fingers are short."""


def _steps() -> NDArray[np.float64]:
    legs = ("Hips", "UpLeg", "Leg", "Foot", "Toe")
    steps = np.full(len(STANDARD_JOINTS), _FINGER_STEP)
    for joint, name in enumerate(BODY_JOINTS):
        steps[joint] = _LEG_STEP if name.endswith(legs) else _ARM_STEP
    return np.concatenate([np.repeat(steps, 4), np.full(3, _ROOT_STEP_M)])


@cache
def _cosines(frames: int) -> NDArray[np.float64]:
    """The orthonormal cosines (DCT-II) of a clip, [amplitudes, frames]; the inverse is the transpose."""
    angle = np.pi * np.outer(np.arange(frames), np.arange(frames) + 0.5) / frames
    scale = np.sqrt(np.where(np.arange(frames) == 0, 1.0, 2.0) / frames)
    return np.asarray(scale[:, None] * np.cos(angle))


def pack_clips(clips: Sequence[tuple[NDArray[np.float32], NDArray[np.float32]]]) -> dict[str, NDArray[Any]]:
    """Return arrays that hold many clips of (rotations [F, 52, 4] wxyz, roots [F, 3] in metres) one after the other.

    Unpacked, no joint of a person of 1.8 m is further than 2 mm from where it was, and a planted foot moves by less
    than 3 mm/s.
    """
    starts = np.cumsum([0, *(len(roots) for _, roots in clips)])
    amplitudes = [np.round(_cosines(len(clip[1])) @ _channels(*clip) / _steps()) for clip in clips]
    return {
        "clip_starts": starts.astype(np.int32),
        # Channel after channel: that packs best.
        "amplitudes": np.concatenate([a.astype(np.int32).T.ravel() for a in amplitudes]),
    }


def unpack_clip(arrays: Mapping[str, NDArray[Any]], clip: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return rotations [F, 52, 4] wxyz and roots [F, 3] in metres of one clip."""
    steps = _steps()
    start, stop = (arrays["clip_starts"][clip : clip + 2] * len(steps)).tolist()
    amplitudes = arrays["amplitudes"][start:stop].reshape(len(steps), -1).T
    channels = _cosines(len(amplitudes)).T @ (amplitudes * steps)
    quaternions = channels[:, :-3].reshape(len(channels), -1, 4)
    quaternions /= np.linalg.norm(quaternions, axis=-1, keepdims=True)
    return quaternions.astype(np.float32), channels[:, -3:].astype(np.float32)


def join_packed(clips: Sequence[tuple[Mapping[str, NDArray[Any]], int]]) -> dict[str, NDArray[Any]]:
    """Return packed clips, each given as the arrays that hold it and its number there, as arrays of their own."""
    spans = [(arrays, *arrays["clip_starts"][clip : clip + 2].tolist()) for arrays, clip in clips]
    channels = len(_steps())
    return {
        "clip_starts": np.cumsum([0, *(stop - start for _, start, stop in spans)]).astype(np.int32),
        "amplitudes": np.concatenate([a["amplitudes"][start * channels : stop * channels] for a, start, stop in spans]),
    }


def pack_departures(clips: Sequence[NDArray[np.int16]]) -> dict[str, NDArray[Any]]:
    """Return arrays that hold the departures of many clips, [knots, parameters] each, one after the other."""
    return {
        "knot_starts": np.cumsum([0, *(len(clip) for clip in clips)]).astype(np.int32),
        # Parameter after parameter, each knot as its difference to the one before: that packs best.
        "departures": np.concatenate(
            [np.zeros(0, dtype=np.int16), *(np.diff(clip, axis=0, prepend=np.int16(0)).T.ravel() for clip in clips)]
        ),
    }


def unpack_departures(arrays: Mapping[str, NDArray[Any]], clip: int, parameters: int) -> NDArray[np.int16]:
    """Return the departures of one clip, [knots, parameters]."""
    start, stop = (arrays["knot_starts"][clip : clip + 2] * parameters).tolist()
    steps = arrays["departures"][start:stop].reshape(parameters, -1).T
    return np.cumsum(steps, axis=0, dtype=np.int16)


def as_unpacked(
    rotations_wxyz: NDArray[np.float32], root_m: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return a clip as it will be read again, so that what is measured is what is shipped."""
    return unpack_clip(pack_clips([(rotations_wxyz, root_m)]), 0)


def _channels(rotations_wxyz: NDArray[np.float32], root_m: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return quaternions that never jump to their negatives, and the root, [F, 52 x 4 + 3]."""
    quaternions = rotations_wxyz.astype(np.float64)
    turned = (quaternions[1:] * quaternions[:-1]).sum(axis=-1) < 0
    signs = np.cumprod(np.where(turned, -1.0, 1.0), axis=0)
    quaternions[1:] *= signs[..., None]
    return np.concatenate([quaternions.reshape(len(quaternions), -1), root_m.astype(np.float64)], axis=1)
