"""Sets of motions: who is solved on which bodies, and building that goes on where it stopped."""

import json
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.errors import UnknownName
from retargetbench.datasets.intents import motion_build
from retargetbench.datasets.intents.bodies import body_names, load_body
from retargetbench.datasets.intents.checker import Measured
from retargetbench.datasets.intents.motion_build import ATTEMPTS, finish_set, plan_shards, solve_shard, solve_shards
from retargetbench.datasets.intents.motion_jobs import SAMPLED, MotionJob, body_of, motion_jobs
from retargetbench.datasets.intents.motion_shards import read_clips, read_entries, read_motions
from retargetbench.datasets.intents.packed import unpack_clip
from retargetbench.datasets.intents.programs import make_program
from retargetbench.datasets.manifest import DamagedData

FINE = Measured(**dict.fromkeys(Measured.__dataclass_fields__, 0.0))


@dataclass(frozen=True)
class Call:
    """What the solver was once asked for."""

    motion: str
    bodies: tuple[str, ...]
    drawn: tuple[tuple[int, int], ...]


@dataclass
class Missing:
    """A checker that finds everything fine but for what is listed here, once per entry."""

    left: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    """Body -> what its next clips miss."""
    seen: list[Motion] = field(default_factory=list)

    def measure(self, program, body, motion, keys):
        self.seen.append(motion)
        return body.name

    def misses(self, body, tolerances):
        return self.left[body].pop(0) if self.left.get(body) else ()


@pytest.fixture
def quick(monkeypatch):
    """A solver that answers with a motion drawn from seed and answer, and a checker that finds it fine."""
    asked = []

    def solve(program, bodies, *, keys, seed, settings=None, device="cpu"):
        asked.append(Call(program.name, tuple(body.name for body in bodies), tuple(seed)))
        motions = []
        for body, drawn in zip(bodies, seed, strict=True):
            generator = np.random.default_rng(drawn)
            quaternions = generator.normal(size=(program.frame_count, body.skeleton.joint_count, 4)).astype(np.float32)
            quaternions /= np.linalg.norm(quaternions, axis=-1, keepdims=True)
            root = generator.normal(size=(program.frame_count, 3)).astype(np.float32)
            motions.append(Motion(body.skeleton, quaternions, root, program.fps))
        departures = np.zeros((len(bodies), 4, 3), np.int16) if settings.rounded else None
        return SimpleNamespace(motions=tuple(motions), departures=departures)

    monkeypatch.setattr(motion_build, "solve", solve)
    monkeypatch.setattr(motion_build, "measure", lambda *_: FINE)
    monkeypatch.setattr(motion_build, "misses", lambda *_: ())
    monkeypatch.setattr(motion_build, "SHARD_MOTIONS", 2)
    monkeypatch.setattr(motion_build, "solved_shard", lambda *_: None)  # nothing comes with the package
    return asked


@pytest.fixture
def missing(quick, monkeypatch):
    """A checker to be told what it shall miss."""
    checker = Missing()
    monkeypatch.setattr(motion_build, "measure", checker.measure)
    monkeypatch.setattr(motion_build, "misses", checker.misses)
    monkeypatch.setattr(motion_build, "measured_entry", lambda body: {"of": body})
    return checker


def _job(*bodies):
    return MotionJob(make_program("hand_on_hip", side="left", tempo=3.5, seed=1), bodies)


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
    assert {call.motion for call in quick} == {job.program.name for job in shards[1].jobs}
    assert {shard.path.name: shard.path.read_bytes() for shard in shards} == before
    assert finish_set(tmp_path, "train", shards).read_bytes() == manifest


def test_a_longer_set_keeps_the_full_shards_of_a_shorter_one(quick, tmp_path):
    list(solve_shards(plan_shards(tmp_path, "train", 4)))
    assert [shard.path.name for shard in solve_shards(plan_shards(tmp_path, "train", 6))] == ["train-0002.npz"]


@pytest.mark.parametrize(("split", "file"), [("train", "train-0000.npz"), ("val", "val.npz")])
def test_what_was_built_is_read_again_and_damage_is_named(quick, tmp_path, split, file):
    shards = plan_shards(tmp_path, split, 3)
    list(solve_shards(shards))
    manifest = finish_set(tmp_path, split, shards)
    read = list(read_motions(manifest))
    asked = [(job.program, body) for shard in shards for job in shard.jobs for body in job.bodies]
    assert [(motion.name, motion.body) for motion in read] == [(program.name, body) for program, body in asked]
    assert [motion.motion.frame_count for motion in read] == [program.frame_count for program, _ in asked]
    assert all(len(motion.words["captions"]) >= 3 for motion in read)
    content = bytearray((tmp_path / file).read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / file).write_bytes(content)
    with pytest.raises(DamagedData, match=file):
        list(read_motions(manifest))


