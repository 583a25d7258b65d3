"""What training is given: single source clips without a name, and bodies drawn apart from them."""

from dataclasses import fields

import numpy as np
import pytest

from retargetbench.datasets.intents.bodies import body_names
from retargetbench.datasets.intents.motion_shards import read_clips
from retargetbench.datasets.intents.packed import unpack_clip
from retargetbench.reference_model.smt.drawn import Drawn
from retargetbench.reference_model.smt.errors import ShortClips
from retargetbench.reference_model.smt.rig import Rig
from retargetbench.reference_model.smt.sources import SourceClips, Window, turned
from retargetbench.reference_model.smt.stage1 import Stage1, Training
from retargetbench.reference_model.smt.targets import TargetBodies
from retargetbench.reference_model.training.motions import find_shards

from .conftest import BODIES, write_motions
from .small import small


def open_clips(folder):
    return SourceClips(find_shards(folder, "train"))


def arrays_of(value):
    """Every array in what a step is given, in order."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, list):
        return [a for part in value for a in arrays_of(part)]
    if not hasattr(value, "__dataclass_fields__"):
        return [np.array(value)]
    return [a for f in fields(value) for a in arrays_of(getattr(value, f.name))]


@pytest.fixture(scope="module")
def learner(motions_folder):
    return Stage1(Training(small("best"), 4, seed=1), open_clips(motions_folder), TargetBodies(1, 3, 0.5))


def test_names_meanings_and_goals_of_the_shards_change_nothing_of_what_training_sees(learner, tmp_path):
    renamed = open_clips(write_motions(tmp_path, said="clap: right hand on left hand"))
    other = Stage1(learner.training, renamed, TargetBodies(1, 3, 0.5))
    for step in range(3):
        one, two = arrays_of(learner.draw(step)), arrays_of(other.draw(step))
        assert len(one) > 10
        assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_a_step_is_given_windows_and_rigs_and_no_field_for_anything_else():
    assert [f.name for f in fields(Drawn)] == ["windows", "targets"]
    assert [f.name for f in fields(Window)] == ["rig", "rotations_wxyz", "root_m"]
    assert {f.name for f in fields(Rig)} == {
        "offsets_m", "rest_m", "points_m", "weights", "found", "shape", "height_m", "leg_m",
    }  # fmt: skip


def test_target_bodies_are_drawn_without_regard_to_the_sources(learner, motions_folder):
    fewer = open_clips(motions_folder)
    fewer._bodies = ["toddler"] * len(BODIES)
    other = Stage1(learner.training, fewer, TargetBodies(1, 3, 0.5))
    for step in range(3):
        one, two = learner.draw(step), other.draw(step)
        assert all(np.array_equal(a.points_m, b.points_m) for a, b in zip(one.targets, two.targets, strict=True))
        assert not np.array_equal(one.windows[0].rig.points_m, two.windows[0].rig.points_m)


def test_bodies_of_validation_and_test_are_never_targets(monkeypatch):
    asked = []
    real = body_names("train")
    monkeypatch.setattr(
        "retargetbench.reference_model.smt.targets.body_names", lambda split: asked.append(split) or real
    )
    TargetBodies(5, 6).draw(12, np.random.default_rng(0))
    assert set(asked) == {"train"}


def test_a_window_is_a_stretch_of_a_clip_turned_about_the_vertical(motions_folder):
    clips = open_clips(motions_folder)
    assert (len(clips), clips.frame_count) == (len(BODIES), 40 * len(BODIES))
    window = clips.draw(1, 40, np.random.default_rng(2))[0]
    arrays = read_clips(motions_folder / "train-0000.npz")
    originals = [unpack_clip(arrays, number) for number in range(len(BODIES))]
    found = [k for k, (rotations, _) in enumerate(originals)
             if np.allclose(rotations[:, 1:22], window.rotations_wxyz[:, 1:], atol=1e-6)]  # fmt: skip
    assert len(found) == 1
    _, root = originals[found[0]]
    strides = [np.linalg.norm(np.diff(path, axis=0), axis=1) for path in (root, window.root_m)]
    assert np.allclose(*strides, atol=1e-6)
    assert np.allclose(root[0], window.root_m[0])
    assert np.allclose(root[:, 1], window.root_m[:, 1])


def test_a_window_at_half_the_rate_is_every_second_frame_of_one(motions_folder):
    windows = [SourceClips(find_shards(motions_folder, "train"), fps=fps).draw(1, frames, np.random.default_rng(2))[0]
               for fps, frames in ((30.0, 39), (15.0, 20))]  # fmt: skip
    assert np.array_equal(windows[0].rotations_wxyz[::2], windows[1].rotations_wxyz)
    assert np.array_equal(windows[0].root_m[::2], windows[1].root_m)


def test_a_quarter_turn_takes_forward_to_the_left():
    ahead = np.array([[0.0, 1.0, 0.0], [0.0, 1.0, 1.0]])
    still = np.zeros((2, 22, 4))
    still[..., 0] = 1.0
    rotations, path = turned(still, ahead, 90.0)
    assert np.allclose(path[1], [1.0, 1.0, 0.0], atol=1e-9)
    assert np.allclose(rotations[0, 0], [np.sqrt(0.5), 0, np.sqrt(0.5), 0])


def test_clips_that_are_all_too_short_are_said_to_be(motions_folder):
    with pytest.raises(ShortClips, match="41 frames"):
        open_clips(motions_folder).draw(1, 41, np.random.default_rng(0))
