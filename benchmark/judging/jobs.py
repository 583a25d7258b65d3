"""What passes between a scoring and the processes in which judges sit; small, picklable, and free of torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...metrics.semantics.declarations import SemanticMetric, semantic_metrics
from ...metrics.semantics.source import JudgeSource
from ..records import JudgeRecord


@dataclass(frozen=True)
class Seat:
    """A judge as it was asked for, and the renderer that shows it clips; loaded where clips are looked at."""

    kind: str
    """Entry point of the group ``retargetbench.judges``."""
    source: JudgeSource
    renderer: str = "builtin"

    @property
    def asked(self) -> str:
        """The judge in the user's words: ``kind`` or ``kind:weights``."""
        return f"{self.kind}:{self.source.weights}" if self.source.weights else self.kind


@dataclass(frozen=True)
class SeatedJudge:
    """What is known of a judge once it has been loaded."""

    name: str
    abilities: frozenset[str]
    query_tokens: bool
    """Whether its embeddings hold query tokens beside the prompt's."""
    record: JudgeRecord
    fid_reference: Path | None
    """The committed reference for ``fid`` beside its weights, if there is one."""
    fid_samples: int | None

    def metrics(self, *, has_captions: bool) -> tuple[SemanticMetric, ...]:
        """Return the metrics that it can give on clips with or without sentences, in the order of the tables."""
        found = semantic_metrics(
            self.name, self.abilities, self.query_tokens, self.fid_samples, renderer=self.record.renderer
        )
        return tuple(metric for metric in found if has_captions or not metric.caption)


@dataclass(frozen=True)
class SeatJob:
    """Load a judge and say who it is."""

    seat: Seat

    @property
    def clip_id(self) -> str:
        """No clip's: any process will do."""
        return f"judge {self.seat}"


@dataclass(frozen=True)
class LookJob:
    """One clip for one judge to look at."""

    clip_id: str
    prediction: Path | None
    """The prediction file; ``None`` for a clip that the method failed on: an empty stage."""
    seat: Seat


@dataclass(frozen=True, eq=False)
class ClipLook:
    """What a judge made of one clip."""

    values: Mapping[str, float]
    """``scl``, ``scl,queries``, ``itm``, as far as the judge and the clip have them."""
    results: NDArray[np.float32] | None = None
    """One vector per picture of the result, [pictures, width]; ``None`` from a judge that only matches."""
    sources: NDArray[np.float32] | None = None
    """The same of the source."""
