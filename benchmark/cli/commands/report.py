"""The command ``report``."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from ....datasets.clip_set import ClipSet
from ....datasets.errors import BenchError
from ...report import ReportOptions, ReportSource, load_sources, write_report
from ...report.worst import worst_samples
from ...tracks import NeedsDataRoot, UnknownTrack, UnknownVariant, WrongTask, open_track
from .. import console


@dataclass(frozen=True)
class Report:
    """Turn results into one static page: tables with intervals and ranks, plots, and the worst clips.

    The page is one HTML file that opens from the disk, loads nothing from anywhere and runs no script. Pictures of the
    worst clips need the predictions: give the folders they are in with --predictions; each is found by its hash,
    whatever it is called.

    Examples:
        retargetbench report results
        retargetbench report results --predictions runs --out page.html
        retargetbench report results/retarget/intents@*/copy results/retarget/intents@*/classical
    """

    results: tyro.conf.Positional[tuple[Path, ...]]
    """Folders of results; everything below them is taken."""
    out: Path = Path("report.html")
    """The file to write."""
    predictions: Annotated[tuple[Path, ...], tyro.conf.UseAppendAction] = ()
    """Submission folder, or a folder that holds some; may be given several times."""
    data_root: Path | None = None
    """Folder with a track's files, for pictures on tracks whose data does not come with the package."""
    title: str = "Motion retargeting results"
    """Heading of the page."""
    worst: int = 3
    """Worst clips shown per method; 0 for none."""
    json: bool = False
    """Print {"page", "results", "with_pictures"} instead of the path."""

    def run(self) -> int:
        """Write the page."""
        if not self.results:
            raise NoResults("name at least one folder of results; score writes them below 'results'.")
        sources = load_sources(self.results, self.predictions)
        clip_sets = self._clip_sets(sources)
        write_report(
            sources, self.out, clip_sets=clip_sets, options=ReportOptions(title=self.title, worst=max(self.worst, 0))
        )
        pictured = sum(source.predictions is not None for source in sources)
        lacking = sum(source.predictions is None and bool(worst_samples(source.run, 1)) for source in sources)
        if self.json:
            console.print_json({"page": str(self.out), "results": len(sources), "with_pictures": pictured})
        else:
            console.result(str(self.out))
        if self.worst > 0 and lacking:
            console.say(
                f"{lacking} of {len(sources)} results have no pictures: their predictions were not "
                "found; give the folders they are in with --predictions."
            )
        console.next_step(f"open {self.out} in a browser")
        return 0

    def _clip_sets(self, sources: Sequence[ReportSource]) -> list[ClipSet]:
        """The clip sets that pictures are wanted of; one that is not at hand is left out and said so."""
        wanted = {(s.run.result.track, s.run.result.variant) for s in sources if s.predictions is not None}
        clip_sets = []
        for track, variant in sorted(wanted) if self.worst > 0 else ():
            try:
                clip_sets.append(open_track(track, variant, self.data_root))
            except (NeedsDataRoot, UnknownTrack, UnknownVariant, WrongTask) as error:
                console.warn(f"no pictures for {track}: {error}")
        return clip_sets


class NoResults(BenchError):
    """A report asked for without naming a result."""

    rule = "C061"
