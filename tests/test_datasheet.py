"""The figures in the datasheet of Intents are those of the shipped data."""

import sys
from importlib import import_module

import pytest

from .house import ROOT

DATASHEET = ROOT / "docs" / "intents-datasheet.md"


@pytest.fixture(scope="module")
def script():
    before, sys.path = sys.path, [str(ROOT / "docs"), *sys.path]
    yield import_module("datasheet")
    sys.path = before


@pytest.fixture(scope="module")
def tables(script):
    return import_module("datasheet_tables")


def _clip(tables, body, measured, goal_frames):
    return tables.Clip("clap-left-1", "clap", body, measured, goal_frames)


def test_the_datasheet_says_what_the_shipped_data_say(script):
    text = DATASHEET.read_text(encoding="utf-8")
    assert script.filled(text, script.SHIPPED, script.figures(script.shipped_sets())) == text


@pytest.mark.parametrize("command", ["SHIPPED", "TRAINING"])
def test_only_what_stands_between_the_marks_of_a_command_is_replaced(script, command):
    marks = [(f"<!-- figures: {c} -->", f"<!-- end of figures: {c} -->") for c in (script.SHIPPED, script.TRAINING)]
    text = "before {0[0]} old {0[1]} between {1[0]} old {1[1]} after".format(*marks)
    begin, end = marks[command == "TRAINING"]
    expected = text.replace(f"{begin} old {end}", f"{begin}\n\nnew\n\n{end}")
    assert script.filled(text, getattr(script, command), "new") == expected


def test_training_s_figures_come_from_all_files_of_the_built_set(script):
    motions = script.data_set("test", script.shipped_sets()[-1].folder)
    figures = script.training_figures(motions)
    assert f"| clips | {motions.content['clips']} |" in figures
    assert "dropped (2.091 %). A composition" in figures  # a set of motions has no pairs to lose


def test_a_composition_counts_for_each_of_its_intents(tables):
    assert tables.acts_of("wave@walk") == ("wave", "walk")
    assert tables.acts_of("walk+rub_belly") == ("walk", "rub_belly")
    assert tables.acts_of("clap") == ("clap",)


def test_held_shares_are_pooled_over_goal_frames_and_not_over_clips(tables):
    clips = [_clip(tables, "uncle", {"held_share": share}, frames) for share, frames in ((1.0, 30), (0.9, 10))]
    assert tables._held(clips) == "97.5"
    assert tables._held([*clips, _clip(tables, "uncle", {"held_share": None}, 0)]) == "97.5"


def test_clips_whose_goal_frames_are_not_known_are_left_out_of_no_mean(tables):
    clips = [_clip(tables, "uncle", {"held_share": share}, frames) for share, frames in ((1.0, 30), (0.9, None))]
    assert tables._held(clips) == "95"


def test_motions_of_which_all_was_dropped_are_not_counted(script):
    test = script.shipped_sets()[-1]
    assert (test.content["motions"], len(test.motions), test.meanings) == (1100, 1077, 873)


def test_bodies_of_the_shape_basis_count_as_one(tables):
    bodies = {"sampled:1": 0.0, "sampled:2": 0.004, "uncle": 0.003}
    clips = [_clip(tables, body, {"penetration_share": share}, None) for body, share in bodies.items()]
    assert tables._worst_body(clips) == "0.3 (`uncle`)"


def test_what_lost_most_comes_first_in_the_table_of_dropped_clips(tables):
    rows = tables._rates("body", {"few": (99, 1), "none": (7, 0), "many": (1, 1)}, 2).splitlines()[2:]
    assert rows == ["| `many` | 2 | 1 | 50 |", "| `few` | 100 | 1 | 1 |"]
