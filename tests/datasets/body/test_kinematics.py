"""Oracles: smplx.lbs, a NumPy loop over joints and vertices, and finite differences."""

import numpy as np
import pytest
import torch
from smplx.lbs import lbs

from retargetbench.datasets.body import Character, Motion, Skeleton
from retargetbench.datasets.body.kinematics import (
    SkinTensors,
    forward_kinematics,
    matrices_to_quaternions,
    motion_pose,
    motion_vertices_m,
    multiply_quaternions,
    quaternions_to_matrices,
    skin,
)
from retargetbench.datasets.intents.bodies import load_body

from .messy import capsule_person, still, wiggle


def rotation_matrix(w, x, y, z):
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def posed_by_a_loop(character, motion, frame):
    """Joint and vertex positions of one frame, as slowly and plainly as possible, in float64."""
    skeleton = character.skeleton
    rotations, positions = [], []
    for joint, parent in enumerate(skeleton.parents):
        local = rotation_matrix(*motion.local_rotations_wxyz[frame, joint].astype(np.float64))
        if parent < 0:
            rotations.append(local)
            positions.append(motion.root_translation_m[frame].astype(np.float64))
        else:
            rotations.append(rotations[parent] @ local)
            offset = skeleton.rest_offsets_m[joint].astype(np.float64)
            positions.append(positions[parent] + rotations[parent] @ offset)
    vertices = np.zeros((character.vertex_count, 3))
    for vertex, rest in enumerate(character.rest_vertices_m.astype(np.float64)):
        for joint, weight in zip(character.joint_indices[vertex], character.weights[vertex], strict=True):
            away = rest - skeleton.rest_positions_m[joint]
            vertices[vertex] += weight * (positions[joint] + rotations[joint] @ away)
    return np.array(positions), vertices


@pytest.mark.parametrize("name", ["average_man", "toddler"])
def test_joints_and_vertices_agree_with_a_loop_in_numpy(name):
    character = load_body(name)
    motion = wiggle(character, frames=3, scale=0.8)
    joints, vertices = motion_pose(motion).positions_m.numpy(), motion_vertices_m(character, motion).numpy()
    for frame in range(3):
        expected_joints, expected_vertices = posed_by_a_loop(character, motion, frame)
        assert np.abs(joints[frame] - expected_joints).max() < 1e-5 * character.height_m
        assert np.abs(vertices[frame] - expected_vertices).max() < 1e-5 * character.height_m


def test_skinning_agrees_with_smplx():
    character = load_body("average_man")
    motion = wiggle(character, frames=4, scale=0.8)
    rest = torch.tensor(character.rest_vertices_m, dtype=torch.float64)
    joints = torch.tensor(character.skeleton.rest_positions_m, dtype=torch.float64)
    # smplx regresses joints from vertices: the least-norm regressor that gives our joints for this mesh.
    regressor = joints @ torch.linalg.pinv(rest)
    pose = quaternions_to_matrices(torch.tensor(motion.local_rotations_wxyz, dtype=torch.float64))
    vertices, posed_joints = lbs(
        betas=torch.zeros(4, 1, dtype=torch.float64),
        pose=pose,
        v_template=rest,
        shapedirs=torch.zeros(len(rest), 3, 1, dtype=torch.float64),
        posedirs=torch.zeros(9 * (len(joints) - 1), 3 * len(rest), dtype=torch.float64),
        J_regressor=regressor,
        parents=torch.tensor(character.skeleton.parents),
        lbs_weights=torch.tensor(character.dense_weights, dtype=torch.float64),
        pose2rot=False,
    )
    shift = torch.tensor(motion.root_translation_m, dtype=torch.float64)[:, None] - joints[0]
    tolerance = 1e-5 * character.height_m
    assert (motion_vertices_m(character, motion) - (vertices + shift)).abs().max() < tolerance
    assert (motion_pose(motion).positions_m - (posed_joints + shift)).abs().max() < tolerance


def test_identity_rotations_give_the_rest_pose():
    character = load_body("belly")
    motion = still(character, frames=2)
    np.testing.assert_allclose(motion_pose(motion).positions_m[1], character.skeleton.rest_positions_m, atol=1e-6)
    np.testing.assert_allclose(motion_vertices_m(character, motion)[0], character.rest_vertices_m, atol=1e-6)


