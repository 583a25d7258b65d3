"""What the built-in judges see, measured on pictures of bodies, programs, colours and cameras that training never had.

Every figure is measured through the judges' adapters, as scores are; frames of a clip are read one by one and what they
say is averaged.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...metrics.semantics.questions import GUIDING_QUESTIONS, chained_prompt
from .joint_answer import joint_answers
from .meanings_said import actions_by_gerund, said_action
from .picture_files import PictureSet
from .recall import counted_classes, majority_recall, mean_recall
from .scenes import hands_hold
from .slots import SLOTS, TOUCHES, slots_said

if TYPE_CHECKING:
    from ...metrics.semantics.question_judge import QuestionJudge

Change = Callable[[Tensor, NDArray[np.int64]], Tensor]
"""From pictures and a permutation of all of them to what the judge is shown instead."""

_AT_ONCE = 64
FRAMES = 4
"""Frames of a scene in answers and retrieval from several."""


@dataclass(frozen=True, eq=False)
class Asked:
    """Pictures to ask about and the slots of both hands in them."""

    chosen: NDArray[np.int64]
    """Indices of pictures, [n]."""
    slots: NDArray[np.int64]
    """Slots of the left and the right hand, [n, 2]."""


def pictures_of_hands(pictures: PictureSet, most: int, seed: int = 0) -> Asked:
    """Choose pictures of the upper body in which words know where both hands are.

    Args:
        pictures: Of unseen bodies.
        most: How many at most; drawn at random.
        seed: Of the draw.
    """
    found = []
    for index in np.flatnonzero(pictures.upper):
        scene = pictures.scenes[pictures.scene[index]]
        said = slots_said(scene.hands) if hands_hold(scene, int(pictures.frame[index])) else None
        if said is not None:
            found.append((int(index), SLOTS.index(said[0]), SLOTS.index(said[1])))
    order = np.random.default_rng(seed).permutation(len(found))[:most]
    table = np.array(found, dtype=np.int64).reshape(-1, 3)[order]
    return Asked(table[:, 0], table[:, 1:])


def hand_scores(judge: "QuestionJudge", pictures: PictureSet, asked: Asked) -> dict[str, Any]:
    """Return how well the answers to the first guiding question place the hands, with controls and mirror test."""
    plain = _answers(judge, pictures, asked.chosen, lambda frames, _: frames)
    turned = _answers(judge, pictures, asked.chosen, lambda frames, _: frames.flip(-1))
    said, swapped = _slots(plain), _slots(turned)
    sided = asked.slots[:, 0] != asked.slots[:, 1]
    swaps = (swapped[:, ::-1] == said).all(axis=1) & (said >= 0).all(axis=1)
    scenes = [pictures.scenes[pictures.scene[i]] for i in asked.chosen]
    exact = [answer == scene.hands for answer, scene in zip(plain, scenes, strict=True)]
    touching = (asked.slots < TOUCHES).any(axis=1)
    shuffled = np.random.default_rng(1).permutation(asked.chosen)
    controls = {
        "blank": _slots(_answers(judge, pictures, asked.chosen, lambda frames, _: torch.full_like(frames, 0.7))),
        "shuffled": _slots(_answers(judge, pictures, shuffled, lambda frames, _: frames)),
        "question only": _slots(_unseeing(judge, len(asked.chosen))),
    }
    return {
        "pictures": len(asked.chosen),
        "macro": _hands_macro(said, asked.slots),
        "left": mean_recall(said[:, 0], asked.slots[:, 0]),
        "right": mean_recall(said[:, 1], asked.slots[:, 1]),
        "touching only": _hands_macro(said[touching], asked.slots[touching]),
        "share of hands right": float((said == asked.slots).mean()),
        "share of answers word for word": float(np.mean(exact)),
        "majority": (majority_recall(asked.slots[:, 0]) + majority_recall(asked.slots[:, 1])) / 2,
        "swapped when mirrored": float(swaps[sided].mean()) if sided.any() else None,
        "controls": {name: _hands_macro(found, asked.slots) for name, found in controls.items()},
    }


def action_scores(judge: "QuestionJudge", pictures: PictureSet, groups: NDArray[np.int64]) -> dict[str, Any]:
    """Return how well the answers to the second guiding question name the class of action.

    Args:
        judge: Answers the first question itself, as when it scores.
        pictures: Of unseen bodies.
        groups: Pictures of scenes, several of each, [scenes, frames].
    """
    classes = sorted({scene.action for scene in pictures.scenes})
    truth = np.array([classes.index(pictures.scenes[pictures.scene[row[0]]].action) for row in groups])
    known = actions_by_gerund()

    def asked(rows: NDArray[np.int64], *, blank: bool = False) -> NDArray[np.int64]:
        """Class of the joint answer of each row of pictures, -1 for none of the classes."""
        found = []
        for start in range(0, len(rows), _AT_ONCE // FRAMES):
            part = rows[start : start + _AT_ONCE // FRAMES]
            frames = _frames(pictures, part.ravel())
            frames = torch.full_like(frames, 0.7) if blank else frames
            answers = joint_answers(judge, frames, part.shape[1])
            found += [said_action(answer, known) for answer in answers]
        return np.array([classes.index(a) if a in classes else -1 for a in found])

    several = asked(groups)
    shuffled = asked(np.random.default_rng(2).permutation(groups))
    return {
        "scenes": len(groups),
        "classes": len(counted_classes(truth)),
        "classes too rare to count": len(set(truth.tolist())) - len(counted_classes(truth)),
        "frames": groups.shape[1],
        "macro": mean_recall(several, truth),
        "macro of a single frame": mean_recall(asked(groups[:, :1]), truth),
        "share right": float((several == truth).mean()),
        "majority": majority_recall(truth),
        "controls": {"blank": mean_recall(asked(groups, blank=True), truth), "shuffled": mean_recall(shuffled, truth)},
    }


def scene_groups(pictures: PictureSet, frames: int = FRAMES, seed: int = 0) -> NDArray[np.int64]:
    """Choose different pictures of each scene on each body, [scenes, frames]; scenes with fewer are left out."""
    generator = np.random.default_rng(seed)
    keys = pictures.clip * len(pictures.scenes) + pictures.scene
    rows = [generator.permutation(np.flatnonzero(keys == key))[:frames] for key in np.unique(keys)]
    return np.array([row for row in rows if len(row) == frames], dtype=np.int64).reshape(-1, frames)


def _frames(pictures: PictureSet, chosen: NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(pictures.images(chosen)).float() / 255


def _answers(judge: "QuestionJudge", pictures: PictureSet, chosen: NDArray[np.int64], change: Change) -> list[str]:
    prompt = chained_prompt(GUIDING_QUESTIONS, [])
    said: list[str] = []
    for start in range(0, len(chosen), _AT_ONCE):
        part = chosen[start : start + _AT_ONCE]
        said += judge.answers(change(_frames(pictures, part), part), [prompt] * len(part))
    return said


def _unseeing(judge: "QuestionJudge", count: int) -> list[str]:
    """The answer to the question alone, without any picture."""
    coded = judge._parts.tokenizers["text"]([chained_prompt(GUIDING_QUESTIONS, [])], return_tensors="pt")
    model = judge.model.language_model
    tokens = model.generate(input_ids=coded["input_ids"].to(model.device), do_sample=False, max_new_tokens=32)
    return [judge._parts.tokenizers["text"].decode(tokens[0], skip_special_tokens=True).strip()] * count


def _slots(answers: Sequence[str]) -> NDArray[np.int64]:
    """Slots of both hands, -1 where an answer has no known form, [answers, 2]."""
    said = [slots_said(answer) for answer in answers]
    rows = [(-1, -1) if two is None else (SLOTS.index(two[0]), SLOTS.index(two[1])) for two in said]
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def _hands_macro(said: NDArray[np.int64], truth: NDArray[np.int64]) -> float | None:
    """The mean of both hands' macro accuracy: left and right count alike."""
    if not len(truth):
        return None
    return (mean_recall(said[:, 0], truth[:, 0]) + mean_recall(said[:, 1], truth[:, 1])) / 2


def controls_are_blind(scores: Mapping[str, Any], points: float = 0.05) -> bool:
    """Whether no control is more than some points above the majority baseline; below it a control may be."""
    return all((value or 0.0) <= scores["majority"] + points for value in scores["controls"].values())
