"""The command ``merge``."""

from dataclasses import dataclass
from pathlib import Path

import tyro

from ...running.merge import merge_shards
from .. import console


@dataclass(frozen=True)
class Merge:
    """Join the shards of a split run; the result equals that of one undivided run.

    Shards that belong to different runs, overlap, or leave clips out are refused, and nothing is written.

    Examples:
        retargetbench merge runs/copy-1 runs/copy-2 --out runs/copy
    """

    shards: tyro.conf.Positional[tuple[Path, ...]]
    """Folders that `retargetbench run --shard i/n` wrote, all n of them, in any order."""
    out: Path
    """Folder to write; must not exist."""
    json: bool = False
    """Print what was done as JSON."""

    def run(self) -> int:
        """Merge; 1 when clips had failed."""
        summary = merge_shards(self.shards, self.out)
        if self.json:
            console.print_json({"out": str(summary.out), "clips": summary.clips, "failures": summary.failures})
        else:
            failed = f", {summary.failures} of them failed" if summary.failures else ""
            console.result(f"{summary.clips} clips{failed} in {summary.out}")
        console.next_step(f"retargetbench score {summary.out} --track <track>")
        return 0
