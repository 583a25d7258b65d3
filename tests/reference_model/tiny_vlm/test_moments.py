"""Pictures of single moments: from seeds, on many bodies, written so that a stop loses nothing."""

import numpy as np
import pytest

from retargetbench.datasets.intents.bodies import body_names
from retargetbench.datasets.intents.motion_jobs import SAMPLED, motion_jobs
from retargetbench.reference_model.tiny_vlm.moments import Moments, moment_shards, render_moments
from retargetbench.reference_model.tiny_vlm.picture_files import open_pictures
from retargetbench.reference_model.tiny_vlm.render import Drawing
from retargetbench.reference_model.tiny_vlm.scenes import hands_hold

PROGRAMS, BODIES = 3, 2
MOMENTS = Moments("train", (Drawing("blip2", 2, 32), Drawing("clip", 1, 32)), bodies=BODIES)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("moments")
    (line,) = render_moments(moment_shards("train", PROGRAMS), folder, MOMENTS)
    return folder, line


def test_every_program_is_shown_on_other_bodies_of_training(drawn):
    folder, line = drawn
    pictures = open_pictures(folder, "blip2", ["train-moments-0000"])
    assert f"{2 * BODIES * PROGRAMS} for blip2, {BODIES * PROGRAMS} for clip" in line
    assert len(pictures) == 2 * BODIES * PROGRAMS
    assert {scene.motion for scene in pictures.scenes} == {job.program.name for job in motion_jobs("train", PROGRAMS)}
    assert all(body in body_names("train") or body.startswith(SAMPLED) for body in pictures.bodies)
    for clip in np.unique(pictures.clip):
        (motion,) = {pictures.scenes[s].motion for s in pictures.scene[pictures.clip == clip]}
        frames = pictures.frame[pictures.clip == clip]
        spans = [s.active for s in pictures.scenes if s.motion == motion]
        spans += [s.hands_at for s in pictures.scenes if s.motion == motion]
        assert all(any(a <= frame <= b for a, b in spans) for frame in frames)
    assert any(hands_hold(pictures.scenes[s], int(f)) for s, f in zip(pictures.scene, pictures.frame, strict=True))


def test_a_second_run_draws_only_what_is_missing_and_the_same(drawn, tmp_path):
    folder, _ = drawn
    shards = moment_shards("train", PROGRAMS)
    assert list(render_moments(shards, folder, MOMENTS)) == [""]
    path = folder / "clip" / f"{shards[0].name}.npy"
    before = path.read_bytes()
    path.with_suffix(".npz").unlink()  # killed before the labels were written
    assert list(render_moments(shards, folder, MOMENTS)) != [""]
    assert path.read_bytes() == before
    more = Moments("train", MOMENTS.drawings, bodies=BODIES, seed=2)
    assert list(render_moments(shards, folder, more)) != [""]


def test_a_longer_list_begins_with_a_shorter_one():
    short, long = moment_shards("train", 24), moment_shards("train", 30)
    assert [s.name for s in long[:2]] == [s.name for s in short]
    assert [(s.start, s.count) for s in long] == [(0, 12), (12, 12), (24, 6)]
