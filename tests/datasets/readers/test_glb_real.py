"""Real characters and animations, against a slow direct evaluation of the same files."""

import warnings

import numpy as np
import pytest
import torch

from retargetbench.datasets.body.joint_names import standard_joints
from retargetbench.datasets.body.kinematics import motion_pose
from retargetbench.datasets.readers.errors import DroppedTranslation, ReaderWarning
from retargetbench.datasets.readers.glb import read_glb
from retargetbench.datasets.readers.glb_writer import write_glb

from .gltf_oracle import Oracle

TOLERANCE_M = 1e-4

ANIMATED = [
    ("kaykit_adventurers/Knight.glb", "Running_A", 30, 18),
    ("kaykit_adventurers/Mage.glb", "Unarmed_Melee_Attack_Punch_B", 30, 18),
    ("kaykit_medium/Med_MovementBasic.glb", "Rig_Medium|Jump_Full_Long", 30, 18),
    ("mesh2motion/human_addon_animations.glb", "Backflip", 24, 52),
    ("mesh2motion/human_base_animations.glb", "Crouch_Fwd_Loop", 24, 52),
    ("mesh2motion_creatures/fox.glb", "Bite", 30, 0),
    ("mesh2motion_creatures/spider.glb", "Walk", 24, 0),
]


def read_quietly(path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReaderWarning)
        return read_glb(path, **options)


@pytest.mark.shared
@pytest.mark.parametrize(("file", "animation", "fps", "standard"), ANIMATED)
def test_joints_of_a_real_animation_are_where_the_file_puts_them(shared_data, file, animation, fps, standard):
    path = shared_data / "characters" / file
    motion = read_quietly(path, animations_named=[animation]).motions[animation]
    assert motion.fps == fps
    assert standard == 0 or len(standard_joints(motion.skeleton)) == standard
    oracle = Oracle(path)
    start = min(times[0] for times, _, _ in oracle.tracks(animation).values())
    frames = np.unique(np.linspace(0, motion.frame_count - 1, 4).astype(int))
    names = motion.skeleton.joint_names
    expected = oracle.joint_positions(animation, start + frames / fps, names, names[0])
    found = motion_pose(motion, dtype=torch.float64).positions_m.numpy()[frames]
    assert np.abs(found - expected).max() < TOLERANCE_M


@pytest.mark.shared
@pytest.mark.parametrize(("file", "animation"), [(f, a) for f, a, _, _ in ANIMATED[:1] + ANIMATED[3:4]])
def test_a_real_character_survives_writing_and_reading(shared_data, tmp_path, file, animation):
    scene = read_quietly(shared_data / "characters" / file, animations_named=[animation])
    write_glb(tmp_path / "again.glb", scene.character, scene.motions)
    again = read_glb(tmp_path / "again.glb")
    assert again.skeleton.joint_names == scene.skeleton.joint_names
    assert np.abs(again.character.rest_vertices_m - scene.character.rest_vertices_m).max() < TOLERANCE_M
    before, after = (motion_pose(s.motions[animation], dtype=torch.float64).positions_m for s in (scene, again))
    assert (before - after).abs().max() < TOLERANCE_M
    assert again.motions[animation].fps == scene.motions[animation].fps


@pytest.mark.shared
def test_what_a_real_file_loses_is_said_once_in_centimetres(shared_data):
    with pytest.warns(DroppedTranslation, match=r"largest 10\.00 cm \(upperleg\.l in 'Running_A'\)") as caught:
        read_glb(shared_data / "characters/kaykit_adventurers/Knight.glb", animations_named=["Running_A"])
    assert len(caught) == 1


@pytest.mark.shared
def test_hats_and_capes_are_worn_and_weapons_are_not(shared_data):
    knight = read_glb(shared_data / "characters/kaykit_adventurers/Knight.glb", animations_named=()).character
    skinned, helmet, cape = 486 + 486 + 1141 + 727 + 438 + 438, 504, 56
    assert knight.vertex_count == skinned + helmet + cape


@pytest.mark.shared
@pytest.mark.slow
def test_every_humanoid_loads_upright_on_the_ground_facing_z(shared_data):
    files = [f for f in sorted((shared_data / "characters").rglob("*.gl*")) if "creatures" not in str(f)]
    assert len(files) == 37
    for file in files:
        scene = read_quietly(file, animations_named=())
        joints = standard_joints(scene.skeleton)
        at = {name: scene.skeleton.rest_positions_m[index] for name, index in joints.items()}
        assert len(joints) >= 18, file
        assert at["Head"][1] > at["Hips"][1] > at["LeftLeg"][1] > at["LeftFoot"][1] > 0, file
        assert at["LeftArm"][0] > 0 > at["RightArm"][0], file
        assert at["LeftToeBase"][2] > at["LeftFoot"][2], file
        if scene.character is not None:
            assert abs(scene.character.rest_vertices_m[:, 1].min()) < 0.01, file
            assert 1.0 < scene.character.height_m < 5.0, file
            corners = scene.character.rest_vertices_m[scene.character.faces].astype(np.float64)
            volume = np.linalg.det(corners).sum() / 6  # positive: triangles are seen counter-clockwise from outside
            assert volume > 0.01, file


@pytest.mark.shared
@pytest.mark.slow
def test_every_animation_of_every_real_file_is_read(shared_data):
    counts = {}
    for file in sorted((shared_data / "characters").rglob("*.glb")):
        if "makehuman" not in str(file):
            counts[file.stem] = len(read_quietly(file).motions)
    assert sum(counts[n] for n in ("Barbarian", "Knight", "Mage", "Rogue", "Rogue_Hooded")) == 5 * 76
    assert sum(n for name, n in counts.items() if name.startswith("Med_")) == 110
    assert counts["human_base_animations"] + counts["human_addon_animations"] == 81
    assert sum(counts[n] for n in ("bird", "dragon", "fox", "horse", "kaiju", "shark", "snake", "spider")) == 73
