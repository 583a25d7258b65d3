"""What a method answers that is called once for all items: every way of being wrong has its rule."""

from types import SimpleNamespace

import numpy as np
import pytest

from retargetbench.benchmark.running.classifying import serve_classes
from retargetbench.benchmark.running.embedding import serve_embedding
from retargetbench.benchmark.running.errors import ANSWER_RULES
from retargetbench.benchmark.running.item_handover import write_items
from retargetbench.datasets.body import Motion, Skeleton

ROTATIONS = np.tile(np.float32([1, 0, 0, 0]), (2, 1, 1))
MOTION = Motion(Skeleton(("Hips",), (-1,), np.ones((1, 3))), ROTATIONS, np.zeros((2, 3)), 30.0)
ITEMS = {"text": ["walks", "runs"], "motion": [MOTION, MOTION]}
WRONG = {
    "one row too few": ("P109", "text", (1, 3), "returned shape [1, 3]; expected [2, width]"),
    "no width": ("P109", "text", (2,), "returned shape [2]; expected [2, width]"),
    "one class too many": ("P110", "motion", (2, 4), "returned shape [2, 4]; expected [2, 3], [motions, classes]"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_array_of_another_shape_breaks_the_rule_of_its_track(name, tmp_path):
    rule, kind, shape, said = WRONG[name]
    write_items(tmp_path, kind, ITEMS[kind])
    method = SimpleNamespace(
        embed_text=lambda captions, *, seed: np.zeros(shape), classify=lambda motions, classes, *, seed: np.zeros(shape)
    )
    serve = serve_embedding if kind == "text" else serve_classes
    answer = serve(method, tmp_path, {"kind": kind, "classes": ["hop", "run", "wave"], "seed": 0})
    assert answer["rule"] == rule
    assert said in answer["message"]


def test_every_rule_of_an_answer_has_an_example():
    assert {rule for rule, *_ in WRONG.values()} == set(ANSWER_RULES)
