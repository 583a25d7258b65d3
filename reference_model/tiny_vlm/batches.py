"""What a training step is shown, told and asked; everything follows from the seed and the number of the step."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ...metrics.semantics.questions import GUIDING_QUESTIONS, chained_prompt
from .drawing import POINTS
from .fitting import fit_table
from .picture_files import PictureSet
from .scenes import Scene, hands_hold
from .sides import hands_said, mirrored
from .slots import SLOTS, slot_of

_SWAP = [POINTS.index(name.replace("Left", "#").replace("Right", "Left").replace("#", "Right")) for name in POINTS]
"""For each point, the one that it becomes in the mirrored picture."""
_CAPTIONING, _ALONE = 0.15, 0.25
"""Share of pictures that are to be described without a question, and share of second questions asked without the
first: an answer must not be read off the first one alone."""


@dataclass(frozen=True, eq=False)
class Words:
    """What is said and asked of one step's pictures."""

    slots: NDArray[np.int64]
    """Slot of the left and the right hand, -1 where not known, [scenes, 2]."""
    captions: list[str]
    """One per scene."""
    fitting: NDArray[np.bool_]
    """Which caption fits which scene, [scenes, captions]."""
    undecided: NDArray[np.bool_]
    """Pairs that cannot be told by looking, [scenes, captions]."""
    prompts: list[str]
    answers: list[str]


@dataclass(frozen=True, eq=False)
class Batch:
    """One step's pictures and words."""

    images: NDArray[np.uint8]
    """[pictures, 3, size, size]."""
    points: NDArray[np.float32]
    """``POINTS`` of each picture, [pictures, points, 3]."""
    words: Words | None = None
    """``None`` in the first steps, in which only joints are to be found: sight before speech."""


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture set with what a draw needs."""

    pictures: PictureSet
    chances: NDArray[np.float64]
    """Of each scene; rare answers come more often than they are."""
    of_scene: tuple[NDArray[np.int64], ...]
    """Pictures of each scene."""

    @classmethod
    def of(cls, pictures: PictureSet) -> "Shown":
        """Count answers and look up pictures."""
        answers = [_sideless(scene.hands) + _sideless(scene.doing) for scene in pictures.scenes]
        counts = Counter(answers)
        order = np.argsort(pictures.scene, kind="stable")
        edges = np.searchsorted(pictures.scene[order], np.arange(len(pictures.scenes) + 1))
        of_scene = tuple(order[a:b] for a, b in pairwise(edges))
        chances = np.array([counts[a] ** -0.5 if len(own) else 0.0 for a, own in zip(answers, of_scene, strict=True)])
        return cls(pictures, chances / chances.sum(), of_scene)


def draw_batch(shown: Shown, size: int, seed: Sequence[int], *, group: int = 1, sight_only: bool = False) -> Batch:
    """Return the batch of a step. Half of the scenes are mirrored, and every picture is moved a little.

    Args:
        shown: The pictures.
        size: How many scenes; fewer where there are not so many.
        seed: Run and step; equal seeds give equal batches.
        group: Pictures per scene. Captions and tables are per scene.
        sight_only: Leave out all words.
    """
    generator = np.random.default_rng(list(seed))
    able = int(np.count_nonzero(shown.chances))
    scenes = generator.choice(len(shown.chances), min(size, able), replace=False, p=shown.chances)
    chosen = np.array([generator.choice(shown.of_scene[s], group) for s in scenes])
    flips = generator.uniform(size=len(scenes)) < 0.5
    pictures = shown.pictures
    images, points = pictures.images(chosen.ravel()), pictures.points[chosen.ravel()].astype(np.float32)
    turned = np.repeat(flips, group)
    images[turned] = images[turned][..., ::-1]
    points[turned] = points[turned][:, _SWAP] * np.array([-1, 1, 1], np.float32) + np.array([1, 0, 0], np.float32)
    images, points = _moved(images, points, generator)
    if sight_only:
        return Batch(images, points)
    return Batch(images, points, _words_of(pictures, (scenes, chosen[:, 0], flips), generator))


def _words_of(
    pictures: PictureSet,
    drawn: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]],
    generator: np.random.Generator,
) -> Words:
    """Say and ask something of scenes, their first pictures, mirrored or not."""
    rows = [(pictures.scenes[s], int(pictures.frame[i]), bool(flip)) for s, i, flip in zip(*drawn, strict=True)]
    told = [_words(scene, flip, generator) for scene, _, flip in rows]
    fitting, undecided = fit_table([w[2] for w in told], [w[1] for w in told])
    asked = [
        _ask(scene, frame, (flip, own[0]), generator) for (scene, frame, flip), own in zip(rows, told, strict=True)
    ]
    return Words(
        slots=np.array([_slots(*row) for row in rows]),
        captions=[w[0] for w in told],
        fitting=fitting,
        undecided=undecided,
        prompts=[prompt for prompt, _ in asked],
        answers=[answer for _, answer in asked],
    )


def _moved(
    images: NDArray[np.uint8], points: NDArray[np.float32], generator: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Move every picture by up to a sixteenth of its side; what comes in looks like the edge."""
    side = images.shape[-1]
    most = side // 16
    steps = generator.integers(-most, most + 1, (len(images), 2))
    edged = np.pad(images, ((0, 0), (0, 0), (most, most), (most, most)), mode="edge")
    moved = np.stack([edged[k, :, most - y : most - y + side, most - x : most - x + side]
                      for k, (x, y) in enumerate(steps)])  # fmt: skip
    return moved, points + np.pad(steps / side, ((0, 0), (0, 1)))[:, None].astype(np.float32)


def _words(scene: Scene, flip: bool, generator: np.random.Generator) -> tuple[str, str, str]:
    """A caption, what it says, and what the scene means."""
    which = int(generator.integers(len(scene.captions) - 1))  # not the detailed one: its length would cost the most
    told = scene.captions[which], scene.says[which], scene.meaning
    return (mirrored(told[0]), mirrored(told[1]), mirrored(told[2])) if flip else told


def _ask(scene: Scene, frame: int, told: tuple[bool, str], generator: np.random.Generator) -> tuple[str, str]:
    """A prompt and its answer: SMT's first question, its second after the first, or no question and the caption."""
    flip, caption = told
    draw, other = generator.uniform(), generator.uniform()
    if draw < _CAPTIONING:
        return "", caption
    hands, doing = (mirrored(said) if flip else said for said in (scene.hands, scene.doing))
    if hands_hold(scene, frame) and draw < (1 + _CAPTIONING) / 2:
        return chained_prompt(GUIDING_QUESTIONS, []), hands
    if not hands or other < _ALONE:
        return chained_prompt(GUIDING_QUESTIONS[1:], []), doing
    return chained_prompt(GUIDING_QUESTIONS, [hands]), doing


def _slots(scene: Scene, frame: int, flip: bool) -> tuple[int, int]:
    said = hands_said(scene.hands) if hands_hold(scene, frame) else None
    if said is None:
        return -1, -1
    left, right = (SLOTS.index(slot_of(phrase)) for phrase in said)
    return (right, left) if flip else (left, right)


def _sideless(text: str) -> str:
    return text.replace("left", "one").replace("right", "one")
