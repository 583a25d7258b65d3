"""English grammar for marked-up verb phrases: ``"[raise] the {side} hand and [wave]"`` in any tense and number."""

import re
from dataclasses import dataclass
from typing import Literal

Form = Literal["base", "s", "ing", "past"]

_PAST = {
    "be": "was", "have": "had", "do": "did", "go": "went", "put": "put", "hold": "held", "bring": "brought",
    "bend": "bent", "stand": "stood", "sit": "sat", "kneel": "knelt", "rise": "rose", "shake": "shook", "throw":
    "threw", "swing": "swung", "strike": "struck", "hit": "hit", "beat": "beat", "take": "took", "run": "ran",
    "sweep": "swept", "keep": "kept", "drink": "drank", "draw": "drew", "cut": "cut", "spread": "spread", "get":
    "got", "come": "came", "make": "made", "give": "gave", "lay": "laid", "lie": "lay", "cling": "clung",
    "wind": "wound", "let": "let", "set": "set", "creep": "crept", "spin": "spun", "stride": "strode", "leap":
    "leapt", "fling": "flung", "shoot": "shot", "catch": "caught", "sink": "sank", "feel": "felt", "find":
    "found", "hang": "hung", "lead": "led", "leave": "left", "meet": "met", "shut": "shut", "slide": "slid",
    "tell": "told", "think": "thought", "say": "said", "send": "sent", "split": "split", "thrust": "thrust",
    "hide": "hid", "seek": "sought", "show": "showed", "steal": "stole", "wring": "wrung", "fall": "fell",
    "ride": "rode", "speak": "spoke", "stick": "stuck", "spring": "sprang", "wake": "woke", "swim": "swam",
    "grind": "ground", "burst": "burst", "cast": "cast", "drive": "drove", "tread": "trod",
}  # fmt: skip
_DOUBLED = frozenset({
    "rub", "clap", "pat", "tap", "slap", "nod", "step", "hop", "hug", "jog", "stop", "grab", "drop", "slip",
    "scrub", "dip", "bob", "skip", "chop", "stir", "squat", "flap", "plan", "jab", "grip", "wrap", "tug",
    "clip", "spin", "run", "sit", "put", "hit", "cut", "get", "let", "set", "shut", "split", "trot", "strut",
    "dab", "whip", "lob", "beg", "shrug", "drag", "lug", "snap", "swat", "chug", "drum", "dig", "rap", "prop",
    "chat", "cup", "flag", "mop", "prod", "scan", "sip", "tip", "swim",
})  # fmt: skip
_MARK = re.compile(r"\[([a-z]+)(?::(base|s|ing|past))?\]")


def inflect(verb: str, form: Form, *, plural: bool = False) -> str:
    """Return a verb in a form of the third person: ``raise`` -> raises, raising, raised.

    Args:
        verb: In its base form.
        form: ``s`` is the present tense ("raises"; "raise" in the plural).
        plural: Whether the subject is plural.
    """
    if form == "base" or (form == "s" and plural):
        return "are" if verb == "be" and form == "s" else verb
    if form == "s":
        return _third_person(verb)
    if form == "past":
        return "were" if verb == "be" and plural else _past(verb)
    return _gerund(verb)


def _third_person(verb: str) -> str:
    if verb in ("be", "have"):
        return {"be": "is", "have": "has"}[verb]
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")) and not verb.endswith("oo"):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def _past(verb: str) -> str:
    if verb in _PAST:
        return _PAST[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + (verb[-1] if verb in _DOUBLED else "") + "ed"


def _gerund(verb: str) -> str:
    if verb == "lie":
        return "lying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "be")):
        return verb[:-1] + "ing"
    return verb + (verb[-1] if verb in _DOUBLED else "") + "ing"


def conjugate(phrase: str, form: Form, *, plural: bool = False) -> str:
    """Put every marked verb of a phrase into a form; a mark with a form of its own (``[wave:ing]``) keeps it."""

    def verb(match: re.Match[str]) -> str:
        """Return the marked verb in its form."""
        own = match.group(2)
        return inflect(match.group(1), own or form, plural=plural)  # type: ignore[arg-type]

    return _MARK.sub(verb, phrase)


@dataclass(frozen=True)
class Subject:
    """Who does it. Nobody is called a man or a woman, since one motion is shown on many bodies."""

    noun: str
    their: str = "their"
    pronoun: str = "they"
    plural: bool = False
    themselves: str = "themselves"

    def sentence(self, phrase: str) -> str:
        """Fill in the possessive and the reflexive of a marked-up phrase."""
        own = phrase if self.noun else phrase.replace("{their} own", "one's own")
        return own.replace("{their}", self.their).replace("{themselves}", self.themselves)


NOBODY = Subject("", their="the", themselves="oneself")
"""For labels without a subject: "raising the left hand"."""


def capitalised(text: str) -> str:
    """Return a text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def joined(items: list[str]) -> str:
    """Join with commas and a final "and"."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


_TIMES = ("", "once", "twice", "three times", "four times", "five times", "six times", "seven times", "eight times",
          "nine times", "ten times", "eleven times", "twelve times")  # fmt: skip


def times(count: int) -> str:
    """Return how many times in words: once, twice, three times; digits beyond twelve."""
    return _TIMES[count] if 0 < count < len(_TIMES) else f"{count} times"


def normalised(text: str) -> str:
    """Return a caption in small letters without punctuation, for comparing captions."""
    return " ".join(re.sub(r"[^a-z0-9 ]+", " ", text.lower()).split())
