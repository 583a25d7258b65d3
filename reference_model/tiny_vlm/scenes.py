"""What is true at which frame of a clip: its scenes, each with words that fit a single picture.

A single act, and one act over another, is one scene; one act after another is two. What the hands do, in what order
frames are, comes from the program and its words alone, never from the solved motion.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ...datasets.intents.programs import INTENTS, Program
from ...datasets.intents.programs.ends import quiet_from_s, quiet_until_s
from ...datasets.intents.words import captions, meaning
from ...datasets.intents.words.entry import Split
from ...datasets.intents.words.meaning import order_of
from ...datasets.intents.words.questions import doing
from ...datasets.intents.words.record import plain_meaning

Span = tuple[int, int]
_TRIM = 0.12
"""Share of an act at each end in which nothing can be seen of it yet, or any more."""


@dataclass(frozen=True)
class Scene:
    """A part of a clip about which one thing is true; plain values, so that it can be written to a file."""

    motion: str
    intent: str
    """Intent of the scene: of a sequence, that of the part."""
    action: str
    """Class of what is done; of one act over another, the upper one's."""
    doing: str
    """The answer to the second guiding question."""
    hands: str
    """The answer to the first guiding question; empty where words know none."""
    active: Span
    """First and last frame in which it is done."""
    hands_at: Span
    """First and last frame in which the hands are where the answer says."""
    captions: tuple[str, ...]
    """Paraphrases, then the detailed one."""
    says: tuple[str, ...]
    """What each of them says, as JSON of a normal form."""
    meaning: str
    """What the scene means, as JSON of the normal form."""
    seen_words: tuple[str, ...] = ()
    """Of a scene of validation or test: its paraphrases in training's templates and synonyms."""


def scenes_of(program: Program, words: Mapping[str, Any], split: Split) -> tuple[Scene, ...]:
    """Return the scenes of a motion.

    Args:
        program: The motion instance.
        words: What ``words_of`` says of it.
        split: Whose templates the captions are made of.
    """
    asked = [q for q in words["questions"] if q["kind"] == "hands"]
    if order_of(program) != "then":
        told = [c["text"] for c in words["captions"]], [c["says"] for c in words["captions"]]
        told_all = _Told(*told, words["detailed"], words["meaning"], split)
        return (_scene(program, program, (0.0, asked[0]), told_all),)
    found = []
    for part, (start, _), question in zip(program.parts, program.part_spans_s, asked, strict=True):
        own = captions(part, split)
        says = [plain_meaning(said) for said in own.says]
        told_all = _Told(own.paraphrases, says, own.detailed, plain_meaning(meaning(part)), split)
        found.append(_scene(program, part, (start, question), told_all))
    return tuple(found)


def frames_of(scene: Scene, count: int, generator: np.random.Generator) -> list[int]:
    """Draw frames of a scene: two in three while the hands are where the words say, the others while it is done."""
    spans = [scene.hands_at if generator.uniform() < 2 / 3 else scene.active for _ in range(count)]
    return [int(generator.integers(first, last + 1)) for first, last in spans]


def hands_hold(scene: Scene, frame: int) -> bool:
    """Return whether the first guiding question has its known answer at a frame."""
    return bool(scene.hands) and scene.hands_at[0] <= frame <= scene.hands_at[1]


def scene_record(scene: Scene) -> dict[str, Any]:
    """Return a scene as values for JSON."""
    return asdict(scene)


def scene_from(record: Mapping[str, Any]) -> Scene:
    """Return the scene of ``scene_record``."""
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}
    return Scene(**values)


@dataclass(frozen=True)
class _Told:
    """What words say of a scene."""

    texts: Sequence[str]
    says: Sequence[Mapping[str, Any]]
    detailed: str
    means: Mapping[str, Any]
    split: Split


def _scene(program: Program, part: Program, asked: tuple[float, Mapping[str, Any]], told: _Told) -> Scene:
    start, question = asked
    active = _active(program, part, start)
    in_turn = "in turn" in question["answer"]
    said = [json.dumps(value, sort_keys=True) for value in (*told.says, told.means)]
    return Scene(
        seen_words=() if told.split == "train" else captions(part, "train").paraphrases,
        motion=program.name,
        intent=part.intent,
        action=INTENTS[part.acts[0].intent].action,
        doing=f"The character is {doing(part)}.",
        hands="" if in_turn else question["answer"],
        active=active,
        hands_at=tuple(question["frames"]) if "frames" in question else _height(program, part, start, active),
        captions=(*told.texts, told.detailed),
        says=tuple(said),
        meaning=said[-1],
    )


def _active(program: Program, part: Program, start_s: float) -> Span:
    """When the (upper) act is under way, in frames of the clip."""
    act = part.parts[0] if part.parts else part
    begun = start_s + (part.part_spans_s[0][0] if part.parts else 0.0)
    leaves, returns = begun + quiet_until_s(act), begun + quiet_from_s(act)
    trim = _TRIM * (returns - leaves)
    return _frames(program, leaves + trim, returns - trim)


def _height(program: Program, part: Program, start_s: float, active: Span) -> Span:
    """When hands that touch nothing are where words say: the longest fact about them, else the middle of the act."""
    facts = [fact for fact in part.facts if fact.part in ("left_hand", "right_hand")]
    if facts and not part.parts:
        longest = max(facts, key=lambda fact: fact.to_s - fact.from_s)
        first, last = _frames(program, start_s + longest.from_s, start_s + longest.to_s)
        return max(first, active[0]), max(min(last, active[1]), max(first, active[0]))
    first, last = active
    return first + (last - first) // 4, last - (last - first) // 4


def _frames(program: Program, from_s: float, to_s: float) -> Span:
    most = program.frame_count - 1
    first = min(max(round(from_s * program.fps), 0), most)
    return first, min(max(round(to_s * program.fps), first), most)
