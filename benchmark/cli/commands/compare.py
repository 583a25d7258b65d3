"""The command ``compare``."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import tyro

from ....metrics.declarations import find_metric
from ...cautions import table_cautions
from ...comparison import Difference, ScoredRun, compare_runs, load_run
from .. import console
from .score import interval, number


@dataclass(frozen=True)
class Compare:
    """Say whether two results really differ: A against B, paired by clip, metric by metric.

    Each difference is A minus B with its 95 % interval (two-way bootstrap over motions and target bodies), a p-value
    adjusted for the number of ranked metrics (Holm), an effect size (mean over standard deviation of the clips'
    differences) and the smallest true difference that this test set would show in 80 % of cases.

    Results on different data are refused.

    Examples:
        retargetbench compare results/retarget/intents@*/mine results/retarget/intents@*/copy
        retargetbench compare new/result.json old/result.json --metric pen_limb@1 --metric goal_f1@1
        retargetbench compare new old --split UC+UM --json
    """

    a: tyro.conf.Positional[Path]
    """Folder of a result, or its result.json."""
    b: tyro.conf.Positional[Path]
    """Folder of the result it is compared with."""
    split: str = "all"
    """Split to compare on."""
    metric: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """Metric key to compare; may be given several times. By default all that both results have."""
    json: bool = False
    """Print JSON instead of a table."""

    def run(self) -> int:
        """Compare and print."""
        keys = [find_metric(key).key for key in self.metric] or None
        a, b = load_run(self.a), load_run(self.b)
        differences = compare_runs(a, b, split=self.split, keys=keys)
        if self.json:
            console.print_json(
                {
                    "a": _named(a),
                    "b": _named(b),
                    "split": self.split,
                    "differences": [asdict(d) for d in differences],
                    "cautions": table_cautions(d.key for d in differences),
                }
            )
        else:
            _print_table(a, b, self.split, differences)
        tolerance = " --tol pen_limb=2%" if any(d.key.startswith("pen_limb@") for d in differences) else ""
        console.next_step(f"retargetbench gate {a.folder} --base {b.folder}{tolerance}")
        return 0


def _named(run: ScoredRun) -> dict[str, str]:
    result = run.result
    return {"folder": str(run.folder), "method": result.method.name, "track": result.track, "data": result.data}


def _print_table(a: ScoredRun, b: ScoredRun, split: str, differences: list[Difference]) -> None:
    names = f"A = {a.result.method.name}, B = {b.result.method.name}"
    console.result(f"{names}, on {a.result.track} ({split}); differences are A minus B")
    columns = ("metric", "A", "B", "difference", "95 % interval", "p (Holm)", "effect", "resolves", "A is")
    rows = [
        (
            row.key,
            number(row.a),
            number(row.b),
            number(row.difference),
            interval(row.lo, row.hi),
            _p_text(row.p_value if row.p_holm is None else row.p_holm),
            number(row.effect_size),
            number(row.smallest_resolved),
            row.verdict,
        )
        for row in differences
    ]
    console.table(columns, rows, align="lrrrlrrrl")
    for note in sorted({row.note for row in differences if row.note}):
        console.result(note)
    for caution in table_cautions(row.key for row in differences):
        console.result(caution)


def _p_text(value: float | None) -> str:
    if value is None:
        return "-"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
