"""Finished pieces of a long work, kept in a file of JSON lines that a kill cannot spoil.

Append-only; each line is ``[identity, content]``. A line that a kill cut short is skipped.
"""

import json
from pathlib import Path
from typing import Any


class KeptLines:
    """One such file."""

    def __init__(self, path: Path) -> None:
        """Read what is there; a missing file is an empty one."""
        self._path = path
        self._kept: dict[str, Any] = {}
        if path.is_file():
            for line in path.read_bytes().split(b"\n"):
                self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            identity, content = json.loads(line)
            self._kept[identity] = content
        except (ValueError, TypeError):
            return  # cut short by a kill, or empty

    def find(self, identity: str) -> Any:
        """Return what is kept under an identity, or ``None``."""
        return self._kept.get(identity)

    def keep(self, identity: str, content: Any) -> None:
        """Append a finished piece; it is in the file, whole, when this returns."""
        self._kept[identity] = content
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # The newline in front closes a line that a kill may have cut short.
        line = b"\n" + json.dumps([identity, content], separators=(",", ":"), allow_nan=False).encode() + b"\n"
        with self._path.open("ab", buffering=0) as file:
            file.write(line)

    def remove(self) -> None:
        """Delete the file: what it was kept for is done."""
        self._path.unlink(missing_ok=True)
