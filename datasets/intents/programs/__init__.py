"""The program language: goals over time, a style of moving, and the intents that are built from both."""

from .compose import NotComposable, overlay, sequence
from .facts import Fact
from .goals import Contact, Face, Free, Goal, Lean, Plant, Reach, Side, Speed
from .intent import Choice, Intent, Range
from .program import Program
from .registry import INTENTS, make_program

__all__ = [
    "INTENTS",
    "Choice",
    "Contact",
    "Face",
    "Fact",
    "Free",
    "Goal",
    "Intent",
    "Lean",
    "NotComposable",
    "Plant",
    "Program",
    "Range",
    "Reach",
    "Side",
    "Speed",
    "make_program",
    "overlay",
    "sequence",
]
