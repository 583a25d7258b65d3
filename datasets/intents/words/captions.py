"""Captions: what a motion shows, in several sentences that differ in structure and length.

A caption is chosen by the program's name alone, so it is the same in every run and on every body. Nobody is called a
man or a woman: one motion is shown on many bodies. Sentences of the test have templates and, two times out of three,
verb phrases that training never sees; validation shares those of training.
"""

import hashlib
from dataclasses import dataclass
from random import Random

from ..programs import Program
from .clauses import Clause, Wording, clause, gerund, part_clauses
from .detailed import detailed
from .entry import Split
from .grammar import NOBODY, Subject, capitalised, conjugate
from .lexicon import entry_of
from .meaning import Meaning, meaning, order_of
from .states import feet_state, travel
from .templates import Frame, Kind


@dataclass(frozen=True)
class Captions:
    """The captions of one motion."""

    paraphrases: tuple[str, ...]
    """A short one, a full one that says all the short forms leave out but body parts, a long one, and a label without
    subject."""
    detailed: str
    """What hands, trunk and feet do, step by step."""
    says: tuple[Meaning, ...]
    """What each paraphrase says, see ``meaning.fits``."""
    detailed_says: Meaning
    """What the detailed caption says: everything, so it equals the motion's meaning."""


def captions(program: Program, split: Split) -> Captions:
    """Return the captions of a program, the same on every call.

    Args:
        program: A motion instance; the choice of words depends on its name and split only.
        split: ``test`` uses held-out templates and synonyms, ``train`` and ``val`` share theirs.

    Raises:
        UnknownName: If the lexicon lacks one of the program's intents.
    """
    random = Random(int.from_bytes(hashlib.sha256(f"{split}:{program.name}".encode()).digest()[:8], "big"))
    used: set[str] = set()
    third = _long(program, random)
    plans: tuple[tuple[Kind, Wording], ...] = (
        ("short", Wording(split, "short")),
        ("short", Wording(split, "full", pace="adverb")),
        (third, Wording(split, "any", words="shared", pace="phrase", standing=third != "settled")),
        ("label", Wording(split, "any", pace="adverb")),
    )
    made = [_sentence(program, kind, wording, (random, used)) for kind, wording in plans]
    return Captions(
        paraphrases=tuple(text for text, _ in made),
        detailed=detailed(program, split, random),
        says=tuple(says for _, says in made),
        detailed_says=meaning(program),
    )


def action_label(program: Program) -> str:
    """Return a program's intents for people: "waving", "scratching the head, then bowing"."""
    if not program.parts:
        return conjugate(gerund(entry_of(program.intent).label), "base")
    first, second = (action_label(part) for part in program.parts)
    return f"{first}, then {second}" if order_of(program) == "then" else f"{second} while {first}"


def _long(program: Program, random: Random) -> Kind:
    """Return a kind of long sentence; one about standing still only where that is so."""
    if program.parts or not stands_at_ends(program):
        return "long"
    return random.choice(("long", "settled"))


def stands_at_ends(program: Program) -> bool:
    """Return whether both feet are planted at the start and at the end, and the motion does not travel."""
    planted = program.planted()
    if not (planted[:3].all() and planted[-3:].all()):
        return False
    return feet_state(program).kind != "in_turn" and not travel(program)


def _sentence(program: Program, kind: Kind, wording: Wording, choices: tuple[Random, set[str]]) -> tuple[str, Meaning]:
    random, used = choices
    bank = wording.bank
    subject = NOBODY if kind == "label" else random.choice(bank.subjects)
    order = order_of(program)
    if order == "single":
        only = clause(program, wording, random, used)
        frame = random.choice(_plain(bank.single[kind], subject))
        return fill(frame, subject, (only,)), Meaning("single", (only.says,))
    parts = part_clauses(program, wording, random, used)
    frames = (bank.then if order == "then" else bank.while_)[kind]
    return fill(random.choice(frames), subject, parts), Meaning(order, tuple(part.says for part in parts))


def _plain(frames: tuple[Frame, ...], subject: Subject) -> tuple[Frame, ...]:
    """Leave out frames in which the subject is an object ("we see they")."""
    return tuple(f for f in frames if not (subject.plural and "{s} {ing}" in f.text)) or frames


def fill(frame: Frame, subject: Subject, parts: tuple[Clause, ...]) -> str:
    """Put verb phrases into a frame, in the form and number the subject asks for."""
    texts = [subject.sentence(part.text) for part in parts]
    values = {"S": capitalised(subject.noun), "s": subject.noun, "pron": subject.pronoun}
    for number, text in enumerate(texts, start=1):
        suffix = str(number) if len(texts) > 1 else ""
        values[f"vp{suffix}"], values[f"ing{suffix}"] = text, gerund(text)
        values[f"pl{suffix}"] = conjugate(text, frame.form, plural=subject.pronoun == "they")
    sentence = frame.text.format_map(values)
    said = conjugate(sentence, frame.form, plural=subject.plural)
    return capitalised(said) if subject.noun else said
