"""The command ``search``: motions of the built-in test set for a text or a video. Imports nothing that computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from ..training.counting import Counting
from .errors import NothingAsked


@dataclass(frozen=True)
class Search:
    """Find motions of the built-in test set by a text or by a video, and show them as a contact sheet.

    Examples:
        retargetbench search "a person claps twice"
        retargetbench search --video clip.mp4 --top 3 --sheet found.png
    """

    text: tyro.conf.Positional[str] = ""
    """What is looked for, in words."""
    video: Path | None = None
    """A video of the motion that is looked for, in place of words; needs the extra `video`."""
    top: int = 5
    """How many motions are shown."""
    weights: Path | None = None
    """Folder of weights, in place of what LAVIMO names or those that come with the package."""
    sheet: Path = Path("build/search/found.png")
    """Where the contact sheet goes: a row of frames per motion, the best on top. Beside it, what the motions of the
    test set look like to these weights is kept for the next search."""
    device: str = "cpu"
    """cpu or cuda."""
    json: bool = False
    """Print the result as JSON."""

    def carry_out(self, counting: Counting) -> Mapping[str, Any]:
        """Search, and return what came out: ``lines`` for people, ``next`` for the next command, and values for JSON.

        Args:
            counting: Makes a counter for progress.

        Raises:
            NothingAsked: If there is not one thing to look for.
            NoWeights: If there are no weights.
            BadVideo: If the video cannot be read.
        """
        if bool(self.text.strip()) == (self.video is not None):
            what = "a text and --video" if self.text.strip() else "nothing to look for"
            raise NothingAsked(f'{what} is given; expected one: search "a person claps twice", or search --video FILE.')
        if self.top < 1:
            raise NothingAsked(f"--top is {self.top}; expected how many motions to show, 1 or more.")
        from .weights import find_weights

        folder = find_weights(self.weights)  # a mistake is told before torch is imported
        from .search import Query, search

        return search(Query(self.text, self.video, self.top, self.sheet, folder, self.device), counting)
