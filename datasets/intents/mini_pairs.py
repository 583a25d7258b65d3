"""The committed list of ``mini``: 32 pairs, 8 per split, and which motions training may hold on which bodies.

``mini`` is made of validation's material: its unseen programs and unseen bodies belong to ``val``, never to ``test``.
It is older than training's list, which holds the intents of its seen motions (SM) with other parameters, and none of
these motions themselves: they are less seen than those of ``val`` and ``full``.
"""

from dataclasses import dataclass
from typing import Any

from .programs import Program, make_program
from .programs.splits import PUBLISHED_TRAINING, PUBLISHED_VALIDATION

TRAINING_INTENTS = PUBLISHED_TRAINING
"""Programs that training may draw parameters of; it has more than these."""

VALIDATION_INTENTS = PUBLISHED_VALIDATION
"""Programs that training never sees; their parameters do not matter."""


@dataclass(frozen=True)
class MiniPair:
    """One pair of ``mini``, before it is solved."""

    split: str
    intent: str
    parameters: dict[str, Any]
    source: str
    target: str

    def program(self) -> Program:
        """Make the motion instance."""
        return make_program(self.intent, **self.parameters)


def _one(split: str, source: str, target: str, intent: str, **parameters: Any) -> MiniPair:
    return MiniPair(split, intent, parameters, source, target)


MINI_PAIRS = (
    _one("SC+SM", "average_man", "sturdy_woman", "hand_on_opposite_shoulder", side="left", tempo=1.0, seed=11),
    _one("SC+SM", "slim_man", "stocky_man", "clap", side="right", count=3, tempo=1.0, seed=12),
    _one("SC+SM", "average_woman", "stocky_man", "rub_belly", side="right", count=1, tempo=1.05, seed=13),
    _one("SC+SM", "strong_man", "teenage_girl", "cover_mouth", side="right", tempo=1.0, seed=14),
    _one("SC+SM", "lanky_woman", "strong_man", "hug_oneself", side="left", tempo=0.95, seed=15),
    _one("SC+SM", "average_man", "lanky_woman", "touch_knee", side="right", tempo=1.0, seed=16),
    _one("SC+SM", "average_man", "teenage_boy", "walk", speed=1.3, step_s=0.52, seed=17),
    _one("SC+SM", "teenage_girl", "strong_man", "wave", side="right", count=2, tempo=1.1, seed=18),
    _one("SC+UM", "average_man", "sturdy_woman", "cross_arms", side="left", tempo=1.0, seed=21),
    _one("SC+UM", "lanky_woman", "stocky_man", "hands_together", side="left", tempo=0.95, seed=22),
    _one("SC+UM", "average_woman", "teenage_boy", "cover_ears", side="left", tempo=1.05, seed=23),
    _one("SC+UM", "strong_man", "senior_woman", "beat_chest", side="right", count=4, tempo=1.05, seed=24),
    _one("SC+UM", "slim_man", "sturdy_woman", "hold_phone", side="right", tempo=1.0, seed=25),
    _one("SC+UM", "average_woman", "strong_man", "hand_behind_back", side="right", tempo=1.0, seed=26),
    _one("SC+UM", "average_man", "lanky_woman", "squat", depth=0.38, tempo=1.0, seed=27),
    _one("SC+UM", "slim_man", "stocky_man", "kick", side="right", height=0.5, tempo=1.0, seed=28),
    _one("UC+SM", "average_woman", "uncle", "hand_on_opposite_shoulder", side="right", tempo=1.05, seed=31),
    _one("UC+SM", "average_man", "schoolchild", "hand_on_hip", side="left", tempo=1.0, seed=32),
    _one("UC+SM", "slim_man", "uncle", "rub_belly", side="left", count=1, tempo=1.05, seed=33),
    _one("UC+SM", "lanky_woman", "schoolchild", "scratch_head", side="right", tempo=1.0, seed=34),
    _one("UC+SM", "teenage_boy", "swimmer", "hand_on_heart", side="right", tempo=0.95, seed=35),
    _one("UC+SM", "schoolchild", "uncle", "hug_oneself", side="right", tempo=1.0, seed=36),
    _one("UC+SM", "average_man", "runner", "bow", depth_deg=50.0, tempo=1.0, seed=37),
    _one("UC+SM", "strong_man", "schoolchild", "punch", side="right", count=2, tempo=1.0, seed=38),
    _one("UC+UM", "runner", "uncle", "cross_arms", side="right", tempo=1.0, seed=41),
    _one("UC+UM", "average_man", "schoolchild", "hands_together", side="right", tempo=1.0, seed=42),
    _one("UC+UM", "swimmer", "runner", "hands_on_knees", side="left", tempo=1.0, seed=43),
    _one("UC+UM", "average_woman", "uncle", "drink", side="right", tempo=1.0, seed=44),
    _one("UC+UM", "schoolchild", "swimmer", "hold_phone", side="left", tempo=1.0, seed=45),
    _one("UC+UM", "slim_man", "swimmer", "touch_opposite_elbow", side="left", tempo=1.0, seed=46),
    _one("UC+UM", "average_woman", "schoolchild", "sidestep", side="left", width=0.4, tempo=1.0, seed=47),
    _one("UC+UM", "strong_man", "runner", "jump", height=0.26, tempo=1.0, seed=48),
)

_TRAINING_BODIES = 3


def training_bodies(pair: MiniPair, candidates: tuple[str, ...]) -> tuple[str, ...]:
    """Return the bodies on which training may hold a seen motion; empty for an unseen one.

    The source and its neighbours in the list of training bodies, never the target of any test pair of that motion.

    Args:
        pair: A pair of ``mini``.
        candidates: The training bodies.
    """
    if not pair.split.endswith("SM"):
        return ()
    name = pair.program().name
    targets = {p.target for p in MINI_PAIRS if p.program().name == name}
    allowed = [body for body in candidates if body not in targets]
    start = allowed.index(pair.source) if pair.source in allowed else len(pair.intent) % len(allowed)
    return tuple(sorted(allowed[(start + step) % len(allowed)] for step in range(_TRAINING_BODIES)))
