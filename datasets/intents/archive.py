"""Write npz files whose bytes depend on nothing but their arrays."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..files import write_atomically

_EPOCH = (1980, 1, 1, 0, 0, 0)
_GRID_M = 2.0**-16


def to_grid(metres: NDArray[np.float64]) -> NDArray[np.float32]:
    """Round to 1/65536 m, 15 micrometres: shorter files, and the same bytes in spite of the last bits of a sum."""
    return np.asarray(np.round(metres / _GRID_M) * _GRID_M, dtype=np.float32)


def array_bytes(arrays: Mapping[str, NDArray[Any]], *, smaller: bool = False) -> bytes:
    """Return an npz as bytes: entries sorted by name, with fixed dates and no pickle.

    Args:
        arrays: Name -> array.
        smaller: Packed by LZMA, which NumPy reads as well, and not by Deflate.
    """
    whole = io.BytesIO()
    method = zipfile.ZIP_LZMA if smaller else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(whole, "w", method, compresslevel=9) as archive:
        for name in sorted(arrays):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(arrays[name]), version=(1, 0), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=_EPOCH)
            entry.compress_type = method
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, buffer.getvalue())
    return whole.getvalue()


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]], *, smaller: bool = False) -> None:
    """Write an npz whose bytes depend on nothing but its arrays, whole or not at all; see ``array_bytes``."""
    write_atomically(path, array_bytes(arrays, smaller=smaller))
