"""The tables of docs/intents-datasheet.md: what sets of solved motions hold, how true they are, what was dropped."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from retargetbench.datasets.clip_set import SPLITS
from retargetbench.datasets.intents.motion_jobs import SAMPLED
from retargetbench.datasets.intents.motion_shards import read_entries
from retargetbench.datasets.intents.programs import INTENTS
from retargetbench.datasets.intents.programs.splits import SPLITS as PARTS
from retargetbench.datasets.intents.programs.splits import structures
from retargetbench.datasets.intents.programs.structures import sample_programs

WORST = 10


@dataclass(frozen=True)
class Clip:
    """One clip as the checker measured it."""

    motion: str
    intent: str
    body: str
    measured: Mapping[str, Any]
    goal_frames: int | None
    """Frames of all its contact goals; ``None`` where the set does not list goals."""

    @property
    def acts(self) -> tuple[str, ...]:
        """The single intents it is made of."""
        return acts_of(self.intent)

    @property
    def pressed(self) -> bool:
        """Whether one of its acts presses skin on skin."""
        return any(INTENTS[act].pressed for act in self.acts)


def acts_of(intent: str) -> tuple[str, ...]:
    """Return the single intents of an intent or a composition."""
    return tuple(intent.replace("@", "+").split("+"))


@dataclass(frozen=True)
class DataSet:
    """A manifest with what it lists."""

    name: str
    folder: Path
    content: Mapping[str, Any]

    @property
    def pairs(self) -> Sequence[Mapping[str, Any]]:
        """Its pairs; none in a set of motions."""
        return self.content.get("pairs", ())

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that hold its clips: several of a training set."""
        names = sorted(self.content["files"]) if not self.pairs else [f"{self.name}.npz"]
        return tuple(self.folder / name for name in names)

    @cached_property
    def goal_frames(self) -> list[int]:
        """Frames of contact goals per pair; a frame in which two contacts are held counts twice."""
        with np.load(self.paths[0], allow_pickle=False) as archive:
            goals, held = archive["goal_pair"].tolist(), archive["goal_held"]
        frames, start = [0] * len(self.pairs), 0
        for pair in goals:
            stop = start + int(self.pairs[pair]["frame_count"])
            frames[pair] += int(held[start:stop].sum())
            start = stop
        return frames

    @cached_property
    def clips(self) -> tuple[Clip, ...]:
        """All its clips: of a pair the source and every solution."""
        if not self.pairs:
            entries = (entry for path in self.paths for entry in read_entries(path)["clips"])
            return tuple(Clip(e["motion"], e["intent"], e["body"], e["measured"], None) for e in entries)
        return tuple(
            Clip(pair["motion"], pair["intent"], body, measured, frames)
            for pair, frames in zip(self.pairs, self.goal_frames, strict=True)
            for body, measured in (
                (pair["source"], pair["measured"]["source"]),
                *((pair["target"], one) for one in pair["measured"]["solutions"]),
            )
        )

    @property
    def motions(self) -> set[str]:
        """The motions that have a clip: of the others all were dropped."""
        return {clip.motion for clip in self.clips}

    @property
    def meanings(self) -> int:
        """How many different things these motions mean; 0 in a set of pairs, which has no words."""
        if self.pairs:
            return 0
        told = {name: words for path in self.paths for name, words in read_entries(path)["words"].items()}
        return len({json.dumps(told[motion]["meaning"], sort_keys=True) for motion in self.motions})


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table whose first column is text and whose others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def programs_table() -> Iterator[str]:
    """Count intents and structures."""
    touching = sum(any(p.contacts for p in sample_programs(name)) for name in INTENTS)
    families = Counter(intent.family for intent in INTENTS.values())
    actions = len({intent.action for intent in INTENTS.values()})
    listed = ", ".join(f"{count} {family}" for family, count in families.most_common())
    yield f"{len(INTENTS)} intents ({listed}), {touching} of them self-contacts; {actions} classes of action."
    kinds = {part: Counter(s.kind for s in structures(part)) for part in PARTS}
    head = ("structures of", "single intents", "sequences", "overlays", "all")
    yield table(head, ([p, str(k["single"]), str(k["sequence"]), str(k["overlay"]), str(k.total())]
                       for p, k in kinds.items()))  # fmt: skip


