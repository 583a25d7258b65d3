import pytest

from retargetbench.benchmark.records import Clusters, Failures, MethodIdentity, Result, Score
from retargetbench.leaderboards.tolerance import differing_numbers


def result(key, value, lo=None, hi=None, failures=0):
    score = Score(
        value=value, lo=lo, hi=hi, n=4, clusters=Clusters(motions=8, bodies=8), unit="1", direction="lower", note=None
    )
    return Result(
        track="t",
        variant="v",
        data="0" * 64,
        method=MethodIdentity(name="m"),
        scores={"all": {key: score}},
        failures=Failures(count=failures, ids=tuple(map(str, range(failures)))),
        seed=0,
        command="",
        predictions_sha256="1" * 64,
    )


@pytest.mark.parametrize(("again", "fine"), [(100.0, True), (100.009, True), (100.02, False), (99.98, False)])
def test_a_number_scored_again_may_differ_by_a_ten_thousandth(again, fine):
    problems = differing_numbers(result("jerk@1", 100.0), result("jerk@1", again), tolerance="numerical")
    assert (problems == []) is fine


def test_numbers_near_zero_may_differ_by_a_ten_millionth_of_the_worst_case():
    row = result("jerk@1", 0.0)
    assert not differing_numbers(row, result("jerk@1", 5e-4), tolerance="numerical")
    assert differing_numbers(row, result("jerk@1", 2e-3), tolerance="numerical")


def test_penetration_may_differ_by_a_vertex_and_depth_may_not():
    for key, again, fine in (("pen_limb@1", 5.2, True), ("pen_limb@1", 5.3, False), ("pen_depth_mean@1", 5.2, False)):
        problems = differing_numbers(result(key, 5.0), result(key, again), tolerance="numerical", vertex_percent=0.25)
        assert (problems == []) is fine


@pytest.mark.parametrize(("again", "fine"), [(8.0, True), (12.0, True), (7.9, False), (12.1, False)])
def test_a_trained_method_must_come_out_within_its_interval(again, fine):
    row = result("jerk@1", 10.0, 8.0, 12.0)
    problems = differing_numbers(row, result("jerk@1", again), tolerance="interval")
    assert (problems == []) is fine


def test_without_any_interval_a_trained_method_is_held_to_its_numbers():
    problems = differing_numbers(result("jerk@1", 10.0), result("jerk@1", 10.1), tolerance="interval")
    assert problems == ["jerk@1 of all is 10 in the row and was 10.1 again."]


def test_a_number_that_is_missing_or_new_is_named():
    problems = differing_numbers(result("jerk@1", 1.0), result("acceleration@1", 1.0), tolerance="numerical")
    assert problems == [
        "jerk@1 of all is 1 in the row and was not scored again.",
        "acceleration@1 was scored again and is not in the row.",
    ]


def test_other_failures_are_named():
    problems = differing_numbers(result("jerk@1", 1.0), result("jerk@1", 1.0, failures=2), tolerance="numerical")
    assert problems == ["2 clips failed when made again, 0 in the row."]
