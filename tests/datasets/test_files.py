import ast
import os
import signal
import subprocess
import sys

import pytest

from retargetbench.datasets.files import write_atomically

from ..house import PACKAGE, sources


def test_parents_are_made_and_an_old_file_is_replaced(tmp_path):
    target = tmp_path / "some" / "folder" / "file.txt"
    write_atomically(target, b"old")
    write_atomically(str(target), b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o644
    assert list(target.parent.iterdir()) == [target]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    target = tmp_path / "file.txt"
    write_atomically(target, b"old")

    def full(self, mode):
        raise OSError("no space left")

    monkeypatch.setattr("pathlib.Path.chmod", full)
    with pytest.raises(OSError, match="no space left"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_reader_never_sees_half_a_file_whenever_the_writer_is_killed(tmp_path):
    target = tmp_path / "file.bin"
    contents = [bytes([letter]) * 200_000 for letter in b"ab"]
    code = (
        "import sys\nfrom retargetbench.datasets.files import write_atomically\n"
        "print(flush=True)\n"
        "while True:\n    for letter in b'ab': write_atomically(sys.argv[1], bytes([letter]) * 200_000)"
    )
    with subprocess.Popen([sys.executable, "-P", "-c", code, str(target)], stdout=subprocess.PIPE) as writer:
        writer.stdout.readline()
        while not target.exists():
            os.sched_yield()
        seen = {target.read_bytes() for _ in range(300)}
        writer.send_signal(signal.SIGKILL)
    assert seen | {target.read_bytes()} <= set(contents)


def test_there_is_one_place_that_moves_a_file_over_another():
    moving = set()
    for source in sources():
        for call in (node for node in ast.walk(source.tree) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            # text.replace takes two arguments, path.replace one
            of_os = (
                isinstance(call.func, ast.Attribute)
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "os"
            )
            one = name == "replace" and (of_os or (len(call.args) == 1 and not call.keywords))
            if one or name in {"rename", "renames"}:
                moving.add(source.name)
    # merge moves a whole new folder into place
    assert moving == {f"{PACKAGE}.datasets.files", f"{PACKAGE}.benchmark.running.merge"}