def test_training_stays_in_its_shards_and_validation_becomes_one_file_with_all_that_they_hold(quick, tmp_path):
    listed = {}
    for split in ("train", "val"):
        shards = plan_shards(tmp_path, split, 3)
        list(solve_shards(shards))
        listed[split] = sorted(json.loads(finish_set(tmp_path, split, shards).read_text())["files"])
    assert listed == {"train": ["train-0000.npz", "train-0001.npz"], "val": ["val.npz"]}
    whole, parts = read_clips(tmp_path / "val.npz"), [read_clips(shard.path) for shard in shards]
    alone = [unpack_clip(part, clip) for part in parts for clip in range(len(part["clip_starts"]) - 1)]
    assert len(whole["clip_starts"]) - 1 == len(alone) == 3
    for number, clip in enumerate(alone):
        for one, two in zip(unpack_clip(whole, number), clip, strict=True):
            np.testing.assert_array_equal(one, two)


def test_a_clip_that_misses_every_time_is_dropped_and_counted(quick, monkeypatch, tmp_path):
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
    assert sum(dropped for _, dropped in content["kept_and_dropped"]["body"].values()) == same
    assert [call.motion for call in quick].count(jobs[0].program.name) == ATTEMPTS == 3


def test_only_what_missed_is_solved_again_from_another_seed_and_all_that_it_missed_is_written_down(
    quick, missing, tmp_path
):
    missing.left = {"slim_man": [("contact_h",), ("jerk", "depth_h")]}
    job = _job("average_man", "slim_man")
    solve_shard([job], tmp_path / "shard.npz")
    assert [call.bodies for call in quick] == [("average_man", "slim_man"), ("slim_man",), ("slim_man",)]
    seeds = [{seed for seed, _ in call.drawn} for call in quick]
    assert [len(each) for each in seeds] == [1, 1, 1]
    assert len(set.union(*seeds)) == 3
    said = read_entries(tmp_path / "shard.npz")
    assert said["dropped"] == []
    first, second = said["clips"]
    assert (first["slot"], first["attempts"], first["missed"]) == (0, 1, [])
    assert (second["slot"], second["attempts"], second["missed"]) == (1, 3, ["contact_h", "jerk", "depth_h"])
    assert [clip["body"] for clip in said["clips"]] == list(job.bodies)


def test_a_dropped_clip_keeps_all_its_misses_and_its_place_among_the_jobs(quick, missing, tmp_path):
    missing.left = {"slim_man": [("contact_h",)] * ATTEMPTS}
    solve_shard([_job("average_man"), _job("average_man", "slim_man")], tmp_path / "shard.npz")
    said = read_entries(tmp_path / "shard.npz")
    assert [(clip["job"], clip["slot"]) for clip in said["clips"]] == [(0, 0), (1, 0)]
    (dropped,) = said["dropped"]
    assert (dropped["job"], dropped["slot"], dropped["kept"]) == (1, 1, False)
    assert dropped["missed"] == ["contact_h"] * ATTEMPTS
    assert dropped["attempts"] == ATTEMPTS
    assert len(read_clips(tmp_path / "shard.npz")["clip_starts"]) - 1 == 2


def test_a_body_that_is_named_again_is_asked_for_another_answer_of_the_same_seed(quick, tmp_path):
    solve_shard([_job("average_man", "slim_man", "slim_man", "slim_man")], tmp_path / "shard.npz")
    (call,) = quick
    assert [answer for _, answer in call.drawn] == [0, 0, 1, 2]
    assert len({seed for seed, _ in call.drawn}) == 1


def test_an_answer_that_missed_is_asked_for_again_by_its_own_number(quick, missing, tmp_path):
    missing.left = {"slim_man": [(), ("jerk",)]}
    solve_shard([_job("average_man", "slim_man", "slim_man")], tmp_path / "shard.npz")
    assert [[answer for _, answer in call.drawn] for call in quick] == [[0, 0, 1], [1]]


def test_the_truth_on_a_body_is_the_motion_that_the_body_has_as_a_source(quick, tmp_path):
    solve_shard([_job("average_man", "slim_man")], tmp_path / "source.npz")
    solve_shard([_job("slim_man", "average_man")], tmp_path / "truth.npz")
    assert quick[0].drawn == quick[1].drawn
    as_source, as_truth = read_clips(tmp_path / "source.npz"), read_clips(tmp_path / "truth.npz")
    for one, two in zip(unpack_clip(as_source, 0), unpack_clip(as_truth, 1), strict=True):
        np.testing.assert_array_equal(one, two)


def test_what_is_measured_is_what_is_shipped(quick, missing, tmp_path):
    solve_shard([_job("average_man", "slim_man")], tmp_path / "shard.npz")
    shipped = read_clips(tmp_path / "shard.npz")
    for number, motion in enumerate(missing.seen):
        rotations, roots = unpack_clip(shipped, number)
        np.testing.assert_array_equal(motion.local_rotations_wxyz, rotations)
        np.testing.assert_array_equal(motion.root_translation_m, roots)


def test_a_job_without_words_ships_none_and_one_with_words_ships_them_once(quick, tmp_path):
    solve_shard([_job("average_man", "slim_man")], tmp_path / "silent.npz")
    told = replace(_job("average_man", "slim_man"), words="test")
    solve_shard([told], tmp_path / "told.npz")
    assert read_entries(tmp_path / "silent.npz")["words"] == {}
    assert list(read_entries(tmp_path / "told.npz")["words"]) == [told.program.name]