def small_chain(generator):
    parents = (-1, 0, 1, 0)
    offsets = torch.tensor(generator.normal(size=(4, 3)), dtype=torch.float64, requires_grad=True)
    quaternions = torch.tensor(generator.normal(size=(2, 4, 4)), dtype=torch.float64, requires_grad=True)
    root = torch.tensor(generator.normal(size=(2, 3)), dtype=torch.float64, requires_grad=True)
    return parents, offsets, quaternions, root


def unit(quaternions):
    return quaternions / quaternions.norm(dim=-1, keepdim=True)


def test_forward_kinematics_passes_gradcheck():
    parents, offsets, quaternions, root = small_chain(np.random.default_rng(0))

    def positions(offsets, quaternions, root):
        pose = forward_kinematics(parents, offsets, unit(quaternions), root)
        return pose.positions_m, pose.rotations

    assert torch.autograd.gradcheck(positions, (offsets, quaternions, root))


def test_skinning_passes_gradcheck_in_everything_it_is_given():
    generator = np.random.default_rng(1)
    parents, offsets, quaternions, root = small_chain(generator)
    rest = torch.tensor(generator.normal(size=(5, 3)), dtype=torch.float64, requires_grad=True)
    joints = torch.tensor(generator.normal(size=(4, 3)), dtype=torch.float64, requires_grad=True)
    weights = torch.tensor(generator.dirichlet(np.ones(4), 5), dtype=torch.float64, requires_grad=True)

    def vertices(offsets, quaternions, root, rest, weights, joints):
        return skin(rest, weights, joints, forward_kinematics(parents, offsets, unit(quaternions), root))

    assert torch.autograd.gradcheck(vertices, (offsets, quaternions, root, rest, weights, joints))


def test_clips_and_frames_can_be_posed_in_one_batch():
    character = load_body("average_man")
    clips = [wiggle(character, frames=3, seed=seed) for seed in range(2)]
    body = SkinTensors.of(character)
    rotations = torch.stack([torch.tensor(c.local_rotations_wxyz) for c in clips])
    root = torch.stack([torch.tensor(c.root_translation_m) for c in clips])
    together = body.vertices_m(body.pose(rotations, root))
    for clip, vertices in zip(clips, together, strict=True):
        torch.testing.assert_close(vertices, motion_vertices_m(character, clip), atol=1e-6, rtol=0)


def test_joint_order_does_not_matter():
    person = capsule_person()
    motion = wiggle(person, frames=2, scale=0.6)
    names, parents = person.skeleton.joint_names, person.skeleton.parents
    order = sorted(range(22), key=lambda j: (depth(parents, j), -j))  # another order with parents first
    place = {old: new for new, old in enumerate(order)}
    skeleton = Skeleton(
        tuple(names[j] for j in order),
        tuple(place[parents[j]] if parents[j] >= 0 else -1 for j in order),
        person.skeleton.rest_offsets_m[order],
    )
    joints = np.array([place[j] for j in person.joint_indices.ravel()])[:, None]
    twin = Character("twin", skeleton, person.rest_vertices_m, person.faces, joints, person.weights)
    same = Motion(skeleton, motion.local_rotations_wxyz[:, order], motion.root_translation_m, motion.fps)
    assert order != list(range(22))
    torch.testing.assert_close(motion_vertices_m(person, motion), motion_vertices_m(twin, same), atol=1e-6, rtol=0)


def depth(parents, joint):
    return 0 if parents[joint] < 0 else 1 + depth(parents, parents[joint])


def test_quaternions_and_matrices_are_two_forms_of_one_rotation():
    quaternions = unit(torch.tensor(np.random.default_rng(2).normal(size=(50, 4))))
    back = matrices_to_quaternions(quaternions_to_matrices(quaternions))
    torch.testing.assert_close(back, torch.where(quaternions[:, :1] < 0, -quaternions, quaternions))
    for quaternion, matrix in zip(quaternions[:5], quaternions_to_matrices(quaternions[:5]), strict=True):
        np.testing.assert_allclose(matrix, rotation_matrix(*quaternion.tolist()), atol=1e-12)


def test_the_product_of_quaternions_is_that_of_their_matrices():
    left, right = unit(torch.tensor(np.random.default_rng(3).normal(size=(2, 20, 4))))
    product = quaternions_to_matrices(multiply_quaternions(left, right))
    torch.testing.assert_close(product, quaternions_to_matrices(left) @ quaternions_to_matrices(right))
