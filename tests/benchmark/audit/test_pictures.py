"""Pictures of damages: degrees side by side, at the same moment, from the same place."""

import io

import numpy as np
from PIL import Image

from retargetbench.benchmark.audit.damages.names import BY_NAME
from retargetbench.benchmark.audit.pictures import damage_picture
from retargetbench.datasets.intents.clips import load_intents

SIDE = 176


def tiles(name, *motions):
    """The tiles of a picture, [rows][columns] of grey images, below the labels."""
    clips = load_intents("mini")
    found = [next(pair.clip_id for pair in clips.pairs if f"/{motion}" in pair.clip_id) for motion in motions]
    picture = damage_picture(clips, found, BY_NAME[name], seed=0)
    if picture is None:
        return None
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("L"), dtype=float)
    rows = pixels.reshape(pixels.shape[0] // SIDE, SIDE, -1, SIDE)[:, 36:]
    return rows.transpose(0, 2, 1, 3)


def test_an_opened_contact_is_seen_from_near_wider_with_every_degree():
    ((plain, *degrees),) = tiles("contact_opened", "hand_on_hip-left")
    assert len(degrees) == 4
    moved = [(np.abs(one - degrees[0]) > 40).sum() for one in degrees[1:]]  # of one colour, unlike the undamaged
    assert moved == sorted(moved)
    assert moved[-1] > 2 * moved[0] > 0
    assert plain.std() > 10


def test_other_damages_are_seen_whole_at_three_moments():
    seen = tiles("raised", "hand_on_hip-left")
    assert seen.shape[:2] == (3, 4)
    lowest = [np.flatnonzero((row < 130).any(axis=1)).max() for row in seen[0]]
    assert lowest[3] < lowest[1]  # the body that is raised most ends higher up


def test_a_damage_that_no_clip_takes_has_no_picture():
    assert tiles("contact_opened", "squat", "kick-right") is None
