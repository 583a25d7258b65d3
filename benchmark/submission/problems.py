"""What can be wrong with a submission: one rule id each, all of them reported at once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ...datasets.errors import BenchError, suggestion

RULES = {
    "S001": "the path is no folder and no .zip, .tar or .tar.gz archive",
    "S002": "the folder is empty",
    "S003": "a link or a special file",
    "S004": "too many files",
    "S005": "a required file is missing",
    "S006": "method.toml cannot be read",
    "S007": "method.toml lacks a key",
    "S008": "method.toml has an unknown key",
    "S009": "a value in method.toml has a wrong type or is out of range",
    "S010": "a table (index.csv, failures.csv) cannot be read",
    "S011": "a table has wrong columns",
    "S012": "a row of a table is malformed",
    "S013": "a file name in index.csv is absolute, leaves predictions/ or is no .npz",
    "S014": "a file is listed twice",
    "S015": "a clip is listed twice",
    "S016": "a clip that the track does not have",
    "S017": "clips of the track are missing",
    "S018": "a listed file does not exist",
    "S019": "a prediction file that no line of index.csv names",
    "S020": "a file is larger than any valid one",
    "S021": "an archive cannot be read",
    "S022": "an archive member would be written outside its folder, or is a link or special file",
    "S023": "an archive unpacks to too many files or too many bytes",
    "S024": "the run that wrote the folder has not finished, or is one shard of several",
    "S025": "the predictions were made for other data than the track's",
    "S026": "a table begins with a byte-order mark",
}
"""Rule id -> what it means. Problems inside a prediction file carry the rule ids of the clip reader."""

MAX_SHOWN = 100
"""How many problems a message lists; the number of all is always stated."""

MAX_SUGGESTIONS = 20
"""How many of a submission's problems offer the nearest name: looking for it is slow, and the first mistakes show what
went wrong."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in one sentence that says what was found, where, and how to fix it."""

    rule: str
    message: str
    where: str = ""
    """The file, relative to the submission; empty for the submission as a whole."""

    def __post_init__(self) -> None:
        # Messages quote what strangers wrote; control characters must not reach a terminal.
        object.__setattr__(self, "message", printable(self.message))
        object.__setattr__(self, "where", printable(self.where))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where and self.where not in self.message else ""
        return f"[{self.rule}] {place}{self.message}"


def unknown_items(names: Iterable[str], known: Collection[str], where: str, kind: str = "item") -> list[Problem]:
    """Return a problem for each name that the track does not have, the first ones with the nearest names.

    Args:
        names: What a stranger wrote.
        known: What the track has.
        where: In which file.
        kind: What such a name is of, in messages.
    """
    problems: list[Problem] = []
    for name in (name for name in names if name not in known):
        near = suggestion(name[:200], known, most=1) if len(problems) < MAX_SUGGESTIONS else ""
        problems.append(Problem("S016", f"the track has no {kind} '{name[:120]}'.{near}", where))
    return problems


def printable(text: str) -> str:
    """Return a text without control characters, which become escapes; for anything a stranger wrote."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class BadSubmission(BenchError):
    """A submission that cannot be scored; carries every problem that was found."""

    rule = "S000"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        if len(self.problems) == 1:
            self.rule = first.rule
        more = f" (and {len(self.problems) - 1} more problems; `retargetbench check` lists them all)"
        text = str(first) if len(self.problems) > 1 else str(first).removeprefix(f"[{first.rule}] ")
        super().__init__(text + (more if len(self.problems) > 1 else ""))
