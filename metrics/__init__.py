"""Floor 2: pure functions from motions, meshes, images and embeddings to numbers."""
