"""Gestures: what hands, head and shoulders say without touching anything."""

from .intent import Intent

GESTURE_INTENTS: tuple[Intent, ...] = ()
