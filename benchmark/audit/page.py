"""The audit as a page for people: what each metric sees, what it does not, and pictures of the damages."""

from collections.abc import Iterator, Mapping, Sequence

from ...metrics.audit import FAILED, FIGURES, LEAST_CLIPS, LEAST_SPEARMAN, PASSED
from ...metrics.semantics.declarations import is_semantic_key
from ..statistics import FEWEST_CLUSTERS, Estimate
from .admission import MISSED, outcome
from .damages.names import BY_NAME
from .findings import Finding
from .report import Audit

_FIGURE_WORDS = {
    "over_copy": "truth over copy, where copy breaks the goal by 5 % H",
    "over_opened": "truth over a contact opened by 10 % H",
    "over_other": "truth over another motion",
    "nearer_than_other": "the same motion on another body nearer than another motion on the same body",
}


def page_text(audit: Audit, pictures: Mapping[str, str]) -> str:
    """Return the page as Markdown.

    Args:
        audit: What was found.
        pictures: Damage -> picture, relative to the page; damages without one have no picture.
    """
    parts = [*_head(audit), *_failures(audit), *_claims(audit), *_judges(audit), *_damages(audit, pictures)]
    parts += [*_confusion(audit), *_correlations(audit)]
    return "\n".join(parts) + "\n"


def _head(audit: Audit) -> Iterator[str]:
    sample = f"{len(audit.clips)} of {audit.pairs_in_all} pairs"
    if len(audit.clips) < audit.pairs_in_all:
        sample += f", drawn by seed {audit.seed}"
    yield "# What can each metric see?\n"
    yield f"Written by the command below; nothing on this page is typed by hand.\n\n    {audit.command}\n"
    yield f"`{audit.track}`, variant `{audit.variant}`, data version `{audit.data[:12]}`: {sample}.\n"
    yield (
        "A right answer (the last of a pair's; the others are the reference of position metrics) is damaged in known\n"
        "ways and degrees, and every metric scores it.\n\n"
        "* **Rank correlation**: Spearman's, of the metric with the degree (none included), per clip; the mean over\n"
        "  clips with its 95 % interval (two-way bootstrap over programs and bodies). 1: always the right order; a\n"
        "  metric that does not move has 0; one that tells damage from none and orders the degrees by chance has 0.5\n"
        "  with four degrees, 0.6 with three, and a damage of one degree knows no order.\n"
        "* **Told from none**: the paired difference to the undamaged clip has an interval that lies on the right\n"
        "  side of 0. The share says on how many clips the metric is on the right side.\n"
        f"* A metric **fails** on a damage that it claims to measure (`metrics/audit_claims.csv`) if its rank\n"
        f"  correlation is below {LEAST_SPEARMAN:g} or its largest degree is not told from none. It then carries a\n"
        "  warning in `ls metrics`, below tables, in reports and in rows.\n"
        "* **Spreads**: the change in units of the metric's own root mean square difference between right answers of\n"
        "  one clip. These differ in the weights of the style only, so spreads are small and multiples of them large;\n"
        "  compare them along a row.\n"
    )


def _failures(audit: Audit) -> Iterator[str]:
    yield "## Failed\n"
    if not audit.failures:
        decided = any(one.verdict == PASSED for one in audit.findings)
        few = f"Nothing is decided: fewer than {FEWEST_CLUSTERS} programs or bodies give no interval."
        yield ("No metric fails on what it claims.\n" if decided else f"{few}\n")
        return
    by_metric: dict[str, list[Finding]] = {}
    for one in audit.failures:
        by_metric.setdefault(one.metric, []).append(one)
    for key, failed in by_metric.items():
        whys = "; ".join(
            f"{one.damage}: rank correlation {one.spearman.value:.2f}, largest degree "
            f"{'told' if one.largest.told else 'not told'} from none"
            for one in failed
        )
        yield f"* **`{key}`** {whys}"
    yield ""


def _claims(audit: Audit) -> Iterator[str]:
    yield "## What metrics claim to see\n"
    yield (
        "Of a metric with several forms (global, local, nearest of k, at a depth) the form with the lowest rank\n"
        "correlation. Right: on how many clips each degree, from the smallest, is scored worse than no damage.\n"
    )
    heads = ("metric", "damage", "rank correlation", "clips", "smallest degree told", "right", "")
    rows = []
    for forms in _forms(audit):
        for damage in audit.damages:
            claimed = [one for one in audit.findings if one.metric in forms and one.damage == damage and one.claimed]
            if claimed:
                rows.append(_claim_row(min(claimed, key=lambda one: one.spearman.value)))
    yield from _table(heads, rows)
    silent = [key for key in audit.keys if not any(f.metric == key and f.claimed for f in audit.findings)]
    if silent:
        yield f"Metrics about which no claim could be tested here: {', '.join(f'`{key}`' for key in silent)}.\n"


def _forms(audit: Audit) -> list[tuple[str, ...]]:
    """The metrics' keys, forms of one formula together; two judges are never together."""
    forms: dict[str, list[str]] = {}
    for key in audit.keys:
        forms.setdefault(key if is_semantic_key(key) else key.partition("[")[0], []).append(key)
    return [tuple(keys) for keys in forms.values()]


