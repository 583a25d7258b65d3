"""The command ``train``: it lists the trainers that are installed and hands its words to the one that is named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from ....datasets.errors import BenchError, UnknownName
from .. import console
from ..carrying_out import carry_out

ENTRY_POINT_GROUP = "retargetbench.trainers"
"""Entry-point group of trainers: name -> a dataclass of settings with ``carry_out(counting)``, see ``docs``."""

Parse = Callable[..., Any]


class UnknownTrainer(UnknownName):
    """A trainer that nobody announces."""

    rule = "C070"


class BrokenTrainer(BenchError):
    """A trainer that was announced but cannot be loaded."""

    rule = "C071"


@dataclass(frozen=True)
class Train:
    """Train a reference model or a judge; without a name, list what can be trained.

    The options behind a name are the trainer's own: retargetbench train TRAINER --help.

    Examples:
        retargetbench train
        retargetbench train tiny-vlm --help
        retargetbench train tiny-vlm --steps 8000 --out build/tiny-vlm
    """

    json: bool = False
    """Print the list as JSON."""

    def run(self) -> int:
        """List the trainers."""
        installed = installed_trainers()
        if self.json:
            console.print_json({name: entry.value for name, entry in installed.items()})
        else:
            console.table(["trainer", "from"], [[name, entry.value] for name, entry in installed.items()])
        console.next_step(f"retargetbench train {next(iter(installed), 'TRAINER')} --help")
        return 0

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
        if not words or words[0].startswith("-"):
            listing = parse(cls, list(words), program="retargetbench train")
            return 0 if listing is None else int(listing.run())
        installed = installed_trainers()
        if words[0] not in installed:
            raise UnknownTrainer("trainer", words[0], installed)
        trainer = parse(_load(installed[words[0]]), list(words[1:]), program=f"retargetbench train {words[0]}")
        return 0 if trainer is None else carry_out(trainer)


def installed_trainers() -> Mapping[str, EntryPoint]:
    """Return the entry points of all installed trainers by name, sorted; nothing of them is imported."""
    return {e.name: e for e in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda e: e.name)}


def _load(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except (ImportError, AttributeError) as error:
        raise BrokenTrainer(f"the trainer '{entry.name}' ({entry.value}) cannot be loaded: {error}.") from error
