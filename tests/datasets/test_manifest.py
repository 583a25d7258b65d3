"""A manifest knows every byte of the data it lists."""

import pytest

from retargetbench.datasets.manifest import BadManifest, DamagedData, read_manifest, write_manifest


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"first")
    (tmp_path / "b.bin").write_bytes(b"second")
    write_manifest(tmp_path / "m.json", {"name": "toy"}, ("b.bin", "a.bin"))
    return tmp_path


def test_untouched_files_are_accepted_and_the_content_comes_back(folder):
    manifest = read_manifest(folder / "m.json")
    assert manifest.content["name"] == "toy"
    assert sorted(manifest.content["files"]) == ["a.bin", "b.bin"]


def test_one_changed_byte_is_caught_and_the_file_is_named(folder):
    (folder / "b.bin").write_bytes(b"sEcond")
    with pytest.raises(DamagedData, match=r"changed: b\.bin"):
        read_manifest(folder / "m.json")


def test_a_missing_file_is_caught_and_named(folder):
    (folder / "a.bin").unlink()
    with pytest.raises(DamagedData, match=r"missing: a\.bin"):
        read_manifest(folder / "m.json")


def test_the_version_changes_when_any_file_changes(folder):
    before = read_manifest(folder / "m.json").sha256
    (folder / "a.bin").write_bytes(b"other")
    write_manifest(folder / "m.json", {"name": "toy"}, ("a.bin", "b.bin"))
    assert read_manifest(folder / "m.json").sha256 != before


def test_the_same_content_gives_the_same_bytes(folder):
    before = (folder / "m.json").read_bytes()
    write_manifest(folder / "m.json", {"name": "toy"}, ("a.bin", "b.bin"))
    assert (folder / "m.json").read_bytes() == before


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json"])
def test_what_is_no_manifest_is_refused_in_one_sentence(tmp_path, text):
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(BadManifest, match=r"m\.json"):
        read_manifest(tmp_path / "m.json")
