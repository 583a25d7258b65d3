"""Fill the figures of docs/intents-datasheet.md in. Run it with Python.

    python docs/datasheet.py [FOLDER]

What is said of shipped data comes from the package, and a test holds it to that. What is said of training, which is not
shipped, is measured anew where FOLDER is given, which `retargetbench data build intents --part train` has built.
"""

import sys
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

from datasheet_tables import DataSet, dropped_tables, programs_table, sets_table, truth_table

from retargetbench.datasets.manifest import read_manifest

DATASHEET = Path(__file__).with_name("intents-datasheet.md")
SHIPPED = "python docs/datasheet.py"
TRAINING = "python docs/datasheet.py build/intents-train"
SETS = ("mini", "val", "full", "test")
"""Three sets of pairs, and the test motions; those that are not shipped are left out."""


def data_set(name: str, folder: Path) -> DataSet:
    """Return a set by its manifest."""
    return DataSet(name, folder, read_manifest(folder / f"{name}.manifest.json").content)


def shipped_sets() -> tuple[DataSet, ...]:
    """Return the sets that are shipped."""
    with as_file(files("retargetbench.datasets.intents") / "data") as folder:
        return tuple(data_set(name, folder) for name in SETS if (folder / f"{name}.manifest.json").is_file())


def figures(sets: Sequence[DataSet]) -> str:
    """Return what is said of shipped sets."""
    parts = (
        "### Programs", *programs_table(), "### Sets", *sets_table(sets), "### Ground truth", *truth_table(sets),
        "### Dropped clips", *dropped_tables(sets),
    )  # fmt: skip
    return "\n\n".join(parts)


def training_figures(training: DataSet) -> str:
    """Return what is said of training."""
    return "\n\n".join((*sets_table([training]), *truth_table([training]), *dropped_tables([training])))


def filled(text: str, command: str, section: str) -> str:
    """Return a text with what stands between a command's two marks replaced."""
    begin, end = f"<!-- figures: {command} -->", f"<!-- end of figures: {command} -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n\n{section}\n\n{end}{after}"


if __name__ == "__main__":
    text = filled(DATASHEET.read_text(encoding="utf-8"), SHIPPED, figures(shipped_sets()))
    for folder in sys.argv[1:2]:
        text = filled(text, TRAINING, training_figures(data_set("train", Path(folder))))
    DATASHEET.write_text(text, encoding="utf-8")
