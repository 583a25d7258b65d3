"""``train smt --stage 2`` from the command to the methods ``smt`` and ``smt-pair``, and what it says to mistakes."""

import json
import runpy
from dataclasses import replace

import numpy as np
import pytest

from retargetbench.benchmark.running.methods import installed_methods
from retargetbench.benchmark.submission.method_card import card_from
from retargetbench.datasets.intents.bodies import load_body
from retargetbench.datasets.intents.clips import permuted
from retargetbench.reference_model.smt.build import build_network, save_network
from retargetbench.reference_model.smt.command import Smt
from retargetbench.reference_model.smt.errors import NothingToLearn, UnknownPair, WrongStart
from retargetbench.reference_model.smt.fine_tuning import FINE_TUNINGS
from retargetbench.reference_model.smt.method import SmtMethod
from retargetbench.reference_model.smt.pair_method import SmtPairMethod
from retargetbench.reference_model.smt.plug_in import write_plug_in
from retargetbench.reference_model.smt.profiles import PROFILES
from retargetbench.reference_model.smt.stage2_setup import begin
from retargetbench.reference_model.trained_weights import NoWeights
from retargetbench.reference_model.training.loop import CHECKPOINT, Run, run_learner

from ...metrics.semantics import tiny_judges
from .conftest import swaying
from .small import disturbed, small
from .test_training import clips, counting, learner_of  # noqa: F401


@pytest.fixture(scope="module")
def options(motions_folder, tmp_path_factory):
    """Stage 2 of an untrained stage 1, with a judge of random weights."""
    out = tmp_path_factory.mktemp("smt")
    save_network(disturbed(build_network(small("best"), 0)), small("best"), out / "weights" / "smt-stage1")
    judge = tiny_judges.save_blip2(out / "small-blip2")
    return Smt(
        stage=2, preset="quick", steps=1, data=motions_folder, out=out, threads=1, judge="blip2", judge_folder=judge
    )


@pytest.fixture(scope="module")
def tuned_pair(options):
    pair = replace(options, pair=("average_man", "belly"))
    return pair, pair.carry_out(counting)


def test_the_universal_mode_trains_weights_that_are_a_method(options):
    found = options.carry_out(counting)
    folder = options.out / "weights" / "smt"
    assert found["folder"] == str(folder)
    assert "--stage 2" in found["next"]
    record = json.loads((options.run_folder / "run.json").read_text())
    assert "--stage 2" in record["command"]
    assert "--judge blip2" in record["command"]
    assert any((options.out / "source-looks").iterdir())
    card, problems = card_from(dict(SmtMethod("smt", folder).card), "card")
    assert problems == []
    assert card.trained_on_metrics[:2] == ("contact_error@1", "pen_limb@1")
    assert card.trained_on_metrics[2].startswith("scl@1[small-blip2~")
    man = load_body("average_man")
    made = SmtMethod("smt", folder)(man, swaying(man, frames=3), load_body("belly"), seed=0)
    assert np.isfinite(made.local_rotations_wxyz).all()


def test_the_pair_mode_knows_its_pair_by_shape_and_no_other(tuned_pair):
    options, found = tuned_pair
    folder = options.out / "weights" / "smt-pair"
    assert found["folder"] == str(folder / "average_man--belly")
    retarget = SmtPairMethod("smt-pair", folder)
    _, problems = card_from(dict(retarget.card), "card")
    assert problems == []
    assert write_plug_in(folder, pairs=True).startswith("retargetbench run smt-pair --plugin")
    assert runpy.run_path(str(folder / "plug_in.py"))["retarget"].card == retarget.card
    man, belly = load_body("average_man"), load_body("belly")
    generator = np.random.default_rng(0)
    hidden = permuted(belly, generator.permutation(belly.vertex_count), generator, name="target")
    motion = swaying(man, frames=2)
    own = SmtMethod("smt-pair", folder / "average_man--belly")(man, motion, hidden, seed=0)
    assert np.array_equal(retarget(man, motion, hidden, seed=0).local_rotations_wxyz, own.local_rotations_wxyz)
    with pytest.raises(UnknownPair, match="average_man--belly") as caught:
        retarget(belly, swaying(belly, frames=2), man, seed=0)
    assert "--stage 2 --pair" in str(caught.value)


def test_stage_two_begins_with_weights_or_with_a_runs_checkpoint(clips, tmp_path, options):  # noqa: F811
    learner = learner_of(small("best"), clips, steps=1)
    run_learner(learner, Run(tmp_path, 1, learner.identity("these")), tell=lambda *_: None)
    assert (tmp_path / CHECKPOINT).is_file()
    begun = begin(tmp_path, FINE_TUNINGS["best"].base)
    assert begun.profile.sizes == small("best").sizes
    for name, value in learner.network.state_dict().items():
        assert np.array_equal(value, begun.network.state_dict()[name])
    kept = begin(options.out / "weights" / "smt-stage1", FINE_TUNINGS["best"].base)
    assert kept.sha256 != begun.sha256


def test_what_cannot_be_trained_is_said(options, tmp_path, monkeypatch):
    with pytest.raises(WrongStart, match="--profile code"):
        begin(options.out / "weights" / "smt-stage1", FINE_TUNINGS["code"].base)
    monkeypatch.setattr("retargetbench.reference_model.trained_weights.files", lambda _: tmp_path)
    with pytest.raises(NoWeights, match="train smt --stage 1"):
        replace(options, out=tmp_path).carry_out(counting)
    nothing = replace(options, profile="paper", without=("semantics", "penetration"))
    with pytest.raises(NothingToLearn, match="semantics and penetration"):
        nothing.carry_out(counting)


@pytest.mark.parametrize(("name", "flags"), [("smt", "--stage 2`"), ("smt-pair", "--stage 2 --pair SOURCE TARGET`")])
def test_without_weights_the_methods_say_how_to_get_them(tmp_path, monkeypatch, name, flags):
    monkeypatch.setattr("retargetbench.reference_model.trained_weights.files", lambda _: tmp_path)
    registered = installed_methods()[name].load()
    with pytest.raises(NoWeights, match=f"the weights of {name} are not in this package") as caught:
        _ = type(registered)(registered.name).card
    assert f"retargetbench train smt {flags}" in str(caught.value)


def test_the_profiles_are_the_released_and_the_papers_numbers():
    code, paper = FINE_TUNINGS["code"], FINE_TUNINGS["paper"]
    weights = code.base.weights
    assert (code.semantics, code.penetration, code.penetration_form, code.views) == (1, 1000, "hull", ("front",))
    assert (weights.close_rest, weights.close_arms, weights.relation, weights.smoothness) == (500, 10, 1000, 100)
    assert (code.base.rate, code.base.betas, code.base.clip, code.base.frames) == (1e-4, (0.9, 0.999), 5, 4)
    assert (paper.semantics, paper.semantics_form, paper.penetration, paper.penetration_form) == (0.1, "sum", 1, "sum")
    assert not any(vars(paper.base.weights).values())
    assert paper.views == ("front", "left", "right")
    assert code.frozen_root
    assert paper.frozen_root
    assert FINE_TUNINGS.keys() == PROFILES.keys()
    left_out = FINE_TUNINGS["best"].without(("relation", "questions", "semantics"))
    assert (left_out.base.weights.relation, left_out.semantics, left_out.guided) == (0, 0, False)
    assert left_out.penetration == FINE_TUNINGS["best"].penetration
