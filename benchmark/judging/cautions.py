"""What must stand beside semantic scores, whoever shows them: not validated, and what the audit says of the judge."""

from collections.abc import Iterable

from ...metrics.audit import judge_admissible
from ...metrics.semantics.declarations import NOT_VALIDATED, is_semantic_key, semantic_metric


def judges_in(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the judges in metric keys, each once, in order."""
    return tuple(dict.fromkeys(semantic_metric(key).judge for key in keys if is_semantic_key(key)))


def judge_warning(judge: str) -> str | None:
    """Return why a judge's scores rank nobody; nothing of one that is admissible by the published audit."""
    admissible = judge_admissible(judge)
    if admissible is None:
        return f"{judge} has not been audited here: its scores rank nobody"
    return None if admissible else f"{judge} is not an admissible judge (docs/auditing.md): its scores rank nobody"


def judge_cautions(keys: Iterable[str]) -> list[str]:
    """Return one sentence for each judge that gave some of the scores under these keys."""
    cautions = []
    for judge in judges_in(keys):
        warning = judge_warning(judge)
        cautions.append(f"Scores by {judge}: {NOT_VALIDATED}" + (f"; {warning}." if warning else "."))
    return cautions
