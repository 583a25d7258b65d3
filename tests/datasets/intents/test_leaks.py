"""Leaks from the test into training are found by words and by movement, whatever motions are called."""

import json
import subprocess
import sys
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from retargetbench.datasets.body import Motion
from retargetbench.datasets.body.joint_names import STANDARD_JOINTS
from retargetbench.datasets.body.joint_poses import motion_poses
from retargetbench.datasets.intents import leaks
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.intents.leaks import (
    comparable_poses,
    leak_report,
    nearest_training_distance,
    shared_captions,
)
from retargetbench.datasets.rotations import compose


@dataclass(frozen=True)
class Told:
    """A labelled motion."""

    name: str
    body: str
    motion: Motion
    words: dict = field(default_factory=dict)


def made_up(seed, body="average_man", frames=60):
    """A motion whose joints swing, each in its own way."""
    generator, skeleton = np.random.default_rng(seed), load_body(body).skeleton
    time = np.linspace(0, 2 * np.pi, frames)[:, None]
    half = 0.3 * np.sin(time * generator.uniform(0.5, 2, 52) + generator.uniform(0, 6, 52))
    axis = generator.normal(size=(52, 3))
    axis /= np.linalg.norm(axis, axis=-1, keepdims=True)
    rotations = np.concatenate([np.cos(half)[..., None], np.sin(half)[..., None] * axis], axis=-1)
    roots = skeleton.rest_offsets_m[0] + 0.1 * np.sin(time * generator.uniform(0.5, 2, 3))
    return Motion(skeleton, rotations.astype(np.float32), roots.astype(np.float32), 30.0)


def turned(motion, degrees, moved=(0.0, 0.0, 0.0)):
    """The same motion, all of it turned about the vertical and done elsewhere."""
    half = np.radians(degrees) / 2
    (w, y), q = (np.cos(half), np.sin(half)), motion.local_rotations_wxyz.astype(np.float64)
    root = q[:, 0]
    product = np.stack([w * root[:, 0] - y * root[:, 2], w * root[:, 1] + y * root[:, 3],
                        w * root[:, 2] + y * root[:, 0], w * root[:, 3] - y * root[:, 1]], axis=-1)  # fmt: skip
    q[:, 0] = product
    c, s = np.cos(2 * half), np.sin(2 * half)
    roots = motion.root_translation_m @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]).T + moved
    return replace(motion, local_rotations_wxyz=q.astype(np.float32), root_translation_m=roots.astype(np.float32))


def other_side(joint):
    """The joint of the other side, or the joint itself."""
    if joint.startswith("Left"):
        return "Right" + joint.removeprefix("Left")
    return "Left" + joint.removeprefix("Right") if joint.startswith("Right") else joint


def mirrored(motion):
    """The motion with left and right exchanged."""
    swap = [STANDARD_JOINTS.index(other_side(joint)) for joint in STANDARD_JOINTS]
    q = motion.local_rotations_wxyz[:, swap] * np.array([1, 1, -1, -1], np.float32)
    return replace(motion, local_rotations_wxyz=q, root_translation_m=motion.root_translation_m * [-1, 1, 1])


def clip(motion, body="average_man"):
    return motion, load_body(body).height_m


def distance(one, other):
    return float(nearest_training_distance([one], [other])[0])


def test_captions_are_shared_whatever_their_capitals_punctuation_and_spaces():
    train = ["A person claps, twice.", "Someone waves"]
    assert shared_captions(train, ["a  PERSON claps twice", "somebody waves"]) == {"a person claps twice"}
    assert shared_captions(iter(train), iter(["somebody waves"])) == set()


def test_a_copy_of_a_motion_is_found():
    assert distance(clip(made_up(1)), clip(made_up(1))) == 0


@pytest.mark.parametrize("degrees", [35, 90, -140, 180])
def test_a_copy_that_faces_another_way_and_stands_elsewhere_is_found(degrees):
    copy = turned(made_up(1), degrees, moved=(3.0, 0.0, -2.0))
    _, positions = motion_poses(copy)
    assert np.abs(positions - motion_poses(made_up(1))[1]).max() > 1
    assert distance(clip(copy), clip(made_up(1))) == pytest.approx(0, abs=1e-5)


def test_a_copy_that_is_done_more_slowly_is_found():
    slow, fast = made_up(1, frames=125), made_up(1, frames=63)  # every second frame is the same
    assert distance(clip(slow), clip(fast)) < 1e-3


def test_another_motion_and_a_mirror_image_are_not_the_same():
    assert distance(clip(made_up(2)), clip(made_up(1))) > 0.03
    assert distance(clip(mirrored(made_up(1))), clip(made_up(1))) > 0.03
    np.testing.assert_array_equal(mirrored(mirrored(made_up(1))).local_rotations_wxyz, made_up(1).local_rotations_wxyz)


