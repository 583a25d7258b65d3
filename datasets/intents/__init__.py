"""Intents: the built-in bodies, programs and clips, whose meaning is known because it was programmed."""
