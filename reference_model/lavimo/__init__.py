"""LAVIMO: text, video and motion in one space (CVPR 2024), trained by this project; see ``docs/lavimo.md``."""
