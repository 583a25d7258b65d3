"""The page on submitting: its examples are run as they stand, on the built-in track."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.submission.method_card import card_from
from retargetbench.benchmark.tracks import open_track

PAGE = (Path(__file__).resolve().parents[3] / "docs/submitting.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.S)


@pytest.fixture
def scripts(tmp_path, monkeypatch):
    """Every Python example in a file of the name that its first line gives."""
    for block in blocks("python"):
        (tmp_path / block.splitlines()[0].removeprefix("# ")).write_text(block)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def predictions(folder):
    return {path.name: path.read_bytes() for path in (folder / "predictions").iterdir()}


@pytest.fixture
def commands():
    """The page's commands; ``score`` reads what ``check`` has read and is tried with the scoring."""
    words = [line.split()[1:] for block in blocks("sh") for line in block.splitlines()]
    return [w + (["--workers", "1"] if w[0] == "run" else []) for w in words if w[0] != "score"]


def test_both_doors_of_the_page_give_the_same_predictions(scripts, commands, capsys):
    for words in commands[:2]:
        assert main(words) == 0, words
    python("write_predictions.py", "by-hand")
    assert main(["check", "by-hand"]) == 0
    assert "fine" in capsys.readouterr().out
    whole = predictions(scripts / "runs/my-method")
    assert len(whole) == len(open_track("retarget/intents").pairs)
    assert predictions(scripts / "by-hand") == whole


def test_the_shards_of_the_page_can_be_merged(scripts, commands):
    method = scripts / "my_method.py"  # without torch, which takes its time to import
    text = method.read_text().replace("from retargetbench.datasets.body.alignment import align_rotations\n", "")
    method.write_text(text.replace("align_rotations(motion, target.skeleton)", "motion.local_rotations_wxyz"))
    for words in commands[2:]:
        assert main(words) == 0, words
    assert main(["check", "runs/merged"]) == 0


def python(*words):
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_inputs_of_the_page_can_be_exported(scripts):
    done = subprocess.run([sys.executable, "export_inputs.py", "inputs"], cwd=scripts, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    clips = open_track("retarget/intents").pairs
    assert len(list((scripts / "inputs").glob("*.glb"))) == 2 * len(clips)


def test_the_card_of_the_page_is_valid():
    [_, card] = blocks("toml")
    assert card_from(tomllib.loads(card))[1] == []
