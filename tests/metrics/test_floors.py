"""``metrics/floors.csv`` against what the floors really do on Intents mini.

``pytest tests/metrics/test_floors.py -m slow`` computes every number of the table's four floors and of the ground truth
on all 32 clips again, and names every cell that is off; the other test looks at two clips.
"""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retargetbench.benchmark.running.identity import clip_seed
from retargetbench.datasets.intents.clips import load_intents
from retargetbench.metrics.declarations import find_metric
from retargetbench.metrics.geometry import geometry_scores
from retargetbench.reference_model.baselines import random_pose, rest_pose, rotation_copy

from .source_hash import ROOT

FLOORS = {
    "rest-pose": rest_pose.retarget,
    "random": random_pose.retarget,
    "copy": rotation_copy.retarget,
    "copy-unscaled": rotation_copy.retarget_unscaled,
}
SOME = ("rub_belly-right-1.05-1-13/", "hands_on_knees-left-1-0.7-43/")
"""Clips of two splits on which hands touch what differs most between bodies."""


def committed():
    with Path(ROOT, "metrics", "floors.csv").open(newline="", encoding="utf-8") as file:
        return {row["metric"]: row for row in csv.DictReader(file)}


def measured(clips, clip_ids):
    """(floor, metric) -> how much worse it is than the left-out right answer, clip by clip."""
    worse = {}
    for clip_id in clip_ids:
        given, pair = clips.method_input(clip_id, clip_seed(0, clip_id)), clips.load(clip_id)
        truth = geometry_scores(replace(pair, ground_truths=pair.ground_truths[:-1]), pair.ground_truths[-1])
        for floor, retarget in FLOORS.items():
            made = retarget(given.source, given.motion, given.target, seed=given.seed)
            for key, value in geometry_scores(pair, made).items():
                if key in truth and find_metric(key).direction != "none":
                    sign = 1.0 if find_metric(key).direction == "lower" else -1.0
                    worse.setdefault((floor, key), []).append(sign * (value - truth[key]))
    return worse


def losers(worse):
    """The cells in which a floor is worse on average."""
    return {cell for cell, differences in worse.items() if np.mean(differences) > 0}


def cells(word):
    return {(floor, key) for key, row in committed().items() for floor in FLOORS if row[floor] == word}


def test_on_some_clips_every_floor_that_must_lose_loses():
    clips = load_intents("mini")
    worse = measured(clips, [pair.clip_id for pair in clips.pairs if any(name in pair.clip_id for name in SOME)])
    assert {len(differences) for (_, key), differences in worse.items() if key == "pen_limb@1"} == {len(SOME)}
    must_lose = cells("must lose") & worse.keys()
    assert len({key for _, key in must_lose}) >= 25
    assert must_lose - losers(worse) == set()


@pytest.mark.slow
def test_on_all_clips_the_table_is_right_in_every_cell():
    clips = load_intents("mini")
    worse = measured(clips, [pair.clip_id for pair in clips.pairs])
    assert cells("must lose") & worse.keys() - losers(worse) == set(), "these must lose and do not"
    never = {cell for cell, differences in worse.items() if min(differences) > 0}
    assert cells("may win") & never == set(), "these are called possible winners and lose on every clip"
