"""Checks that the domain types share: shape, finiteness, and a private read-only copy."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..errors import BenchError


class BadArray(BenchError):
    """An array of a domain type with a wrong shape, with NaN or infinity, or with values out of range."""

    rule = "M001"


def frozen_array(
    name: str, values: ArrayLike, shape: Sequence[int | None], dtype: DTypeLike = np.float32
) -> NDArray[Any]:
    """Return a read-only copy of ``values`` after checking it.

    Args:
        name: What the array is called in the message.
        values: Anything NumPy can turn into an array.
        shape: The expected shape; ``None`` stands for any length.
        dtype: The dtype that is stored.

    Raises:
        BadArray: If the number of axes or a length differs, or if a value is NaN or infinite.
    """
    array = np.array(values, dtype=dtype, order="C")
    expected = "[" + ", ".join("any" if n is None else str(n) for n in shape) + "]"
    if array.ndim != len(shape) or any(n is not None and n != m for n, m in zip(shape, array.shape, strict=True)):
        raise BadArray(f"{name} has shape {list(array.shape)}; expected {expected}.")
    if np.issubdtype(array.dtype, np.floating) and not np.isfinite(array).all():
        first = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise BadArray(f"{name} holds NaN or infinity, first at index {list(first)}; every value must be finite.")
    array.setflags(write=False)
    return array


def unit_quaternions(
    name: str, values: ArrayLike, shape: Sequence[int | None], tolerance: float = 1e-3
) -> NDArray[Any]:
    """Return a read-only copy of quaternions whose norms are within ``tolerance`` of 1, renormalised where needed.

    Quaternions that are unit to float32's precision keep their bits, so that reading back what was written, or copying
    a motion, changes nothing.

    Raises:
        BadArray: If a norm is further from 1; a non-unit one is mostly another layout (Euler angles).
    """
    checked = frozen_array(name, values, shape)
    norms = np.linalg.norm(checked.astype(np.float64), axis=-1)
    off = np.abs(norms - 1.0)
    if off.size and off.max() > tolerance:
        first = tuple(int(i) for i in np.unravel_index(int(off.argmax()), off.shape))
        raise BadArray(
            f"{name} holds quaternions that are not unit: norm {norms[first]:.4g} at index {list(first)}; "
            f"expected wxyz quaternions of norm 1 within {tolerance:g}."
        )
    divisors = np.where(off <= 2e-7, 1.0, norms)
    return frozen_array(name, checked / np.maximum(divisors, 1e-12)[..., None], shape)
