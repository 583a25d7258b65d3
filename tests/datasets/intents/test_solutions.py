"""What solving found, kept small: shards posed from it are those that were solved."""

import numpy as np
import pytest

from retargetbench.datasets.intents.bodies import key_vertices
from retargetbench.datasets.intents.checker import measure, misses, tolerances_for
from retargetbench.datasets.intents.motion_build import plan_shards, solve_shard, solve_shards
from retargetbench.datasets.intents.motion_jobs import MotionJob, body_of
from retargetbench.datasets.intents.motion_shards import read_clips, read_entries
from retargetbench.datasets.intents.packed import pack_departures, unpack_departures
from retargetbench.datasets.intents.programs import make_program
from retargetbench.datasets.intents.solutions import collect, pose_shard, read_solved, solved_shard, styles_of
from retargetbench.datasets.intents.solver import SolverSettings, pose_departures

QUICK = SolverSettings(iterations=40, polish=10, query_every=20)


def _job(*bodies):
    return MotionJob(make_program("hand_on_hip", side="left", tempo=3.5, seed=1), bodies, words="train")


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("solved")
    jobs = [[_job("average_man", "slim_man")], [_job("sampled:3", "average_man")]]
    for number, own in enumerate(jobs):
        solve_shard(own, folder / f"train-{number:04d}.npz", QUICK)
    return folder, jobs


def test_departures_come_back_as_they_were():
    generator = np.random.default_rng(1)
    clips = [generator.integers(-32_767, 32_767, size=(knots, 3), dtype=np.int16) for knots in (5, 1, 9)]
    arrays = pack_departures(clips)
    for number, clip in enumerate(clips):
        np.testing.assert_array_equal(unpack_departures(arrays, number, 3), clip)


def test_a_shard_posed_from_what_was_found_is_the_shard_that_was_solved(solved, tmp_path):
    folder, jobs = solved
    (path,) = collect(folder, tmp_path, jobs)
    for number, found in enumerate(read_solved(path)):
        again = tmp_path / f"train-{number:04d}.npz"
        pose_shard(jobs[number], again, found)
        assert again.read_bytes() == (folder / again.name).read_bytes()
    assert (
        path.stat().st_size < sum((folder / name).stat().st_size for name in ("train-0000.npz", "train-0001.npz")) / 2
    )


def test_what_was_dropped_stays_dropped_and_a_gap_ends_the_list(solved, tmp_path):
    folder, jobs = solved
    (tmp_path / "train-0000.npz").write_bytes((folder / "train-0000.npz").read_bytes())
    (tmp_path / "train-0002.npz").write_bytes((folder / "train-0001.npz").read_bytes())
    (path,) = collect(tmp_path, tmp_path / "out", [jobs[0], jobs[1], jobs[1]])
    assert collect(tmp_path, tmp_path / "out", jobs[:1]) == [path]  # not whole yet: written again
    (only,) = read_solved(path)
    said = read_entries(folder / "train-0000.npz")
    assert all(said[key] == only.told[key] for key in ("asked", "clips", "dropped"))
    assert len(only.departures) == len(read_clips(folder / "train-0000.npz")["clip_starts"]) - 1


def test_what_comes_with_the_package_holds_the_tolerances(tmp_path):
    (shard,) = plan_shards(tmp_path, "train", 12)
    found = solved_shard(0, shard.jobs)
    if found is None:
        pytest.skip("no solved motions of training come with this version")
    clips = found.told["clips"]
    row = next(r for r, clip in enumerate(clips) if shard.jobs[clip["job"]].program.contact_pairs())
    program, body = shard.jobs[clips[row]["job"]].program, body_of(clips[row]["body"])
    (motion,) = pose_departures(program, [body], [found.departures[row]], key_vertices())
    assert not misses(measure(program, body, motion, key_vertices()), tolerances_for(program))


def test_a_shard_that_came_along_is_posed_and_another_list_of_motions_is_not(tmp_path):
    (shard,) = plan_shards(tmp_path, "train", 12)
    if solved_shard(0, shard.jobs) is None:
        pytest.skip("no solved motions of training come with this version")
    assert len(list(solve_shards([shard]))) == 1
    assert shard.is_done
    few = solved_shard(0, shard.jobs[:3])
    assert {clip["job"] for clip in (*few.told["clips"], *few.told["dropped"])} == {0, 1, 2}
    assert len(few.departures) == len(few.told["clips"])
    assert solved_shard(0, shard.jobs[1:]) is None
    assert solved_shard(9_999, shard.jobs) is None


def test_a_changed_style_is_noticed():
    calm, quick = (MotionJob(make_program("hand_on_hip", side="left", tempo=t, seed=1), ()) for t in (1.0, 1.1))
    assert np.allclose(styles_of([calm]), styles_of([calm]))
    assert not np.allclose(styles_of([calm])[0], styles_of([quick])[0], rtol=0, atol=1e-4)
