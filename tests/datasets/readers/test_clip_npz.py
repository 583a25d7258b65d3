"""Prediction files: what is written comes back, and every bad file is one clear sentence with a rule id."""

import io
import os
import struct
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from retargetbench.datasets.body import Motion, Skeleton
from retargetbench.datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS
from retargetbench.datasets.readers.clip_npz import ExpectedClip, clip_problems, read_clip, write_clip
from retargetbench.datasets.readers.errors import BadClip

FRAMES = 5
NAMES = (*BODY_JOINTS, "Tail", "LeftHandThumb1")
SKELETON = Skeleton(NAMES, (*BODY_PARENTS, 0, 17), np.random.default_rng(0).normal(size=(24, 3)))


def motion(frames=FRAMES, seed=1):
    generator = np.random.default_rng(seed)
    rotations = generator.normal(size=(frames, 24, 4))
    rotations /= np.linalg.norm(rotations, axis=-1, keepdims=True)
    return Motion(SKELETON, rotations, generator.normal(size=(frames, 3)), 30.0)


def arrays(**changes):
    """What a good file holds; a change of ``None`` leaves a member out."""
    clip = motion()
    good = {
        "format": np.array("retargetbench-motion/1"),
        "joint_names": np.array(NAMES),
        "local_rotations_wxyz": clip.local_rotations_wxyz,
        "root_translation_m": clip.root_translation_m,
        "fps": np.float64(30.0),
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


EXPECTED = ExpectedClip.of(SKELETON, FRAMES, 30.0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "00000.npz"


def test_a_motion_comes_back_bit_for_bit(path):
    clip = motion()
    write_clip(path, clip)
    again = read_clip(path, SKELETON, frame_count=FRAMES, fps=30.0)
    assert np.array_equal(again.local_rotations_wxyz, clip.local_rotations_wxyz)
    assert np.array_equal(again.root_translation_m, clip.root_translation_m)
    assert again.fps == 30.0
    assert again.skeleton is SKELETON
    assert clip_problems(path, EXPECTED) == []


def test_equal_motions_give_equal_bytes_at_any_time(path, tmp_path, monkeypatch):
    write_clip(path, motion())
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    write_clip(tmp_path / "later.npz", motion())
    assert path.read_bytes() == (tmp_path / "later.npz").read_bytes()


def test_numpy_reads_the_file_without_pickle(path):
    write_clip(path, motion())
    with np.load(path, allow_pickle=False) as stored:
        shapes = {name: (stored[name].dtype.kind, stored[name].shape) for name in stored.files}
    assert shapes == {
        "format": ("U", ()),
        "joint_names": ("U", (24,)),
        "local_rotations_wxyz": ("f", (FRAMES, 24, 4)),
        "root_translation_m": ("f", (FRAMES, 3)),
        "fps": ("f", ()),
    }


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_files_that_numpy_wrote_are_read(path, save):
    save(path, **arrays())
    assert clip_problems(path, EXPECTED) == []
    assert np.array_equal(read_clip(path, SKELETON).root_translation_m, motion().root_translation_m)


def test_joints_come_in_any_order_and_absent_ones_rest(path):
    order = np.random.default_rng(2).permutation(22)
    clip = motion()
    changes = {"joint_names": np.array(NAMES)[order], "local_rotations_wxyz": clip.local_rotations_wxyz[:, order]}
    np.savez(path, **arrays(**changes))
    read = read_clip(path, SKELETON, frame_count=FRAMES, fps=30.0)
    assert np.array_equal(read.local_rotations_wxyz[:, :22], clip.local_rotations_wxyz[:, :22])
    assert np.array_equal(read.local_rotations_wxyz[:, 22:], np.tile([1, 0, 0, 0], (FRAMES, 2, 1)))


def test_a_target_is_only_asked_for_the_body_joints_it_has(path):
    small = Skeleton(tuple(BODY_JOINTS[:5]), BODY_PARENTS[:5], np.zeros((5, 3)))
    assert ExpectedClip.of(small).required_joints == BODY_JOINTS[:5]
    clip = Motion(small, np.tile([1.0, 0, 0, 0], (3, 5, 1)), np.zeros((3, 3)), 30.0)
    write_clip(path, clip)
    assert clip_problems(path, ExpectedClip.of(small, 3, 30.0)) == []


def raw_npz(path, members):
    """An npz of raw bytes per member."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def npy(array, **options):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array), **options)
    return buffer.getvalue()


def header_only(description, fortran, shape, data=b""):
    text = f"{{'descr': {description!r}, 'fortran_order': {fortran}, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + data


def members(**changes):
    good = {f"{name}.npy": npy(value) for name, value in arrays().items()}
    return {name: data for name, data in (good | changes).items() if data is not None}


class Bomb:
    """Unpickling this object would leave a mark."""

    def __reduce__(self):
        return os.mkdir, ("unpickled",)


def shifted(value):
    rotations = motion().local_rotations_wxyz.copy()
    rotations[3, 2] = value
    return rotations


ROOT = motion().root_translation_m
BAD_ARRAYS = {
    "no format": ({"format": None}, "R106", "it lacks format"),
    "other format": ({"format": np.array("other/9")}, "R111", "'other/9'; expected 'retargetbench-motion/1'"),
    "no joint names": ({"joint_names": None}, "R106", "it lacks joint_names"),
    "misspelt member": ({"rot_translation_m": ROOT}, "R105", "Did you mean 'root_translation_m'"),
    "unknown joint": ({"joint_names": np.array(["Hip", *NAMES[1:]])}, "R112", "no joints 'Hip'. Did you mean 'Hips'"),
    "repeated joint": ({"joint_names": np.array(["Tail", *NAMES[1:]])}, "R113", "repeats Tail"),
    "no body joint": ({"joint_names": np.array(["Tail", *NAMES[1:]])}, "R114", "lacks the body joints Hips"),
    "one frame more": ({"root_translation_m": np.zeros((6, 3), "f4")}, "R115", "[6, 3]; expected [5, 3]"),
    "no frames": ({"root_translation_m": np.zeros((0, 3), "f4")}, "R115", "[0, 3]; expected [5, 3]"),
    "one joint less": ({"local_rotations_wxyz": shifted(1)[:, :23]}, "R110", "[5, 23, 4]; expected [5, 24, 4]"),
    "euler angles": ({"local_rotations_wxyz": shifted(1)[..., :3]}, "R110", "[5, 24, 3]; expected [5, 24, 4]"),
    "flat rotations": ({"local_rotations_wxyz": shifted(1).reshape(5, -1)}, "R110", "expected 3 axes"),
    "other fps": ({"fps": np.float64(29.97)}, "R116", "fps is 29.97; expected the source's 30"),
    "negative fps": ({"fps": np.float64(-30)}, "R116", "expected a positive number"),
    "fps is nan": ({"fps": np.float64("nan")}, "R116", "expected a positive number"),
    "whole-number fps": ({"fps": np.int64(30)}, "R108", "dtype is '<i8'; expected float64"),
    "float64 rotations": ({"local_rotations_wxyz": shifted([1, 0, 0, 0]).astype("f8")}, "R108", "expected float32"),
    "big-endian": ({"root_translation_m": ROOT.astype(">f4")}, "R108", "little-endian"),
    "Fortran order": ({"root_translation_m": np.asfortranarray(ROOT)}, "R109", "Fortran order"),
    "nan": (
        {"local_rotations_wxyz": shifted(np.nan)},
        "R117",
        "4 values that are NaN or infinite, the first at index [3, 2, 0]",
    ),
    "infinity": ({"root_translation_m": np.full((5, 3), np.inf, "f4")}, "R117", "15 values"),
    "not unit": (
        {"local_rotations_wxyz": shifted(0.6)},
        "R118",
        "1 quaternions that are not unit, the first at index [3, 2] with norm 1.2",
    ),
    "zero quaternion": ({"local_rotations_wxyz": shifted(0)}, "R118", "with norm 0"),
    "millimetres": ({"root_translation_m": ROOT + 1500}, "R119", "at most 1000 m"),
    "bytes as names": ({"joint_names": np.array(NAMES, dtype="S")}, "R108", "expected text"),
    "huge names": ({"joint_names": np.array(["x" * 5000] * 24)}, "R102", "at most"),
}


@pytest.mark.parametrize("case", BAD_ARRAYS)
def test_a_wrong_array_is_named_with_its_rule(path, case):
    changes, rule, said = BAD_ARRAYS[case]
    np.savez(path, **arrays(**changes))
    problems = clip_problems(path, EXPECTED)
    assert any(p.rule == rule and said in p.message for p in problems), problems
    with pytest.raises(BadClip) as caught:
        read_clip(path, SKELETON, frame_count=FRAMES, fps=30.0)
    assert caught.value.rule == problems[0].rule
    assert str(path) in str(caught.value)


BAD_MEMBERS = {
    "10 GB header": (header_only("<f4", False, (5, 24, 20_000_000)), "R102", "its header announces shape"),
    "overflowing header": (header_only("<f4", False, (2**40, 2**40, 4)), "R102", "its header announces shape"),
    "negative shape": (header_only("<f4", False, (-1, 24, 4)), "R103", "header is damaged"),
    "shape of text": (header_only("<f4", False, "'abc'"), "R103", "header is damaged"),
    "more than there is": (header_only("<f4", False, (5, 24, 4), b"\0" * 100), "R103", "1,920 bytes of data, but 100"),
    "less than there is": (header_only("<f4", False, (5, 24, 4), b"\0" * 2000), "R103", "but 2,000 follow"),
    "objects": (header_only("|O", False, (5,), b"\x80\x04."), "R107", "nothing is ever unpickled"),
    "structures": (header_only([("a", "<f4")], False, (5,)), "R107", "structured"),
    "code as header": (header_only("<f4", False, "__import__('os').mkdir('x')"), "R103", "header is damaged"),
    "deep header": (b"\x93NUMPY\x01\x00" + struct.pack("<H", 9000) + b"(" * 9000, "R103", "header is damaged"),
    "long header": (b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**31) + b" " * 50, "R103", "header is damaged"),
    "no npy": (b"hello", "R103", "does not begin with a NumPy header"),
    "empty": (b"", "R103", "does not begin with a NumPy header"),
}


@pytest.mark.parametrize("case", BAD_MEMBERS)
def test_a_lying_member_is_named_and_nothing_is_allocated_or_run(path, case, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    data, rule, said = BAD_MEMBERS[case]
    raw_npz(path, members(**{"local_rotations_wxyz.npy": data}))
    problems = clip_problems(path, EXPECTED)
    assert any(p.rule == rule and said in p.message for p in problems), problems
    assert sorted(p.name for p in tmp_path.iterdir()) == [path.name]


def test_a_pickle_is_never_opened(path, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    np.savez(path, **arrays(joint_names=np.array([Bomb()], dtype=object)))
    assert [p.rule for p in clip_problems(path, EXPECTED)] == ["R107"]
    assert not (tmp_path / "unpickled").exists()


def test_a_zip_bomb_is_refused_by_its_announced_size(path):
    bomb = header_only("<f4", False, (5, 24, 4), b"\0" * 50_000_000)
    raw_npz(path, members(**{"local_rotations_wxyz.npy": bomb}))
    assert path.stat().st_size < 100_000
    (problem,) = clip_problems(path, EXPECTED)
    assert problem.rule == "R102"
    assert "unpacks to 50,000,128 bytes" in problem.message


def test_a_zip_bomb_that_announces_a_small_size_is_cut_off(path):
    raw_npz(path, members(**{"local_rotations_wxyz.npy": b"\0" * 5_000_000}))
    data = path.read_bytes()
    lying = data.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 2000))
    assert lying != data
    path.write_bytes(lying)
    assert "R103" in [p.rule for p in clip_problems(path, EXPECTED)]


def test_a_file_far_too_large_is_not_even_opened(path):
    with path.open("wb") as file:
        file.truncate(10 * 2**30)  # sparse: takes no space
    (problem,) = clip_problems(path, EXPECTED)
    assert problem.rule == "R102"
    assert "10,737,418,240 bytes" in problem.message


@pytest.mark.parametrize("name", ["../escaped.npy", "/tmp/escaped.npy", "C:\\escaped.npy", "a/../../b.npy"])
def test_a_member_that_leads_out_of_the_folder_is_refused(path, tmp_path, name):
    raw_npz(path, members(**{name: npy(np.zeros(3))}))
    (problem,) = clip_problems(path, EXPECTED)
    assert problem.rule == "R104"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(path):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in [*members().items(), ("fps.npy", npy(np.float64(60)))]:
            archive.writestr(name, data)
    (problem,) = clip_problems(path, EXPECTED)
    assert problem.rule == "R105"
    assert "more than one member of the same name" in problem.message


def test_a_file_cut_at_any_place_is_a_problem_and_never_a_traceback(path):
    write_clip(path, motion())
    whole = path.read_bytes()
    for length in [*range(0, len(whole), 97), len(whole) - 1]:
        path.write_bytes(whole[:length])
        assert clip_problems(path, EXPECTED), length


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_file_with_any_byte_changed_is_a_problem_or_still_good_and_never_a_traceback(path, save):
    save(path, **arrays())
    whole = bytearray(path.read_bytes())
    generator = np.random.default_rng(5)
    for place in generator.integers(0, len(whole), 300):
        damaged = bytearray(whole)
        damaged[place] ^= int(generator.integers(1, 256))
        path.write_bytes(damaged)
        for problem in clip_problems(path, EXPECTED):
            assert problem.rule.startswith("R1")
            assert problem.message.endswith(".") or problem.message.endswith("?")


def test_what_is_no_npz_file_is_said(path, tmp_path):
    path.write_bytes(b"")
    assert "is empty" in clip_problems(path, EXPECTED)[0].message
    path.write_bytes(b"import os")
    assert clip_problems(path, EXPECTED)[0].rule == "R103"
    assert clip_problems(tmp_path / "absent.npz", EXPECTED)[0].rule == "R101"
    assert clip_problems(tmp_path, EXPECTED)[0].rule == "R101"


def test_every_problem_of_a_file_is_listed_at_once(path):
    rotations = shifted(np.nan)[:4]
    names = np.array(["Hip", *NAMES[1:]])
    np.savez(path, **arrays(joint_names=names, local_rotations_wxyz=rotations, fps=np.float64(60), extra=np.zeros(2)))
    rules = [p.rule for p in clip_problems(path, EXPECTED)]
    assert rules == ["R105", "R112", "R114", "R115", "R116", "R117"]


def test_a_killed_write_leaves_the_old_file(path, monkeypatch):
    write_clip(path, motion())
    before = path.read_bytes()
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_clip(path, motion(seed=9))
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_checking_needs_no_torch():
    code = "import sys, retargetbench.datasets.readers.clip_npz; print(sorted({'torch', 'scipy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
