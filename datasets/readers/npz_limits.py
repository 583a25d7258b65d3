"""Reading arrays from an untrusted npz file: every size is checked before anything of that size is allocated.

``numpy.load`` believes the header of each member, which may announce 10 GB, an object array (a pickle) or more data
than the file holds. Here the list of members, their sizes and their headers are read and compared with what is
expected first. Nothing is unpickled and nothing is extracted to disk.
"""

import ast
import io
import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import shorten, suggestion

_HEADER_ALLOWANCE = 10_000


@dataclass(frozen=True)
class Problem:
    """One mistake in a file."""

    rule: str
    """The id of the broken rule."""
    message: str
    """One sentence: found, expected, fix. It does not name the file."""


@dataclass(frozen=True)
class ArraySpec:
    """What one member of an npz file must be."""

    kind: str
    """NumPy's dtype kind and size, such as ``f4`` and ``f8``; ``f`` for 16, 32 or 64 bits, ``U`` for text of any
    length."""
    axes: int
    """Number of axes."""
    most_values: int
    """The largest number of values that is accepted."""

    @property
    def most_bytes(self) -> int:
        """The largest size of the member, header included."""
        size = 4 * 256 if self.kind == "U" else int(self.kind[1:] or 8)
        return self.most_values * size + _HEADER_ALLOWANCE

    @property
    def wanted(self) -> str:
        """The type in words."""
        if self.kind == "f":
            return "float16, float32 or float64"
        return "text" if self.kind == "U" else f"float{8 * int(self.kind[1:])}"

    def admits(self, description: str) -> bool:
        """Whether a header's dtype, such as ``<f4``, is of this type, little-endian."""
        if description[:1] not in ("<", "|"):
            return False
        if self.kind == "f":
            return description[1:] in ("f2", "f4", "f8")
        return description[1:].startswith(self.kind)


