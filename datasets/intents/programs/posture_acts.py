"""Acts of the whole body that end in another posture and come back: sitting, kneeling, crouching, leaning."""

from .intent import Intent

POSTURE_INTENTS: tuple[Intent, ...] = ()
