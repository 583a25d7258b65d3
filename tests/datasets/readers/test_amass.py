"""AMASS captures of the file's own layout, made here: turned to y up, at 30 frames per second, and mistakes told."""

import numpy as np
import pytest

from retargetbench.datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS, SMPL_JOINTS
from retargetbench.datasets.body.joint_poses import motion_poses
from retargetbench.datasets.readers.amass import read_amass
from retargetbench.datasets.readers.errors import BadAmass

SMPL_PARENTS = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19)


def save_capture(path, frames=40, fps=120.0, rate="mocap_framerate", **changes):
    """A capture that stands upright, z up, faces -y, walks along its way and lifts its left elbow more and more."""
    poses = np.zeros((frames, 156))
    poses[:, 0] = np.pi / 2  # SMPL's y up to the capture's z up
    poses[:, 3 * 18 + 2] = np.linspace(0, 1, frames)
    trans = np.stack([np.zeros(frames), -np.arange(frames) / fps, np.full(frames, 0.9)], axis=1)
    held = {"poses": poses, "trans": trans, rate: np.array(fps), "betas": np.zeros(16), "gender": np.array("male")}
    held |= changes
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **{name: array for name, array in held.items() if array is not None})
    return path


def test_smpls_tree_is_the_standard_one():
    for joint, parent in enumerate(SMPL_PARENTS):
        above = BODY_PARENTS[BODY_JOINTS.index(SMPL_JOINTS[joint])]
        assert (SMPL_JOINTS[parent] if parent >= 0 else None) == (BODY_JOINTS[above] if above >= 0 else None)


@pytest.mark.parametrize("rate", ["mocap_framerate", "mocap_frame_rate"])
def test_a_capture_stands_upright_faces_ahead_and_moves_as_it_did(tmp_path, rate):
    motion = read_amass(save_capture(tmp_path / "a_poses.npz", rate=rate)).motion()
    assert (motion.frame_count, motion.fps, motion.skeleton.joint_names) == (10, 30.0, BODY_JOINTS)
    _, places = motion_poses(motion)
    place = {name: places[:, BODY_JOINTS.index(name)] for name in BODY_JOINTS}
    assert (place["Head"] - place["Hips"])[0, 1] > 0.4  # upright
    assert (place["LeftHand"] - place["RightHand"])[0, 0] > 1.0  # its left is +x: it faces +z
    np.testing.assert_allclose(motion.root_translation_m[:, 2], np.arange(10) / 30, atol=1e-6)  # and walks that way
    np.testing.assert_allclose(motion.root_translation_m[:, 1], 0.9, atol=1e-6)
    lifted = (place["LeftHand"] - place["LeftForeArm"])[-1]
    angle = np.arctan2(lifted[1], lifted[0])
    rested = (place["LeftHand"] - place["LeftForeArm"])[0]
    assert angle - np.arctan2(rested[1], rested[0]) == pytest.approx(36 / 39, abs=0.02)


def test_a_span_is_cut_at_30_frames_per_second_and_ends_with_the_file(tmp_path):
    capture = read_amass(save_capture(tmp_path / "a_poses.npz", frames=100, fps=100.0))
    whole = capture.motion()
    assert capture.frame_count == whole.frame_count == 30
    part = capture.motion(12, 99)
    np.testing.assert_array_equal(part.local_rotations_wxyz, whole.local_rotations_wxyz[12:])
    np.testing.assert_allclose(whole.root_translation_m[:4, 2], [0, 0.03, 0.06, 0.1], atol=1e-6)  # the frame before


WRONG = {
    "no poses": {"poses": None},
    "no frame rate": {"mocap_framerate": None},
    "too few joints": {"poses": np.zeros((40, 60))},
    "other lengths": {"trans": np.zeros((39, 3))},
    "no frames": {"poses": np.zeros((0, 156)), "trans": np.zeros((0, 3))},
    "NaN": {"trans": np.full((40, 3), np.nan)},
    "a rate of 0": {"mocap_framerate": np.array(0.0)},
    "a pickle": {"poses": np.array([[None]], dtype=object)},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_capture_is_told_in_one_sentence(tmp_path, name):
    path = save_capture(tmp_path / "a_poses.npz", **WRONG[name])
    with pytest.raises(BadAmass, match="expected"):
        read_amass(path)


def test_neither_text_nor_nothing_is_a_capture(tmp_path):
    (tmp_path / "a.npz").write_text("no")
    for path in (tmp_path / "a.npz", tmp_path / "none.npz"):
        with pytest.raises(BadAmass, match="cannot be read"):
            read_amass(path)
