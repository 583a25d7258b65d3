"""Sizes of models and pictures that a test can afford."""

from retargetbench.reference_model.tiny_vlm.models import Sizes
from retargetbench.reference_model.tiny_vlm.render import Drawing

SMALL = Sizes(
    image_px=32, patch_px=16, width=32, heads=2, sight_layers=1, query_layers=2, queries=4, language_layers=1,
    clip_width=32, clip_heads=2, clip_sight_layers=1, clip_text_layers=1, shared=16,
)  # fmt: skip
PROGRAMS = 9
DRAWINGS = (Drawing("blip2", 6, 32), Drawing("clip", 6, 32), Drawing("test", 6, 32))
