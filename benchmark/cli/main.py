"""The command ``retargetbench``: find the command, turn the flags into its dataclass, run it, answer mistakes.

Exit codes: 0 done; 1 the answer is no (a gate failed, a submission has problems, a row was not reproduced); 2 a mistake
in what was asked; 3 a fault of the program; 130 interrupted.
"""

import contextlib
import inspect
import io
import os
import re
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol, cast

from ...datasets.errors import BenchError, UnknownName
from . import console

_COMMANDS_ROOM = "retargetbench.benchmark.cli.commands"

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("demo:Demo", "run and score six methods on the built-in clips, offline, and write a report"),
    "ls": ("ls:Ls", "list tracks, methods, metrics or data"),
    "run": ("run:Run", "run a method on a track; writes prediction files"),
    "check": ("check:Check", "check a submission folder; names every problem at once"),
    "merge": ("merge:Merge", "join the shards of a split run"),
    "score": ("score:Score", "score a folder of prediction files; writes a result"),
    "compare": ("compare:Compare", "say whether two results really differ, metric by metric"),
    "gate": ("gate:Gate", "fail when a new result is worse than a base, beyond tolerance and noise"),
    "report": ("report:Report", "turn results into one static page with the worst clips"),
    "audit": ("audit:Audit", "say what each metric and judge can see, on damaged ground truth"),
    "study": ("study:Study", "make a blind page for people's votes, and score the votes"),
    "data": ("data:Data", "show, check or fetch the data of a track"),
    "train": ("train:Train", "train a reference model or a judge"),
    "convert": ("convert:Convert", "convert a character or motion file: BVH, GLB, FBX, clip npz"),
}
"""Name -> (module and class below ``commands``, one line for ``--help``), in the order in which help shows them."""

_ADDED_SUMMARIES = {
    "submit": "write a result as a row of the leaderboard",
    "search": "find motions by words or by a video, and show them",
    "generate": "make a motion from words, for any character",
    "film": "render the videos that retrieval/intents is searched by",
    "reproduce": "score a row's predictions again and say whether its numbers hold",
}
"""One line for commands that other rooms of this package add, so that help needs to import none of them."""

ENTRY_POINT_GROUP = "retargetbench.commands"
"""Entry-point group of commands that other rooms and other packages add."""

EXIT_DONE, EXIT_NO, EXIT_MISTAKE, EXIT_FAULT, EXIT_INTERRUPTED = 0, 1, 2, 3, 130


class UnknownCommand(UnknownName):
    """A command that does not exist."""

    rule = "C001"


class UnknownOption(UnknownName):
    """An option that a command does not have."""

    rule = "C002"


class BadArguments(BenchError):
    """Arguments that are missing, of the wrong kind, or too many."""

    rule = "C003"


class BrokenCommand(BenchError):
    """A command that another package announced but that cannot be loaded."""

    rule = "C004"


