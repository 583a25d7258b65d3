"""The shipped clips: what a pair holds, what a method may see of it, and that every byte is checked."""

import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import torch

from retargetbench.datasets.body.kinematics import motion_vertices_m
from retargetbench.datasets.clip_set import SPLITS
from retargetbench.datasets.errors import UnknownName
from retargetbench.datasets.intents.bodies import key_vertices, load_body
from retargetbench.datasets.intents.clips import load_intents, permuted, read_intents
from retargetbench.datasets.intents.mini_pairs import MINI_PAIRS
from retargetbench.datasets.manifest import DamagedData

DATA = Path(str(files("retargetbench.datasets.intents"))) / "data"


@pytest.fixture(scope="module")
def clips():
    return load_intents("mini")


@pytest.fixture(scope="module")
def contact_pair(clips):
    return next(p for p in map(clips.load, (s.clip_id for s in clips.pairs)) if p.contact_goals)


def test_mini_ships_exactly_the_pairs_of_the_committed_list(clips):
    shipped = {(s.split, s.motion, s.source, s.target) for s in clips.pairs}
    assert shipped == {(p.split, p.program().name, p.source, p.target) for p in MINI_PAIRS}
    assert [s.clip_id for s in clips.pairs] == sorted(s.clip_id for s in clips.pairs)
    assert {s.split for s in clips.pairs} == set(SPLITS)


def test_every_pair_has_three_solutions_on_the_target_and_one_motion_on_the_source(clips):
    for spec in clips.pairs:
        pair = clips.load(spec.clip_id)
        assert len(pair.ground_truths) == 3
        assert pair.source.name == spec.source
        assert pair.target.name == spec.target
        assert {m.frame_count for m in (pair.source_motion, *pair.ground_truths)} == {spec.frame_count}
        assert pair.planted.shape == (spec.frame_count, 2)


def test_the_solutions_of_a_pair_are_different_answers_to_the_same_motion(contact_pair):
    first, *others = (truth.local_rotations_wxyz for truth in contact_pair.ground_truths)
    for other in others:
        degrees = np.degrees(2 * np.arccos(np.clip(np.abs((first * other).sum(-1)), 0, 1)))
        assert 0.01 < degrees.mean() < 10


def test_contact_goals_are_held_in_some_frames_free_in_others_and_never_both(clips):
    for spec in clips.pairs:
        for goal in clips.load(spec.clip_id).contact_goals:
            assert goal.held.any()
            assert goal.free.any()
            assert not (goal.held & goal.free).any()
            assert goal.held.shape == goal.free.shape == (spec.frame_count,)


def test_the_shipped_truth_touches_where_its_goal_says(contact_pair):
    goal = contact_pair.contact_goals[0]
    vertices = motion_vertices_m(contact_pair.target, contact_pair.ground_truths[0]).numpy()
    away = np.linalg.norm(vertices[:, goal.vertex] - vertices[:, goal.place], axis=-1) / contact_pair.target.height_m
    assert away[goal.held].max() <= 0.015
    assert away[goal.free].min() >= 0.05
    assert goal.vertex in key_vertices().values()


def test_training_never_holds_a_ground_truth_of_a_test_pair(clips):
    held = {(motion, body) for motion, bodies in clips.manifest["training_motions"].items() for body in bodies}
    tested = {(s.motion, s.target) for s in clips.pairs}
    assert not held & tested
    assert {motion for motion, _ in held} == {s.motion for s in clips.pairs if s.split.endswith("SM")}


def test_no_unseen_program_is_among_the_training_programs(clips):
    training = set(clips.manifest["training_intents"])
    assert all((s.motion_cluster in training) == s.split.endswith("SM") for s in clips.pairs)


def test_a_permuted_mesh_moves_like_the_mesh_it_was_made_from(clips, contact_pair):
    clip_id = contact_pair.spec.clip_id
    given = clips.method_input(clip_id, seed=1)
    order = clips.permutation(clip_id, "target")
    truth = contact_pair.ground_truths[0].window(10, 20)
    whole = motion_vertices_m(contact_pair.target, truth)[:, torch.from_numpy(order)]
    torch.testing.assert_close(motion_vertices_m(given.target, truth), whole, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(given.target.parts, contact_pair.target.parts[order])


def test_a_permuted_mesh_has_the_same_triangles(clips, contact_pair):
    body, order = contact_pair.source, clips.permutation(contact_pair.spec.clip_id, "source")
    given = clips.method_input(contact_pair.spec.clip_id, seed=1).source

    def triangles(faces):
        first = faces.argmin(axis=1)
        turned = np.take_along_axis(faces, (first[:, None] + np.arange(3)) % 3, axis=1)
        return {tuple(face) for face in turned.tolist()}

    assert triangles(order[given.faces]) == triangles(body.faces)


def test_source_and_target_are_permuted_differently_so_their_vertex_order_is_no_hint(clips, contact_pair):
    clip_id = contact_pair.spec.clip_id
    assert (clips.permutation(clip_id, "source") != clips.permutation(clip_id, "target")).mean() > 0.9


def test_what_a_method_sees_names_neither_the_bodies_nor_the_motion(clips, contact_pair):
    given = clips.method_input(contact_pair.spec.clip_id, seed=1)
    assert (given.source.name, given.target.name) == ("source", "target")
    assert given.seed == 1


def test_permuting_with_the_identity_order_keeps_positions_and_weights():
    body = load_body("average_man")
    same = permuted(body, np.arange(body.vertex_count), np.random.default_rng(0))
    np.testing.assert_array_equal(same.rest_vertices_m, body.rest_vertices_m)
    np.testing.assert_allclose(same.dense_weights, body.dense_weights, atol=1e-6)


def test_one_changed_byte_of_the_motions_is_refused(tmp_path):
    for name in ("mini.npz", "mini.manifest.json", "bodies.npz", "bodies_uncounted.npz"):
        shutil.copy(DATA / name, tmp_path / name)
    assert len(read_intents(tmp_path).pairs) == len(MINI_PAIRS)
    content = bytearray((tmp_path / "mini.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "mini.npz").write_bytes(content)
    with pytest.raises(DamagedData, match=r"mini\.npz"):
        read_intents(tmp_path)


def test_an_unknown_clip_or_variant_is_answered_with_a_name_that_exists(clips):
    with pytest.raises(UnknownName, match="mini"):
        load_intents("minni")
    clip_id = clips.pairs[0].clip_id
    with pytest.raises(UnknownName, match=clip_id.split("/")[2]):
        clips.load(clip_id[:-1])


def test_loading_clips_needs_neither_torch_nor_the_solver():
    code = (
        "import sys; from retargetbench.datasets.intents.clips import load_intents; "
        "c = load_intents(); c.method_input(c.pairs[0].clip_id, 0); "
        "bad = {'torch', 'warp', 'scipy', 'retargetbench.datasets.intents.solver'} & set(sys.modules); "
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
