import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.body.feet import foot_points_m, leg_length_m, planted_from_source, slide_speed
from retargetbench.datasets.intents.bodies import load_body

from .messy import capsule_person, still


def sliding(character, frames=11, speed_mps=0.6, fps=30.0, height_m=0.0):
    """The rest pose carried along x at a constant speed."""
    pose = still(character, frames=frames)
    root = pose.root_translation_m + np.outer(np.arange(frames) / fps, [speed_mps, 0, 0]) + [0, height_m, 0]
    return Motion(character.skeleton, pose.local_rotations_wxyz, root, fps)


def test_a_rig_without_toes_gives_its_ankle_twice():
    from dataclasses import replace

    person = capsule_person()
    names = tuple(name.replace("ToeBase", "Leaf") for name in person.skeleton.joint_names)
    toeless = replace(person.skeleton, joint_names=names)
    feet = foot_points_m(toeless, person.skeleton.rest_positions_m[None])
    np.testing.assert_array_equal(feet[:, :, 0], feet[:, :, 1])
    with_toes = foot_points_m(person.skeleton, person.skeleton.rest_positions_m[None])
    assert (with_toes[:, :, 1, 2] > with_toes[:, :, 0, 2]).all()


def test_of_ankle_and_toe_the_slower_one_counts_and_height_does_not():
    feet = np.zeros((2, 2, 2, 3))
    feet[1] = [[[0.3, 5, 0], [0.1, 5, 0]], [[0, -2, 0.4], [0.3, 0, 0.4]]]
    np.testing.assert_allclose(slide_speed(feet, 10), [[1.0, 4.0]])


def walking(character, fps=30.0, seconds=2.0, floor_m=0.0):
    """Alternating steps: the body glides forward, a planted leg is turned back so that its ankle stays."""
    frames = int(seconds * fps)
    time = np.arange(frames) / fps
    rotations = still(character, frames=frames).local_rotations_wxyz.copy()
    leg = leg_length_m(character.skeleton)
    stride, truth = 0.3 * leg, np.zeros((frames, 2), dtype=bool)
    for side, name in enumerate(("Left", "Right")):
        phase = (time + 0.5 * side) % 1.0
        down = phase < 0.5
        ahead = np.where(down, 0.5 - 2 * phase, 2 * phase - 1.5) * stride  # of the ankle, seen from the hip
        lift = np.where(down, 0, np.sin(np.pi * (phase - 0.5) * 2)) * 0.5
        for joint, angle in ((f"{name}UpLeg", -np.arcsin(ahead / leg) - lift), (f"{name}Leg", 2 * lift)):
            row = character.skeleton.index(joint)
            rotations[:, row] = np.stack([np.cos(angle / 2), np.sin(angle / 2), 0 * angle, 0 * angle], axis=-1)
        truth[:, side] = down
    root = character.skeleton.rest_positions_m[0] + np.outer(time, [0, 0, 2 * stride]) + [0, floor_m, 0]
    return Motion(character.skeleton, rotations, root, fps), truth


@pytest.mark.parametrize(("floor_m", "fps"), [(0.0, 30.0), (0.35, 30.0), (-0.2, 60.0)])
def test_the_planted_feet_of_a_walk_are_found_wherever_its_floor_is(floor_m, fps):
    character = load_body("average_man")
    motion, truth = walking(character, fps=fps, floor_m=floor_m)
    found = planted_from_source(character, motion)
    assert found.shape == truth.shape
    assert (found == truth).mean() > 0.9
    assert found.any(axis=1).mean() > 0.9


def test_a_standing_body_is_planted_and_a_sliding_one_is_not():
    character = load_body("average_man")
    assert planted_from_source(character, still(character, frames=10)).all()
    assert planted_from_source(character, still(character, frames=1)).all()
    assert not planted_from_source(character, sliding(character, speed_mps=1.5)).any()
