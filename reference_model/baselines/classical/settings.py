"""The numbers of the classical retargeter, all in one place, with what they mean."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Weights and lengths of the objective; lengths are shares of body height H or leg length.

    A weight multiplies the square of a residual: metres over H for positions, radians for rotations.
    """

    iterations: int = 7
    """Gauss-Newton steps."""
    query_every: int = 2
    """Steps between exact penetration queries, each of every second frame in turn."""
    knots_per_s: float = 10.0
    """Spacing of the cubic B-spline that carries the corrections."""
    largest_step: float = 0.5
    """A step's largest change of one knot, in radians (rotations) or H (root)."""

    contact: float = 4.0e4
    """Keeping a limb where it was relative to a surface that it is near."""
    contact_fade: float = 0.03
    """Distance, over H, at which that weight has fallen to 1/e."""
    touch_fade: float = 0.015
    """The same for the weight of the place on the surface: only what touches is held in place."""
    contact_focus: float = 0.006
    """How much further away than the nearest point of a limb others still count, over H."""

    contact_give_up: float = 0.06
    """Miss, over H, at which a contact begins to be given up."""
    contact_smoothing_s: float = 0.06
    """Standard deviation of the smoothing of these weights over time."""

    penetration: float = 2.0e3
    """Pushing a limb vertex out of the body, per vertex."""
    penetration_margin: float = 0.003
    """Clearance asked for, over H."""

    planted: float = 2.0e4
    """Holding a planted sole point in place."""
    sole_height: float = 5.0e3
    """Keeping the height of a sole that is near the ground."""
    floor: float = 5.0e3
    """Lifting the lowest vertices to the floor."""
    planted_speed: float = 0.22
    """A source sole point slower than this, in leg lengths per second, may be planted."""
    planted_height: float = 0.035
    """... when it is lower than this above the ground, over H."""

    closeness: float = 1.0
    """Staying near the copied pose; multiplied by each joint's own stiffness."""
    smoothness: float = 20.0
    """Second differences of the knots of the corrections."""
    damping: float = 1.0e-2
    """Levenberg's addition to the diagonal."""
