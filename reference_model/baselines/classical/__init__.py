"""The classical competitor: optimisation on skin contacts, penetration, feet and smoothness, for any humanoid."""

from .method import retarget, retarget_with
from .settings import Settings

__all__ = ["Settings", "retarget", "retarget_with"]
