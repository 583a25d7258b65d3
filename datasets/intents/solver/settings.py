"""What the solver weighs and how long it works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SolverSettings:
    """Weights of the loss terms and the schedule. Distances are measured in H, angles in radians."""

    iterations: int = 80
    """Steps of Adam, on every second frame."""
    polish: int = 32
    """Steps of L-BFGS after them, on every frame."""
    learning_rate: float = 0.05
    calm_learning_rate: float = 0.01
    """Pace of a second search, for a clip whose first one flung an arm away: hands need the fast pace to get past
    each other, and some arms do not come back from it."""
    flung_deg: float = 12.0
    """Turn of an upper arm away from the style in the first or last frame that asks for the second search."""
    calm_may_cost: float = 2.0
    """Up to how much of the first search's cost the second one's may be for its result to be taken."""
    query_every: int = 16
    """Steps between two exact closest-point queries; in between, the points found are held."""
    contact: float = 4.0
    contact_scale_h: float = 0.003
    """Distance at which pulling a contact together turns from quadratic to linear."""
    contact_slack_h: float = 0.003
    """Distance from which a contact is pulled at all: palms and cheeks are hollow, and skin must not be pressed in."""
    facing: float = 30.0
    facing_within_deg: float = 40.0
    free: float = 2000.0
    free_margin_h: float = 0.012
    penetration: float = 0.5
    penetration_scale_h: float = 0.002
    clearance_h: float = 0.0015
    """Distance that limbs keep from the skin where no goal asks for more."""
    ranges: float = 400.0
    stretch: float = 400.0
    reach: float = 1.0
    face: float = 3.0
    speed: float = 3.0
    style: float = 1.0
    smooth: float = 8.0
    spread: float = 0.2
    """Solutions of one clip differ by scaling the style's weights by up to this, either way."""
    start_noise: float = 0.003
    """Standard deviation of the first departures, in radians, so that solutions start apart."""
    rounded: bool = False
    """Whether what is found is rounded to ``departures.STEP``, to be kept small and posed again."""
