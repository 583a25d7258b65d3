import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from retargetbench.metrics.semantics.errors import LacksAbility, WrongFrames
from retargetbench.metrics.semantics.fingerprint import fingerprint
from retargetbench.metrics.semantics.question_judge import Decoding
from retargetbench.metrics.semantics.questions import GUIDING_QUESTIONS, chained_prompt
from retargetbench.metrics.semantics.registry import find_judge
from retargetbench.metrics.semantics.scores import consistency, look_at_source

from . import tiny_judges
from .tiny_judges import frames, slope_along

KINDS = ("blip2", "instructblip")
PROMPTS = [
    chained_prompt(GUIDING_QUESTIONS, []),
    chained_prompt(GUIDING_QUESTIONS, ["left hand on the hips . right hand in the air"]),
]


@pytest.fixture(scope="module", params=KINDS)
def judge(request, saved):
    judge = find_judge(request.param, saved[request.param]).load()
    judge.decoding = Decoding(most_tokens=8)
    return judge


def official(judge, pictures, prompt):
    """The model's own inputs: image placeholders in front of the prompt, as its processor writes them."""
    ids = torch.tensor([[3] * 4 + tiny_judges.tokenizer()(prompt)["input_ids"]])
    inputs = {"pixel_values": judge._parts.preprocessing(pictures), "input_ids": ids}
    if "qformer" in judge._parts.tokenizers:
        text = tiny_judges.tokenizer("[CLS]", "[SEP]")(prompt, return_tensors="pt")
        inputs |= {"qformer_input_ids": text["input_ids"], "qformer_attention_mask": text["attention_mask"]}
    return inputs


def test_the_embedding_is_the_encoder_state_of_the_models_own_forward_pass(judge):
    pictures = frames(2)
    ours = judge.embed(pictures, PROMPTS)
    for i, prompt in enumerate(PROMPTS):
        inputs = official(judge, pictures[i : i + 1], prompt)
        with torch.no_grad():
            out = judge.model(**inputs, decoder_input_ids=torch.zeros(1, 1, dtype=torch.long))
        theirs = out.language_model_outputs.encoder_last_hidden_state[0]
        assert int(ours.counted[i].sum()) == len(theirs)
        torch.testing.assert_close(ours.states[i][ours.counted[i]], theirs, rtol=1e-4, atol=1e-5)
    assert ours.query_count == 4


def test_answers_are_those_of_the_models_own_greedy_decoding(judge):
    pictures = frames(3, seed=4)
    prompts = [PROMPTS[0], PROMPTS[1], PROMPTS[0]]
    answers = judge.answers(pictures, prompts)
    assert answers == judge.answers(pictures, prompts)
    for i, prompt in enumerate(prompts):
        inputs = official(judge, pictures[i : i + 1], prompt)
        tokens = judge.model.generate(**inputs, do_sample=False, num_beams=1, max_new_tokens=8)
        assert answers[i] == tiny_judges.tokenizer().decode(tokens[0], skip_special_tokens=True).strip()


def test_pictures_and_prompts_change_the_embedding(judge):
    one = judge.embed(frames(2), [PROMPTS[0]] * 2).states
    assert float((one[0] - one[1]).abs().max()) > 1e-3
    other = judge.embed(frames(2), [PROMPTS[1]] * 2).pictures_only().states
    assert float((one[:, :4] - other).abs().max()) > 1e-3


