"""The figures in the datasheet of Intents are those of the shipped data."""

import runpy

import pytest

from .house import ROOT

DATASHEET = ROOT / "docs" / "intents-datasheet.md"


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(ROOT / "docs" / "datasheet.py"))


def test_the_datasheet_says_what_the_shipped_data_say(script):
    text = DATASHEET.read_text(encoding="utf-8")
    assert script["filled"](text, script["figures"](script["shipped_sets"]())) == text


def test_only_what_stands_between_the_marks_is_replaced(script):
    text = f"before {script['BEGIN']} old {script['END']} after"
    assert script["filled"](text, "new") == f"before {script['BEGIN']}\n\nnew\n\n{script['END']} after"


def test_a_composition_counts_for_each_of_its_intents(script):
    assert script["acts_of"]("wave@walk") == ("wave", "walk")
    assert script["acts_of"]("walk+rub_belly") == ("walk", "rub_belly")
    assert script["acts_of"]("clap") == ("clap",)


def test_held_shares_are_pooled_over_goal_frames_and_not_over_clips(script):
    clips = [script["Clip"]("clap", "uncle", {"held_share": share}, frames) for share, frames in ((1.0, 30), (0.9, 10))]
    assert script["_held"](clips) == "97.5"


def test_what_lost_most_comes_first_in_the_table_of_dropped_clips(script):
    rows = script["_rates"]("body", {"few": (99, 1), "none": (7, 0), "many": (1, 1)}, 2).splitlines()[2:]
    assert rows == ["| `many` | 2 | 1 | 50 |", "| `few` | 100 | 1 | 1 |"]
