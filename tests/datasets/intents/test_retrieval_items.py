"""The order of the retrieval test: committed, checked, tied to the motions, and silent about them."""

import shutil
from importlib.resources import files

import numpy as np
import pytest

from retargetbench.datasets.intents import retrieval_items
from retargetbench.datasets.intents.motions import load_motions
from retargetbench.datasets.intents.retrieval_items import item_id, load_retrieval_items, write_retrieval_items
from retargetbench.datasets.manifest import DamagedData, file_sha256, read_manifest
from retargetbench.metrics.retrieval.intents import load_intents_retrieval, meaning_of, texts_of

DATA = files("retargetbench.datasets.intents") / "data"


@pytest.fixture(scope="module")
def loaded():
    return load_retrieval_items()


def test_it_holds_every_test_motion_once_in_the_order_of_ids_that_say_nothing(loaded):
    ids = [item.id for item in loaded.items]
    assert ids == sorted(set(ids))
    assert {item.solved.name for item in loaded.items} == {solved.name for solved in load_motions("test")}
    assert all(item.id == item_id(item.solved.name) for item in loaded.items)
    assert len({item.solved.intent for item in loaded.items[:50]}) > 40  # neighbours have nothing in common


def test_its_version_follows_from_the_motions_manifest(loaded):
    manifest = read_manifest(DATA / "retrieval.manifest.json")
    assert loaded.data_sha256 == manifest.sha256
    assert manifest.content["files"]["test.manifest.json"] == file_sha256(DATA / "test.manifest.json")


def test_it_is_written_again_byte_by_byte(tmp_path):
    for name in ("test.manifest.json", "test.npz"):
        shutil.copy(DATA / name, tmp_path)
    write_retrieval_items(tmp_path)
    for name in ("retrieval.csv", "retrieval.manifest.json"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()


def test_a_table_that_does_not_fit_the_motions_is_refused(monkeypatch):
    monkeypatch.setattr(retrieval_items, "load_motions", lambda part: load_motions(part)[1:])
    with pytest.raises(DamagedData, match=r"retrieval.csv lists 1077 motions, test.manifest.json 1076"):
        load_retrieval_items.__wrapped__()


def test_both_variants_have_the_motions_of_the_items_and_texts_of_their_own(loaded):
    short, detailed = load_intents_retrieval("captions"), load_intents_retrieval("detailed")
    for data, each in ((short, 4), (detailed, 1)):
        assert tuple(data.items.motions) == tuple(item.id for item in loaded.items)
        assert np.array_equal(data.items.caption_of, np.repeat(np.arange(1077), each))
        assert data.structures[7] == loaded.items[7].solved.intent
        assert data.motions[7] is loaded.items[7].solved.motion
    assert tuple(short.items.captions[28:32]) == texts_of(loaded.items[7].solved, "captions")
    assert detailed.items.captions[7] == loaded.items[7].solved.words["detailed"]
    assert short.data_sha256 == loaded.data_sha256 != detailed.data_sha256


def test_no_detailed_caption_fits_two_meanings_and_many_first_ones_are_shared():
    short, detailed = load_intents_retrieval("captions").items, load_intents_retrieval("detailed").items
    meant = {}
    for text, meaning in zip(detailed.captions, detailed.meanings, strict=True):
        meant.setdefault(text, set()).add(meaning)
    assert all(len(meanings) == 1 for meanings in meant.values())
    first = short.captions[::4]
    shared = sum(first.count(text) > 1 for text in first)
    assert f"{100 * shared / len(first):.1f}" == "17.7"
    assert len({meaning_of(item.solved) for item in load_retrieval_items().items}) == len(set(short.meanings)) == 873
