"""BVH: dialects, rotation orders, units, and joint positions against a slow direct evaluation."""

import itertools
import lzma
import tarfile

import numpy as np
import pytest
import torch

from retargetbench.datasets.body import Motion, Skeleton
from retargetbench.datasets.body.kinematics import motion_pose
from retargetbench.datasets.readers.bvh import read_bvh
from retargetbench.datasets.readers.bvh_file import parse_bvh
from retargetbench.datasets.readers.bvh_writer import write_bvh
from retargetbench.datasets.readers.errors import (
    BadBvh,
    DroppedTranslation,
    MovedToStandard,
    OddRestPose,
    UnreadableFile,
)

from .bvh_oracle import bvh_positions

TOLERANCE_M = 1e-4


def positions(motion):
    found = motion_pose(motion, dtype=torch.float64).positions_m.numpy()
    return {name: found[:, i] for i, name in enumerate(motion.skeleton.joint_names)}


def worst(found, expected):
    return max(np.abs(found[name] - expected[name]).max() for name in expected)


def chain(orders=("ZXY", "XYZ", "YZX"), root_channels=None, frames=4, seed=3, extra="", unit=1.0):
    """A bent three-joint arm; angles over the whole circle."""
    generator = np.random.default_rng(seed)
    rotations = [" ".join(f"{a}rotation" for a in order) for order in orders]
    root = root_channels or f"Xposition Yposition Zposition {rotations[0]}"
    counts = [len(root.split()), len(orders[1]), len(orders[2])]
    text = f"""HIERARCHY
ROOT a
{{
  OFFSET 0 0 0
  CHANNELS {counts[0]} {root}
  JOINT b
  {{
    OFFSET {0.1 * unit} {0.5 * unit} {-0.2 * unit}
    CHANNELS {counts[1]} {rotations[1]}
    JOINT c
    {{
      OFFSET {0.4 * unit} {0.1 * unit} 0
      CHANNELS {counts[2]} {rotations[2]}
      End Site
      {{
        OFFSET 0 {0.2 * unit} 0
      }}
    }}
  }}
}}
MOTION
Frames: {frames}
Frame Time: 0.05
"""
    rows = generator.uniform(-180, 180, (frames, sum(counts)))
    for column, name in enumerate(root.split()):
        if name.lower().endswith("position"):
            rows[:, column] *= unit / 180
    return text + extra + "\n".join(" ".join(f"{v:.5f}" for v in row) for row in rows) + "\n"


