"""The command ``check``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from ...one_file.check import FileCheck
from ...one_file.doors import DOORS
from ...submission.check import CheckReport, check_submission
from ...submission.problems import MAX_SHOWN
from ...tracks import find_track, open_data, open_track
from .. import console


@dataclass(frozen=True)
class Check:
    """Check a submission and name every problem at once, each with a rule id and what to do about it.

    Reads a folder or an archive; nothing in it is executed or unpickled, and sizes are limited before anything is
    allocated. The exit code is 0 for a submission that can be scored, 1 otherwise.

    Examples:
        retargetbench check my-predictions --track retarget/intents
        retargetbench check my-predictions.zip --track retarget/intents --json
        retargetbench check my-embeddings --track retrieval/intents
        retargetbench check my-classes --track recognition/intents
    """

    predictions: tyro.conf.Positional[Path]
    """Submission folder (method.toml, index.csv, predictions/; of a retrieval track embeddings.npz, of a recognition
    track scores.csv or ranking.csv), or one packed as .zip, .tar or .tar.gz."""
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
        door = DOORS.get(track.task)
        report: CheckReport | FileCheck[Any]
        if door:
            report = door.check(self.predictions, open_data(track, self.variant, self.data_root))
        else:
            report = check_submission(self.predictions, open_track(track.id, self.variant, self.data_root))
        if self.json:
            console.print_json(_as_json(report))
        else:
            self._tell(report, door.answers if door else "")
        if not report.problems:
            root = f" --data-root {self.data_root}" if self.data_root else ""
            variant = f" --variant {self.variant}" if self.variant else ""
            console.next_step(f"retargetbench score {self.predictions} --track {track.id}{variant}{root}")
        return 1 if report.problems else 0

    def _tell(self, report: CheckReport | FileCheck[Any], answers: str) -> None:
        for problem in report.problems[:MAX_SHOWN]:
            console.result(str(problem))
        if len(report.problems) > MAX_SHOWN:
            console.result(f"... and {len(report.problems) - MAX_SHOWN} more problems; --json lists all of them.")
        if report.problems:
            count = len(report.problems)
            console.say(f"{count} problem{'s' if count > 1 else ''}; {self.predictions} cannot be scored.")
            return
        if isinstance(report, FileCheck):
            failed = f", {report.failed} declared as failed (worst case)" if report.failed else ""
            held = ", ".join(f"{count} {kind}" for kind, count in report.counts.items())
            console.result(f"{self.predictions}: fine, {answers} of {held} items{failed}.")
            return
        failed = f", {report.clips_failed} declared as failed (worst case)" if report.clips_failed else ""
        console.result(f"{self.predictions}: fine, {report.clips_predicted} of {report.clips_expected} clips{failed}.")


def _as_json(report: CheckReport | FileCheck[Any]) -> dict[str, Any]:
    counted: dict[str, Any] = {"items": _items(report)} if isinstance(report, FileCheck) else _clips(report)
    return {
        "ok": not report.problems,
        "problems": [{"rule": p.rule, "where": p.where, "message": p.message} for p in report.problems],
        "method": report.card.to_dict() if report.card else None,
        **counted,
    }


def _items(report: FileCheck[Any]) -> dict[str, int]:
    return {**report.counts, "failed": report.failed}


def _clips(report: CheckReport) -> dict[str, Any]:
    return {
        "clips": {
            "expected": report.clips_expected,
            "predicted": report.clips_predicted,
            "failed": report.clips_failed,
        }
    }
