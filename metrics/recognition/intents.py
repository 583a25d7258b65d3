"""The built-in recognition test: the motions of ``datasets/intents`` with the classes of their programs."""

from functools import cache

import numpy as np

from ...datasets.errors import UnknownName
from ...datasets.intents.recognition_classes import load_recognition_classes
from ...datasets.intents.retrieval_items import load_retrieval_items
from .data import RecognitionData

VARIANTS = ("full",)


@cache
def load_intents_recognition(variant: str = "full") -> RecognitionData:
    """Return the built-in recognition test, in the order and under the ids of ``retrieval/intents``.

    Args:
        variant: ``full``, all motions of the test.

    Raises:
        UnknownName: If there is no such variant.
        DamagedData: If a data file is missing or changed.
    """
    if variant not in VARIANTS:
        raise UnknownName("variant of recognition/intents", variant, VARIANTS)
    classes, items = load_recognition_classes(), load_retrieval_items().items
    place = {name: number for number, name in enumerate(classes.names)}
    truth = np.zeros((len(items), len(classes.names)), dtype=np.bool_)
    for row, item in enumerate(items):
        truth[row, [place[action] for action in item.solved.words["actions"]]] = True
    solved = [item.solved for item in items]
    return RecognitionData(
        ids=tuple(item.id for item in items),
        motions=[one.motion for one in solved],
        classes=classes.names,
        truth=truth,
        structures=[one.intent for one in solved],
        bodies=[one.body for one in solved],
        data_sha256=classes.data_sha256,
    )
