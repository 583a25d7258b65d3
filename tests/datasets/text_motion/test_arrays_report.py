import numpy as np

from retargetbench.datasets.text_motion.arrays_report import report_arrays
from retargetbench.datasets.text_motion.folder import read_folder
from retargetbench.datasets.text_motion.layouts import HUMANML3D


def test_a_whole_folder_has_all_arrays_and_joints_that_are_those_of_the_features(humanml3d):
    report = report_arrays(read_folder(humanml3d, HUMANML3D, captioned=()), every=5)
    assert (report.motions, report.without_features, report.without_joints, report.read) == (24, (), (), 5)
    assert report.problems == ()
    assert report.farthest < 1e-6


def test_what_is_missing_and_what_is_wrong_is_named_and_moved_joints_are_measured(own_folder):
    (own_folder / "new_joint_vecs" / "000003.npy").unlink()
    (own_folder / "new_joints" / "M000003.npy").unlink()
    np.save(own_folder / "new_joint_vecs" / "000004.npy", np.zeros((5, 10)))
    moved = np.load(own_folder / "new_joints" / "000005.npy")
    moved[7, 3, 1] += 0.25
    np.save(own_folder / "new_joints" / "000005.npy", moved)
    np.save(own_folder / "new_joints" / "000006.npy", moved[:-1])
    report = report_arrays(read_folder(own_folder, HUMANML3D, captioned=()), every=1)
    assert (report.without_features, report.without_joints, report.read) == (("000003",), ("M000003",), 23)
    assert [problem.split()[0] for problem in report.problems] == ["new_joint_vecs/000004.npy", "new_joints/000006.npy"]
    np.testing.assert_allclose(report.farthest, 0.25, atol=1e-6)
