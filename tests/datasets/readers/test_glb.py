"""Hand-made glTF files: every awkward thing, compared with the definition of the format."""

import json
import struct

import numpy as np
import pytest
import torch

from retargetbench.datasets.body.kinematics import motion_pose, motion_vertices_m
from retargetbench.datasets.readers.errors import (
    BadGltf,
    DroppedScale,
    DroppedTranslation,
    MovedToStandard,
    OddRestPose,
    UnknownAnimation,
    UnreadableFile,
)
from retargetbench.datasets.readers.glb import read_glb
from retargetbench.datasets.readers.node_tree import NoSkeleton

from .gltf_builder import Builder, matrix, turn_xyzw
from .gltf_oracle import Oracle, skinned_vertices
from .rigs import HUMANOID, boxes, humanoid, world_rest

NAMES = [name for name, *_ in HUMANOID]


def dressed(builder, nodes, bind, weight_type="float32"):
    """Give the rig two skinned meshes with skins of different joint order, the second with 5 influences."""
    first = ["root", *NAMES, "twist", "IK_hand"]
    skin = builder.skin([nodes[n] for n in first], [np.linalg.inv(bind[n]) for n in first])
    vertices, faces, owner = boxes(bind, first[:-1])
    joints = np.stack([owner, np.maximum(owner - 1, 0), 0 * owner, 0 * owner], axis=1)
    weights = np.tile([200, 55, 0, 0], (len(owner), 1))
    scale = 1 if weight_type == "uint8" else 1 / 255
    attributes = {
        "POSITION": builder.accessor(vertices, "VEC3"),
        "JOINTS_0": builder.accessor(joints, "VEC4", "uint8"),
        "WEIGHTS_0": builder.accessor(weights * scale, "VEC4", weight_type, normalized=weight_type != "float32"),
    }
    builder.node("body", mesh=builder.mesh(attributes, faces), skin=skin)
    second = NAMES[::-1]
    skin = builder.skin([nodes[n] for n in second], [np.linalg.inv(bind[n]) for n in second])
    vertices, faces, owner = boxes(bind, ["Head"], size=9.0)
    spread = np.tile([0.3, 0.25, 0.2, 0.15], (8, 1))
    attributes = {
        "POSITION": builder.accessor(vertices, "VEC3"),
        "JOINTS_0": builder.accessor(np.tile([12, 13, 14, 3], (8, 1)), "VEC4", "uint16"),
        "WEIGHTS_0": builder.accessor(spread, "VEC4"),
        "JOINTS_1": builder.accessor(np.tile([5, 0, 0, 0], (8, 1)), "VEC4", "uint16"),
        "WEIGHTS_1": builder.accessor(np.tile([0.1, 0, 0, 0], (8, 1)), "VEC4"),
    }
    builder.node("hood", mesh=builder.mesh(attributes, faces), skin=skin)


def rotation_keys(axis, *degrees):
    return [turn_xyzw(axis, d) for d in degrees]


def animated(builder, nodes):
    times = [0, 0.1, 0.3, 0.4]
    cubic = []
    for value in rotation_keys((1, 2, 0), 0, 40, 80, 20):
        cubic += [[0.1, 0.0, 0.2, 0.0], value, [0.0, 0.3, 0.0, 0.1]]
    builder.animation(
        "act",
        [
            (nodes["root"], "translation", times, [[0, 0, 0], [10, 0, 0], [40, 5, 3], [60, 0, 0]], "LINEAR"),
            (nodes["root"], "rotation", times, rotation_keys((0, 0, 1), 0, 30, 90, 120), "LINEAR"),
            (nodes["Hips"], "translation", times, [[0, 0, 100], [0, 5, 90], [0, 0, 95], [0, 0, 100]], "LINEAR"),
            (nodes["Hips"], "rotation", times, rotation_keys((1, 0, 1), 0, 20, -30, 10), "STEP"),
            (nodes["LeftArm"], "rotation", times, cubic, "CUBICSPLINE"),
            (nodes["RightLeg"], "rotation", times, rotation_keys((1, 0, 0), 0, 170, 350, 10), "LINEAR"),
        ],
    )