def test_the_same_motion_on_another_body_is_nearer_than_another_motion_on_the_same_body():
    on_a_child = clip(made_up(1, "schoolchild"), "schoolchild")
    assert 0 < distance(on_a_child, clip(made_up(1))) < 0.5 * distance(clip(made_up(2)), clip(made_up(1)))


def test_distances_are_those_of_joints_in_the_mean_in_heights():
    motion = made_up(3)
    away = np.zeros((32, 21, 3))
    away[:, :3, 1] = 0.07
    poses = comparable_poses(*clip(motion))
    assert poses.shape == (32, 21, 3)
    assert leaks._distances(poses, (poses + away)[None])[0] == pytest.approx(0.07 * 3 / 21, rel=1e-3)
    half = comparable_poses(motion, 2 * load_body("average_man").height_m)
    np.testing.assert_allclose(2 * half, poses, rtol=1e-5, atol=1e-6)


def test_fingers_do_not_count():
    motion = made_up(1)
    stiff = motion.local_rotations_wxyz.copy()
    stiff[:, 22:] = (1, 0, 0, 0)
    assert distance(clip(replace(motion, local_rotations_wxyz=stiff)), clip(motion)) == 0


def test_in_its_first_frame_every_motion_faces_forwards():
    motion = turned(made_up(4), 77)
    poses = comparable_poses(*clip(motion))
    left, right = (STANDARD_JOINTS.index(name) - 1 for name in ("LeftUpLeg", "RightUpLeg"))
    across = poses[0, left] - poses[0, right]
    assert across[0] > 0
    assert abs(across[2]) < 0.02 * across[0]


@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_the_nearest_of_many_is_found_in_chunks_as_by_comparing_all(monkeypatch, chunk):
    monkeypatch.setattr(leaks, "_CHUNK", chunk)
    monkeypatch.setattr(leaks, "_BLOCK", 2)
    training = [made_up(seed, frames=40 + seed) for seed in range(10)]
    test = [made_up(seed, frames=50) for seed in range(100, 104)] + [training[7]]
    every = np.array([[distance(clip(one), clip(other)) for other in training] for one in test])
    found = nearest_training_distance(map(clip, test), map(clip, training))
    np.testing.assert_array_equal(found, every.min(axis=1))
    report = leak_report(
        [Told(f"test {n}", "average_man", m) for n, m in enumerate(test)],
        (Told(f"training {n}", "average_man", m) for n, m in enumerate(training)),
    )
    named = {pair["test"]["motion"]: pair["training"]["motion"] for pair in report["closest"]}
    assert named == {f"test {n}": f"training {row.argmin()}" for n, row in enumerate(every)}


def test_without_training_everything_is_infinitely_far():
    assert nearest_training_distance([clip(made_up(1))], []).tolist() == [np.inf]
    report = leak_report([Told("a", "average_man", made_up(1))], [])
    assert (report["counts"], report["closest"], report["least_h"]) == ([], [], None)


def test_a_report_counts_distances_names_the_closest_and_finds_shared_captions():
    def words(*texts, detailed):
        return {"captions": [{"text": text} for text in texts], "detailed": detailed}

    test = [
        Told("new", "average_man", made_up(2), words("She waves.", detailed="Both hands hang.")),
        Told("copied", "average_man", made_up(1), words("Someone claps", detailed="The left hand rises.")),
    ]
    training = [
        Told("shown", "average_man", made_up(1), words("someone claps!", detailed="The left hand falls.")),
        Told("shown again", "slim_man", made_up(5, "slim_man"), words("A bow.", detailed="both hands hang")),
    ]
    report = leak_report(test, iter(training), closest=1)
    assert json.loads(json.dumps(report)) == report
    assert (report["test_motions"], report["training_motions"]) == (2, 2)
    assert report["closest"] == [{
        "distance_h": 0.0,
        "test": {"motion": "copied", "body": "average_man"},
        "training": {"motion": "shown", "body": "average_man"},
    }]  # fmt: skip
    assert (report["shared_captions"], report["shared_detailed"]) == (["someone claps"], ["both hands hang"])
    assert report["counts"][0] == 1
    assert sum(report["counts"]) == 2
    far = float(
        nearest_training_distance([clip(made_up(2))], [(m.motion, load_body(m.body).height_m) for m in training])[0]
    )
    assert report["counts"][int(far / 0.005)] == 1
    assert report["median_h"] == pytest.approx(far / 2, rel=1e-3)


def test_looking_for_leaks_needs_no_torch():
    code = "import sys, retargetbench.datasets.intents.leaks; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_turning_here_is_turning_as_rotations_do():
    rotations, _ = motion_poses(turned(made_up(1), 90))
    before, _ = motion_poses(made_up(1))
    quarter = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    np.testing.assert_allclose(rotations[0, 0], compose(quarter, before[0, 0]), atol=1e-6)
