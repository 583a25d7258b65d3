"""The way of an input to the method's process and back into objects."""

from dataclasses import fields, replace

import numpy as np
import pytest

from retargetbench.benchmark.running.handover import input_sha256, read_input, write_input
from retargetbench.datasets.body import Skeleton

from ..toy import ToyClips

CLIPS = ToyClips()
CLIP = CLIPS.pairs[0].clip_id


@pytest.fixture
def given():
    plain = CLIPS.method_input(CLIP, 5)
    axes = np.tile([0.6, 0.8, 0.0, 0.0], (plain.target.skeleton.joint_count, 1))
    skeleton = replace(plain.target.skeleton, source_rest_rotations_wxyz=axes)
    return replace(plain, target=replace(plain.target, skeleton=skeleton))


def assert_equal(ours, theirs):
    for field in fields(ours):
        a, b = getattr(ours, field.name), getattr(theirs, field.name)
        assert_equal(a, b) if isinstance(a, Skeleton) else np.testing.assert_array_equal(a, b)


def test_a_method_gets_exactly_what_the_clip_set_gives(given, tmp_path):
    write_input(tmp_path / "input.npz", given)
    again = read_input(tmp_path / "input.npz", seed=given.seed)
    for part in ("source", "motion", "target"):
        assert_equal(getattr(given, part), getattr(again, part))
    assert again.seed == 5
    assert again.motion.skeleton is again.source.skeleton
    assert input_sha256(again) == input_sha256(given)


def test_the_hash_sees_every_array_and_name(given):
    seen = {input_sha256(given)}
    target, motion = given.target, given.motion
    offsets = target.skeleton.rest_offsets_m.copy()
    offsets[5, 1] += 1e-6
    names = (*target.skeleton.joint_names[:-1], "Tail")
    for changed in [
        replace(given, target=replace(target, name="another")),
        replace(given, target=replace(target, rest_vertices_m=target.rest_vertices_m + np.float32(1e-6))),
        replace(given, target=replace(target, faces=target.faces[::-1])),
        replace(given, target=replace(target, skeleton=replace(target.skeleton, rest_offsets_m=offsets))),
        replace(given, target=replace(target, skeleton=replace(target.skeleton, joint_names=names))),
        replace(given, motion=replace(motion, fps=motion.fps + 1e-6)),
        replace(given, motion=replace(motion, root_translation_m=motion.root_translation_m + np.float32(1e-6))),
    ]:
        assert input_sha256(changed) not in seen
        seen.add(input_sha256(changed))


def test_what_was_computed_from_an_input_and_kept_is_no_change(given):
    before = input_sha256(given)
    _ = given.target.height_m, given.target.dense_weights, given.source.skeleton.rest_positions_m
    assert input_sha256(given) == before
