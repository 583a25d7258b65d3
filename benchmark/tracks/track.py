"""The declaration of a track."""

from dataclasses import dataclass
from typing import get_args

from ...datasets.errors import BenchError, UnknownName
from ...metrics.declarations import Need, metric_keys


class UnknownTrack(UnknownName):
    """A track that does not exist."""

    rule = "T001"


class UnknownVariant(UnknownName):
    """A variant that a track does not have."""

    rule = "T002"


class NeedsDataRoot(BenchError):
    """A track whose files do not come with the package, asked for without saying where they are."""

    rule = "T003"


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
    """Names of its clip sets, the default first."""
    splits: tuple[str, ...]
    """Splits for which scores are given besides ``all``; empty where the data has none."""
    needs_data_root: bool
    """Whether ``--data-root`` must name a folder of fetched files."""
    loader: str
    """``module:function`` of the clip set, imported only when the track is opened."""
    without: tuple[Need, ...] = ()
    """What the data lacks; metrics that need it are not scored on the track."""

    @property
    def metric_keys(self) -> tuple[str, ...]:
        """Keys of the metrics that are scored on the track, in the order of the tables."""
        return metric_keys([need for need in get_args(Need) if need not in self.without])

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
