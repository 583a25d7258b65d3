"""The command ``convert``."""

import numpy as np
import pytest
import torch

from retargetbench.benchmark.cli.main import main
from retargetbench.datasets.body.kinematics import motion_pose
from retargetbench.datasets.readers.bvh_writer import write_bvh
from retargetbench.datasets.readers.clip_npz import read_clip, write_clip
from retargetbench.datasets.readers.glb import read_glb
from retargetbench.datasets.readers.glb_writer import write_glb
from retargetbench.datasets.readers.read import read_motions

from ...datasets.readers.people import person, skeleton, wild_motion

pytestmark = pytest.mark.filterwarnings("ignore::retargetbench.datasets.readers.errors.ReaderWarning")


def convert(capsys, *arguments):
    code = main(["convert", *map(str, arguments)])
    return code, capsys.readouterr()


def positions(motion):
    found = motion_pose(motion, dtype=torch.float64).positions_m.numpy()
    return {name: found[:, i] for i, name in enumerate(motion.skeleton.joint_names)}


@pytest.fixture
def glb(tmp_path):
    body = person(axes=False)
    motions = {"walk": wild_motion(body.skeleton), "wave": wild_motion(body.skeleton, seed=8)}
    write_glb(tmp_path / "body.glb", body, motions)
    return tmp_path / "body.glb"


def test_a_motion_goes_round_through_all_formats(glb, tmp_path, capsys):
    start = read_glb(glb)
    for source, out, options in (
        (glb, "a.bvh", ["--animation", "wave"]),
        (tmp_path / "a.bvh", "a.npz", []),
        (tmp_path / "a.npz", "b.glb", ["--character", glb]),
        (tmp_path / "b.glb", "c.bvh", []),
    ):
        code, said = convert(capsys, source, tmp_path / out, *options)
        assert code == 0
        assert said.out.strip() == str(tmp_path / out)
        assert "7 frames at 24 fps" in said.err
        assert "Next:" in said.err
    end = read_glb(tmp_path / "b.glb")
    assert np.array_equal(end.character.rest_vertices_m, start.character.rest_vertices_m)
    before, after = positions(start.motions["wave"]), positions(read_motions(tmp_path / "c.bvh")["c"])
    assert max(np.abs(before[n] - after[n]).max() for n in before) < 1e-4


def test_a_bvh_can_be_given_its_true_frame_rate_unit_and_first_frame(tmp_path, capsys):
    motion = wild_motion(skeleton(axes=False))
    write_bvh(tmp_path / "a.bvh", motion)
    options = ["--fps", "60", "--unit-m", "0.02", "--first-frame", "drop"]
    assert convert(capsys, tmp_path / "a.bvh", tmp_path / "a.npz", *options)[0] == 0
    back = read_clip(tmp_path / "a.npz", read_motions(tmp_path / "a.bvh")["a"].skeleton)
    assert (back.fps, back.frame_count) == (60.0, 6)
    assert np.abs(back.root_translation_m - 2 * motion.root_translation_m[1:]).max() < 1e-5


@pytest.mark.parametrize(
    ("source", "out", "options", "said"),
    [
        ("body.glb", "a.bvh", [], "has 2 (walk, wave); choose one with --animation"),
        ("body.glb", "a.bvh", ["--animation", "wavy"], "Did you mean 'wave'"),
        ("body.glb", "a.fbx", [], "'.fbx' files are not written here"),
        ("body.txt", "a.glb", [], "'.txt' files are not read here"),
        ("absent.bvh", "a.glb", [], "cannot be read"),
        ("clip.npz", "a.glb", [], "say what it is for with --character FILE"),
        ("tail.bvh", "a.glb", ["--character", "body.glb"], "it lacks Tail and has"),
    ],
)
def test_a_mistake_is_one_sentence_and_writes_nothing(glb, tmp_path, capsys, source, out, options, said):
    write_clip(tmp_path / "clip.npz", wild_motion(skeleton()))
    tail = skeleton().__class__(("Tail",), (-1,), np.zeros((1, 3)))
    write_bvh(tmp_path / "tail.bvh", wild_motion(tail))
    options = [str(tmp_path / o) if o.endswith(".glb") else o for o in options]
    code, answer = convert(capsys, tmp_path / source, tmp_path / out, *options)
    assert code == 2
    assert answer.out == ""
    assert said in answer.err
    assert not (tmp_path / out).exists()
