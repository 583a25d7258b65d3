"""``smt-stage1`` as a method: any humanoid, any frame rate, its card, and what it says without weights."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from retargetbench.benchmark.running.methods import installed_methods
from retargetbench.benchmark.running.worker import _load, _start_failure
from retargetbench.benchmark.submission.method_card import card_from
from retargetbench.datasets.body.joint_names import BODY_JOINTS
from retargetbench.datasets.body.joint_poses import motion_poses
from retargetbench.datasets.body.kinematics import motion_pose
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.reference_model.baselines.rotation_copy import retarget as rotation_copy
from retargetbench.reference_model.smt import method as module
from retargetbench.reference_model.smt.apply import _turned, retarget_with
from retargetbench.reference_model.smt.build import build_network, save_network
from retargetbench.reference_model.smt.method import SmtMethod
from retargetbench.reference_model.trained_weights import NoWeights

from .conftest import swaying
from .small import disturbed, small


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Weights that move everything, as a trained network's do."""
    folder = tmp_path_factory.mktemp("weights")
    profile = small("best")
    save_network(disturbed(build_network(profile, 0)), profile, folder)
    return folder


def places(motion):
    return motion_pose(motion).positions_m.numpy()


def test_an_untrained_network_gives_the_rotation_copy_on_any_rig(stick_figure):
    network = build_network(small("best"), 0).eval()
    man, belly, figure = load_body("average_man"), load_body("belly"), stick_figure(0.7, 40, control_root=True)
    for source, target in ((man, belly), (man, figure), (figure, man)):
        motion = swaying(source, frames=5)
        made, copy = retarget_with(network, source, motion, target), rotation_copy(source, motion, target, seed=0)
        assert np.abs(places(made) - places(copy)).max() < 1e-5


def test_what_the_network_says_is_what_the_target_does(weights):
    """On bodies in the canonical pose the answer on the skeleton is the network's own."""
    import torch

    from retargetbench.reference_model.smt.batch import Moves, Rigs
    from retargetbench.reference_model.smt.build import load_network
    from retargetbench.reference_model.smt.rig import canonical_motion, rig_of

    network, man, belly = load_network(weights), load_body("average_man"), load_body("belly")
    motion = swaying(man, frames=5, fps=network.fps)
    made = retarget_with(network, man, motion, belly)
    from retargetbench.datasets.body.kinematics import quaternions_to_matrices

    rotations, hips = canonical_motion(motion)
    moves = Moves(quaternions_to_matrices(torch.from_numpy(rotations))[None], torch.from_numpy(hips).float()[None])
    target = Rigs.of([rig_of(belly)])
    with torch.inference_mode():
        wanted = target.pose(network(moves, Rigs.of([rig_of(man)]), target)).positions_m[0].numpy()
    assert np.abs(places(made)[:, :22] - wanted).max() < 1e-3
    copy = rotation_copy(man, motion, belly, seed=0)
    assert np.abs(places(copy) - places(made)).max() > 0.01
    fingers = [k for k, name in enumerate(belly.skeleton.joint_names) if "HandIndex" in name]
    assert np.array_equal(made.local_rotations_wxyz[:, fingers], copy.local_rotations_wxyz[:, fingers])


def test_a_turn_in_the_world_turns_its_body_joint_and_leaves_what_hangs_on_it_as_it_hung():
    motion = swaying(load_body("average_man"), frames=3)
    names, parents = motion.skeleton.joint_names, motion.skeleton.parents
    turns = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 22, 3, 3)))[0]
    turns *= np.linalg.det(turns)[..., None, None]
    before = motion_poses(motion)[0]
    after = motion_poses(replace(motion, local_rotations_wxyz=_turned(motion, turns)))[0]
    for joint, parent in enumerate(parents):
        if names[joint] in BODY_JOINTS:
            wanted = turns[:, BODY_JOINTS.index(names[joint])] @ before[:, joint]
        else:
            wanted = after[:, parent] @ np.swapaxes(before[:, parent], -1, -2) @ before[:, joint]
        assert np.allclose(after[:, joint], wanted, atol=1e-5)


def test_clips_of_other_rates_and_lengths_keep_theirs(weights):
    method = SmtMethod("smt-stage1", weights)
    man, belly = load_body("average_man"), load_body("belly")
    at_60 = swaying(man, frames=21, fps=60.0)
    made = method(man, at_60, belly, seed=0)
    assert (made.frame_count, made.fps) == (21, 60.0)
    at_30 = replace(
        at_60, local_rotations_wxyz=at_60.local_rotations_wxyz[::2], root_translation_m=at_60.root_translation_m[::2],
        fps=30.0,
    )  # fmt: skip
    slower = method(man, at_30, belly, seed=0)
    assert np.abs(places(made)[::2] - places(slower)).max() < 1e-4
    assert method(man, at_30.window(0, 1), belly, seed=0).frame_count == 1
    assert method(man, swaying(man, frames=5, fps=24.0), belly, seed=0).frame_count == 5


def test_its_card_names_the_weights_and_what_they_were_trained_on(weights):
    card, problems = card_from(dict(SmtMethod("smt-stage1", weights).card), "card")
    assert problems == []
    assert len(card.weights_sha256) == 64
    assert card.trained_on_metrics == ("contact_error@1",)
    assert card.parameters > 1000


def test_without_weights_the_run_is_refused_with_the_command_that_trains_them(tmp_path, monkeypatch):
    monkeypatch.setattr("retargetbench.reference_model.trained_weights.files", lambda _: tmp_path)
    entry = installed_methods()["smt-stage1"]
    monkeypatch.setattr(module, "stage1", SmtMethod("smt-stage1"))
    with pytest.raises(NoWeights, match="retargetbench train smt --stage 1") as caught:
        _load("entry-point", entry.value, "retargeting")
    told = _start_failure(caught.value, "entry-point", entry.value)
    assert f"{entry.value} cannot start: [W001] the weights of smt-stage1 are not in this package" in told["message"]
    man = load_body("average_man")
    with pytest.raises(NoWeights, match="weights of smt-stage1 are not in this package"):
        SmtMethod("smt-stage1")(man, swaying(man, frames=2), man, seed=0)


def test_folders_that_hold_something_else_are_refused(tmp_path, weights):
    with pytest.raises(NoWeights, match="holds no weights"):
        _ = SmtMethod("smt-stage1", tmp_path).network
    (tmp_path / "config.json").write_text('{"format": "other/9", "profile": "best"}')
    with pytest.raises(NoWeights, match="another version"):
        _ = SmtMethod("smt-stage1", tmp_path).card
    (tmp_path / "config.json").write_text((weights / "config.json").read_text())
    with pytest.raises(NoWeights, match="copy the whole folder"):
        _ = SmtMethod("smt-stage1", tmp_path).card


@pytest.mark.shared
@pytest.mark.parametrize("file", ["mesh2motion/human_male.glb", "kaykit_adventurers/Knight.glb"])
def test_real_characters_are_sources_and_targets(shared_data, weights, file):
    from retargetbench.datasets.readers.read import read_character

    method, man = SmtMethod("smt-stage1", weights), load_body("average_man")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        real = read_character(shared_data / "characters" / file)
    made = method(man, swaying(man, frames=4), real, seed=0)
    assert made.skeleton.joint_names == real.skeleton.joint_names
    back = method(real, made, man, seed=0)
    assert np.isfinite(back.local_rotations_wxyz).all()
    copy = rotation_copy(man, swaying(man, frames=4), real, seed=0)
    assert 1e-3 < np.abs(places(made) - places(copy)).max() < real.height_m
