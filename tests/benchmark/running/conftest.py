"""Methods as plug-in files, and the real command line on the toy track."""

import textwrap

import pytest

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.tracks import registry

from ..toy import TOY, with_toy_track

IMPORTS = """
import os, sys, time
import numpy as np
from pathlib import Path
from retargetbench.datasets.body import Motion, Skeleton

def good(source, motion, target):
    rotations = np.zeros((motion.frame_count, target.skeleton.joint_count, 4))
    rotations[..., 0] = 1
    return Motion(target.skeleton, rotations, motion.root_translation_m, motion.fps)
"""
COPY = """
def retarget(source, motion, target, *, seed):
    root = motion.root_translation_m * target.height_m / source.height_m
    return Motion(target.skeleton, motion.local_rotations_wxyz, root, motion.fps)
"""


@pytest.fixture
def plugin(tmp_path):
    """Write a plug-in: ``plugin(body)`` gives its path."""

    def write(body, name="plugin.py"):
        path = tmp_path / name
        path.write_text(IMPORTS + textwrap.dedent(body))
        return path

    return write


@pytest.fixture
def command(monkeypatch, capsys):
    """Run a command line in this process: ``command("run", ...)`` gives (exit code, stdout, stderr)."""
    monkeypatch.setattr(registry, "TRACKS", with_toy_track(registry.TRACKS))

    def run(*words):
        capsys.readouterr()
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def run_toy(command):
    """Run a method on the toy track, one process: ``run_toy(plugin, out, "--seed", 3)``."""

    def run(plugin, out, *more, variant="two"):
        words = ["run", "mine", "--plugin", plugin, "--track", TOY, "--variant", variant, "--out", out]
        return command(*words, *([] if "--workers" in more else ["--workers", 1]), *more)

    return run


def tree(folder):
    """Relative name -> content of every file below a folder, the times left out."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "timing.csv")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
