"""What is known of each kind of judge without loading it: what it can do, what it needs, where its weights are.

Imports nothing that computes, and no judge. Kinds that other packages announce are listed with what can be found out
about them from outside.
"""

import json
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path

from .declarations import REFERENCE_FILE
from .registry import installed_judges

SHIPPED = "come with the package"


@dataclass(frozen=True)
class JudgeKind:
    """One kind of judge."""

    name: str
    package: str | None
    """Distribution that announces it."""
    abilities: tuple[str, ...] | None
    """What it can do, as in ``Judge.abilities``; ``None``: known only when it is loaded."""
    query_tokens: bool
    """Whether its embeddings hold query tokens beside the prompt's."""
    weights: str
    """Where they come from."""
    fid_samples: int | None
    """Pictures per set that the reference for ``fid`` beside shipped weights fixes; ``None``: there is none."""
    missing: str | None
    """Why it cannot be loaded here as it is; ``None``: nothing is known to be in the way."""

    @property
    def named(self) -> str | None:
        """The name in metric keys, of a kind whose weights are shipped under a fixed one."""
        return self.name if self.name in SHIPPED_KINDS else None


_EMBED_ANSWER, _EMBED_TEXTS = ("embed", "answer"), ("embed", "images", "texts")
SHIPPED_KINDS = {"tiny-blip2": (*_EMBED_ANSWER, "match"), "tiny-clip": _EMBED_TEXTS}
"""Judges whose weights come with this package, under the kind's own name -> what they can do."""
_KNOWN: dict[str, tuple[tuple[str, ...], str, str]] = {
    "blip2": ((*_EMBED_ANSWER, "match with a head in itm/"), "Salesforce/blip2-flan-t5-xl", "transformers"),
    "blip2-itm": (("match",), "Salesforce/blip2-itm-vit-g", "transformers"),
    "instructblip": (_EMBED_ANSWER, "Salesforce/instructblip-flan-t5-xl", "transformers"),
    "clip": (_EMBED_TEXTS, "openai/clip-vit-large-patch14", "transformers"),
    "openclip": (_EMBED_TEXTS, "laion/CLIP-ViT-B-32-laion2B-s34B-b79K", "open_clip"),
}
"""Kind -> what it can do, the hub id of its weights by default, the library that it needs."""


def judge_kinds() -> tuple[JudgeKind, ...]:
    """Return all installed kinds of judges, sorted by name; nothing of them is imported."""
    return tuple(_kind(name, entry) for name, entry in installed_judges().items())


def shipped_weights(entry: EntryPoint) -> Path | None:
    """Return the folder of weights that comes with a judge: ``weights/<name>`` in one of the folders it lies in."""
    file = _file(entry.module)
    if file is None:
        return None
    places = [parent / "weights" / entry.name for parent in list(file.parents)[:3]]
    return next((place for place in places if (place / "config.json").is_file()), None)


def reference_samples(folder: Path) -> int | None:
    """Return how many pictures per set the reference for ``fid`` in a folder of weights is for; ``None`` without one.

    Read from the notes in front of the safetensors: eight bytes say how long they are, then comes JSON.
    """
    try:
        with (folder / REFERENCE_FILE).open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            notes = json.loads(file.read(min(length, 100_000)))
        return int(notes["__metadata__"]["samples"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _kind(name: str, entry: EntryPoint) -> JudgeKind:
    package = entry.dist.name if entry.dist else None
    if name in SHIPPED_KINDS:
        found = shipped_weights(entry)
        missing = _lacks("transformers", entry) or (None if found else "its weights are not in this package")
        samples = reference_samples(found) if found else None
        return JudgeKind(name, package, SHIPPED_KINDS[name], "answer" in SHIPPED_KINDS[name], SHIPPED, samples, missing)
    if name in _KNOWN:
        abilities, hub_id, library = _KNOWN[name]
        weights = f"--judge-folder, or the hub: {hub_id} by default"
        return JudgeKind(name, package, abilities, "answer" in abilities, weights, None, _lacks(library, entry))
    missing = None if _file(entry.module) else "not importable"
    return JudgeKind(name, package, None, False, "see its package", None, missing)


def _lacks(library: str, entry: EntryPoint) -> str | None:
    if _file(entry.module) is None:
        return f"{entry.module} is not there"
    return None if find_spec(library) is not None else f"{library} is not installed"


def _file(module: str) -> Path | None:
    """Where a module's file is; ``None`` if there is none."""
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin) if spec is not None and spec.origin else None
