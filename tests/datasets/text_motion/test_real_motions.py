"""Joints to features and back on real captures, and the definitions beside the one pair that HumanML3D publishes."""

import tarfile
import warnings

import numpy as np
import pytest

from retargetbench.datasets.body.joint_names import standard_joints
from retargetbench.datasets.body.joint_poses import motion_poses
from retargetbench.datasets.body.resampling import resample
from retargetbench.datasets.collections.data_root import PublicFile
from retargetbench.datasets.collections.fetch import FetchFailed, fetch_files
from retargetbench.datasets.readers.bvh import read_bvh
from retargetbench.datasets.readers.errors import ReaderWarning
from retargetbench.datasets.readers.read import read_motions
from retargetbench.datasets.text_motion.features import features_to_joints, joints_to_features
from retargetbench.datasets.text_motion.from_motion import humanml3d_joints
from retargetbench.datasets.text_motion.layouts import HUMANML3D, KIT_ML
from retargetbench.datasets.text_motion.placing import heading_angles, placed

STAND_INS = {"Spine1": "Spine", "LeftToeBase": "LeftFoot", "RightToeBase": "RightFoot"}
"""What the dance and fighting files lack; bones without length are then part of the test."""
OF_KIT = (
    "Hips", "Spine", "Spine2", "Neck", "Head", "RightArm", "RightForeArm", "RightHand", "LeftArm", "LeftForeArm",
    "LeftHand", "RightUpLeg", "RightLeg", "RightFoot", "RightFoot", "RightToeBase", "LeftUpLeg", "LeftLeg", "LeftFoot",
    "LeftFoot", "LeftToeBase",
)  # fmt: skip
CAPTURES = {"60_01": 60.0, "94_04": 120.0, "135_07": 120.0}
TEN_SECONDS = 201


@pytest.fixture(scope="module")
def dances(shared_data, tmp_path_factory):
    """Three captures by name: salsa, Indian dance, karate."""
    folder, found = tmp_path_factory.mktemp("bvh"), {}
    with tarfile.open(shared_data / "motions" / "cmu_acrnn_bvh.tar.xz") as archive:
        for member in archive:
            name = member.name.rpartition("/")[2].removesuffix(".bvh")
            if name in CAPTURES:
                (folder / f"{name}.bvh").write_bytes(archive.extractfile(member).read())
                found[name] = read_bvh(folder / f"{name}.bvh", fps=CAPTURES[name], first_frame="drop")
    assert found.keys() == CAPTURES.keys()
    return found


def joints_of(motion, layout, names):
    joints = standard_joints(motion.skeleton)
    _, positions = motion_poses(resample(motion, layout.fps))
    return positions[:, [joints[name if name in joints else STAND_INS[name]] for name in names]]


def errors_mm(joints, layout, turns="shorter"):
    """Worst distance, root-relative and global, in millimetres: of the first ten seconds, and of all."""
    back = features_to_joints(joints_to_features(joints, layout, turns=turns), layout)
    there = placed(joints, layout)[:-1]
    relative = np.linalg.norm((back - back[:, :1]) - (there - there[:, :1]), axis=-1) * 1000
    whole = np.linalg.norm(back - there, axis=-1) * 1000
    return relative.max(), whole[:TEN_SECONDS].max(), whole.max()


@pytest.mark.shared
@pytest.mark.parametrize("layout", [HUMANML3D, KIT_ML], ids=lambda layout: layout.name)
def test_real_dances_come_back_within_a_hundredth_of_a_millimetre_and_a_tenth_at_the_end(dances, layout):
    names = HUMANML3D.joint_names if layout is HUMANML3D else OF_KIT
    for motion in dances.values():
        relative, ten_seconds, whole = errors_mm(joints_of(motion, layout, names), layout)
        assert motion.duration_s > 10
        assert relative < 0.01
        assert ten_seconds < 0.01
        assert whole < 0.1


@pytest.mark.shared
def test_real_captures_with_all_22_joints_come_back_the_same_way(shared_data):
    for path in sorted((shared_data / "motions" / "cmu_keijiro_fbx").glob("[0-9]*.fbx")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReaderWarning)
            motions = read_motions(path)
        for motion in motions.values():
            assert max(errors_mm(humanml3d_joints(motion), HUMANML3D)) < 0.01


@pytest.mark.shared
def test_the_published_turns_lose_a_dancer_who_turns_round_where_ours_do_not(dances):
    joints = joints_of(dances["60_01"], HUMANML3D, HUMANML3D.joint_names)
    jumps = np.abs(np.diff(heading_angles(placed(joints, HUMANML3D), HUMANML3D))) > np.pi
    assert jumps.any()
    assert errors_mm(joints, HUMANML3D, "published")[2] > 10
    assert errors_mm(joints, HUMANML3D)[2] < 0.1


REPOSITORY = "EricGuo5513/HumanML3D@9176e8fb446b71c7d2a725eb5cf6fec1ae3b3c23"
PAIR = {
    "new_joints": "739df5e2e025d21ae5ce01ea7e0a8d3038448a46e88865d95a638e6242ee8b6b",
    "new_joint_vecs": "6e6fc0204ea9e48abdf94f84e8be22b19a1f1e955c7b98e025b1d702f6fe96a0",
}


@pytest.fixture(scope="module")
def published_pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    wanted = [PublicFile(f"{kind}.npy", sha256, "MIT", f"{REPOSITORY}:HumanML3D/{kind}/012314.npy")
              for kind, sha256 in PAIR.items()]  # fmt: skip
    try:
        fetch_files(wanted, folder)
    except FetchFailed as problem:
        pytest.skip(f"the published pair cannot be had: {problem}")
    return tuple(np.load(folder / file.path) for file in wanted)


@pytest.mark.network
def test_the_pair_that_humanml3d_publishes_is_met_in_both_directions(published_pair):
    joints, features = published_pair
    np.testing.assert_allclose(features_to_joints(features, HUMANML3D), joints, atol=1e-6)
    # the published joints lack the last frame, which the smoothed heading of the last 80 frames would see
    ours = joints_to_features(joints, HUMANML3D)[:-80]
    np.testing.assert_allclose(ours, features[: len(ours)], atol=1e-5)