def sets_table(sets: Sequence[DataSet]) -> Iterator[str]:
    """Count pairs, motions, bodies and bytes."""
    rows: list[tuple[str, Callable[[DataSet], object]]] = [
        ("pairs drawn", lambda s: s.content.get("drawn", len(s.pairs)) if s.pairs else "-"),
        ("pairs shipped", lambda s: len(s.pairs) or "-"),
        *((f"... {split}", lambda s, k=split: sum(p["split"] == k for p in s.pairs) or "-") for split in SPLITS),
        ("... with self-contacts", lambda s: sum(f > 0 for f in s.goal_frames) if s.pairs else "-"),
        ("motions drawn", lambda s: "-" if s.pairs else s.content["motions"]),
        ("motions", lambda s: len(s.motions)),
        ("clips", lambda s: len(s.clips)),
        ("structures", lambda s: len({clip.intent for clip in s.clips})),
        ("single intents in them", lambda s: len({act for clip in s.clips for act in clip.acts})),
        ("distinct meanings", lambda s: s.meanings or "-"),
        ("bodies", lambda s: len({clip.body for clip in s.clips})),
        ("motions, KiB", lambda s: f"{sum(path.stat().st_size for path in s.paths) / 1024:.0f}"),
        ("manifest, KiB", lambda s: f"{(s.folder / f'{s.name}.manifest.json').stat().st_size / 1024:.0f}"),
    ]
    cells = [[said, *(str(count(s)) for s in sets)] for said, count in rows]
    yield table(("", *(s.name for s in sets)), [row for row in cells if {*row[1:]} != {"-"}])


def truth_table(sets: Sequence[DataSet]) -> Iterator[str]:
    """Sum up what the checker measured of all clips."""
    rows: list[tuple[str, Callable[[Sequence[Clip]], str]]] = [
        ("contact held, % of goal frames", _held),
        ("... of the worst clip", lambda c: _percent(min(_values(c, "held_share")))),
        ("free frames apart, % (mean)", lambda c: _percent(np.mean(_values(c, "free_share")))),
        ("precision, % (mean)", lambda c: _percent(np.mean(_values(c, "precision")))),
        ("... of the worst clip", lambda c: _percent(min(_values(c, "precision")))),
        ("`pen_limb` at 0.3 % H, % (mean)", lambda c: _percent(_inside(c))),
        ("... outside sit, kneel, crouch, hug", lambda c: _percent(_inside([x for x in c if not x.pressed]))),
        ("... of the worst body (mean)", _worst_body),
        ("... of the worst clip", lambda c: _percent(max(_values(c, "penetration_share")))),
        ("skate of planted feet, cm/s (mean)", lambda c: f"{np.mean(_values(c, 'skate_cm_s')):.3f}"),
        ("... 95 % of frames, worst clip, cm/s", lambda c: f"{max(_values(c, 'skate_p95_cm_s')):.2f}"),
        ("clips with a joint out of range", lambda c: str(sum(v > 0 for v in _values(c, "range_share")))),
        ("deepest below the floor, % H", lambda c: _percent(max(_values(c, "floor_h")))),
        ("jerk, H/s³ (median)", lambda c: f"{np.median(_values(c, 'jerk')):.1f}"),
    ]
    columns = {s.name: s.clips for s in sets}
    if len(sets) > 1:
        columns["all"] = tuple(clip for s in sets for clip in s.clips)
    yield table(("", *columns), ([said, *(of(clips) for clips in columns.values())] for said, of in rows))
    if any(s.pairs for s in sets):
        yield (
            "Frames held are pooled over the clips of pairs; `test` lists no goal frames: there, and in `all`, clips "
            "count alike."
        )


