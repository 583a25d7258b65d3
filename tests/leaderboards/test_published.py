import csv
from importlib.resources import files

import pytest

ROWS = list(csv.DictReader((files("retargetbench.leaderboards") / "published.csv").read_text().splitlines()))


def test_only_numbers_that_were_read_in_their_source_are_quoted():
    assert ROWS
    assert {row["status"] for row in ROWS} == {"verified"}
    assert all(row["source"] and row["table"] and row["note"] for row in ROWS)


def test_every_quoted_value_is_a_number_with_a_unit():
    assert all(float(row["value"]) >= 0 and row["unit"] for row in ROWS)


def test_no_number_is_quoted_twice():
    keys = [(r["source"], r["table"], r["method"], r["data"], r["split"], r["metric"]) for r in ROWS]
    assert len(keys) == len(set(keys))


def test_the_numbers_of_smt_are_not_quoted_because_nobody_has_read_them_in_the_paper():
    assert not [row for row in ROWS if "SMT" in row["source"] or "2312.01964" in row["source"]]


def test_meshrets_average_penetration_is_the_one_in_its_paper():
    found = [r for r in ROWS if r["method"] == "MeshRet" and r["split"] == "average" and r["metric"] == "penetration"]
    assert {r["data"]: float(r["value"]) for r in found} == pytest.approx({"Mixamo+": 3.45, "ScanRet": 1.59})
