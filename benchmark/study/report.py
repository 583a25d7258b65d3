"""The result of a study as one static page: it loads nothing, runs nothing, and opens from the disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ...datasets.files import write_atomically
from .resampling import Measured
from .scoring import QuestionScore, StudyScore

_HERE = Path(__file__).parent
_WIDTH_PX = 260.0


@dataclass(frozen=True)
class Bar:
    """A value with its interval on a horizontal scale, in pixels."""

    at: float
    lo: float | None
    hi: float | None
    zero: float


@dataclass(frozen=True)
class Line:
    """One row of a table with a drawing."""

    name: str
    value: str
    interval: str
    n: int
    bar: Bar | None
    more: tuple[str, ...] = ()


def write_study_report(score: StudyScore, out: Path) -> None:
    """Write the page; every word that came from raters or results is escaped.

    Args:
        score: What the votes say.
        out: The file to write; its folder is made.
    """
    write_atomically(out, study_html(score).encode())


def study_html(score: StudyScore) -> str:
    """Return the page as HTML text; the same votes always give the same text."""
    environment = Environment(
        loader=FileSystemLoader([_HERE, _HERE.parent / "report"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sections = [
        {
            "score": question,
            "methods": _methods(question),
            "pairs": _pairs(question),
            "quality": _quality(question),
            "metrics": _metrics(question),
        }
        for question in score.questions
    ]
    return environment.get_template("report.html").render(score=score, sections=sections, width=_WIDTH_PX)


def _methods(score: QuestionScore) -> list[Line]:
    ends = [e for m in score.methods for e in (m.strength.value, m.strength.lo, m.strength.hi) if e is not None]
    reach = max([1.0, *(abs(end) for end in ends)]) * 1.08
    return [
        _line(
            one.method,
            one.strength,
            (-reach, reach),
            more=(_text(one.share, percent=True), str(one.won), str(one.tied), str(one.lost)),
        )
        for one in score.methods
    ]


def _pairs(score: QuestionScore) -> list[Line]:
    return [
        _line(
            f"{one.first} over {one.second}",
            one.chance,
            (0.0, 1.0),
            zero=0.5,
            percent=True,
            more=(str(one.won), str(one.tied), str(one.lost)),
        )
        for one in score.pairs
    ]


def _quality(score: QuestionScore) -> list[Line]:
    return [
        _line("Raters agree (Krippendorff's nominal alpha)", score.alpha, (-0.2, 1.0)),
        _line(
            f"Same answer again, sides changed (by chance {score.same_by_chance:.0%})",
            score.same_again,
            (0.0, 1.0),
            zero=score.same_by_chance,
            percent=True,
        ),
        _line("Preferences that went to the left side", score.left, (0.0, 1.0), zero=0.5, percent=True),
        _line("Votes without preference", score.ties, (0.0, 1.0), percent=True),
    ]


def _metrics(score: QuestionScore) -> list[Line]:
    ranked = sorted(score.metrics, key=lambda m: -(m.correlation.value if m.correlation.value is not None else -2.0))
    return [_line(one.key, one.correlation, (-1.0, 1.0), more=(one.direction,)) for one in ranked]


def _line(
    name: str,
    measured: Measured,
    scale: tuple[float, float],
    *,
    zero: float = 0.0,
    percent: bool = False,
    more: Sequence[str] = (),
) -> Line:
    interval = ""
    if measured.lo is not None and measured.hi is not None:
        interval = f"{_number(measured.lo, percent)} to {_number(measured.hi, percent)}"
    return Line(name, _text(measured, percent=percent), interval, measured.n, _bar(measured, scale, zero), tuple(more))


def _bar(measured: Measured, scale: tuple[float, float], zero: float) -> Bar | None:
    def px(value: float) -> float:
        """Return where a value lies on the scale; what is beyond an end is drawn at the end."""
        inside = min(max(value, scale[0]), scale[1])
        return round((inside - scale[0]) / (scale[1] - scale[0]) * _WIDTH_PX, 1)

    if measured.value is None:
        return None
    if measured.lo is None or measured.hi is None:
        return Bar(px(measured.value), None, None, px(zero))
    return Bar(px(measured.value), px(measured.lo), px(measured.hi), px(zero))


def _text(measured: Measured, *, percent: bool = False) -> str:
    return "n/a" if measured.value is None else _number(measured.value, percent)


def _number(value: float, percent: bool) -> str:
    text = f"{value:.0%}" if percent else f"{round(value, 2) + 0.0:.2f}"  # never -0.00
    return text.replace("-", "\N{MINUS SIGN}").replace("%", "\N{NO-BREAK SPACE}%")
