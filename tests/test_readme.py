"""The table in README is what the committed rows say."""

import json
import re
from pathlib import Path

from retargetbench.leaderboards.rows import ROWS

README = Path(__file__).parents[1] / "README.md"
METHODS = {"truth": "oracle-ground-truth"}


def table():
    rows = [line.strip("|").split("|") for line in README.read_text().splitlines() if line.startswith("| ")]
    start = next(i for i, row in enumerate(rows) if "mini" in row[0])
    methods = [cell.strip() for cell in rows[start][1:]]
    for row in rows[start + 1 :]:
        key = re.search(r"`([a-z0-9_]+@\d[^`]*)`", row[0])
        if key is None:
            return
        yield key[1], dict(zip(methods, (cell.strip() for cell in row[1:]), strict=True))


def committed(method):
    (path,) = (ROWS / "retarget" / "intents" / METHODS.get(method, method)).glob("*.json")
    return json.loads(path.read_text())["result"]["scores"]["all"]


def test_every_number_of_readmes_table_stands_in_a_committed_row():
    shown = list(table())
    assert len(shown) >= 5
    for key, cells in shown:
        assert len(cells) == 6
        for method, cell in cells.items():
            digits = len(cell.partition(".")[2])
            assert f"{committed(method)[key]['value']:.{digits}f}" == cell, (key, method)
