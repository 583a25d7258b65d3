"""The R2ET-like rival: a copy corrected for skeletons, then through a gate for shapes; its terms and two stages."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from retargetbench.benchmark.running.methods import installed_methods
from retargetbench.datasets.body.joint_names import BODY_JOINTS
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.reference_model.smt.batch import Rigs, copied
from retargetbench.reference_model.smt.build import build_network, load_network, save_network
from retargetbench.reference_model.smt.command import Smt
from retargetbench.reference_model.smt.drawn import Drawn, moves_of
from retargetbench.reference_model.smt.errors import NoAnswers
from retargetbench.reference_model.smt.figure import build_figure
from retargetbench.reference_model.smt.fine_tuning import FINE_TUNINGS
from retargetbench.reference_model.smt.method import SmtMethod
from retargetbench.reference_model.smt.network import parameter_count
from retargetbench.reference_model.smt.pairs import OneBody, PoolSize, WindowPool
from retargetbench.reference_model.smt.profiles import R2ET
from retargetbench.reference_model.smt.r2et import LIMBS
from retargetbench.reference_model.smt.r2et_losses import NEARBY, attraction, twist_excess
from retargetbench.reference_model.smt.r2et_stage2 import R2etStage2
from retargetbench.reference_model.smt.sources import Window
from retargetbench.reference_model.smt.stage1 import Training
from retargetbench.reference_model.smt.stage2 import Given
from retargetbench.reference_model.trained_weights import NoWeights

from .small import disturbed, moves, rigs, small
from .stage2_cases import ARM, HAND_IN_BELLY, pose_of
from .test_training import counting


@pytest.fixture(scope="module")
def belly():
    return build_figure(load_body("belly"))


def network_of():
    return build_network(small("r2et"), 0)


def test_untrained_it_is_rotation_copy_and_trained_it_can_be_shipped():
    given, source, target = moves(1), rigs("average_man"), rigs("belly")
    copy, made = copied(given, source, target), network_of().eval()(given, source, target)
    assert torch.allclose(made.local, copy.local, atol=1e-6)
    assert torch.equal(made.root_m, copy.root_m)
    assert 2 * parameter_count(build_network(R2ET, 0)) <= 2**20  # bytes in half precision


def test_it_looks_at_single_frames_and_not_at_headings():
    network, source, target = disturbed(network_of()), rigs("average_man"), rigs("belly")
    given = moves(1)
    straight, turned = network(given, source, target), network(moves(1, degrees=70.0), source, target)
    assert torch.allclose(turned.local[:, :, 1:], straight.local[:, :, 1:], atol=1e-4)
    alone = network(type(given)(given.local[:, 2:3], given.root_m[:, 2:3]), source, target)
    assert torch.allclose(alone.local[:, 0], straight.local[:, 2], atol=1e-5)
    other = network(given, source, rigs("child"))
    assert float((other.local - straight.local).abs().max()) > 1e-4


def test_the_shape_module_turns_limbs_alone_and_the_gate_takes_it_back():
    network, given, source, target = disturbed(network_of()), moves(1), rigs("average_man"), rigs("belly")
    limbs = sorted(joint for joints in LIMBS for joint in joints)
    base, made = network.base(given, source, target), network(given, source, target)
    moved = (made.local - base.local).abs().amax(dim=(0, 1, 3, 4)) > 1e-5
    assert torch.nonzero(moved)[:, 0].tolist() == limbs
    network.shape.gate[-1].bias -= 50
    assert torch.allclose(network(given, source, target).local, base.local, atol=1e-6)


def test_a_twist_is_counted_beyond_a_hundred_degrees_and_a_bend_never():
    rig = rigs("average_man")
    bone = (rig.rest_m[0, BODY_JOINTS.index("LeftForeArm")] - rig.rest_m[0, BODY_JOINTS.index("LeftArm")]).numpy()
    bone /= np.linalg.norm(bone)
    across = np.cross(bone, [0.0, 0.0, 1.0])
    for axis, degrees, excess in ((bone, 120, 20), (bone, -150, 50), (bone, 90, 0), (across, 150, 0)):
        local = torch.eye(3).repeat(1, 1, 22, 1, 1)
        turn = Rotation.from_rotvec(np.radians(degrees) * axis).as_matrix()
        local[0, 0, BODY_JOINTS.index("LeftArm")] = torch.from_numpy(turn).float()
        wanted = np.radians(excess) ** 2 / 21
        assert float(twist_excess(local, rig.offsets_m)) == pytest.approx(wanted, abs=1e-5)


def test_hands_are_drawn_to_the_body_they_are_near_and_to_none_far_away(belly):
    side, near = HAND_IN_BELLY.clone() * 0, HAND_IN_BELLY * torch.tensor([[1.0, 1.0, 0.75], [1.0, 0.5, 1.0]])
    found = []
    for vectors in (side, near, HAND_IN_BELLY):
        found.append(float(attraction(belly, belly.posed_m(pose_of(belly, ARM, vectors[None])))))
    assert found[0] == 0
    assert 0 < found[1] < NEARBY
    assert found[2] < found[1]


def stage2(belly):
    tuning = FINE_TUNINGS["r2et"]
    base = replace(tuning.base, sizes=small("r2et").sizes, batch=1, frames=2, rate=1e-2, falling_rate=False)
    tuning = replace(tuning, base=base, geometry_every=2)
    given = Given(WindowPool(None, PoolSize(1, 2, 1)), OneBody(belly), None)
    return R2etStage2(Training(base, 9, seed=1), tuning, network_of(), given)


@pytest.fixture(scope="module")
def hand_in_belly(belly):
    """A window of the body itself, its hand inside: a copy keeps it there."""
    rotations = np.zeros((2, 22, 4))
    rotations[..., 0] = 1.0
    for joint, vector in zip(ARM, HAND_IN_BELLY.numpy(), strict=True):
        turn = Rotation.from_rotvec(vector).as_quat()[[3, 0, 1, 2]]
        rotations[:, BODY_JOINTS.index(joint)] = turn
    return Drawn([Window(belly, rotations, np.tile(belly.rest_m[0], (2, 1)))], [belly])


def test_the_second_stage_brings_the_hand_out_and_leaves_the_skeleton_module_as_it_is(belly, hand_in_belly):
    learner = stage2(belly)
    before = {name: p.detach().clone() for name, p in learner.network.named_parameters()}
    told = [learner.learn(step, hand_in_belly) for step in range(6)]
    assert told[0].keys() == {"total", "twist", "close", "attraction", "penetration"}
    assert told[0]["penetration"] > 0
    assert told[-1]["penetration"] < 0.8 * told[0]["penetration"]
    still = {name for name, p in learner.network.named_parameters() if torch.equal(p, before[name])}
    assert {name for name in before if name.startswith("skeleton.")} == {n for n in still if n.startswith("skeleton.")}
    assert not [name for name in still if name.startswith("shape.limbs.0.")]


def test_attraction_reaches_the_gate_and_nothing_else(belly, hand_in_belly):
    learner = stage2(belly)
    disturbed(learner.network)
    learner.network.learn_shape()
    moved = moves_of(hand_in_belly.windows, "cpu")
    rig = Rigs.of(hand_in_belly.targets)
    made = learner.network.gated(moved, rig, rig)
    assert torch.allclose(made.local, learner.network(moved, rig, rig).local)
    made.local.square().mul(torch.rand(made.local.shape)).sum().backward()
    reached = {name for name, p in learner.network.named_parameters() if p.grad is not None and p.grad.abs().max() > 0}
    assert reached
    assert all(name.startswith("shape.gate.") for name in reached)


def test_the_command_trains_both_stages_under_the_rows_name(motions_folder, tmp_path, monkeypatch):
    first = Smt(profile="r2et", preset="quick", steps=1, data=motions_folder, out=tmp_path, threads=1)
    assert first.carry_out(counting)["folder"] == str(tmp_path / "weights" / "r2et-like-stage1")
    second = replace(first, stage=2)
    assert second.carry_out(counting)["folder"] == str(tmp_path / "weights" / "r2et-like")
    card = SmtMethod("r2et-like", tmp_path / "weights" / "r2et-like").card
    assert card["trained_on_metrics"] == ("pen_limb@1",)
    with pytest.raises(NoAnswers, match="--profile r2et"):
        replace(first, paired=True).carry_out(counting)
    monkeypatch.setattr("retargetbench.reference_model.trained_weights.files", lambda _: tmp_path / "elsewhere")
    registered = installed_methods()["r2et-like"].load()
    with pytest.raises(NoWeights, match="--stage 2 --profile r2et`"):
        _ = SmtMethod(registered.name).card


def test_its_weights_come_back_from_a_file(tmp_path):
    network = disturbed(network_of())
    save_network(network, small("r2et"), tmp_path)
    back = load_network(tmp_path)
    given, source, target = moves(1), rigs("average_man"), rigs("belly")
    assert torch.allclose(back(given, source, target).local, network(given, source, target).local, atol=5e-3)
