"""The method card: every card that can be written can be read, and comes back equal."""

import tomllib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retargetbench.benchmark.submission.method_card import FIELDS, MethodCard, card_from, card_text, read_card

LETTERS = st.characters(exclude_categories=("C", "Z")) | st.just(" ")
TEXT = st.text(LETTERS, max_size=30)
NAMES = st.lists(st.text(LETTERS, min_size=1, max_size=9), max_size=4).map(tuple)
CARDS = st.builds(
    MethodCard,
    name=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True),
    version=st.text(LETTERS, min_size=1, max_size=9),
    commit=st.none() | TEXT,
    weights_sha256=st.none() | st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    parameters=st.none() | st.integers(0, 2**63 - 1),
    trained_on=NAMES,
    trained_on_metrics=NAMES,
)
UNHURRIED = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no mistake."""


@UNHURRIED
@given(CARDS)
def test_a_card_survives_being_written_and_read(card):
    again, problems = card_from(tomllib.loads(card_text(card)))
    assert not problems
    assert again == card


def test_the_same_card_always_gives_the_same_lines():
    assert card_text(MethodCard("a", "1", parameters=3)) == (
        'name = "a"\nversion = "1"\nparameters = 3\ntrained_on = []\ntrained_on_metrics = []\n'
    )


@UNHURRIED
@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), st.none() | st.integers() | st.lists(st.text())))
def test_nothing_that_toml_can_say_breaks_the_reader(values):
    card, problems = card_from(values)
    assert (card is None) == bool(problems)


def test_a_file_that_is_not_there_is_a_problem_and_no_exception(tmp_path):
    assert [p.rule for p in read_card(tmp_path / "method.toml")[1]] == ["S006"]
