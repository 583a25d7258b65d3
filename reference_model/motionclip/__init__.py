"""MotionCLIP: a motion auto-encoder whose latent is aligned to CLIP's embeddings of captions and of rendered frames."""