def test_padding_a_short_prompt_changes_nothing(judge):
    together = judge.embed(frames(2), PROMPTS)
    alone = judge.embed(frames(2)[:1], PROMPTS[:1])
    real = together.counted[0]
    assert not bool(real.all())
    torch.testing.assert_close(together.states[0][real], alone.states[0], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(together.means()[0], alone.means()[0], rtol=1e-4, atol=1e-5)


def test_the_source_answers_enter_both_prompts_so_that_shapes_agree(judge):
    source = look_at_source(judge, frames(3, seed=1))
    assert source.answers == (tuple(judge.answers(frames(3, seed=1), [PROMPTS[0]] * 3)),)
    for prompt, answer in zip(source.prompts, source.answers[0], strict=True):
        assert prompt == chained_prompt(GUIDING_QUESTIONS, [answer])
    target = judge.embed(frames(3, side=31, seed=2), source.prompts)
    assert target.states.shape == source.embedding.states.shape
    assert torch.equal(target.counted, source.embedding.counted)
    assert not source.embedding.states.requires_grad


@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_of_scl_to_the_frames_is_right_by_finite_differences(kind, saved):
    judge = find_judge(kind, saved[kind], precision="float64").load()
    source = look_at_source(judge, frames(2, seed=1, dtype=torch.float64))
    pictures = frames(2, seed=2, dtype=torch.float64).requires_grad_()
    loss = consistency(judge, pictures, source)
    (gradient,) = torch.autograd.grad(loss, pictures)
    assert loss.item() > 0
    for seed in range(3):
        way = torch.tensor(np.random.default_rng(seed).standard_normal(pictures.shape))
        expected = slope_along(lambda x: float(consistency(judge, x, source)), pictures.detach(), way)
        assert abs(expected) > 0.01
        assert float((gradient * way).sum()) == pytest.approx(expected, rel=3e-3)


def test_looking_at_the_source_itself_costs_nothing(judge):
    source = look_at_source(judge, frames(2))
    assert float(consistency(judge, frames(2), source)) == 0.0


@pytest.mark.parametrize(
    ("pictures", "reason"),
    [
        (torch.zeros(2, 4, 8, 8), "expected floating-point"),
        (torch.zeros(2, 3, 8, 8, dtype=torch.uint8), "uint8"),
        (torch.zeros(0, 3, 8, 8), "n at least 1"),
        (torch.full((2, 3, 8, 8), 200.0), "Divide bytes by 255"),
        (torch.full((2, 3, 8, 8), float("nan")), "run from nan"),
        (torch.zeros(3, 3, 8, 8), "2 texts for 3 frames"),
    ],
)
def test_pictures_that_would_give_numbers_without_meaning_are_refused(judge, pictures, reason):
    with pytest.raises(WrongFrames, match=reason):
        judge.embed(pictures, PROMPTS)


def test_what_a_judge_cannot_do_it_says(judge):
    with pytest.raises(LacksAbility, match=r"\[J005\].*cannot score how well.*it can: answer, embed"):
        judge.match(frames(1), ["a person waves"])
    with pytest.raises(LacksAbility, match="space shared"):
        judge.text_embedding(["a person waves"])
    with pytest.raises(LacksAbility, match="space shared"):
        judge.image_embedding(frames(1))


def test_the_fingerprint_sees_weights_words_and_preprocessing_but_not_the_folder(judge):
    parts = judge._parts
    weights = {name: tensor.clone() for name, tensor in judge.model.state_dict().items()}
    words = [tokenizer.get_vocab() for tokenizer in parts.tokenizers.values()]
    assert fingerprint(weights, words, parts.preprocessing) == judge.fingerprint
    others = {
        fingerprint(weights, [{**words[0], "new": 99}, *words[1:]], parts.preprocessing),
        fingerprint(weights, words, replace(parts.preprocessing, mode="bilinear")),
        fingerprint({name: tensor.double() for name, tensor in weights.items()}, words, parts.preprocessing),
    }
    weights["query_tokens"][0, 0, 0] += 1e-3
    others.add(fingerprint(weights, words, parts.preprocessing))
    assert len(others - {judge.fingerprint}) == 4


def test_a_copy_in_another_folder_is_the_same_judge_under_another_name(saved, tmp_path):
    copy = find_judge("blip2", shutil.copytree(saved["blip2"], tmp_path / "copy")).load()
    original = find_judge("blip2", saved["blip2"]).load()
    assert copy.fingerprint == original.fingerprint
    assert (copy.name, original.name) == (f"copy~{copy.fingerprint[:8]}", f"small-blip2~{copy.fingerprint[:8]}")
