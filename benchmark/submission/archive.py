"""Open a submission that comes as an archive: looked at as a whole first, then unpacked into a temporary folder.

Archives are written by strangers. No member is written outside the folder, links and special files are refused, and
counts and sizes are limited both as declared and as really read, because a header can lie.
"""

import gzip
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from .problems import BadSubmission, Problem

MAX_FILES = 50_000
MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_TOTAL_BYTES = 2 * 1024 * 1024 * 1024
_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class _Member:
    name: str
    size: int
    is_folder: bool
    is_plain: bool


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Give the folder of a submission: the path itself, or what an archive holds, unpacked for as long as needed.

    An archive may hold the submission directly or inside one folder.

    Raises:
        BadSubmission: If the path is neither, or the archive is unsafe, broken or too large.
    """
    if path.is_dir():
        yield path
        return
    kind = _archive_kind(path)
    if not kind:
        found = "there is no such file or folder" if not path.exists() else "it is neither a folder nor an archive"
        message = f"'{path}': {found}; expected a submission folder, or one as .zip, .tar or .tar.gz."
        raise BadSubmission([Problem("S001", message)])
    with tempfile.TemporaryDirectory(prefix="retargetbench-") as temporary:
        folder = Path(temporary)
        try:
            _unpack_zip(path, folder) if kind == "zip" else _unpack_tar(path, folder, kind)
        except _BROKEN as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise BadSubmission([Problem("S021", f"'{path.name}' cannot be unpacked: {reason}.")]) from None
        yield _submission_in(folder)


def _archive_kind(path: Path) -> str:
    """``zip``, ``tar``, ``gz`` by the first bytes of a regular file, whatever its name; empty for anything else."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        start = stream.read(512)
    if start[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return "zip"
    if start[:2] == b"\x1f\x8b":
        return "gz"
    return "tar" if start[257:262] == b"ustar" else ""


def _submission_in(folder: Path) -> Path:
    inside = [entry for entry in folder.iterdir() if not _is_litter(entry.name)]
    return inside[0] if len(inside) == 1 and inside[0].is_dir() and inside[0].name != "predictions" else folder


def _is_litter(name: str) -> bool:
    """What file managers leave in archives."""
    return name.startswith("__MACOSX") or PurePosixPath(name).name in {".DS_Store", "Thumbs.db"}


def _unpack_zip(path: Path, folder: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if len(archive.filelist) > MAX_FILES:
            raise BadSubmission([_too_many(path.name)])
        members = [_zip_member(info) for info in archive.infolist()]
        _refuse_unsafe(path.name, members)
        for member in members:
            if not (member.is_folder or _is_litter(member.name)):
                with archive.open(member.name) as source:
                    _write(source, folder / member.name, member.size)


def _zip_member(info: zipfile.ZipInfo) -> _Member:
    mode = info.external_attr >> 16
    plain = not (info.flag_bits & 1) and (stat.S_IFMT(mode) in {0, stat.S_IFREG} or info.is_dir())
    return _Member(info.filename, info.file_size, info.is_dir(), plain)


def _unpack_tar(path: Path, folder: Path, kind: str) -> None:
    """Two passes: the whole list is judged before the first file is written."""
    for write in (False, True):
        with path.open("rb") as raw, _decompressed(raw, kind) as plain:
            limited = cast(BinaryIO, _Limited(plain, path.name))
            with tarfile.open(fileobj=limited, mode="r|", tarinfo=_CarefulInfo) as archive:
                members = []
                for info in archive:
                    members.append(_Member(info.name, info.size, info.isdir(), info.isdir() or info.isreg()))
                    if len(members) > MAX_FILES:
                        raise BadSubmission([_too_many(path.name)])
                    source = archive.extractfile(info) if write and info.isreg() else None
                    if source is not None and not _is_litter(info.name):
                        _write(source, folder / info.name, info.size)
            if not write:
                _refuse_unsafe(path.name, members)


def _decompressed(raw: BinaryIO, kind: str) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if kind == "gz" else raw


class _Limited:
    """A stream that ends in a mistake when more is read than any valid archive holds."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name, self._left = stream, name, MAX_TOTAL_BYTES

    def read(self, size: int) -> bytes:
        """Read up to ``size`` bytes."""
        if size > self._left:
            raise BadSubmission([_too_large(self._name)])
        self._left -= size
        return self._stream.read(size)


class _CarefulInfo(tarfile.TarInfo):
    """A header whose extension records, which ``tarfile`` reads into memory whole, are small."""

    _EXTENSIONS = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME)

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in (*self._EXTENSIONS, tarfile.GNUTYPE_LONGLINK) and self.size > _CHUNK:
            raise tarfile.ReadError("an extended header is larger than 1 MiB")
        return super()._proc_member(archive)  # type: ignore[misc]  # tarfile's hook for subclasses


def _refuse_unsafe(archive: str, members: Iterable[_Member]) -> None:
    problems: list[Problem] = []
    seen: set[str] = set()
    total = 0
    for member in members:
        path = PurePosixPath(member.name)
        shown = repr(member.name[:120])
        if path.is_absolute() or ".." in path.parts or "\\" in member.name or ":" in member.name or "\0" in member.name:
            message = (
                f"member {shown} would be written outside the folder; pack the folder itself, with relative paths."
            )
            problems.append(Problem("S022", message, archive))
        elif not member.is_plain:
            message = f"member {shown} is a link, encrypted or a special file; pack regular files only."
            problems.append(Problem("S022", message, archive))
        elif str(path) in seen and not member.is_folder:
            problems.append(Problem("S022", f"member {shown} occurs twice; pack each file once.", archive))
        elif member.size > MAX_FILE_BYTES:
            size = f"{member.size / 1e6:,.0f} MB"
            message = f"member {shown} unpacks to {size}; at most {MAX_FILE_BYTES >> 20} MiB are allowed."
            problems.append(Problem("S023", message, archive))
        seen.add(str(path))
        total += member.size
    if total > MAX_TOTAL_BYTES:
        problems.append(_too_large(archive))
    if problems:
        raise BadSubmission(problems)


def _too_many(archive: str) -> Problem:
    return Problem("S023", f"holds more than {MAX_FILES} members; a submission has one file per clip.", archive)


def _too_large(archive: str) -> Problem:
    return Problem("S023", f"unpacks to more than {MAX_TOTAL_BYTES >> 30} GiB; nothing was unpacked.", archive)


def _write(source: IO[bytes], path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    left = size
    with path.open("xb") as target:
        while left > 0:
            chunk = source.read(min(_CHUNK, left))
            if not chunk:
                raise EOFError(f"{path.name} is shorter than its header says")
            target.write(chunk)
            left -= len(chunk)