class Command(Protocol):
    """What a command's dataclass offers; one of another room may offer ``carrying_out.Work`` instead."""

    def run(self) -> int:
        """Do the work and return the exit code."""
        ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code.

    Args:
        arguments: The words after ``retargetbench``; ``None`` takes them from ``sys.argv``.
    """
    # Before NumPy is loaded, here and in the processes started from here. Clips are spread over processes; threads of
    # linear algebra below them only wait for each other, which on busy cores takes up to ten times as long.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    words = list(sys.argv[1:] if arguments is None else arguments)
    traceback_wanted = "--traceback" in words
    words = [word for word in words if word != "--traceback"]
    try:
        return _dispatch(words)
    except BenchError as error:
        if traceback_wanted:
            raise
        console.fail(error)
        return EXIT_MISTAKE
    except KeyboardInterrupt:
        console.say("interrupted; what was finished is kept, the same command continues.")
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away (`| head`)
        sys.stdout = io.StringIO()
        return EXIT_DONE
    except Exception as error:
        if traceback_wanted:
            raise
        console.fail(
            f"unexpected {type(error).__name__}: {error}. This is a fault of the program, not of yours; "
            "the same command with --traceback shows where it happened."
        )
        return EXIT_FAULT


def _dispatch(words: Sequence[str]) -> int:
    if not words or words[0] in {"-h", "--help", "help"}:
        _print_help()
        return EXIT_DONE
    if words[0] in {"-V", "--version"}:
        console.result(_version())
        return EXIT_DONE
    command_class = load_command(words[0])
    if hasattr(command_class, "dispatch"):  # it reads its own words: whose options they are depends on the first one
        return int(command_class.dispatch(words[1:], parse))
    command = parse(command_class, words[1:], program=f"retargetbench {words[0]}")
    if command is None:
        return EXIT_DONE
    if not hasattr(command, "run"):  # of a room that must not print: it says what came out
        from .carrying_out import carry_out

        return carry_out(cast(Any, command))
    return command.run()


def added_commands() -> dict[str, Any]:
    """Return the entry points of ``ENTRY_POINT_GROUP`` by name, leaving out those that a built-in command has taken."""
    from importlib.metadata import entry_points

    return {e.name: e for e in sorted(entry_points(group=ENTRY_POINT_GROUP)) if e.name not in COMMANDS}


def load_command(name: str) -> type[Command]:
    """Import the one command that is asked for.

    Raises:
        UnknownCommand: With the nearest names.
        BrokenCommand: If another package announced it but it cannot be imported.
    """
    if name in COMMANDS:
        module, _, class_name = COMMANDS[name][0].partition(":")
        return cast(type[Command], getattr(import_module(f"{_COMMANDS_ROOM}.{module}"), class_name))
    added = added_commands()
    if name not in added:
        raise UnknownCommand("command", name, [*COMMANDS, *added])
    try:
        return cast(type[Command], added[name].load())
    except (ImportError, AttributeError) as error:
        raise BrokenCommand(f"the command '{name}' ({added[name].value}) cannot be loaded: {error}.") from error


def parse(command_class: type[Command], words: Sequence[str], *, program: str) -> Command | None:
    """Turn flags into a command's dataclass.

    Returns:
        The command, or ``None`` when help was asked for and has been printed.

    Raises:
        UnknownOption: With the nearest options.
        BadArguments: If something is missing or does not fit its type.
    """
    import tyro

    def parsed(arguments: Sequence[str]) -> Command:
        """Let tyro read the arguments of the chosen command."""
        settings = (tyro.conf.FlagCreatePairsOff, tyro.conf.OmitArgPrefixes)
        return tyro.cli(command_class, args=list(arguments), prog=program, config=settings)

    complaint, explanation = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stderr(complaint):
            return parsed(words)
    except SystemExit as stop:
        if not stop.code:
            _print_examples(command_class)
            return None
    with contextlib.redirect_stdout(explanation), contextlib.suppress(SystemExit):
        parsed(["--help"])
    options = re.findall(r"^\W*?(?:-\w, )?(--[a-z][a-z0-9-]*)", explanation.getvalue(), flags=re.MULTILINE)
    for word in words:
        option = word.partition("=")[0].replace("_", "-")
        if option.startswith("--") and len(option) > 2 and option not in options:
            raise UnknownOption(f"{program.split()[-1]} option", option, options)
    raise BadArguments(f"{_flatten(complaint.getvalue())} See: {program} --help.")


def _print_examples(command_class: type[Command]) -> None:
    """The parser's help leaves out the section ``Examples:`` of a docstring."""
    _, found, examples = (inspect.getdoc(command_class) or "").partition("\nExamples:\n")
    if found:
        console.result(f"\nexamples:\n{examples.rstrip()}")


def _flatten(box: str) -> str:
    """One sentence from the parser's framed, wrapped complaint: a title, the complaint, a rule, where help is."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", box)
    lines = [re.sub(r"[│╰╯]", " ", line).strip() for line in plain.splitlines() if "╭" not in line]
    sections = [" ".join(part.split()) for part in re.split(r"\n[-─]{5,}\n", "\n".join(lines))]
    told = [section for section in sections if section and not section.startswith(("For full", "Argument helptext"))]
    sentence = told[-1].rstrip(" .:,") if told else "the arguments do not fit"
    return f"{sentence}."


def _print_help() -> None:
    summaries = {name: summary for name, (_, summary) in COMMANDS.items()}
    for name, entry in added_commands().items():
        summaries[name] = _ADDED_SUMMARIES.get(name, "added by " + entry.value.partition(":")[0])
    width = max(len(name) for name in summaries)
    console.result("usage: retargetbench COMMAND [OPTIONS]\n\nScores motion retargeters.\n\ncommands:")
    for name, summary in summaries.items():
        console.result(f"  {name.ljust(width)}  {summary}")
    console.result(
        "\nretargetbench COMMAND --help explains a command; --json prints its result as JSON; --traceback shows where"
        "\nan error happened. Start with: retargetbench demo"
    )


def _version() -> str:
    from retargetbench import __version__

    return f"retargetbench {__version__}"


if __name__ == "__main__":
    sys.exit(main())
