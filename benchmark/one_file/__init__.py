"""What tracks have in common whose submission is one file for the whole test: searches and recognition."""
