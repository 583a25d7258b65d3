"""A motion keeps its time and its poses when its frame rate changes."""

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from retargetbench.datasets.body import Motion, Skeleton
from retargetbench.datasets.body.resampling import resample


def tumbling(frames=13, fps=120.0, seed=3):
    rng = np.random.default_rng(seed)
    skeleton = Skeleton(("Hips", "Spine"), (-1, 0), [[0, 1, 0], [0, 0.2, 0]])
    steps = Rotation.from_rotvec(rng.normal(0, 0.3, (frames, 3)))
    turns = [steps[0]]
    for step in steps[1:]:
        turns.append(turns[-1] * step)
    quaternions = np.array([t.as_quat(scalar_first=True) for t in turns])
    signs = rng.choice([-1.0, 1.0], (frames, 1))  # q and -q are one rotation
    rotations = np.stack([quaternions * signs, np.tile([1.0, 0, 0, 0], (frames, 1))], axis=1)
    return Motion(skeleton, rotations, rng.normal(0, 1, (frames, 3)), fps)


def test_a_quarter_of_the_rate_picks_every_fourth_frame():
    motion = tumbling()
    slow = resample(motion, 30.0)
    assert np.array_equal(slow.root_translation_m, motion.root_translation_m[::4])
    assert np.abs((slow.local_rotations_wxyz * motion.local_rotations_wxyz[::4]).sum(-1)).min() > 1 - 1e-6
    assert slow.duration_s == motion.duration_s


def test_in_between_rotations_follow_the_shortest_arc():
    motion = tumbling()
    fast = resample(motion, 100.0)
    times = np.arange(motion.frame_count) / motion.fps
    there = Rotation.from_quat(motion.local_rotations_wxyz[:, 0], scalar_first=True)
    expected = Slerp(times, there)(np.arange(fast.frame_count) / 100.0)
    found = Rotation.from_quat(fast.local_rotations_wxyz[:, 0], scalar_first=True)
    assert np.rad2deg((found * expected.inv()).magnitude()).max() < 0.01


def test_the_same_rate_changes_nothing():
    motion = tumbling()
    same = resample(motion, motion.fps)
    assert np.array_equal(same.root_translation_m, motion.root_translation_m)
