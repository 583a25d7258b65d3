"""Real animated characters and motion capture onto other characters: no ground truth, only what geometry can say.

Sources are CC0 animations with their own skinned characters (Mesh2Motion, KayKit) and motion capture (CMU) that wears a
declared proxy skin. Targets are Mesh2Motion and KayKit characters and the built-in bodies. ``files.csv`` lists the
public files with their checksums, ``pairs.csv`` the pairs and windows; both are committed, nothing is sampled.
"""

from .clips import OpenCharacters, load_open_characters

__all__ = ["OpenCharacters", "load_open_characters"]
