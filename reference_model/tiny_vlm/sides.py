"""Left and right in words: what a sentence says of the mirrored picture, and what it says of each hand."""

import re

_SIDES = re.compile(r"\b(left|right|Left|Right)(?=\b|_|wards?\b|most\b)")
_SWAPPED = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}
_ONE_EACH = re.compile(r"^The (left|right) hand (.+), the (left|right) hand (.+)\.$")
_BOTH = re.compile(r"^Both hands (.+)\.$")
MEETING = "The two hands touch each other."
"""The answer when the hands touch each other and nothing else."""


def mirrored(text: str) -> str:
    """Return the sentence that is true of the mirrored picture."""
    return _SIDES.sub(lambda found: _SWAPPED[found[0]], text)


def hands_said(answer: str) -> tuple[str, str] | None:
    """Return what an answer to the first guiding question says of the left and of the right hand.

    Args:
        answer: A judge's answer or the program's.

    Returns:
        Two phrases ("is on the left hip"), or ``None`` where the answer has none of the known forms.
    """
    answer = answer.strip()
    if answer == MEETING:
        return "touches the other hand", "touches the other hand"
    both = _BOTH.match(answer)
    if both:
        return both[1], both[1]
    each = _ONE_EACH.match(answer)
    if each is None or each[1] == each[3]:
        return None
    said = {each[1]: each[2], each[3]: each[4]}
    return said["left"], said["right"]
