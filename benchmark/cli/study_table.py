"""The result of a study on the terminal."""

from ..study.resampling import Measured
from ..study.scoring import QuestionScore, StudyScore
from ..submission.problems import printable
from . import console

SIMULATED = "SIMULATED VOTES: a program made these votes; they say nothing about what people see."


def print_study(score: StudyScore) -> None:
    """Print raters, strengths, agreement and the metrics' correlation with the votes; simulated votes say so first."""
    if score.simulated:
        console.result(SIMULATED)
    console.result(
        f"{printable(score.title)}: {score.comparisons} comparisons on {score.motions} motions of {score.track} "
        f"({score.variant}); votes of {score.kept} of {len(score.raters)} raters count"
    )
    left_out = [one for one in score.raters if one.outcome != "kept"]
    if left_out:
        rows = [
            (printable(o.rater), o.outcome, f"{o.catches_right}/{o.catches}", f"{o.answered}/{o.asked}")
            for o in left_out
        ]
        console.result(f"left out, by the rule of the key (all trials, and {score.catches_needed} catch trials right):")
        console.table(("rater", "why", "catch trials right", "answered"), rows, align="llrr")
    for question in score.questions:
        _print_question(question)
    if score.note and score.questions:
        console.result(score.note)


def _print_question(score: QuestionScore) -> None:
    console.result(f"\n{score.question.id}: {printable(score.question.text)}")
    rows = [
        (
            printable(m.method),
            *with_interval(m.strength),
            *with_interval(m.share, percent=True),
            str(m.won),
            str(m.tied),
            str(m.lost),
        )
        for m in score.methods
    ]
    heads = ("method", "strength", "95 %", "preferred", "95 %", "won", "no difference", "lost")
    console.table(heads, rows, align="lrlrlrrr")
    for name, measured in (
        ("raters agree (Krippendorff's alpha)", score.alpha),
        (f"same answer again (by chance {score.same_by_chance:.0%})", score.same_again),
        ("preferences for the left side", score.left),
        ("no difference seen", score.ties),
    ):
        value, ends = with_interval(measured, percent=measured is not score.alpha)
        console.result(f"{name}: {value}{f' ({ends})' if ends else ''}, n = {measured.n}")
    if score.metrics:
        console.result(
            "rank correlation of each metric with the votes, over comparisons (1: prefers what people prefer)"
        )
        found = sorted(score.metrics, key=lambda m: -(m.correlation.value if m.correlation.value is not None else -2))
        table = [(m.key, *with_interval(m.correlation), m.direction, str(m.correlation.n)) for m in found]
        console.table(("metric", "correlation", "95 %", "better", "comparisons"), table, align="lrllr")


def with_interval(measured: Measured, *, percent: bool = False) -> tuple[str, str]:
    """Return a value and its interval as text; a dash, or nothing, where there is none."""

    def text(value: float) -> str:
        """Write one number."""
        return f"{value:.0%}" if percent else f"{round(value, 2) + 0.0:.2f}"  # never -0.00

    if measured.value is None:
        return "-", ""
    if measured.lo is None or measured.hi is None:
        return text(measured.value), ""
    return text(measured.value), f"{text(measured.lo)} to {text(measured.hi)}"