def written(tmp_path, text, name="a.bvh"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("order", ["".join(p) for p in itertools.permutations("XYZ")] + ["ZXZ", "XYX", "Y", "ZX", ""])
def test_every_rotation_order_gives_the_files_joint_positions(tmp_path, order):
    path = written(tmp_path, chain(orders=("ZXY", order, order)))
    assert worst(positions(read_bvh(path)), bvh_positions(path, range(4))) < 1e-6


@pytest.mark.parametrize(
    "channels",
    [
        "Zrotation Yposition Xrotation Zposition Yrotation Xposition",
        "Yrotation Xrotation Zrotation Xposition Yposition Zposition",
        "Yposition Zrotation Xrotation Yrotation",
        "zrotation XPOSITION xrotation Yrotation",
    ],
)
def test_position_channels_may_stand_anywhere_and_be_incomplete(tmp_path, channels):
    path = written(tmp_path, chain(root_channels=channels))
    assert worst(positions(read_bvh(path)), bvh_positions(path, range(4))) < 1e-6


def test_writing_and_reading_keeps_joint_positions(tmp_path):
    motion = read_bvh(written(tmp_path, chain(frames=20)))
    write_bvh(tmp_path / "b.bvh", motion)
    again = read_bvh(tmp_path / "b.bvh")
    assert again.fps == motion.fps == 20
    assert worst(positions(again), positions(motion)) < TOLERANCE_M / 10
    assert worst(positions(again), {n: p / 100 for n, p in bvh_positions(tmp_path / "b.bvh", range(20)).items()}) < 1e-6


def test_a_written_file_survives_gimbal_lock(tmp_path):
    skeleton = Skeleton(("a", "b"), (-1, 0), np.array([[0, 1, 0], [0.3, 0.4, 0.1]]))
    degrees = np.array([89.9999, 90, 90.0001, -90])
    half = np.deg2rad(degrees) / 2
    pitch = np.stack([np.cos(half), np.sin(half), 0 * half, 0 * half], axis=-1)
    yaw = np.array([np.cos(0.4), 0, np.sin(0.4), 0])
    rotations = np.stack([pitch, np.broadcast_to(yaw, (4, 4))], axis=1)
    motion = Motion(skeleton, rotations, np.zeros((4, 3)), 30.0)
    write_bvh(tmp_path / "lock.bvh", motion)
    assert worst(positions(read_bvh(tmp_path / "lock.bvh", unit_m=0.01)), positions(motion)) < 1e-5


def test_a_written_branching_skeleton_keeps_names_whatever_its_order(tmp_path):
    skeleton = Skeleton(("r", "x", "y", "x2"), (-1, 0, 0, 1), np.eye(4, 3) + 1)
    generator = np.random.default_rng(0)
    rotations = generator.normal(size=(5, 4, 4))
    rotations /= np.linalg.norm(rotations, axis=-1, keepdims=True)
    motion = Motion(skeleton, rotations, generator.normal(size=(5, 3)), 24.0)
    write_bvh(tmp_path / "tree.bvh", motion)
    again = read_bvh(tmp_path / "tree.bvh")
    assert again.skeleton.joint_names == ("r", "x", "x2", "y")
    assert worst(positions(again), positions(motion)) < TOLERANCE_M


def test_tabs_crlf_bom_scientific_numbers_and_wrapped_rows_are_read(tmp_path):
    plain = chain()
    expected = positions(read_bvh(written(tmp_path, plain)))
    head, rows = plain.split("Frame Time: 0.05\n")
    numbers = [f"{float(w):.8e}" for w in rows.split()]
    wrapped = "\r\n".join(" \t".join(numbers[i : i + 5]) for i in range(0, len(numbers), 5))
    messy = head.replace("  ", "\t").replace("\n", "\r\n").replace("Frames: 4", "Frames:\t4")
    messy = b"\xef\xbb\xbf" + (messy + "Frame Time:\t5e-2\r\n" + wrapped + "\r\n\r\n").encode()
    motion = read_bvh(written(tmp_path, messy, "messy.bvh"))
    assert motion.fps == 20
    assert worst(positions(motion), expected) < 1e-5


@pytest.mark.parametrize(
    ("written_time", "fps"),
    [
        ("0.00833333", 120),
        ("0.0083333", 120),
        ("0.033333", 30),
        ("0.0333333", 30),
        ("0.03333", 30),
        ("0.04166667", 24),
        ("0.0166667", 60),
        ("0.01", 100),
        ("8.3333e-3", 120),
        ("0.0333667", 29.97),
    ],
)
def test_a_rounded_frame_time_gives_the_whole_frame_rate(tmp_path, written_time, fps):
    text = chain().replace("Frame Time: 0.05", f"Frame Time: {written_time}")
    assert read_bvh(written(tmp_path, text)).fps == pytest.approx(fps, abs=1e-3 if fps == 29.97 else 0)


def test_the_frame_rate_can_be_corrected(tmp_path):
    path = written(tmp_path, chain())
    assert read_bvh(path, fps=60).fps == 60
    for text in (chain().replace("Frame Time: 0.05", "Frame Time: 0"), chain().replace("Frame Time: 0.05\n", "")):
        path = written(tmp_path, text)
        with pytest.raises(BadBvh, match="no frame time above 0; give the frame rate"):
            read_bvh(path)
        assert read_bvh(path, fps=25).fps == 25


def test_a_skeleton_of_more_than_five_units_is_in_centimetres_unless_the_unit_is_given(tmp_path):
    small, large = written(tmp_path, chain()), written(tmp_path, chain(unit=100.0), "cm.bvh")
    assert worst(positions(read_bvh(large)), positions(read_bvh(small))) < 1e-5
    inches = positions(read_bvh(large, unit_m=0.0254))
    assert worst({n: p / 2.54 for n, p in inches.items()}, positions(read_bvh(large))) < 1e-5


def test_the_rest_pose_stands_on_the_ground_and_the_motion_keeps_its_height(tmp_path):
    path = written(tmp_path, chain())
    motion = read_bvh(path)
    # Below zero rotations the chain goes up from a to the end site: a is the lowest.
    assert motion.skeleton.rest_positions_m[0].tolist() == [0, 0, 0]
    assert np.allclose(motion.root_translation_m, bvh_positions(path, range(4))["a"], atol=1e-6)


def test_translations_of_other_joints_are_dropped_with_their_size(tmp_path):
    text = chain(orders=("ZXY", "", "YZX")).replace("CHANNELS 0 ", "CHANNELS 3 Xposition Yposition Zposition")
    head, rows = text.split("Frame Time: 0.05\n")
    moved = [row.split() for row in rows.splitlines()]
    lengthened = [[0.1, 0.5, -0.2], [0.1, 0.53, -0.24], [0.1, 0.5, -0.2], [0.1, 0.5, -0.2]]
    for row, offset in zip(moved, lengthened, strict=True):
        row[6:6] = [str(v) for v in offset]
    path = written(tmp_path, head + "Frame Time: 0.05\n" + "\n".join(" ".join(row) for row in moved))
    with pytest.warns(DroppedTranslation, match=r"of 1 joints .* largest 5\.00 cm \(b\)"):
        motion = read_bvh(path)
    assert worst(positions(motion), bvh_positions(path, range(4))) < 1e-6
    assert worst(positions(motion), bvh_positions(path, range(4), keep_translations=True)) > 0.04


def test_constant_translations_of_other_joints_lose_nothing_and_say_nothing(tmp_path):
    text = chain(orders=("ZXY", "", "YZX")).replace("CHANNELS 0 ", "CHANNELS 3 Xposition Yposition Zposition")
    head, rows = text.split("Frame Time: 0.05\n")
    for offset in (["0.1", "0.5", "-0.2"], ["0", "0", "0"]):  # repeated, or to be added to the offset
        moved = [[*row.split()[:6], *offset, *row.split()[6:]] for row in rows.splitlines()]
        path = written(tmp_path, head + "Frame Time: 0.05\n" + "\n".join(" ".join(row) for row in moved))
        assert worst(positions(read_bvh(path)), bvh_positions(path, range(4))) < 1e-6


def test_an_added_first_pose_can_be_dropped_or_taken_as_the_rest_pose(tmp_path):
    path = written(tmp_path, chain(frames=6))
    expected = bvh_positions(path, range(6))
    dropped = read_bvh(path, first_frame="drop")
    assert dropped.frame_count == 5
    assert worst(positions(dropped), {n: p[1:] for n, p in expected.items()}) < 1e-6
    rested = read_bvh(path, first_frame="rest")
    assert worst(positions(rested), {n: p[1:] for n, p in expected.items()}) < 1e-5
    for i, name in enumerate(rested.skeleton.joint_names[1:], start=1):
        parent = rested.skeleton.joint_names[rested.skeleton.parents[i]]
        assert np.allclose(rested.skeleton.rest_offsets_m[i], expected[name][0] - expected[parent][0], atol=1e-6)


def humanoid_bvh(up="y", bones_along_x=False):
    """A standing humanoid with all core joints; ``up`` z gives the z-up world that some systems write."""
    joints = {
        "Hips": ("", (0, 0, 0)), "Spine": ("Hips", (0, 0.2, 0)), "Head": ("Spine", (0, 0.4, 0)),
        **{side + name: (parent if parent in ("Hips", "Spine") else side + parent, (sign * x, y, z))
           for side, sign in (("Left", 1), ("Right", -1)) for name, parent, x, y, z in (
               ("UpLeg", "Hips", 0.1, 0, 0), ("Leg", "UpLeg", 0, -0.45, 0), ("Foot", "Leg", 0, -0.4, 0),
               ("Arm", "Spine", 0.2, 0.2, 0), ("ForeArm", "Arm", 0.3, 0, 0), ("Hand", "ForeArm", 0.25, 0, 0))},
    }  # fmt: skip
    lines = ["HIERARCHY"]

    def add(name):
        offset = joints[name][1]
        if up == "z":
            offset = (offset[0], -offset[2], offset[1])
        if bones_along_x:
            offset = (float(np.linalg.norm(offset)), 0, 0.01 * (1 if "Left" in name else -1))
        lines.extend(
            [f"{'ROOT' if name == 'Hips' else 'JOINT'} {name}", "{", f"OFFSET {offset[0]} {offset[1]} {offset[2]}"]
        )
        position = "Xposition Yposition Zposition " if name == "Hips" else ""
        lines.append(f"CHANNELS {6 if name == 'Hips' else 3} {position}Zrotation Xrotation Yrotation")
        for child, (parent, _) in joints.items():
            if parent == name:
                add(child)
        lines.append("}")

    add("Hips")
    generator = np.random.default_rng(1)
    rows = generator.uniform(-60, 60, (3, 6 + 3 * 14))
    rows[:, :3] = [[0, 0.9, 0.2], [0.1, 0.8, 0.3], [0.2, 0.9, 0.1]] if up == "y" else [[0, -0.2, 0.9]] * 3
    rows[0, 3:] = 0
    body = "\n".join(" ".join(f"{v:.6f}" for v in row) for row in rows)
    return "\n".join(lines) + f"\nMOTION\nFrames: 3\nFrame Time: 0.033333\n{body}\n"


def test_a_z_up_humanoid_is_turned_with_its_motion(tmp_path):
    path = written(tmp_path, humanoid_bvh(up="z"))
    with pytest.warns(MovedToStandard, match=r"x = x, y = z, z = -y of the file"):
        motion = read_bvh(path)
    expected = {n: p[:, [0, 2, 1]] * [1, 1, -1] for n, p in bvh_positions(path, range(3)).items()}
    assert worst(positions(motion), expected) < 1e-5
    rest = motion.skeleton.rest_positions_m
    assert rest[motion.skeleton.index("Head")][1] > 1.4
    assert rest[:, 1].min() == pytest.approx(0, abs=1e-6)


def test_a_humanoid_whose_zero_pose_is_no_standing_pose_is_kept_and_said(tmp_path):
    path = written(tmp_path, humanoid_bvh(bones_along_x=True))
    with pytest.warns(OddRestPose, match="read it as the rest pose"):
        motion = read_bvh(path)
    assert worst(positions(motion), bvh_positions(path, range(3))) < 1e-5


GOOD = chain()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no line 'MOTION'"),
        ("MOTION\nFrames: 1\nFrame Time: 1\n", "ends in the middle"),
        ("ply\nMOTION\nFrames: 1\n", "does not begin with HIERARCHY"),
        (GOOD.replace("Frames: 4", "Frames: 5"), "announces 5 frames of 12 channels"),
        (GOOD.replace("Frames: 4", "Frames: 1000000000000"), "announces 1000000000000 frames"),
        (GOOD.replace("Frames: 4", "Frames: none"), "Frames is 'none'"),
        (GOOD.replace("Frames: 4", "Frames: 0"), "at least 1"),
        (GOOD.replace("Frames: 4", "Frames: 1.5"), "whole number"),
        (GOOD.replace("Frames: 4\n", ""), "'Frames: <count>' is missing"),
        (GOOD.rsplit(" ", 1)[0], "47 numbers (3 rows and 11 more numbers"),
        (GOOD + "7\n", "49 numbers"),
        (GOOD.rsplit(" ", 1)[0] + " 1,5", "'1,5'; expected a number (decimal point"),
        (GOOD.rsplit(" ", 1)[0] + " nan", "row 3 of the motion block holds NaN"),
        (GOOD.replace("CHANNELS 6", "CHANNELS 5"), "is not expected here"),
        (GOOD.replace("CHANNELS 6", "CHANNELS 7"), "announces 7 channels but lists JOINT"),
        (GOOD.replace("Zrotation", "Wrotation", 1), "WROTATION"),
        (GOOD.replace("OFFSET 0 0 0", "OFFSET 0 0"), "OFFSET is 'CHANNELS'"),
        (GOOD.replace("JOINT b", "JOINT"), "has no name"),
        (GOOD.replace("JOINT b", "ROOT b"), "second ROOT"),
        (GOOD.replace("  JOINT b\n  {", "  }\n  JOINT b\n  {"), "outside of a joint"),
        (GOOD.replace("}\nMOTION", "\nMOTION"), "before its braces are closed"),
        (GOOD.replace("Frame Time: 0.05", "Frame Time: fast"), "Frame Time is 'fast'"),
    ],
)
def test_a_broken_file_is_one_clear_sentence(tmp_path, text, said):
    path = written(tmp_path, text)
    with pytest.raises(BadBvh) as caught:
        read_bvh(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_repeated_joint_name_and_a_missing_file_are_clear_sentences(tmp_path):
    with pytest.raises(Exception, match=r"repeated or empty: \['a'\]"):
        read_bvh(written(tmp_path, GOOD.replace("JOINT b", "JOINT a")))
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_bvh(tmp_path / "absent.bvh")
    with pytest.raises(BadBvh, match="one frame"):
        read_bvh(written(tmp_path, chain(frames=1)), first_frame="drop")


@pytest.fixture(scope="module")
def cmu(shared_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cmu")
    archive = shared_data / "motions/cmu_acrnn_bvh.tar.xz"
    with lzma.open(archive) as content, tarfile.open(fileobj=content) as tar:
        for member in tar:
            if member.name in ("60_12.bvh", "94_07.bvh"):
                (folder / member.name).write_bytes(tar.extractfile(member).read())
    return folder


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("name", ["60_12.bvh", "94_07.bvh"])
def test_real_captures_keep_their_joint_positions_through_reading_and_writing(cmu, tmp_path, name):
    motion = read_bvh(cmu / name, first_frame="drop")
    assert motion.fps == 120
    assert len(motion.skeleton.joint_names) == 43
    frames = np.array([0, 7, motion.frame_count // 2, motion.frame_count - 1])
    expected = {n: p / 100 for n, p in bvh_positions(cmu / name, frames + 1).items()}
    assert worst({n: p[frames] for n, p in positions(motion).items()}, expected) < TOLERANCE_M / 10
    write_bvh(tmp_path / name, motion.window(0, 200))
    again = positions(read_bvh(tmp_path / name))
    assert worst(again, {n: p[:200] for n, p in positions(motion).items()}) < TOLERANCE_M / 10


def test_a_parsed_file_gives_its_channels_as_they_are(tmp_path):
    parsed = parse_bvh(written(tmp_path, GOOD))
    assert [j.name for j in parsed.joints] == ["a", "b", "c"]
    assert [j.rotation_axes for j in parsed.joints] == ["ZXY", "XYZ", "YZX"]
    assert parsed.values.shape == (4, 12)
    assert np.allclose(parsed.end_positions, [[0.5, 0.8, -0.2]])
