"""The command ``ls``."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import tyro

from ....datasets.errors import UnknownName
from ....metrics.declarations import METRICS
from ...running.methods import GROUND_TRUTH, installed_methods
from ...tracks import TRACKS
from .. import console


class UnknownList(UnknownName):
    """Something that ``ls`` does not list."""

    rule = "C006"


@dataclass(frozen=True)
class Ls:
    """List tracks, methods, metrics or data.

    Examples:
        retargetbench ls tracks
        retargetbench ls metrics --json
        retargetbench ls methods
    """

    what: tyro.conf.Positional[str] = "tracks"
    """tracks, methods, metrics or data."""
    json: bool = False
    """Print an array of objects, each with an id."""

    def run(self) -> int:
        """Print the list."""
        if self.what not in _LISTS:
            raise UnknownList("list", self.what, _LISTS)
        columns, rows, following = _LISTS[self.what]
        listed = rows()
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


def _metrics() -> list[dict[str, Any]]:
    return [
        {
            "id": metric.key,
            "unit": metric.unit,
            "direction": metric.direction,
            "lower": _finite(metric.lower),
            "upper": _finite(metric.upper),
            "needs": metric.needs,
            "worst_case": metric.worst,
            "summary": metric.summary,
        }
        for metric in METRICS
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _data() -> list[dict[str, Any]]:
    return [
        {
            "id": f"{track.id}/{variant}",
            "track": track.id,
            "variant": variant,
            "comes_with": "--data-root" if track.needs_data_root else "the package",
        }
        for track in TRACKS.values()
        for variant in track.variants
    ]


_LISTS: Mapping[str, tuple[tuple[str, ...], Callable[[], list[dict[str, Any]]], str]] = {
    "tracks": (("id", "variants", "summary"), _tracks, "retargetbench run copy --track retarget/intents"),
    "methods": (("id", "kind", "package"), _methods, "retargetbench run copy --track retarget/intents"),
    "metrics": (("id", "unit", "direction", "needs", "summary"), _metrics, "retargetbench demo"),
    "data": (("id", "comes_with"), _data, "retargetbench data --help"),
}
"""What can be listed -> (columns of the table, rows, the next command)."""
