"""Fit a judge's reference for ``fid`` on sources that no method makes: solved motions of the training split.

``python -m retargetbench.benchmark.judging.fit_reference --judge tiny-blip2 --motions DIR/train.manifest.json --out
FOLDER`` writes ``fid_reference.safetensors``; beside a judge's weights it gives that judge ``fid``. For another judge
than the one it was fitted on it is refused.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import torch
import tyro
from torch import Tensor

from ...datasets.body import Character, Motion
from ...datasets.intents.motion_jobs import body_of
from ...datasets.intents.motion_shards import read_motions
from ...datasets.manifest import read_manifest
from ...metrics.semantics.declarations import REFERENCE_FILE
from ...metrics.semantics.frechet import fit_reference, save_reference
from ...metrics.semantics.judge import Judge
from ...metrics.semantics.registry import find_judge
from ...metrics.semantics.scores import look_at_source
from ...metrics.semantics.showing import show_motion, stage
from ..clip_scoring import one_thread
from ..progress import Progress
from .seats import open_seats


@dataclass(frozen=True)
class FitReference:
    """Fit a judge's reference for fid on solved training motions (`retargetbench data build intents --part train`)."""

    motions: Path
    """Manifest of the solved motions, train.manifest.json."""
    out: Path
    """Folder that fid_reference.safetensors is written into; the folder of the judge's weights, to be used."""
    judge: str = "tiny-blip2"
    """The judge, as in `score --judge`."""
    judge_folder: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """Its weights, as in `score --judge-folder`."""
    clips: int = 512
    """Motions that are looked at, evenly from all; as many pictures of each as the judge wants."""
    samples: int = 256
    """Pictures per set that fid will compare; stands in its key."""

    def run(self) -> None:
        """Look at the motions, fit, write."""
        (seat,) = open_seats([self.judge], self.judge_folder)
        judge = find_judge(seat.asked, seat.source.folder).load()
        total = int(read_manifest(self.motions).content["clips"])
        with Progress("looking at training motions", total=min(self.clips, total)) as progress:
            features = []
            for character, motion in chosen_motions(self.motions, self.clips):
                features.append(source_features(judge, [(character, motion)]))
                progress.advance()
        reference = fit_reference(torch.cat(features), judge.fingerprint, self.samples)
        self.out.mkdir(parents=True, exist_ok=True)
        save_reference(reference, self.out / REFERENCE_FILE)


def chosen_motions(manifest: Path, count: int) -> Iterator[tuple[Character, Motion]]:
    """Yield so many of a set's motions, evenly from all, with their bodies; all of them if there are fewer.

    Raises:
        DamagedData: If a file is missing or changed.
    """
    total = int(read_manifest(manifest).content["clips"])
    wanted = {number * total // count for number in range(count)} if count < total else set(range(total))
    for number, solved in enumerate(read_motions(manifest)):
        if number in wanted:
            yield body_of(solved.body), solved.motion


def source_features(judge: Judge, motions: Sequence[tuple[Character, Motion]]) -> Tensor:
    """Return what a judge makes of motions shown as sources, one vector per picture, [pictures, width]."""
    renderer = stage(judge.looking)
    with one_thread():
        looks = [look_at_source(judge, show_motion(*one, judge.looking, renderer)) for one in motions]
        return torch.cat([look.embedding.means() for look in looks])


if __name__ == "__main__":
    tyro.cli(FitReference, args=sys.argv[1:]).run()
