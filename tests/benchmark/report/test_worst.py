import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from retargetbench.benchmark.report import ReportOptions, load_sources
from retargetbench.benchmark.report.page import report_html
from retargetbench.benchmark.report.worst import best_view, frames_of_interest, worst_clips, worst_samples
from retargetbench.benchmark.samples import Sample, SampleTable
from retargetbench.benchmark.submission.folder import open_submission, write_submission
from retargetbench.benchmark.submission.method_card import MethodCard

from ..toy import ToyClips
from .made import LEVELS, result, table, write

CLIPS = ToyClips(body_count=2, motion_count=2)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A run on the toy clips with its predictions: the right answers, by whose numbers the last clip is worst."""
    place = tmp_path_factory.mktemp("worst")
    motions = {spec.clip_id: CLIPS.load(spec.clip_id).ground_truths[1] for spec in CLIPS.pairs}
    write_submission(place / "runs" / "anything", MethodCard("careful", "1"), motions)
    with open_submission(place / "runs" / "anything") as submission:
        predictions = submission.predictions_sha256()
    keys = ("goal_f1@1", "pen_limb@1[0.3%H]", "mpjpe_cm@1[global]")
    rows = [
        Sample(spec.clip_id, spec.split, spec.motion_cluster, spec.target, False, dict(zip(keys, values, strict=True)))
        for spec, values in zip(CLIPS.pairs, [(0.4, 1, 0), (0.3, 1, 1), (0.2, 1, 2), (0.1, 1, 3)], strict=True)
    ]
    samples = SampleTable(keys, tuple(rows))
    made = result(samples, "careful", data=CLIPS.data_sha256, predictions_sha256=predictions)
    write(place / "results" / "r", samples, made)
    return load_sources([place / "results"], [place / "runs"])[0]


def test_predictions_are_found_by_their_hash_whatever_their_folder_is_called(source):
    assert source.predictions is not None
    assert source.predictions.name == "anything"


def test_predictions_of_another_run_are_not_taken(source, tmp_path):
    samples = table(LEVELS["copy"])
    write(tmp_path / "r", samples, result(samples, "copy"))
    assert load_sources([tmp_path], [source.predictions])[0].predictions is None


def test_the_worst_clips_are_the_worst_of_each_metric_and_no_clip_comes_twice(source):
    ids = [spec.clip_id for spec in CLIPS.pairs]
    chosen = worst_samples(source.run, 3)
    assert [key for key, _ in chosen] == ["goal_f1@1", "pen_limb@1[0.3%H]", "mpjpe_cm@1[global]"]
    assert chosen[0][1].clip_id == ids[3]
    assert chosen[2][1].clip_id == max(set(ids) - {sample.clip_id for _, sample in chosen[:2]})
    assert len({sample.clip_id for _, sample in chosen}) == 3


def test_no_more_worst_clips_than_clips(source):
    assert len(worst_samples(source.run, 50)) == len(CLIPS.pairs)


def test_failed_clips_are_not_shown(source):
    first, *rest = source.run.samples.samples
    failed = replace(source.run, samples=SampleTable(source.run.samples.keys, (replace(first, failed=True), *rest)))
    assert first.clip_id not in {sample.clip_id for _, sample in worst_samples(failed, 50)}


def test_a_worst_clip_has_a_picture_of_source_result_and_ground_truth(source):
    clip = worst_clips([source], CLIPS, count=1, size=(4, 60))[0]
    assert clip.picture.startswith("data:image/jpeg;base64,")
    image = Image.open(io.BytesIO(base64.b64decode(clip.picture.partition(",")[2])))
    assert image.size == (4 * 51, 3 * 60)
    colours = np.asarray(image.convert("RGB")).astype(int).reshape(3, 60, -1, 3)
    red, green, blue = (colours[..., k] for k in range(3))
    assert [(red - blue > 12).sum(axis=(1, 2)).argmax(), (blue - red > 25).sum(axis=(1, 2)).argmax()] == [0, 1]
    assert (green - blue > 25).sum(axis=(1, 2)).argmax() == 2
    assert clip.goals == "right_palm on chest"


def test_data_of_another_version_gives_no_pictures_and_says_so(source):
    other = ToyClips(body_count=2, motion_count=2, frame_count=15)
    clip = worst_clips([source], other, count=1, size=(4, 60))[0]
    assert clip.picture == ""
    assert "data this run was scored on is not at hand" in clip.why_none


def test_a_prediction_that_was_damaged_since_gives_no_picture(source, tmp_path):
    write_submission(tmp_path, MethodCard("careful", "1"), {})
    damaged = replace(source, predictions=tmp_path)
    clip = worst_clips([damaged], CLIPS, count=1, size=(4, 60))[0]
    assert "cannot be read" in clip.why_none


def test_the_page_holds_the_pictures(source):
    page = report_html([source], clip_sets=[CLIPS], options=ReportOptions(worst=2, frames=3, frame_px=40))
    assert page.count('<img src="data:image/jpeg;base64,') == 2
    assert "to be touched: right_palm on chest" in page


def test_no_worst_clips_when_none_are_asked_for(source):
    assert "Worst clips" not in report_html([source], clip_sets=[CLIPS], options=ReportOptions(worst=0))


def test_frames_around_the_programmed_contact_are_shown():
    touch = CLIPS.load(CLIPS.pairs[-1].clip_id)
    held = np.flatnonzero(touch.contact_goals[0].held)
    assert frames_of_interest(touch, 3)[-1] == min(held[-1] + 12, touch.spec.frame_count - 1)
    sway = CLIPS.load(CLIPS.pairs[0].clip_id)
    assert not sway.contact_goals
    assert frames_of_interest(sway, 3) == (0, round((sway.spec.frame_count - 1) / 2), sway.spec.frame_count - 1)


def test_the_side_that_touches_is_seen():
    touch, sway = CLIPS.load(CLIPS.pairs[-1].clip_id), CLIPS.load(CLIPS.pairs[0].clip_id)
    assert best_view(touch) == "three-quarter-right"  # the toy's right palm comes onto the chest
    assert best_view(sway) == "three-quarter"
