"""The committed classes are training's, and their data version hangs on the motions."""

import shutil
from pathlib import Path

import pytest

from retargetbench.datasets import intents
from retargetbench.datasets.intents.recognition_classes import (
    load_recognition_classes,
    main,
    training_classes,
    write_recognition_classes,
)
from retargetbench.datasets.manifest import DamagedData, read_manifest

DATA = Path(intents.__file__).parent / "data"


@pytest.fixture
def folder(tmp_path):
    for path in DATA.glob("test*"):
        shutil.copy(path, tmp_path)
    shutil.copy(DATA / "retrieval.csv", tmp_path)
    return tmp_path


def test_the_classes_are_all_that_training_shows():
    names = load_recognition_classes().names
    assert names == training_classes()
    assert len(names) == 79


def test_the_command_writes_the_same_bytes_again(folder):
    main(folder)
    for name in ("recognition.csv", "recognition.manifest.json"):
        assert (folder / name).read_bytes() == (DATA / name).read_bytes()


def test_the_order_of_the_classes_does_not_matter(folder):
    write_recognition_classes(folder, reversed(training_classes()))
    for name in ("recognition.csv", "recognition.manifest.json"):
        assert (folder / name).read_bytes() == (DATA / name).read_bytes()


def test_a_class_more_or_other_motions_are_another_version(folder):
    write_recognition_classes(folder, [*training_classes(), "fly"])
    more = read_manifest(folder / "recognition.manifest.json").sha256
    assert more != load_recognition_classes().data_sha256
    (folder / "test.manifest.json").write_text("{}")
    with pytest.raises(DamagedData):
        read_manifest(folder / "recognition.manifest.json")
