"""A small set of pictures: nine programs of validation, each with a pose of its own in place of a solved motion."""

import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.intents.motion_jobs import body_of, motion_jobs
from retargetbench.datasets.intents.motion_shards import write_shard
from retargetbench.reference_model.tiny_vlm.picture_files import open_pictures
from retargetbench.reference_model.tiny_vlm.render import render_shards
from retargetbench.reference_model.training.motions import find_shards

from .small import DRAWINGS, PROGRAMS


@pytest.fixture(scope="session")
def motions_folder(tmp_path_factory):
    """A folder as `data build intents --part val` writes it."""
    folder = tmp_path_factory.mktemp("motions")
    jobs = motion_jobs("val", PROGRAMS)
    motions, solved = [], []
    for number, job in enumerate(jobs):
        skeleton = body_of(job.bodies[0]).skeleton
        rotations = np.zeros((job.program.frame_count, len(skeleton.joint_names), 4), np.float32)
        rotations[..., 0] = 1.0
        for side in ("Left", "Right"):
            turn = 0.25 * number * (-1 if side == "Left" else 1)
            rotations[:, skeleton.joint_names.index(f"{side}Arm")] = [np.cos(turn / 2), 0, 0, np.sin(turn / 2)]
        root = np.tile(skeleton.rest_offsets_m[0], (job.program.frame_count, 1))
        motions.append(Motion(skeleton, rotations, root, 30.0))
        solved.append({"motion": job.program.name, "intent": job.program.intent, "body": job.bodies[0], "kept": True})
    write_shard(folder / "val-0000.npz", jobs, solved, motions)
    return folder


@pytest.fixture(scope="session")
def pictures_folder(motions_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    list(render_shards(find_shards(motions_folder, "val"), folder, DRAWINGS))
    return folder


@pytest.fixture(scope="session")
def pictures(pictures_folder):
    return open_pictures(pictures_folder, "blip2", ["val-0000"])
