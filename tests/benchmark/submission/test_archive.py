"""Archives by strangers: nothing outside the folder, nothing huge, and every reason named."""

import gzip
import io
import stat
import tarfile
import zipfile

import pytest

from retargetbench.benchmark.submission import archive
from retargetbench.benchmark.submission.archive import opened
from retargetbench.benchmark.submission.problems import BadSubmission


@pytest.fixture
def place(tmp_path):
    """A folder of its own for the archive, so that anything that escapes is seen beside it."""
    folder = tmp_path / "inner" / "place"
    folder.mkdir(parents=True)
    return folder


def problems_of(path):
    before = set(path.parents[1].rglob("*"))
    with pytest.raises(BadSubmission) as caught, opened(path):
        pass
    assert set(path.parents[1].rglob("*")) == before
    return caught.value.problems


def zip_of(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for info, content in members:
            packed.writestr(info, content)
    return path


def tar_of(path, members):
    with tarfile.open(path, "w:gz") as packed:
        for info, content in members:
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))
    return path


def link(name, kind):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


@pytest.mark.parametrize("name", ["../owned", "/tmp/owned", "a/../../owned", "C:\\owned", "a\\..\\owned"])
@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_a_member_that_would_be_written_elsewhere_is_refused(name, kind, place):
    path = place / f"x.{kind}"
    if kind == "zip":
        zip_of(path, [("method.toml", b""), (name, b"x")])
    else:
        tar_of(path, [(tarfile.TarInfo("method.toml"), b""), (tarfile.TarInfo(name), b"x")])
    [problem] = problems_of(path)
    assert problem.rule == "S022"
    assert "would be written outside the folder" in problem.message


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_special_files_in_a_tar_are_refused(kind, place):
    path = tar_of(place / "x.tar.gz", [(link("predictions", kind), b"")])
    assert [p.rule for p in problems_of(path)] == ["S022"]


def test_a_link_in_a_zip_is_refused(place):
    info = zipfile.ZipInfo("predictions")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = zip_of(place / "x.zip", [(info, b"/etc")])
    assert [p.rule for p in problems_of(path)] == ["S022"]


def test_a_member_that_occurs_twice_is_refused(place):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = zip_of(place / "x.zip", [("method.toml", b"a"), ("method.toml", b"b")])
    assert "occurs twice" in problems_of(path)[0].message


def test_every_unsafe_member_is_named(place):
    path = zip_of(place / "x.zip", [("../a", b""), ("/b", b""), ("fine", b"")])
    assert [p.rule for p in problems_of(path)] == ["S022", "S022"]


def test_a_zip_bomb_is_refused_by_what_its_members_declare(place, monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 4 << 20)
    path = zip_of(place / "x.zip", [("predictions/00000.npz", b"\0" * (5 << 20))])
    [problem] = problems_of(path)
    assert problem.rule == "S023"
    assert "unpacks to 5 MB; at most 4 MiB" in problem.message


def test_a_tar_that_unpacks_without_end_is_stopped(place, monkeypatch):
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 1 << 20)
    path = place / "x.tar.gz"
    header = tarfile.TarInfo("predictions/00000.npz")
    header.size = 1 << 40
    with gzip.open(path, "wb") as stream:
        stream.write(header.tobuf())
        stream.write(b"\0" * (4 << 20))
    assert [p.rule for p in problems_of(path)] == ["S023"]


def test_a_tar_header_of_many_megabytes_is_refused(place):
    header = tarfile.TarInfo("././@PaxHeader")
    header.type, header.size = tarfile.XHDTYPE, 1 << 30
    path = place / "x.tar.gz"
    with gzip.open(path, "wb") as stream:
        stream.write(header.tobuf())
        stream.write(b"\0" * (1 << 21))
    [problem] = problems_of(path)
    assert problem.rule == "S021"
    assert "extended header" in problem.message


def test_too_many_members_are_refused(place, monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILES", 10)
    names = [f"predictions/{n}.npz" for n in range(11)]
    for path in (
        zip_of(place / "x.zip", [(name, b"") for name in names]),
        tar_of(place / "x.tar.gz", [(tarfile.TarInfo(name), b"") for name in names]),
    ):
        assert [p.rule for p in problems_of(path)] == ["S023"]


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_truncated_archive_is_refused(kind, keep, place):
    noise = bytes(range(256)) * 40
    if kind == "zip":
        path = zip_of(place / "x.zip", [("method.toml", noise)])
    else:
        path = tar_of(place / "x.tar.gz", [(tarfile.TarInfo("method.toml"), noise)])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    assert [p.rule for p in problems_of(path)] == ["S021"]


def test_a_damaged_member_is_refused(place):
    path = zip_of(place / "x.zip", [("method.toml", bytes(range(256)) * 40)])
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)
    assert [p.rule for p in problems_of(path)] == ["S021"]


def test_an_encrypted_archive_is_refused(place):
    path = zip_of(place / "x.zip", [("method.toml", b"x")])
    content = bytearray(path.read_bytes())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    [problem] = problems_of(path)
    assert problem.rule == "S022"
    assert "encrypted" in problem.message


def test_what_file_managers_leave_behind_is_ignored_and_the_folder_goes_away(place):
    members = [("mine/method.toml", b"x"), ("__MACOSX/._method.toml", b"y"), ("mine/.DS_Store", b"z")]
    path = zip_of(place / "x.zip", members)
    with opened(path) as folder:
        assert [p.name for p in folder.iterdir()] == ["method.toml"]
        kept = folder
    assert not kept.exists()
