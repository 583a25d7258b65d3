import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.body.kinematics import motion_vertices_m
from retargetbench.datasets.body.limbs import limb_bodies
from retargetbench.datasets.intents.bodies import key_vertices, load_body
from retargetbench.reference_model.baselines import rotation_copy
from retargetbench.reference_model.baselines.classical import retarget

FRAMES, FPS = 24, 30.0


def turn(axis, degrees):
    half = np.radians(degrees) / 2
    return np.array([np.cos(half), *(np.sin(half) * np.asarray(axis, dtype=float))])


def multiply(a, b):
    w, v = a[0] * b[0] - a[1:] @ b[1:], a[0] * b[1:] + b[0] * a[1:] + np.cross(a[1:], b[1:])
    return np.array([w, *v])


def hands_on_the_belly(character, frames=FRAMES, lowered_deg=55, bent_deg=95):
    """Both arms hang at first and then bend until the hands are at the belly; the feet stand."""
    names = character.skeleton.joint_names
    rotations = np.tile(np.array([1.0, 0.0, 0.0, 0.0]), (frames, len(names), 1))
    for frame, share in enumerate(np.clip(np.linspace(-0.5, 1.5, frames), 0, 1)):
        for side, sign in (("Left", -1.0), ("Right", 1.0)):
            twisted = multiply(turn((0, 1, 0), sign * 20 * share), turn((1, 0, 0), 40 * share))
            rotations[frame, names.index(f"{side}Arm")] = multiply(turn((0, 0, 1), sign * lowered_deg), twisted)
            rotations[frame, names.index(f"{side}ForeArm")] = turn((0, 1, 0), sign * bent_deg * share)
    root = np.repeat(character.skeleton.rest_offsets_m[:1], frames, axis=0)
    return Motion(character.skeleton, rotations.astype(np.float32), root, FPS)


def penetrating_share(character, motion):
    vertices = motion_vertices_m(character, motion)
    inside, count = 0, 0
    for limb in limb_bodies(character):
        hits = limb.surface.query(limb.vertices_m(vertices), vertices[:, limb.counted])
        inside, count = inside + int(hits.inside.sum()), count + hits.inside.numel()
    return inside / count


def hand_to_body_m(character, motion, frames):
    """Distance of the nearest hand vertex to the rest of the body, the worse of both hands, [frames]."""
    vertices = motion_vertices_m(character, motion)[frames]
    worst = np.zeros(len(frames))
    for limb in limb_bodies(character)[:2]:
        hand = np.intersect1d(limb.vertices, character.part_vertices("left_hand", "right_hand"))
        hits = limb.surface.query(limb.vertices_m(vertices), vertices[:, hand])
        worst = np.maximum(worst, np.where(hits.inside, 0.0, hits.distance_m).min(axis=1))
    return worst


@pytest.fixture(scope="module")
def bodies():
    return load_body("slim_man"), load_body("stocky_man")


@pytest.fixture(scope="module")
def onto_a_stocky_man(bodies):
    slim, stocky = bodies
    motion = hands_on_the_belly(slim)
    copied = rotation_copy.retarget(slim, motion, stocky, seed=0)
    return motion, copied, retarget(slim, motion, stocky, seed=0)


def test_hands_that_a_copy_puts_into_the_body_come_out(bodies):
    slim, stocky = bodies
    motion = hands_on_the_belly(stocky, lowered_deg=65, bent_deg=90)
    copied = penetrating_share(slim, rotation_copy.retarget(stocky, motion, slim, seed=0))
    solved = penetrating_share(slim, retarget(stocky, motion, slim, seed=0))
    assert copied > 0.008
    assert solved < 0.2 * copied


def test_a_touch_of_the_source_is_a_touch_of_the_target(bodies, onto_a_stocky_man):
    slim, stocky = bodies
    motion, copied, solved = onto_a_stocky_man
    touching = np.flatnonzero(hand_to_body_m(slim, motion, np.arange(FRAMES)) < 0.008 * slim.height_m)
    assert len(touching) >= 4
    assert hand_to_body_m(stocky, copied, touching).min() > 0.015 * stocky.height_m
    assert hand_to_body_m(stocky, solved, touching).max() < 0.012 * stocky.height_m


def test_standing_feet_neither_float_nor_slide_nor_sink(bodies, onto_a_stocky_man):
    _, stocky = bodies
    _, _, solved = onto_a_stocky_man
    vertices = motion_vertices_m(stocky, solved).numpy()
    lowest = vertices[..., 1].min(axis=1)
    assert np.abs(lowest).max() < 0.004 * stocky.height_m
    for heel in (key_vertices()["left_heel"], key_vertices()["right_heel"]):
        assert np.ptp(vertices[:, heel], axis=0).max() < 0.004 * stocky.height_m


def test_the_same_call_gives_the_same_bits_and_leaves_its_input_alone(bodies, onto_a_stocky_man):
    slim, stocky = bodies
    motion, _, solved = onto_a_stocky_man
    before = [a.copy() for a in (motion.local_rotations_wxyz, motion.root_translation_m, stocky.rest_vertices_m)]
    again = retarget(slim, motion, stocky, seed=0)
    np.testing.assert_array_equal(again.local_rotations_wxyz, solved.local_rotations_wxyz)
    np.testing.assert_array_equal(again.root_translation_m, solved.root_translation_m)
    after = (motion.local_rotations_wxyz, motion.root_translation_m, stocky.rest_vertices_m)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_clean_motion_retargeted_to_its_own_body_hardly_changes(bodies):
    slim, _ = bodies
    motion = hands_on_the_belly(slim)
    assert penetrating_share(slim, motion) < 0.001
    solved = retarget(slim, motion, slim, seed=0)
    moved = np.linalg.norm(motion_vertices_m(slim, solved) - motion_vertices_m(slim, motion), axis=-1)
    assert moved.mean() < 0.002 * slim.height_m
    assert moved.max() < 0.015 * slim.height_m


@pytest.mark.parametrize(("frames", "fps"), [(1, 30.0), (2, 30.0), (7, 12.0), (50, 120.0)])
def test_any_length_and_frame_rate_is_solved(bodies, frames, fps):
    slim, stocky = bodies
    motion = hands_on_the_belly(slim, frames)
    motion = Motion(motion.skeleton, motion.local_rotations_wxyz, motion.root_translation_m, fps)
    solved = retarget(slim, motion, stocky, seed=0)
    assert solved.frame_count == frames
    assert solved.fps == fps


def test_the_card_states_what_it_was_tuned_on():
    assert retarget.card["name"] == "classical"
    assert retarget.card["parameters"] == 0
    assert all("training" in data for data in retarget.card["trained_on"])
    assert retarget.card["trained_on_metrics"]
