"""Folders of HumanML3D and KIT-ML as retrieval sets: what is searched, and under which keys."""

import hashlib
import json

import numpy as np
import pytest
import torch

from retargetbench.benchmark.statistics import NO_BODY
from retargetbench.datasets.text_motion import items as item_module
from retargetbench.datasets.text_motion.errors import BadTextMotionFolder
from retargetbench.datasets.text_motion.layouts import KIT_ML
from retargetbench.metrics.retrieval.protocols import SentenceVectors
from retargetbench.metrics.retrieval.scoring import RetrievalSettings, all_scores, score_submission
from retargetbench.metrics.retrieval.text_motion import load_humanml3d, load_kit_ml

from ...datasets.text_motion.made_folder import make_folder


@pytest.fixture
def root(tmp_path):
    return make_folder(tmp_path / "HumanML3D")


def write_vectors(root, index, vectors):
    place = root / "sent_embeddings" / "sentence-transformers"
    place.mkdir(parents=True, exist_ok=True)
    np.save(place / "all-mpnet-base-v2.npy", vectors)
    (place / "all-mpnet-base-v2_index.json").write_text(json.dumps(index))


def test_motions_captions_and_clusters_stand_in_one_order(root):
    data = load_humanml3d("test", root)
    assert list(data.items.motions) == sorted(data.items.motions)
    assert data.item_ids["text"][:3] == ("000006.0", "000006.1", "000007.0")
    place = data.items.position["000009"]
    assert (data.structures[place], data.bodies[place]) == ("./pose_data/KIT/2/run.npy", "KIT")
    assert data.motions[place].features.shape == (50, 263)
    assert data.items.meanings is None


def test_a_constant_gets_exactly_chance_in_every_variant_under_keys_that_name_it(root):
    for variant, motions, word in (
        ("test", 12, ""),
        ("clean", 6, ",subset=clean"),
        ("no-mirror", 6, ",subset=no-mirror"),
    ):
        data = load_humanml3d(variant, root)
        scores = all_scores(
            score_submission(
                data.items,
                {"text": torch.ones(len(data.items.captions), 2), "motion": torch.ones(motions, 2)},
                RetrievalSettings(("all-strict",)),
            )
        )
        assert scores[f"t2m/R@1@1[all-strict,{motions}{word}]"] == pytest.approx(100 / motions)


def test_a_caption_that_two_motions_share_is_right_for_both_by_its_own_protocol_only(root):
    data = load_humanml3d("test", root)
    words = sorted(set(data.items.captions))
    text = torch.eye(len(words))[[words.index(caption) for caption in data.items.captions]]
    given = {"text": text, "motion": text[[captions[0] for captions in data.items.captions_of]]}
    scores = all_scores(score_submission(data.items, given, RetrievalSettings(("all-strict", "all-samecaption"))))
    assert scores["t2m/R@1@1[all-samecaption,12]"] == 100
    assert scores["t2m/R@1@1[all-strict,12]"] == pytest.approx(100 * 11 / 12)


def test_the_dissimilar_motions_and_the_sentence_vectors_are_used_where_the_folder_has_them(root, monkeypatch):
    assert load_humanml3d("test", root).sentences is None
    (root / "nsim_test.txt").write_text("000008\n000010\n")
    monkeypatch.setitem(item_module.DISSIMILAR_SHA256, "humanml3d", hashlib.sha256(b"000008\n000010").hexdigest())
    texts = sorted(set(load_humanml3d("test", root).items.captions))
    vectors = np.eye(len(texts) + 1)[1:]
    write_vectors(root, {text: len(texts) - 1 - row for row, text in enumerate(texts)}, vectors[::-1])
    data = load_humanml3d("test", root)
    assert data.sentences is not None
    rows = [texts.index(text) for text in data.items.captions]
    np.testing.assert_array_equal(data.sentences.vectors, vectors[rows])
    settings = RetrievalSettings(
        sentences=SentenceVectors(data.sentences.model, torch.from_numpy(data.sentences.vectors))
    )
    motion = torch.eye(12)
    scores = all_scores(
        score_submission(data.items, {"text": motion[data.items.caption_of], "motion": motion}, settings)
    )
    assert scores["t2m/R@1@1[dissimilar,2]"] == 100
    assert scores["t2m/R@1@1[threshold,12,cos>0.9,all-mpnet-base-v2]"] == 100


@pytest.mark.parametrize(
    ("index", "vectors", "complaint"),
    [
        ({"waves": 0}, np.ones((1, 4)), r"13 captions have no vector in all-mpnet-base-v2_index.json: '"),
        (
            {"waves": 7},
            np.ones((1, 4)),
            r"is float64 \[1, 4\], and all-mpnet-base-v2_index.json does not name its rows",
        ),
        ([1], np.ones((1, 4)), "cannot be read together"),
    ],
)
def test_sentence_vectors_that_do_not_fit_are_named(root, index, vectors, complaint):
    write_vectors(root, index, vectors)
    with pytest.raises(BadTextMotionFolder, match=complaint):
        load_humanml3d("test", root)


def test_kit_ml_is_searched_the_same_way(tmp_path):
    data = load_kit_ml("no-mirror", make_folder(tmp_path / "KIT-ML", KIT_ML))
    assert (len(data.items.motions), data.items.subset) == (6, "no-mirror")
    assert data.motions[0].features.shape == (50, 251)
    assert set(data.bodies) == {NO_BODY}
    assert data.structures == [motion.removeprefix("M") for motion in data.items.motions]
