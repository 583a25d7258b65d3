"""The command ``reproduce``: does a committed row hold?"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import tyro

from ..benchmark.cli import console
from ..benchmark.environment import package_versions
from ..benchmark.report.sources import submissions_by_hash
from ..datasets.errors import BenchError
from .reproduction import Reproducer, Settings, Verdict
from .rows import ROWS, Confirmation, Row, Trust, find_rows, samples_path, write_row


class NothingToReproduce(BenchError):
    """Neither rows nor --all."""

    rule = "L003"


@dataclass(frozen=True)
class Reproduce:
    """Make committed rows again and say whether their numbers hold; exit code 1 when one does not.

    A row must follow from its own table of clips, to the last digit: a number altered by hand is named. Then the
    method is run again with the row's seed, or predictions given with --predictions are scored again, and every number
    is compared: 1e-4 of the value (penetration: or one vertex per frame), and for methods that iterate or are trained,
    where their predictions differ in their bits, the 95 % interval that stands in the row. Hashes of data and weights
    must be the row's.

    Examples:
        retargetbench reproduce --all
        retargetbench reproduce leaderboards/rows/retarget/intents/copy
        retargetbench reproduce my-row.json --predictions runs/mine
    """

    rows: tyro.conf.Positional[tuple[Path, ...]] = ()
    """Row files, or folders of rows."""
    all: bool = False
    """Take every row that comes with the package."""
    predictions: Annotated[tuple[Path, ...], tyro.conf.UseAppendAction] = ()
    """Submission folder, or a folder that holds some; each is found by its hash. May be given several times."""
    data_root: Path | None = None
    """Folder with the track's files, for tracks whose data does not come with the package."""
    workers: int = min(os.cpu_count() or 1, 8)
    """Worker processes; the numbers do not depend on it."""
    judge_folder: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """JUDGE=FOLDER with the weights of a judge that is neither in the package nor on the hub; JUDGE as in the row's
    metric keys. May be given several times."""
    numbers_only: bool = False
    """Only check that each row follows from its table of clips and fits the data; run nothing."""
    confirm_as: str | None = None
    """Your name: rows that hold are raised to trust level T2 on your word. You must not be the method's author."""
    json: bool = False
    """Print [{"row", "outcome", "how", "problems"}] instead of lines."""

    def run(self) -> int:
        """Reproduce the rows one by one."""
        if not self.rows and not self.all:
            raise NothingToReproduce("name the rows to reproduce, or give --all for those that come with the package.")
        if self.workers < 1:
            raise NothingToReproduce(f"--workers is {self.workers}; expected at least 1.")
        paths = find_rows([*self.rows, *([ROWS] if self.all else [])])
        settings = Settings(
            predictions=submissions_by_hash(self.predictions),
            data_root=self.data_root,
            workers=self.workers,
            numbers_only=self.numbers_only,
            show_progress=True,
            judge_folders=self.judge_folder,
        )
        verdicts = []
        with Reproducer(settings) as reproducer:
            for path in paths:
                verdict = reproducer.reproduce(path)
                verdicts.append(verdict)
                self._tell(verdict)
                if verdict.outcome == "reproduced" and self.confirm_as:
                    confirm(verdict, self.confirm_as)
        if self.json:
            console.print_json([_as_json(verdict) for verdict in verdicts])
        failed = sum(verdict.outcome == "not reproduced" for verdict in verdicts)
        console.say(f"{len(verdicts) - failed} of {len(verdicts)} rows hold.")
        return 1 if failed else 0

    def _tell(self, verdict: Verdict) -> None:
        line = f"{verdict.outcome}: {verdict.path} ({verdict.how})"
        (console.say if self.json else console.result)(line)
        for problem in verdict.problems:
            console.fail(f"{verdict.path.name}: {problem}")


def _as_json(verdict: Verdict) -> dict[str, object]:
    return {
        "row": str(verdict.path),
        "outcome": verdict.outcome,
        "how": verdict.how,
        "problems": list(verdict.problems),
    }


def confirm(verdict: Verdict, name: str) -> None:
    """Raise a reproduced row to trust level T2, naming who vouches for it."""
    row = verdict.row
    if row is None:
        return
    word = Confirmation(by=name, date=datetime.now(UTC).date().isoformat(), environment=package_versions())
    trust = Trust(level="T3" if row.trust.level == "T3" else "T2", confirmed=(*row.trust.confirmed, word))
    result = row.result.model_copy(update={"trust": trust.level})
    raised: Row = row.model_copy(update={"trust": trust, "result": result})
    write_row(verdict.path, raised, samples_path(verdict.path).read_bytes())
