"""Scored runs made of chosen numbers, written and read as real ones are."""

import numpy as np

from retargetbench.benchmark.comparison import load_run
from retargetbench.benchmark.records import Failures, MethodIdentity, Result, result_text
from retargetbench.benchmark.samples import Sample, SampleTable, as_written, samples_text
from retargetbench.benchmark.summary import summarise

LIMB, JERK, F1, MPJPE, SPEED = "pen_limb@1", "jerk@1", "goal_f1@1", "mpjpe_cm@1[global]", "root_speed@1"
DATA = "d" * 64


def write_run(folder, values, *, name="method", motions=10, bodies=10, data=DATA, track="retarget/intents"):
    """Write a run: ``values`` maps a metric to a function of (motion, body), both indices; clips fill the grid."""
    samples = tuple(
        Sample(
            clip_id=f"{track}/motion{m:02d}/source>body{b:02d}",
            split="UC+UM" if b % 2 else "SC+SM",
            motion_cluster=f"motion{m:02d}",
            body_cluster=f"body{b:02d}",
            failed=False,
            values={key: as_written(value(m, b)) for key, value in values.items() if value(m, b) is not None},
        )
        for m in range(motions)
        for b in range(bodies)
    )
    table = SampleTable(tuple(values), samples)
    result = Result(
        track=track,
        variant="mini",
        data=data,
        method=MethodIdentity(name=name),
        scores=summarise(table, data=data),
        failures=Failures(count=0, ids=()),
        seed=0,
        command="retargetbench score PREDICTIONS",
        predictions_sha256=name,
    )
    folder.mkdir(parents=True)
    (folder / "samples.csv").write_text(samples_text(table))
    (folder / "result.json").write_text(result_text(result))
    return folder


def make_run(folder, values, **more):
    """Write a run and read it back."""
    return load_run(write_run(folder, values, **more))


def noisy(mean, *, seed, of_motions=1.0, of_bodies=1.0, of_clips=0.1, common=0):
    """A value per (motion, body): a mean with effects of the motion, of the body, and of neither.

    Runs with the same ``common`` share the effects of motions and bodies, as two methods on the same clips do.
    """
    shared = np.random.default_rng(common)
    motions, bodies = shared.normal(0, of_motions, 100), shared.normal(0, of_bodies, 100)
    clips = np.random.default_rng([seed, 1]).normal(0, of_clips, (100, 100))
    return lambda m, b: float(mean + motions[m] + bodies[b] + clips[m, b])
