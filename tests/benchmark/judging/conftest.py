"""Tiny random judges saved as a user's would be, and a submission to show them."""

import pytest

from retargetbench.benchmark.submission.folder import write_submission
from retargetbench.benchmark.submission.method_card import MethodCard

from ...metrics.semantics import tiny_judges
from ..toy import TOLD, ToyClips

CLIPS = ToyClips()


@pytest.fixture(scope="session")
def judges(tmp_path_factory):
    """Kind -> folder; the BLIP-2 has a matching head."""
    root = tmp_path_factory.mktemp("judges")
    blip2 = tiny_judges.save_blip2(root / "small-blip2")
    tiny_judges.save_head(blip2 / "itm")
    return {
        "blip2": blip2,
        "clip": tiny_judges.save_clip(root / "small-clip"),
        "blip2-itm": tiny_judges.save_head(root / "small-itm"),
    }


def submit(folder, clips, solution, name, missing=()):
    """Write the right answers of one solution as a method's, some of them failed."""
    motions = {s.clip_id: clips.load(s.clip_id).ground_truths[solution] for s in clips.pairs}
    failures = dict.fromkeys(missing, "no idea")
    write_submission(folder, MethodCard(name, "1"), {k: m for k, m in motions.items() if k not in missing}, failures)
    return folder


@pytest.fixture(scope="session")
def predictions(tmp_path_factory):
    """A submission with one failed clip."""
    folder = tmp_path_factory.mktemp("submission") / "predictions"
    return submit(folder, TOLD, 1, "alternative", (TOLD.pairs[-1].clip_id,))
