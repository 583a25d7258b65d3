"""The command ``ls``."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import tyro

from ....datasets.errors import BenchError, UnknownName
from ....metrics.audit import warning_of
from ....metrics.declarations import METRICS, Metric, find_metric
from ....metrics.semantics.declarations import NOT_VALIDATED, semantic_metrics
from ....metrics.semantics.errors import UnknownJudge
from ....metrics.semantics.kinds import judge_kinds
from ...judging.cautions import judge_warning
from ...running.methods import GROUND_TRUTH, installed_methods
from ...tracks import TRACKS, find_track
from .. import console


class UnknownList(UnknownName):
    """Something that ``ls`` does not list."""

    rule = "C006"


class OptionOfOtherList(BenchError):
    """``--judge`` or ``--track`` for a list that has nothing to do with it."""

    rule = "C085"


@dataclass(frozen=True)
class Ls:
    """List tracks, methods, metrics, judges or data.

    Examples:
        retargetbench ls tracks
        retargetbench ls metrics --json
        retargetbench ls metrics --judge tiny-blip2
        retargetbench ls metrics --track recognition/intents
        retargetbench ls judges
    """

    what: tyro.conf.Positional[str] = "tracks"
    """tracks, methods, metrics, judges or data."""
    judge: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """Of metrics: also those that this judge gives, with what must be said beside them; may be given several times."""
    track: str | None = None
    """Of metrics: those that this track is scored by, in place of the geometry and the recognition of all tracks."""
    json: bool = False
    """Print an array of objects, each with an id."""

    def run(self) -> int:
        """Print the list."""
        if self.what not in _LISTS:
            raise UnknownList("list", self.what, _LISTS)
        if self.what != "metrics" and (self.judge or self.track):
            flag, thing = ("--judge", "judge") if self.judge else ("--track", "track")
            raise OptionOfOtherList(f"{flag} belongs to `ls metrics`; `ls {self.what}` knows no {thing}.")
        columns, rows, following = _LISTS[self.what]
        own = _metrics_of(find_track(self.track).metric_keys) if self.track else rows()
        listed = [*own, *(row for judge in self.judge for row in _semantic_metrics(judge))]
        if self.json:
            console.print_json(listed)
        else:
            console.table(columns, [[_cell(row[column]) for column in columns] for row in listed])
        console.next_step(following)
        return 0


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value)


def _tracks() -> list[dict[str, Any]]:
    return [
        {
            "id": track.id,
            "task": track.task,
            "version": track.version,
            "variants": list(track.variants),
            "splits": list(track.splits),
            "metrics": list(track.metric_keys),
            "needs_data_root": track.needs_data_root,
            "summary": track.summary,
        }
        for track in TRACKS.values()
    ]


def _methods() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"id": name, "kind": "method", "package": entry.dist.name if entry.dist else None, "loads": entry.value}
        for name, entry in installed_methods().items()
    ]
    return [*rows, {"id": GROUND_TRUTH, "kind": "predictions source", "package": None, "loads": "the right answers"}]


def _metric_rows(metrics: Sequence[Metric]) -> list[dict[str, Any]]:
    return [
        {
            "id": metric.key,
            "unit": metric.unit,
            "direction": metric.direction,
            "lower": _finite(metric.lower),
            "upper": _finite(metric.upper),
            "needs": metric.needs,
            "worst_case": _finite(metric.worst),
            "summary": metric.summary,
            "caution": warning_of(metric.key),
        }
        for metric in metrics
    ]


def _plain_metrics() -> list[dict[str, Any]]:
    """Geometry, and what recognition tracks are scored by; a search has hundreds of keys, ``--track`` lists them."""
    keys = dict.fromkeys(key for track in TRACKS.values() if track.task == "recognition" for key in track.metric_keys)
    return [*_metric_rows(METRICS), *_metrics_of(keys)]


def _metrics_of(keys: Iterable[str]) -> list[dict[str, Any]]:
    return _metric_rows([find_metric(key) for key in keys])


def _semantic_metrics(judge: str) -> list[dict[str, Any]]:
    """The metrics of a kind of judge, under its name where that is fixed before it is loaded."""
    kind, _, weights = judge.partition(":")
    kinds = {one.name: one for one in judge_kinds()}
    if kind not in kinds:
        raise UnknownJudge("judge", kind, kinds)
    known = kinds[kind]
    abilities = {ability.split()[0] for ability in known.abilities or ("embed", "match")}
    label = known.named or (weights or known.name).partition("@")[0].rpartition("/")[2] + "~HASH"
    rows = _metric_rows(semantic_metrics(label, abilities, known.query_tokens, known.fid_samples))
    return [{**row, "caution": "; ".join(filter(None, (NOT_VALIDATED, row["caution"])))} for row in rows]


def _judges() -> list[dict[str, Any]]:
    return [
        {
            "id": kind.name,
            "package": kind.package,
            "usable": kind.missing is None,
            "missing": kind.missing,
            "abilities": None if kind.abilities is None else list(kind.abilities),
            "weights": kind.weights,
            "caution": judge_warning(kind.named) if kind.named else None,
        }
        for kind in judge_kinds()
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _data() -> list[dict[str, Any]]:
    return [
        {
            "id": f"{track.id}/{variant}",
            "track": track.id,
            "variant": variant,
            "comes_with": "--data-root" if track.needs(variant) else "the package",
        }
        for track in TRACKS.values()
        for variant in track.variants
    ]


_TRY = "retargetbench run copy --track retarget/intents --out runs/copy"
_LISTS: Mapping[str, tuple[tuple[str, ...], Callable[[], list[dict[str, Any]]], str]] = {
    "tracks": (("id", "variants", "summary"), _tracks, _TRY),
    "methods": (("id", "kind", "package"), _methods, _TRY),
    "metrics": (
        ("id", "unit", "direction", "needs", "summary", "caution"),
        _plain_metrics,
        "retargetbench demo",
    ),
    "judges": (
        ("id", "abilities", "weights", "missing", "caution"),
        _judges,
        "retargetbench ls metrics --judge tiny-blip2",
    ),
    "data": (("id", "comes_with"), _data, "retargetbench data --help"),
}
"""What can be listed -> (columns of the table, rows, the next command)."""
