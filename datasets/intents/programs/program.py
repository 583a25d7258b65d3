"""A program: goals over time and the style in which they are met, for any body."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .facts import Fact
from .goals import Contact, Free, Goal, Plant
from .style import Movement, PoseTrack

FPS = 30.0
"""Frame rate of every Intents clip."""


@dataclass(frozen=True)
class Program:
    """What is to be done, not how a body does it: a motion instance is a program with its parameters filled in."""

    intent: str
    """The structure the program was made by; two programs of one intent differ only in parameters."""
    name: str
    """Unique name of the motion instance."""
    parameters: Mapping[str, float | str]
    frame_count: int
    goals: tuple[Goal, ...]
    style: Movement
    fps: float = field(default=FPS)
    said: Mapping[str, str | int | float] = field(default_factory=dict)
    """What words may say of the whole motion; keys are those of ``facts.SAID``."""
    facts: tuple[Fact, ...] = ()
    """States of parts of the body that no goal says, for words."""
    parts: tuple["Program", ...] = ()
    """Of a composed program: what it was composed of, each with its own times; empty for a single intent."""
    part_spans_s: tuple[tuple[float, float], ...] = ()
    """When each part begins and ends within the composed program."""

    @property
    def length_s(self) -> float:
        """Time from the first to the last frame."""
        return (self.frame_count - 1) / self.fps

    @property
    def acts(self) -> tuple["Program", ...]:
        """The single intents it is made of: its parts, or itself."""
        return self.parts or (self,)

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """The self-contacts among the goals."""
        return tuple(g for g in self.goals if isinstance(g, Contact))

    def contact_pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the (vertex, place) pairs that are ever in contact, in order of first mention."""
        return tuple(dict.fromkeys((c.vertex, c.place) for c in self.contacts))

    def frames(self, from_s: float, to_s: float) -> NDArray[np.bool_]:
        """Return which frames lie within a time span, [frames]; one that ends half a frame early ends with the clip."""
        times = np.arange(self.frame_count) / self.fps
        to_the_end = to_s >= self.length_s - 0.5 / self.fps - 1e-6
        return (times >= from_s - 1e-6) & ((times <= to_s + 1e-6) | to_the_end)

    def held(self, vertex: str, place: str) -> NDArray[np.bool_]:
        """Return the frames in which a contact must be there, [frames]."""
        held = np.zeros(self.frame_count, dtype=np.bool_)
        for goal in self.contacts:
            if (goal.vertex, goal.place) == (vertex, place):
                held |= self.frames(goal.from_s, goal.to_s)
        return held

    def free(self, vertex: str, place: str) -> NDArray[np.bool_]:
        """Return the frames in which a contact is programmed not to be there, [frames]."""
        free = np.zeros(self.frame_count, dtype=np.bool_)
        for goal in self.goals:
            if isinstance(goal, Free) and (goal.vertex, goal.place) == (vertex, place):
                free |= self.frames(goal.from_s, goal.to_s)
        return free

    def planted(self) -> NDArray[np.bool_]:
        """Return whether the left and the right foot are planted, [frames, 2]."""
        planted = np.zeros((self.frame_count, 2), dtype=np.bool_)
        for goal in self.goals:
            if isinstance(goal, Plant):
                planted[:, int(goal.foot == "right")] |= self.frames(goal.from_s, goal.to_s)
        return planted

    def track(self) -> PoseTrack:
        """Return the style sampled at the program's frames."""
        return self.style.sample(self.frame_count, self.fps)
