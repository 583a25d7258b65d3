import pytest

from retargetbench.benchmark.ranking import (
    is_ceiling,
    is_floor,
    is_rankable,
    metric_order,
    rank_groups,
    rows_of_every_table,
)

from .synthetic import F1, JERK, LIMB, MPJPE, SPEED, make_run, noisy


@pytest.fixture
def table(tmp_path):
    """Runs by name: ``table({"copy": {LIMB: 3.0}})`` gives each a mean per metric, and a little noise."""

    def build(means, **more):
        return [
            make_run(
                tmp_path / name.replace(":", "-"),
                {key: noisy(mean, seed=hash_free(name + key)) for key, mean in metrics.items()},
                name=name,
                **more,
            )
            for name, metrics in means.items()
        ]

    return build


def hash_free(text):
    return sum(ord(c) * (i + 1) for i, c in enumerate(text))


def test_methods_that_cannot_be_told_apart_share_a_rank_and_the_next_one_gets_its_place(table):
    runs = table({"a": {LIMB: 1.0}, "b": {LIMB: 1.001}, "c": {LIMB: 2.0}, "d": {LIMB: 2.001}, "e": {LIMB: 9.0}})
    assert rank_groups(runs, LIMB) == {"a": 1, "b": 1, "c": 3, "d": 3, "e": 5}
    assert rank_groups(runs[::-1], LIMB) == rank_groups(runs, LIMB)


def test_higher_is_first_where_higher_is_better(table):
    runs = table({"a": {F1: 1.0}, "b": {F1: 5.0}})
    assert rank_groups(runs, F1) == {"b": 1, "a": 2}


def test_nobody_is_ranked_without_direction_or_without_intervals(table):
    runs = table({"a": {SPEED: 1.0, LIMB: 1.0}, "b": {SPEED: 5.0, LIMB: 7.0}}, bodies=5)
    assert rank_groups(runs, SPEED) == rank_groups(runs, LIMB) == {}


def test_ground_truth_is_shown_and_never_ranked(table):
    runs = table({"oracle:ground-truth": {LIMB: 0.0}, "a": {LIMB: 5.0}})
    assert rank_groups(runs, LIMB) == {"a": 1}
    assert is_ceiling("oracle:ground-truth")
    assert not is_floor("oracle:ground-truth")


def test_whoever_does_no_better_than_rest_pose_at_the_task_is_not_ranked_on_penetration(table):
    runs = table(
        {
            "rest-pose": {F1: 0.0, MPJPE: 20.0, LIMB: 0.0, JERK: 0.0},
            "timid": {F1: 3.0, MPJPE: 25.0, LIMB: 1.0, JERK: 1.0},
            "blind": {F1: -1.0, MPJPE: 5.0, LIMB: 1.0, JERK: 1.0},
            "able": {F1: 9.0, MPJPE: 5.0, LIMB: 5.0, JERK: 8.0},
        }
    )
    for key in (LIMB, JERK):
        assert rank_groups(runs, key) == {"able": 1}
    assert rank_groups(runs, F1) == {"able": 1, "timid": 2, "rest-pose": 3, "blind": 4}
    rest_pose = runs[0].result
    assert not is_rankable(rest_pose, LIMB, rest_pose)
    assert is_rankable(rest_pose, MPJPE, rest_pose)


def test_where_no_answer_is_known_everybody_is_ranked(table):
    runs = table({"rest-pose": {LIMB: 0.0}, "able": {LIMB: 5.0}})
    assert rank_groups(runs, LIMB) == {"rest-pose": 1, "able": 2}


def test_metrics_come_in_the_order_of_the_declarations():
    assert metric_order([JERK, "zzz", F1, LIMB, MPJPE]) == [MPJPE, LIMB, F1, JERK, "zzz"]


def test_of_the_floors_of_searches_a_table_must_show_those_that_can_be_run():
    texts, videos = "t2m/R@10@1[all-strict,9]", "m2v/R@10@1[all-strict,9]"
    always = ["retrieval-random", "retrieval-constant"]
    assert rows_of_every_table([texts]) == ((), [*always, "retrieval-caption-length"])
    assert rows_of_every_table([videos]) == ((), [*always, "retrieval-duration"])
    assert rows_of_every_table([texts, videos]) == ((), [*always, "retrieval-caption-length", "retrieval-duration"])
    assert all(is_floor(name) for name in rows_of_every_table([texts, videos])[1])
    assert rows_of_every_table(["top1@1[60]"]) == ((), ("recognition-random", "recognition-majority"))
