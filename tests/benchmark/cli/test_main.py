import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from retargetbench import __version__
from retargetbench.benchmark.cli import main as main_module
from retargetbench.benchmark.cli.main import COMMANDS, load_command, main

HEAVY = ("torch", "warp", "scipy", "matplotlib", "transformers", "sklearn")


def modules_after(*words):
    """Run a command line in a fresh interpreter and return (exit code, heavy modules it imported, stderr)."""
    code = (
        "import sys, json\n"
        "from retargetbench.benchmark.cli.main import main\n"
        f"code = main({list(words)!r})\n"
        f"print(json.dumps([code, [m for m in {HEAVY!r} if m in sys.modules]]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    code, heavy = json.loads(done.stdout.splitlines()[-1])
    return code, heavy, done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--help",), 0),
        (("ls", "metrics"), 0),
        (("ls", "methods", "--json"), 0),
        (("score", "nowhere", "--track", "retarget/intent"), 2),
        (("scroe",), 2),
        (("run", "cpoy", "--out", "x"), 2),
        (("compare", "a", "b", "--metric", "pen_lim"), 2),
        (("score", "--trak", "x"), 2),
    ],
)
def test_help_lists_and_mistakes_import_nothing_heavy(words, code):
    found, heavy, said = modules_after(*words)
    assert (found, heavy) == (code, [])
    assert "Traceback" not in said


def test_help_names_every_command_with_one_line_and_where_to_start(command):
    code, out, _ = command("--help")
    assert code == 0
    for name in (*COMMANDS, "submit", "reproduce"):
        assert f"\n  {name} " in out
    assert "added by retargetbench." not in out  # our own say what they do
    assert "retargetbench demo" in out
    assert command()[1] == command("-h")[1] == out


def test_the_version_is_the_packages(command):
    assert command("--version") == (0, f"retargetbench {__version__}\n", "")


@pytest.mark.parametrize(("own", "used"), [(None, "1"), ("3", "3")])
def test_linear_algebra_has_one_thread_unless_the_user_says_otherwise(own, used):
    code = (
        "import os, sys; from retargetbench.benchmark.cli.main import main; assert 'numpy' not in sys.modules; main([])"
    )
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    environment |= {} if own is None else {"OPENBLAS_NUM_THREADS": own}
    command = [sys.executable, "-P", "-c", f"{code}; sys.stderr.write(os.environ['OPENBLAS_NUM_THREADS'])"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stderr.endswith(used)


def test_the_package_can_be_run_as_a_module(tmp_path):
    for words, code in ((("--version",), 0), (("scroe",), 2)):
        line = [sys.executable, "-P", "-m", "retargetbench", *words]
        done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        assert (done.stdout == f"retargetbench {__version__}\n") is (code == 0)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_loads_and_explains_itself_and_has_json(name, command):
    command_class = load_command(name)
    assert callable(command_class.run)
    code, out, _ = command(name, "--help")
    assert code == 0
    assert f"usage: retargetbench {name}" in out
    assert "--json" in out
    assert "\nexamples:\n" in out
    assert f"    retargetbench {name}" in out


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_parsers_frame_never_shows_in_a_mistake(encoding):
    code = "import sys; from retargetbench.benchmark.cli.main import main; sys.exit(main(['gate', 'x', '--base']))"
    environment = os.environ | {"PYTHONIOENCODING": encoding, "COLUMNS": "40"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 2
    assert done.stderr == (
        "error: [C003] Missing value for argument '--base'. Expected 1 values. See: retargetbench gate --help.\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("scroe",), "[C001] there is no command 'scroe'. Did you mean 'score'"),
        (("ls", "trakcs"), "[C006] there is no list 'trakcs'. Did you mean 'tracks'"),
        (("score", "x", "--trakc", "y"), "[C002] there is no score option '--trakc'. Did you mean '--track'"),
        (("score", "x", "--track"), "[C003] Missing value for argument '--track'"),
        (("score",), "[C003] Missing from retargetbench score: PATH"),
        (("score", "x", "--workers", "many"), "[C003] Error parsing --workers"),
        (("score", "x", "--workers", "0"), "[C005] --workers is 0; expected at least 1."),
        (("score", "x", "--track", "retarget/intens"), "[T001] there is no track 'retarget/intens'. Did you mean"),
        (("score", "x", "--variant", "fulll"), "[T002] there is no variant of retarget/intents 'fulll'."),
        (("score", "x", "--track", "retarget/toy"), "[S001] 'x': there is no such file or folder"),
        (("compare", "x", "y"), "[C012] there is no result.json at or below 'x'"),
        (("compare", "x", "y", "--metric", "pen_lim@1"), "[E001] there is no metric 'pen_lim@1'. Did you mean 'pen_"),
        (("gate", "x", "--base", "y"), "[C012] there is no result.json at or below 'x'"),
        (("gate", "x"), "[C003] Missing from retargetbench gate: --base PATH"),
    ],
)
def test_a_mistake_is_answered_by_one_sentence_with_its_rule(words, said, command):
    code, out, error = command(*words)
    assert (code, out) == (2, "")
    assert f"error: {said}" in error
    assert error.count("\n") <= 2
    assert "Traceback" not in error


@dataclass(frozen=True)
class Broken:
    """A command with a fault."""

    def run(self):
        """Fail."""
        raise ZeroDivisionError("nothing left\nto share")


@dataclass(frozen=True)
class Interrupted:
    """A command that is interrupted."""

    def run(self):
        """Be interrupted."""
        raise KeyboardInterrupt


def test_a_fault_of_ours_is_one_line_and_traceback_shows_where(command, monkeypatch):
    monkeypatch.setattr(main_module, "load_command", lambda name: Broken)
    code, out, error = command("anything")
    assert (code, out) == (3, "")
    assert error == (
        "error: unexpected ZeroDivisionError: nothing left to share. This is a fault of the program, not of yours; "
        "the same command with --traceback shows where it happened.\n"
    )
    with pytest.raises(ZeroDivisionError):
        main(["anything", "--traceback"])


def test_an_interrupted_command_says_that_it_can_be_continued(command, monkeypatch):
    monkeypatch.setattr(main_module, "load_command", lambda name: Interrupted)
    code, _, error = command("anything")
    assert code == 130
    assert "the same command continues" in error


class Entry:
    """An entry point of another package."""

    def __init__(self, name, value, loads):
        self.name, self.value, self._loads = name, value, loads

    def load(self):
        if isinstance(self._loads, Exception):
            raise self._loads
        return self._loads


def test_another_packages_command_is_listed_and_one_that_cannot_be_loaded_is_named(command, monkeypatch):
    added = {
        "fine": Entry("fine", "pkg.fine:Fine", Interrupted),
        "bad": Entry("bad", "pkg.bad:Bad", ImportError("no x")),
    }
    monkeypatch.setattr(main_module, "added_commands", lambda: added)
    assert "fine" in command("--help")[1]
    assert command("fine")[0] == 130
    code, _, error = command("bad")
    assert code == 2
    assert "[C004] the command 'bad' (pkg.bad:Bad) cannot be loaded: no x." in error
