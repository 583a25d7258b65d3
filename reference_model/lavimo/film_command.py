"""The command ``film``: the video queries of ``retrieval/intents``. Imports nothing that computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..training.counting import Counting


@dataclass(frozen=True)
class Film:
    """Make the video queries of retrieval/intents: every motion on another body, in part, in looks of the test.

    The same command goes on where it was stopped. docs/retrieval.md says what a video shows and what it costs.

    Examples:
        retargetbench film --out build/intents-videos --processes 2
        retargetbench score my-embeddings --track retrieval/intents --variant videos --data-root build/intents-videos
    """

    out: Path = Path("build/intents-videos")
    """Folder for the videos; created when it does not exist."""
    processes: int = 1
    """How many files of 12 videos are made at a time."""
    json: bool = False
    """Print the result as JSON."""

    def carry_out(self, counting: Counting) -> Mapping[str, Any]:
        """Do it, and return what came out: ``lines`` for people, ``next`` for the next command, and values for JSON.

        Args:
            counting: Makes a counter for progress.

        Raises:
            UnsolvedVideo: If a motion can be solved on no other body.
        """
        from ...datasets.manifest import read_manifest
        from .video_queries import make_video_queries

        manifest = read_manifest(make_video_queries(self.out, counting, self.processes))
        count = manifest.content["videos"]
        return {
            "lines": [f"{self.out}: {count} videos, every file as listed. Version {manifest.sha256[:12]}."],
            "next": "retargetbench run lavimo --track retrieval/intents --variant videos "
            f"--data-root {self.out} --out runs/lavimo",
            "videos": count,
            "manifest": manifest.sha256,
        }
