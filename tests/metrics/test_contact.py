import numpy as np
import pytest
import torch

from retargetbench.datasets.body.kinematics import motion_vertices_m
from retargetbench.datasets.intents.bodies import key_vertices
from retargetbench.metrics.clip_geometry import WrongMotion, measure_clip
from retargetbench.metrics.contact import GoalFrames, GoalTrack, contact_rates, contact_timing, runs
from retargetbench.metrics.geometry import geometry_scores, goal_tracks

from .cases import bend, goal, load_body, mirrored, moved, pair_of, still, wiggle

CONTACT = ["goal_contact@1", "goal_precision@1", "goal_f1@1", "goal_onset_ms@1", "goal_offset_ms@1"]


def frames(text):
    """ "..##." -> False False True True False."""
    return np.array([mark == "#" for mark in text])


def programmed(held, free, touching):
    return GoalFrames(frames(held), frames(free), frames(touching))


def touch(distance=0.0, depth=0.0, facing_deg=0.0, faces_skin=True):
    return bool(
        GoalTrack(np.array([distance]), np.array([depth]), np.cos(np.radians([facing_deg])), faces_skin).touching[0]
    )


def test_a_touch_needs_nearness_a_shallow_depth_and_a_palm_that_faces_the_skin():
    assert touch(distance=0.0119, depth=0.0059, facing_deg=59)
    assert not touch(distance=0.0121)
    assert not touch(depth=0.0061)
    assert not touch(facing_deg=61)
    assert touch(facing_deg=170, faces_skin=False)


def test_rates_count_held_and_free_frames_and_nothing_else():
    rates = contact_rates([programmed(held="..####..", free="#......#", touching="##.##.#.")])
    # Held 4, of them 2 touch; free 2, of them 1 touches; the touching transitions count for nothing.
    assert rates["goal_contact"] == 2 / 4
    assert rates["goal_precision"] == 2 / 3
    assert rates["goal_f1"] == pytest.approx(2 * 0.5 * (2 / 3) / (0.5 + 2 / 3))


def test_goals_of_a_clip_are_pooled_frame_by_frame():
    one = programmed(held="####", free="....", touching="####")
    two = programmed(held="#...", free=".###", touching="....")
    assert contact_rates([one, two])["goal_contact"] == 4 / 5


def test_touching_nothing_has_no_precision_but_an_f1_of_zero():
    rates = contact_rates([programmed(held="##..", free="..##", touching="....")])
    assert rates == {"goal_contact": 0, "goal_f1": 0}


def test_touching_all_the_time_is_not_a_way_to_win():
    rates = contact_rates([programmed(held="##......", free="..######", touching="########")])
    assert rates["goal_contact"] == 1
    assert rates["goal_precision"] == rates["goal_contact"] / 4
    assert rates["goal_f1"] == pytest.approx(0.4)


def test_a_program_without_held_frames_has_no_rate():
    assert contact_rates([programmed(held="....", free="####", touching="....")]) == {}
    assert contact_rates([]) == {}


def test_timing_is_measured_from_the_run_around_the_span():
    timing = contact_timing([programmed(held="...####...", free="#........#", touching=".######...")], fps=20)
    assert timing == {"goal_onset_ms": 100, "goal_offset_ms": 0}
    late = contact_timing([programmed(held="...####...", free="#........#", touching=".....####.")], fps=20)
    assert late == {"goal_onset_ms": 100, "goal_offset_ms": 100}


def test_a_flickering_contact_is_timed_by_its_ends():
    timing = contact_timing([programmed(held="..####..", free="#......#", touching="..#..#..")], fps=10)
    assert timing == {"goal_onset_ms": 0, "goal_offset_ms": 0}


def test_a_missed_contact_counts_its_own_length():
    timing = contact_timing([programmed(held="..####..", free="#......#", touching="#.......")], fps=10)
    assert timing == {"goal_onset_ms": 400, "goal_offset_ms": 400}


def test_a_span_cut_by_the_clip_has_no_onset_or_no_offset():
    timing = contact_timing([programmed(held="##....##", free="...##...", touching="#......#")], fps=10)
    assert timing == {"goal_onset_ms": 100, "goal_offset_ms": 100}
    assert contact_timing([programmed(held="####", free="....", touching="####")], fps=10) == {}


def test_runs_are_half_open_spans():
    assert runs(frames("#..##.#")) == [(0, 1), (3, 5), (6, 7)]
    assert runs(frames("...")) == []
    assert runs(frames("")) == []


def hand_on_belly(character):
    """A pose in which the left palm is brought onto the belly by descent on the arm's rotations."""
    from retargetbench.datasets.body import Motion
    from retargetbench.datasets.body.kinematics import SkinTensors
    from retargetbench.metrics.clip_geometry import vertex_normals

    keys, body = key_vertices(), SkinTensors.of(character)
    start = bend(still(character, frames=1), LeftArm=("z", -50), LeftForeArm=("y", -80))
    joints = [character.skeleton.index(f"Left{name}") for name in ("Arm", "ForeArm", "Hand")]
    quaternions = torch.tensor(start.local_rotations_wxyz)
    turn = torch.zeros(3, 4, requires_grad=True)
    root = torch.tensor(start.root_translation_m)
    faces = torch.tensor(character.faces, dtype=torch.int64)
    optimiser = torch.optim.Adam([turn], lr=0.05)

    def posed():
        moving = quaternions.clone()
        moving[0, joints] = torch.nn.functional.normalize(quaternions[0, joints] + turn, dim=-1)
        return moving

    for _ in range(150):
        vertices = body.vertices_m(body.pose(posed(), root))[0]
        normals = vertex_normals(vertices, faces)
        palm, place = normals[keys["left_palm"]], normals[keys["belly"]]
        facing = torch.cosine_similarity(palm, place, dim=0)
        gap = (
            vertices[keys["left_palm"]] - vertices[keys["belly"]] - 0.004 * torch.nn.functional.normalize(place, dim=0)
        )
        loss = 1000 * gap.square().sum() + torch.relu(facing + 0.7)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return Motion(character.skeleton, posed().detach().numpy(), root.numpy(), 30)


