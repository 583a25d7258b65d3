"""Retrieval: how high the right answer stands among all that a search returns, in every protocol by its own name."""
