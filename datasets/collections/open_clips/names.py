"""From the name of an animation to a plain sentence, to its meaning, and to whether training knows its verb.

Nothing here was chosen by looking at results. The names of ``clips.csv`` were read once to list the verbs among them.
"""

import re
from collections.abc import Mapping
from functools import cache

from ...intents.words.grammar import inflect
from ...intents.words.lexicon import LEXICON

_RIG = re.compile(r"^.*\|")
_PARTS = re.compile(r"\d+H|\d+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_FILLERS = frozenset({"loop", "rm", "experimental", *"abcdefghijklmnopqrstuvwxyz"})
"""What files are called by and movements are not: takes A, B, C; that it loops; that the root moves ("RM")."""
_SPELT_OUT: Mapping[str, tuple[str, ...]] = {
    "1h": ("one", "handed"),
    "2h": ("two", "handed"),
    "fwd": ("forward",),
    "backwards": ("backward",),
    "pushup": ("push", "ups"),
    "dualwield": ("dual", "wield"),
    "death": ("die",),
}  # fmt: skip
_VERBS = (
    "aim", "attack", "awaken", "blast", "block", "cheer", "chop", "consume", "crawl", "crouch", "dance", "defend",
    "die", "dodge", "draw", "drive", "fight", "fix", "fly", "greet", "hit", "hold", "idle", "interact", "jab", "jog",
    "jump", "kick", "kneel", "levitate", "lie", "listen", "meditate", "nod", "pick", "pump", "punch", "push", "raise",
    "reach", "reject", "release", "reload", "resurrect", "roll", "run", "shiver", "shoot", "sit", "sleep", "slice",
    "sneak", "spawn", "spellcast", "spin", "sprint", "stab", "stand", "strafe", "summon", "swim", "talk", "taunt",
    "throw", "transform", "use", "walk", "wave",
)  # fmt: skip
_THINGS = ("bow",)
"""Verbs that name a thing as often (the weapon): they are the verb only where there is no other."""
_BASE = {form: verb for verb in (*_VERBS, *_THINGS) for form in (verb, inflect(verb, "ing"))}
_MARKED = re.compile(r"\[([a-z]+)")


def words_of_name(name: str) -> tuple[str, ...]:
    """Return the words of a name: ``Rig_Medium|Melee_1H_Attack_Chop`` is melee, one, handed, attack, chop.

    What stands before ``|`` is the rig. Words begin at ``_``, ``-``, spaces and capital letters; small letters;
    takes, numbers and the other fillers are left out; abbreviations are spelt out, "death" is the verb "die".
    """
    parts = [part.lower() for part in _PARTS.findall(_RIG.sub("", name))]
    kept = [part for part in parts if part not in _FILLERS and not part.isdigit()]
    return tuple(word for part in kept for word in _SPELT_OUT.get(part, (part,)))


def verbs_of_name(name: str) -> tuple[str, ...]:
    """Return the verbs of a name in their base form, the one that the sentence has first."""
    found = [_BASE[word] for word in words_of_name(name) if word in _BASE]
    return tuple(sorted(found, key=lambda verb: verb in _THINGS))


def sentence_of_name(name: str) -> str:
    """Return a plain sentence: ``a person`` and the name's verb, then its other words in their order.

    ``Walking_Backwards`` is "a person walks backward", ``Unarmed_Melee_Attack_Kick`` "a person attacks unarmed melee
    kick". A name without a verb is acted: ``Dizzy`` is "a person acts dizzy".
    """
    words, verbs = words_of_name(name), verbs_of_name(name)
    if not verbs:
        return " ".join(("a person acts", *words))
    at = next(place for place, word in enumerate(words) if _BASE.get(word) == verbs[0])
    return " ".join(("a person", inflect(verbs[0], "s"), *words[:at], *words[at + 1 :]))


def meaning_of_name(name: str) -> str:
    """Return what is equal for look-alike names: their words without order and repetition, verbs in the base form.

    ``1H_Melee_Attack_Chop`` and ``Rig_Medium|Melee_1H_Attack_Chop`` mean the same, and so do ``Walk_Loop`` and
    ``Walking_A``. One word more is another meaning, whatever it says.
    """
    return " ".join(sorted({_BASE.get(word, word) for word in words_of_name(name)}))


@cache
def training_verbs() -> frozenset[str]:
    """Return the verbs of the phrases that captions of Intents' training motions are made of, in the base form."""
    return frozenset(verb for entry in LEXICON.values() for text in entry.train for verb in _MARKED.findall(text))


def has_training_verb(name: str) -> bool:
    """Whether one of a name's verbs is one of training's."""
    return not training_verbs().isdisjoint(verbs_of_name(name))
