"""``smt-paired`` sees right answers, the same program on two bodies; what is trained without the flag does not."""

from dataclasses import replace

import numpy as np
import pytest

from retargetbench.benchmark.running.methods import installed_methods
from retargetbench.benchmark.submission.method_card import card_from
from retargetbench.datasets.intents.motion_shards import read_clips
from retargetbench.datasets.intents.packed import unpack_clip
from retargetbench.reference_model.smt import trainer
from retargetbench.reference_model.smt.batch import Moves, Rigs
from retargetbench.reference_model.smt.command import Smt
from retargetbench.reference_model.smt.drawn import answer_loss, moves_of
from retargetbench.reference_model.smt.errors import NoAnswers, NoPairs
from retargetbench.reference_model.smt.figure import build_figure
from retargetbench.reference_model.smt.method import SmtMethod
from retargetbench.reference_model.smt.pair_terms import pair_terms
from retargetbench.reference_model.smt.paired_clips import EndlessPairs, PairedClips, PairPool, partners
from retargetbench.reference_model.smt.pairs import PoolSize
from retargetbench.reference_model.smt.sources import SourceClips
from retargetbench.reference_model.smt.stage1 import Stage1, Training
from retargetbench.reference_model.smt.targets import TargetBodies
from retargetbench.reference_model.trained_weights import NoWeights
from retargetbench.reference_model.training.motions import find_shards

from .small import moves, rigs, small
from .test_training import counting


@pytest.fixture(scope="module")
def clips(motions_folder):
    return PairedClips(find_shards(motions_folder, "train"), build=build_figure)


def learner_of(clips, batch=2, **changes):
    profile = replace(small("best"), batch=batch, **changes)
    return Stage1(Training(profile, 9, 1), clips, TargetBodies(1, 2), EndlessPairs(clips, profile.frames))


def place_of(window, folder):
    """Which clip of the shard a window is cut from, and from which frame on."""
    arrays, size = read_clips(folder / "train-0000.npz"), len(window.root_m)
    for clip in range(4):
        rotations = unpack_clip(arrays, clip)[0][:, 1:22]
        for first in range(len(rotations) - size + 1):
            if np.allclose(rotations[first : first + size], window.rotations_wxyz[:, 1:], atol=1e-6):
                return clip, first
    raise AssertionError


