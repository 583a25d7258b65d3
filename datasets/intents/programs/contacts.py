"""All intents whose contacts are made once and held, and those that repeat one touch, from head to legs."""

from collections.abc import Mapping

from .contacts_arms import ARM_STROKES, ARM_TOUCHES
from .contacts_head import HEAD_STROKES, HEAD_TOUCHES
from .contacts_legs import LEG_STROKES, LEG_TOUCHES
from .contacts_trunk import TRUNK_TOUCHES
from .intent import Intent
from .strokes import Strokes, stroke_intents
from .touching import Touch, touch_intents

TOUCHES: Mapping[str, Touch] = {**HEAD_TOUCHES, **TRUNK_TOUCHES, **ARM_TOUCHES, **LEG_TOUCHES}
"""Acts of touching once, by the name of their intent."""

STROKES: Mapping[str, Strokes] = {**HEAD_STROKES, **ARM_STROKES, **LEG_STROKES}
"""Acts of touching again and again, by the name of their intent."""

CONTACT_INTENTS: tuple[Intent, ...] = (*touch_intents(TOUCHES), *stroke_intents(STROKES))
