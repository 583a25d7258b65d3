"""A small world: four programs of validation with made-up motions, rendered and embedded by a CLIP of a few numbers."""

from contextlib import contextmanager

import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.intents.motion_jobs import MotionJob, body_of
from retargetbench.datasets.intents.motion_shards import write_shard
from retargetbench.datasets.readers.bvh_writer import write_bvh
from retargetbench.reference_model.motionclip.command import MotionClip
from retargetbench.reference_model.motionclip.lessons import embedded_windows
from retargetbench.reference_model.tiny_vlm.render import programs_of

from ...metrics.semantics import tiny_judges

CHOSEN = (0, 1, 2, 6)
"""Two single acts, one over another, one after another."""


class Counter:
    def __init__(self):
        self.notes = []

    def advance(self, note=""):
        self.notes.append(note)


@contextmanager
def counting(*_):
    yield Counter()


def swaying(body, frames, seed=0):
    """Every joint turns a little and slowly; the hips wander and turn."""
    generator = np.random.default_rng(seed)
    skeleton = body.skeleton
    times = np.arange(frames) / 30.0
    axes = generator.normal(size=(skeleton.joint_count, 3))
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    half = 0.3 * np.sin(2 * times[:, None] + generator.uniform(0, 6, skeleton.joint_count))
    rotations = np.concatenate([np.cos(half)[..., None], np.sin(half)[..., None] * axes], axis=-1)
    rotations[:, 22:] = [1.0, 0.0, 0.0, 0.0]  # fingers are no part of what the network sees
    root = np.stack([0.5 * times, 0.02 * np.sin(3 * times), 0.1 * np.cos(times)], axis=1)
    return Motion(skeleton, rotations, root + skeleton.rest_offsets_m[0], 30.0)


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory):
    return tiny_judges.save_clip(tmp_path_factory.mktemp("clip") / "small-clip")


@pytest.fixture(scope="session")
def options(clip_folder, tmp_path_factory):
    """Settings over a folder as `data build intents --part val` writes it, with everything embedded."""
    folder = tmp_path_factory.mktemp("motions")
    programs = list(programs_of("val", 12).values())
    jobs = [MotionJob(programs[number], ("runner",), "val") for number in CHOSEN]
    motions, solved = [], []
    for number, job in enumerate(jobs):
        motions.append(swaying(body_of(job.bodies[0]), job.program.frame_count, number))
        solved.append({"motion": job.program.name, "intent": job.program.intent, "body": job.bodies[0], "kept": True})
    write_shard(folder / "val-0000.npz", jobs, solved, motions)
    found = MotionClip(
        preset="quick", data=folder, part="val", out=tmp_path_factory.mktemp("run"), judge="clip",
        judge_folder=clip_folder, per_clip=4, image_px=32, threads=1, save_every=10,
    )  # fmt: skip
    MotionClip(**{**vars(found), "action": "embed"}).carry_out(counting)
    return found


@pytest.fixture(scope="session")
def windows(options):
    return embedded_windows(options, options.chosen.sizes.frames)


@pytest.fixture(scope="session")
def captures(tmp_path_factory):
    """A folder as of CMU's captures: the first frame of each is no part of it."""
    folder = tmp_path_factory.mktemp("captures")
    for seed, name in enumerate(("7_01", "7_02", "8_01")):
        write_bvh(folder / f"{name}.bvh", swaying(body_of("average_woman"), 51, seed))
    return folder


@pytest.fixture(scope="session")
def trained(options):
    """What training says; the weights lie in ``options.weights_folder``."""
    return options.carry_out(counting)
