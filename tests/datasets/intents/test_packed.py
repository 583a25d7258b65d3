"""Packing motions small loses less than anyone can see."""

import numpy as np

from retargetbench.datasets.intents.packed import pack_clips, pack_rotations, unpack_clip, unpack_rotations


def _quaternions(generator, *shape):
    values = generator.normal(size=(*shape, 4))
    return (values / np.linalg.norm(values, axis=-1, keepdims=True)).astype(np.float32)


def test_a_packed_rotation_comes_back_within_a_hundredth_of_a_degree():
    given = _quaternions(np.random.default_rng(3), 500)
    back = unpack_rotations(*pack_rotations(given)).astype(np.float64)
    # |q - q'| is half the angle between two rotations when both have the same sign.
    gap = np.minimum(np.linalg.norm(given - back, axis=-1), np.linalg.norm(given + back, axis=-1))
    assert np.degrees(2 * gap).max() < 0.01


def test_rotations_by_half_a_turn_and_by_nothing_survive():
    given = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 0], [0, 0, 0, 1], [0.5, 0.5, -0.5, 0.5]], np.float32)
    back = unpack_rotations(*pack_rotations(given))
    np.testing.assert_allclose(np.abs((back * given).sum(-1)), 1.0, atol=1e-6)


def test_each_of_several_clips_of_different_length_is_found_again():
    generator = np.random.default_rng(4)
    clips = [(_quaternions(generator, n, 6), generator.normal(size=(n, 3)).astype(np.float32)) for n in (3, 8, 1)]
    arrays = pack_clips(clips)
    for number, (rotations, roots) in enumerate(clips):
        back, back_roots = unpack_clip(arrays, number)
        np.testing.assert_allclose(np.abs((back * rotations).sum(-1)), 1.0, atol=1e-6)
        np.testing.assert_array_equal(back_roots, roots)
