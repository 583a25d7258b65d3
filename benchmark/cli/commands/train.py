"""The command ``train``: it lists the trainers that are installed and hands its words to the one that is named."""

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from ....datasets.errors import BenchError, UnknownName
from ...progress import Progress
from .. import console

ENTRY_POINT_GROUP = "retargetbench.trainers"
"""Entry-point group of trainers: name -> a dataclass of settings with ``carry_out(counting)``, see ``docs``."""

Parse = Callable[..., Any]

_HELP = """usage: retargetbench train TRAINER [OPTIONS]

Trains a reference model or a judge. The same command goes on where it stopped.

trainers:
{trainers}

retargetbench train TRAINER --help explains one."""


class UnknownTrainer(UnknownName):
    """A trainer that nobody announces."""

    rule = "C070"


class BrokenTrainer(BenchError):
    """A trainer that was announced but cannot be loaded."""

    rule = "C071"


class Train:
    """Train a reference model or a judge; its options are those of the trainer that is named."""

    @classmethod
    def dispatch(cls, words: Sequence[str], parse: Parse) -> int:
        """Run ``retargetbench train`` with these words.

        Args:
            words: The words after ``train``: a trainer's name and its options.
            parse: Turns flags into a dataclass, or prints its help and returns ``None``.

        Raises:
            UnknownTrainer: With the nearest names.
            BrokenTrainer: If it cannot be imported.
        """
        installed = installed_trainers()
        if not words or words[0] in {"-h", "--help"}:
            console.result(_HELP.format(trainers="\n".join(f"  {name}" for name in installed) or "  none"))
            return 0
        if words[0] not in installed:
            raise UnknownTrainer("trainer", words[0], installed)
        trainer = parse(_load(installed[words[0]]), list(words[1:]), program=f"retargetbench train {words[0]}")
        return 0 if trainer is None else _carry_out(trainer)


def installed_trainers() -> Mapping[str, EntryPoint]:
    """Return the entry points of all installed trainers by name, sorted; nothing of them is imported."""
    return {e.name: e for e in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda e: e.name)}


def _load(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except (ImportError, AttributeError) as error:
        raise BrokenTrainer(f"the trainer '{entry.name}' ({entry.value}) cannot be loaded: {error}.") from error


def _carry_out(trainer: Any) -> int:
    def counting(title: str, total: int, already: int) -> Progress:
        """A counter on stderr."""
        return Progress(title, total=total, already=already)

    done = dict(trainer.carry_out(counting))
    lines, following = done.pop("lines"), done.pop("next")
    if getattr(trainer, "json", False):
        console.print_json(done)
    else:
        for line in lines:
            console.result(line)
    console.next_step(following)
    return 0
