"""A noisy source: what methods see trembles by as much as is said, what scorers know does not, and it is repeatable."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from retargetbench.benchmark.tracks import open_track
from retargetbench.datasets.body.joint_names import BODY_JOINTS, standard_joints
from retargetbench.datasets.clip_set import CaptionedClips
from retargetbench.datasets.intents.clips import load_intents
from retargetbench.datasets.noisy_source import JITTER_DEG, ROOT_NOISE_M, noisy, with_noisy_source


@pytest.fixture(scope="module")
def clips():
    return load_intents("mini"), with_noisy_source(load_intents("mini"))


def angles_deg(one, other):
    """Of each joint between two motions on one skeleton, [frames, joints]."""
    cosine = np.abs((one.local_rotations_wxyz.astype(float) * other.local_rotations_wxyz).sum(axis=-1))
    return np.degrees(2 * np.arccos(np.clip(cosine, 0, 1)))


def test_the_source_of_a_method_trembles_by_as_much_as_is_said_and_its_fingers_do_not(clips):
    turned, moved = [], []
    for spec in clips[0].pairs[:6]:
        clean, given = (one.method_input(spec.clip_id, seed=3) for one in clips)
        assert given.seed == clean.seed
        body = [standard_joints(clean.source.skeleton)[name] for name in BODY_JOINTS]
        angles = angles_deg(clean.motion, given.motion)
        assert np.delete(angles, body, axis=1).max(initial=0) < 0.1
        turned.append((angles[:, body] ** 2).mean())
        moved.append(given.motion.root_translation_m - clean.motion.root_translation_m)
        np.testing.assert_array_equal(given.source.rest_vertices_m, clean.source.rest_vertices_m)
    assert np.sqrt(np.mean(turned)) == pytest.approx(JITTER_DEG, rel=0.03)
    np.testing.assert_allclose(np.concatenate(moved).std(axis=0), ROOT_NOISE_M, rtol=0.15)


def test_scorers_know_the_clean_clip_and_the_data_version_is_another(clips):
    clean, shaken = clips
    assert shaken.pairs == clean.pairs
    assert shaken.data_sha256 != clean.data_sha256
    clip_id = clean.pairs[0].clip_id
    one, other = clean.load(clip_id), shaken.load(clip_id)
    np.testing.assert_array_equal(one.source_motion.local_rotations_wxyz, other.source_motion.local_rotations_wxyz)
    assert shaken.target(clip_id).name == clean.target(clip_id).name
    assert (shaken.captions_sha256, shaken.caption(clip_id)) == (clean.captions_sha256, clean.caption(clip_id))


def test_the_noise_is_the_same_every_time_in_any_process_and_another_for_each_clip(clips):
    shaken = clips[1]
    first, second = (spec.clip_id for spec in shaken.pairs[:2])
    again = pickle.loads(pickle.dumps(shaken))
    made = [one.method_input(clip, seed=seed).motion for one, clip, seed in
            ((shaken, first, 0), (again, first, 1), (shaken, second, 0))]  # fmt: skip
    np.testing.assert_array_equal(made[0].local_rotations_wxyz, made[1].local_rotations_wxyz)
    clean = [clips[0].method_input(clip, seed=0).motion for clip in (first, second)]
    steps = [made[0].root_translation_m - clean[0].root_translation_m,
             made[2].root_translation_m - clean[1].root_translation_m]  # fmt: skip
    assert not np.allclose(steps[0][:50], steps[1][:50])


def test_joints_between_the_bodys_are_left_alone(clips):
    motion = clips[0].load(clips[0].pairs[0].clip_id).source_motion
    names = tuple("Twist" if name == "LeftForeArm" else name for name in motion.skeleton.joint_names)
    renamed = replace(motion, skeleton=replace(motion.skeleton, joint_names=names))
    angles = angles_deg(renamed, noisy(renamed, np.random.default_rng(0)))
    assert angles[:, names.index("Twist")].max() < 0.1 < angles[:, names.index("LeftArm")].max()


def test_clips_without_captions_stay_without(clips):
    class Bare:
        data_sha256, pairs = "0" * 64, clips[0].pairs

    assert isinstance(clips[1], CaptionedClips)
    assert not isinstance(with_noisy_source(Bare()), CaptionedClips)


def test_tracks_offer_it_as_a_variant():
    shaken = open_track("retarget/intents", "full-noisy")
    assert shaken.data_sha256 == with_noisy_source(load_intents("full")).data_sha256
