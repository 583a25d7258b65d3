"""A small study of two methods on toy clips, made once: its folder, its key, the results it is made of."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from retargetbench.benchmark.comparison import load_run
from retargetbench.benchmark.samples import Sample, SampleTable
from retargetbench.benchmark.study.key import StudyKey, key_path
from retargetbench.benchmark.study.layout import StudyPlan
from retargetbench.benchmark.study.make import make_study
from retargetbench.benchmark.study.plan import StudyOptions
from retargetbench.benchmark.study.questions import read_questions
from retargetbench.benchmark.study.sources import Look, StudyRequest, find_sources
from retargetbench.benchmark.submission.folder import open_submission, write_submission
from retargetbench.benchmark.submission.method_card import MethodCard
from retargetbench.datasets.body import Motion

from ..report.made import result, write
from ..toy import ToyClips

CLIPS = ToyClips(body_count=3, motion_count=4, frame_count=16)
NAMES = ("careful", "lazy")
SIZES = StudyOptions(clips=4, catches=5)


def standing(motion):
    """The method ``lazy``: rest pose all the time."""
    rotations = np.zeros_like(motion.local_rotations_wxyz)
    rotations[..., 0] = 1
    return Motion(motion.skeleton, rotations, motion.root_translation_m, motion.fps)


def write_method(place, name):
    motions = {spec.clip_id: CLIPS.load(spec.clip_id).ground_truths[1] for spec in CLIPS.pairs}
    if name == "lazy":
        motions = {clip_id: standing(motion) for clip_id, motion in motions.items()}
    write_submission(place / "runs" / name, MethodCard(name, "1"), motions)
    with open_submission(place / "runs" / name) as submission:
        predictions = submission.predictions_sha256()
    rows = tuple(
        Sample(spec.clip_id, spec.split, spec.motion_cluster, spec.target, False, {"jerk@1": float(n + len(name))})
        for n, spec in enumerate(CLIPS.pairs)
    )
    samples = SampleTable(("jerk@1",), rows)
    made = result(samples, name, data=CLIPS.data_sha256, predictions_sha256=predictions)
    return load_run(write(place / "results" / name, samples, made))


@dataclass(frozen=True)
class MadeStudy:
    """What a test may look at."""

    folder: Path
    key: StudyKey
    place: Path
    request: StudyRequest


@pytest.fixture(scope="session")
def made_study(tmp_path_factory):
    place = tmp_path_factory.mktemp("made")
    runs = [write_method(place, name) for name in NAMES]
    questions = read_questions(["meaning", "natural"])
    request = StudyRequest(find_sources(runs, [place / "runs"]), questions, SIZES, Look("A <b>title</b>", 96))
    key = make_study(StudyPlan(request, CLIPS), CLIPS, place / "study", key=key_path(place / "study"))
    return MadeStudy(place / "study", key, place, request)