def test_a_pair_is_the_same_stretch_of_one_program_on_two_bodies(clips, motions_folder):
    for pair in clips.cut_pairs(PoolSize(6, 20, 0), np.random.default_rng(0)):
        (one, first), (other, same) = place_of(pair.window, motions_folder), place_of(pair.answer, motions_folder)
        assert {one // 2, other // 2} == {one // 2}  # two bodies to a program, see conftest
        assert one != other
        assert first == same
        assert not np.array_equal(pair.window.rig.points_m, pair.answer.rig.points_m)
        assert np.allclose(pair.window.root_m[0, [0, 2]], pair.answer.root_m[0, [0, 2]], atol=1e-6)
        steps = [w.root_m[-1, [0, 2]] - w.root_m[0, [0, 2]] for w in (pair.window, pair.answer)]
        assert np.allclose(*steps, atol=1e-5)  # the made-up clips walk alike: both are turned by one angle


def test_partners_are_of_one_program_and_one_length_on_other_bodies():
    found = partners(["a", "a", "b", "a", "a", "a"], ["x", "y", "y", "x", "z", "z"], [9, 9, 9, 9, 9, 8])
    assert found == [[1, 4], [0, 3, 4], [], [1, 4], [0, 1, 3], []]


def test_numbered_pairs_are_the_same_whenever_they_are_drawn(clips):
    pools = [PairPool(clips, PoolSize(2, 6, 1)) for _ in range(2)]
    drawn = [pool.draw_pairs(8, np.random.default_rng(seed)) for seed, pool in enumerate(pools)]
    kinds = [{pair.answer.root_m.tobytes() for pair in pairs} for pairs in drawn]
    assert kinds[0] == kinds[1]
    assert len(kinds[0]) == 2


def test_half_of_a_batch_has_answers_and_they_stand_in_for_the_other_terms(clips):
    learner = learner_of(clips, batch=3)
    drawn = learner.draw(0)
    alone = Stage1(learner.training, clips, TargetBodies(1, 2)).draw(0)
    assert (len(drawn.windows), len(drawn.targets), len(drawn.answers)) == (3, 3, 2)
    assert [answer.rig for answer in drawn.answers] == drawn.targets[1:]
    assert np.array_equal(drawn.windows[0].root_m, alone.windows[0].root_m)
    given, made = moves_of(drawn.windows, "cpu"), moves(1, 2, 3)
    source, target = Rigs.of([w.rig for w in drawn.windows]), Rigs.of(drawn.targets)
    here, there = source.pose(given), target.pose(made)
    parts = drawn.terms((given, source, here), (made, target, there), learner.training.profile)
    first = slice(0, 1)
    free = pair_terms(
        (given[first], source[first], source[first].pose(given[first])),
        (made[first], target[first], target[first].pose(made[first])),
        learner.training.profile,
    )
    answer = answer_loss((made[1:], target[1:], target[1:].pose(made[1:])), moves_of(drawn.answers, "cpu"))
    assert parts.keys() == free.keys() | {"answer"}
    for name, value in {**free, "answer": answer}.items():
        assert float(parts[name]) == pytest.approx(float(value), rel=1e-4)
    one = replace(drawn, windows=drawn.windows[2:], answers=drawn.answers[1:])
    last = slice(2, 3)
    only = one.terms(
        (given[last], source[last], source[last].pose(given[last])),
        (made[last], target[last], target[last].pose(made[last])), learner.training.profile,
    )  # fmt: skip
    assert only.keys() == {"answer"}


def test_the_answer_is_learned(clips):
    learner = learner_of(clips, rate=1e-2)
    drawn = learner.draw(0)
    told = [learner.learn(step, drawn) for step in range(9)]
    assert min(parts["answer"] for parts in told[-3:]) < 0.8 * told[0]["answer"]


def test_the_answer_is_what_it_says_by_a_slow_twin():
    body, made, answer = rigs("belly", "average_man"), moves(1, 2), moves(3, 4)
    made = Moves(made.local, made.root_m + 0.1)
    done, right = body.pose(made), body.pose(answer)
    total = []
    for pair in range(2):
        height = float(body.height_m[pair])
        for frame in range(6):
            ours, theirs = made.local[pair, frame].numpy(), answer.local[pair, frame].numpy()
            six = np.mean((ours[:, :, :2] - theirs[:, :, :2]) ** 2)
            root = np.mean(np.abs((made.root_m - answer.root_m)[pair, frame].numpy())) / height
            apart = (done.positions_m - right.positions_m)[pair, frame].numpy() / height
            total.append(50 * six + 5 * root + 5000 * np.mean(apart**2))
    assert float(answer_loss((made, body, done), answer)) == pytest.approx(np.mean(total), rel=1e-4)
    assert float(answer_loss((answer, body, right), answer)) == 0


def test_without_the_flag_no_pair_is_ever_read(motions_folder, tmp_path):
    options = Smt(preset="quick", steps=1, data=motions_folder, out=tmp_path, threads=1)
    learner, seen, about, names = trainer._learner(options, "cpu")
    assert (type(learner), type(seen)) == (Stage1, SourceClips)
    assert not hasattr(seen, "_partners")
    assert (about, names) == ({"stage": 1}, "")
    assert options.run_folder != replace(options, paired=True).run_folder
    assert trainer.weights_folder(options) != trainer.weights_folder(replace(options, paired=True))


def test_both_stages_train_weights_whose_card_declares_the_answers(motions_folder, tmp_path):
    first = Smt(preset="quick", steps=1, data=motions_folder, out=tmp_path, threads=1, paired=True)
    assert "--paired" in first.carry_out(counting)["next"]
    second = replace(first, stage=2, without=("semantics", "penetration"))
    assert second.carry_out(counting)["folder"] == str(tmp_path / "weights" / "smt-paired")
    for name in ("smt-stage1-paired", "smt-paired"):
        card, problems = card_from(dict(SmtMethod(name, tmp_path / "weights" / name).card), "card")
        assert problems == []
        assert "in pairs" in card.trained_on[0]
        assert card.trained_on_metrics == ("contact_error@1", "mse_san@1[global]", "rotation_error@1")
    assert "--paired" in (second.run_folder / "run.json").read_text()


def test_what_cannot_be_trained_in_pairs_is_said(motions_folder, tmp_path, monkeypatch):
    options = Smt(stage=2, preset="quick", data=motions_folder, out=tmp_path, threads=1, paired=True)
    with pytest.raises(NoAnswers, match="--pair average_man belly"):
        replace(options, pair=("average_man", "belly")).carry_out(counting)
    lonely = PairedClips(find_shards(motions_folder, "train"))
    lonely._partners = [[] for _ in lonely._partners]
    with pytest.raises(NoPairs, match="train without it"):
        lonely.cut_pairs(PoolSize(1, 6, 0), np.random.default_rng(0))
    monkeypatch.setattr("retargetbench.reference_model.trained_weights.files", lambda _: tmp_path)
    registered = installed_methods()["smt-paired"].load()
    with pytest.raises(NoWeights, match="--stage 2 --paired`"):
        _ = SmtMethod(registered.name).card
    with pytest.raises(NoWeights, match="--stage 1 --paired`"):
        options.carry_out(counting)
