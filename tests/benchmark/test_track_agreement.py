"""Do two tracks order methods alike? Known orders give known correlations, and what is swapped is named."""

import pytest

from retargetbench.benchmark.track_agreement import rank_correlation, swapped, table_rows

from .synthetic import F1, JERK, LIMB, SPEED, make_run

TRACKS = ("retarget/intents", "retarget/open-characters")


@pytest.fixture
def runs(tmp_path):
    """Five methods on both tracks: penetration in one order, jerk with one pair swapped, a metric of one track only."""
    made = []
    for track in TRACKS:
        for place, name in enumerate("abcde"):
            jerk = {"d": 4, "e": 3}.get(name, place) if track == TRACKS[1] else place
            means = {LIMB: 10.0 - place, JERK: float(jerk), SPEED: 1.0}
            means |= {F1: float(place)} if track == TRACKS[0] else {}
            values = {key: lambda m, b, mean=mean: mean for key, mean in means.items()}
            made.append(make_run(tmp_path / track / name, values, name=name, track=track, motions=2, bodies=2))
    return made


def test_equal_orders_are_1_reversed_ones_minus_1_and_only_common_methods_count():
    one = {name: place for place, name in enumerate("abcde")}
    assert rank_correlation(one, {name: -value for name, value in one.items()}) == (pytest.approx(-1), 5)
    assert rank_correlation(one, {name: value**3 for name, value in one.items()} | {"f": 0}) == (pytest.approx(1), 5)
    assert swapped(one, {**one, "a": 1.5}) == [("a", "b")]


def test_of_few_methods_or_equal_ones_nothing_is_said():
    assert rank_correlation({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 2, "c": 3}) == (None, 3)
    assert rank_correlation(dict.fromkeys("abcd", 1.0), {"a": 1, "b": 2, "c": 3, "d": 4}) == (None, 4)


def test_the_table_has_what_both_tracks_score_and_names_what_is_swapped(runs):
    assert list(table_rows(runs, TRACKS)) == [
        (LIMB, "5", "1.00", ""),
        (JERK, "5", "0.90", "d / e"),
    ]
