"""Choosing the one sentence of each built-in motion, and writing ``data/captions.csv``.

The words are those that training and validation share, also for the test's motions: the sentence is held against the
pictures, and a judge that does not know a word would say nothing about the motion.

``python -m retargetbench.datasets.intents.clip_captions_build FILE`` writes the file again.
"""

import csv
import io
import sys
from collections.abc import Collection, Iterable
from pathlib import Path

from ..files import write_atomically
from .build import pairs_of
from .clips import VARIANTS, load_intents
from .programs import Program
from .words.captions import captions

_FULL = 1
"""Which of a motion's paraphrases: the one that says sides, counts and directions in one sentence."""


def caption(program: Program) -> str:
    """Return the sentence of a program."""
    return captions(program, "val").paraphrases[_FULL]


def captions_text(programs: Iterable[Program], wanted: Collection[str]) -> str:
    """Return the file of sentences: ``motion,sentence``, sorted, each motion once.

    Args:
        programs: Motion instances, more than wanted.
        wanted: Names of those that are written.
    """
    buffer = io.StringIO()
    rows = sorted({(program.name, caption(program)) for program in programs if program.name in wanted})
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def main(path: Path) -> None:
    """Write the sentences of all built-in clips."""
    wanted = {spec.motion for variant in VARIANTS for spec in load_intents(variant).pairs}
    programs = (pair.program() for variant in VARIANTS for pair in pairs_of(variant))
    write_atomically(path, captions_text(programs, wanted).encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
