"""Words for motions: meaning, captions, questions with answers, labels; all computed from programs."""

from .captions import Captions, action_label, captions
from .meaning import Act, Meaning, fits, meaning
from .questions import QA, questions
from .record import words_of

__all__ = ["QA", "Act", "Captions", "Meaning", "action_label", "captions", "fits", "meaning", "questions", "words_of"]
