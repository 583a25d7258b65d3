"""Writing a submission in one call, and what identifies its predictions."""

import shutil

import pytest

from retargetbench.benchmark.submission.check import check_submission
from retargetbench.benchmark.submission.folder import open_submission, write_submission
from retargetbench.benchmark.submission.method_card import MethodCard
from retargetbench.benchmark.submission.problems import BadSubmission

from ..toy import ToyClips

CLIPS = ToyClips()
CARD = MethodCard("mine", "1")


def motions():
    return {spec.clip_id: CLIPS.load(spec.clip_id).ground_truths[0] for spec in CLIPS.pairs}


def test_what_write_submission_writes_passes_the_check_with_failures_declared(tmp_path):
    predicted = motions()
    lost = sorted(predicted)[1]
    del predicted[lost]
    write_submission(tmp_path / "mine", CARD, predicted, {lost: "did not converge"})
    report = check_submission(tmp_path / "mine", CLIPS)
    assert not report.problems
    assert (report.clips_predicted, report.clips_failed) == (3, 1)


def test_an_earlier_submission_is_never_overwritten(tmp_path):
    write_submission(tmp_path / "mine", CARD, motions())
    with pytest.raises(FileExistsError):
        write_submission(tmp_path / "mine", CARD, motions())


def test_the_hash_of_the_predictions_sees_content_and_failures_but_no_file_names(tmp_path):
    write_submission(tmp_path / "a", CARD, motions())
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    (tmp_path / "b/predictions/00000.npz").rename(tmp_path / "b/predictions/first.npz")
    index = tmp_path / "b/index.csv"
    index.write_text(index.read_text().replace("00000", "first"))
    fewer = motions()
    lost = sorted(fewer)[0]
    del fewer[lost]
    write_submission(tmp_path / "c", CARD, fewer, {lost: "failed"})
    hashes = []
    for name in "abc":
        with open_submission(tmp_path / name) as submission:
            hashes.append(submission.predictions_sha256())
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_broken_submission_is_refused_with_all_its_problems(tmp_path):
    write_submission(tmp_path / "mine", CARD, motions())
    (tmp_path / "mine/method.toml").write_text("nmae = 'x'")
    with pytest.raises(BadSubmission, match=r"\[S000\] .* \(and 2 more problems") as caught:
        open_submission(tmp_path / "mine").__enter__()
    assert [problem.rule for problem in caught.value.problems] == ["S007", "S007", "S008"]
