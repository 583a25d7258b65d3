"""A user's data folder is checked before it is used, and fetched without ever leaving half a file."""

import functools
import hashlib
import http.server
import tarfile
import threading

import pytest

from retargetbench.datasets.collections.data_root import ChangedFile, DataRoot, MissingFiles, PublicFile
from retargetbench.datasets.collections.fetch import FetchFailed, fetch_files

CONTENT = {"motions/walk set/one.bvh": b"HIERARCHY one", "motions/walk set/two.bvh": b"HIERARCHY two"}


def listed(content=CONTENT):
    return [
        PublicFile(path, hashlib.sha256(data).hexdigest(), "CC0-1.0", f"owner/repo@abc123:{path}")
        for path, data in content.items()
    ]


def write(folder, content=CONTENT):
    for path, data in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


@pytest.fixture
def server(tmp_path):
    write(tmp_path / "served" / "owner" / "repo" / "abc123")
    handler = functools.partial(_Quiet, directory=str(tmp_path / "served"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def test_fetching_brings_every_file_and_a_second_call_none(server, tmp_path):
    root = tmp_path / "data"
    seen = []
    assert fetch_files(listed(), root, base_url=server, done=seen.append) == 2
    assert fetch_files(listed(), root, base_url=server) == 0
    assert seen == listed()
    assert DataRoot(root, listed()).path("motions/walk set/two.bvh").read_bytes() == b"HIERARCHY two"
    assert not [path for path in root.rglob("*") if path.name.startswith(".")]


def test_a_public_file_that_changed_is_refused_and_not_kept(server, tmp_path):
    changed = [PublicFile(f.path, "0" * 64, f.licence, f.source) for f in listed()[:1]]
    with pytest.raises(FetchFailed, match="Nothing was written"):
        fetch_files(changed, tmp_path / "data", base_url=server)
    assert not [p for p in (tmp_path / "data").rglob("*") if p.is_file()]


def test_an_unreachable_server_is_one_sentence(tmp_path):
    with pytest.raises(FetchFailed, match="could not be fetched"):
        fetch_files(listed(), tmp_path, base_url="http://127.0.0.1:9")


def test_all_missing_files_are_named_at_once(tmp_path):
    with pytest.raises(MissingFiles, match=r"lacks 2 of 2 files: .*one\.bvh, .*two\.bvh.*data fetch"):
        DataRoot(tmp_path, listed())
    with pytest.raises(MissingFiles, match="does not exist"):
        DataRoot(tmp_path / "nowhere", listed())


def test_a_changed_file_is_found_when_it_is_used(tmp_path):
    write(tmp_path)
    (tmp_path / "motions/walk set/one.bvh").write_bytes(b"HIERARCHY other")
    root = DataRoot(tmp_path, listed())
    with pytest.raises(ChangedFile, match="owner/repo@abc123"):
        root.path("motions/walk set/one.bvh")


def test_a_folder_may_lie_packed_in_an_archive(tmp_path):
    write(tmp_path / "loose")
    (tmp_path / "motions").mkdir()
    with tarfile.open(tmp_path / "motions" / "walk set.tar.xz", "w:xz") as archive:
        archive.add(tmp_path / "loose" / "motions" / "walk set" / "one.bvh", "one.bvh")
        archive.add(tmp_path / "loose" / "motions" / "walk set" / "two.bvh", "two.bvh")
    root = DataRoot(tmp_path, listed())
    unpacked = root.path("motions/walk set/one.bvh")
    assert unpacked.read_bytes() == b"HIERARCHY one"
    del root
    assert not unpacked.exists()
