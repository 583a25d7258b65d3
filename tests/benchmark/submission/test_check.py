"""Every way in which a submission can be wrong: one clear sentence with a rule id, exit code 1, nothing touched."""

import io
import json
import os
import pickle
import shutil
import struct
import tarfile
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.submission.check import check_submission
from retargetbench.benchmark.submission.folder import write_submission
from retargetbench.benchmark.submission.method_card import MethodCard
from retargetbench.benchmark.submission.problems import RULES
from retargetbench.benchmark.tracks import registry

from ..toy import TOY, ToyClips, with_toy_track

CLIPS = ToyClips()
FIRST = "predictions/00000.npz"


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A submission without any mistake."""
    folder = tmp_path_factory.mktemp("good") / "mine"
    motions = {spec.clip_id: CLIPS.load(spec.clip_id).ground_truths[0] for spec in CLIPS.pairs}
    write_submission(folder, MethodCard("mine", "1.0", trained_on=("AMASS",)), motions)
    return folder


@pytest.fixture
def mine(good, tmp_path):
    """A copy of it, to be damaged."""
    return shutil.copytree(good, tmp_path / "mine")


@pytest.fixture
def check(monkeypatch, capsys):
    """``retargetbench check`` on the toy track: (exit code, stdout, stderr)."""
    monkeypatch.setattr(registry, "TRACKS", with_toy_track(registry.TRACKS))

    def run(path, *more):
        code = main(["check", str(path), "--track", TOY, *more])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def edit(folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def arrays(folder, name=FIRST):
    with np.load(folder / name) as stored:
        return dict(stored)


def rewrite(folder, name=FIRST, **changes):
    """Write a prediction again with some members changed; ``None`` leaves one out."""
    members = {key: value for key, value in {**arrays(folder, name), **changes}.items() if value is not None}
    np.savez(folder / name, **members)


def lying_header(shape, descr="<f4"):
    """A valid .npy header that announces more than there is."""
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": descr, "fortran_order": False, "shape": shape})
    return stream.getvalue() + b"\0" * 64


def replace_member(folder, member, content, compress=zipfile.ZIP_STORED):
    with zipfile.ZipFile(folder / FIRST) as old:
        contents = {info.filename: old.read(info) for info in old.infolist()}
    with zipfile.ZipFile(folder / FIRST, "w", compress) as new:
        for name, value in {**contents, member: content}.items():
            new.writestr(name, value)


def with_nan(folder):
    rotations = arrays(folder)["local_rotations_wxyz"]
    rotations[3, 2, 1] = np.nan
    rewrite(folder, local_rotations_wxyz=rotations)


def pickled(folder):
    class Evil:
        def __reduce__(self):
            return (os.mkdir, (str(folder / "owned"),))

    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.array([Evil()], dtype=object), allow_pickle=True)
    replace_member(folder, "root_translation_m.npy", stream.getvalue())


def bare_pickle(folder):
    (folder / FIRST).write_bytes(pickle.dumps({"format": "retargetbench-motion/1"}))


def truncated(folder):
    content = (folder / FIRST).read_bytes()
    (folder / FIRST).write_bytes(content[: len(content) // 2])


def huge_declared_size(folder):
    """Set the size of a member in the central directory to 10 GB."""
    content = bytearray((folder / FIRST).read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 4_000_000_000)
    (folder / FIRST).write_bytes(content)


def sparse_giant(folder):
    with (folder / FIRST).open("wb") as stream:
        stream.truncate(10_000_000_000)


def many_files(folder):
    for number in range(1_020):
        os.close(os.open(folder / f"predictions/x{number}", os.O_CREAT))


def double_line(folder):
    path = folder / "index.csv"
    path.write_text(path.read_text() + path.read_text().splitlines()[1] + "\n")


def add(folder, name, content):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content)


FOLDERS = {
    "empty folder": (lambda f: (shutil.rmtree(f), f.mkdir()), "S002", "the folder is empty"),
    "no such folder": (shutil.rmtree, "S001", "there is no such file or folder"),
    "a file": (lambda f: (shutil.rmtree(f), f.write_text("hello")), "S001", "neither a folder nor an archive"),
    "no card": (lambda f: (f / "method.toml").unlink(), "S005", "'method.toml' is missing"),
    "no index": (lambda f: (f / "index.csv").unlink(), "S005", "'index.csv' is missing"),
    "card is no TOML": (lambda f: edit(f, "method.toml", 'name = "mine"', "name: mine"), "S006", "TOML"),
    "card is not UTF-8": (lambda f: (f / "method.toml").write_bytes(b'name = "\xff"'), "S006", "UTF-8"),
    "card is a gigabyte": (lambda f: os.truncate(f / "method.toml", 1 << 30), "S020", "larger than 64 KiB"),
    "card without name": (lambda f: edit(f, "method.toml", 'name = "mine"\n', ""), "S007", "lacks the key 'name'"),
    "card without version": (lambda f: edit(f, "method.toml", 'version = "1.0"\n', ""), "S007", "'version'"),
    "card with a typo": (
        lambda f: edit(f, "method.toml", "trained_on =", "traind_on ="),
        "S008",
        "Did you mean 'trained_on'",
    ),
    "card with a number as version": (lambda f: edit(f, "method.toml", '"1.0"', "1.0"), "S009", "version is 1.0"),
    "card with a path as name": (lambda f: edit(f, "method.toml", '"mine"', '"../../etc"'), "S009", "../../etc"),
    "card with text as parameters": (lambda f: add_line(f, 'parameters = "7M"'), "S009", "an integer"),
    "card with true as parameters": (lambda f: add_line(f, "parameters = true"), "S009", "an integer"),
    "card with a short hash": (lambda f: add_line(f, 'weights_sha256 = "abc"'), "S009", "64 lower-case"),
    "card with one training set": (
        lambda f: edit(f, "method.toml", '["AMASS"]', '"AMASS"'),
        "S009",
        "expected a list of names",
    ),
    "card with an escape sequence": (lambda f: edit(f, "method.toml", "1.0", "\\u001b[2J"), "S009", "printable"),
    "index with a wrong column": (lambda f: edit(f, "index.csv", "clip_id", "clip"), "S011", "column 'clip_id'"),
    "index with another column": (lambda f: edit(f, "index.csv", "file,", "file,x,"), "S011", "unknown columns 'x'"),
    "index with semicolons": (lambda f: edit(f, "index.csv", ",", ";"), "S011", "file,clip_id"),
    "empty index": (lambda f: (f / "index.csv").write_text(""), "S011", "lacks the column 'file'"),
    "index with only a head": (lambda f: (f / "index.csv").write_text("file,clip_id\n"), "S017", "4 of 4 clips"),
    "index with a byte-order mark": (
        lambda f: (f / "index.csv").write_bytes(b"\xef\xbb\xbf" + (f / "index.csv").read_bytes()),
        "S026",
        "byte-order mark",
    ),
    "index in UTF-16": (
        lambda f: (f / "index.csv").write_text((f / "index.csv").read_text(), encoding="utf-16"),
        "S010",
        "UTF-8",
    ),
    "index with NUL": (lambda f: edit(f, "index.csv", "touch0/body0", "\0"), "S016", "'retarget/toy/\\x00>body1'"),
    "index with an endless field": (lambda f: edit(f, "index.csv", FIRST, "x" * 200_000), "S010", "field larger"),
    "index row with one cell": (lambda f: edit(f, "index.csv", f"{FIRST},", f"{FIRST}"), "S012", "line 2 has 1 cells"),
    "index row without a clip": (
        lambda f: edit(f, "index.csv", "retarget/toy/sway1/body0>body1", ""),
        "S012",
        "empty cell",
    ),
    "index with an absolute path": (lambda f: edit(f, "index.csv", FIRST, f"{f}/{FIRST}"), "S013", "relative path"),
    "index that leaves the folder": (
        lambda f: edit(f, "index.csv", FIRST, "predictions/../../x.npz"),
        "S013",
        "leaves the submission",
    ),
    "index with backslashes": (lambda f: edit(f, "index.csv", "predictions/", "predictions\\"), "S013", "forward"),
    "index with a file elsewhere": (
        lambda f: (edit(f, "index.csv", FIRST, "00000.npz"), (f / FIRST).rename(f / "00000.npz")),
        "S013",
        "directly in predictions/",
    ),
    "index with another suffix": (lambda f: edit(f, "index.csv", "00000.npz", "00000.npy"), "S013", "is not an .npz"),
    "a file listed twice": (lambda f: edit(f, "index.csv", "00001.npz", "00000.npz"), "S014", "2 times"),
    "a clip listed twice": (
        lambda f: edit(f, "index.csv", "sway1/body1>body0", "sway1/body0>body1"),
        "S015",
        "2 times",
    ),
    "a line repeated": (double_line, "S015", "2 times"),
    "an extra clip": (lambda f: edit(f, "index.csv", "sway1/body0", "swya1/body0"), "S016", "sway1/body0>body1"),
    "a clip of another track": (
        lambda f: edit(f, "index.csv", "retarget/toy/sway1/body0", "retarget/intents/wave/a"),
        "S016",
        "no clip 'retarget/intents",
    ),
    "a missing clip": (
        lambda f: (edit(f, "index.csv", f"{FIRST},retarget/toy/sway1/body0>body1\n", ""), (f / FIRST).unlink()),
        "S017",
        "1 of 4 clips are missing: retarget/toy/sway1/body0>body1",
    ),
    "a missing file": (lambda f: (f / FIRST).unlink(), "S018", "there is no such file"),
    "a file in another case": (lambda f: (f / FIRST).rename(f / "predictions/00000.NPZ"), "S018", "00000.NPZ"),
    "an unlisted file": (lambda f: shutil.copy(f / FIRST, f / "predictions/9.npz"), "S019", "no line of index.csv"),
    "a linked prediction": (
        lambda f: ((f / FIRST).unlink(), (f / FIRST).symlink_to(f / "predictions/00001.npz")),
        "S003",
        "symbolic link",
    ),
    "a linked folder": (lambda f: (f / "more").symlink_to("/"), "S003", "symbolic link"),
    "a pipe": (lambda f: os.mkfifo(f / "predictions/pipe.npz"), "S003", "not a regular file"),
    "a huge number of files": (many_files, "S004", "more than 1016 files"),
    "a prediction of 10 GB": (sparse_giant, "S020", "10,000 MB"),
    "a failure that was predicted": (
        lambda f: add(f, "failures.csv", "clip_id,rule,message\nretarget/toy/sway1/body0>body1,X,no\n"),
        "S015",
        "keep it in one of them",
    ),
    "an unknown failure": (
        lambda f: add(f, "failures.csv", "clip_id,rule,message\nretarget/toy/hop,X,no\n"),
        "S016",
        "failures.csv",
    ),
    "failures without reasons": (lambda f: add(f, "failures.csv", "clip_id\nx\n"), "S011", "lacks the column 'rule'"),
    "predictions for other data": (lambda f: add(f, "run.json", '{"data": "abc"}'), "S025", "made for data abc"),
    "one shard": (lambda f: add(f, "run.json", '{"shard": "1/2"}'), "S024", "retargetbench merge"),
    "an unfinished run": (
        lambda f: (add(f, "run.json", "{}"), (f / "index.csv").unlink()),
        "S024",
        "has not finished",
    ),
    "run.json that is no JSON": (lambda f: add(f, "run.json", "{"), "S010", "not JSON"),
    "run.json that is deep": (lambda f: add(f, "run.json", "[" * 100_000), "S010", "not JSON"),
}


def add_line(folder, line):
    path = folder / "method.toml"
    path.write_text(path.read_text() + line + "\n")


FILES = {
    "empty": (lambda f: (f / FIRST).write_bytes(b""), "R103", "is empty"),
    "truncated": (truncated, "R103", "cut short"),
    "text": (lambda f: (f / FIRST).write_text("hello"), "R103", "no zip archive"),
    "a pickle": (bare_pickle, "R103", "no zip archive"),
    "an object array": (pickled, "R107", "nothing is ever unpickled"),
    "NaN": (with_nan, "R117", "first at index [3, 2, 1]"),
    "infinite root": (lambda f: rewrite(f, root_translation_m=np.full((12, 3), np.inf, "f4")), "R117", "infinite"),
    "centimetres": (lambda f: rewrite(f, root_translation_m=np.full((12, 3), 9e4, "f4")), "R119", "centimetres"),
    "unnormalised": (
        lambda f: rewrite(f, local_rotations_wxyz=arrays(f)["local_rotations_wxyz"] * np.float32(1.1)),
        "R118",
        "norm 1.1",
    ),
    "Euler angles": (
        lambda f: rewrite(f, local_rotations_wxyz=arrays(f)["local_rotations_wxyz"][..., 1:].copy()),
        "R110",
        "shape [12, 24, 3]",
    ),
    "unknown joint": (
        lambda f: rewrite(f, joint_names=np.array([*arrays(f)["joint_names"][:-1], "RightHandIndx1"])),
        "R112",
        "'RightHandIndex1'",
    ),
    "repeated joint": (
        lambda f: rewrite(f, joint_names=np.array([*arrays(f)["joint_names"][:-1], "Hips"])),
        "R113",
        "repeats Hips",
    ),
    "missing body joint": (
        lambda f: rewrite(
            f,
            joint_names=arrays(f)["joint_names"][1:],
            local_rotations_wxyz=arrays(f)["local_rotations_wxyz"][:, 1:].copy(),
        ),
        "R114",
        "lacks the body joints Hips",
    ),
    "fewer joints than names": (
        lambda f: rewrite(f, local_rotations_wxyz=arrays(f)["local_rotations_wxyz"][:, 1:].copy()),
        "R110",
        "expected [12, 24, 4]",
    ),
    "joints before frames": (
        lambda f: rewrite(f, local_rotations_wxyz=arrays(f)["local_rotations_wxyz"].swapaxes(0, 1).copy()),
        "R115",
        "shape [24, 12, 4]",
    ),
    "one frame too many": (
        lambda f: rewrite(f, **{k: np.concatenate([v, v[-1:]]) for k, v in arrays(f).items() if v.ndim > 1}),
        "R115",
        "expected [12, ",
    ),
    "another frame rate": (lambda f: rewrite(f, fps=np.array(60.0)), "R116", "fps is 60"),
    "negative frame rate": (lambda f: rewrite(f, fps=np.array(-30.0)), "R116", "positive"),
    "double precision": (
        lambda f: rewrite(f, root_translation_m=arrays(f)["root_translation_m"].astype("f8")),
        "R108",
        ".astype(numpy.float32)",
    ),
    "Fortran order": (
        lambda f: rewrite(f, root_translation_m=np.asfortranarray(arrays(f)["root_translation_m"])),
        "R109",
        "ascontiguousarray",
    ),
    "a missing array": (lambda f: rewrite(f, fps=None), "R106", "lacks fps"),
    "an extra array": (lambda f: rewrite(f, betas=np.zeros(10)), "R105", "'betas.npy'"),
    "another format": (lambda f: rewrite(f, format=np.array("amass/2")), "R111", "'amass/2'"),
    "a member that escapes": (lambda f: replace_member(f, "../../owned.npy", b"x"), "R104", "lead out of a folder"),
    "a 10 GB header": (
        lambda f: replace_member(f, "local_rotations_wxyz.npy", lying_header((12, 50_000_000, 4))),
        "R102",
        "at most",
    ),
    "a header with 10 GB of text": (
        lambda f: replace_member(f, "joint_names.npy", lying_header((24,), "<U100000000")),
        "R102",
        "at most",
    ),
    "a header that lies about the rest": (
        lambda f: replace_member(f, "root_translation_m.npy", lying_header((12, 3))),
        "R103",
        "144 bytes of data, but 64 follow",
    ),
    "a zip bomb": (
        lambda f: replace_member(f, "root_translation_m.npy", b"\0" * 20_000_000, zipfile.ZIP_DEFLATED),
        "R102",
        "20,000,000 bytes",
    ),
    "a declared size of 4 GB": (huge_declared_size, "R102", "4,000,000,000 bytes"),
}


@pytest.mark.parametrize("name", [*FOLDERS, *(f"prediction: {name}" for name in FILES)])
def test_each_mistake_gets_one_clear_sentence_and_changes_nothing(name, mine, check):
    damage, rule, words = FILES[name.removeprefix("prediction: ")] if ": " in name else FOLDERS[name]
    damage(mine)
    earlier = mine.parent / "results" / "result.json"
    earlier.parent.mkdir()
    earlier.write_text("{}")
    before = state(mine.parent)
    code, out, err = check(mine)
    assert code == 1
    sentences = [line for line in out.splitlines() if line.startswith(f"[{rule}] ")]
    assert sentences, out
    assert any(words in line for line in sentences), out
    assert all(line.startswith("[") and len(line) < 600 for line in out.splitlines())
    assert "cannot be scored" in err
    assert "Traceback" not in out + err
    assert state(mine.parent) == before
    assert not (mine.parent / "owned.npy").exists()


def test_every_rule_has_an_example_here_or_among_the_archives():
    assert {rule for _, rule, _ in FOLDERS.values()} | {"S021", "S022", "S023"} == set(RULES)


def state(folder):
    return {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}


def test_a_submission_without_mistakes_passes(mine, check):
    code, out, err = check(mine)
    assert code == 0
    assert "fine, 4 of 4 clips" in out
    assert "Next: retargetbench score" in err


def test_declared_failures_are_no_mistake_but_are_counted(mine, check):
    edit(mine, "index.csv", f"{FIRST},retarget/toy/sway1/body0>body1\n", "")
    (mine / FIRST).unlink()
    add(mine, "failures.csv", 'clip_id,rule,message\nretarget/toy/sway1/body0>body1,mine,"did not, converge"\n')
    code, out, _ = check(mine)
    assert code == 0
    assert "1 declared as failed" in out


def test_all_mistakes_are_named_at_once_and_as_json(mine, check):
    edit(mine, "method.toml", 'name = "mine"\n', "nmae = 3\n")
    double_line(mine)
    with_nan(mine)
    (mine / "predictions/00002.npz").write_bytes(b"")
    code, out, _ = check(mine, "--json")
    answer = json.loads(out)
    assert code == 1
    assert answer["ok"] is False
    assert {p["rule"] for p in answer["problems"]} == {"S007", "S008", "S014", "S015", "R117", "R103"}
    assert {p["where"] for p in answer["problems"]} >= {"method.toml", "index.csv", FIRST}
    assert answer["clips"] == {"expected": 4, "predicted": 4, "failed": 0}


def test_joints_may_come_in_any_order_and_fingers_may_be_left_out(mine):
    order = np.random.default_rng(0).permutation(22)
    stored = arrays(mine)
    rewrite(
        mine,
        joint_names=stored["joint_names"][order],
        local_rotations_wxyz=np.ascontiguousarray(stored["local_rotations_wxyz"][:, order]),
    )
    assert not check_submission(mine, CLIPS).problems


def test_thousands_of_mistakes_are_shown_in_part_and_counted_in_full(mine, check):
    lines = "".join(f"predictions/{n}.npz,retarget/toy/no{n}\n" for n in range(2000))
    (mine / "index.csv").write_text("file,clip_id\n" + lines)
    code, out, err = check(mine)
    assert code == 1
    assert len(out.splitlines()) == 101
    assert "more problems; --json lists all" in out
    assert "problems; " in err


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
@pytest.mark.parametrize("inside", ["", "mine/"])
def test_an_archive_is_judged_like_the_folder(kind, inside, mine, tmp_path, check):
    path = tmp_path / f"mine.{kind}"
    pack(mine, path, inside)
    code, out, _ = check(path)
    assert (code, "fine, 4 of 4 clips" in out) == (0, True)
    with_nan(mine)
    pack(mine, path, inside)
    code, out, _ = check(path)
    assert code == 1
    assert out.startswith("[R117] predictions/00000.npz: ")


def pack(folder, path, inside):
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, inside + file.relative_to(folder).as_posix())
        return
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as archive:
        for file in files:
            archive.add(file, inside + file.relative_to(folder).as_posix())


def test_an_unknown_track_is_answered_with_the_nearest_name(mine, capsys):
    assert main(["check", str(mine), "--track", "retarget/intent"]) == 2
    assert "Did you mean 'retarget/intents'" in capsys.readouterr().err


def test_a_clip_set_of_another_version_is_no_match(mine):
    report = check_submission(mine, replace(CLIPS, motion_count=3))
    assert [problem.rule for problem in report.problems] == ["S017"]
