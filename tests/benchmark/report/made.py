"""Scored runs made of given numbers, written as ``score`` writes them, for tests of what is done with results."""

import hashlib

import numpy as np

from retargetbench.benchmark.records import Failures, MethodIdentity, Result, result_text
from retargetbench.benchmark.samples import Sample, SampleTable, as_written, samples_text
from retargetbench.benchmark.summary import summarise

SPLITS = ("SC+SM", "SC+UM", "UC+SM", "UC+UM")
KEYS = ("goal_f1@1", "mpjpe_cm@1[global]", "pen_limb@1[0.3%H]", "skate_mean@1", "range_of_motion@1")
LEVELS = {
    "oracle:ground-truth": (0.95, 1.0, 1.0, 0.01, 20.0),
    "good": (0.8, 4.0, 2.0, 0.05, 20.0),
    "copy": (0.5, 8.0, 6.0, 0.05, 20.0),
    "rest-pose": (0.1, 20.0, 0.0, 0.0, 0.0),
    "random": (0.05, 30.0, 20.0, 2.0, 30.0),
}
"""Method -> what it reaches on average in each of ``KEYS``."""


def table(levels, *, seed=0, clips=32, motions=16, bodies=10):
    generator = np.random.default_rng(seed)
    samples = []
    for clip in range(clips):
        values = {
            key: as_written(max(0.0, level * (1 + 0.1 * generator.standard_normal())))
            for key, level in zip(KEYS, levels, strict=True)
            if not (key == "goal_f1@1" and clip % 8 >= 6)
        }
        motion, body = f"program{clip % motions:02d}", f"body{clip % bodies:02d}"
        clip_id = f"retarget/made/{motion}-{clip:02d}/average>{body}"
        samples.append(Sample(clip_id, SPLITS[clip % 4], motion, body, failed=False, values=values))
    return SampleTable(KEYS, tuple(sorted(samples, key=lambda s: s.clip_id)))


def result(samples, name, **more):
    data, predictions = more.pop("data", "ab" * 32), hashlib.sha256(name.encode()).hexdigest()
    fields = {
        "track": "retarget/made",
        "variant": "mini",
        "data": data,
        "method": MethodIdentity(name=name, version="1.0", parameters=0),
        "scores": summarise(samples, data=data),
        "failures": Failures(count=0, ids=()),
        "seed": 0,
        "command": f"retargetbench run {name} --track retarget/made",
        "predictions_sha256": predictions,
    }
    return Result(**(fields | more))


def write(folder, samples, made):
    folder.mkdir(parents=True)
    (folder / "result.json").write_text(result_text(made))
    (folder / "samples.csv").write_text(samples_text(samples))
    return folder


def write_all(folder, names=tuple(LEVELS)):
    """Write results of made-up methods below a folder and return it."""
    for number, name in enumerate(names):
        samples = table(LEVELS[name], seed=number)
        write(folder / f"method{number}" / "run", samples, result(samples, name))
    return folder
