"""What must stand below a table of scores, whoever prints it: failed audits of metrics, and who judged."""

from collections.abc import Iterable

from ..metrics.audit import FAILED, audit_table
from .judging.cautions import judge_cautions


def table_cautions(keys: Iterable[str]) -> list[str]:
    """Return one sentence for each thing to be said of a table's metrics; usually few.

    Args:
        keys: Of the metrics that the table shows.
    """
    shown = list(dict.fromkeys(keys))
    return [*failed_audits(shown), *judge_cautions(shown)]


def failed_audits(keys: Iterable[str]) -> list[str]:
    """Return which metrics failed the published audit on which damages, one sentence for all that failed on the same.

    By how much they failed is said by ``metrics.audit.warning_of``.
    """
    damages: dict[str, list[str]] = {}
    for row in audit_table():
        if row.verdict == FAILED:
            damages.setdefault(row.metric, []).append(row.damage)
    alike: dict[tuple[str, ...], list[str]] = {}
    for key in keys:
        if key in damages:
            alike.setdefault(tuple(damages[key]), []).append(key)
    return [
        f"Failed the audit on {', '.join(on)} (docs/auditing.md): {', '.join(failed)}." for on, failed in alike.items()
    ]
