"""Floor 1: what a skeleton, a character, a motion and a clip set are; the built-in data."""
