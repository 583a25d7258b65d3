"""Bake the built-in bodies: ``python -m retargetbench.datasets.intents.bake`` (needs the ``bake`` extra)."""

import logging

from .build import bake

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    bake()
