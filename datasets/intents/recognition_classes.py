"""The classes of ``recognition/intents``: all that training's single intents show, in alphabetical order.

``data/recognition.csv`` lists them; ``data/recognition.manifest.json`` lists the SHA-256 of that table, of the table of
ids and of the motions' own manifest, so that its own hash, the data version of the track, covers classes, ids, order,
motions and labels.

``python -m retargetbench.datasets.intents.recognition_classes FOLDER`` writes both into the folder of the motions.
"""

import csv
import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from ..files import write_atomically
from ..manifest import read_manifest, write_manifest
from .retrieval_items import PART
from .retrieval_items import TABLE_FILE as IDS_FILE

TABLE_FILE, MANIFEST_FILE = "recognition.csv", "recognition.manifest.json"
_COLUMN = "class"


@dataclass(frozen=True)
class RecognitionClasses:
    """What a motion of the track may show."""

    names: tuple[str, ...]
    data_sha256: str
    """The data version: hash of the manifest."""


@cache
def load_recognition_classes() -> RecognitionClasses:
    """Return the classes, after checking the table against its SHA-256.

    Raises:
        DamagedData: If a file is missing or changed.
    """
    with as_file(files(__package__) / "data") as folder:
        manifest = read_manifest(folder / MANIFEST_FILE)
        rows = csv.DictReader(io.StringIO((folder / TABLE_FILE).read_text(encoding="utf-8")))
        return RecognitionClasses(tuple(row[_COLUMN] for row in rows), manifest.sha256)


def training_classes() -> tuple[str, ...]:
    """Return the classes of training's single intents, sorted: what the table holds. Takes a second."""
    from .programs import INTENTS
    from .programs.splits import intent_splits

    return tuple(sorted({INTENTS[name].action for name, split in intent_splits().items() if split == "train"}))


def write_recognition_classes(folder: Path, names: Iterable[str]) -> None:
    """Write table and manifest beside the motions' own manifest; the same bytes for the same classes.

    Args:
        folder: Where ``test.manifest.json`` and the table of ids lie.
        names: The classes.
    """
    ordered = sorted(names)
    write_atomically(folder / TABLE_FILE, "\n".join([_COLUMN, *ordered, ""]).encode())
    content = {"name": "intents-recognition", "licence": "CC0-1.0", "classes": len(ordered)}
    write_manifest(folder / MANIFEST_FILE, content, (TABLE_FILE, IDS_FILE, f"{PART}.manifest.json"))


def main(folder: Path) -> None:
    """Write training's classes into a folder."""
    write_recognition_classes(folder, training_classes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
