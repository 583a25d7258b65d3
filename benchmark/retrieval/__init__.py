"""Submissions to retrieval tracks: embeddings of texts, motions and videos, made by any program or by a callable."""
