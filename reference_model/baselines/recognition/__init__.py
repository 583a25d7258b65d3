"""Classifiers that any recognition method must beat: some look at nothing, some at raw poses."""
