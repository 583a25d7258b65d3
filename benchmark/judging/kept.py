"""Looks at single clips that are kept while a scoring is under way, so that a killed one continues where it was."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..clip_scores import code_identity, identity_of
from ..kept_lines import KeptLines
from .jobs import ClipLook, LookJob, SeatedJudge

_CODE = ("metrics", "metrics.semantics", "datasets.body", "datasets.readers", "datasets.rendering", "benchmark.judging")
_LIBRARIES = ("numpy", "torch", "warp-lang", "roma", "transformers", "tokenizers")


def look_identity(job: LookJob, judge: SeatedJudge, data: str, captions: str) -> str:
    """Return a hash of everything that a look depends on: a line of a file is only used by a scoring with the same.

    Args:
        job: The clip and its prediction.
        judge: Who looks.
        data: Version of the data.
        captions: Hash of the clips' sentences, or nothing.
    """
    content = "failed" if job.prediction is None else job.prediction.read_bytes().hex()
    code = code_identity(_CODE, _LIBRARIES)
    record = judge.record.model_dump(mode="json")
    return identity_of(data, captions, job.clip_id, content, judge.name, record, job.seat.source.device, code)


class KeptLooks:
    """The file of finished looks of one scoring."""

    def __init__(self, path: Path) -> None:
        """Read what an earlier, killed scoring left; a missing file is an empty one."""
        self._lines = KeptLines(path)

    def find(self, identity: str) -> ClipLook | None:
        """Return the look kept under an identity, if any."""
        kept = self._lines.find(identity)
        try:
            return None if kept is None else _read(kept)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None  # not written by this program; the clip is looked at again

    def keep(self, identity: str, look: ClipLook) -> None:
        """Append a finished look; it is in the file, whole, when this returns."""
        self._lines.keep(identity, {"values": dict(look.values), "of": [_packed(look.results), _packed(look.sources)]})

    def remove(self) -> None:
        """Delete the file: the result that it was kept for is written."""
        self._lines.remove()


def _packed(rows: NDArray[np.float32] | None) -> list[Any] | None:
    return None if rows is None else [list(rows.shape), base64.b64encode(rows.astype("<f4").tobytes()).decode("ascii")]


def _unpacked(packed: list[Any] | None) -> NDArray[np.float32] | None:
    if packed is None:
        return None
    shape, data = packed
    return np.frombuffer(base64.b64decode(data), dtype="<f4").astype(np.float32).reshape(shape)


def _read(kept: Any) -> ClipLook:
    results, sources = (_unpacked(one) for one in kept["of"])
    return ClipLook({str(name): float(value) for name, value in kept["values"].items()}, results, sources)
