"""What the documents say exists: links, commands and their options."""

import dataclasses
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from retargetbench.benchmark.cli.commands.train import installed_trainers
from retargetbench.benchmark.cli.main import COMMANDS, added_commands, load_command

from .house import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "leaderboards").glob("*.md")])
EVERYWHERE = {"--help", "--traceback"}
FILES_NAMED = re.compile(r"`((?:docs|leaderboards|metrics|datasets|tests|reference_model|benchmark)/[\w./-]+\.\w+)`")
COMMAND_SHOWN = re.compile(r"(?<!from )\bretargetbench ([a-z][a-z-]*)((?: [^`\n#|]*)?)")


@cache
def options(command, first=""):
    """The flags that the parser makes of the command's fields; behind `train` and a name, of the trainer's."""
    trainers = installed_trainers() if command == "train" else {}
    settings = trainers[first].load() if first in trainers else load_command(command)
    return {f"--{field.name.replace('_', '-')}" for field in dataclasses.fields(settings)} | EVERYWHERE


def anchors(path):
    """The anchors that GitHub makes of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands_in(text):
    """(command, its words) for every command line shown in code."""
    code = re.findall(r"```.*?```", text, flags=re.DOTALL) + re.findall(r"(?:^ {4}.*\n?)+", text, flags=re.MULTILINE)
    code += re.findall(r"`[^`\n]+`", text)
    for piece in code:
        for command, rest in COMMAND_SHOWN.findall(piece.replace("\\\n", " ")):
            yield command, shlex.split(rest)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_and_every_file_named_is_there(document):
    text = document.read_text(encoding="utf-8")
    lost = [name for name in FILES_NAMED.findall(text) if not (ROOT / name).exists()]
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name) if name else document
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_shown_exists_and_has_its_options(document):
    known = {*COMMANDS, *added_commands()}
    wrong = []
    for command, words in commands_in(document.read_text(encoding="utf-8")):
        if command not in known:
            wrong.append(command)
            continue
        flags = [word.partition("=")[0] for word in words if word.startswith("--")]
        wrong += [f"{command} {flag}" for flag in flags if flag not in options(command, *words[:1])]
    assert wrong == []


def test_the_readme_shows_how_to_score_a_method():
    shown = {command for command, _ in commands_in(Path(ROOT, "README.md").read_text(encoding="utf-8"))}
    assert {"demo", "run", "score", "compare", "gate"} <= shown


def test_a_wrong_command_or_option_would_be_seen():
    found = dict(commands_in("Do `retargetbench scroe x` or\n\n    retargetbench run copy --outt x  # why\n"))
    assert found == {"scroe": ["x"], "run": ["copy", "--outt", "x"]}
    assert "--outt" not in options("run")
    assert "--out" in options("run")
    assert "--steps" in options("train", "tiny-vlm")
    assert "--steps" not in options("train")
