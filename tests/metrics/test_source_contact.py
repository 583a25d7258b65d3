import numpy as np
import pytest
import torch

from retargetbench.metrics.geometry import geometry_scores
from retargetbench.metrics.sensors import ZONES, Sensors, skin_map
from retargetbench.metrics.source_contact import (
    HandTouches,
    contact_agreement,
    contact_error,
)

from .cases import bend, capsule_person, load_body, moved, pair_of, replace, still, wiggle

KEYS = ["contact_error@1", "source_contact_precision@1", "source_contact_recall@1"]
HANDS_TOGETHER = {"LeftArm": ("y", -107), "RightArm": ("y", 107)}


def points(zones, radius=0.05):
    """Sensors of given zones; which face they lie on plays no part here."""
    count = len(zones)
    return Sensors(
        np.zeros((count, 3), int), np.ones((count, 3), np.float32) / 3, np.ones(count, bool),
        np.array([ZONES.index(zone) for zone in zones]), radius,
    )  # fmt: skip


def slow_error(zones, source_m, target_m, source_radius, target_radius):
    """The definition in plain loops."""
    values = []
    names = list(zones)
    for frame in range(1, len(source_m)):
        for a, first in enumerate(names):
            for b, second in enumerate(names):
                if first not in {"left_arm", "right_arm"} or first == second:
                    continue
                if first == "right_arm" and second == "left_arm":
                    continue  # this pair is counted from the left

                def apart(places, row, radius, a=a, b=b):
                    return float(np.linalg.norm(places[row][a] - places[row][b])) / radius

                if apart(source_m, 0, source_radius) < 2 or apart(target_m, 0, target_radius) < 2:
                    continue
                near = apart(source_m, frame, source_radius)
                if near < 2:
                    values.append(max(0.0, apart(target_m, frame, target_radius) - near) ** 2)
    return sum(values) / len(values) if values else None


def test_the_contact_error_is_that_of_its_definition_in_plain_loops():
    zones = ["trunk", "head", "left_arm", "left_arm", "right_arm", "right_arm", "left_leg"]
    generator = np.random.default_rng(0)
    source, target = (generator.normal(scale=0.12, size=(6, len(zones), 3)) for _ in range(2))
    source[0], target[0] = generator.normal(scale=2, size=(2, len(zones), 3))
    expected = slow_error(zones, source, target, 0.05, 0.07)
    found = contact_error(points(zones, 0.05), source, points(zones, 0.07), target)
    assert expected is not None
    assert found == pytest.approx(expected, rel=1e-6)


def test_contacts_that_come_closer_cost_nothing():
    source = np.array([[[0, 0, 0], [1.0, 0, 0]], [[0, 0, 0], [0.08, 0, 0]]])
    nearer = np.array([[[0, 0, 0], [1.0, 0, 0]], [[0, 0, 0], [0.02, 0, 0]]])
    sensors = points(["trunk", "left_arm"])
    assert contact_error(sensors, source, sensors, nearer) == 0
    assert contact_error(sensors, nearer, sensors, source) == pytest.approx((0.06 / 0.05) ** 2)


def test_a_source_without_contacts_has_no_contact_error():
    apart = np.array([[[0, 0, 0], [1.0, 0, 0]]] * 3)
    sensors = points(["trunk", "left_arm"])
    assert contact_error(sensors, apart, sensors, apart) is None
    legs = points(["trunk", "left_leg"])
    assert contact_error(legs, apart, legs, apart) is None


@pytest.mark.parametrize("name", ["average_man", "belly", "toddler", "big_head"])
def test_sensors_lie_on_the_skin_of_their_zone_on_every_body(name):
    character = load_body(name)
    sensors, places = skin_map(character)
    assert len(sensors.found) == 18 * 4 * 4
    assert sensors.found.mean() > 0.93
    assert (sensors.weights >= -1e-5).all()
    np.testing.assert_allclose(sensors.weights.sum(axis=1), 1, atol=1e-5)
    assert 0.01 < sensors.arm_radius_m / character.height_m < 0.05
    zone_of_corners = places.zone[sensors.corners[sensors.found]]
    assert (zone_of_corners == sensors.zones[sensors.found, None]).any(axis=1).all()


def test_the_same_place_has_the_same_coordinates_on_other_bodies():
    from retargetbench.datasets.intents.bodies import key_vertices

    keys = key_vertices()
    maps = [skin_map(load_body(name))[1] for name in ("average_man", "belly", "toddler", "long_arms")]
    for key in ("belly", "chest", "left_palm", "left_knee", "chin"):
        zones = {int(places.zone[keys[key]]) for places in maps}
        assert len(zones) == 1, key
        along = [float(places.along[keys[key]]) for places in maps]
        assert max(along) - min(along) < 0.2, key