def read_npz(
    path: Path, members: Mapping[str, ArraySpec], most_file_bytes: int, optional: Collection[str] = ()
) -> tuple[dict[str, NDArray[Any]], list[Problem]]:
    """Return the arrays of an npz file that obey their specification, and the problems of the file and the others.

    Args:
        path: The file.
        members: What the file must hold, exactly.
        most_file_bytes: The largest accepted size of the file on disk.
        optional: Names of those members that may be missing.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            return {}, [Problem("R101", "it is no regular file; expected an npz file.")]
        if size > most_file_bytes:
            text = f"the file has {size:,} bytes; what is expected here has at most {most_file_bytes:,}."
            return {}, [Problem("R102", text)]
        content = path.read_bytes()
    except OSError as problem:
        return {}, [Problem("R101", f"it cannot be read: {problem.strerror}.")]
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, struct.error, UnicodeDecodeError):
        what = "is empty" if not content else "is no zip archive, or is cut short"
        return {}, [Problem("R103", f"the file {what}; expected an npz file written by numpy.savez.")]
    with archive:
        problems = _member_problems(archive.infolist(), members, optional)
        arrays: dict[str, NDArray[Any]] = {}
        for info in archive.infolist():
            name = info.filename.removesuffix(".npy")
            if name in members and info.filename.endswith(".npy") and name not in arrays:
                array, mistake = _read_member(archive, info, members[name])
                if mistake is not None:
                    problems.append(Problem(mistake.rule, f"{name}: {mistake.message}"))
                elif array is not None:
                    arrays[name] = array
    return arrays, problems


def _member_problems(
    infos: Sequence[zipfile.ZipInfo], members: Mapping[str, ArraySpec], optional: Collection[str]
) -> list[Problem]:
    names = [info.filename for info in infos]
    expected = {f"{name}.npy" for name in members}
    problems = []
    if escaping := [n for n in names if n.startswith(("/", "\\")) or ".." in n or ":" in n or "\\" in n]:
        text = f"it holds {shorten([repr(n) for n in escaping])}, names that lead out of a folder; remove them."
        problems.append(Problem("R104", text))
    if extra := [n for n in names if n not in expected and n not in escaping]:
        hint = suggestion(extra[0].removesuffix(".npy"), members)
        text = f"it holds members that the format does not know: {shorten([repr(n) for n in extra])}.{hint}"
        problems.append(Problem("R105", text))
    if repeated := sorted({n for n in names if names.count(n) > 1}):
        problems.append(Problem("R105", f"it holds more than one member of the same name: {shorten(repeated)}."))
    if missing := sorted(expected - set(names) - {f"{name}.npy" for name in optional}):
        present = shorten(sorted(n.removesuffix(".npy") for n in names)) or "nothing"
        lacking = shorten([n.removesuffix(".npy") for n in missing])
        problems.append(Problem("R106", f"it lacks {lacking}; it holds {present}."))
    return problems


def _read_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, spec: ArraySpec
) -> tuple[NDArray[Any] | None, Problem | None]:
    if info.flag_bits & 1 or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return None, Problem("R103", "it is encrypted or compressed in an unusual way; write it with numpy.savez.")
    if info.file_size > spec.most_bytes:
        text = f"it unpacks to {info.file_size:,} bytes; expected at most {spec.most_bytes:,}."
        return None, Problem("R102", text)
    try:
        with archive.open(info) as member:
            data = member.read(spec.most_bytes + 1)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, struct.error, zlib.error):
        return None, Problem("R103", "its bytes are damaged or cut short.")
    return _parse_npy(data, spec)


def _parse_npy(data: bytes, spec: ArraySpec) -> tuple[NDArray[Any] | None, Problem | None]:
    header = _npy_header(data)
    if header is None:
        return None, Problem("R103", "it does not begin with a NumPy header, or the header is damaged.")
    description, fortran, shape, start = header
    if not isinstance(description, str) or "O" in description:
        text = "it is an object or structured array, which would have to be unpickled; nothing is ever unpickled here: "
        return None, Problem("R107", text + "save plain float32 or text arrays.")
    if not spec.admits(description):
        name = "float32" if spec.kind == "f" else spec.wanted
        fix = "" if spec.kind == "U" else f": convert with .astype(numpy.{name})"
        return None, Problem("R108", f"its dtype is '{description}'; expected {spec.wanted}, little-endian{fix}.")
    if fortran and len(shape) > 1:
        text = "it is stored in Fortran order; expected C order: write numpy.ascontiguousarray(array)."
        return None, Problem("R109", text)
    if len(shape) != spec.axes:
        return None, Problem("R110", f"its shape is {list(shape)}; expected {spec.axes} axes.")
    width = int(description[2:]) * (4 if spec.kind == "U" else 1)
    values = 1
    for length in shape:
        values *= length
    if values > spec.most_values or width > 4 * 256:
        text = f"its header announces shape {list(shape)} of '{description}'; at most {spec.most_values:,} values fit."
        return None, Problem("R102", text)
    if len(data) - start != values * width:
        text = f"its header announces {values * width:,} bytes of data, but {len(data) - start:,} follow; it is cut "
        return None, Problem("R103", text + "short or its header is wrong.")
    return np.frombuffer(data, dtype=np.dtype(description), count=values, offset=start).reshape(shape), None


def _npy_header(data: bytes) -> tuple[Any, bool, tuple[int, ...], int] | None:
    """Parse a NumPy header: dtype description, Fortran order, shape, where the data begins; ``None`` if damaged."""
    if data[:6] != b"\x93NUMPY" or len(data) < 12:
        return None
    wide = data[6] >= 2
    start = 12 if wide else 10
    (length,) = struct.unpack("<I" if wide else "<H", data[8:start])
    if length > _HEADER_ALLOWANCE or len(data) < start + length:
        return None
    try:
        header = ast.literal_eval(data[start : start + length].decode("latin-1").strip())
        description, fortran, shape = header["descr"], header["fortran_order"], header["shape"]
    except (ValueError, SyntaxError, KeyError, TypeError, MemoryError, RecursionError):
        return None
    is_shape = isinstance(shape, tuple) and all(type(n) is int and n >= 0 for n in shape)
    return (description, bool(fortran), shape, start + length) if is_shape else None
