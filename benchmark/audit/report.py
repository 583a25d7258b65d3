"""An audit as files: the two tables that are committed, and JSON with every degree."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...datasets.clip_set import PairSpec
from ...metrics.audit import AdmissionFigure, is_admissible
from ..statistics import Estimate
from .admission import Admission, admissions
from .damages.names import BY_NAME
from .findings import Finding, Numbers, find_all, null_spread
from .measuring import NONE, name_of


@dataclass(frozen=True)
class Audit:
    """Everything that an audit found."""

    track: str
    variant: str
    data: str
    """Data version."""
    clips: tuple[str, ...]
    """Ids of the audited clips."""
    judged_clips: int
    """How many clips judges were asked on for their admissibility: the audited ones, and maybe more."""
    pairs_in_all: int
    seed: int
    damages: tuple[str, ...]
    keys: tuple[str, ...]
    """Audited metrics in the order of the tables, a judge's own after the geometry."""
    findings: tuple[Finding, ...]
    admissions: tuple[Admission, ...]
    made: Mapping[str, int]
    """``damage|degree`` -> on how many clips it could be done."""
    spreads: Mapping[str, float | None]
    """Metric -> root mean square difference between right answers of a clip."""
    fingerprints: Mapping[str, str]
    """Judge -> hash of its weights."""
    command: str

    @property
    def judges(self) -> tuple[str, ...]:
        """Names of the judges."""
        return tuple(dict.fromkeys(one.figure.judge for one in self.admissions))

    def admissible(self, judge: str) -> bool:
        """Whether a judge reached all four figures."""
        return is_admissible([one.figure for one in self.admissions if one.figure.judge == judge])

    def finding(self, key: str, damage: str) -> Finding | None:
        """Return what a metric saw of a damage, if any clip has it."""
        return next((one for one in self.findings if (one.metric, one.damage) == (key, damage)), None)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """Claims that were not kept."""
        return tuple(one for one in self.findings if one.verdict == "failed")


@dataclass(frozen=True)
class Audited:
    """What was audited; the rest of an ``Audit`` follows from it and the numbers."""

    track: str
    variant: str
    data: str
    pairs: tuple[PairSpec, ...]
    """All pairs of the clip set."""
    seed: int
    damages: tuple[str, ...]
    geometry_keys: tuple[str, ...]
    judges: Mapping[str, tuple[str, ...]]
    """Name -> keys of its metrics."""
    fingerprints: Mapping[str, str]
    """Name -> hash of its weights."""
    command: str


def audit_of(numbers: Numbers, what: Audited, beyond: Numbers | None = None) -> Audit:
    """Return what the numbers of an audit's clips say.

    Args:
        numbers: Of the audited clips.
        what: What was audited.
        beyond: Of clips on which judges alone were asked, for their admissibility; none is an audited clip.
    """
    asked = {**numbers, **(beyond or {})}
    keys = (*what.geometry_keys, *(key for own in what.judges.values() for key in own))
    pairs = [pair for pair in what.pairs if pair.clip_id in numbers]
    return Audit(
        track=what.track,
        variant=what.variant,
        data=what.data,
        clips=tuple(sorted(numbers)),
        judged_clips=len(asked),
        pairs_in_all=len(what.pairs),
        seed=what.seed,
        damages=what.damages,
        keys=keys,
        findings=tuple(find_all(numbers, pairs, what.damages, keys, data=what.data)),
        admissions=tuple(admissions(asked, what.pairs, what.judges, data=what.data)),
        made=_made(numbers, what.damages, keys),
        spreads={key: null_spread(numbers, key) for key in keys},
        fingerprints=what.fingerprints,
        command=what.command,
    )


def _made(numbers: Numbers, damages: Sequence[str], keys: Sequence[str]) -> dict[str, int]:
    """On how many clips each degree could be done: a metric that every clip has, has a value there."""
    everywhere = next((k for k in keys if all(name_of(NONE, 0, k) in clip for clip in numbers.values())), keys[0])
    return {
        f"{damage}|{degree:g}": sum(name_of(damage, degree, everywhere) in clip for clip in numbers.values())
        for damage in damages
        for degree in BY_NAME[damage].degrees
    }


def findings_text(audit: Audit) -> str:
    """Return ``audit.csv``: one row per metric and damage, as ``metrics.audit`` reads it."""
    heads = (
        "metric", "damage", "claimed", "spearman", "lo", "hi", "smallest_told", "largest_told", "right_share",
        "spreads", "clips", "verdict", "variant", "data",
    )  # fmt: skip
    rows = [
        (
            one.metric, one.damage, "yes" if one.claimed else "no", *_estimate(one.spearman),
            _number(one.smallest_told), {True: "yes", False: "no", None: ""}[one.largest.told],
            _number(one.largest.right_share), _number(one.spreads), one.spearman.n, one.verdict, audit.variant,
            audit.data,
        )
        for one in audit.findings
    ]  # fmt: skip
    return _csv(heads, rows)


def admissions_text(audit: Audit) -> str:
    """Return ``admissibility.csv``: four rows per judge and metric."""
    heads = ("judge", "metric", "figure", "value", "lo", "hi", "clips", "line", "variant", "data", "fingerprint")
    rows = []
    for one in audit.admissions:
        figure, estimate = one.figure, one.estimate
        cells = _estimate(estimate) if estimate else ("", "", "")
        count = estimate.n if estimate else 0
        tied_to = (audit.variant, figure.data, audit.fingerprints[figure.judge])
        rows.append((figure.judge, figure.metric, figure.figure, *cells, count, figure.line, *tied_to))
    return _csv(heads, rows)


def audit_json(audit: Audit) -> dict[str, Any]:
    """Return everything as JSON values."""
    return {
        "schema": 1,
        "track": audit.track,
        "variant": audit.variant,
        "data": audit.data,
        "clips": list(audit.clips),
        "pairs_in_all": audit.pairs_in_all,
        "seed": audit.seed,
        "command": audit.command,
        "made_on_clips": dict(audit.made),
        "spreads": dict(audit.spreads),
        "judges": [
            {
                "judge": judge,
                "fingerprint": audit.fingerprints[judge],
                "admissible": audit.admissible(judge),
                "figures": [_admission_json(one) for one in audit.admissions if one.figure.judge == judge],
            }
            for judge in audit.judges
        ],
        "findings": [_finding_json(one) for one in audit.findings],
    }


def _admission_json(one: Admission) -> dict[str, Any]:
    figure: AdmissionFigure = one.figure
    return {
        "metric": figure.metric,
        "figure": figure.figure,
        "line": figure.line,
        "met": figure.is_met,
        "share": _estimate_json(one.estimate) if one.estimate else None,
    }


def _finding_json(one: Finding) -> dict[str, Any]:
    return {
        "metric": one.metric,
        "damage": one.damage,
        "claimed": one.claimed,
        "verdict": one.verdict or None,
        "spearman": _estimate_json(one.spearman),
        "smallest_told": one.smallest_told,
        "spreads": one.spreads,
        "degrees": [
            {"degree": d.degree, "worse": _estimate_json(d.worse), "right_share": d.right_share, "told": d.told}
            for d in one.degrees
        ],
    }


def _estimate_json(estimate: Estimate) -> dict[str, Any]:
    return {"value": estimate.value, "lo": estimate.lo, "hi": estimate.hi, "n": estimate.n, "note": estimate.note}


def _estimate(estimate: Estimate) -> tuple[str, str, str]:
    return _number(estimate.value), _number(estimate.lo), _number(estimate.hi)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _csv(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return buffer.getvalue()
