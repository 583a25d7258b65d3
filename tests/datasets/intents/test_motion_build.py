"""Sets of motions: who is solved on which bodies, and building that goes on where it stopped."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.errors import UnknownName
from retargetbench.datasets.intents import motion_build
from retargetbench.datasets.intents.bodies import body_names, load_body
from retargetbench.datasets.intents.checker import Measured
from retargetbench.datasets.intents.motion_build import finish_set, plan_shards, solve_shards
from retargetbench.datasets.intents.motion_jobs import SAMPLED, body_of, motion_jobs
from retargetbench.datasets.intents.motion_shards import read_motions
from retargetbench.datasets.manifest import DamagedData

FINE = Measured(**dict.fromkeys(Measured.__dataclass_fields__, 0.0))


@pytest.fixture
def quick(monkeypatch):
    """A solver that answers with a motion drawn from its seed, and a checker that finds it fine."""
    asked = []

    def solve(program, bodies, *, keys, seed, settings=None):
        asked.append((program.name, tuple(body.name for body in bodies)))
        motions = []
        for body, one in zip(bodies, seed, strict=True):
            generator = np.random.default_rng(one)
            quaternions = generator.normal(size=(program.frame_count, body.skeleton.joint_count, 4)).astype(np.float32)
            quaternions /= np.linalg.norm(quaternions, axis=-1, keepdims=True)
            root = generator.normal(size=(program.frame_count, 3)).astype(np.float32)
            motions.append(Motion(body.skeleton, quaternions, root, program.fps))
        return SimpleNamespace(motions=tuple(motions))

    monkeypatch.setattr(motion_build, "solve", solve)
    monkeypatch.setattr(motion_build, "measure", lambda *_: FINE)
    monkeypatch.setattr(motion_build, "misses", lambda *_: ())
    monkeypatch.setattr(motion_build, "SHARD_MOTIONS", 2)
    return asked


def test_training_motions_are_solved_on_two_or_three_bodies_that_are_named_for_training_or_new():
    jobs = motion_jobs("train", 40)
    assert {len(job.bodies) for job in jobs} == {2, 3}
    names = [name for job in jobs for name in job.bodies]
    assert any(name.startswith(SAMPLED) for name in names)
    assert {name for name in names if not name.startswith(SAMPLED)} <= set(body_names("train"))
    assert all(len(set(job.bodies)) == len(job.bodies) for job in jobs)


@pytest.mark.parametrize("split", ["val", "test"])
def test_motions_of_validation_and_test_are_solved_on_bodies_of_their_own(split):
    assert {name for job in motion_jobs(split, 12) for name in job.bodies} <= set(body_names(split))


def test_a_longer_list_begins_with_a_shorter_one():
    assert motion_jobs("train", 9)[:4] == motion_jobs("train", 4)


def test_a_sampled_body_is_the_same_each_time():
    assert np.array_equal(body_of(f"{SAMPLED}77").rest_vertices_m, body_of(f"{SAMPLED}77").rest_vertices_m)
    assert body_of("average_man") is load_body("average_man") or body_of("average_man").name == "average_man"


def test_an_unknown_split_is_told_the_known_ones():
    with pytest.raises(UnknownName, match="train"):
        motion_jobs("trian")


def test_building_again_solves_only_what_is_missing_and_gives_the_same_bytes(quick, tmp_path):
    shards = plan_shards(tmp_path, "train", 5)
    assert [len(shard.jobs) for shard in shards] == [2, 2, 1]
    assert len(list(solve_shards(shards))) == 3
    manifest = finish_set(tmp_path, "train", shards).read_bytes()
    before = {shard.path.name: shard.path.read_bytes() for shard in shards}
    shards[1].path.write_bytes(before[shards[1].path.name][:100])  # as if cut off
    quick.clear()
    assert [shard.path for shard in solve_shards(plan_shards(tmp_path, "train", 5))] == [shards[1].path]
    assert {name for name, _ in quick} == {job.program.name for job in shards[1].jobs}
    assert {shard.path.name: shard.path.read_bytes() for shard in shards} == before
    assert finish_set(tmp_path, "train", shards).read_bytes() == manifest


def test_a_longer_set_keeps_the_full_shards_of_a_shorter_one(quick, tmp_path):
    list(solve_shards(plan_shards(tmp_path, "train", 4)))
    assert [shard.path.name for shard in solve_shards(plan_shards(tmp_path, "train", 6))] == ["train-0002.npz"]


def test_what_was_built_is_read_again_and_damage_is_named(quick, tmp_path):
    shards = plan_shards(tmp_path, "test", 3)
    list(solve_shards(shards))
    manifest = finish_set(tmp_path, "test", shards)
    read = list(read_motions(manifest))
    assert [motion.name for motion in read] == [job.program.name for shard in shards for job in shard.jobs]
    assert all(motion.motion.frame_count == job.program.frame_count
               for motion, job in zip(read, (j for s in shards for j in s.jobs), strict=True))  # fmt: skip
    shards[0].path.write_bytes(b"nothing")
    with pytest.raises(DamagedData, match="test-0000"):
        list(read_motions(manifest))


def test_a_clip_that_misses_twice_is_dropped_and_counted(quick, monkeypatch, tmp_path):
    jobs = motion_jobs("train", 1)
    victim = jobs[0].bodies[0]
    monkeypatch.setattr(motion_build, "measure", lambda _program, body, *_: replace(FINE, jerk=float(len(body.name))))
    unlucky = float(len(body_of(victim).name))
    monkeypatch.setattr(motion_build, "misses", lambda m, _: ("held_share",) if m.jerk == unlucky else ())
    shards = plan_shards(tmp_path, "train", 1)
    list(solve_shards(shards))
    content = json.loads(finish_set(tmp_path, "train", shards).read_text())
    same = sum(float(len(body_of(name).name)) == unlucky for name in jobs[0].bodies)
    assert content["dropped"] == same
    assert content["clips"] == len(jobs[0].bodies) - same
    assert [name for name, _ in quick].count(jobs[0].program.name) == motion_build.ATTEMPTS
