"""Folders of trained weights: written after training, found, recognised as a model's, read.

Imports torch only where tensors are written or read: a mistake is told before.
"""

import hashlib
import json
import os
from collections.abc import Container, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..datasets.errors import BenchError
from ..datasets.files import write_atomically

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS, CONFIG, CARD = "model.safetensors", "config.json", "card.json"


class NoWeights(BenchError):
    """Weights that are not there yet, are damaged, or were written by another version."""

    rule = "W001"


def named_folder(variable: str) -> Path | None:
    """Return the folder of weights that an environment variable names, if it is set.

    Args:
        variable: Its name.

    Raises:
        NoWeights: If the folder is not absolute: a method that is run works in an empty folder of its own.
    """
    named = os.environ.get(variable)
    if named and not Path(named).is_absolute():
        raise NoWeights(f"{variable}={named} is a relative folder; expected an absolute one: {variable}=$PWD/{named}")
    return Path(named) if named else None


@dataclass(frozen=True)
class WeightsKind:
    """What the folders of one model's weights have in common."""

    model: str
    """In a sentence: the weights of ..."""
    format: str
    """What their configuration says under ``format``; another version of a model has another."""
    command: str
    """Trains them."""
    files: tuple[str, ...] = (CONFIG, WEIGHTS)
    """All that decides what the model answers; some models lack some of them."""

    def shipped(self, name: str, otherwise: str, command: str | None = None) -> Path:
        """Return the folder of the package's own weights.

        Args:
            name: Of the folder, below ``reference_model/weights``.
            otherwise: What to do with weights that were trained here, in words that follow "and".
            command: Trains this name's weights, in place of the model's command.

        Raises:
            NoWeights: If they are not there.
        """
        with as_file(files("retargetbench.reference_model") / "weights" / name) as folder:
            if next(folder.rglob(CONFIG), None) is None:
                raise NoWeights(
                    f"the weights of {name} are not in this package ({folder}); train them with "
                    f"`{command or self.command}` and {otherwise}."
                )
            return folder

    def find(self, given: Path | None, variable: str, name: str, made: str, flags: str = "") -> Path:
        """Return a folder of weights: the one that is given, else that of the environment, else the package's own.

        Args:
            given: A folder; ``None``: not said.
            variable: Environment variable that may name one.
            name: Of the package's own, below ``reference_model/weights``.
            made: Where training here writes them.
            flags: Of the command that trains this name's weights.

        Raises:
            NoWeights: If it holds none; the message says how to make and name them.
        """
        chosen = given or named_folder(variable)
        if chosen is not None:
            self.read_config(chosen)
            return chosen
        return self.shipped(name, f"name their folder: export {variable}=$PWD/{made}", f"{self.command}{flags}")

    def read_config(self, folder: Path) -> dict[str, Any]:
        """Return what ``config.json`` says of the weights beside it.

        Raises:
            NoWeights: If it is missing or of another format.
        """
        try:
            config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise NoWeights(
                f"{folder} holds no weights of {self.model}; expected {WEIGHTS} and {CONFIG} as `{self.command}` "
                "writes them."
            ) from None
        if not isinstance(config, Mapping) or config.get("format") != self.format:
            raise NoWeights(f"{folder / CONFIG} is of another version than this package; train the weights again.")
        return dict(config)

    def write(
        self, folder: Path, state: "Mapping[str, Tensor]", about: Mapping[str, Any], in_full: Container[str] = ()
    ) -> None:
        """Write weights in half precision, and the configuration that they belong to.

        Args:
            folder: Where they go.
            state: Of the network; what is no floating-point number stays as it is.
            about: What the configuration says beside the format.
            in_full: Names of tensors that keep their precision.
        """
        from safetensors.torch import save

        kept = {
            name: value.half() if value.is_floating_point() and name not in in_full else value
            for name, value in state.items()
        }
        write_atomically(folder / WEIGHTS, save({name: value.contiguous().cpu() for name, value in kept.items()}))
        config = {"format": self.format, **about}
        write_atomically(folder / CONFIG, (json.dumps(config, indent=1) + "\n").encode())

    def read_state(self, folder: Path) -> "dict[str, Tensor]":
        """Return the weights in single precision, on the CPU.

        Raises:
            NoWeights: If they are missing or damaged.
        """
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            state = load_file(folder / WEIGHTS)
        except (OSError, SafetensorError) as error:
            raise self.damaged(folder, error) from error
        return {name: value.float() if value.is_floating_point() else value for name, value in state.items()}

    def sha256(self, folder: Path) -> str:
        """Return the hash over all files that decide what the model answers.

        Raises:
            NoWeights: If the weights are not there.
        """
        if not (folder / WEIGHTS).is_file():
            raise NoWeights(f"{folder} has no {WEIGHTS}; copy the whole folder that `{self.command}` wrote.")
        found = hashlib.sha256()
        for path in (folder / name for name in self.files):
            found.update(path.read_bytes() if path.is_file() else b"")
        return found.hexdigest()

    def damaged(self, folder: Path, error: BaseException | None = None) -> NoWeights:
        """Return the mistake of weights that cannot be read, or do not fit their network.

        Args:
            folder: Of the weights.
            error: What was seen.
        """
        seen = f" ({type(error).__name__})" if error is not None else ""
        return NoWeights(f"the weights in {folder} are damaged or of another version{seen}; train them again.")
