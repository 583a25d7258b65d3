"""The judges by name: announced by entry points, listed without importing any of them.

A judge is named ``kind`` or ``kind:weights``: ``clip``, ``blip2:Salesforce/blip2-flan-t5-xl``,
``blip2:Salesforce/blip2-flan-t5-xl@<revision>``. The kind is an entry point of the group ``retargetbench.judges``,
whose factory takes a ``JudgeSource`` and returns a ``Judge``; anybody's package can announce more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from ...datasets.devices import check_device
from .errors import NoKind, UnknownJudge
from .source import JudgeSource, Precision

if TYPE_CHECKING:
    from .judge import Judge

ENTRY_POINT_GROUP = "retargetbench.judges"


@dataclass(frozen=True)
class JudgeChoice:
    """A judge that was found by name; nothing of it has been imported."""

    kind: str
    entry: EntryPoint
    source: JudgeSource

    def load(self) -> Judge:
        """Import the factory and build the judge.

        Raises:
            BenchError: If the weights are missing, are not at hand, or are another model's.
        """
        return self.entry.load()(self.source)


def installed_judges() -> Mapping[str, EntryPoint]:
    """Return the entry points of all installed kinds of judges by name, sorted."""
    return {e.name: e for e in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda e: e.name)}


def find_judge(
    name: str, folder: Path | None = None, *, device: str = "cpu", precision: Precision = "float32"
) -> JudgeChoice:
    """Return the judge ``name``, not yet loaded.

    Args:
        name: ``kind`` or ``kind:hub id``.
        folder: A folder with a saved model of that kind, in place of a hub id.
        device: Torch device to put it on.
        precision: Number format of its weights.

    Raises:
        UnknownJudge: If no such kind is installed; the message offers the nearest ones.
        NoKind: If the name is a bare hub id.
        NoDevice: If the device is not here.
    """
    kind, _, weights = name.partition(":")
    installed = installed_judges()
    if kind not in installed:
        if "/" in kind:
            kinds = ", ".join(installed)
            raise NoKind(f"'{name}' names weights and no kind of judge; write KIND:{name}, KIND one of {kinds}.")
        raise UnknownJudge("judge", kind, installed)
    check_device(device)
    return JudgeChoice(kind, installed[kind], JudgeSource(weights, folder, device, precision))
