"""Manifests: a list of files with a SHA-256 each, whose own hash is the version of the data."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import BenchError, shorten
from .files import write_atomically


class DamagedData(BenchError):
    """A data file whose bytes are not those its manifest lists, or that is missing."""

    rule = "D001"


class BadManifest(BenchError):
    """A manifest that cannot be read, or lacks its list of files."""

    rule = "D002"


@dataclass(frozen=True)
class Manifest:
    """A verified manifest: what it says, and the hash that is the data's version."""

    content: Mapping[str, Any]
    """The whole JSON object; ``files`` maps a path relative to the manifest to its SHA-256."""
    sha256: str
    """SHA-256 of the manifest's own bytes: the data version."""


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_manifest(path: Path, content: Mapping[str, Any], files: tuple[str, ...]) -> None:
    """Write a manifest beside its files, the same bytes for the same content.

    Args:
        path: Where it goes; the files lie in the same folder.
        content: Everything but the hashes.
        files: Names of the files, relative to the folder.
    """
    listed = {name: file_sha256(path.parent / name) for name in sorted(files)}
    text = json.dumps({**content, "files": listed}, indent=1, sort_keys=True, ensure_ascii=False)
    write_atomically(path, (text + "\n").encode())


def read_manifest(path: Path, *, verify: bool = True) -> Manifest:
    """Read a manifest and check every file it lists.

    Args:
        path: The manifest.
        verify: Whether to hash the files.

    Raises:
        BadManifest: If it is missing, is no JSON object, or has no ``files``.
        DamagedData: If a file is missing or its bytes differ; the message names them all.
    """
    try:
        raw = path.read_bytes()
        content = json.loads(raw)
        files = content["files"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise BadManifest(
            f"{path.name} in {path.parent} is no readable manifest with a list 'files' ({problem}); "
            "install the package again or fetch the data again."
        ) from problem
    if verify:
        verify_files(path.parent, files)
    return Manifest(content, hashlib.sha256(raw).hexdigest())


def verify_files(folder: Path, files: Mapping[str, str]) -> None:
    """Check that every listed file is there and has the listed SHA-256.

    Raises:
        DamagedData: If not; all files that are wrong are named.
    """
    missing = [name for name in files if not (folder / name).is_file()]
    changed = [name for name in files if name not in missing and file_sha256(folder / name) != files[name]]
    if missing or changed:
        found = [f"missing: {shorten(missing)}"] if missing else []
        found += [f"changed: {shorten(changed)}"] if changed else []
        raise DamagedData(
            f"data files in {folder} are not those of their manifest ({'; '.join(found)}); scores on them would not "
            "compare with anything. Restore them from the package or the repository."
        )
