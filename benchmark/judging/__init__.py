"""Semantic scores of a submission: judges look at pictures of sources and results, clip by clip, then set by set."""
