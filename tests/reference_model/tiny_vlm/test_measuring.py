"""Measuring: a judge that knows everything scores everything, one that knows nothing scores like a guess."""

import numpy as np
import pytest
import torch

from retargetbench.metrics.semantics.source import JudgeSource
from retargetbench.reference_model.tiny_vlm.evaluation import (
    action_scores,
    controls_are_blind,
    hand_scores,
    pictures_of_hands,
    scene_groups,
)
from retargetbench.reference_model.tiny_vlm.judges import load_tiny_blip2
from retargetbench.reference_model.tiny_vlm.models import TinyBlip2, save_blip2
from retargetbench.reference_model.tiny_vlm.picture_files import open_pictures
from retargetbench.reference_model.tiny_vlm.retrieval import TwoSided, blip2_space, retrieval_scores
from retargetbench.reference_model.tiny_vlm.tokens import learn_pieces, tokenizer_of

from .small import SMALL


@pytest.fixture(scope="module")
def tested(pictures_folder):
    return open_pictures(pictures_folder, "test", ["val-0000"])


@pytest.fixture(scope="module")
def judge(tested, tmp_path_factory):
    torch.manual_seed(0)
    pieces = learn_pieces((t for s in tested.scenes for t in (*s.captions, s.hands, s.doing)), 300)
    folder = tmp_path_factory.mktemp("judge") / "random"
    save_blip2(TinyBlip2(SMALL, len(tokenizer_of(pieces, begins=True))), folder, pieces)
    return load_tiny_blip2(JudgeSource(folder=folder))


class Knowing:
    """Says of every picture what the program says, and of its mirror image the mirrored sentence."""

    def __init__(self, judge, pictures):
        self._parts, self.model = judge._parts, judge.model
        self.answer = {image.tobytes(): pictures.scenes[scene].hands for image, scene in
                       zip(pictures.images(np.arange(len(pictures))), pictures.scene, strict=True)}  # fmt: skip

    def answers(self, frames, prompts):
        from retargetbench.reference_model.tiny_vlm.sides import mirrored

        images = (frames * 255).round().to(torch.uint8)
        said = [self.answer.get(image.numpy().tobytes()) for image in images]
        turned = [self.answer.get(image.flip(-1).contiguous().numpy().tobytes(), "") for image in images]
        return [a if a is not None else mirrored(b) for a, b in zip(said, turned, strict=True)]


def test_who_knows_the_hands_scores_all_and_its_controls_do_not(judge, tested):
    asked = pictures_of_hands(tested, 1000)
    assert len(asked.chosen) > 5
    scores = hand_scores(Knowing(judge, tested), tested, asked)
    assert scores["macro"] == scores["left"] == scores["right"] == 1.0
    assert scores["share of answers word for word"] == 1.0
    assert scores["swapped when mirrored"] in (1.0, None)
    assert scores["controls"]["blank"] == 0.0
    assert scores["controls"]["shuffled"] < 0.9


def test_a_control_that_is_answered_better_than_by_guessing_is_told():
    scores = {"majority": 0.1, "controls": {"blank": 0.02, "shuffled": 0.15, "question only": None}}
    assert controls_are_blind(scores)
    assert not controls_are_blind({**scores, "controls": {"blank": 0.16}})


def test_a_random_judge_is_asked_for_actions_from_several_frames(judge, tested):
    groups = scene_groups(tested, frames=2)
    assert groups.shape[1] == 2
    scores = action_scores(judge, tested, groups[:8])
    assert scores["scenes"] == 8
    assert 0 <= scores["macro"] <= 1


def test_retrieval_finds_what_is_alike_and_guesses_where_everything_is(tested):
    groups = scene_groups(tested, frames=2)
    meanings = [scene.meaning for scene in tested.scenes]
    known = {image.tobytes(): scene for image, scene in
             zip(tested.images(np.arange(len(tested))), tested.scene, strict=True)}  # fmt: skip
    texts_of = [{*scene.captions, *scene.seen_words} for scene in tested.scenes]

    def of_frames(frames):
        scenes = [known[image.numpy().tobytes()] for image in (frames * 255).round().to(torch.uint8)]
        return torch.eye(len(texts_of))[scenes][:, None]

    def of_texts(texts):
        return torch.tensor([[float(text in own) for own in texts_of] for text in texts])

    knowing = TwoSided(of_frames, of_texts)
    blind = TwoSided(lambda frames: torch.zeros(len(frames), 1, 3), lambda texts: torch.zeros(len(texts), 3))
    assert len(set(meanings)) > 5
    found = retrieval_scores(knowing, tested, groups, queries=50)
    assert found["R@1"] == pytest.approx(1.0, abs=0.1)  # two scenes may share a caption
    assert found["queries"] >= 50
    guessed = retrieval_scores(blind, tested, groups, queries=50)
    assert guessed["R@1"] == pytest.approx(1 / min(32, len(set(meanings))), rel=0.2)


def test_the_similarity_of_the_blip2_is_that_of_transformers(judge, tested):
    frames = torch.from_numpy(tested.images([0, 1])).float() / 255
    texts = ["a person waves", "the left hand"]
    space = blip2_space(judge)
    with torch.no_grad():
        similar = (space.of_frames(frames) @ space.of_texts(texts).T).amax(dim=1)
    head = judge._head
    ids, counted = head._tokens(texts)
    model = head.model
    given = model.config.image_token_index
    model.config.image_token_index = None  # else it cuts placeholder tokens off the text
    with torch.no_grad():
        wanted = model(pixel_values=head._pixels(frames), input_ids=ids, attention_mask=counted).logits_per_image
    model.config.image_token_index = given
    assert np.allclose(similar, wanted.numpy(), atol=1e-5)
