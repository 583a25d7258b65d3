import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from retargetbench.benchmark.against_source import (
    PENETRATION_LIMIT,
    SLOW_ROOT,
    STILL_FEET,
    SourceComparison,
    against_source,
    against_source_text,
)
from retargetbench.benchmark.samples import Sample, SampleTable
from retargetbench.datasets.body import Motion
from retargetbench.metrics.geometry import geometry_scores

from .toy import ToyClips

GOOD = SourceComparison(
    "a", root_speed=1.0, source_root_speed=1.0, skate_mean=0.1, source_skate_mean=0.1, pen_limb=5.0,
    source_pen_limb=None,
)  # fmt: skip
KEYS = ("root_speed@1", "skate_mean@1", "pen_limb@1")


@pytest.mark.parametrize(
    ("change", "exceptions"),
    [
        ({}, ()),
        ({"root_speed": 2.01}, ("root speed",)),
        ({"root_speed": 1.99}, ()),
        ({"root_speed": 0.49}, ("root speed",)),
        ({"root_speed": 0.51}, ()),
        ({"skate_mean": 0.31}, ("skate",)),
        ({"skate_mean": 0.29}, ()),
        ({"pen_limb": PENETRATION_LIMIT + 0.1}, ("penetration",)),
        ({"pen_limb": PENETRATION_LIMIT}, ()),
        ({"root_speed": 3.0, "skate_mean": 1.0, "pen_limb": 40.0}, ("root speed", "skate", "penetration")),
    ],
)
def test_an_exception_is_named_when_a_bound_is_passed(change, exceptions):
    assert replace(GOOD, **change).exceptions == exceptions


def test_a_source_that_stands_still_is_compared_with_a_stated_least_value():
    still = replace(GOOD, source_root_speed=0.0, source_skate_mean=0.0)
    assert replace(still, root_speed=0.0, skate_mean=0.0).exceptions == ()
    assert replace(still, root_speed=1.9 * SLOW_ROOT, skate_mean=2.9 * STILL_FEET).exceptions == ()
    assert replace(still, root_speed=2.1 * SLOW_ROOT, skate_mean=3.1 * STILL_FEET).exceptions == ("root speed", "skate")


def test_a_clip_without_planted_feet_has_no_skate_to_compare():
    assert replace(GOOD, skate_mean=None, source_skate_mean=None).exceptions == ()


class WalkingToys(ToyClips):
    """The toy clips, their sources walking sideways with both feet planted."""

    def load(self, clip_id):
        pair = super().load(clip_id)
        return replace(
            pair,
            source_motion=travelling(pair.source_motion, 0.5),
            planted=np.ones((pair.spec.frame_count, 2), bool),
        )


def travelling(motion, speed_m_s):
    root = motion.root_translation_m.copy()
    root[:, 0] += np.arange(motion.frame_count) * speed_m_s / motion.fps
    return Motion(motion.skeleton, motion.local_rotations_wxyz, root, motion.fps)


def scored(clips, speed_m_s):
    """The toy's right answers, moved at a speed, scored clip by clip."""
    samples = []
    for spec in clips.pairs:
        pair = clips.load(spec.clip_id)
        values = geometry_scores(pair, travelling(pair.ground_truths[0], speed_m_s), KEYS)
        samples.append(Sample(spec.clip_id, "all", spec.motion, spec.target, False, values))
    return SampleTable(KEYS, tuple(samples))


def test_a_result_is_compared_with_its_sources_own_speed_and_skate():
    clips = WalkingToys()
    for comparison in against_source(clips, scored(clips, 0.5)):
        height = clips.load(comparison.clip_id).source.height_m
        assert comparison.source_root_speed == pytest.approx(0.5 / height, rel=1e-4)
        assert comparison.source_skate_mean > 0.1
        assert comparison.exceptions == ()
    for comparison in against_source(clips, scored(clips, 2.5)):
        assert comparison.exceptions == ("root speed", "skate")
    for comparison in against_source(clips, scored(clips, 0.1)):
        assert comparison.exceptions == ("root speed",)


def test_the_sources_own_penetration_is_given_where_the_result_is_over_the_limit():
    clips = WalkingToys()
    table = scored(clips, 0.5)
    first = replace(table.samples[0], values={**table.samples[0].values, "pen_limb@1": 50.0})
    comparisons = against_source(clips, replace(table, samples=(first, *table.samples[1:])))
    assert comparisons[0].exceptions == ("penetration",)
    assert 0 <= comparisons[0].source_pen_limb < 50
    assert all(one.source_pen_limb is None for one in comparisons[1:])


def test_failed_clips_are_left_out():
    clips = WalkingToys()
    table = scored(clips, 0.5)
    failed = replace(table.samples[0], failed=True)
    comparisons = against_source(clips, replace(table, samples=(failed, *table.samples[1:])))
    assert [one.clip_id for one in comparisons] == [sample.clip_id for sample in table.samples[1:]]


def test_the_table_has_a_row_per_clip_and_says_what_is_out_of_bounds():
    bad = replace(GOOD, clip_id="b", root_speed=9.0, skate_mean=9.0, source_pen_limb=None)
    rows = list(csv.DictReader(io.StringIO(against_source_text([GOOD, bad]))))
    assert [row["clip_id"] for row in rows] == ["a", "b"]
    assert [row["exceptions"] for row in rows] == ["", "root speed;skate"]
    assert (rows[0]["pen_limb"], rows[0]["source_pen_limb"]) == ("5", "")
