"""What a program asks of a body: goals over time, stated with key vertices and never with angles.

A goal means the same on every body. Times are seconds from the start of the clip, both ends included. Lengths are
fractions of the body: of H, its height in the rest pose, or of L, its leg length.
"""

from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "right"]


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A key vertex lies on the skin at another key vertex."""

    vertex: str
    """Key vertex that touches: a palm, a fingertip."""
    place: str
    """Key vertex that is touched."""
    from_s: float
    to_s: float
    faces_skin: bool = True
    """Whether the touching vertex is a palm whose normal must point against the skin's."""


@dataclass(frozen=True, kw_only=True)
class Free:
    """A key vertex keeps a distance from another: the contact is programmed not to be there."""

    vertex: str
    place: str
    from_s: float
    to_s: float
    at_least_h: float = 0.05
    """Smallest distance, in H."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """A key vertex is at a point that is stated relative to another key vertex of the same body."""

    vertex: str
    place: str
    offset_h: tuple[float, float, float]
    """From the place to the point in H: to the body's left, up, to the front (axes of the hips in the rest pose)."""
    from_s: float
    to_s: float


@dataclass(frozen=True, kw_only=True)
class Plant:
    """A foot stands flat and still on the ground; where it stands comes from the style's foot track."""

    foot: Side
    from_s: float
    to_s: float


@dataclass(frozen=True, kw_only=True)
class Face:
    """The chest or the head looks along a horizontal direction."""

    part: Literal["chest", "head"]
    yaw_deg: float
    """Angle from +z about +y; 90 is towards +x, the left of a body that faces +z."""
    from_s: float
    to_s: float


@dataclass(frozen=True, kw_only=True)
class Speed:
    """The hips travel at a mean speed over the ground."""

    leg_lengths_per_s: tuple[float, float]
    """Velocity to +x (left) and +z (front) in L per second."""
    from_s: float
    to_s: float


@dataclass(frozen=True, kw_only=True)
class Lean:
    """The trunk leans: the way from the hips to the neck is tilted from where it is in standing straight."""

    forward_deg: float
    """Tilt to the front; negative is backwards."""
    left_deg: float
    """Tilt to the body's left."""
    from_s: float
    to_s: float


Goal = Contact | Free | Reach | Plant | Face | Lean | Speed
