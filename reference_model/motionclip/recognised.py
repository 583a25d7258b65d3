"""Whether what is generated is recognised by somebody else: a recognition method that knows none of our latents.

``train motionclip evaluate --classifier skeleton-gcn`` asks an installed method by its name, as ``run`` does: the entry
points ``retargetbench.methods`` are the bridge, so that no classifier is part of this package's rooms. How well it
recognises the real windows of the same acts is said first: no generated motion can be expected to do better.
"""

from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Any, Protocol, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.body import Motion
from ...datasets.errors import suggestion
from ...metrics.recognition.accuracy import top_k
from .act_names import is_sided
from .errors import NoClassifier
from .intervals import mean_scores
from .model import MotionClipModel
from .motion_set import MotionSet
from .pose import motion_of
from .standard_body import standard_body
from .windows import Windows

GROUP = "retargetbench.methods"
MOST = 100
"""Captions that motions are made from."""


class Classifier(Protocol):
    """What a recognition method can do."""

    def classify(self, motions: Sequence[Motion], classes: Sequence[str], *, seed: int) -> Any:
        """Return scores [motions, classes], higher is likelier."""


def find_classifier(name: str) -> Classifier:
    """Return an installed recognition method.

    Raises:
        NoClassifier: If there is none of this name; the message offers the nearest ones.
        BenchError: If its weights are not there.
    """
    installed = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in installed:
        raise NoClassifier(f"there is no method '{name}'.{suggestion(name, installed)}")
    found = installed[name].load()
    if not callable(getattr(found, "classify", None)):
        raise NoClassifier(f"the method '{name}' classifies no motions; expected one as --classifier skeleton-gcn.")
    getattr(found, "card", None)  # where weights are missing a card says so, before anything is measured
    return cast(Classifier, found)


def recognised(
    model: MotionClipModel, known: MotionSet, asked: MotionSet, *, name: str, classifier: Classifier
) -> dict[str, float]:
    """Return how often a classifier sees the right class: in the real windows, and in motions made from their captions.

    Right is any class that the act's window shows. Captions are the first of each act; classes take turns.

    Args:
        model: Which generates.
        known: Only says which classes there are.
        asked: Whose captions and windows they are.
        name: Of the classifier.
        classifier: Who recognises.
    """
    classes = sorted({shown for shown in (*known.windows.shown, *asked.windows.shown) if not is_sided(shown)})
    rows = in_turn(asked.actions)[:MOST]
    acts = [asked.items[row] for row in rows]
    truth = np.array([[one in item.act.shows for one in classes] for item in acts])
    made = model.decode(model.latents_of_texts(captions_in_turn(asked.windows)))
    scores = {"generated, captions": float(len(rows))}
    for what, windows in (("real", torch.from_numpy(asked.features[rows])), ("generated", made)):
        given = classifier.classify(on_the_standard_body(windows), classes, seed=0)
        hits: NDArray[np.float64] = top_k(np.asarray(given), truth, 1)
        scores |= mean_scores(f"{what}, recognised by {name}", hits, asked.clusters_of(rows))
    return scores


def captions_in_turn(windows: Windows) -> list[str]:
    """Return the captions that motions are made from: the first of each act, classes in turn, ``MOST`` at most."""
    rows = in_turn(windows.actions)[:MOST]
    return [windows.captions[int(windows.items[row].texts[0])] for row in rows]


def on_the_standard_body(windows: Tensor) -> list[Motion]:
    """Return windows as motions, [n, frames, 135] -> n."""
    body = standard_body()
    return [motion_of(window, body) for window in windows]


def in_turn(actions: Sequence[str]) -> list[int]:
    """Return all acts in an order in which classes take turns.

    Args:
        actions: Class of each act.
    """
    seen: dict[str, int] = {}
    turns = []
    for row, action in enumerate(actions):
        turns.append((seen.setdefault(action, 0), row))
        seen[action] += 1
    return [row for _, row in sorted(turns)]
