"""The weights that come with the package: small, those that were measured, told as they were, better than a copy."""

import json

import numpy as np
import pytest

from retargetbench.datasets.intents.clips import load_intents
from retargetbench.metrics.geometry import geometry_scores
from retargetbench.reference_model.baselines.rotation_copy import retarget as rotation_copy
from retargetbench.reference_model.smt.method import SmtMethod
from retargetbench.reference_model.smt.weights import SMT_WEIGHTS, shipped_weights

from ...house import ROOT

SHIPPED = ("smt-stage1", "smt")
PAGE = (ROOT / "docs" / "smt.md").read_text(encoding="utf-8")


def card(name):
    return json.loads((shipped_weights(name) / "card.json").read_text(encoding="utf-8"))


def test_all_together_are_at_most_four_mebibytes():
    assert sum(path.stat().st_size for name in SHIPPED for path in shipped_weights(name).rglob("*")) <= 4 * 2**20


@pytest.mark.parametrize("name", SHIPPED)
def test_a_card_belongs_to_the_weights_beside_it_and_says_how_they_were_made(name):
    told = card(name)
    assert told["weights_sha256"] == SMT_WEIGHTS.sha256(shipped_weights(name))
    assert {key: told[key] for key in ("name", "parameters")} == {
        "name": name,
        "parameters": SmtMethod(name).card["parameters"],
    }
    trained = told["trained"]
    assert len(trained["commit"]) == 40
    assert len(trained["data_sha256"]) == 64
    assert trained["command"] in PAGE


def test_the_page_tells_what_the_cards_say():
    """One row per metric: what it is on validation, for copy and each stage."""
    scores = {"copy": card("smt")["scores"]["copy"]} | {name: card(name)["scores"][name] for name in SHIPPED}
    assert card("smt-stage1")["scores"]["copy"] == scores["copy"]
    for key in scores["copy"]:
        row = " | ".join([f"| `{key}`", *(f"{own[key]:.4g}" for own in scores.values())]) + " |"
        assert row in PAGE, row


def test_hands_are_put_back_where_a_copy_loses_them():
    clips = load_intents("mini")
    touching = [spec.clip_id for spec in clips.pairs if clips.load(spec.clip_id).contact_goals][:6]
    found = {"copy": [], "smt": []}
    method = SmtMethod("smt")
    for clip_id in touching:
        given, pair = clips.method_input(clip_id, seed=0), clips.load(clip_id)
        for name, retarget in (("copy", rotation_copy), ("smt", method)):
            made = retarget(given.source, given.motion, given.target, seed=0)
            found[name].append(geometry_scores(pair, made, ("goal_contact@1",))["goal_contact@1"])
    assert np.mean(found["smt"]) > np.mean(found["copy"]) + 0.2
