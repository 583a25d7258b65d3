"""What the captions of ``retrieval/intents`` can tell at best: the table of docs/retrieval.md."""

import json
import re

import numpy as np
import pytest
import torch

from retargetbench.datasets.intents.retrieval_items import load_retrieval_items
from retargetbench.datasets.intents.words.meaning import Act, Meaning, fits
from retargetbench.metrics.retrieval.collection import RetrievalSet
from retargetbench.metrics.retrieval.intents import meaning_of
from retargetbench.metrics.retrieval.scoring import RetrievalSettings, all_scores, score_submission

from ..source_hash import ROOT

ROWS = ("first caption", "second", "third", "fourth", "detailed")


def meaning(plain):
    """A meaning, or an act, from the plain values that are stored."""
    if "acts" in plain:
        return Meaning(order=plain["order"], acts=tuple(meaning(act) for act in plain["acts"]))
    touching = {"touching": tuple(map(tuple, plain["touching"]))} if "touching" in plain else {}
    return Act(**{**plain, **touching})


@pytest.fixture(scope="module")
def motions():
    return [item.solved for item in load_retrieval_items().items]


def shown(row):
    cells = re.search(rf"^\| {row} \|(.*)\|$", (ROOT / "docs/retrieval.md").read_text(), flags=re.MULTILINE)[1]
    return [cell.strip() for cell in cells.split("|")]


@pytest.mark.slow
@pytest.mark.parametrize("place", range(5))
def test_the_table_of_the_page_is_what_a_perfect_reader_gets(motions, place):
    captions = [m.words["captions"][place] if place < 4 else {"text": m.words["detailed"]} for m in motions]
    forms = [meaning_of(m) for m in motions]
    said = [
        json.dumps(c.get("says", m.words["meaning"]), sort_keys=True) for c, m in zip(captions, motions, strict=True)
    ]
    distinct = sorted(set(forms))
    meant = [meaning(json.loads(form)) for form in distinct]
    of_motion = np.array([distinct.index(form) for form in forms])
    true_of = {one: np.array([fits(meaning(json.loads(one)), m) for m in meant]) for one in set(said)}
    matrix = np.stack([true_of[one][of_motion] for one in said]).astype(float)
    assert matrix.diagonal().all()
    texts = [caption["text"] for caption in captions]
    items = RetrievalSet([str(n) for n in range(len(texts))], texts, np.arange(len(texts)), meanings=forms)
    found = all_scores(
        score_submission(items, {"t2m": torch.tensor(matrix)}, RetrievalSettings(("all-strict", "same-meaning")))
    )
    strict, same = ([found[f"t2m/R@{k}@1[{p},{len(texts)}]"] for k in (1, 10)] for p in ("all-strict", "same-meaning"))
    shares = [texts.count(text) > 1 for text in texts]
    whole = [matrix[n].sum() == (of_motion == of_motion[n]).sum() for n in range(len(texts))]
    words, shared, says_all, of_strict, of_same = shown(ROWS[place])
    assert words == f"{np.mean([len(text.split()) for text in texts]):.0f}"
    assert float(shared.removesuffix(" %")) == pytest.approx(100 * np.mean(shares), abs=0.06)
    assert float(says_all.removesuffix(" %")) == pytest.approx(100 * np.mean(whole), abs=0.51)
    assert [float(v) for v in of_strict.split(" / ")] == pytest.approx(strict, abs=0.06)
    assert [float(v) for v in of_same.split(" / ")] == pytest.approx(same, abs=0.06)
