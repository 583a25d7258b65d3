import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.errors import UnknownName
from retargetbench.metrics.clip_geometry import WrongMotion
from retargetbench.metrics.declarations import METRICS, metric_keys
from retargetbench.metrics.geometry import geometry_scores, worst_case

from .cases import capsule_person, goal, load_body, pair_of, replace, still, wiggle


@pytest.fixture(scope="module")
def full_pair():
    """A pair with everything a pair can have, and a prediction that differs from its right answers."""
    target, source = load_body("belly"), load_body("thin")
    frames = 12
    truths = tuple(wiggle(target, frames=frames, scale=0.6, seed=seed) for seed in (1, 2))
    goals = (goal("left_palm", "belly", frames, held=[(4, 8)], free=[(0, 3)]),)
    source_motion = wiggle(source, frames=frames, scale=0.9, seed=9)
    return pair_of(
        target, truths[0], truths=truths, goals=goals, planted=np.ones((frames, 2), bool),
        source=source, source_motion=source_motion,
    )  # fmt: skip


@pytest.fixture(scope="module")
def prediction(full_pair):
    return wiggle(full_pair.target, frames=12, scale=0.6, seed=5)


def test_every_declared_key_can_be_produced_and_nothing_else_is(full_pair, prediction):
    produced = set(geometry_scores(full_pair, prediction))
    produced |= set(geometry_scores(full_pair, full_pair.ground_truths[0]))
    # The contact metrics of a source that touches itself and of a made contact need their own clips.
    hands_together = crossed_arms(full_pair)
    produced |= set(geometry_scores(*hands_together))
    proxy = replace(full_pair, source_is_proxy=True)
    for predicted in (prediction, full_pair.ground_truths[0]):
        produced |= set(geometry_scores(proxy, predicted, metric_keys({"source-proxy"})))
    rest = set(metric_keys()) - produced
    assert not produced - set(metric_keys())
    assert rest <= {"goal_precision@1"}, rest


def crossed_arms(pair):
    """The same pair with both characters' arms crossed through the trunk: many contacts of the source."""
    from .cases import bend

    turns = {"LeftArm": ("z", -70), "RightArm": ("z", 70), "LeftForeArm": ("y", -100), "RightForeArm": ("y", 100)}
    source_motion = bend(still(pair.source, frames=12), **turns)
    return replace(pair, source_motion=source_motion), bend(still(pair.target, frames=12), **turns)


def test_contacts_of_a_proxy_skin_have_keys_of_their_own_and_the_same_values(full_pair, prediction):
    keys = metric_keys({"source", "source-proxy"})
    own = geometry_scores(full_pair, prediction, keys)
    proxy = geometry_scores(replace(full_pair, source_is_proxy=True), prediction, keys)
    assert {"contact_error@1", "source_contact_recall@1"} <= set(own)
    assert proxy == {f"{key}[source-proxy]": value for key, value in own.items()}


def test_a_contact_made_gives_the_precision_that_is_left(full_pair):
    (programmed,) = full_pair.contact_goals
    itself = replace(programmed, place=programmed.vertex, faces_skin=False)
    pair = replace(full_pair, contact_goals=(itself,))
    assert geometry_scores(pair, full_pair.ground_truths[0])["goal_precision@1"] > 0


def test_scores_are_finite_numbers_within_their_declared_bounds(full_pair, prediction):
    scores = geometry_scores(full_pair, prediction)
    bounds = {metric.key: (metric.lower, metric.upper) for metric in METRICS}
    for key, value in scores.items():
        assert type(value) is float
        assert np.isfinite(value)
        assert bounds[key][0] <= value <= bounds[key][1], key


def test_asking_for_one_key_gives_the_same_bits_as_asking_for_all(full_pair, prediction):
    everything = geometry_scores(full_pair, prediction)
    for key in ("pen_limb@1", "pen_hull@1", "goal_contact@1", "contact_error@1", "jerk@1", "mse_nkn@1[local]",
                "source_contact_recall@1", "float_height@1", "pen_limb_star@1"):  # fmt: skip
        alone = geometry_scores(full_pair, prediction, [key])
        assert alone == {name: everything[name] for name in [key] if name in everything}


def test_scoring_twice_and_after_other_clips_gives_the_same_bits(full_pair, prediction):
    first = geometry_scores(full_pair, prediction)
    geometry_scores(full_pair, full_pair.ground_truths[1])
    assert geometry_scores(full_pair, prediction) == first


