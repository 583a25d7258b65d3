"""The captions of a motion: ``texts/<id>.txt``, one ``caption#token/POS token/POS ...#start#end`` a line."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Caption:
    """What somebody wrote about a motion, or about a part of it."""

    text: str
    tokens: tuple[str, ...] = ()
    """Lemmatised words with their part of speech, ``walk/VERB``, as the data set's authors made them."""
    span_s: tuple[float, float] | None = None
    """The part that is meant, seconds from the motion's beginning; ``None``: all of it."""

    def rows(self, fps: float) -> slice:
        """Return the rows of the features that are meant: ``int(start * fps)`` to ``int(end * fps)``, as Guo's loader.

        Args:
            fps: Rows per second.
        """
        return slice(None) if self.span_s is None else slice(*(int(second * fps) for second in self.span_s))


def parse_captions(content: str, where: str) -> tuple[tuple[Caption, ...], list[str]]:
    """Return the captions of one file in their order, and everything that is wrong with it.

    Times as TMR's converter reads the real files: ``nan`` is 0, a start behind the end changes places with it, and
    equal times mean the whole motion, whatever they are.

    Args:
        content: Of the file.
        where: Its name in messages.
    """
    captions, problems = [], []
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        fields = line.strip().split("#")
        times = [_seconds(field) for field in fields[2:]]
        if len(fields) != 4 or None in times or not fields[0].strip():
            problems.append(f"line {number} of {where} is not 'caption#tokens#start#end'")
            continue
        start, end = sorted(time for time in times if time is not None)
        captions.append(Caption(fields[0].strip(), tuple(fields[1].split()), None if start == end else (start, end)))
    if not captions and not problems:
        problems.append(f"{where} holds no caption")
    return tuple(captions), problems


def _seconds(text: str) -> float | None:
    """Seconds; ``nan``, which real files hold, is 0; ``None`` for what is no time."""
    try:
        value = float(text)
    except ValueError:
        return None
    if math.isnan(value):
        return 0.0
    return value if 0 <= value < math.inf else None
