"""Embeddings that any retrieval method must beat: some look at nothing, some at one thing only, some read words.

A baseline gives what a submission to a retrieval track holds: embeddings by modality, compared by cosine.
"""
