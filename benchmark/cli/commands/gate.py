"""The command ``gate``."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import tyro

from ...cautions import table_cautions
from ...comparison import load_run
from ...gating import GatedMetric, gate_runs, read_tolerance
from .. import console
from .score import interval, number


@dataclass(frozen=True)
class Gate:
    """Fail when a new result is worse than a base, beyond tolerance and beyond noise.

    Exit code 0: passed; 1: a metric became worse. A metric fails only when it is worse by more than its tolerance and
    the difference, paired by clip, is beyond noise (p < 0.05 after Holm's adjustment for the number of gated metrics).
    The clips that became worse most are named.

    Examples:
        retargetbench gate results/new --base results/base --tol pen_limb=2%
        retargetbench gate results/new --base results/base --tol "goal_contact=2%; jerk=5" --json
        retargetbench gate results/new --base results/base
    """

    new: tyro.conf.Positional[Path]
    """Folder of the new result, or its result.json."""
    base: Path
    """Folder of the result it is judged against."""
    tol: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """METRIC=AMOUNT, for example pen_limb=2% (of the base's value) or jerk=5 (in its unit); may be given several times
    or separated by semicolons. Only these metrics are gated; without any, all that have a direction, at 0."""
    split: str = "all"
    """Split to judge on."""
    json: bool = False
    """Print JSON instead of a table."""

    def run(self) -> int:
        """Judge, print, and return 1 when something failed."""
        new, base = load_run(self.new), load_run(self.base)
        common = [key for key in new.samples.keys if key in base.samples.keys]
        words = [word for text in self.tol for word in text.split(";") if word.strip()]
        gated = gate_runs(new, base, [read_tolerance(word, common) for word in words], split=self.split)
        failed = [row for row in gated if row.outcome == "failed"]
        if self.json:
            console.print_json(
                {
                    "passed": not failed,
                    "split": self.split,
                    "metrics": [asdict(row) for row in gated],
                    "cautions": table_cautions(row.difference.key for row in gated),
                }
            )
        else:
            _print_table(gated, failed)
        if failed:
            console.next_step(f"retargetbench report {new.folder} {base.folder}")
            return 1
        console.next_step(f"retargetbench compare {new.folder} {base.folder}")
        return 0


def _print_table(gated: list[GatedMetric], failed: list[GatedMetric]) -> None:
    rows = [
        (
            row.difference.key,
            number(row.difference.b),
            number(row.difference.a),
            number(row.worsening),
            number(row.allowed),
            interval(row.difference.lo, row.difference.hi),
            row.outcome,
        )
        for row in gated
    ]
    console.table(("metric", "base", "new", "worse by", "allowed", "new - base, 95 %", "gate"), rows, align="lrrrrll")
    for row in failed:
        console.result(f"\n{row.difference.key}: the clips that became worse most")
        for clip in row.worst_clips:
            console.result(f"  {clip.clip_id}  {number(clip.base)} -> {number(clip.new)}")
    undecided = [row.difference.key for row in gated if row.outcome == "undecided"]
    if undecided:
        console.warn(f"too few motions or bodies to tell change from noise: {', '.join(undecided)}")
    for caution in table_cautions(row.difference.key for row in gated):
        console.warn(caution)
    console.result("FAILED: " + ", ".join(row.difference.key for row in failed) if failed else "passed")
