"""The motions of ``retrieval/intents`` in their committed order, under ids that say nothing about them.

A motion's own name says what was programmed ("clap-left-..."), and the order in which motions were drawn may say which
of them belong together. Here an id is the beginning of the SHA-256 of the name, and the order is that of the ids.
``data/retrieval.csv`` lists them; ``data/retrieval.manifest.json`` lists the SHA-256 of that table and of the manifest
of the motions, so that its own hash, the data version of the track, covers ids, order, motions and words.

``python -m retargetbench.datasets.intents.retrieval_items FOLDER`` writes both into the folder of the motions.
"""

import csv
import hashlib
import io
import sys
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from ..files import write_atomically
from ..manifest import DamagedData, read_manifest, write_manifest
from .motion_shards import SolvedMotion, read_motions
from .motions import load_motions

PART = "test"
TABLE_FILE, MANIFEST_FILE = "retrieval.csv", "retrieval.manifest.json"
COLUMNS = ("id", "motion", "body")
_ID_DIGITS = 8


@dataclass(frozen=True, eq=False)
class RetrievalItem:
    """One motion of the test."""

    id: str
    """Eight hexadecimal digits; equal for all time."""
    solved: SolvedMotion


@dataclass(frozen=True, eq=False)
class RetrievalItems:
    """All motions of the test, in their committed order."""

    items: tuple[RetrievalItem, ...]
    data_sha256: str
    """The data version: hash of the manifest."""


@cache
def load_retrieval_items() -> RetrievalItems:
    """Return the test's motions under their ids, after checking every file against its SHA-256.

    Raises:
        DamagedData: If a file is missing or changed, or the table and the motions do not fit.
    """
    with as_file(files(__package__) / "data") as folder:
        manifest = read_manifest(folder / MANIFEST_FILE)
        rows = list(csv.DictReader(io.StringIO((folder / TABLE_FILE).read_text(encoding="utf-8"))))
    by_name = {solved.name: solved for solved in load_motions(PART)}
    if {row["motion"] for row in rows} != by_name.keys() or len(rows) != len(by_name):
        raise DamagedData(
            f"{TABLE_FILE} lists {len(rows)} motions, {PART}.manifest.json {len(by_name)}, and they are not the same; "
            "install the package again."
        )
    items = tuple(RetrievalItem(row["id"], by_name[row["motion"]]) for row in rows)
    return RetrievalItems(items, manifest.sha256)


def item_id(motion: str) -> str:
    """Return the id of a motion: the first eight hexadecimal digits of the SHA-256 of its name."""
    return hashlib.sha256(motion.encode()).hexdigest()[:_ID_DIGITS]


def write_retrieval_items(folder: Path) -> None:
    """Write table and manifest beside the motions and their manifest; the same bytes for the same motions.

    Args:
        folder: Where ``test.manifest.json`` and what it lists lie.

    Raises:
        ValueError: If two ids are equal; take more digits then.
    """
    motions = read_motions(folder / f"{PART}.manifest.json")
    rows = sorted((item_id(solved.name), solved.name, solved.body) for solved in motions)
    if len({row[0] for row in rows}) != len(rows):
        raise ValueError(f"two of {len(rows)} motions have the same id of {_ID_DIGITS} digits")
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    write_atomically(folder / TABLE_FILE, buffer.getvalue().encode())
    content = {"name": "intents-retrieval", "licence": "CC0-1.0", "motions": len(rows)}
    write_manifest(folder / MANIFEST_FILE, content, (TABLE_FILE, f"{PART}.manifest.json"))


if __name__ == "__main__":
    write_retrieval_items(Path(sys.argv[1]))
