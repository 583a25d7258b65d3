"""The rotation functions in NumPy, against scipy."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation, Slerp

from retargetbench.datasets.rotations import (
    from_axis_angles,
    from_matrices,
    from_rotation_vectors,
    multiply,
    nearest_rotations,
    rotation_vector_to_matrix,
    slerp,
    to_matrices,
    to_zxy_degrees,
    unit_to_matrices,
)

RANDOM = Rotation.random(200, random_state=1)
WXYZ = RANDOM.as_quat(scalar_first=True)


def same(quaternions, rotation, tolerance=1e-9):
    found = Rotation.from_quat(quaternions, scalar_first=True)
    return (found * rotation.inv()).magnitude().max() < tolerance


def test_products_and_matrices_agree_with_scipy():
    other = Rotation.random(200, random_state=2)
    assert same(multiply(WXYZ, other.as_quat(scalar_first=True)), RANDOM * other)
    assert np.allclose(to_matrices(WXYZ), RANDOM.as_matrix())
    assert np.allclose(to_matrices(3.7 * WXYZ), RANDOM.as_matrix())
    assert np.allclose(unit_to_matrices(WXYZ), RANDOM.as_matrix())
    assert same(from_matrices(RANDOM.as_matrix()), RANDOM)


def test_rotation_vectors_of_any_length_become_quaternions():
    vectors = np.concatenate([np.zeros((1, 3)), 1e-12 * np.eye(3), np.random.default_rng(3).normal(0, 2, (100, 3))])
    expected = Rotation.from_rotvec(vectors)
    assert same(from_rotation_vectors(vectors), expected)
    assert np.allclose(np.linalg.norm(from_rotation_vectors(vectors), axis=-1), 1, atol=1e-15)
    vectors = np.concatenate([vectors, 0.9e-6 * np.eye(3)])
    matrices = np.array([rotation_vector_to_matrix(vector) for vector in vectors])
    assert np.allclose(matrices, Rotation.from_rotvec(vectors).as_matrix(), rtol=0, atol=1e-12)


def test_matrices_of_half_turns_about_any_axis_become_quaternions():
    axes = np.concatenate([np.eye(3), -np.eye(3), np.random.default_rng(0).normal(size=(50, 3))])
    turns = Rotation.from_rotvec(np.pi * axes / np.linalg.norm(axes, axis=1, keepdims=True))
    assert same(from_matrices(turns.as_matrix()), turns, 1e-7)


@pytest.mark.parametrize("axes", ["XYZ", "ZXY", "ZYX", "YZX", "ZXZ", "X"])
def test_axis_angles_are_intrinsic_in_the_written_order(axes):
    degrees = np.random.default_rng(1).uniform(-180, 180, (50, len(axes)))
    assert same(from_axis_angles(axes, degrees), Rotation.from_euler(axes, degrees, degrees=True))


def test_angles_z_x_y_come_back_even_close_to_gimbal_lock():
    close = np.array([[30, x, 50] for x in (90, -90, 89.999999, 90 - 1e-4, 89.9, -89.99999)], dtype=float)
    for degrees in (close, np.random.default_rng(2).uniform(-180, 180, (200, 3))):
        rotation = Rotation.from_euler("ZXY", degrees, degrees=True)
        angles = to_zxy_degrees(rotation.as_quat(scalar_first=True))
        assert same(from_axis_angles("ZXY", angles), rotation, 1e-7)


def test_slerp_takes_the_short_way_at_constant_speed():
    for a, b in zip(WXYZ[:20], WXYZ[20:40], strict=True):
        turns = Rotation.from_quat([a, b], scalar_first=True)
        share = np.linspace(0, 1, 7)
        expected = Slerp([0, 1], turns)(share)
        assert same(slerp(np.tile(a, (7, 1)), np.tile(-b, (7, 1)), share), expected, 1e-7)
    assert same(slerp(WXYZ, WXYZ, np.full(200, 0.3)), RANDOM)


def test_the_nearest_rotation_survives_scale_and_shear():
    matrices = RANDOM.as_matrix()
    assert np.allclose(nearest_rotations(0.01 * matrices), matrices)
    scaled = matrices @ np.diag([1.0, 2.0, 0.5])
    assert np.allclose(nearest_rotations(scaled), matrices)
    sheared = matrices + 0.05 * np.random.default_rng(3).normal(size=matrices.shape)
    found = nearest_rotations(sheared)
    assert np.allclose(found @ np.swapaxes(found, 1, 2), np.eye(3))
    base = ((found - sheared) ** 2).sum(axis=(1, 2))
    for seed in range(5):
        nudge = Rotation.random(200, random_state=seed).as_rotvec() * 1e-3
        other = Rotation.from_rotvec(nudge).as_matrix() @ found
        assert (((other - sheared) ** 2).sum(axis=(1, 2)) > base).all()
    mirrored = nearest_rotations(matrices @ np.diag([-1.0, 1.0, 1.0]))
    assert np.allclose(np.linalg.det(mirrored), 1)
