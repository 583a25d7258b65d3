"""Small audits for tests, in the place of the published tables."""

import csv

from retargetbench.metrics import audit

HEADS = (
    "metric,damage,claimed,spearman,lo,hi,smallest_told,largest_told,right_share,spreads,clips,verdict,variant,data\n"
)
JUDGES = "judge,metric,figure,value,lo,hi,clips,line,variant,data\n"

_CACHED = (audit.audit_table, audit.admission_figures, audit.audit_warnings)


def verdict_rows(metric, verdict, *damages):
    """Lines of ``audit.csv``: one verdict on a metric for several damages."""
    return "".join(f'"{metric}",{damage},yes,0.41,0.3,0.5,1,yes,1,9,80,{verdict},full,ab\n' for damage in damages)


def put_in_place(monkeypatch):
    """Return a function that replaces the tables: ``published(rows, judges)``, each with its heads, or empty."""
    files = {}

    def publish(rows="", judges=""):
        files.update({audit.TABLE_FILE: rows, audit.ADMISSIBILITY_FILE: judges})
        forget()

    real = audit._rows
    monkeypatch.setattr(audit, "_rows", lambda name: _read(files[name]) if name in files else real(name))
    return publish


def forget():
    """Have the tables read again."""
    for one in _CACHED:
        one.cache_clear()


def _read(text):
    return list(csv.DictReader(text.splitlines()))
