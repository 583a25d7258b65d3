"""Motions without self-contact: feet that stand do not slide, gaits step in turn, jumps fly, knees reach the ground."""

import numpy as np
import pytest
import torch

from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.intents.programs import INTENTS, Plant, make_program
from retargetbench.datasets.intents.programs.acts import planted_feet
from retargetbench.datasets.intents.programs.postures import Foot, Posture
from retargetbench.datasets.intents.programs.style import Key
from retargetbench.datasets.intents.solver.rig import PARAMETERS, RigBatch, StyleTensors, pose_batch

OURS = sorted(name for name, intent in INTENTS.items() if intent.family != "contact")
BODIES = ("average_man", "toddler", "short")


@pytest.fixture(scope="module", params=OURS)
def drawn(request):
    return INTENTS[request.param].draw(np.random.default_rng(2))


@pytest.fixture(scope="module")
def track(drawn):
    return drawn.track()


def _posed(program):
    """The style itself on bodies, without solving."""
    bodies = [load_body(name) for name in BODIES]
    rig = RigBatch.of([body.skeleton for body in bodies])
    nothing = torch.zeros(len(bodies), program.frame_count, PARAMETERS)
    return bodies, pose_batch(rig, StyleTensors.of(program.track()), nothing)


def test_a_foot_that_is_planted_stands_still_in_the_style(drawn, track):
    feet = track.feet
    for goal in drawn.goals:
        if isinstance(goal, Plant):
            span = feet[drawn.frames(goal.from_s, goal.to_s), int(goal.foot == "right")]
            assert len(span) == 0 or np.ptp(span, axis=0).max() < 5e-3


def test_a_foot_that_is_not_planted_is_lifted_before_it_travels(drawn, track):
    feet, planted = track.feet, drawn.planted()
    travelled = np.abs(np.diff(feet[..., [0, 2]], axis=0)).max(axis=-1)
    high = np.maximum(feet[:-1, :, 1], feet[1:, :, 1]) + 0.2 * np.abs(feet[:-1, :, 4])
    dragged = (travelled > 0.02) & (high < 0.004)
    assert not dragged.any(), f"{drawn.name}: frames {np.argwhere(dragged)[:4].tolist()}"
    assert planted.any() or drawn.intent == "run"


def test_no_joint_turns_more_than_thirty_degrees_in_a_frame(track):
    turns = track.free_wxyz
    step = 2 * np.arccos(np.clip(np.abs((turns[1:] * turns[:-1]).sum(-1)), 0, 1))
    assert np.degrees(step).max() < 30


def test_a_clip_lasts_long_enough_to_be_a_test_clip_and_no_longer_than_five_seconds(drawn):
    assert 60 <= drawn.frame_count <= 150


def test_a_motion_without_contacts_asks_for_none(drawn):
    assert not drawn.contacts


def test_there_are_forty_classes_of_action_without_self_contact():
    assert len({INTENTS[name].action for name in OURS}) >= 40
    assert len(OURS) >= 60


def test_planted_feet_are_those_that_rest_on_the_ground_between_two_keys():
    keys = [
        Key(0.0, Posture(left_foot=Foot(), right_foot=Foot())),
        Key(1.0, Posture(left_foot=Foot(), right_foot=Foot(heel_up=10))),
        Key(1.2, Posture(left_foot=Foot(up=0.1)), through=True),
        Key(1.5, Posture(left_foot=Foot(front=0.3))),
    ]
    assert planted_feet(keys, 2.0) == (
        Plant(foot="left", from_s=0.0, to_s=1.0),
        Plant(foot="left", from_s=1.5, to_s=2.0),
    )


@pytest.mark.parametrize(("intent", "parameters"), [
    ("walk", {"speed": 1.1, "step_s": 0.5}), ("walk_backwards", {"speed": 0.8, "step_s": 0.55}),
    ("sneak", {"speed": 0.6, "step_s": 0.65}),
])  # fmt: skip
def test_a_walker_always_has_a_foot_on_the_ground_and_never_both_for_long(intent, parameters):
    program = make_program(intent, **parameters, seed=1)
    low = program.track().feet[..., 1] < 0.07
    assert low.any(axis=1).all()
    assert (program.planted().all(axis=1)).mean() < 0.4


