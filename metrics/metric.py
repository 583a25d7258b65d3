"""The declaration of one metric, whatever it needs. Imports nothing that computes."""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["lower", "higher", "none"]
"""Which way is better; ``none``: shown beside others to explain them, never ranked."""

Need = Literal["nothing", "reference", "goals", "planted", "source", "source-proxy"]
"""What a pair must hold beside the target: a ground truth, contact goals, planted feet, a source with a skin of its
own, or a source that wears a declared stand-in for one."""

INF = float("inf")


@dataclass(frozen=True)
class Metric:
    """The declaration of one metric."""

    name: str
    version: int
    unit: str
    direction: Direction
    lower: float
    """Least value that the formula can give."""
    upper: float
    """Greatest value that the formula can give; may be infinite."""
    needs: Need
    summary: str
    """One sentence for tables and help."""
    worst: float
    """What a clip counts that a method failed to produce: the bound, or, where there is none, a figure that no usable
    motion reaches (an error of a whole body height; for metrics of no direction, a motionless character)."""
    qualifier: str = ""
    family: str = "geometry"
    per: Literal["clip", "set"] = "clip"
    """Whether each clip has a value, or only a whole set of them."""

    @property
    def key(self) -> str:
        """The name that records and tables use, for example ``pen_limb@1[0.3%H]``."""
        return f"{self.name}@{self.version}" + (f"[{self.qualifier}]" if self.qualifier else "")


def name_in(key: str) -> str:
    """Return the name in a metric's key, without version and qualifier: ``R@10`` may itself hold an ``@``."""
    head = key.partition("[")[0]
    return head.rpartition("@")[0] or head
