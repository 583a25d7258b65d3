"""Motions packed small: smallest-three quaternions in 16 bits, differences from frame to frame, roots in float32."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LARGEST = np.sqrt(0.5)
_STEPS = 32767


def pack_rotations(wxyz: NDArray[np.float32]) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
    """Return the three smaller components of unit quaternions as int16, and which one is left out.

    The largest component is made positive and left out; the others lie within sqrt(1/2) of 0. The error is at most
    1e-4 rad. ``[..., 4] -> [..., 3], [...]``.
    """
    left_out = np.abs(wxyz).argmax(axis=-1)
    sign = np.sign(np.take_along_axis(wxyz, left_out[..., None], axis=-1))
    positive = (wxyz * sign).astype(np.float64)
    others = np.sort((left_out[..., None] + np.array([1, 2, 3])) % 4, axis=-1)
    small = np.take_along_axis(positive, others, axis=-1)
    return np.round(small / _LARGEST * _STEPS).astype(np.int16), left_out.astype(np.uint8)


def unpack_rotations(small: NDArray[np.int16], left_out: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return unit quaternions, the inverse of ``pack_rotations``."""
    components = small.astype(np.float64) / _STEPS * _LARGEST
    largest = np.sqrt(np.maximum(0.0, 1.0 - (components**2).sum(axis=-1)))
    wxyz = np.zeros((*left_out.shape, 4))
    index = left_out.astype(np.intp)[..., None]
    np.put_along_axis(wxyz, np.sort((index + np.array([1, 2, 3])) % 4, axis=-1), components, axis=-1)
    np.put_along_axis(wxyz, index, largest[..., None], axis=-1)
    return np.asarray(wxyz / np.linalg.norm(wxyz, axis=-1, keepdims=True), dtype=np.float32)


def pack_clips(clips: Sequence[tuple[NDArray[np.float32], NDArray[np.float32]]]) -> dict[str, NDArray[Any]]:
    """Return arrays that hold many clips of (rotations [F, J, 4], roots [F, 3]) one after the other.

    Rotations are stored as differences from the frame before (modulo 2^16), joint by joint, which packs well.
    """
    small, left_out = zip(*(pack_rotations(rotations) for rotations, _ in clips), strict=True)
    starts = np.cumsum([0, *(len(s) for s in small)])
    steps = [np.diff(s, axis=0, prepend=np.zeros_like(s[:1])) for s in small]
    return {
        "clip_starts": starts.astype(np.int32),
        "rotation_steps": np.concatenate(steps).transpose(1, 2, 0),
        "rotation_left_out": np.concatenate(left_out).T,
        "roots_m": np.concatenate([roots for _, roots in clips]).astype(np.float32),
    }


def unpack_clip(arrays: Mapping[str, NDArray[Any]], clip: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return rotations [F, J, 4] and roots [F, 3] of one clip."""
    start, stop = arrays["clip_starts"][clip : clip + 2]
    steps = arrays["rotation_steps"][:, :, start:stop].transpose(2, 0, 1)
    small = np.cumsum(steps, axis=0, dtype=np.int16)
    return unpack_rotations(small, arrays["rotation_left_out"][:, start:stop].T), arrays["roots_m"][start:stop]
