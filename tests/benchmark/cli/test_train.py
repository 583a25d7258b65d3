"""The command ``train``: lists trainers, hands over options, answers mistakes, imports no torch for help."""

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest

from retargetbench.benchmark.cli.commands import train
from retargetbench.benchmark.cli.main import main


@dataclass(frozen=True)
class Toy:
    """Train nothing."""

    steps: int = 2
    """How many."""
    json: bool = False
    """As JSON."""

    def carry_out(self, counting):
        with counting("toy (steps)", self.steps, 0) as counter:
            for _ in range(self.steps):
                counter.advance()
        return {"lines": [f"{self.steps} steps"], "next": "retargetbench ls", "steps": self.steps}


class Entry:
    name, value = "toy", "nowhere:Toy"

    def __init__(self, found=Toy):
        self.found = found

    def load(self):
        if self.found is None:
            raise ImportError("nowhere")
        return self.found


def test_without_a_name_the_trainers_are_listed(capsys):
    assert main(["train"]) == 0
    assert "tiny-vlm" in capsys.readouterr().out
    assert main(["train", "--json"]) == 0
    assert "tiny-vlm" in json.loads(capsys.readouterr().out)


def test_the_options_are_the_trainers_own(monkeypatch, capsys):
    monkeypatch.setattr(train, "installed_trainers", lambda: {"toy": Entry()})
    assert main(["train", "toy", "--steps", "3"]) == 0
    said = capsys.readouterr()
    assert said.out == "3 steps\n"
    assert "Next: retargetbench ls" in said.err
    assert main(["train", "toy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"steps": 2}


@pytest.mark.parametrize(
    ("words", "rule", "hint"),
    [(["toi"], "C070", "'toy'"), (["toy", "--stebs", "3"], "C002", "--steps"), (["toy", "--steps", "x"], "C003", "x")],
)
def test_a_mistake_is_answered_with_the_nearest_names(monkeypatch, capsys, words, rule, hint):
    monkeypatch.setattr(train, "installed_trainers", lambda: {"toy": Entry()})
    assert main(["train", *words]) == 2
    said = capsys.readouterr().err
    assert rule in said
    assert hint in said


def test_a_trainer_that_cannot_be_loaded_is_named(monkeypatch, capsys):
    monkeypatch.setattr(train, "installed_trainers", lambda: {"toy": Entry(None)})
    assert main(["train", "toy"]) == 2
    assert "C071" in capsys.readouterr().err


def test_help_imports_no_torch():
    code = (
        "import sys; from retargetbench.benchmark.cli.main import main; "
        "assert main(['train']) == 0; assert main(['train', 'tiny-vlm', '--help']) == 0; "
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
