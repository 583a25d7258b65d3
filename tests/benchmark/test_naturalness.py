"""Naturalness: the measures are what they say, and Intents lies where real animations lie."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from retargetbench.benchmark.naturalness import liveliness, program_measures, real_measures
from retargetbench.datasets.body import Motion
from retargetbench.datasets.intents.bodies import load_body


def _arm_swinging(degrees, frames=61, fps=30.0):
    """Both the body and the arm turn; only the left upper arm turns against the chest."""
    body = load_body("average_man")
    skeleton = body.skeleton
    turns = np.zeros((frames, skeleton.joint_count, 4), dtype=np.float32)
    turns[..., 0] = 1.0
    phase = np.sin(np.linspace(0, 2 * np.pi, frames))
    for joint, axis, size in (("LeftArm", "z", 0.5 * degrees), ("Hips", "y", 40.0)):
        angles = Rotation.from_euler(axis, (size * phase)[:, None], degrees=True)
        turns[:, skeleton.index(joint)] = angles.as_quat(scalar_first=True)
    root = np.repeat(skeleton.rest_positions_m[:1], frames, axis=0).astype(np.float32)
    return body, Motion(skeleton, turns, root, fps)


def test_the_swing_of_an_arm_is_seen_in_the_axes_of_the_chest():
    body, motion = _arm_swinging(60.0)
    measured = liveliness(motion, body.height_m)
    assert measured is not None
    assert measured.arm_swing_deg == pytest.approx(60.0, abs=0.5)


def test_twice_as_fast_is_twice_the_speed_and_eight_times_the_jerk():
    body, slow = _arm_swinging(30.0, frames=121)
    fast = Motion(slow.skeleton, slow.local_rotations_wxyz[::2], slow.root_translation_m[::2], slow.fps)
    one, two = (liveliness(motion, body.height_m) for motion in (slow, fast))
    assert one is not None
    assert two is not None
    assert two.hand_speed == pytest.approx(2 * one.hand_speed, rel=0.03)
    assert two.jerk == pytest.approx(8 * one.jerk, rel=0.15)


def test_a_clip_too_short_for_its_jerk_has_no_measures():
    body, motion = _arm_swinging(30.0, frames=3)
    assert liveliness(motion, body.height_m) is None


@pytest.mark.shared
@pytest.mark.filterwarnings("ignore::retargetbench.datasets.readers.errors.ReaderWarning")
def test_kicks_are_as_lively_as_real_ones(shared_data):
    real = real_measures(shared_data, "kick")
    ours = program_measures("kick", draws=2, seed=3, solved=False)
    low, high = np.percentile(real, [5, 95], axis=0)
    assert len(real) >= 10
    assert ((ours >= low) & (ours <= high)).mean() >= 0.9
