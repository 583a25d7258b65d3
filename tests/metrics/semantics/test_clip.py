import pytest
import torch

from retargetbench.metrics.semantics.errors import LacksAbility
from retargetbench.metrics.semantics.registry import find_judge
from retargetbench.metrics.semantics.scores import consistency, look_at_source

from . import tiny_judges
from .tiny_judges import frames, slope_along

TEXTS = ["a person waves the left hand", "walks"]


@pytest.fixture(scope="module")
def judge(saved):
    return find_judge("clip", saved["clip"], precision="float64").load()


def test_similarities_are_those_of_the_models_own_forward_pass(judge):
    pictures = frames(3, dtype=torch.float64)
    text = tiny_judges.tokenizer("<start>", "<end>")(TEXTS, padding=True, return_tensors="pt")
    with torch.no_grad():
        theirs = judge.model(pixel_values=judge._parts.preprocessing(pictures), **{
            name: text[name] for name in ("input_ids", "attention_mask")
        })  # fmt: skip
    ours = judge.image_embedding(pictures) @ judge.text_embedding(TEXTS).mT * judge.model.logit_scale.exp()
    torch.testing.assert_close(ours, theirs.logits_per_image)
    assert ours.shape == (3, 2)


def test_embeddings_are_unit_vectors(judge):
    for vectors in (judge.image_embedding(frames(3)), judge.text_embedding(TEXTS)):
        torch.testing.assert_close(vectors.norm(dim=-1), torch.ones(len(vectors), dtype=torch.float64))


def test_scl_of_clip_is_twice_one_minus_the_cosine(judge):
    one, other = (frames(2, seed=s, dtype=torch.float64) for s in (1, 2))
    cosine = (judge.image_embedding(one) * judge.image_embedding(other)).sum(-1)
    value = consistency(judge, other, look_at_source(judge, one))
    assert float(value) == pytest.approx(float((2 - 2 * cosine).mean()))


def test_clip_is_asked_nothing(judge):
    source = look_at_source(judge, frames(2))
    assert source.answers == ()
    assert source.prompts == ("", "")
    with pytest.raises(LacksAbility, match="answer questions"):
        judge.answers(frames(1), ["Question"])


def test_the_gradient_to_the_frames_is_right_by_finite_differences(judge):
    source = look_at_source(judge, frames(2, seed=1, dtype=torch.float64))
    pictures = frames(2, seed=2, dtype=torch.float64).requires_grad_()
    (gradient,) = torch.autograd.grad(consistency(judge, pictures, source), pictures)
    way = frames(2, seed=3, dtype=torch.float64) - 0.5
    expected = slope_along(lambda x: float(consistency(judge, x, source)), pictures.detach(), way)
    assert abs(expected) > 1e-5
    assert float((gradient * way).sum()) == pytest.approx(expected, rel=1e-4)


def test_long_texts_are_cut_not_refused(judge):
    assert judge.text_embedding(["walks " * 60]).shape == (1, 8)
