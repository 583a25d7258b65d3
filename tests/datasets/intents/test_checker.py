"""The checker accepts what is right and notices what is not, whoever made it."""

from dataclasses import replace

import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.intents.bodies import key_vertices, load_body
from retargetbench.datasets.intents.checker import (
    PRESSED,
    Tolerances,
    measure,
    misses,
    range_report,
    tolerances_for,
)
from retargetbench.datasets.intents.clips import load_intents
from retargetbench.datasets.intents.mini_pairs import MINI_PAIRS
from retargetbench.datasets.intents.programs import INTENTS, Free


@pytest.fixture(scope="module")
def solved():
    """A program, a body and a right answer, as shipped: the checker needs no solver to be tried."""
    clips = load_intents("mini")
    spec = next(pair for pair in clips.pairs if pair.motion.startswith("hand_on_hip-left"))
    (program,) = (made for pair in MINI_PAIRS if (made := pair.program()).name == spec.motion)
    return program, load_body(spec.target), clips.load(spec.clip_id).ground_truths[0]


def _turned(motion, joint, degrees, axis):
    half = np.radians(degrees) / 2
    turn = np.array([np.cos(half), *(np.sin(half) * np.asarray(axis))])
    rotations = motion.local_rotations_wxyz.astype(np.float64).copy()
    column = motion.skeleton.index(joint)
    w, x, y, z = turn
    matrix = np.array([[w, -x, -y, -z], [x, w, z, -y], [y, -z, w, x], [z, y, -x, w]])
    rotations[:, column] = rotations[:, column] @ matrix.T
    return Motion(motion.skeleton, rotations, motion.root_translation_m, motion.fps)


def test_the_checker_accepts_a_solved_truth(solved):
    program, body, truth = solved
    assert misses(measure(program, body, truth, key_vertices())) == ()


def test_the_checker_notices_an_opened_contact(solved):
    program, body, truth = solved
    opened = _turned(truth, "LeftArm", 12, (0, 0, 1))
    assert "held_share" in misses(measure(program, body, opened, key_vertices()))


def test_the_checker_notices_an_arm_pushed_through_the_body(solved):
    program, body, truth = solved
    pushed = _turned(truth, "RightArm", 25, (0, 0, 1))
    assert "penetration_share" in misses(measure(program, body, pushed, key_vertices()))


def test_the_checker_notices_sliding_feet(solved):
    program, body, truth = solved
    root = truth.root_translation_m.copy()
    root[:, 0] += np.linspace(0, 0.1, len(root))
    assert "skate_cm_s" in misses(measure(program, body, replace(truth, root_translation_m=root), key_vertices()))


def test_the_checker_notices_one_slip_that_the_mean_hides(solved):
    program, body, truth = solved
    root = truth.root_translation_m.copy()
    root[len(root) // 2 :, 0] += 0.004
    measured = measure(program, body, replace(truth, root_translation_m=root), key_vertices())
    assert measured.skate_cm_s < 1
    assert measured.skate_p95_cm_s < 3
    for step in range(6):
        root[10 * (step + 1) :, 0] += 0.002
    measured = measure(program, body, replace(truth, root_translation_m=root), key_vertices())
    assert measured.skate_p95_cm_s > 3


def test_a_contact_on_a_frame_programmed_free_costs_precision(solved):
    program, body, truth = solved
    pair = program.contact_pairs()[0]
    held = np.flatnonzero(program.held(*pair)) / program.fps
    wrong = Free(vertex=pair[0], place=pair[1], from_s=held[0], to_s=held[-1])
    measured = measure(replace(program, goals=(*program.goals, wrong)), body, truth, key_vertices())
    assert measure(program, body, truth, key_vertices()).precision == 1
    assert measured.precision == pytest.approx(0.5, abs=0.05)
    assert "precision" in misses(measured)


def test_the_range_report_names_the_joint_and_by_how_much(solved):
    _, _, truth = solved
    assert range_report(truth) == {}
    report = range_report(_turned(truth, "Neck", 90, (0, 1, 0)))
    assert set(report) == {"Neck"}
    assert 30 < report["Neck"] < 70


def test_only_pressed_intents_may_press_skin_on_skin(solved):
    program, _, _ = solved
    assert tolerances_for(program) == Tolerances()
    pressed = next(name for name, intent in INTENTS.items() if intent.pressed)
    drawn = INTENTS[pressed].draw(np.random.default_rng(1))
    assert tolerances_for(drawn) == PRESSED
    assert PRESSED.penetration_share == 0.02


def test_the_checker_notices_a_body_that_sinks_into_the_floor(solved):
    program, body, truth = solved
    sunk = replace(truth, root_translation_m=truth.root_translation_m - np.float32([0, 0.05, 0]))
    assert "floor_h" in misses(measure(program, body, sunk, key_vertices()))


def test_the_checker_notices_an_elbow_that_bends_backwards(solved):
    program, body, truth = solved
    broken = _turned(truth, "RightForeArm", -120, (0, 1, 0))
    assert "range_share" in misses(measure(program, body, broken, key_vertices()))
