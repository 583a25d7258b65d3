"""A small library: nine programs on two bodies each, with wandering motions in place of solved ones."""

from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from retargetbench.datasets.intents.motion_jobs import MotionJob, body_of
from retargetbench.datasets.intents.motion_shards import write_shard
from retargetbench.datasets.intents.programs import INTENTS
from retargetbench.reference_model.lavimo.command import Lavimo
from retargetbench.reference_model.lavimo.filmed_shards import Shooting, film_shards
from retargetbench.reference_model.lavimo.filming import Take
from retargetbench.reference_model.lavimo.library_files import open_library
from retargetbench.reference_model.training.motions import find_shards

ACTS = ("clap", "wave", "walk", "rub_belly", "cover_mouth", "touch_knee", "hug_oneself", "clap", "wave")
SHOOTING = Shooting(Take("retrieval", 4, 32))


class Counter:
    def __init__(self):
        self.notes = []

    def advance(self, note=""):
        self.notes.append(note)


@pytest.fixture(scope="session")
def counting():
    @contextmanager
    def count(*_):
        yield Counter()

    return count


@pytest.fixture(scope="session")
def motions_folder(tmp_path_factory, wander):
    """A folder as `data build intents --part val` writes it, each motion on two bodies."""
    folder = tmp_path_factory.mktemp("motions")
    generator = np.random.default_rng(0)
    jobs = [MotionJob(INTENTS[act].draw(generator), ("average_man", "sampled:5"), "val") for act in ACTS]
    motions, solved = [], []
    for number, job in enumerate(jobs):
        for body in job.bodies:
            motions.append(wander(body_of(body), 24 + 3 * number, seed=number))
            solved.append({"motion": job.program.name, "intent": job.program.intent, "body": body, "kept": True})
    write_shard(folder / "val-0000.npz", jobs[:5], solved[:10], motions[:10])
    write_shard(folder / "val-0001.npz", jobs[5:], solved[10:], motions[10:])
    return folder


@pytest.fixture(scope="session")
def library_folder(motions_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    list(film_shards(find_shards(motions_folder, "val"), folder, SHOOTING))
    return folder


@pytest.fixture(scope="session")
def library(library_folder):
    return open_library(library_folder)


@pytest.fixture(scope="session")
def options(motions_folder, tmp_path_factory):
    return Lavimo(
        preset="quick",
        data=motions_folder,
        part="val",
        out=tmp_path_factory.mktemp("run"),
        steps=4,
        sight_steps=2,
        threads=1,
    )


@pytest.fixture(scope="session")
def trained(options, counting):
    rendered = replace(options, action="render").carry_out(counting)
    return rendered, options.carry_out(counting)
