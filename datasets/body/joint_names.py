"""Which joint of a skeleton is which: the 22 standard body joints, fingers, and the names other rigs give them."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from ..errors import BenchError, shorten
from .skeleton import Skeleton

BODY_JOINTS = (
    "Hips", "Spine", "Spine1", "Spine2", "Neck", "Head",
    "LeftUpLeg", "LeftLeg", "LeftFoot", "LeftToeBase",
    "RightUpLeg", "RightLeg", "RightFoot", "RightToeBase",
    "LeftShoulder", "LeftArm", "LeftForeArm", "LeftHand",
    "RightShoulder", "RightArm", "RightForeArm", "RightHand",
)  # fmt: skip
"""The 22 body joints shared by Mixamo and SMPL, in R2ET's order."""

BODY_PARENTS = (-1, 0, 1, 2, 3, 4, 0, 6, 7, 8, 0, 10, 11, 12, 3, 14, 15, 16, 3, 18, 19, 20)
"""Parent of each of ``BODY_JOINTS``."""

SMPL_JOINTS = (
    "Hips", "LeftUpLeg", "RightUpLeg", "Spine", "LeftLeg", "RightLeg", "Spine1", "LeftFoot", "RightFoot", "Spine2",
    "LeftToeBase", "RightToeBase", "Neck", "LeftShoulder", "RightShoulder", "Head", "LeftArm", "RightArm",
    "LeftForeArm", "RightForeArm", "LeftHand", "RightHand",
)  # fmt: skip
"""``BODY_JOINTS`` in the order of the first 22 joints of SMPL, SMPL-H and SMPL-X, which AMASS and HumanML3D have."""

CORE_JOINTS = tuple(
    n for n in BODY_JOINTS if n not in {"Spine", "Spine1", "Spine2", "Neck"} and "Toe" not in n and "Shoulder" not in n
)
"""What any humanoid must have to be retargeted: hips, head, and each limb's three joints (15 less 2 = 14 joints)."""

FINGERS = tuple(f"{finger}{bone}" for finger in ("Thumb", "Index", "Middle", "Ring", "Pinky") for bone in (1, 2, 3))
FINGER_JOINTS = tuple(f"{side}Hand{finger}" for side in ("Left", "Right") for finger in FINGERS)
"""Mixamo's names of the finger joints, optional everywhere."""

STANDARD_JOINTS = BODY_JOINTS + FINGER_JOINTS


class UnmappedJoints(BenchError):
    """A skeleton on which joints that are needed could not be found by name."""

    rule = "M005"


def _both_sides(pairs: dict[str, str], left: str, right: str) -> dict[str, str]:
    """Expand ``{"upperarm{}": "Arm"}`` to the left and the right side."""
    both = {theirs.format(left): f"Left{ours}" for theirs, ours in pairs.items()}
    return both | {theirs.format(right): f"Right{ours}" for theirs, ours in pairs.items()}


def _fingers(pattern: str, names: tuple[str, ...]) -> dict[str, str]:
    """Finger joints of one rig; ``pattern`` has {finger}, {bone} and keeps {} for the side."""
    ours = ("Thumb", "Index", "Middle", "Ring", "Pinky")
    return {
        pattern.replace("{finger}", theirs).replace("{bone}", str(bone)): f"Hand{finger}{bone}"
        for theirs, finger in zip(names, ours, strict=True)
        for bone in (1, 2, 3)
    }


_MIXAMO = {name: name for name in STANDARD_JOINTS} | {"LeftToe": "LeftToeBase", "RightToe": "RightToeBase"}

_SMPL = {
    "Pelvis": "Hips", "Spine1": "Spine", "Spine2": "Spine1", "Spine3": "Spine2", "Neck": "Neck", "Head": "Head",
} | _both_sides(
    {"{}_Hip": "UpLeg", "{}_Knee": "Leg", "{}_Ankle": "Foot", "{}_Foot": "ToeBase", "{}_Collar": "Shoulder",
     "{}_Shoulder": "Arm", "{}_Elbow": "ForeArm", "{}_Wrist": "Hand"}, "L", "R")  # fmt: skip

