"""What a skeleton, a motion and a character are, and how a pose becomes joint and vertex positions.

Conventions of the whole project: right-handed, y up, facing +z, metres, seconds. Quaternions are ``wxyz``, unit, local
to the parent. In the canonical pose every joint's rest orientation is the world axes, so that identity quaternions
everywhere are the rest pose.
"""

from .character import PARTS, Character
from .motion import Motion
from .skeleton import Skeleton

__all__ = ["PARTS", "Character", "Motion", "Skeleton"]
