"""Verb phrases for programs, with what they say: from the lexicon for one act, joined for compositions."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from ..programs import Program
from .entry import Split, required_slots, said_by
from .grammar import times
from .lexicon import entry_of
from .meaning import Act, Meaning, act_of, order_of
from .templates import Bank, bank

Level = Literal["short", "full", "any"]
Words = Literal["own", "shared"]

_ARMS = re.compile(r"\b(arm|hand|elbow|fist|palm|finger)")
_LEGS = re.compile(r"\[(stand|stoop|bend|squat|settle)\]|\b(stance|knee|feet|foot|leg|stooping)\b")
_STILL = re.compile(r"\[(stand|wait|pause|rest|stay|keep|balance|pose|lean|listen|hold|ponder|relax|remain|leave)\]")
"""Verbs of not moving, which take no adverb of pace."""
_ANGLES = {
    45: "an eighth of a turn", 90: "a quarter turn", 180: "half a turn",
    270: "three quarters of a turn", 360: "a full turn",
}  # fmt: skip


@dataclass(frozen=True)
class Clause:
    """A marked-up verb phrase and what it says."""

    text: str
    says: Act | Meaning


@dataclass(frozen=True)
class Wording:
    """How a caption is to be put into words."""

    split: Split
    level: Level
    words: Words = "own"
    """Whether the test uses its own phrases or, in its own sentences, those of training."""
    pace: Literal["unsaid", "adverb", "phrase"] = "unsaid"
    standing: bool = True
    """Whether a phrase may say that somebody stands; not in a sentence that says so itself."""

    @property
    def bank(self) -> Bank:
        """The templates of the split."""
        return bank(self.split)


def clause(program: Program, wording: Wording, random: Random, used: set[str] | None = None) -> Clause:
    """Return a verb phrase for a program.

    Args:
        program: What is done.
        wording: How to say it.
        random: Chooses among the phrases.
        used: Phrases to avoid if possible; the chosen ones are added.
    """
    used = set() if used is None else used
    if not program.parts:
        return _single(program, wording, random, (used, "alone"))
    order = order_of(program)
    first, second = part_clauses(program, wording, random, used)
    says = Meaning(order, (first.says, second.says))
    if order == "then":
        return Clause(f"{first.text} and then {second.text}", says)
    return Clause(f"{second.text} while {gerund(first.text)}", says)


def part_clauses(program: Program, wording: Wording, random: Random, used: set[str]) -> tuple[Clause, Clause]:
    """Return a verb phrase for each of the two parts of a composed program."""
    roles = ("upper", "lower") if order_of(program) == "while" else ("alone", "alone")
    first, second = (
        clause(part, wording, random, used) if part.parts else _single(part, wording, random, (used, role))
        for part, role in zip(program.parts, roles, strict=True)
    )
    return first, second


def gerund(text: str) -> str:
    """Fix every verb of a marked-up phrase as a gerund."""
    return re.sub(r"\[([a-z]+)\]", r"[\1:ing]", text)


def _single(program: Program, wording: Wording, random: Random, role: tuple[set[str], str]) -> Clause:
    act = act_of(program)
    phrase = random.choice(_candidates(act, wording, role))
    role[0].add(phrase)
    said = {"intent": act.intent}
    for key in said_by(phrase):
        if key in entry_of(act.intent).says and (key != "count" or wording.level != "short"):
            said[key] = getattr(act, key)
    text = _filled(phrase, act, wording, random)
    partial = replace(Act(act.intent), **said)  # type: ignore[arg-type]
    if wording.pace == "unsaid" or _STILL.search(text) or act.pace == "normal" or act.pace is None:
        return Clause(text, partial)
    partial = replace(partial, pace=act.pace)
    if wording.pace == "adverb":
        return Clause(f"{random.choice(wording.bank.adverbs[act.pace])} {text}", partial)
    return Clause(f"{text} {random.choice(wording.bank.paces[act.pace])}", partial)


def _candidates(act: Act, wording: Wording, role: tuple[set[str], str]) -> list[str]:
    """Return the phrases that can be used here, the best kind only."""
    entry = entry_of(act.intent)
    known = {key for key in entry.says if getattr(act, key) is not None}
    phrases = entry.train if wording.words == "shared" else entry.phrases(wording.split)
    pool = [p for p in phrases if required_slots(p) <= known]
    unfit = {"upper": _LEGS, "lower": _ARMS}.get(role[1])
    if wording.level == "full":
        pool = _full(pool, known)
    elif wording.level == "short":
        pool = [p for p in pool if not required_slots(p)] or pool
    if unfit is not None:
        pool = [p for p in pool if not unfit.search(p)] or pool
    if not wording.standing:
        pool = [p for p in pool if "[stand]" not in p] or pool
    return [p for p in pool if p not in role[0]] or pool


def _full(pool: Collection[str], known: Collection[str]) -> list[str]:
    most = max(len(said_by(p) & set(known)) for p in pool)
    return [p for p in pool if len(said_by(p) & set(known)) == most]


def _filled(phrase: str, act: Act, wording: Wording, random: Random) -> str:
    counted = "" if act.count is None or wording.level == "short" else " " + times(act.count)
    values = {"times": counted, "their": "{their}", "themselves": "{themselves}"}
    if act.side is not None:
        values |= {"side": act.side, "other": "right" if act.side == "left" else "left"}
    if act.direction is not None:
        values["way"] = random.choice(wording.bank.ways.get(act.direction, (act.direction.replace("_", " "),)))
    if act.angle_deg is not None:
        size = abs(act.angle_deg)
        values["angle"] = "by " + _ANGLES.get(size, f"about {size} degrees")
    values |= {
        slot: str(getattr(act, key)) for slot, key in (("high", "height"), ("object", "object"), ("how", "manner"))
    }
    return phrase.format_map(values)
