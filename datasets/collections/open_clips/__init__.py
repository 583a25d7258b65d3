"""Real animations whose names say what they are, with preview videos of some: a zero-shot test of retrieval.

``files.csv`` lists the public files with their checksums, ``clips.csv`` every animation that moves or has previews.
Both are committed; sentences and meanings follow from the names (``names.py``). ``docs/open-clips.md`` says what such a
test can show and what it cannot.
"""
