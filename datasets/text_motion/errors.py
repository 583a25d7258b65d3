"""What can be wrong with a folder of HumanML3D or KIT-ML."""

from collections.abc import Sequence
from pathlib import Path

from ..errors import BenchError, shorten

_MOST_SHOWN = 8


class BadTextMotionFolder(BenchError):
    """A folder that does not hold what the layout of the data set asks for; all problems at once."""

    rule = "D210"

    def __init__(self, name: str, folder: Path, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        """Every problem, one clause each."""
        count = f"{len(problems)} problems" if len(problems) > 1 else "a problem"
        shown = "; ".join(problems[:_MOST_SHOWN])
        more = f"; and {len(problems) - _MOST_SHOWN} more" if len(problems) > _MOST_SHOWN else ""
        super().__init__(
            f"the {name} folder '{folder}' has {count}: {shown}{more}. docs/text-motion-data.md says what lies where."
        )


def lacking(what: str, ids: Sequence[str], known: int) -> str:
    """Return the clause of ids that lack something: ``2 of 40 motions lack a file in texts/: 000001, 000002``."""
    return f"{len(ids)} of {known} motions lack {what}: {shorten(ids, 4)}"
