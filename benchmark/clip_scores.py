"""Scores of single clips that are kept while a scoring is under way, so that a killed one continues where it was.

An append-only file of JSON lines. A line is only used by a scoring that would compute exactly the same: its identity
hashes the data, the prediction file, the metrics and the code and libraries that compute them. A line that a kill cut
short is skipped. When the result is written the file is removed, so that no later scoring ever rests on it.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

_CODE = ("metrics", "datasets.body", "datasets.readers")
_LIBRARIES = ("numpy", "torch", "warp-lang", "roma", "scipy")


@cache
def code_identity() -> str:
    """Return a hash of everything that a clip's score depends on besides its inputs: our code and the libraries."""
    digest = hashlib.sha256()
    for package in _CODE:
        for file in sorted(files(f"retargetbench.{package}").iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".py"):
                digest.update(f"{package}/{file.name}\n".encode() + file.read_bytes())
    for library in _LIBRARIES:
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
        self._path = path
        self._scores: dict[str, dict[str, float]] = {}
        if path.is_file():
            for line in path.read_bytes().split(b"\n"):
                self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            identity, scores = json.loads(line)
            self._scores[identity] = {str(key): float(value) for key, value in scores.items()}
        except (ValueError, TypeError, AttributeError):
            return  # cut short by a kill, or empty

    def find(self, identity: str) -> Mapping[str, float] | None:
        """Return the scores kept under an identity, if any."""
        return self._scores.get(identity)

    def keep(self, identity: str, scores: Mapping[str, float]) -> None:
        """Append the scores of a finished clip; they are in the file, whole, when this returns."""
        self._scores[identity] = dict(scores)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # The newline in front closes a line that a kill may have cut short.
        line = b"\n" + json.dumps([identity, dict(scores)], separators=(",", ":"), allow_nan=False).encode() + b"\n"
        with self._path.open("ab", buffering=0) as file:
            file.write(line)

    def remove(self) -> None:
        """Delete the file: the result that it was kept for is written."""
        self._path.unlink(missing_ok=True)
