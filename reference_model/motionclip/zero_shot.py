"""Truly zero-shot: recognising by their names acts that no window of training shows.

Training of Intents shows every class, and nearly every class with either side. ``train motionclip --zero-shot``
therefore leaves some out, drawn by the published seed of the splits: all windows in which one of them is seen, also
above or below another act. What was never trained is then found by comparing what training's windows show with what is
asked. The CLIP may have read of it and seen it: this is what MotionCLIP takes from a CLIP.
"""

from collections.abc import Collection

from ...datasets.intents.programs.splits import number
from ...metrics.recognition.accuracy import labels_of, top_k
from .act_names import is_sided, split_sided
from .intervals import macro_scores
from .model import MotionClipModel
from .motion_set import MotionSet
from .recognition import by_class_texts

CLASSES_OUT, SIDED_OUT = 8, 16
"""How many are left out at most, and of a small set no more than a fourth."""


def drawn_out(shown: Collection[str]) -> tuple[str, ...]:
    """Draw what is left out of training: classes, and sided names of other classes whose other side stays.

    Args:
        shown: All classes and sided names that training's windows show.
    """
    drawn = sorted(shown, key=lambda name: number(f"held out/{name}"))
    classes, sided = ([name for name in drawn if is_sided(name) == wanted] for wanted in (False, True))
    chosen = classes[: min(CLASSES_OUT, len(classes) // 4)]
    first: dict[str, str] = {}
    for name in sided:
        first.setdefault(split_sided(name)[0], name)  # of two sides
    others = [name for action, name in first.items() if action not in chosen]
    return tuple(sorted([*chosen, *others[: min(SIDED_OUT, len(sided) // 4)]]))


def zero_shot(
    model: MotionClipModel, known: MotionSet, asked: MotionSet, *, trained: Collection[str]
) -> dict[str, float]:
    """Return how well acts are recognised that training never showed: by class, and by class, limb and side.

    The names to choose from are those that were never trained, and in figures that say so all that occur. Where fewer
    than two were never trained there is nothing to tell apart, and no figure.

    Args:
        model: Whose latents they are.
        known: Not used: nothing is fitted.
        asked: Motions that it was not trained on.
        trained: All classes and sided names that training's windows show.
    """
    found: dict[str, float] = {}
    for kind, own in (("classes", asked.actions), ("combinations", tuple(item.act.sided for item in asked.items))):
        never = sorted({name for name in own if name} - set(trained))
        rows = [row for row, name in enumerate(own) if name in never]
        found |= {f"zero-shot {kind}": float(len(never)), f"zero-shot {kind}, acts": float(len(rows))}
        if len(never) < 2:
            continue
        everything = sorted({name for name in (*own, *trained) if name and is_sided(name) == is_sided(never[0])})
        for among, candidates in (("", never), (", among all", everything)):
            right = labels_of([own[row] for row in rows], candidates)
            hits = top_k(by_class_texts(model, asked.latents[rows], candidates), right, 1)
            found |= macro_scores(f"zero-shot {kind}{among}, macro", hits, right, asked.clusters_of(rows))
            found[f"zero-shot {kind}{among}, chance"] = 100 / len(candidates)
    return found
