"""Scores of single clips that are kept while a scoring is under way, so that a killed one continues where it was.

A line of the file is only used by a scoring that would compute exactly the same: its identity hashes the data, the
prediction file, the metrics and the code and libraries that compute them. When the result is written the file is
removed, so that no later scoring ever rests on it.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from .kept_lines import KeptLines

_CODE = ("metrics", "datasets.body", "datasets.readers")
_LIBRARIES = ("numpy", "torch", "warp-lang", "roma", "scipy")


@cache
def code_identity(packages: tuple[str, ...] = _CODE, libraries: tuple[str, ...] = _LIBRARIES) -> str:
    """Return a hash of everything that a clip's score depends on besides its inputs: our code and the libraries.

    Args:
        packages: Ours, below ``retargetbench``; by default those that geometry is computed by.
        libraries: Names of distributions.
    """
    digest = hashlib.sha256()
    for package in packages:
        for file in sorted(files(f"retargetbench.{package}").iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".py"):
                digest.update(f"{package}/{file.name}\n".encode() + file.read_bytes())
    for library in libraries:
        try:
            digest.update(f"{library} {version(library)}\n".encode())
        except PackageNotFoundError:
            digest.update(f"{library} absent\n".encode())
    return digest.hexdigest()


def identity_of(*parts: Any) -> str:
    """Return a hash of JSON values; equal values, and nothing else, give equal identities."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class ClipScores:
    """The file of finished clips of one scoring."""

    def __init__(self, path: Path) -> None:
        """Read what an earlier, killed scoring left; a missing file is an empty one."""
        self._lines = KeptLines(path)

    def find(self, identity: str) -> Mapping[str, float] | None:
        """Return the scores kept under an identity, if any."""
        kept = self._lines.find(identity)
        try:
            return None if kept is None else {str(key): float(value) for key, value in kept.items()}
        except (ValueError, TypeError, AttributeError):
            return None  # not written by this program; the clip is scored again

    def keep(self, identity: str, scores: Mapping[str, float]) -> None:
        """Append the scores of a finished clip; they are in the file, whole, when this returns."""
        self._lines.keep(identity, dict(scores))

    def remove(self) -> None:
        """Delete the file: the result that it was kept for is written."""
        self._lines.remove()
