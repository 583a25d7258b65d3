"""A user's folder of public files: found by relative path, each checked against its SHA-256 before it is used."""

import csv
import hashlib
import tarfile
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from ..errors import BenchError, shorten, suggestion


class MissingFiles(BenchError):
    """A data folder that lacks files a collection needs."""

    rule = "D101"


class ChangedFile(BenchError):
    """A file of a data folder whose content is not the declared one."""

    rule = "D102"


@dataclass(frozen=True)
class PublicFile:
    """One line of a collection's file list."""

    path: str
    """Where the file lies below the data root; ``archive.tar.xz:member`` for a file inside an archive."""
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

    Raises:
        MissingFiles: At once, naming every file that is not there.
    """

    def __init__(self, folder: Path, files: tuple[PublicFile, ...], cache: Path) -> None:
        self._folder = folder
        self._files = {file.path: file for file in files}
        self._cache = cache
        self._checked: dict[str, Path] = {}
        missing = [path for path in self._files if not self._on_disk(path).is_file()]
        if missing:
            hint = suggestion(folder.name, [p.name for p in folder.parent.iterdir()]) if not folder.is_dir() else ""
            raise MissingFiles(
                f"the data folder '{folder}' lacks {len(missing)} of {len(self._files)} files: {shorten(missing, 4)}. "
                f"Run `retargetbench data fetch open-characters --data-root {folder}` to get them.{hint}"
            )

    def path(self, name: str) -> Path:
        """Return the checked file's place on disk; a member of an archive is unpacked into the cache.

        Raises:
            ChangedFile: If its SHA-256 is not the declared one.
        """
        if name not in self._checked:
            place = self._unpacked(name) if ":" in name else self._folder / name
            found = hashlib.sha256(place.read_bytes()).hexdigest()
            if found != self._files[name].sha256:
                raise ChangedFile(
                    f"'{name}' in '{self._folder}' has SHA-256 {found[:12]}..., expected "
                    f"{self._files[name].sha256[:12]}... ({self._files[name].source}). Fetch it again."
                )
            self._checked[name] = place
        return self._checked[name]

    def _on_disk(self, name: str) -> Path:
        """The file itself, or the archive that holds it; a loose copy of a member beside its archive counts too."""
        archive, _, member = name.partition(":")
        loose = self._folder / archive.split(".tar")[0] / member
        return loose if member and loose.is_file() else self._folder / archive

    def _unpacked(self, name: str) -> Path:
        on_disk = self._on_disk(name)
        member = name.partition(":")[2]
        if on_disk.name == Path(member).name:
            return on_disk
        target = self._cache / Path(member).name
        if not target.is_file():
            self._cache.mkdir(parents=True, exist_ok=True)
            with tarfile.open(on_disk) as archive:
                content = archive.extractfile(member)
                if content is None:
                    raise MissingFiles(f"'{member}' in '{on_disk}' is not a file; fetch the archive again.")
                partial = target.with_suffix(".part")
                partial.write_bytes(content.read())
            partial.replace(target)
        return target
