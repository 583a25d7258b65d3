"""Packing motions small loses less than anyone can see."""

import numpy as np
import pytest

from retargetbench.datasets.body.joint_poses import motion_poses
from retargetbench.datasets.intents.archive import array_bytes
from retargetbench.datasets.intents.clips import load_intents
from retargetbench.datasets.intents.packed import as_unpacked, pack_clips, unpack_clip


def _turning(generator, frames):
    """Joints that turn, each about its own axis, some by more than half a turn."""
    axis = generator.normal(size=(52, 3))
    axis /= np.linalg.norm(axis, axis=-1, keepdims=True)
    half = np.linspace(0, 1, frames)[:, None] * generator.uniform(-3, 3, 52) + generator.uniform(-3, 3, 52)
    quaternions = np.concatenate([np.cos(half)[..., None], np.sin(half)[..., None] * axis], axis=-1)
    return quaternions.astype(np.float32), np.cumsum(generator.normal(size=(frames, 3)), axis=0).astype(np.float32) / 30


def _angle_deg(first, second):
    return np.degrees(2 * np.arccos(np.clip(np.abs((first * second).sum(-1, dtype=np.float64)), 0, 1)))


@pytest.mark.parametrize("frames", [1, 2, 60, 150])
def test_a_clip_comes_back_within_a_tenth_of_a_degree_in_arms_and_legs(frames):
    rotations, roots = _turning(np.random.default_rng(3), frames)
    back, back_roots = as_unpacked(rotations, roots)
    assert _angle_deg(rotations, back)[:, :22].max() < 0.25
    np.testing.assert_allclose(np.linalg.norm(back, axis=-1), 1.0, atol=1e-6)
    np.testing.assert_allclose(back_roots, roots, atol=5e-4)


def test_signs_of_quaternions_do_not_matter():
    generator = np.random.default_rng(5)
    rotations, roots = _turning(generator, 40)
    flipped = rotations * generator.choice([-1, 1], size=(40, 52, 1)).astype(np.float32)
    back, _ = as_unpacked(flipped, roots)
    assert _angle_deg(rotations, back)[:, :22].max() < 0.25


def test_each_of_several_clips_of_different_length_is_found_again():
    generator = np.random.default_rng(4)
    clips = [_turning(generator, n) for n in (3, 8, 1)]
    arrays = pack_clips(clips)
    for number, clip in enumerate(clips):
        for back, alone in zip(unpack_clip(arrays, number), as_unpacked(*clip), strict=True):
            np.testing.assert_array_equal(back, alone)


def test_a_shipped_motion_packed_again_is_the_same_to_two_millimetres_and_as_smooth():
    clips = load_intents()
    motion = clips.load(clips.pairs[0].clip_id).source_motion
    _, before = motion_poses(motion)
    rotations, roots = as_unpacked(motion.local_rotations_wxyz, motion.root_translation_m)
    _, after = motion_poses(type(motion)(motion.skeleton, rotations, roots, motion.fps))
    assert np.linalg.norm(after - before, axis=-1).max() < 0.002
    jerk = [np.linalg.norm(np.diff(x, n=3, axis=0), axis=-1).mean() for x in (before, after)]
    assert jerk[1] < 1.02 * jerk[0]


def test_a_frame_takes_less_than_a_tenth_of_what_it_takes_as_floats():
    clips = load_intents()
    motions = [clips.load(p.clip_id).source_motion for p in clips.pairs[:4]]
    arrays = pack_clips([(m.local_rotations_wxyz, m.root_translation_m) for m in motions])
    frames = sum(m.frame_count for m in motions)
    assert len(array_bytes(arrays, smaller=True)) / frames < (52 * 4 + 3) * 4 / 10
