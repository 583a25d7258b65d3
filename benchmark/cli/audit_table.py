"""The audit on the terminal."""

from ...metrics.audit import PASSED, UNDECIDED
from ..audit.admission import outcome
from ..audit.damages.names import BY_NAME
from ..audit.report import Audit, audit_json
from . import console


def print_audit(audit: Audit, *, as_json: bool) -> None:
    """Print what each metric claims to see and whether it does, and the figures of each judge."""
    if as_json:
        console.print_json(audit_json(audit))
        return
    console.result(
        f"{len(audit.clips)} of {audit.pairs_in_all} pairs of {audit.track} ({audit.variant}, data {audit.data[:12]}), "
        f"{len(audit.damages)} damages, {len(audit.keys)} metrics"
    )
    console.table(
        ("metric", "claims kept", "weakest claim", "rank", "right", "smallest told"),
        _metric_rows(audit),
        align="lrlrrl",
    )
    if audit.admissions:
        figures = [
            (
                one.figure.metric,
                one.figure.figure,
                "not asked" if one.estimate is None else f"{one.estimate.value:.0%}",
                f"{one.figure.line:.0%}",
                str(one.estimate.n if one.estimate else 0),
                outcome(one.figure),
            )
            for one in audit.admissions
        ]
        console.table(("judge's metric", "figure", "share", "line", "clips", ""), figures, align="llrrrl")
    for judge in audit.judges:
        console.result(f"{judge} is {'an' if audit.admissible(judge) else 'not an'} admissible judge.")
    for key in dict.fromkeys(one.metric for one in audit.failures):
        damages = ", ".join(one.damage for one in audit.failures if one.metric == key)
        console.warn(f"{key} does not see what it claims to see: {damages}.")


def _metric_rows(audit: Audit) -> list[tuple[str, ...]]:
    """One row per metric: of its claims the one with the lowest rank correlation."""
    rows: list[tuple[str, ...]] = []
    for key in audit.keys:
        own = [one for one in audit.findings if one.metric == key and one.claimed]
        if not own:
            rows.append((key, "no claim", "", "", "", ""))
            continue
        decided = [one for one in own if one.verdict != UNDECIDED]
        kept = f"{sum(one.verdict == PASSED for one in decided)} of {len(own)}" if decided else "not decided"
        weakest = min(own, key=lambda one: one.spearman.value)
        smallest = "no interval" if weakest.largest.told is None else "none"
        if weakest.smallest_told is not None:
            smallest = BY_NAME[weakest.damage].label(weakest.smallest_told)
        rank = f"{round(weakest.spearman.value, 2) + 0.0:.2f}"
        rows.append((key, kept, weakest.damage, rank, f"{weakest.largest.right_share:.0%}", smallest))
    return rows
