"""Everything that words say of one motion, as plain values that can be written to a file."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..programs import INTENTS, Program
from .captions import action_label, captions
from .entry import Split
from .meaning import Meaning, meaning
from .questions import questions


def words_of(program: Program, split: Split) -> dict[str, Any]:
    """Return the words of a motion.

    Args:
        program: The motion instance.
        split: Whose templates and synonyms the captions are made of.

    Returns:
        ``actions``: its class of action, of a composition those of its parts; ``label``: a name for people;
        ``meaning``: its normal form, equal for two motions that words cannot tell apart; ``captions``: paraphrases with
        what each ``says``, and
        the ``detailed`` one; ``questions`` with their answers. Unsaid fields are left out.
    """
    said = captions(program, split)
    return {
        "actions": [INTENTS[act.intent].action for act in program.acts],
        "label": action_label(program),
        "meaning": plain_meaning(meaning(program)),
        "captions": [
            {"text": text, "says": plain_meaning(says)} for text, says in zip(said.paraphrases, said.says, strict=True)
        ],
        "detailed": said.detailed,
        "questions": [_known(asdict(question)) for question in questions(program)],
    }


def plain_meaning(said: Meaning) -> dict[str, Any]:
    """Return a normal form as plain values; fields of which nothing is said are left out."""
    acts = [plain_meaning(act) if isinstance(act, Meaning) else _known(asdict(act)) for act in said.acts]
    return {"order": said.order, "acts": acts}


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty."""
    return {key: value for key, value in values.items() if value is not None and value not in ("", ())}
