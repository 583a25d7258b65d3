"""FBX through ufbx in a process of its own: against ufbx's own evaluation, and against a file written by hand."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from retargetbench.datasets.body.joint_names import standard_joints
from retargetbench.datasets.body.kinematics import motion_pose, motion_vertices_m
from retargetbench.datasets.readers import fbx
from retargetbench.datasets.readers.errors import (
    BadFbx,
    DroppedTranslation,
    MissingExtra,
    MovedToStandard,
    UnknownAnimation,
    UnreadableFile,
)
from retargetbench.datasets.readers.fbx import read_fbx

from .bvh_oracle import axis_matrix
from .fbx_builder import FbxBuilder
from .rigs import HUMANOID, boxes

TOLERANCE_M = 1e-4
pytest.importorskip("ufbx", reason="ufbx is missing; this runs after `pip install -e .[fbx]`")


def positions(motion):
    return motion_pose(motion, dtype=torch.float64).positions_m.numpy()


def ufbx_positions(path, stack, frames, names):
    program = [sys.executable, str(Path(__file__).with_name("fbx_oracle.py")), str(path), stack, *map(str, frames)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    return np.array([[frame[name] for name in names] for frame in json.loads(done.stdout)])


def euler(degrees):
    """FBX's XYZ order: about x first, so R = Rz Ry Rx."""
    x, y, z = degrees
    return axis_matrix("Z", z) @ axis_matrix("Y", y) @ axis_matrix("X", x)


PRE = {"LeftArm": (0, 30, 90), "Spine": (10, 0, 0), "RightLeg": (0, -90, 0)}
TURNS = {"Hips": (10, 40, -20), "LeftArm": (60, -30, 45), "RightLeg": (80, 0, 10), "Head": (-20, 30, 5)}


def shift(vector):
    full = np.eye(4)
    full[:3, 3] = vector
    return full


def rest_and_local():
    """World matrices at rest (zero rotations, only pre-rotations), and local translations; centimetres."""
    world, local = {}, {}
    for name, parent, position, _ in HUMANOID:
        above = world[parent] if parent else np.eye(4)
        local[name] = (np.linalg.inv(above) @ [*(100 * np.array(position)), 1])[:3]
        world[name] = above @ shift(local[name]) @ euler(PRE.get(name, (0, 0, 0)))
    return world, local


def posed(share, hips_cm):
    """World matrices with ``share`` of the turns done."""
    world = {}
    _, local = rest_and_local()
    for name, parent, _, _ in HUMANOID:
        turn = euler(share * np.array(TURNS.get(name, (0, 0, 0))))
        at = hips_cm if name == "Hips" else local[name]
        world[name] = (world[parent] if parent else np.eye(4)) @ shift(at) @ euler(PRE.get(name, (0, 0, 0))) @ turn
    return world


def build(mesh=True, saved=1.0, unit_cm=1.0):
    """A humanoid saved in the pose ``saved`` x TURNS, with one animation of 1 s that does the turns."""
    builder = FbxBuilder(unit_cm=unit_cm)
    rest, local = rest_and_local()
    for name, parent, _, _ in HUMANOID:
        turn = tuple(saved * np.array(TURNS.get(name, (0, 0, 0))))
        properties = {"prerotation": PRE[name]} if name in PRE else {}
        builder.node(name, parent, translation=local[name], rotation=turn, **properties)
    if mesh:
        names = [name for name, *_ in HUMANOID]
        vertices, faces, owner = boxes(rest, names)
        quads = [tuple(f) for f in faces]
        clusters = [
            (n, np.flatnonzero(owner == i).tolist(), [1.0] * 8, np.linalg.inv(rest[n]), rest[n])
            for i, n in enumerate(names)
        ]
        builder.mesh("skin", vertices, quads, clusters)
    tracks = [(name, "R", [0, 1], [(0, 0, 0), turn]) for name, turn in TURNS.items()]
    hips = local["Hips"]
    builder.animation("bend", 1.0, [*tracks, ("Hips", "T", [0, 1], [hips, np.add(hips, [50, -20, 30])])])
    return builder, hips


@pytest.mark.parametrize("mesh", [True, False])
def test_a_file_written_by_hand_is_posed_as_written(tmp_path, mesh):
    builder, hips = build(mesh)
    scene = read_fbx(builder.write(tmp_path / "a.fbx"))
    motion = scene.motions["bend"]
    assert (motion.fps, motion.frame_count) == (30, 31)
    assert sorted(scene.skeleton.joint_names) == sorted(n for n, *_ in HUMANOID)
    rest = rest_and_local()[0]
    for name in scene.skeleton.joint_names:
        found = scene.skeleton.rest_positions_m[scene.skeleton.index(name)]
        lift = [0, 0, 0] if mesh else [0, 0.06, 0]  # a bare skeleton stands on its lowest joint
        assert np.abs(found + lift - rest[name][:3, 3] / 100).max() < 1e-5, name
    for frame in (0, 12, 30):
        world = posed(frame / 30, hips + np.array([50, -20, 30]) * frame / 30)
        expected = np.array([world[n][:3, 3] for n in scene.skeleton.joint_names]) / 100
        assert np.abs(positions(motion)[frame] - expected).max() < 1e-5


