"""Which run a folder of predictions belongs to: everything that decides its content, and nothing else."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ...datasets.clip_set import PairSpec
from ..submission.method_card import MethodCard, card_from
from .errors import BadMethod, BadRunOption
from .methods import MethodSource

SCHEMA = 1


@dataclass(frozen=True)
class Shard:
    """One part of a run that is split over machines: every ``count``-th clip, beginning with the ``index``-th."""

    index: int = 1
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read ``i/n``, 1 ≤ i ≤ n.

        Raises:
            BadRunOption: If it is something else.
        """
        match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip())
        shard = cls(int(match[1]), int(match[2])) if match else cls(0, 0)
        if not 1 <= shard.index <= shard.count:
            raise BadRunOption(f"--shard is '{text}'; expected i/n with 1 <= i <= n, for example 1/4.")
        return shard

    def numbers(self, clip_count: int) -> range:
        """Return the numbers of the clips of this shard; clips are numbered from 0 in clip-id order."""
        return range(self.index - 1, clip_count, self.count)

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"


@dataclass(frozen=True)
class RunIdentity:
    """The content of ``run.json``; two runs with equal identities write equal files."""

    track: str
    variant: str
    data: str
    """SHA-256 of the data manifest."""
    clips: int
    """Clips of the whole track, all shards together."""
    method: Mapping[str, Any]
    """The card, and where the code came from with its hash."""
    seed: int
    shard: str | None = None
    """``i/n`` for a part of a run; ``None`` for a whole one."""
    command: str = ""
    """The command line, less what does not decide the content (folders, workers, limits)."""

    def to_json(self) -> str:
        """Return ``run.json``."""
        return json.dumps({"schema": SCHEMA, **asdict(self)}, indent=2, ensure_ascii=False) + "\n"

    def whole(self) -> "RunIdentity":
        """Return the identity of the run that this one is a part of."""
        return replace(self, shard=None)

    def differences(self, other: Mapping[str, Any]) -> list[str]:
        """Return one phrase per field that differs from another ``run.json``."""
        ours, theirs = _flat(json.loads(self.to_json())), _flat(other)
        keys = [key for key in {**ours, **theirs} if key != "command" and ours.get(key) != theirs.get(key)]
        return [f"{key} {_shown(theirs.get(key))} there, {_shown(ours.get(key))} here" for key in keys]


def method_identity(source: MethodSource, about: Mapping[str, Any]) -> tuple[MethodCard, dict[str, Any]]:
    """Return the card of a method and what ``run.json`` says about it.

    A card that the method does not carry gets the method's name and the version ``unversioned``.

    Raises:
        BadMethod: If the card breaks the rules of ``method.toml``; all of its problems are named.
    """
    values = {"name": source.name, "version": "unversioned", **about.get("card", {})}
    card, problems = card_from(values, "card")
    if card is None:
        raise BadMethod(f"the method '{source.name}' has a wrong card: " + " ".join(p.message for p in problems))
    origin = {"kind": source.kind, "called": source.name, "code_sha256": about.get("code_sha256", "")}
    if source.kind == "entry-point":
        origin |= {"target": source.target, "package": source.package}
    return card, {**card.to_dict(), **origin}


def command_line(source: MethodSource, track: str, variant: str, seed: int) -> str:
    """Return the command that makes the same predictions again."""
    plugin = f" --plugin {Path(source.target).name}" if source.kind == "plugin" else ""
    return f"retargetbench run {source.name}{plugin} --track {track} --variant {variant} --seed {seed}"


def clip_seed(seed: int, clip_id: str) -> int:
    """Return the seed of one clip, 32 bits: from the run's seed and the clip id, never from order, shard or worker."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{clip_id}".encode()).digest()[:4], "big")


def numbered(pairs: tuple[PairSpec, ...]) -> dict[int, PairSpec]:
    """Return the clips by the number that names their prediction file."""
    return dict(enumerate(sorted(pairs, key=lambda spec: spec.clip_id)))


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return flat


def _shown(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text[:12] + "..." if re.fullmatch(r"[0-9a-f]{40,64}", text) else text[:60]
