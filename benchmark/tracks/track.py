"""The declaration of a track."""

from dataclasses import dataclass
from typing import Literal, get_args

from ...datasets.errors import BenchError, UnknownName
from ...metrics.declarations import Need, metric_keys
from ...metrics.recognition.declarations import recognition_metrics
from ...metrics.retrieval.declarations import Column, retrieval_metrics

Task = Literal["retargeting", "retrieval", "recognition"]
"""What a method does: move another character the same way; embed texts, motions and videos to be searched; say which
class a motion shows."""


class UnknownTrack(UnknownName):
    """A track that does not exist."""

    rule = "T001"


class UnknownVariant(UnknownName):
    """A variant that a track does not have."""

    rule = "T002"


class NeedsDataRoot(BenchError):
    """A track whose files do not come with the package, asked for without saying where they are."""

    rule = "T003"


class WrongTask(BenchError):
    """A command that has nothing to do with a track's task: an audit of a retrieval track."""

    rule = "T004"


@dataclass(frozen=True)
class Track:
    """What is scored, on which data, by which metrics. The data version is the hash of the clip set, not of this."""

    id: str
    """For example ``retarget/intents``."""
    version: int
    """Counts up whenever pairs, splits or metrics change in a way that makes rows incomparable."""
    summary: str
    """One line for ``ls``."""
    variants: tuple[str, ...]
    """Names of its data sets, the default first."""
    splits: tuple[str, ...]
    """Splits for which scores are given besides ``all``; empty where the data has none."""
    needs_data_root: bool
    """Whether ``--data-root`` must name a folder of fetched files."""
    loader: str
    """``module:function`` of the data, imported only when the track is opened and called with the variant, then with
    the folder if the variant needs one. It returns a ``ClipSet``, of a retrieval track a ``RetrievalData``, of a
    recognition track a ``RecognitionData``."""
    without: tuple[Need, ...] = ()
    """What the data lacks; metrics that need it are not scored on the track."""
    task: Task = "retargeting"
    columns: tuple[Column, ...] = ()
    """Of a retrieval track: every direction and protocol that its default variant is scored in."""
    classes: int = 0
    """Of a recognition track: how many there are."""
    rooted: tuple[str, ...] = ()
    """Variants for which ``--data-root`` must name a folder although the other variants need none."""
    source: str = ""
    """Where a user gets the files, if `data fetch` cannot get them."""

    @property
    def metric_keys(self) -> tuple[str, ...]:
        """Keys of the metrics that are scored on the track, in the order of the tables."""
        if self.task == "retrieval":
            return tuple(metric.key for column in self.columns for metric in retrieval_metrics(column))
        if self.task == "recognition":
            return tuple(metric.key for metric in recognition_metrics(self.classes))
        return metric_keys([need for need in get_args(Need) if need not in self.without])

    def needs(self, variant: str) -> bool:
        """Whether a variant needs ``--data-root``."""
        return self.needs_data_root or variant in self.rooted

    def variant(self, name: str | None) -> str:
        """Return the variant that is meant; ``None`` means the default.

        Raises:
            UnknownVariant: With the nearest names.
        """
        if name is None:
            return self.variants[0]
        if name not in self.variants:
            raise UnknownVariant(f"variant of {self.id}", name, self.variants)
        return name