@pytest.fixture(scope="module")
def belly_case():
    character = load_body("average_man")
    pose = hand_on_belly(character)
    away = still(character, frames=1)
    from retargetbench.datasets.body import Motion

    rotations = np.concatenate([away.local_rotations_wxyz.repeat(4, 0), pose.local_rotations_wxyz.repeat(6, 0)])
    motion = Motion(character.skeleton, rotations, away.root_translation_m.repeat(10, 0), 30)
    return character, motion, goal("left_palm", "belly", 10, held=[(4, 10)], free=[(0, 4)])


def test_a_palm_on_the_belly_is_seen_and_its_absence_too(belly_case):
    character, motion, on_belly = belly_case
    pair = pair_of(character, motion, goals=[on_belly])
    scores = geometry_scores(pair, motion, CONTACT)
    assert scores == {"goal_contact@1": 1, "goal_precision@1": 1, "goal_f1@1": 1, "goal_onset_ms@1": 0}
    rest = geometry_scores(pair, still(character, frames=10), CONTACT)
    assert rest["goal_contact@1"] == rest["goal_f1@1"] == 0
    assert rest["goal_onset_ms@1"] == pytest.approx(200)


def test_what_the_goal_sees_is_what_the_mesh_does(belly_case):
    character, motion, on_belly = belly_case
    clip = measure_clip(character, motion, [on_belly], features=("goals",))
    (track,) = goal_tracks(pair_of(character, motion, goals=[on_belly]), clip)
    vertices = motion_vertices_m(character, motion).double().numpy()
    gap = np.linalg.norm(vertices[:, on_belly.vertex] - vertices[:, on_belly.place], axis=1)
    np.testing.assert_allclose(track.distance, gap / character.height_m, rtol=1e-4)
    assert (track.facing_cosine[4:] > 0.5).all()
    assert (track.facing_cosine[:4] < 0.5).all()


def test_a_palm_that_goes_through_the_skin_is_no_contact(belly_case):
    character, motion, on_belly = belly_case
    from retargetbench.datasets.body import Motion

    pushed = motion.local_rotations_wxyz.copy()
    elbow = character.skeleton.index("LeftForeArm")
    turn = np.array([np.cos(0.15), 0, -np.sin(0.15), 0])
    w, x, y, z = np.moveaxis(pushed[:, elbow], -1, 0)
    pushed[:, elbow] = np.stack([w * turn[0] - y * turn[2], x * turn[0] - z * turn[2], y * turn[0] + w * turn[2],
                                 z * turn[0] + x * turn[2]], axis=-1)  # fmt: skip
    deeper = Motion(character.skeleton, pushed, motion.root_translation_m, 30)
    scores = geometry_scores(pair_of(character, motion, goals=[on_belly]), deeper, [*CONTACT, "pen_arm@1[0.3%H]"])
    assert scores["pen_arm@1[0.3%H]"] > 1
    assert scores["goal_contact@1"] == 0


def test_the_place_on_the_earth_and_the_frame_rate_do_not_matter(belly_case):
    character, motion, on_belly = belly_case
    pair = pair_of(character, motion, goals=[on_belly])
    there = moved(motion, turn_deg=50, shift_m=(2, 0, 1))
    assert geometry_scores(pair, there, CONTACT) == geometry_scores(pair, motion, CONTACT)


def test_the_mirrored_contact_is_met_by_the_mirrored_motion(belly_case):
    character, motion, _ = belly_case
    other = goal("right_palm", "belly", 10, held=[(4, 10)], free=[(0, 4)])
    clip = measure_clip(character, mirrored(motion), [other], features=("goals",))
    (track,) = goal_tracks(pair_of(character, motion, goals=[other]), clip)
    assert track.distance[4:].max() < 0.03  # bodies are only nearly symmetric
    assert track.facing_cosine[4:].min() > 0.3


def test_a_clip_without_goals_has_no_contact_scores(belly_case):
    character, motion, _ = belly_case
    assert geometry_scores(pair_of(character, motion), motion, CONTACT) == {}


def test_goals_of_another_length_are_refused(belly_case):
    character, motion, _ = belly_case
    other = goal("left_palm", "belly", 9, held=[(4, 9)])
    with pytest.raises(WrongMotion, match=r"C101.*left_palm on belly.*10 frames|C101.*10 frames.*left_palm on belly"):
        geometry_scores(pair_of(character, motion, goals=[other]), motion, CONTACT)
    with pytest.raises(WrongMotion, match="expected 10"):
        geometry_scores(pair_of(character, motion), wiggle(character, frames=7))