def test_scoring_leaves_the_callers_arrays_untouched(full_pair, prediction):
    arrays = [
        prediction.local_rotations_wxyz, prediction.root_translation_m, full_pair.target.rest_vertices_m,
        full_pair.target.faces, full_pair.target.weights, full_pair.planted, full_pair.contact_goals[0].held,
        full_pair.source.rest_vertices_m, full_pair.source_motion.local_rotations_wxyz,
    ]  # fmt: skip
    before = [array.copy() for array in arrays]
    geometry_scores(full_pair, prediction)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_copying_a_character_onto_itself_loses_nothing(full_pair):
    source = full_pair.source
    motion = full_pair.source_motion
    scores = geometry_scores(pair_of(source, motion, truths=(motion,)), motion)
    zero = [key for key in scores if key.split("@")[0] in {"mse_nkn", "mse_san", "l2_star", "mse_meshret", "mpjpe_cm",
                                                           "rotation_error", "contact_error"}]  # fmt: skip
    assert len(zero) >= 22
    assert {scores[key] for key in zero} == {0.0}
    for key in ("source_contact_recall@1", "source_contact_precision@1"):
        assert scores.get(key, 1.0) == 1.0


def test_a_pair_without_truth_goals_or_planted_feet_gets_what_is_left(full_pair, prediction):
    bare = replace(full_pair, ground_truths=(), contact_goals=(), planted=None)
    scores = geometry_scores(bare, prediction)
    assert "pen_limb@1" in scores
    assert "jerk@1" in scores
    gone = {metric.key for metric in METRICS if metric.needs in {"reference", "goals", "planted"}}
    assert not gone & scores.keys()


def test_one_frame_and_a_still_pose_are_ordinary_clips(full_pair):
    for frames in (1, 5):
        motion = still(full_pair.target, frames=frames)
        pair = pair_of(full_pair.target, motion, truths=(motion,), planted=np.ones((frames, 2), bool))
        scores = geometry_scores(pair, motion)
        assert all(np.isfinite(value) for value in scores.values())
        assert scores["pen_limb@1"] == 0
        assert scores["mpjpe_cm@1[global]"] == 0


def test_a_target_without_fingers_hands_or_toes_in_its_mesh_is_scored():
    person = capsule_person()
    motion = wiggle(person, frames=6)
    scores = geometry_scores(pair_of(person, motion, truths=(motion,), planted=np.ones((6, 2), bool)), motion)
    assert {"pen_limb@1", "skate_mean@1", "joint_limits@1", "floor_penetration@1"} <= scores.keys()
    handless = replace(person, parts=np.where(np.isin(person.parts, [3, 5]), 0, person.parts))
    assert "pen_arm@1" in geometry_scores(pair_of(handless, motion), motion)


def test_a_source_of_another_rig_and_mesh_can_be_compared():
    source, target = capsule_person(arms_down=True), load_body("average_man")
    motion = wiggle(target, frames=5)
    pair = pair_of(target, motion, source=source, source_motion=wiggle(source, frames=5))
    assert "pen_limb@1" in geometry_scores(pair, motion)


def test_a_motion_of_another_skeleton_or_length_is_refused(full_pair):
    with pytest.raises(WrongMotion, match="expected a motion on"):
        geometry_scores(full_pair, wiggle(capsule_person(), frames=12))
    with pytest.raises(WrongMotion, match="expected 12"):
        geometry_scores(full_pair, wiggle(full_pair.target, frames=11))


def test_an_unknown_key_is_answered_with_the_nearest_ones(full_pair, prediction):
    with pytest.raises(UnknownName, match=r"pen_limb@1"):
        geometry_scores(full_pair, prediction, ["pen_limbs@1"])


def test_the_worst_case_is_no_better_than_a_bad_clip(full_pair):
    truths = [motion.window(0, 12) for motion in full_pair.ground_truths]
    one_second = wiggle(full_pair.target, frames=12, scale=0.8, seed=5, fps=12.0)
    scores = geometry_scores(replace(full_pair, ground_truths=tuple(truths)), one_second)
    for metric in METRICS:
        worst = worst_case(metric.key)
        assert np.isfinite(worst)
        if metric.key in scores and metric.direction == "lower":
            assert worst >= scores[metric.key], metric.key
        if metric.direction == "higher":
            assert worst == metric.lower


def test_a_faster_clip_is_the_same_motion_at_another_rate(full_pair):
    target = full_pair.target
    slow = wiggle(target, frames=21, scale=0.5)
    fast = Motion(target.skeleton, slow.local_rotations_wxyz, slow.root_translation_m, 60)
    planted = np.ones((21, 2), bool)
    one = geometry_scores(pair_of(target, slow, planted=planted), slow)
    two = geometry_scores(pair_of(target, fast, planted=planted), fast)
    for key in ("pen_limb@1", "pen_depth_mean@1", "float_height@1", "range_of_motion@1", "joint_limits@1"):
        assert two[key] == one[key], key
    assert two["skate_mean@1"] == pytest.approx(2 * one["skate_mean@1"], rel=1e-6)
    assert two["root_speed@1"] == pytest.approx(2 * one["root_speed@1"], rel=1e-6)
