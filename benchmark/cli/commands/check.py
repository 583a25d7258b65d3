"""The command ``check``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from ...submission.check import CheckReport, check_submission
from ...submission.problems import MAX_SHOWN
from ...tracks import find_track, open_track
from .. import console


@dataclass(frozen=True)
class Check:
    """Check a submission and name every problem at once, each with a rule id and what to do about it.

    Reads a folder or an archive; nothing in it is executed or unpickled, and sizes are limited before anything is
    allocated. The exit code is 0 for a submission that can be scored, 1 otherwise.

    Examples:
        retargetbench check my-predictions --track retarget/intents
        retargetbench check my-predictions.zip --track retarget/intents --json
    """

    predictions: tyro.conf.Positional[Path]
    """Submission folder (method.toml, index.csv, predictions/), or one packed as .zip, .tar or .tar.gz."""
    track: str = "retarget/intents"
    """Track id; `retargetbench ls tracks` lists them."""
    variant: str | None = None
    """Variant of the track; by default its first one."""
    data_root: Path | None = None
    """Folder with the track's files, for tracks whose data does not come with the package."""
    json: bool = False
    """Print the problems as JSON."""

    def run(self) -> int:
        """Check; 1 when there are problems."""
        track = find_track(self.track)
        report = check_submission(self.predictions, open_track(track.id, self.variant, self.data_root))
        if self.json:
            console.print_json(_as_json(report))
        else:
            self._tell(report)
        if not report.problems:
            root = f" --data-root {self.data_root}" if self.data_root else ""
            console.next_step(f"retargetbench score {self.predictions} --track {track.id}{root}")
        return 1 if report.problems else 0

    def _tell(self, report: CheckReport) -> None:
        for problem in report.problems[:MAX_SHOWN]:
            console.result(str(problem))
        if len(report.problems) > MAX_SHOWN:
            console.result(f"... and {len(report.problems) - MAX_SHOWN} more problems; --json lists all of them.")
        if report.problems:
            count = len(report.problems)
            console.say(f"{count} problem{'s' if count > 1 else ''}; {self.predictions} cannot be scored.")
            return
        failed = f", {report.clips_failed} declared as failed (worst case)" if report.clips_failed else ""
        console.result(f"{self.predictions}: fine, {report.clips_predicted} of {report.clips_expected} clips{failed}.")


def _as_json(report: CheckReport) -> dict[str, Any]:
    return {
        "ok": not report.problems,
        "problems": [{"rule": p.rule, "where": p.where, "message": p.message} for p in report.problems],
        "method": report.card.to_dict() if report.card else None,
        "clips": {
            "expected": report.clips_expected,
            "predicted": report.clips_predicted,
            "failed": report.clips_failed,
        },
    }
