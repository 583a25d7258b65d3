"""Making the video queries: other bodies, parts of motions, looks of the test; the solver is replaced by wandering."""

import numpy as np
import pytest

from retargetbench.datasets.intents import video_queries as plans
from retargetbench.datasets.intents.motion_jobs import MotionJob, body_of
from retargetbench.datasets.intents.motion_shards import write_shard
from retargetbench.datasets.intents.programs import INTENTS
from retargetbench.datasets.intents.video_queries import PlannedVideo, VideoQueries, said_of
from retargetbench.reference_model.lavimo import video_queries
from retargetbench.reference_model.lavimo.filming import Take, film
from retargetbench.reference_model.lavimo.video_queries import UnsolvedVideo, made_video, make_video_queries
from retargetbench.reference_model.tiny_vlm import looks

BODIES = ("old", "thin", "tall")


@pytest.fixture
def staged(monkeypatch, wander):
    """Three motions; the second is dropped on its first body. Gives the list of what was solved."""
    generator = np.random.default_rng(0)
    programs = [INTENTS[act].draw(generator) for act in ("clap", "wave", "walk")]
    planned = tuple(
        PlannedVideo(f"{number:08x}", program.name, BODIES[1:] + BODIES[:1]) for number, program in enumerate(programs)
    )
    solved = []

    def solve(jobs, path):
        entries, motions = [], []
        for number, job in enumerate(jobs):
            [body] = job.bodies
            solved.append((job.program.name, body))
            kept = (job.program.name, body) != (programs[1].name, "thin")
            entries.append({"job": number, "motion": job.program.name, "body": body, "intent": "", "kept": kept})
            if kept:
                motions.append(wander(body_of(body), 20 + number, seed=number))
        write_shard(path, jobs, entries, motions)

    monkeypatch.setattr(video_queries, "TAKE", Take("test", 3, 24))
    monkeypatch.setattr(video_queries, "solve_shard", solve)
    monkeypatch.setattr(video_queries, "load_retrieval_items", lambda: None)
    monkeypatch.setattr(video_queries, "plan_videos", lambda _: planned)
    monkeypatch.setattr(video_queries, "motion_jobs", lambda _: [MotionJob(p, ("old",), "test") for p in programs])
    for module in (plans, video_queries):
        monkeypatch.setattr(module, "PER_FILE", 2)
    return planned, programs, solved


def test_a_folder_is_made_once_and_a_motion_that_is_dropped_is_solved_on_the_next_body(staged, tmp_path, counting):
    planned, programs, solved = staged
    manifest = make_video_queries(tmp_path, counting)
    assert [line[1] for line in said_of(tmp_path / "videos-0000.npz")["videos"]] == ["thin", "tall"]
    assert solved == [(programs[0].name, "thin"), (programs[1].name, "thin"), (programs[1].name, "tall"),
                      (programs[2].name, "thin")]  # fmt: skip
    first = manifest.read_bytes()
    videos = VideoQueries(tmp_path, planned)
    for number, (_, _, start, stop, count) in enumerate(said_of(tmp_path / "videos-0000.npz")["videos"]):
        assert 0 < start < stop < count
        assert videos[number].duration_s == pytest.approx((stop - start - 1) / 30, abs=1e-5)
    (tmp_path / "videos-0001.npz").unlink()
    make_video_queries(tmp_path, counting)
    assert len(solved) == 5  # of the file that was missing, its one motion
    assert manifest.read_bytes() == first


def test_a_motion_that_no_body_can_do_is_named(staged, tmp_path, counting, monkeypatch):
    monkeypatch.setattr(video_queries, "_solve", lambda jobs: {})
    with pytest.raises(UnsolvedVideo, match=r"'clap.*' misses its tolerances on all of thin, tall, old"):
        make_video_queries(tmp_path, counting)


def test_a_video_is_the_shown_part_filmed_in_a_look_of_the_test(wander, monkeypatch):
    monkeypatch.setattr(video_queries, "TAKE", Take("test", 2, 24))
    drawn = []
    draw = looks.draw_look
    monkeypatch.setattr(
        "retargetbench.reference_model.lavimo.filming.draw_look",
        lambda *words: drawn.append((words[0], draw(*words))) or drawn[-1][1],
    )
    body, motion = body_of("old"), wander(body_of("old"), 40)
    planned = PlannedVideo("0a0b0c0d", "clap", ("old",))
    made = made_video(planned, "old", motion)
    span = planned.span(40)
    again = film(body, motion.window(span.start, span.stop), video_queries.TAKE, planned.seed)
    np.testing.assert_array_equal(made.images, again.images)
    assert (made.body, made.span, made.frame_count) == ("old", span, 40)
    assert {purpose for purpose, _ in drawn} == {"test"}
    for _, look in drawn:
        assert looks.belongs("test", azimuth_deg=look.azimuth_deg)
        assert not looks.belongs("retrieval", azimuth_deg=look.azimuth_deg)
    assert video_queries.TAKE.purpose == "test"
