"""Submissions to recognition tracks: scores or ranks of classes, made by any program or by a callable."""
