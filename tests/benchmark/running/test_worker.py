"""The method's process by itself, spoken to over its pipes."""

import json
import os
import subprocess
import sys
from pathlib import Path


def test_a_process_that_fails_while_its_input_goes_leaves_no_folder(plugin, tmp_path):
    # As when a run dies right after it sent a command: the listening thread removes the input that is about to be read.
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    commands, send = os.pipe()
    read, answers = os.pipe()
    words = [str(commands), str(answers), "plugin", plugin("def retarget(*_, seed): pass"), "retargeting"]
    with subprocess.Popen(
        [sys.executable, "-m", "retargetbench.benchmark.running.worker", *words],
        pass_fds=(commands, answers),
        start_new_session=True,
        stderr=subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(temporary)},
    ) as process:
        os.close(answers)
        with os.fdopen(read) as told:
            folder = Path(json.loads(told.readline())["folder"])
            assert folder.parent == temporary
            assert "card" in json.loads(told.readline())
            os.write(send, b'{"seed": 1}\n')
            assert not told.readline()
        said = process.stderr.read().decode()
    for descriptor in (commands, send):
        os.close(descriptor)
    assert process.returncode == 1
    assert "input.npz" in said
    assert not list(temporary.iterdir())
