"""How numbers are written in the report: as many decimals as a column needs, the same for all of it."""

import math
from collections.abc import Sequence

MINUS = "\N{MINUS SIGN}"


def decimals_for(values: Sequence[float]) -> int:
    """Return how many decimals show three significant digits of a column's middle magnitude, 0 to 5."""
    sizes = sorted(abs(v) for v in values if v != 0 and math.isfinite(v))
    if not sizes:
        return 2
    middle = sizes[len(sizes) // 2]
    return min(max(2 - math.floor(math.log10(middle)), 0), 5)


def written(value: float, decimals: int) -> str:
    """Return a number with fixed decimals and a real minus sign; one that is too large for them in powers of ten.

    One that rounds to zero is just 0.
    """
    if abs(value) >= 1e7:
        return f"{value:.2e}".replace("-", MINUS)
    if float(f"{value:.{decimals}f}") == 0:
        return "0"
    whole_digits = len(f"{abs(value):.0f}")
    decimals = min(decimals, max(5 - whole_digits, 0))  # an outlier of its column needs no hundredths
    return f"{value:,.{decimals}f}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace("-", MINUS)