def touching(distance, zone, along=0.5, around=0.0, frames=1):
    shape = (frames, 1)
    return HandTouches(
        np.full(shape, distance), np.full(shape, ZONES.index(zone)), np.full(shape, along), np.full(shape, around)
    )


def test_a_contact_is_kept_by_the_same_hand_in_the_same_place():
    source = touching(0.01, "head", along=0.4, around=3.0)
    for target, kept in (
        (touching(0.01, "head", along=0.6, around=-3.0), 1),
        (touching(0.029, "head", along=0.4, around=3.0), 1),
        (touching(0.031, "head", along=0.4, around=3.0), 0),
        (touching(0.01, "head", along=0.4, around=0.0), 0),
        (touching(0.01, "head", along=0.9, around=3.0), 0),
        (touching(0.01, "trunk", along=0.4, around=3.0), 0),
    ):
        assert contact_agreement([source], [target])["source_contact_recall"] == kept


def test_contacts_that_the_source_does_not_make_cost_precision():
    nothing, something = touching(0.2, "trunk"), touching(0.0, "trunk")
    assert contact_agreement([nothing], [something]) == {"source_contact_precision": 0}
    assert contact_agreement([something], [nothing]) == {"source_contact_recall": 0}
    assert contact_agreement([nothing], [nothing]) == {}
    assert contact_agreement([], []) == {}
    both = contact_agreement([nothing, something], [something, something])
    assert both == {"source_contact_recall": 1, "source_contact_precision": 0.5}


def test_the_same_pose_on_a_copy_of_the_character_keeps_every_contact():
    source = load_body("average_man")
    motion = bend(still(source, frames=3), **HANDS_TOGETHER)
    scores = geometry_scores(pair_of(source, motion), motion, KEYS)
    assert scores == {"contact_error@1": 0, "source_contact_precision@1": 1, "source_contact_recall@1": 1}


def test_a_body_twice_as_large_keeps_every_contact():
    small, large = capsule_person(), capsule_person(scale=2.0)
    motion = bend(still(small, frames=2), **HANDS_TOGETHER)
    same = bend(still(large, frames=2), **HANDS_TOGETHER)
    scores = geometry_scores(pair_of(large, same, source=small, source_motion=motion), same, KEYS)
    assert scores["contact_error@1"] == pytest.approx(0, abs=1e-5)
    assert scores["source_contact_recall@1"] == 1


def test_open_arms_lose_the_contact_of_folded_hands():
    source = load_body("average_man")
    motion = bend(still(source, frames=2), **HANDS_TOGETHER)
    opened = bend(still(source, frames=2), **(HANDS_TOGETHER | {"LeftArm": ("y", -60)}))
    scores = geometry_scores(pair_of(source, motion), opened, KEYS)
    assert scores["contact_error@1"] > 1
    assert scores["source_contact_recall@1"] < 1


def test_where_the_target_stands_does_not_matter():
    source, target = load_body("average_man"), load_body("belly")
    motion = bend(still(source, frames=2), **HANDS_TOGETHER)
    same = bend(still(target, frames=2), **HANDS_TOGETHER)
    pair = pair_of(target, same, source=source, source_motion=motion)
    here = geometry_scores(pair, same, KEYS)
    there = geometry_scores(pair, moved(same, turn_deg=60, shift_m=(1, 1, 1)), KEYS)
    assert there.keys() == here.keys()
    for key, value in here.items():
        assert there[key] == pytest.approx(value, rel=1e-3, abs=1e-3)


def test_a_hand_made_of_a_shell_or_missing_is_no_obstacle():
    person = capsule_person()
    handless = replace(person, parts=np.where(np.isin(person.parts, [3, 5]), 0, person.parts))
    motion = wiggle(person, frames=3)
    scores = geometry_scores(pair_of(handless, motion, source=person, source_motion=motion), motion, KEYS)
    assert all(np.isfinite(value) for value in scores.values())


def test_sensors_move_with_the_skin():
    from retargetbench.datasets.body.kinematics import motion_vertices_m
    from retargetbench.metrics.clip_geometry import measure_clip

    character = load_body("average_man")
    motion = wiggle(character, frames=2)
    sensors, _ = skin_map(character)
    clip = measure_clip(character, motion, features=("sensors",))
    vertices = motion_vertices_m(character, motion)
    for row in (0, 100, 200):
        corners = vertices[:, torch.from_numpy(sensors.corners[row])]
        expected = (corners * torch.from_numpy(sensors.weights[row])[:, None]).sum(dim=1)
        torch.testing.assert_close(clip.sensors_m[:, row], expected)
