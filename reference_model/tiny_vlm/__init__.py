"""The built-in judge: a small BLIP-2 and, trained apart from it, a small CLIP; what they are shown, told and asked."""
