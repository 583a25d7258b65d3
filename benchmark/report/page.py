"""The report: scored runs in, one static HTML file out. It loads nothing, runs nothing, and opens from the disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ...datasets.clip_set import ClipSet
from ...datasets.errors import BenchError
from ...datasets.files import write_atomically
from ..comparison import check_same_judges
from ..ranking import metric_order
from ..records import Result
from .confusion import ConfusionPicture, confusion_pictures
from .scatter import Plot, scatter_plots
from .sources import ReportSource
from .tables import (
    NO_INTERVAL,
    Column,
    Family,
    Row,
    Table,
    column_of,
    in_table_order,
    long_table,
    short_table,
    splits_of,
)
from .worst import WorstClip, worst_clips


class NothingToReport(BenchError):
    """A report of no results."""

    rule = "C060"


@dataclass(frozen=True)
class ReportOptions:
    """What the report shows."""

    title: str = "Motion retargeting results"
    worst: int = 3
    """Worst clips per method; 0 for none."""
    frames: int = 8
    """Frames per strip in the pictures."""
    frame_px: int = 168
    """Height of a frame in the pictures."""


@dataclass(frozen=True)
class Provenance:
    """How one row's numbers were made."""

    row: Row
    result: Result
    time_utc: str
    hardware: str
    environment: str
    speed: str
    pictures: bool


@dataclass(frozen=True)
class Section:
    """Everything about the runs on one version of one track's data."""

    track: str
    variant: str
    data: str
    tables: tuple[Table, ...]
    long_tables: tuple[tuple[str, tuple[Family, ...]], ...]
    methods: tuple[str, ...]
    plots: tuple[Plot, ...]
    worst: tuple[WorstClip, ...]
    confusions: tuple[ConfusionPicture, ...]
    provenance: tuple[Provenance, ...]
    metrics: tuple[Column, ...]


def write_report(
    sources: Sequence[ReportSource],
    out: Path,
    *,
    clip_sets: Sequence[ClipSet] = (),
    options: ReportOptions | None = None,
) -> None:
    """Write the report as one HTML file.

    Every word that came with a result is escaped; the page has no script and forbids itself to load anything.

    Args:
        sources: The scored runs, of any tracks; each track and version of data gets a section.
        out: The file to write; its folder is made.
        clip_sets: Opened clip sets; runs on their data whose predictions are given get pictures of their worst clips.
        options: Title, and how much is shown.

    Raises:
        NothingToReport: If there are no sources.
        NotComparable: If two results were judged by different judges of one name.
    """
    write_atomically(out, report_html(sources, clip_sets=clip_sets, options=options).encode())


def report_html(
    sources: Sequence[ReportSource], *, clip_sets: Sequence[ClipSet] = (), options: ReportOptions | None = None
) -> str:
    """Return the report as HTML text; the same input always gives the same text. See ``write_report``."""
    if not sources:
        raise NothingToReport("there are no results to report; give folders written by score.")
    chosen = options or ReportOptions()
    groups: dict[tuple[str, str, str], list[ReportSource]] = {}
    for source in sources:
        result = source.run.result
        groups.setdefault((result.track, result.variant, result.data), []).append(source)
    by_data = {clip_set.data_sha256: clip_set for clip_set in clip_sets}
    sections = [_section(group, by_data.get(key[2]), chosen) for key, group in sorted(groups.items())]
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,  # whatever a file is called
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("page.html")
    return template.render(title=chosen.title, sections=sections, no_interval=NO_INTERVAL, version=_version())


def _version() -> str:
    from retargetbench import __version__

    return __version__


def _section(sources: Sequence[ReportSource], clip_set: ClipSet | None, options: ReportOptions) -> Section:
    runs = [source.run for source in sources]
    check_same_judges(runs)
    ordered = in_table_order(runs)
    splits = splits_of(runs)
    result = runs[0].result
    tables = tuple(short_table(runs, split) for split in splits)
    keys = {key for run in runs for scores in run.result.scores.values() for key in scores}
    of_run = {id(source.run): source for source in sources}
    rows = [row for row in tables[0].rows if not row.missing]
    return Section(
        track=result.track,
        variant=result.variant,
        data=result.data,
        tables=tables,
        long_tables=tuple((split, tuple(long_table(runs, split))) for split in splits),
        methods=tuple(run.result.method.name for run in ordered),
        plots=tuple(scatter_plots(runs)),
        worst=tuple(worst_clips(sources, clip_set, count=options.worst, size=(options.frames, options.frame_px))),
        confusions=tuple(confusion_pictures([of_run[id(run)] for run in ordered])),
        provenance=tuple(_provenance(of_run[id(run)], row) for run, row in zip(ordered, rows, strict=True)),
        metrics=tuple(column_of(key) for key in metric_order(sorted(keys))),
    )


def _provenance(source: ReportSource, row: Row) -> Provenance:
    made = source.made
    speed = made.speed if made is not None and made.speed else {}
    fps = speed.get("frames_per_second", speed.get("frames_per_s"))
    return Provenance(
        row=row,
        result=source.run.result,
        time_utc=made.time_utc if made else "",
        hardware=", ".join(f"{v}" for v in made.hardware.values()) if made else "",
        environment=", ".join(f"{name} {v}" for name, v in made.environment.items()) if made else "",
        speed=f"{fps:,.0f} frames/s" if isinstance(fps, int | float) else "",
        pictures=source.predictions is not None,
    )