def test_the_mesh_rests_and_moves_as_written(tmp_path):
    builder, hips = build()
    scene = read_fbx(builder.write(tmp_path / "a.fbx"))
    rest = rest_and_local()[0]
    names = [n for n, *_ in HUMANOID]
    vertices, faces, owner = boxes(rest, names)
    assert np.abs(scene.character.rest_vertices_m - vertices / 100).max() < 1e-5
    assert {tuple(f) for f in scene.character.faces} == {tuple(f) for f in faces}
    moved = motion_vertices_m(scene.character, scene.motions["bend"], dtype=torch.float64).numpy()[30]
    world = posed(1.0, np.add(hips, [50, -20, 30]))
    for vertex in range(0, len(vertices), 5):
        name = names[owner[vertex]]
        expected = (world[name] @ np.linalg.inv(rest[name]) @ [*vertices[vertex], 1])[:3] / 100
        assert np.abs(moved[vertex] - expected).max() < 1e-5


def test_joints_are_where_ufbx_itself_puts_them(tmp_path):
    builder, _ = build()
    path = builder.write(tmp_path / "a.fbx")
    scene = read_fbx(path)
    frames = np.array([0, 5, 30])
    expected = ufbx_positions(path, "bend", frames, scene.skeleton.joint_names)
    assert np.abs(positions(scene.motions["bend"])[frames] - expected).max() < 1e-5


def test_units_are_converted_and_an_impossible_unit_is_mended_with_a_warning(tmp_path):
    inches = read_fbx(build(unit_cm=2.54)[0].write(tmp_path / "inch.fbx"))
    normal = read_fbx(build()[0].write(tmp_path / "cm.fbx"))
    ratio = inches.character.height_m / normal.character.height_m
    assert ratio == pytest.approx(2.54, rel=1e-5)
    with pytest.warns(MovedToStandard, match=r"measures 154 m; read as 1\.54 m instead"):
        metres = read_fbx(build(unit_cm=100.0)[0].write(tmp_path / "m.fbx"))
    assert np.abs(positions(metres.motions["bend"]) - positions(normal.motions["bend"])).max() < 1e-5


def test_dropped_translations_are_said_in_centimetres(tmp_path):
    builder, _ = build()
    start = rest_and_local()[1]["LeftArm"]
    builder.animation("stretch", 1.0, [("LeftArm", "T", [0, 1], [start, np.add(start, [0, 3, 4])])])
    with pytest.warns(DroppedTranslation, match=r"largest 5\.00 cm \(LeftArm in 'stretch'\)"):
        read_fbx(builder.write(tmp_path / "a.fbx"), animations_named=["stretch"])


def test_only_the_wanted_animations_are_read_and_a_typo_is_answered(tmp_path):
    path = build()[0].write(tmp_path / "a.fbx")
    assert read_fbx(path, animations_named=()).motions == {}
    with pytest.raises(UnknownAnimation, match=r"no animation 'bent'\. Did you mean 'bend'"):
        read_fbx(path, animations_named=["bent"])


def test_a_broken_file_a_missing_file_and_a_missing_extra_are_one_clear_sentence(tmp_path, monkeypatch):
    (tmp_path / "broken.fbx").write_bytes(b"Kaydara FBX Binary  \x00\x1a\x00 and nothing more")
    with pytest.raises(BadFbx, match="cannot be read as FBX"):
        read_fbx(tmp_path / "broken.fbx")
    with pytest.raises(UnreadableFile, match="there is no file"):
        read_fbx(tmp_path / "absent.fbx")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pip install 'retargetbench\[fbx\]'"):
        read_fbx(tmp_path / "broken.fbx")


def test_a_crash_of_the_library_is_an_error_message(tmp_path, monkeypatch):
    path = build()[0].write(tmp_path / "a.fbx")
    crash = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    run = subprocess.run
    monkeypatch.setattr(fbx.subprocess, "run", lambda command, **options: run([sys.executable, "-c", crash], **options))
    with pytest.raises(BadFbx, match=r"crashed on .* \(exit status -11\)"):
        read_fbx(path)


REAL = [
    ("cmu_keijiro_fbx/85_14.fbx", 22, 22),
    ("cmu_keijiro_fbx/135_02.fbx", 22, 22),
    ("cmu_mesh2motion_fbx/91_50.fbx", 43, 19),
]


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::retargetbench.datasets.readers.errors.MovedToStandard")
@pytest.mark.parametrize(("file", "joints", "standard"), REAL)
def test_real_captures_have_their_joints_where_ufbx_puts_them(shared_data, file, joints, standard):
    path = shared_data / "motions" / file
    scene = read_fbx(path)
    assert scene.skeleton.joint_count == joints
    assert len(standard_joints(scene.skeleton)) == standard
    rest = scene.skeleton.rest_positions_m
    assert 1.3 < np.ptp(rest[:, 1]) < 1.8
    assert rest[:, 1].min() == pytest.approx(0, abs=1e-5)
    (name,) = scene.motions
    motion = scene.motions[name]
    frames = np.unique(np.linspace(0, motion.frame_count - 1, 6).astype(int))
    assert motion.fps == 30
    expected = ufbx_positions(path, name, frames, scene.skeleton.joint_names)
    unit = 0.01 if "mesh2motion" in file else 1.0
    assert np.abs(positions(motion)[frames] - unit * expected).max() < TOLERANCE_M
