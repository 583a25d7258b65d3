"""A small world: a shard of three acts, each of which moves other joints, and a quick network trained on it."""

from contextlib import contextmanager

import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.intents.motion_jobs import MotionJob, body_of
from retargetbench.datasets.intents.motion_shards import write_shard
from retargetbench.datasets.intents.programs import INTENTS
from retargetbench.reference_model.skeleton_gcn.command import SkeletonGcn

MOVED = {"bow": "Spine1", "kick": "LeftUpLeg", "wave": "RightArm"}
EACH = 6


class Counter:
    """Counts, and pulls the plug at a step where that is wanted."""

    def __init__(self, last=None):
        self.count, self.last = 0, last

    def advance(self, note=""):
        self.count += 1
        if self.count == self.last:
            raise KeyboardInterrupt


@contextmanager
def counting(*_):
    yield Counter()


def acting(name, seed, body="runner", frames=30):
    """A motion that swings one joint."""
    generator = np.random.default_rng(seed)
    skeleton = body_of(body).skeleton
    half = 0.4 * np.sin(np.linspace(0, 6, frames) + generator.uniform(0, 0.5))
    rotations = np.zeros((frames, skeleton.joint_count, 4))
    rotations[..., 0] = 1.0
    joint = skeleton.joint_names.index(MOVED[name])
    rotations[:, joint, 0], rotations[:, joint, 3] = np.cos(half), np.sin(half)
    root = np.tile(skeleton.rest_offsets_m[0], (frames, 1)) + generator.normal(size=3) * [1, 0, 1]
    return Motion(skeleton, rotations, root, 30.0)


@pytest.fixture(scope="session")
def shard_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("motions")
    generator = np.random.default_rng(0)
    jobs = [MotionJob(INTENTS[name].draw(generator), ("runner",), "train") for name in MOVED for _ in range(EACH)]
    motions = [acting(job.program.acts[0].intent, seed) for seed, job in enumerate(jobs)]
    solved = [
        {"motion": job.program.name, "intent": job.program.intent, "body": "runner", "kept": True} for job in jobs
    ]
    write_shard(folder / "train-0000.npz", jobs, solved, motions)
    return folder


@pytest.fixture(scope="session")
def options(shard_folder, tmp_path_factory):
    return SkeletonGcn(preset="quick", data=shard_folder, out=tmp_path_factory.mktemp("run"), threads=1, save_every=10)


@pytest.fixture(scope="session")
def trained(options):
    """What training says; the weights lie in ``options.weights_folder``."""
    return options.carry_out(counting)
