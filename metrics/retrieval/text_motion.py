"""The tests of HumanML3D and KIT-ML, in a user's folder, as retrieval sets (``docs/text-motion-data.md``)."""

from pathlib import Path

import numpy as np

from ...datasets.text_motion.feature_motions import FeatureMotions
from ...datasets.text_motion.folder import read_folder
from ...datasets.text_motion.items import VARIANTS, load_test_items
from ...datasets.text_motion.layouts import HUMANML3D, KIT_ML, JointLayout
from ...datasets.text_motion.sentences import MODEL, load_sentence_vectors
from .collection import RetrievalSet
from .data import CaptionVectors, RetrievalData


def load_humanml3d(variant: str, data_root: Path) -> RetrievalData:
    """Return the test of HumanML3D.

    Args:
        variant: ``test``, ``no-mirror``, ``no-humanact12``, ``clean`` or ``clean-no-mirror``.
        data_root: The folder with ``test.txt``, ``texts/`` and so on; features are read only when they are asked for.

    Raises:
        BadTextMotionFolder: Naming everything that is missing or wrong.
        UnknownName: If there is no such variant.
    """
    return _load(HUMANML3D, variant, data_root)


def load_kit_ml(variant: str, data_root: Path) -> RetrievalData:
    """Return the test of KIT-ML.

    Args:
        variant: ``test`` or ``no-mirror``.
        data_root: The folder with ``test.txt``, ``texts/`` and so on; features are read only when they are asked for.

    Raises:
        BadTextMotionFolder: Naming everything that is missing or wrong.
        UnknownName: If there is no such variant.
    """
    return _load(KIT_ML, variant, data_root)


def _load(layout: JointLayout, variant: str, data_root: Path) -> RetrievalData:
    folder = read_folder(data_root, layout, captioned=("test",))
    test = load_test_items(folder, variant)
    captions = [text for item in test.items for text in item.captions]
    vectors = load_sentence_vectors(folder, captions)
    return RetrievalData(
        items=RetrievalSet(
            motions=[item.motion for item in test.items],
            captions=captions,
            caption_of=np.repeat(np.arange(len(test.items)), [len(item.captions) for item in test.items]),
            dissimilar=test.dissimilar,
            subset="" if variant == VARIANTS[0] else variant,
        ),
        motions=FeatureMotions(folder, test.items),
        structures=[item.recording for item in test.items],
        bodies=[item.campaign for item in test.items],
        data_sha256=test.sha256,
        sentences=None if vectors is None else CaptionVectors(MODEL, vectors),
    )
