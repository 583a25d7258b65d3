"""What the audit of the metrics found, readable without importing anything that computes.

``audit_claims.csv`` says which damages a metric claims to measure; it is written by people, before the audit is run.
``audit.csv`` and ``admissibility.csv`` are what ``retargetbench audit --publish`` measured. A metric that fails on a
damage that it claims carries a warning wherever it is shown; a judge that is not admissible ranks nobody.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from .metric import name_in
from .semantics.declarations import is_semantic_key

LEAST_SPEARMAN = 0.6
"""Mean rank correlation with the degree of a claimed damage, below which a metric fails its audit."""

TABLE_FILE, ADMISSIBILITY_FILE, CLAIMS_FILE = "audit.csv", "admissibility.csv", "audit_claims.csv"

FIGURES: Mapping[str, float] = MappingProxyType(
    {"over_copy": 0.75, "over_opened": 0.80, "over_other": 0.90, "nearer_than_other": 0.80}
)
"""The four figures of admissibility (DESIGN section 6) and the share of pairs that each must reach: truth is preferred
over copy where copy breaks the goal by 5 % H, over a contact opened by 10 % H, over another motion; and the same motion
on another body is found nearer than another motion on the same body."""

LEAST_CLIPS = 20
"""With fewer clips a share of 80 % says little, and no figure is reached."""

PASSED, FAILED, UNDECIDED = "passed", "failed", "not decided"
"""Verdicts on a claim; undecided: too few motions or bodies for an interval, or the damage could not be done."""


@dataclass(frozen=True)
class Claim:
    """One damage that a metric claims to measure."""

    metric: str
    """Name without version: all versions and forms of a metric claim the same."""
    damage: str
    rises: bool
    """Whether the value is expected to rise with the degree; else it falls."""
    why: str


@dataclass(frozen=True)
class Audited:
    """What was found of one metric and one damage; a row of ``audit.csv``."""

    metric: str
    """Key."""
    damage: str
    verdict: str
    """``PASSED``, ``FAILED``, ``UNDECIDED``, or empty where the metric claims nothing of the damage."""
    spearman: float | None
    told: bool | None
    """Whether the largest degree is told from none."""
    data: str
    """Data version."""
    clips: int


@dataclass(frozen=True)
class AdmissionFigure:
    """One of the four figures of a judge's admissibility; a row of ``admissibility.csv``."""

    judge: str
    metric: str
    figure: str
    value: float | None
    line: float
    data: str
    clips: int
    """How many clips the judge was asked about."""

    @property
    def is_met(self) -> bool:
        """Whether the figure reaches its line; one that was measured on too few clips, or on none, does not."""
        return self.value is not None and self.value >= self.line and self.clips >= LEAST_CLIPS


@cache
def claims() -> tuple[Claim, ...]:
    """Return what every metric claims to measure."""
    rows = _rows(CLAIMS_FILE)
    return tuple(Claim(r["metric"], r["damage"], r["expected"] == "rises", r["why"]) for r in rows)


def claim_of(key: str, damage: str) -> Claim | None:
    """Return a metric's claim about a damage, if it makes one."""
    name = name_in(key)
    return next((claim for claim in claims() if (claim.metric, claim.damage) == (name, damage)), None)


@cache
def audit_table() -> tuple[Audited, ...]:
    """Return the published audit; empty where none was published."""
    return tuple(
        Audited(
            metric=row["metric"],
            damage=row["damage"],
            verdict=row["verdict"],
            spearman=float(row["spearman"]) if row["spearman"] else None,
            told={"yes": True, "no": False}.get(row["largest_told"]),
            data=row["data"],
            clips=int(row["clips"]),
        )
        for row in _rows(TABLE_FILE)
    )


@cache
def admission_figures() -> tuple[AdmissionFigure, ...]:
    """Return the published figures of all judges; empty where none were published."""
    return tuple(
        AdmissionFigure(
            judge=row["judge"],
            metric=row["metric"],
            figure=row["figure"],
            value=float(row["value"]) if row["value"] else None,
            line=float(row["line"]),
            data=row["data"],
            clips=int(row["clips"]),
        )
        for row in _rows(ADMISSIBILITY_FILE)
    )


@cache
def audit_warnings() -> Mapping[str, str]:
    """Return a sentence for every metric that failed its audit, by key."""
    failed: dict[str, list[str]] = {}
    for row in audit_table():
        if row.verdict == FAILED:
            failed.setdefault(row.metric, []).append(_why(row))
    return MappingProxyType({key: f"failed its audit on {', '.join(whys)}" for key, whys in failed.items()})


def _why(row: Audited) -> str:
    rank = "" if row.spearman is None else f"rank correlation {row.spearman:.2f}"
    told = "" if row.told in (True, None) else "largest degree not told from none"
    return f"{row.damage} ({'; '.join(part for part in (rank, told) if part)})"


DECIDING = "scl@1[{judge}]"
"""The metric whose four figures make a judge admissible: the only one that all four can be asked of."""


def judge_admissible(judge: str) -> bool | None:
    """Return whether a judge is admissible by the published figures; ``None`` if it was never audited."""
    if not any(figure.judge == judge for figure in admission_figures()):
        return None
    return is_admissible([figure for figure in admission_figures() if figure.judge == judge])


def is_admissible(figures: Sequence[AdmissionFigure]) -> bool:
    """Return whether all four figures of one judge's ``scl`` reach their lines."""
    deciding = [figure for figure in figures if figure.metric == DECIDING.format(judge=figure.judge)]
    return len(deciding) == len(FIGURES) and all(figure.is_met for figure in deciding)


def warning_of(key: str) -> str | None:
    """Return what must be said beside a metric's values: a failed audit, a judge that is not admissible; or nothing.

    Args:
        key: Of a geometry metric or a semantic one.
    """
    found = [audit_warnings()[key]] if key in audit_warnings() else []
    if is_semantic_key(key):
        judge = key.partition("[")[2].rstrip("]").partition(",")[0]
        admissible = judge_admissible(judge)
        if admissible is None:
            found.append(f"{judge} has not been audited here")
        elif not admissible:
            found.append(f"{judge} is not an admissible judge")
    return "; ".join(found) or None


def _rows(name: str) -> list[dict[str, str]]:
    path = files(__package__) / name
    if not path.is_file():
        return []
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
