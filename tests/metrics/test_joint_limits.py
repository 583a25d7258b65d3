import numpy as np
import pytest

from retargetbench.datasets.body.kinematics import motion_pose
from retargetbench.metrics.joint_limits import LIMITS_DEG, joint_angles_deg, joint_limits

from .cases import bend, capsule_person, load_body, mirrored, moved, still, wiggle


def angles(character, motion):
    rotations = motion_pose(motion, character.skeleton).rotations.double().numpy()
    found = {}
    for name, values in joint_angles_deg(character.skeleton, rotations):
        found.setdefault(name, []).append(float(values[0]))
    return found


def violations(character, motion):
    return joint_limits(character.skeleton, motion_pose(motion, character.skeleton).rotations.double().numpy())


def left(character, name, **turns):
    """The left side's angle in a pose made of single turns."""
    return angles(character, bend(still(character, frames=1), **turns))[name][0]


@pytest.mark.parametrize("name", ["average_man", "toddler", "short_legs", "long_arms"])
def test_the_rest_pose_is_within_every_limit(name):
    character = load_body(name)
    assert violations(character, still(character, frames=2)) == 0


def test_every_declared_limit_is_checked():
    character = load_body("average_man")
    assert set(angles(character, still(character, frames=1))) == set(LIMITS_DEG)


@pytest.mark.parametrize("arms_down", [False, True])
def test_flexion_means_the_same_in_a_t_and_an_a_pose(arms_down):
    person = capsule_person(arms_down=arms_down)
    upper = person.skeleton.rest_positions_m[person.skeleton.index("LeftForeArm")]
    upper = upper - person.skeleton.rest_positions_m[person.skeleton.index("LeftArm")]
    axis = np.cross(upper, [0, 0, 1.0])
    axis /= np.linalg.norm(axis)
    motion = still(person, frames=1)
    rotations = motion.local_rotations_wxyz.copy()
    rotations[:, person.skeleton.index("LeftForeArm")] = [np.cos(0.5), *(np.sin(0.5) * axis)]
    from retargetbench.datasets.body import Motion

    bent = angles(person, Motion(person.skeleton, rotations, motion.root_translation_m, 30))
    assert bent["elbow_flexion"][0] == pytest.approx(np.degrees(1.0), abs=1e-3)
    assert bent["elbow_sideways"][0] == pytest.approx(0, abs=1e-3)
    assert bent["elbow_flexion"][1] == pytest.approx(0, abs=1e-3)


def test_angles_are_those_that_were_put_in():
    character = capsule_person()
    assert left(character, "elbow_flexion", LeftForeArm=("y", -90)) == pytest.approx(90, abs=1e-3)
    assert left(character, "elbow_flexion", LeftForeArm=("y", 40)) == pytest.approx(-40, abs=1e-3)
    assert left(character, "elbow_sideways", LeftForeArm=("z", 30)) == pytest.approx(-30, abs=1e-3)
    assert left(character, "knee_flexion", LeftLeg=("x", 100)) == pytest.approx(100, abs=0.5)
    assert left(character, "knee_flexion", LeftLeg=("x", -30)) == pytest.approx(-30, abs=0.5)
    assert left(character, "hip_swing", LeftUpLeg=("x", -110)) == pytest.approx(110, abs=0.5)
    assert left(character, "hip_backwards", LeftUpLeg=("x", 60)) == pytest.approx(60, abs=0.5)
    assert left(character, "hip_inwards", LeftUpLeg=("z", -40)) == pytest.approx(40, abs=0.5)
    assert left(character, "shoulder_twist", LeftArm=("x", 75)) == pytest.approx(75, abs=1e-3)
    assert left(character, "forearm_twist", LeftForeArm=("x", -50)) == pytest.approx(-50, abs=1e-3)
    assert left(character, "wrist_bend", LeftHand=("z", 66)) == pytest.approx(66, abs=1e-3)
    assert left(character, "head", Neck=("y", 40), Head=("y", 40)) == pytest.approx(80, abs=1e-3)
    assert left(character, "trunk", Spine=("x", 40), Spine1=("x", 40)) == pytest.approx(80, abs=1e-3)
    assert left(character, "ankle", LeftFoot=("x", 35)) == pytest.approx(35, abs=1e-3)


@pytest.mark.parametrize(
    "turn",
    [
        {"LeftForeArm": ("y", 60)}, {"RightForeArm": ("y", -60)}, {"LeftLeg": ("x", -60)}, {"RightLeg": ("z", 60)},
        {"LeftUpLeg": ("x", 90)}, {"Neck": ("y", 170)}, {"LeftHand": ("z", 150)}, {"RightUpLeg": ("y", 120)},
    ],
)  # fmt: skip
def test_a_broken_joint_is_one_violation_of_its_thirty(turn):
    character = load_body("average_man")
    share = violations(character, bend(still(character, frames=3), **turn))
    assert share >= 100 / 30
    assert share <= 300 / 30


def test_ordinary_postures_break_nothing():
    character = load_body("average_man")
    for turns in (
        {"LeftUpLeg": ("x", -90), "RightUpLeg": ("x", -90), "LeftLeg": ("x", 90), "RightLeg": ("x", 90)},
        {"LeftArm": ("z", -75), "RightArm": ("z", 75), "LeftForeArm": ("y", -120)},
        {"LeftArm": ("z", 80), "RightArm": ("y", 80), "Spine": ("x", 30), "Spine1": ("x", 30)},
    ):
        assert violations(character, bend(still(character, frames=1), **turns)) == 0


def test_turning_the_body_and_mirroring_it_change_nothing():
    character = capsule_person()
    motion = wiggle(character, frames=12, scale=0.9)
    here = violations(character, motion)
    assert here > 1
    assert violations(character, moved(motion, turn_deg=77, shift_m=(1, 2, 3))) == pytest.approx(here)
    assert violations(character, mirrored(motion)) == pytest.approx(here)
