"""The damages: pure functions of a clip, a degree and a random generator; each makes one known thing wrong."""
