"""A folder of embeddings: what is wrong is said at once, by rule, before anything large is allocated."""

import csv
import io
import shutil
import zipfile

import numpy as np
import pytest

from retargetbench.benchmark.retrieval.check import check_embeddings
from retargetbench.benchmark.retrieval.errors import EMBEDDING_RULES, WrongEmbeddings
from retargetbench.benchmark.retrieval.folder import write_embeddings
from retargetbench.benchmark.running.embedding import MAX_WIDTH
from retargetbench.benchmark.submission.method_card import MethodCard

from .toy_search import embeddings, load

CARD = MethodCard("mine", "1.0", parameters=0)


@pytest.fixture
def folder(tmp_path):
    write_embeddings(tmp_path / "mine", CARD, load(), embeddings())
    return tmp_path / "mine"


def rules(folder):
    return [problem.rule for problem in check_embeddings(folder, load()).problems]


def rewrite(folder, change):
    """Change the lines of the index."""
    path = folder / "index.csv"
    lines = list(csv.reader(io.StringIO(path.read_text())))
    path.write_text("".join(",".join(line) + "\n" for line in change(lines)))


def save(folder, **changes):
    arrays = {**embeddings(), **changes}
    np.savez(folder / "embeddings.npz", **{name: array for name, array in arrays.items() if array is not None})


def test_what_was_written_is_read_and_is_fine(folder):
    report = check_embeddings(folder, load())
    assert not report.problems
    assert (report.card, report.counts, report.failed) == (CARD, {"text": 80, "motion": 40}, 0)
    np.testing.assert_array_equal(report.submission.arrays["text"], embeddings()["text"])


def test_equal_embeddings_give_equal_bytes(folder, tmp_path):
    write_embeddings(tmp_path / "again", CARD, load(), dict(reversed(embeddings().items())))
    for file in folder.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes()


def test_an_archive_is_as_good_as_a_folder(folder, tmp_path):
    packed = shutil.make_archive(str(tmp_path / "packed"), "gztar", folder.parent, folder.name)
    report = check_embeddings(tmp_path / "packed.tar.gz", load())
    assert packed.endswith("packed.tar.gz")
    assert report.submission.predictions_sha256() == check_embeddings(folder, load()).submission.predictions_sha256()


def test_neither_the_order_of_lines_nor_that_of_rows_matters(folder):
    before = check_embeddings(folder, load()).submission.predictions_sha256()
    save(folder, motion=embeddings()["motion"][::-1].copy())
    rewrite(
        folder, lambda rows: [rows[0], *([k, str(39 - int(r)) if k == "motion" else r, i] for k, r, i in rows[:0:-1])]
    )
    report = check_embeddings(folder, load())
    assert not report.problems
    assert report.submission.predictions_sha256() == before


@pytest.mark.parametrize("kind", ["f2", "f4", "f8"])
def test_embeddings_of_three_precisions_are_read_as_they_are(folder, kind):
    save(folder, **embeddings(kind=kind))
    assert check_embeddings(folder, load()).submission.arrays["motion"].dtype == np.dtype(kind)