def _values(clips: Iterable[Clip], name: str) -> list[float]:
    return [clip.measured[name] for clip in clips if clip.measured[name] is not None]


def _held(clips: Sequence[Clip]) -> str:
    touching = [c for c in clips if c.measured["held_share"] is not None]
    frames = [c.goal_frames for c in touching]
    known = None if None in frames else np.array(frames)
    return _percent(np.average(_values(touching, "held_share"), weights=known))


def _inside(clips: Iterable[Clip]) -> float:
    return float(np.mean(_values(clips, "penetration_share")))


def _worst_body(clips: Sequence[Clip]) -> str:
    of_body: dict[str, list[Clip]] = {}
    for clip in clips:  # bodies from the shape basis are new for every clip: together they count as one
        of_body.setdefault("sampled" if clip.body.startswith(SAMPLED) else clip.body, []).append(clip)
    means = {body: _inside(own) for body, own in of_body.items()}
    worst = max(sorted(means), key=lambda body: means[body])
    return f"{_percent(means[worst])} (`{worst}`)"


def _percent(share: float) -> str:
    return f"{100 * share:.3f}".rstrip("0").rstrip(".")


def dropped_tables(sets: Sequence[DataSet]) -> Iterator[str]:
    """Say which programs and bodies lost clips: dropping the hard ones must be seen."""
    of_structure, of_body = (_together(sets, kind) for kind in ("intent", "body"))
    intents: dict[str, tuple[int, int]] = {}
    for name, (kept, dropped) in of_structure.items():
        for act in acts_of(name):
            before = intents.get(act, (0, 0))
            intents[act] = before[0] + kept, before[1] + dropped
    solved, lost = (sum(sum(pair) for pair in of_body.values()), sum(dropped for _, dropped in of_body.values()))
    pairs = sum(len(s.content.get("dropped_pairs", ())) for s in sets)
    left_out = f"; with the rest of their pairs, {pairs} pairs were left out" if any(s.pairs for s in sets) else ""
    yield (
        f"{', '.join(s.name for s in sets)}: {solved} clips were solved, {lost} dropped ({_percent(lost / solved)} %)"
        f"{left_out}. A composition counts for each of its intents."
    )
    for kind, plural, counted in (("intent", "intents", intents), ("body", "bodies", of_body)):
        some = {name: rate for name, rate in counted.items() if rate[1]}
        yield f"{len(some)} of {len(counted)} {plural} lost clips{':' if some else '.'}"
        if some:
            yield _rates(kind, some, WORST)
    losers = {name: rate for name, rate in of_structure.items() if rate[1]}
    whole = ", ".join(f"{name} {kept}" for name, (kept, dropped) in sorted(of_structure.items()) if not dropped)
    yield "<details><summary>All bodies, all intents, and all structures that lost a clip</summary>"
    yield _rates("body", of_body)
    yield _rates("intent", intents)
    if losers:
        yield _rates("structure", losers)
    yield f"Structures that lost none, with their clips: {whole}.\n\n</details>"


def _together(sets: Sequence[DataSet], kind: str) -> dict[str, tuple[int, int]]:
    kept, dropped = Counter[str](), Counter[str]()
    for one in sets:
        for name, counts in one.content.get("kept_and_dropped", {}).get(kind, {}).items():
            kept[name] += counts[0]
            dropped[name] += counts[1]
    return {name: (kept[name], dropped[name]) for name in kept}


def _rates(kind: str, counted: Mapping[str, tuple[int, int]], most: int | None = None) -> str:
    ordered = sorted(counted.items(), key=lambda item: (-item[1][1] / sum(item[1]), -item[1][1], item[0]))
    rows = ([f"`{n}`", str(kept + lost), str(lost), _percent(lost / (kept + lost))] for n, (kept, lost) in ordered)
    return table((kind, "clips", "dropped", "%"), list(rows)[:most])