def _claim_row(one: Finding) -> tuple[str, ...]:
    right = ", ".join(f"{degree.right_share:.0%}" for degree in one.degrees)
    verdict = f"**{FAILED}**" if one.verdict == FAILED else one.verdict
    return (f"`{one.metric}`", one.damage, _interval(one.spearman), str(one.spearman.n), _smallest(one), right, verdict)


def _smallest(one: Finding) -> str:
    if one.largest.told is None:
        return "no interval"
    return "none" if one.smallest_told is None else BY_NAME[one.damage].label(one.smallest_told)


def _judges(audit: Audit) -> Iterator[str]:
    yield "## Judges\n"
    if not audit.judges:
        yield "No judge was audited: `--judge NAME` adds one.\n"
        return
    yield (
        "Semantic metrics are not validated against people. `kid` and `fid` have one value per set of clips, not per\n"
        "clip, and are not audited here.\n"
    )
    if audit.judged_clips > len(audit.clips):
        yield (
            f"Whether a judge is admissible was asked on {audit.judged_clips} clips: the audited ones, and all others\n"
            "whose motion no training holds.\n"
        )
    for judge in audit.judges:
        verdict = "admissible" if audit.admissible(judge) else "**not admissible**: its scores rank nobody"
        yield (
            f"`{judge}` (weights {audit.fingerprints[judge][:12]}) is {verdict}. By `scl`, all four figures must be\n"
            f"reached, on {LEAST_CLIPS} clips or more:\n"
        )
        rows = [
            (
                f"`{one.figure.metric}`", _FIGURE_WORDS[one.figure.figure], f"{FIGURES[one.figure.figure]:.0%}",
                _share(one.estimate), str(one.estimate.n) if one.estimate else "0",
                outcome(one.figure).replace(MISSED, f"**{MISSED}**"),
            )
            for one in audit.admissions
            if one.figure.judge == judge
        ]  # fmt: skip
        yield from _table(("metric", "the judge prefers", "line", "share of clips", "clips", ""), rows)


def _damages(audit: Audit, pictures: Mapping[str, str]) -> Iterator[str]:
    yield "## The damages\n"
    for name in audit.damages:
        damage = BY_NAME[name]
        counts = ", ".join(f"{damage.label(d)}: {audit.made[f'{name}|{d:g}']}" for d in damage.degrees)
        yield f"### {name}\n\n{damage.summary[:1].upper()}{damage.summary[1:]}. Clips it could be done on: {counts}.\n"
        if name in pictures:
            yield f"![{name}: no damage above, then the degrees]({pictures[name]})\n"


def _confusion(audit: Audit) -> Iterator[str]:
    yield "## Which damage moves which metric\n"
    yield (
        "Mean change at the largest degree, counted towards worse, in spreads of the metric. Bold: told from none.\n"
        "A metric without spread (right answers all have one value) shows an arrow instead of a number.\n"
    )
    yield from _table(("metric", *audit.damages), [_confusion_row(audit, key) for key in audit.keys])


def _confusion_row(audit: Audit, key: str) -> tuple[str, ...]:
    cells = []
    for damage in audit.damages:
        one = audit.finding(key, damage)
        if one is None:
            cells.append("")
            continue
        change = one.largest.worse.value
        text = _spreads(one.spreads) if one.spreads is not None else "↑" if change > 0 else "↓" if change < 0 else "0"
        cells.append(f"**{text}**" if one.largest.told else text)
    return (f"`{key}`", *cells)


def _spreads(value: float) -> str:
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.0f}{letter}"
    return f"{value:.0f}" if abs(value) >= 10 else f"{round(value, 1) + 0.0:.1f}"


def _correlations(audit: Audit) -> Iterator[str]:
    yield "## Rank correlation with the degree\n"
    yield "Bold: the metric claims to see the damage; a cross: it does not.\n"
    rows = []
    for key in audit.keys:
        cells = []
        for damage in audit.damages:
            one = audit.finding(key, damage)
            text = "" if one is None else f"{one.spearman.value + 0.0:.2f}"
            if one is not None and one.claimed:
                text = f"**{text}**" + (" ✗" if one.verdict == FAILED else "")
            cells.append(text)
        rows.append((f"`{key}`", *cells))
    yield from _table(("metric", *audit.damages), rows)


def _interval(estimate: Estimate) -> str:
    value = f"{round(estimate.value, 2) + 0.0:.2f}"
    return value if estimate.lo is None else f"{value} [{estimate.lo:.2f}, {estimate.hi:.2f}]"


def _share(estimate: Estimate | None) -> str:
    if estimate is None:
        return "not asked"
    value = f"{estimate.value:.0%}"
    return value if estimate.lo is None else f"{value} [{estimate.lo:.0%}, {estimate.hi:.0%}]"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    yield from ("| " + " | ".join(row) + " |" for row in rows)
    yield ""