@pytest.mark.parametrize("weight_type", ["float32", "uint8"])
def test_joints_and_vertices_of_an_awkward_file_are_where_the_format_says(tmp_path, weight_type):
    builder, nodes, bind = humanoid()
    dressed(builder, nodes, bind, weight_type)
    animated(builder, nodes)
    path = builder.write_glb(tmp_path / "rig.glb")
    scene = read_glb(path, fps=10)
    motion = scene.motions["act"]
    assert (motion.fps, motion.frame_count) == (10, 5)
    assert sorted(scene.skeleton.joint_names) == sorted([*NAMES, "twist"])
    oracle = Oracle(path)
    times = np.arange(5) / 10
    expected = oracle.joint_positions("act", times, scene.skeleton.joint_names, "Hips")
    found = motion_pose(motion, dtype=torch.float64).positions_m.numpy()
    assert np.abs(found - expected).max() < 1e-6
    # Boxes of joints that are kept move exactly; the one of "root" has been given to the hips.
    vertices = motion_vertices_m(scene.character, motion, dtype=torch.float64).numpy()
    root_boxes = 8 * (2 + 0)  # the boxes of root, and of Hips, which shares weight with root
    for frame, time in enumerate(times):
        expected_vertices = skinned_vertices(oracle, "act", time, "Hips")
        assert np.abs(vertices[frame] - expected_vertices)[root_boxes:].max() < 1e-6


def test_a_vertex_of_a_dropped_joint_follows_the_nearest_kept_one(tmp_path):
    builder, nodes, bind = humanoid()
    dressed(builder, nodes, bind)
    animated(builder, nodes)
    scene = read_glb(builder.write_glb(tmp_path / "rig.glb"), fps=10)
    character, motion = scene.character, scene.motions["act"]
    assert set(character.joint_indices[:8].ravel()) == {scene.skeleton.index("Hips")}
    vertices = motion_vertices_m(character, motion, dtype=torch.float64).numpy()
    hips = motion_pose(motion, dtype=torch.float64).positions_m[:, 0].numpy()
    away = np.linalg.norm(vertices[:, :8] - hips[:, None], axis=-1)
    assert np.ptp(away, axis=0).max() < 1e-6


def test_the_rest_pose_is_the_bind_pose_not_the_pose_the_nodes_were_saved_in(tmp_path):
    builder, nodes, bind = humanoid()
    dressed(builder, nodes, bind)
    for name, degrees in (("LeftArm", 60), ("Spine", 25), ("RightUpLeg", -40), ("LeftLeg", 70)):
        builder.json["nodes"][nodes[name]]["rotation"] = turn_xyzw((0.3, 1, 0.2), degrees)
    animated(builder, nodes)
    path = builder.write_glb(tmp_path / "rig.glb")
    scene = read_glb(path, fps=10)
    rest = world_rest()
    for name in NAMES:
        found = scene.skeleton.rest_positions_m[scene.skeleton.index(name)]
        assert np.abs(found - rest[name][:3, 3]).max() < 1e-5, name
    expected = Oracle(path).joint_positions("act", np.arange(5) / 10, scene.skeleton.joint_names, "Hips")
    found = motion_pose(scene.motions["act"], dtype=torch.float64).positions_m.numpy()
    assert np.abs(found - expected).max() < 1e-6


def test_identity_rotations_are_the_rest_pose_and_writers_get_the_files_axes(tmp_path):
    builder, nodes, bind = humanoid()
    dressed(builder, nodes, bind)
    builder.animation("still", [(nodes["Hips"], "translation", [0, 1], [[0, 0, 100], [0, 0, 100]], "LINEAR")])
    scene = read_glb(builder.write_glb(tmp_path / "rig.glb"))
    rotations = scene.motions["still"].local_rotations_wxyz
    assert np.abs(rotations - [1, 0, 0, 0]).max() < 1e-6
    assert np.abs(scene.motions["still"].root_translation_m - scene.skeleton.rest_offsets_m[0]).max() < 1e-6
    rest = world_rest()
    for name in NAMES:
        w, x, y, z = scene.skeleton.source_rest_rotations_wxyz[scene.skeleton.index(name)]
        # The armature's own scale and turn are the file's; joints are turned as they were built.
        assert np.abs(matrix((0, 0, 0), (x, y, z, w))[:3, :3] - rest[name][:3, :3]).max() < 1e-5, name


