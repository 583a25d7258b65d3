"""The program language: goals over time, a style of moving, and the intents that are built from both."""

from .goals import Contact, Face, Free, Goal, Plant, Reach, Side, Speed
from .program import Program
from .registry import INTENTS, make_program

__all__ = [
    "INTENTS",
    "Contact",
    "Face",
    "Free",
    "Goal",
    "Plant",
    "Program",
    "Reach",
    "Side",
    "Speed",
    "make_program",
]
