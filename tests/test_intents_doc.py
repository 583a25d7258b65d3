"""The examples in docs/intents.md run, and the numbers in its text are those of the code."""

import re

import pytest

from retargetbench.datasets.intents.checker import PRESSED, Tolerances
from retargetbench.datasets.intents.drawn_pairs import MOST_FRAMES, PLANS
from retargetbench.datasets.intents.programs import INTENTS, Goal
from retargetbench.datasets.intents.programs.splits import TEST_MOTIONS, TRAINING_MOTIONS, VAL_MOTIONS
from retargetbench.datasets.intents.solver import SolverSettings

from .house import ROOT

TEXT = (ROOT / "docs" / "intents.md").read_text(encoding="utf-8")
WORDS = " ".join(TEXT.split())
EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)


@pytest.fixture(scope="module")
def made():
    names = {}
    exec(EXAMPLES[0], names)
    return names


def test_the_example_makes_the_contact_that_is_shown(made):
    shown = re.search(r"rub\.contacts\[0\]  # (.*)", EXAMPLES[0])[1]
    assert repr(made["rub"].contacts[0]) == shown


def test_the_example_says_the_caption_that_is_shown(made):
    shown = re.search(r"paraphrases\[0\]  # '(.*)'", EXAMPLES[0])[1]
    assert made["captions"](made["both"], "train").paraphrases[0] == shown


@pytest.mark.slow
def test_the_solved_example_is_within_all_tolerances(made):
    exec(EXAMPLES[1], made)
    assert (
        made["misses"](
            made["measure"](made["rub"], made["bodies"][1], made["motions"][1], made["key_vertices"]()),
            made["tolerances_for"](made["rub"]),
        )
        == ()
    )


def test_every_kind_of_goal_is_in_the_table():
    assert [goal.__name__ for goal in Goal.__args__ if f"| `{goal.__name__}` |" not in TEXT] == []


def test_the_tolerances_in_the_text_are_the_checkers():
    usual = Tolerances()
    for value, said in (
        (usual.contact_h, "distance ≤ {} % H"), (usual.depth_h, "depth ≤ {} % H"),
        (usual.held_share, "in ≥ {} % of their frames"), (usual.precision, "of the frames in contact ≥ {} %"),
        (usual.penetration_depth_h, "deeper than {} % H are"), (usual.penetration_share, "are ≤ {} % on average"),
        (PRESSED.penetration_share, "≤ {} % where an act presses"), (usual.floor_h, "deeper than {} % H below"),
    ):  # fmt: skip
        assert said.format(f"{100 * value:g}") in WORDS
    assert f"move ≤ {usual.skate_cm_s:g} cm/s on average and ≤ {usual.skate_p95_cm_s:g} cm/s" in WORDS
    pressed = sorted(name for name, intent in INTENTS.items() if intent.pressed)
    assert all(f"`{name}`" in WORDS for name in pressed)


def test_the_schedule_in_the_text_is_the_solvers():
    settings = SolverSettings()
    assert f"every second frame ({settings.iterations} steps)" in WORDS
    assert f"more than {settings.flung_deg:g}° off its style; L-BFGS" in WORDS
    assert settings.calm_learning_rate == settings.learning_rate / 5
    assert "a fifth of the pace" in WORDS
    assert f"({settings.polish} steps)" in WORDS
    assert f"Every {settings.query_every} steps" in WORDS
    assert f"up to ± {100 * settings.spread:g} %" in WORDS


def test_the_sizes_in_the_text_are_those_that_are_drawn():
    assert f"| {4 * PLANS['full'].per_split} drawn | 60 to {MOST_FRAMES} | test |" in WORDS
    assert f"| {4 * PLANS['val'].per_split} drawn | 60 to {MOST_FRAMES} | validation |" in WORDS
    assert f"{TRAINING_MOTIONS:,} training motions" in WORDS
    assert f"{TEST_MOTIONS:,} test and {VAL_MOTIONS} validation motions" in WORDS
