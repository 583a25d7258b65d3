"""A user's folder of public files: found by relative path, each checked against its SHA-256 before it is used."""

import csv
import hashlib
import shutil
import tarfile
import tempfile
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path

from ..errors import BenchError, shorten


class MissingFiles(BenchError):
    """A data folder that lacks files a collection needs."""

    rule = "D201"


class ChangedFile(BenchError):
    """A file of a data folder whose content is not the declared one."""

    rule = "D202"


@dataclass(frozen=True)
class PublicFile:
    """One line of a collection's file list."""

    path: str
    """Where the file lies below the data root."""
    sha256: str
    licence: str
    source: str
    """``owner/repository@commit:path`` of the public original."""


def read_file_list(listing: Traversable) -> tuple[PublicFile, ...]:
    """Return the lines of a committed ``files.csv``."""
    rows = csv.DictReader(listing.read_text(encoding="utf-8").splitlines())
    return tuple(PublicFile(row["path"], row["sha256"], row["licence"], row["source"]) for row in rows)


class DataRoot:
    """The folder that a user gives as ``--data-root``.

    A file ``folder/name`` may also lie in an archive ``folder.tar.xz`` beside where the folder would be.

    Raises:
        MissingFiles: At once, naming the files that are not there.
    """

    def __init__(self, folder: Path, files: Iterable[PublicFile], name: str = "open-characters") -> None:
        """Look whether everything is there.

        Args:
            folder: The user's.
            files: What a collection needs.
            name: What `data fetch` calls the collection.
        """
        self._folder = folder
        self._files = {file.path: file for file in files}
        self._checked: dict[str, Path] = {}
        missing = [path for path in self._files if not ((folder / path).is_file() or self._archive(path).is_file())]
        if missing:
            where = f"the data folder '{folder}'" + ("" if folder.is_dir() else " (which does not exist)")
            raise MissingFiles(
                f"{where} lacks {len(missing)} of {len(self._files)} files: {shorten(missing, 4)}. "
                f"Run `retargetbench data fetch {name} --data-root {folder}` to get them."
            )

    def path(self, name: str) -> Path:
        """Return where a file lies after checking it; one that is packed is unpacked into a temporary folder.

        Raises:
            ChangedFile: If the SHA-256 is not the declared one.
        """
        if name not in self._checked:
            loose = self._folder / name
            content = loose.read_bytes() if loose.is_file() else self._member(name)
            found = hashlib.sha256(content).hexdigest()
            if found != self._files[name].sha256:
                raise ChangedFile(
                    f"'{name}' in '{self._folder}' has SHA-256 {found[:12]}..., expected "
                    f"{self._files[name].sha256[:12]}... ({self._files[name].source}). Fetch it again."
                )
            self._checked[name] = loose if loose.is_file() else self._unpack(name, content)
        return self._checked[name]

    @cached_property
    def _temporary(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="retargetbench-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder

    def _unpack(self, name: str, content: bytes) -> Path:
        target = self._temporary / Path(name).name
        target.write_bytes(content)
        return target

    def _archive(self, name: str) -> Path:
        parent = (self._folder / name).parent
        return parent.with_name(parent.name + ".tar.xz")

    def _member(self, name: str) -> bytes:
        """Read one file of an archive by its name; paths inside the archive are never used."""
        wanted = Path(name).name
        with tarfile.open(self._archive(name)) as archive:
            for member in archive:
                if Path(member.name).name == wanted and member.isfile():
                    opened = archive.extractfile(member)
                    if opened is not None:
                        return opened.read()
        raise MissingFiles(f"'{self._archive(name)}' holds no '{wanted}'; fetch the archive again.")
