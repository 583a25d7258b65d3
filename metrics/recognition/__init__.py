"""Recognition: which of several classes a motion shows, and how often a classifier says so."""
