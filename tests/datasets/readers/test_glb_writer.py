"""Written GLB files: read back by another library, and by our own reader."""

import json

import numpy as np
import pygltflib
import pytest
import torch

from retargetbench.datasets.body import Motion
from retargetbench.datasets.body.kinematics import motion_pose, motion_vertices_m
from retargetbench.datasets.readers.glb import read_glb
from retargetbench.datasets.readers.glb_writer import OtherSkeleton, write_glb

from .gltf_oracle import Oracle, skinned_vertices
from .people import person, skeleton, wild_motion

DTYPES = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
WIDTHS = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}


def accessor(file, index):
    """An accessor as pygltflib describes it."""
    entry = file.accessors[index]
    view = file.bufferViews[entry.bufferView]
    start = (view.byteOffset or 0) + (entry.byteOffset or 0)
    count = entry.count * WIDTHS[entry.type]
    return np.frombuffer(file.binary_blob(), DTYPES[entry.componentType], count, start).reshape(entry.count, -1)


def positions(motion):
    return motion_pose(motion, dtype=torch.float64).positions_m.numpy()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    body = person()
    motions = {"wild": wild_motion(body.skeleton), "one frame": wild_motion(body.skeleton, frames=1, fps=29.97)}
    path = tmp_path_factory.mktemp("glb") / "person.glb"
    write_glb(path, body, motions)
    return path, body, motions


def test_another_library_finds_the_same_mesh(written):
    path, body, _ = written
    file = pygltflib.GLTF2().load(str(path))
    attributes = file.meshes[0].primitives[0].attributes
    assert np.array_equal(accessor(file, attributes.POSITION), body.rest_vertices_m)
    assert np.array_equal(accessor(file, file.meshes[0].primitives[0].indices).reshape(-1, 3), body.faces)
    assert np.allclose(np.linalg.norm(accessor(file, attributes.NORMAL), axis=1), 1, atol=1e-5)
    joints, weights = accessor(file, attributes.JOINTS_0), accessor(file, attributes.WEIGHTS_0)
    assert np.allclose(weights.sum(axis=1), 1, atol=1e-6)
    for vertex in (0, 50, 179):
        influence = np.zeros(15)
        np.add.at(influence, body.joint_indices[vertex], body.weights[vertex])
        slots = np.argsort(-body.weights[vertex], kind="stable")[:4]
        assert joints[vertex].tolist() == body.joint_indices[vertex][slots].tolist()
        assert np.allclose(weights[vertex], body.weights[vertex][slots] / body.weights[vertex][slots].sum(), atol=1e-6)


def test_another_library_finds_the_same_skeleton_and_keys(written):
    path, body, motions = written
    file = pygltflib.GLTF2().load(str(path))
    assert tuple(file.nodes[j].name for j in file.skins[0].joints) == body.skeleton.joint_names
    for joint, children in enumerate(body.skeleton.children):
        assert tuple(file.nodes[joint].children or ()) == children
    assert [a.name for a in file.animations] == list(motions)
    channels = {(c.target.node, c.target.path): c.sampler for c in file.animations[0].channels}
    assert len(channels) == 15 + 1
    sampler = file.animations[0].samplers[channels[0, "translation"]]
    assert np.array_equal(accessor(file, sampler.output), motions["wild"].root_translation_m)
    assert np.allclose(accessor(file, sampler.input)[:, 0], np.arange(7) / 24, atol=1e-7)
    entry = file.accessors[sampler.input]
    assert entry.min == [0.0]
    assert entry.max[0] == pytest.approx(6 / 24)


@pytest.mark.parametrize("axes", [True, False])
def test_joints_and_vertices_are_where_the_format_puts_them(tmp_path, axes):
    body = person(axes, influences=4)
    motion = wild_motion(body.skeleton)
    write_glb(tmp_path / "p.glb", body, {"wild": motion})
    oracle = Oracle(tmp_path / "p.glb")
    frames = np.array([0, 3, 6])
    expected = oracle.joint_positions("wild", frames / 24, body.skeleton.joint_names, "Hips")
    assert np.abs(positions(motion)[frames] - expected).max() < 1e-5
    vertices = motion_vertices_m(body, motion, dtype=torch.float64).numpy()
    for frame in frames:
        assert np.abs(vertices[frame] - skinned_vertices(oracle, "wild", frame / 24, "Hips")).max() < 1e-5


@pytest.mark.filterwarnings("ignore::retargetbench.datasets.readers.errors.MovedToStandard")
def test_our_reader_gets_back_what_was_written(written):
    path, body, motions = written
    scene = read_glb(path)
    assert scene.skeleton.joint_names == body.skeleton.joint_names
    lift = scene.skeleton.rest_offsets_m[0] - body.skeleton.rest_offsets_m[0]
    assert np.abs(scene.character.rest_vertices_m - body.rest_vertices_m - lift).max() < 1e-5
    for name, motion in motions.items():
        assert scene.motions[name].fps == motion.fps
        assert np.abs(positions(scene.motions[name]) - positions(motion) - lift).max() < 1e-5
    ours, theirs = scene.skeleton.source_rest_rotations_wxyz, body.skeleton.source_rest_rotations_wxyz
    assert np.abs(np.abs((ours * theirs).sum(axis=1)) - 1).max() < 1e-5


def test_neighbouring_keys_lie_on_the_same_half_sphere_so_that_interpolation_takes_the_short_way(tmp_path):
    bones = skeleton()
    turns = np.linspace(0, 4 * np.pi, 40)
    rotations = np.tile([1.0, 0, 0, 0], (40, 15, 1))
    rotations[:, 3] = np.stack([np.cos(turns / 2), 0 * turns, np.sin(turns / 2), 0 * turns], axis=1)
    rotations[::2] *= -1
    write_glb(tmp_path / "turns.glb", bones, {"turns": Motion(bones, rotations, np.zeros((40, 3)), 30.0)})
    for (_, path), (_, values, _) in Oracle(tmp_path / "turns.glb").tracks("turns").items():
        if path == "rotation":
            keys = np.array(values)
            assert (keys[1:] * keys[:-1]).sum(axis=1).min() > 0.9


def test_equal_input_gives_equal_bytes_and_a_bare_skeleton_has_no_mesh(tmp_path):
    body = person()
    for name in ("a", "b"):
        write_glb(tmp_path / f"{name}.glb", body, {"m": wild_motion(body.skeleton)})
    assert (tmp_path / "a.glb").read_bytes() == (tmp_path / "b.glb").read_bytes()
    write_glb(tmp_path / "bare.glb", body.skeleton)
    content = (tmp_path / "bare.glb").read_bytes()
    document = json.loads(content[20 : 20 + int.from_bytes(content[12:16], "little")])
    assert "meshes" not in document
    assert read_glb(tmp_path / "bare.glb").skeleton.joint_names == body.skeleton.joint_names


def test_a_motion_of_another_skeleton_is_refused(tmp_path):
    body = person()
    other = wild_motion(skeleton().__class__(("a",), (-1,), np.zeros((1, 3))))
    with pytest.raises(OtherSkeleton, match=r"'walk' has 1 joints that are not the 15"):
        write_glb(tmp_path / "p.glb", body, {"walk": other})
    assert not (tmp_path / "p.glb").exists()
