"""To which standard bone each joint and each vertex of a character belongs, whatever its rig is called."""

import numpy as np
from numpy.typing import NDArray

from .character import Character
from .joint_names import BODY_JOINTS, standard_joints
from .skeleton import Skeleton


def joint_bones(skeleton: Skeleton) -> NDArray[np.int64]:
    """Return for each joint an index into ``BODY_JOINTS``, [joints].

    A finger belongs to its hand; a joint without a standard meaning (twist, control, leaf) to its nearest ancestor that
    has one, and above all of those to the hips.
    """
    standard_of = {index: name for name, index in standard_joints(skeleton).items()}
    bones: list[int] = []
    for joint, parent in enumerate(skeleton.parents):
        name = standard_of.get(joint, "")
        if "Hand" in name:
            name = name[: name.index("Hand") + 4]
        bones.append(BODY_JOINTS.index(name) if name in BODY_JOINTS else (bones[parent] if parent >= 0 else 0))
    return np.array(bones, dtype=np.int64)


def vertex_bones(character: Character) -> NDArray[np.int64]:
    """Return for each vertex the standard bone with most skinning weight, an index into ``BODY_JOINTS``, [vertices]."""
    bones = joint_bones(character.skeleton)
    cells = np.arange(character.vertex_count)[:, None] * len(BODY_JOINTS) + bones[character.joint_indices]
    total = np.bincount(cells.ravel(), character.weights.ravel(), minlength=character.vertex_count * len(BODY_JOINTS))
    return np.asarray(total.reshape(-1, len(BODY_JOINTS)).argmax(axis=1))


def bone_vertices(character: Character, *ends: str) -> NDArray[np.intp]:
    """Return the vertices whose bone's name ends in one of the given words, ascending.

    ``bone_vertices(c, "ForeArm", "Hand")`` are both forearms and both hands with their fingers.
    """
    wanted = [index for index, name in enumerate(BODY_JOINTS) if name.endswith(ends)]
    return np.flatnonzero(np.isin(vertex_bones(character), wanted))