_SMPLX = {
    "pelvis": "Hips", "spine1": "Spine", "spine2": "Spine1", "spine3": "Spine2", "neck": "Neck", "head": "Head",
} | _both_sides(
    {"{}_hip": "UpLeg", "{}_knee": "Leg", "{}_ankle": "Foot", "{}_foot": "ToeBase", "{}_collar": "Shoulder",
     "{}_shoulder": "Arm", "{}_elbow": "ForeArm", "{}_wrist": "Hand"}
    | _fingers("{}_{finger}{bone}", ("thumb", "index", "middle", "ring", "pinky")), "left", "right")  # fmt: skip

# CMU through the ASF/AMC converters (LowerBack is the first spine joint, Spine the second).
_CMU = {
    "Hips": "Hips", "LowerBack": "Spine", "Spine": "Spine1", "Spine1": "Spine2", "Neck": "Neck", "Head": "Head",
} | _both_sides(
    {"{}UpLeg": "UpLeg", "{}Leg": "Leg", "{}Foot": "Foot", "{}ToeBase": "ToeBase", "{}Shoulder": "Shoulder",
     "{}Arm": "Arm", "{}ForeArm": "ForeArm", "{}Hand": "Hand"}, "Left", "Right")  # fmt: skip

# CMU in the Poser/DAZ-friendly release: two spine joints, no toes.
_CMU_DAZ = {
    "hip": "Hips", "abdomen": "Spine", "chest": "Spine2", "neck": "Neck", "head": "Head",
} | _both_sides(
    {"{}Collar": "Shoulder", "{}Shldr": "Arm", "{}ForeArm": "ForeArm", "{}Hand": "Hand",
     "{}Thigh": "UpLeg", "{}Shin": "Leg", "{}Foot": "Foot", "{}Toe": "ToeBase"}, "l", "r")  # fmt: skip

_MESH2MOTION = {
    "pelvis": "Hips", "spine_01": "Spine", "spine_02": "Spine1", "spine_03": "Spine2", "neck_01": "Neck",
    "head": "Head",
} | _both_sides(
    {"clavicle_{}": "Shoulder", "upperarm_{}": "Arm", "lowerarm_{}": "ForeArm", "hand_{}": "Hand",
     "thigh_{}": "UpLeg", "calf_{}": "Leg", "foot_{}": "Foot", "ball_{}": "ToeBase"}
    | _fingers("{finger}_0{bone}_{}", ("thumb", "index", "middle", "ring", "pinky")), "l", "r")  # fmt: skip

_RIGIFY = {
    "DEF-hips": "Hips", "DEF-spine.001": "Spine", "DEF-spine.002": "Spine1", "DEF-spine.003": "Spine2",
    "DEF-neck": "Neck", "DEF-head": "Head",
} | _both_sides(
    {"DEF-shoulder.{}": "Shoulder", "DEF-upper_arm.{}": "Arm", "DEF-forearm.{}": "ForeArm", "DEF-hand.{}": "Hand",
     "DEF-thigh.{}": "UpLeg", "DEF-shin.{}": "Leg", "DEF-foot.{}": "Foot", "DEF-toe.{}": "ToeBase"}
    | _fingers("DEF-{finger}.0{bone}.{}", ("thumb", "f_index", "f_middle", "f_ring", "f_pinky")), "L", "R")  # fmt: skip

# KayKit: two spine joints, no neck, no clavicles; "wrist" is the hand, "hand" a grip below it.
_KAYKIT = {"hips": "Hips", "spine": "Spine", "chest": "Spine2", "head": "Head"} | _both_sides(
    {"upperarm.{}": "Arm", "lowerarm.{}": "ForeArm", "wrist.{}": "Hand",
     "upperleg.{}": "UpLeg", "lowerleg.{}": "Leg", "foot.{}": "Foot", "toes.{}": "ToeBase"}, "l", "r")  # fmt: skip

RIGS: dict[str, dict[str, str]] = {
    "mixamo": _MIXAMO,
    "cmu": _CMU,
    "cmu-daz": _CMU_DAZ,
    "mesh2motion": _MESH2MOTION,
    "rigify": _RIGIFY,
    "kaykit": _KAYKIT,
    "smpl": _SMPL,
    "smplx": _SMPLX,
}
"""Per rig: the rig's joint name -> the standard name."""


