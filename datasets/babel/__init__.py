"""BABEL: what people do in AMASS's captures, by category; for users who have both."""
