"""The rules that keep test and training apart (DESIGN section 4), one test each.

Every rule is held twice: by the pairs as they are drawn, from which nothing is left out, and by those that are shipped
with the manifest that the tracks read. Drawing needs the whole list of training's motions and is slow.
"""

import functools
import hashlib
import json
from collections import Counter

import numpy as np
import pytest

from retargetbench.datasets.clip_set import SPLITS
from retargetbench.datasets.intents import drawn_pairs as module
from retargetbench.datasets.intents.bodies import body_names, load_body
from retargetbench.datasets.intents.build import SOLUTIONS, pairs_of, training_list
from retargetbench.datasets.intents.clips import VARIANTS
from retargetbench.datasets.intents.drawn_pairs import PLANS, drawn_pairs
from retargetbench.datasets.intents.motion_jobs import SAMPLED, body_of, motion_jobs
from retargetbench.datasets.intents.programs.structures import kin

from .pair_lists import drawn, manifest, shipped

# One worker draws training's list, and only once.
pytestmark = pytest.mark.xdist_group("drawn pairs")

LEAST_PAIRS = {"mini": 8, "val": 10, "full": 100}
"""Per split."""
TOUCHING = {"mini": (0.75, 0.75), "val": (0.55, 0.78), "full": (0.62, 0.71)}
"""Between which shares of a split's shipped pairs have contacts: two thirds are drawn, some of them are dropped."""
UNSEEN_SOURCES = {"mini": (0.2, 0.6), "val": (0.25, 0.75), "full": (0.42, 0.58)}
"""Between which shares of the pairs with an unseen target have an unseen source."""
LISTS = {
    "mini": "52d3d26582b747ff040dd860a482cd7152bc1f886e9b83982f77151f15d9c142",
    "val": "e3ae46fa26590558e48461dc6b1e2d6b1c1eced161126885b9f5f0501c4c63fa",
    "full": "6633b7fb8c107da962cdad701575cb2686a4833fa0cd0ed28912d99a22b67d86",
}
"""SHA-256 of the list of all pairs that a variant asks for, dropped ones too: it is never drawn again."""
TRAINING = {"motions": 4200, "sha256": "ebaf1342c05d4ff3b2e3d0e63b641068a4c951761ab4789816534c8e6581b20b"}
"""Training's list, which the pairs were drawn against."""
LEAST_DISTANCE_H = 0.005
"""By how much, in the mean over vertices, a body drawn for training differs from each unseen one of the same height."""