_PREFIX = re.compile(r"^(?:mixamorig\d*[:_]?|Neo_|Character\d*_)(?=[A-Z])")


def bare_name(joint: str) -> str:
    """Return a joint name without a namespace or the prefix of a rig.

    ``mixamorig:Hips``, ``mixamorig1:Hips``, ``mixamorigHips``, ``Neo_Hips`` (CMUMocap FBX) and ``Character1_Hips``
    (Maya HumanIK) become ``Hips``.
    """
    return _PREFIX.sub("", joint.rsplit("|", 1)[-1].rsplit(":", 1)[-1])


def detect_rig(joint_names: Iterable[str]) -> str:
    """Return the rig of ``RIGS`` that explains most joints; ``cmu`` only with its tell-tale ``LowerBack``."""
    bare = {bare_name(n) for n in joint_names}
    candidates = {rig: len(bare & names.keys()) for rig, names in RIGS.items() if rig != "cmu" or "LowerBack" in bare}
    if "LowerBack" in bare:
        candidates.pop("mixamo")
    return max(candidates, key=lambda rig: candidates[rig])


def standard_joints(skeleton: Skeleton) -> dict[str, int]:
    """Return the index of each standard joint that the skeleton has, keyed by its standard name.

    The rig is detected from the names; joints of no standard meaning (twists, controls, leaves) are left out.
    """
    return dict(_standard_joints(skeleton.joint_names))


@lru_cache(maxsize=256)  # asked many times for each clip, and reading names takes as long as posing a clip
def _standard_joints(joint_names: tuple[str, ...]) -> Mapping[str, int]:
    names = RIGS[detect_rig(joint_names)]
    found: dict[str, int] = {}
    for index, joint in enumerate(joint_names):
        standard = names.get(bare_name(joint))
        if standard is not None:
            found.setdefault(standard, index)
    return MappingProxyType({name: found[name] for name in STANDARD_JOINTS if name in found})


def require_joints(skeleton: Skeleton, needed: Iterable[str] = CORE_JOINTS) -> dict[str, int]:
    """Return ``standard_joints`` after making sure that all ``needed`` ones are there.

    Raises:
        UnmappedJoints: Listing the standard joints that were not found and the file's joints that mean nothing to us.
    """
    found = standard_joints(skeleton)
    missing = [name for name in needed if name not in found]
    if missing:
        used = set(found.values())
        unknown = [n for i, n in enumerate(skeleton.joint_names) if i not in used]
        raise UnmappedJoints(
            f"no joint was recognised as {shorten(missing)}; joints of the file without a meaning here: "
            f"{shorten(unknown)}. Rename them to Mixamo's names, or add the rig to datasets/body/joint_names.py."
        )
    return found


_PART_OF_STANDARD = {
    "UpLeg": "leg", "Leg": "leg", "Foot": "leg", "ToeBase": "leg", "Arm": "arm", "ForeArm": "arm", "Hand": "hand",
}  # fmt: skip


def part_of_joints(skeleton: Skeleton) -> tuple[str, ...]:
    """Return the body part of each joint, a name of ``character.PARTS``.

    A joint without a standard meaning belongs to its parent's part. Clavicles and spine are torso, the neck is head.
    """
    standard_of = {index: name for name, index in standard_joints(skeleton).items()}
    parts: list[str] = []
    for joint, parent in enumerate(skeleton.parents):
        name = standard_of.get(joint)
        parts.append(_part_of_standard(name) if name else (parts[parent] if parent >= 0 else "torso"))
    return tuple(parts)


def _part_of_standard(name: str) -> str:
    if name in {"Neck", "Head"}:
        return "head"
    for side in ("Left", "Right"):
        if name.startswith(side):
            bare = name.removeprefix(side)
            part = "hand" if bare.startswith("Hand") else _PART_OF_STANDARD.get(bare)
            return f"{side.lower()}_{part}" if part else "torso"
    return "torso"
