"""The one door to all formats."""

import numpy as np
import pytest

from retargetbench.datasets.readers.bvh_writer import write_bvh
from retargetbench.datasets.readers.errors import MissingExtra, UnknownSuffix, UnreadableFile
from retargetbench.datasets.readers.glb_writer import write_glb
from retargetbench.datasets.readers.read import read_character, read_motions

from .people import person, skeleton, wild_motion

pytestmark = pytest.mark.filterwarnings("ignore::retargetbench.datasets.readers.errors.MovedToStandard")


def test_the_suffix_chooses_the_reader_in_any_case(tmp_path):
    body = person(axes=False)
    write_glb(tmp_path / "body.GLB", body, {"a": wild_motion(body.skeleton), "b": wild_motion(body.skeleton, seed=7)})
    write_bvh(tmp_path / "walk.bvh", wild_motion(body.skeleton))
    assert read_character(tmp_path / "body.GLB").vertex_count == body.vertex_count
    assert list(read_motions(tmp_path / "body.GLB")) == ["a", "b"]
    assert list(read_motions(tmp_path / "body.GLB", animations_named=["b"])) == ["b"]
    assert [(n, m.fps) for n, m in read_motions(tmp_path / "walk.bvh", fps=60).items()] == [("walk", 60.0)]


@pytest.mark.parametrize(
    ("name", "said"),
    [("body.gbl", r"'\.gbl' files are not read here\. Did you mean '\.glb'"), ("body", "files without a suffix")],
)
def test_an_unknown_suffix_is_answered_with_the_nearest(tmp_path, name, said):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(UnknownSuffix, match=said):
        read_character(tmp_path / name)


def test_a_file_that_is_absent_or_has_no_mesh_is_said(tmp_path):
    with pytest.raises(UnreadableFile, match="there is no file"):
        read_motions(tmp_path / "absent.bvh")
    write_glb(tmp_path / "bare.glb", skeleton())
    with pytest.raises(UnreadableFile, match="no mesh"):
        read_character(tmp_path / "bare.glb")


def test_fbx_without_its_extra_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "a.fbx").write_bytes(b"")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"retargetbench\[fbx\]"):
        read_motions(tmp_path / "a.fbx")


def test_one_motion_is_the_same_through_every_format(tmp_path):
    body = person(axes=True)
    motion = wild_motion(body.skeleton)
    write_glb(tmp_path / "m.glb", body.skeleton, {"m": motion})
    write_bvh(tmp_path / "m.bvh", motion)
    by_glb, by_bvh = (read_motions(tmp_path / f"m.{suffix}")["m"] for suffix in ("glb", "bvh"))
    for name in body.skeleton.joint_names:
        a, b, c = (m.local_rotations_wxyz[:, m.skeleton.index(name)] for m in (motion, by_glb, by_bvh))
        assert np.abs((a * b).sum(axis=-1)).min() > 1 - 1e-6
        assert np.abs((a * c).sum(axis=-1)).min() > 1 - 1e-6