def test_a_character_facing_backwards_and_floating_is_turned_and_set_down(tmp_path):
    builder, nodes, bind = humanoid(turn_world=turn_xyzw((0, 1, 0), 180), lift_m=0.5)
    dressed(builder, nodes, bind)
    animated(builder, nodes)
    path = builder.write_glb(tmp_path / "rig.glb")
    with pytest.warns(MovedToStandard) as caught:
        scene = read_glb(path, fps=10)
    said = " ".join(str(w.message) for w in caught)
    assert "turned to y up, facing +z" in said
    lowest = 0.5  # the boxes around the feet reach the ground
    assert f"lowest vertex at rest was at y = {lowest:.3f} m" in said
    assert abs(scene.character.rest_vertices_m[:, 1].min()) < 1e-5
    left, right = (scene.skeleton.rest_positions_m[scene.skeleton.index(f"{s}Arm")] for s in ("Left", "Right"))
    assert left[0] > 0 > right[0]
    file_positions = Oracle(path).joint_positions("act", np.arange(5) / 10, scene.skeleton.joint_names, "Hips")
    found = motion_pose(scene.motions["act"], dtype=torch.float64).positions_m.numpy()
    assert np.abs(found - (file_positions * [-1, 1, -1] - [0, lowest, 0])).max() < 1e-5


def test_a_humanoid_resting_with_its_legs_up_is_kept_and_said(tmp_path):
    builder, nodes, _ = humanoid(controls=False)
    for bone in ("LeftLeg", "LeftFoot", "RightLeg", "RightFoot"):
        builder.json["nodes"][nodes[bone]]["translation"] = [
            -x for x in builder.json["nodes"][nodes[bone]]["translation"]
        ]
    builder.skin([nodes[n] for n in NAMES])
    with pytest.warns(OddRestPose, match="not standing upright"):
        scene = read_glb(builder.write_glb(tmp_path / "rig.glb"))
    assert scene.character is None


def test_dropped_translation_and_scale_are_said_with_their_largest_amount(tmp_path):
    builder, nodes, bind = humanoid()
    dressed(builder, nodes, bind)
    start = builder.json["nodes"][nodes["LeftArm"]]["translation"]
    moved = [start[0], start[1] + 3.0, start[2] + 4.0]
    builder.animation(
        "stretch",
        [
            (nodes["LeftArm"], "translation", [0, 0.1, 0.2], [start, moved, start], "LINEAR"),
            (nodes["Head"], "scale", [0, 0.1, 0.2], [[1, 1, 1], [1, 2.5, 1], [1, 1, 1]], "LINEAR"),
        ],
    )
    path = builder.write_glb(tmp_path / "rig.glb")
    with pytest.warns() as caught:
        scene = read_glb(path)
    said = {w.category: str(w.message) for w in caught}
    assert "the largest 5.00 cm (LeftArm in 'stretch')" in said[DroppedTranslation]
    assert "the largest by a factor of 2.5 (Head in 'stretch')" in said[DroppedScale]
    assert np.abs(scene.motions["stretch"].local_rotations_wxyz - [1, 0, 0, 0]).max() < 1e-6


def test_frame_rate_comes_from_the_keys_else_from_the_other_animations_else_is_30(tmp_path):
    builder, nodes, bind = humanoid()
    dressed(builder, nodes, bind)
    keys = np.arange(12) / 24
    turns = rotation_keys((0, 1, 0), *range(12))
    builder.animation(
        "grid", [(nodes["Hips"], "rotation", keys[[0, 1, 5, 11]], np.array(turns)[[0, 1, 5, 11]], "LINEAR")]
    )
    builder.animation("two keys", [(nodes["Hips"], "rotation", [0, 2], turns[:2], "STEP")])
    scene = read_glb(builder.write_glb(tmp_path / "rig.glb"))
    assert (scene.motions["grid"].fps, scene.motions["grid"].frame_count) == (24, 12)
    assert (scene.motions["two keys"].fps, scene.motions["two keys"].frame_count) == (24, 49)
    builder.json["animations"].pop(0)
    odd = [(nodes["Hips"], "rotation", [0, 0.1, 0.317, 0.5], turns[:4], "LINEAR")]
    builder.animation("off any grid", odd)
    scene = read_glb(builder.write_glb(tmp_path / "rig.glb"))
    assert {m.fps for m in scene.motions.values()} == {30}
    assert scene.motions["off any grid"].frame_count == 16


