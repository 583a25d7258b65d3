"""What a run leaves behind beside its weights: ``losses.csv``, ``run.json``, the commit."""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...datasets.files import write_atomically
from .distributed import is_first

_TELL_EVERY = 100
_KEPT = 0.98


def losses_teller(folder: Path, every: int = _TELL_EVERY) -> Callable[[int, dict[str, float]], str]:
    """Return a function that averages the parts of the loss, writes them to ``losses.csv`` and tells them now and then.

    Args:
        folder: Of the run.
        every: Steps between two lines. The averages are running ones over about 50 steps.
    """
    means: dict[str, float] = {}

    def tell(step: int, parts: dict[str, float]) -> str:
        """The line of a step, mostly empty."""
        for name, value in parts.items():
            means[name] = value if name not in means else _KEPT * means[name] + (1 - _KEPT) * value
        if step % every or not is_first():
            return ""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "losses.csv").open("a", encoding="utf-8") as file:
            if file.tell() == 0:
                file.write("step,part,mean\n")
            # a line per part: later steps may have parts that earlier ones had not
            file.writelines(f"{step},{name},{value:.5g}\n" for name, value in means.items())
        return f"step {step}: " + ", ".join(f"{name} {value:.3f}" for name, value in means.items())

    return tell


def write_run(folder: Path, command: str, flags: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write ``run.json``: the command, the commit and what training was like, for the card.

    Args:
        folder: Of the run.
        command: The words before the flags.
        flags: Field name to value of what the user said; ``None`` is left out, ``False`` is ``--no-NAME``.
        values: What came out.
    """
    words: Sequence[str] = [_flag(name.replace("_", "-"), value) for name, value in flags.items() if value is not None]
    content = {"command": " ".join([command, *words]), "commit": commit(), **values}
    write_atomically(folder / "run.json", (json.dumps(content, indent=1) + "\n").encode())


def _flag(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    return f"--{name} {value}"


def commit() -> str:
    """Return the commit of the working tree this file lies in, or nothing where it is installed without one."""
    place = Path(__file__).resolve().parent
    try:
        found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=place, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return found.stdout.strip()