@pytest.fixture(scope="module")
def draw():
    """Draw a variant's pairs; the list of training's motions, which takes longest, is drawn once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "motion_jobs", functools.cache(motion_jobs))
        yield drawn


@pytest.fixture(scope="module", params=[
    *(pytest.param(("shipped", variant), id=f"shipped {variant}") for variant in VARIANTS),
    *(pytest.param(("drawn", variant), id=f"drawn {variant}", marks=pytest.mark.slow) for variant in PLANS),
])  # fmt: skip
def listed(request):
    how, variant = request.param
    return shipped(variant) if how == "shipped" else request.getfixturevalue("draw")(variant)


def _digest(rows):
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def _share(pairs, of):
    return sum(map(of, pairs)) / len(pairs)


def test_each_of_the_four_splits_has_enough_pairs(listed):
    counts = Counter(pair.split for pair in listed.pairs)
    assert set(counts) == set(SPLITS)
    assert min(counts.values()) >= LEAST_PAIRS[listed.variant]


def test_every_pair_has_sixty_to_a_hundred_and_twenty_frames(listed):
    assert all(60 <= pair.frame_count <= 120 for pair in listed.pairs)


def test_an_unseen_target_is_no_body_of_training(listed):
    for pair in listed.of("UC"):
        assert pair.target in listed.unseen_bodies
        assert pair.target not in listed.training_bodies


def test_a_seen_target_and_its_source_are_named_bodies_of_training(listed):
    for pair in listed.of("SC"):
        assert {pair.source, pair.target} <= set(body_names("train")) <= listed.training_bodies


def test_a_seen_motion_is_in_training_but_never_on_this_target(listed):
    for pair in listed.of("SM"):
        assert listed.held[pair.motion]
        assert pair.target not in listed.held[pair.motion]
        assert pair.intent in listed.training_intents


def test_an_unseen_motion_has_goals_of_a_structure_that_training_never_sees(listed):
    for pair in listed.of("UM"):
        assert pair.motion not in listed.held
        assert pair.intent not in listed.training_intents
        assert not pair.structures & listed.training_structures, pair.intent


def test_an_unseen_motion_is_of_no_kin_of_a_training_intent(listed):
    def acts(intent):
        return tuple(sorted(kin()[name] for name in intent.replace("@", "+").split("+")))

    trained = {acts(intent) for intent in listed.training_intents}
    assert not {acts(pair.intent) for pair in listed.of("UM")} & trained


def test_no_motion_is_in_two_pairs_and_no_body_is_retargeted_to_itself(listed):
    assert len({pair.motion for pair in listed.pairs}) == len(listed.pairs)
    assert all(pair.source != pair.target for pair in listed.pairs)


def test_two_thirds_of_each_split_have_contacts(listed):
    least, most = TOUCHING[listed.variant]
    for split in SPLITS:
        assert least <= _share(listed.of(split), lambda pair: pair.touches) <= most, split


def test_about_half_of_the_sources_of_unseen_targets_are_unseen_as_well(listed):
    least, most = UNSEEN_SOURCES[listed.variant]
    pairs = listed.of("UC")
    assert {pair.source for pair in pairs} <= {*body_names("train"), *listed.unseen_bodies}
    assert least <= _share(pairs, lambda pair: pair.source in listed.unseen_bodies) <= most


def test_every_unseen_body_is_a_target(listed):
    assert {pair.target for pair in listed.of("UC")} == listed.unseen_bodies


def test_the_list_is_the_one_that_was_published(listed):
    """Drawn in this process or long ago: pairs that were dropped are named, and none was put in their place."""
    assert _digest(sorted(listed.asked)) == LISTS[listed.variant]


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_was_dropped_is_named_and_is_not_shipped(variant):
    said = manifest(variant)
    kept = {pair["motion"] for pair in said["pairs"]}
    assert not kept & {pair["motion"] for pair in said["dropped_pairs"]}
    assert all(pair["missed"] for pair in said["dropped_pairs"])
    assert all(len(pair["measured"]["solutions"]) == SOLUTIONS for pair in said["pairs"])


@pytest.mark.parametrize("variant", PLANS)
def test_the_manifest_names_trainings_list(variant):
    said = manifest(variant)
    assert said["training"] == TRAINING
    assert set(said["training_motions"]) == {p["motion"] for p in said["pairs"] if p["split"].endswith("SM")}


@pytest.mark.slow
@pytest.mark.parametrize("variant", PLANS)
def test_what_the_manifest_says_of_training_is_what_training_holds(draw, variant):
    held = draw(variant).held
    assert training_list() == TRAINING
    assert all(held[motion] == bodies for motion, bodies in shipped(variant).held.items())


@pytest.mark.slow
@pytest.mark.parametrize("variant", PLANS)
def test_the_same_pairs_are_drawn_on_every_call_as_many_as_planned(draw, variant):
    first, again = draw(variant), drawn_pairs.__wrapped__(variant)
    assert first.asked == [(p.split, p.motion.name, p.source, p.target) for p in again]
    assert pairs_of(variant) == drawn_pairs(variant)
    count = PLANS[variant].per_split
    assert Counter(pair.split for pair in first.pairs) == dict.fromkeys(SPLITS, count)
    touching = Counter(pair.split for pair in first.pairs if pair.touches)
    assert touching == dict.fromkeys(SPLITS, round(count * 2 / 3))


def _assert_nothing_shared(test, other):
    assert not {p.motion for p in test.pairs} & {p.motion for p in other.pairs}
    assert not {(p.motion, p.target) for p in test.pairs} & {(p.motion, p.target) for p in other.pairs}
    assert not {body for p in other.pairs for body in (p.source, p.target)} & set(body_names("test"))
    assert not {body for p in test.pairs for body in (p.source, p.target)} & set(body_names("val"))
    unseen = [{goals for p in pairs.of("UM") for goals in p.structures} for pairs in (test, other)]
    assert not unseen[0] & unseen[1]


@pytest.mark.parametrize("other", ["val", "mini"])
def test_what_is_tuned_on_shares_no_motion_and_no_unseen_body_with_the_test(other):
    _assert_nothing_shared(shipped("full"), shipped(other))


@pytest.mark.slow
def test_the_drawn_pairs_of_validation_share_no_motion_and_no_unseen_body_with_those_of_the_test(draw):
    _assert_nothing_shared(draw("full"), draw("val"))


def _assert_unlike_every_unseen_body(names):
    shapes = np.stack([(b := body_of(name)).rest_vertices_m / b.height_m for name in names]).astype(np.float32)
    for name in (*body_names("val"), *body_names("test")):
        unseen = load_body(name)
        for some in np.array_split(shapes, len(shapes) // 300):
            away_h = np.linalg.norm(some - unseen.rest_vertices_m / unseen.height_m, axis=-1).mean(axis=1)
            assert away_h.min() > LEAST_DISTANCE_H, name


def test_no_body_that_is_drawn_for_training_has_the_shape_of_an_unseen_one():
    sampled = [body for job in motion_jobs("train", 220) for body in job.bodies if body.startswith(SAMPLED)]
    assert len(sampled) >= 300
    _assert_unlike_every_unseen_body(sampled[:300])


@pytest.mark.slow
def test_none_of_all_bodies_that_are_drawn_for_training_has_the_shape_of_an_unseen_one(draw):
    sampled = sorted(body for body in draw("full").training_bodies if body.startswith(SAMPLED))
    assert len(sampled) > 6_000
    _assert_unlike_every_unseen_body(sampled)


def test_the_measure_of_shape_tells_a_scaled_copy_from_another_body():
    man, woman = load_body("average_man"), load_body("average_woman")
    grown = man.rest_vertices_m * 1.2
    np.testing.assert_allclose(grown / np.ptp(grown[:, 1]), man.rest_vertices_m / man.height_m, atol=1e-6)
    away_h = np.linalg.norm(man.rest_vertices_m / man.height_m - woman.rest_vertices_m / woman.height_m, axis=-1)
    assert away_h.mean() > LEAST_DISTANCE_H
