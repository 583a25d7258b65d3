"""Readers and writers: each file format becomes a Character and Motions in the one convention."""