def test_a_runner_is_in_the_air_between_steps():
    program = make_program("run", speed=3.0, step_s=0.36, seed=1)
    bodies, posed = _posed(program)
    skeleton = bodies[0].skeleton
    toes = posed.pose.positions_m[..., [skeleton.index("LeftToeBase"), skeleton.index("RightToeBase")], 1]
    leg = RigBatch.of([b.skeleton for b in bodies]).leg_length_m[:, None, None]
    assert ((toes / leg).amin(dim=-1) > 0.05).float().mean() > 0.1


def test_arms_swing_against_the_legs_when_walking():
    program = make_program("walk", speed=1.2, step_s=0.5, seed=3)
    bodies, posed = _posed(program)
    skeleton = bodies[0].skeleton
    positions = posed.pose.positions_m[0] - posed.pose.positions_m[0][:, :1]
    hand, foot = (positions[:, skeleton.index(name), 2] for name in ("LeftHand", "LeftFoot"))
    assert np.corrcoef(hand.numpy(), foot.numpy())[0, 1] < -0.7


@pytest.mark.parametrize("intent", ["jump", "jump_forward"])
def test_both_feet_are_off_the_ground_while_a_jump_is_said_to_be_in_the_air(intent):
    program = INTENTS[intent].draw(np.random.default_rng(0))
    (air,) = (fact for fact in program.facts if fact.state == "in_the_air")
    middle = 0.5 * (air.from_s + air.to_s)
    assert (program.track().feet[program.frames(middle - 0.06, middle + 0.06), :, 1] > 0.1).all()


def test_a_turn_ends_facing_the_angle_it_is_said_to_turn_by():
    program = make_program("turn", side="left", angle_deg=90.0, tempo=1.0, seed=1)
    bodies, posed = _posed(program)
    forward = posed.pose.rotations[:, -1, bodies[0].skeleton.index("Spine2"), :, 2]
    yaw = np.degrees(np.arctan2(forward[:, 0].numpy(), forward[:, 2].numpy()))
    np.testing.assert_allclose(yaw, 90.0, atol=4.0)


def test_a_kneeling_knee_comes_down_to_the_ground():
    program = make_program("kneel", side="left", tempo=1.0, seed=1)
    bodies, posed = _posed(program)
    (fact,) = (f for f in program.facts if f.state == "kneeling")
    frame = round((fact.to_s - 0.1) * program.fps)
    knees = posed.pose.positions_m[:, frame, bodies[0].skeleton.index("RightLeg"), 1].numpy()
    assert (knees / np.array([body.height_m for body in bodies]) < 0.11).all()


@pytest.mark.parametrize("intent", ["kick", "throw", "wave", "lunge"])
def test_the_other_side_is_the_mirror_image(intent):
    left, right = (make_program(intent, **_parameters(intent, side), seed=1).track() for side in ("left", "right"))
    np.testing.assert_allclose(left.feet[:, 0, 1], right.feet[:, 1, 1], atol=0.02)
    np.testing.assert_allclose(left.elbows[:, 0, 0], right.elbows[:, 1, 0], atol=0.15)


def _parameters(intent, side):
    extra = {"kick": {"height": 0.5}, "wave": {"count": 2}}.get(intent, {})
    return {"side": side, "tempo": 1.0, **extra}


@pytest.mark.parametrize("count", [2, 4])
def test_a_head_nods_as_often_as_it_is_told_to(count):
    turns = make_program("nod", count=count, tempo=1.0, seed=4).track().free_wxyz[:, 5]
    pitch = np.degrees(2 * np.arctan2(turns[:, 1], turns[:, 0]))
    down = pitch > 0.5 * (pitch.max() + pitch[0])
    assert (np.diff(down.astype(int)) == 1).sum() == count
