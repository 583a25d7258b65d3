from dataclasses import replace

import numpy as np
import pytest
import torch

from retargetbench.datasets.intents.clips import load_intents
from retargetbench.metrics.semantics.judge import Looking, check_frames
from retargetbench.metrics.semantics.showing import (
    empty_stage,
    posed_vertices_m,
    show,
    show_motion,
    shown_frames,
    stage,
)

LOOKING = Looking(("front", "left"), frames=3, size_px=32)


@pytest.fixture(scope="module")
def pair():
    clips = load_intents("mini")
    return clips.load(clips.pairs[0].clip_id)


def test_frames_are_even_with_both_ends_and_one_alone_is_the_middle():
    assert shown_frames(61, replace(LOOKING, frames=4)) == (0, 20, 40, 60)
    assert shown_frames(61, replace(LOOKING, frames=1)) == (30,)
    assert shown_frames(2, LOOKING) == (0, 0, 1)


def test_pictures_come_view_after_view_and_a_judge_can_look_at_them(pair):
    renderer = stage(LOOKING)
    both = show_motion(pair.source, pair.source_motion, LOOKING, renderer)
    assert both.shape == (6, 3, 32, 32)
    check_frames(both)
    alone = [
        show_motion(pair.source, pair.source_motion, replace(LOOKING, views=(view,)), renderer)
        for view in LOOKING.views
    ]
    assert torch.equal(both, torch.cat(alone))
    assert len({picture.numpy().tobytes() for picture in both}) == 6


def test_a_motion_elsewhere_on_the_floor_looks_the_same(pair):
    renderer, moved = stage(LOOKING), pair.source_motion.root_translation_m + np.array([2.0, 0.0, -3.0])
    here = show_motion(pair.source, pair.source_motion, LOOKING, renderer)
    there = show_motion(pair.source, replace(pair.source_motion, root_translation_m=moved), LOOKING, renderer)
    assert (here - there).abs().mean() < 1e-3


def test_the_upper_body_is_shown_larger(pair):
    shares = {}
    for crop in ("full-body", "upper-body"):
        looking = replace(LOOKING, crop=crop)
        renderer = stage(looking)
        pictures = show_motion(pair.source, pair.source_motion, looking, renderer)
        shares[crop] = float(((pictures - empty_stage(looking, renderer)).abs().amax(dim=1) > 0.02).float().mean())
    assert shares["upper-body"] > 1.3 * shares["full-body"] > 0


def test_an_empty_stage_has_as_many_pictures_and_nobody_on_them(pair):
    renderer = stage(LOOKING)
    empty = empty_stage(LOOKING, renderer)
    seen = show_motion(pair.source, pair.source_motion, LOOKING, renderer)
    assert empty.shape == seen.shape
    assert torch.equal(empty, empty[:1, :, :1, :1].expand_as(empty))
    assert torch.equal(seen[:, :, 0, 0], empty[:, :, 0, 0])


def test_pictures_have_a_gradient_in_the_vertices(pair):
    looking = replace(LOOKING, frames=1)
    vertices = posed_vertices_m(pair.source, pair.source_motion, (10,)).requires_grad_()
    show(vertices, pair.source, looking, stage(looking)).mean().backward()
    assert vertices.grad is not None
    assert vertices.grad.abs().sum() > 0
