"""One sentence per built-in motion that says what happens in it: what a judge's matching head is asked about.

Made by ``clip_captions_build`` and read from ``data/captions.csv``, because drawing all programs again takes seconds.
"""

import csv
import hashlib
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def clip_captions() -> Mapping[str, str]:
    """Return the sentence of every motion in ``mini``, ``val`` and ``full``, by the motion's name."""
    return dict(csv.reader(io.StringIO(_text())))


def captions_sha256() -> str:
    """Return the hash of the sentences, which stands in every record whose scores rest on them."""
    return hashlib.sha256(_text().encode()).hexdigest()


@cache
def _text() -> str:
    return (files(__package__) / "data" / "captions.csv").read_text(encoding="utf-8")