def test_external_and_embedded_buffers_hold_the_same(tmp_path):
    builder, nodes, bind = humanoid()
    dressed(builder, nodes, bind)
    inside = read_glb(builder.write_glb(tmp_path / "a.glb")).character
    beside = read_glb(builder.write_gltf(tmp_path / "b.gltf")).character
    embedded = read_glb(builder.write_gltf(tmp_path / "c.gltf", embedded=True)).character
    for other in (beside, embedded):
        assert np.array_equal(other.rest_vertices_m, inside.rest_vertices_m)
        assert np.array_equal(other.weights, inside.weights)


def test_strips_fans_and_unindexed_triangles_are_triangles(tmp_path):
    builder = Builder()
    bone = builder.node("bone")
    skin = builder.skin([bone], [np.eye(4)])
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0.0]])
    for mode, picked in ((5, corners), (6, corners[[0, 1, 3, 2]]), (None, corners[[0, 1, 2, 1, 3, 2]])):
        attributes = {"POSITION": builder.accessor(picked, "VEC3")}
        attributes["JOINTS_0"] = builder.accessor(np.zeros((len(picked), 4)), "VEC4", "uint8")
        attributes["WEIGHTS_0"] = builder.accessor(np.tile([1, 0, 0, 0], (len(picked), 1)), "VEC4")
        builder.node("plane", mesh=builder.mesh(attributes, mode=mode), skin=skin)
    character = read_glb(builder.write_glb(tmp_path / "planes.glb")).character
    corners = character.rest_vertices_m[character.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert len(character.faces) == 6
    assert np.allclose(normals, [0, 0, 1])


def test_a_file_without_skin_is_read_from_its_animated_nodes(tmp_path):
    builder, nodes, _ = humanoid(controls=False)
    animated(builder, nodes)
    path = builder.write_glb(tmp_path / "bare.glb")
    scene = read_glb(path, fps=10)
    assert scene.character is None
    assert scene.skeleton.joint_names[0] == "Hips"
    assert len(scene.skeleton.joint_names) == len(NAMES)
    expected = Oracle(path).joint_positions("act", np.arange(5) / 10, scene.skeleton.joint_names, "Hips")
    assert np.abs(motion_pose(scene.motions["act"]).positions_m.numpy() - expected).max() < 1e-5


def test_an_animal_begins_at_the_lowest_joint_above_all_weighted_ones(tmp_path):
    builder = Builder()
    world = builder.node("root", translation=[0, 0.1, 0])
    body = builder.node("body", world, translation=[0, 1, 0])
    legs = [builder.node(f"leg{i}", body, translation=[i - 1.5, -0.5, 0]) for i in range(4)]
    control = builder.node("pole", world, translation=[0, 0, 2])
    bind = {world: matrix((0, 0.1, 0)), body: matrix((0, 1.1, 0)), control: matrix((0, 0.1, 2))}
    bind |= {leg: matrix((i - 1.5, 0.6, 0)) for i, leg in enumerate(legs)}
    joints = [world, body, control, *legs]
    skin = builder.skin(joints, [np.linalg.inv(bind[j]) for j in joints])
    vertices = np.array([[0, 1.2, 0], [-1.5, 0, 0], [1.5, 0, 0.0]])
    attributes = {"POSITION": builder.accessor(vertices, "VEC3")}
    attributes["JOINTS_0"] = builder.accessor([[1, 0, 0, 0], [3, 0, 0, 0], [6, 0, 0, 0]], "VEC4", "uint8")
    attributes["WEIGHTS_0"] = builder.accessor(np.tile([1, 0, 0, 0], (3, 1)), "VEC4")
    builder.node("mesh", mesh=builder.mesh(attributes, [0, 1, 2]), skin=skin)
    tracks = [(world, "translation", [0, 1], [[0, 0, 0], [0, 0, 3]], "LINEAR")]
    builder.animation("walk", [*tracks, (body, "translation", [0, 1], [[0, 1, 0], [0, 2, 0]], "LINEAR")])
    scene = read_glb(builder.write_glb(tmp_path / "crab.glb"), fps=1)
    assert scene.skeleton.joint_names == ("body", "leg0", "leg3")
    assert np.allclose(scene.motions["walk"].root_translation_m, [[0, 1, 0], [0, 2, 3]])


def test_only_the_wanted_animations_are_sampled_and_a_typo_is_answered(tmp_path):
    builder, nodes, bind = humanoid()
    dressed(builder, nodes, bind)
    animated(builder, nodes)
    path = builder.write_glb(tmp_path / "rig.glb")
    assert read_glb(path, animations_named=()).motions == {}
    with pytest.raises(UnknownAnimation, match=r"no animation 'atc'\. Did you mean 'act'"):
        read_glb(path, animations_named=["atc"])


def broken(kind):
    builder, nodes, bind = humanoid()
    dressed(builder, nodes, bind)
    animated(builder, nodes)
    j = builder.json
    if kind == "sparse":
        j["accessors"][j["meshes"][0]["primitives"][0]["attributes"]["POSITION"]]["sparse"] = {"count": 1}
    elif kind == "compressed":
        j["extensionsRequired"] = ["KHR_draco_mesh_compression"]
    elif kind == "outside":
        j["accessors"][0]["count"] = 10**9
    elif kind == "cycle":
        j["nodes"][nodes["Head"]]["children"] = [nodes["Hips"]]
    elif kind == "weights":
        j["skins"][0]["joints"] = j["skins"][0]["joints"][:3]
    elif kind == "keys":
        sampler = j["animations"][0]["samplers"][0]
        sampler["output"] = j["animations"][0]["samplers"][1]["input"]
    elif kind == "singular":
        skin = builder.skin([nodes["Hips"]], [np.zeros((4, 4))])
        j["skins"] = [j["skins"][skin]]
    elif kind == "nothing":
        del j["skins"], j["animations"]
        for node in j["nodes"]:
            node.pop("skin", None)
    return builder


@pytest.mark.parametrize(
    ("kind", "error", "said"),
    [
        ("sparse", BadGltf, "is sparse"),
        ("compressed", BadGltf, "KHR_draco_mesh_compression"),
        ("outside", BadGltf, "more than its buffer holds"),
        ("cycle", BadGltf, "more than one parent"),
        ("weights", BadGltf, "do not fit"),
        ("keys", BadGltf, "key times"),
        ("singular", BadGltf, "cannot be inverted"),
        ("nothing", NoSkeleton, "no skin and no animation"),
    ],
)
def test_a_broken_file_is_one_clear_sentence(tmp_path, kind, error, said):
    path = broken(kind).write_glb(tmp_path / "broken.glb")
    with pytest.raises(error, match=said):
        read_glb(path)


def test_cut_foreign_and_missing_files_are_one_clear_sentence(tmp_path):
    builder, nodes, bind = humanoid()
    dressed(builder, nodes, bind)
    whole = builder.write_glb(tmp_path / "whole.glb").read_bytes()
    for cut in (4, 15, 400, len(whole) - 10):
        (tmp_path / "cut.glb").write_bytes(whole[:cut])
        with pytest.raises(BadGltf):
            read_glb(tmp_path / "cut.glb")
    (tmp_path / "old.glb").write_bytes(struct.pack("<4sII", b"glTF", 1, 20) + b"\0" * 20)
    with pytest.raises(BadGltf, match="version 2"):
        read_glb(tmp_path / "old.glb")
    (tmp_path / "text.gltf").write_text("no json")
    with pytest.raises(BadGltf, match="no readable glTF JSON"):
        read_glb(tmp_path / "text.gltf")
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_glb(tmp_path / "absent.glb")


def test_a_buffer_outside_of_the_files_folder_is_not_read(tmp_path):
    (tmp_path / "secret.bin").write_bytes(b"\0" * 100_000)
    folder = tmp_path / "inner"
    folder.mkdir()
    builder, nodes, bind = humanoid()
    dressed(builder, nodes, bind)
    path = builder.write_gltf(folder / "a.gltf")
    for uri in ("../secret.bin", str(tmp_path / "secret.bin"), "https://example.org/a.bin"):
        document = json.loads(path.read_text())
        document["buffers"][0]["uri"] = uri
        path.write_text(json.dumps(document))
        with pytest.raises(BadGltf, match="outside of the file's folder"):
            read_glb(path)
