"""Bake the built-in bodies and draw them (needs the ``bake`` extra).

``python -m retargetbench.datasets.intents.bake`` rewrites the data; with a path it draws the contact sheet there.
"""

import logging
import sys
from pathlib import Path

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if len(sys.argv) > 1:
        from .contact_sheet import draw_sheet

        draw_sheet(Path(sys.argv[1]))
    else:
        from .build import bake

        bake()
