"""Compare a scored run, clip by clip, with the source motions it was made from.

Two numbers mean little without the source's own: how fast the root travels, and how much the feet slide (motion capture
and hand-made walk cycles slide too). A third, penetration, has a bound that no usable result should pass.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..datasets.clip_set import ClipSet, PairData
from .samples import Sample, SampleTable, as_written

SOURCE_FILE = "against_source.csv"
ROOT_SPEED, SKATE, PENETRATION = "root_speed@1", "skate_mean@1", "pen_limb@1"
SPEED_RATIO = (0.5, 2.0)
SKATE_RATIO = 3.0
PENETRATION_LIMIT = 15.0
SLOW_ROOT, STILL_FEET = 0.02, 0.01
"""Below these (H/s, leg/s) a source stands still and a ratio says nothing: its own value then counts as this much,
and no least speed is asked for."""


@dataclass(frozen=True)
class SourceComparison:
    """One clip beside its source; ``None`` where a metric does not apply to the clip."""

    clip_id: str
    root_speed: float | None
    source_root_speed: float | None
    skate_mean: float | None
    source_skate_mean: float | None
    pen_limb: float | None
    """At depth 0, the strict form."""
    source_pen_limb: float | None
    """The source's own; measured only where the result is over the limit."""

    @property
    def exceptions(self) -> tuple[str, ...]:
        """What is out of bounds: ``root speed``, ``skate``, ``penetration``."""
        return tuple(
            name
            for name, broken in (
                ("root speed", self._speed_is_off()),
                ("skate", _over(self.skate_mean, self.source_skate_mean, SKATE_RATIO, STILL_FEET)),
                ("penetration", (self.pen_limb or 0.0) > PENETRATION_LIMIT),
            )
            if broken
        )

    def _speed_is_off(self) -> bool:
        if _over(self.root_speed, self.source_root_speed, SPEED_RATIO[1], SLOW_ROOT):
            return True
        if self.root_speed is None or self.source_root_speed is None or self.source_root_speed < SLOW_ROOT:
            return False
        return self.root_speed < SPEED_RATIO[0] * self.source_root_speed


def _over(value: float | None, own: float | None, ratio: float, least: float) -> bool:
    return value is not None and own is not None and value > ratio * max(own, least)


def against_source(clip_set: ClipSet, table: SampleTable) -> list[SourceComparison]:
    """Return every clip beside its source, whose own values are those of its motion copied onto itself.

    Clips on which the method failed are left out; they are named in ``result.json``.

    Args:
        clip_set: What the run was scored on.
        table: Its ``samples.csv``.
    """
    return [_compare(clip_set.load(sample.clip_id), sample) for sample in table.samples if not sample.failed]


def _compare(pair: PairData, sample: Sample) -> SourceComparison:
    penetration = sample.values.get(PENETRATION)
    keys = [ROOT_SPEED, SKATE]
    if penetration is not None and penetration > PENETRATION_LIMIT:
        keys.append(PENETRATION)
    own = _own_scores(pair, keys)
    return SourceComparison(
        clip_id=sample.clip_id,
        root_speed=sample.values.get(ROOT_SPEED),
        source_root_speed=own.get(ROOT_SPEED),
        skate_mean=sample.values.get(SKATE),
        source_skate_mean=own.get(SKATE),
        pen_limb=penetration,
        source_pen_limb=own.get(PENETRATION),
    )


def _own_scores(pair: PairData, keys: Sequence[str]) -> dict[str, float]:
    from ..metrics.geometry import geometry_scores  # torch: the command line's help does not wait for it

    itself = replace(pair, target=pair.source, ground_truths=(), contact_goals=())
    return {key: as_written(value) for key, value in geometry_scores(itself, pair.source_motion, keys).items()}


def against_source_text(comparisons: Sequence[SourceComparison]) -> str:
    """Return ``against_source.csv``: a row per clip, empty where a value does not apply, exceptions joined by ``;``."""
    names = ("clip_id", "root_speed", "source_root_speed", "skate_mean", "source_skate_mean", "pen_limb",
             "source_pen_limb")  # fmt: skip
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*names, "exceptions"])
    for one in comparisons:
        cells = [getattr(one, name) for name in names]
        written = ["" if cell is None else cell if isinstance(cell, str) else f"{cell:.9g}" for cell in cells]
        writer.writerow([*written, ";".join(one.exceptions)])
    return buffer.getvalue()