TEXT, MOTION = embeddings()["text"], embeddings()["motion"]
SPOILT = MOTION.copy()
SPOILT[3, 2] = np.nan
WRONG_FILES = {
    "text that is longer": ("S028", {"text": np.vstack([TEXT, TEXT[:1]])}),
    "too few motions": ("S028", {"motion": MOTION[:39]}),
    "another width": ("S029", {"text": TEXT[:, :8].copy()}),
    "no width": ("S029", {"text": TEXT[:, :0].copy(), "motion": MOTION[:, :0].copy()}),
    "one kind only": ("S029", {"text": None}),
    "NaN": ("S030", {"motion": SPOILT}),
    "video of a track without": ("R105", {"video": MOTION}),
    "whole numbers": ("R108", {"text": np.ones((80, 16), dtype=np.int64)}),
    "a pickle": ("R107", {"text": np.array([[None] * 16] * 80, dtype=object)}),
    "Fortran order": ("R109", {"text": np.asfortranarray(TEXT)}),
    "a vector": ("R110", {"motion": MOTION[:, 0].copy()}),
    "far too wide": ("R102", {"motion": np.zeros((41, MAX_WIDTH), dtype="f8")}),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_wrong_file_is_answered_with_its_rule(folder, name):
    rule, changes = WRONG_FILES[name]
    save(folder, **changes)
    assert rule in rules(folder)


WRONG_INDEX = {
    "an unknown kind": ("S027", lambda rows: [*rows, ["texts", "80", "0000.0"]]),
    "no line of a kind": ("S027", lambda rows: [row for row in rows if row[0] != "text"]),
    "a row twice": ("S028", lambda rows: [*rows[:-1], [rows[-1][0], "0", rows[-1][2]]]),
    "no number": ("S028", lambda rows: [*rows[:-1], [rows[-1][0], "-1", rows[-1][2]]]),
    "an item twice": ("S015", lambda rows: [*rows, rows[-1]]),
    "an unknown item": ("S016", lambda rows: [*rows[:-1], [*rows[-1][:2], "0028"]]),
    "a missing item": ("S017", lambda rows: rows[:-1]),
    "other columns": ("S011", lambda rows: [["file", "clip_id"], *(row[1:] for row in rows[1:])]),
}


@pytest.mark.parametrize("name", WRONG_INDEX)
def test_a_wrong_index_is_answered_with_its_rule(folder, name):
    rule, change = WRONG_INDEX[name]
    rewrite(folder, change)
    assert rule in rules(folder)


def test_every_rule_of_embeddings_has_an_example_here():
    assert EMBEDDING_RULES.keys() <= {rule for rule, _ in [*WRONG_FILES.values(), *WRONG_INDEX.values()]}


def test_every_problem_is_named_at_once_and_what_strangers_wrote_is_harmless(folder):
    (folder / "method.toml").write_text('name = "x"\ncolour = "\\u001b[31m"\n')
    rewrite(folder, lambda rows: [*rows, ["te\x1bxt", "1", "0000.0"]])
    save(folder, text=TEXT[:, :8].copy(), motion=SPOILT)
    (folder / "failures.csv").write_text("clip_id,rule,message\nmotion/zzzz,mine,no\n")
    problems = check_embeddings(folder, load()).problems
    assert {problem.rule for problem in problems} >= {"S007", "S008", "S027", "S029", "S016"}
    assert all(str(problem).isprintable() for problem in problems)


@pytest.mark.parametrize("missing", ["method.toml", "index.csv", "embeddings.npz"])
def test_a_missing_file_is_named(folder, missing):
    (folder / missing).unlink()
    assert [(p.rule, p.where) for p in check_embeddings(folder, load()).problems] == [("S005", missing)]


def test_a_header_that_announces_terabytes_is_believed_by_nobody(folder):
    header = b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (80, 999999999999), }"
    with zipfile.ZipFile(folder / "embeddings.npz", "w") as archive:
        archive.writestr("text.npy", header.ljust(127) + b"\n")
        archive.writestr("motion.npy", header.ljust(127) + b"\n")
    assert rules(folder) == ["R102", "R102"]


def test_an_empty_folder_a_link_and_no_folder_are_told_apart(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    (folder / "link").symlink_to("/etc/passwd")
    assert [rules(tmp_path / "empty"), rules(folder), rules(tmp_path / "none")] == [["S002"], ["S003"], ["S001"]]


def test_items_on_which_a_method_failed_are_declared_as_nan_and_counted(tmp_path):
    write_embeddings(tmp_path / "mine", CARD, load(), {**embeddings(), "motion": SPOILT})
    report = check_embeddings(tmp_path / "mine", load())
    assert (report.problems, report.failed, list(report.submission.failures)) == ((), 1, ["motion/0003"])
    assert np.isnan(report.submission.arrays["motion"][3]).all()


def test_wrong_arrays_are_refused_before_a_folder_is_there(tmp_path):
    for arrays, complaint in (
        ({"motion": MOTION[:3]}, r"expected \[40, width\]"),
        ({"video": MOTION}, "expected one of"),
    ):
        with pytest.raises(WrongEmbeddings, match=complaint):
            write_embeddings(tmp_path / "mine", CARD, load(), arrays)
    assert not (tmp_path / "mine").exists()
