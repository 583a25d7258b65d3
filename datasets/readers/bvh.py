"""BVH reader: a skeleton of offsets and a block of channel values.

The format has no standard; what is accepted and what is refused is listed in docs/formats.md. The rest pose is the one
of zero rotations, so canonical local rotations are the channel rotations themselves.
"""

import re
import warnings
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

import numpy as np

from ..body import Motion
from ..errors import shorten
from .canonical import RestPose, canonical_motion, turn_to_standard, warn_lying, warn_turned
from .errors import BadBvh, DroppedTranslation, UnreadableFile
from .rotations import Array, from_axis_angles, from_matrices, multiply, to_matrices

TALLEST_IN_METRES = 5.0
"""A skeleton that extends over more units than this is taken to be in centimetres."""

FirstFrame = Literal["motion", "drop", "rest"]
"""What row 0 of the motion block is: motion like the others, an added pose to drop, or the rest pose (then dropped)."""

_AXES = "XYZ"


@dataclass
class BvhJoint:
    """One joint as the file has it."""

    name: str
    parent: int
    offset: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    channels: list[str] = field(default_factory=list)
    """Upper-cased channel names, such as ``XPOSITION``, in file order."""
    first_channel: int = 0
    end_sites: list[list[float]] = field(default_factory=list)

    @property
    def rotation_axes(self) -> str:
        """The axes of the rotation channels in file order, the first outermost."""
        return "".join(c[0] for c in self.channels if c.endswith("ROTATION"))


@dataclass(frozen=True, eq=False)
class BvhFile:
    """A parsed BVH file in its own units."""

    joints: tuple[BvhJoint, ...]
    values: Array
    """The motion block, [frames, channels]; degrees and the file's length unit."""
    fps: float | None
    """Frames per second, ``None`` where the file gives none (no frame time, or 0)."""

    @property
    def rest_positions(self) -> Array:
        """Positions of joints under zero rotations, the file's unit, [joints, 3]."""
        positions = np.zeros((len(self.joints), 3))
        for index, joint in enumerate(self.joints):
            positions[index] = joint.offset + (positions[joint.parent] if joint.parent >= 0 else np.zeros(3))
        return positions

    @property
    def end_positions(self) -> Array:
        """Positions of the end sites under zero rotations, the file's unit, [end sites, 3]."""
        rest = self.rest_positions
        ends = [rest[i] + end for i, joint in enumerate(self.joints) for end in joint.end_sites]
        return np.array(ends).reshape(-1, 3)

    def guessed_unit_m(self) -> float:
        """Return 0.01 for a skeleton more than 5 units long in any direction, else 1."""
        points = np.concatenate([self.rest_positions, self.end_positions])
        return 0.01 if float(np.ptp(points, axis=0).max()) > TALLEST_IN_METRES else 1.0

    def local_rotations(self) -> Array:
        """Return the channel rotations as quaternions wxyz, [frames, joints, 4]."""
        rotations = np.zeros((len(self.values), len(self.joints), 4))
        for index, joint in enumerate(self.joints):
            columns = [joint.first_channel + k for k, c in enumerate(joint.channels) if c.endswith("ROTATION")]
            rotations[:, index] = from_axis_angles(joint.rotation_axes, self.values[:, columns])
        return rotations

    def translations(self, index: int) -> Array:
        """Return a joint's position channels, its offset where it has none, the file's unit, [frames, 3]."""
        joint = self.joints[index]
        moved = np.tile(np.array(joint.offset), (len(self.values), 1))
        for k, channel in enumerate(joint.channels):
            if channel.endswith("POSITION"):
                moved[:, _AXES.index(channel[0])] = self.values[:, joint.first_channel + k]
        return moved


def read_bvh(
    path: str | Path,
    *,
    unit_m: float | None = None,
    fps: float | None = None,
    first_frame: FirstFrame = "motion",
) -> Motion:
    """Read a BVH file as a motion.

    The root's position channels are its world position (they replace its OFFSET, as in Blender and MotionBuilder).
    Position channels of other joints are dropped with a ``DroppedTranslation`` warning. A humanoid whose rest pose is
    not y up, facing +z is turned by multiples of 90 degrees, with a ``MovedToStandard`` warning. The skeleton's rest
    position is put on the ground by its lowest joint or end site; the motion's heights are the file's.

    Args:
        path: The file.
        unit_m: Length of the file's unit in metres; ``None``: 0.01 if the skeleton is more than 5 units long, else 1.
        fps: Frames per second; ``None``: from the frame time, a frame time that is 1/n to its printed digits giving n.
        first_frame: What row 0 is, see ``FirstFrame``.

    Raises:
        UnreadableFile: If the file cannot be read.
        BadBvh: If the hierarchy or the motion block is wrong, or there is no usable frame time and no ``fps``.
    """
    source = Path(path)
    parsed = parse_bvh(source)
    rate = fps if fps is not None else parsed.fps
    if rate is None:
        raise BadBvh(f"{source} has no frame time above 0; give the frame rate (fps) yourself.")
    if first_frame != "motion" and len(parsed.values) < 2:
        raise BadBvh(f"{source} has one frame; after leaving out its first frame there is no motion.")
    scale = parsed.guessed_unit_m() if unit_m is None else unit_m
    _warn_dropped(source, parsed, scale)
    motion = _rest_in_first_frame(parsed, scale, rate) if first_frame == "rest" else _rest_at_zero(parsed, scale, rate)
    motion = _standing(source, motion, parsed.end_positions * scale if first_frame != "rest" else np.zeros((0, 3)))
    return motion if first_frame == "motion" else motion.window(1, motion.frame_count)


def _rest_at_zero(parsed: BvhFile, scale: float, fps: float) -> Motion:
    rest = _rest_pose(parsed, scale, np.tile(np.eye(3), (len(parsed.joints), 1, 1)), parsed.rest_positions * scale)
    return Motion(rest.skeleton(), parsed.local_rotations(), parsed.translations(0) * scale, fps)


def _rest_in_first_frame(parsed: BvhFile, scale: float, fps: float) -> Motion:
    world = to_matrices(parsed.local_rotations())
    first = np.zeros((len(parsed.joints), 3))
    first[0] = parsed.translations(0)[0]
    for index, joint in enumerate(parsed.joints[1:], start=1):
        world[:, index] = world[:, joint.parent] @ world[:, index]
        first[index] = first[joint.parent] + world[0, joint.parent] @ joint.offset
    rest = _rest_pose(parsed, scale, world[0], first * scale)
    return canonical_motion(rest.skeleton(), rest, world, parsed.translations(0) * scale, fps)


def _rest_pose(parsed: BvhFile, scale: float, rotations: Array, positions_m: Array) -> RestPose:
    names = tuple(joint.name for joint in parsed.joints)
    return RestPose(names, tuple(joint.parent for joint in parsed.joints), rotations, positions_m)


def _standing(source: Path, motion: Motion, end_positions_m: Array) -> Motion:
    """Turn the motion to y up, facing +z, and put its rest pose on the ground."""
    skeleton = motion.skeleton
    positions = skeleton.rest_positions_m.astype(np.float64)
    turn = turn_to_standard(skeleton.joint_names, positions)
    if turn is None:
        warn_lying(source.name)
        turn = np.eye(3)
    warn_turned(source.name, turn)
    points = np.concatenate([positions, end_positions_m]) @ turn.T
    offsets = skeleton.rest_offsets_m @ turn.T
    offsets[0, 1] -= points[:, 1].min()
    rotations = motion.local_rotations_wxyz.astype(np.float64)
    rotations[..., 1:] = rotations[..., 1:] @ turn.T
    axes = skeleton.source_rest_rotations_wxyz
    turned = replace(
        skeleton,
        rest_offsets_m=offsets,
        source_rest_rotations_wxyz=None if axes is None else multiply(from_matrices(turn), axes.astype(np.float64)),
    )
    return Motion(turned, rotations, motion.root_translation_m @ turn.T, motion.fps)


def _warn_dropped(source: Path, parsed: BvhFile, scale: float) -> None:
    worst, name, count = 0.0, "", 0
    for index, joint in enumerate(parsed.joints[1:], start=1):
        if any(c.endswith("POSITION") for c in joint.channels):
            moved = parsed.translations(index)
            # Writers disagree on whether these channels replace the offset or are added to it: take the kinder one.
            away = min(np.linalg.norm(moved - joint.offset, axis=1).max(), np.linalg.norm(moved, axis=1).max()) * scale
            count += away > 1e-4
            worst, name = (float(away), joint.name) if away > worst else (worst, name)
    if count:
        warnings.warn(
            f"{source.name}: animated translations of {count} joints below the root were dropped, the largest "
            f"{100 * worst:.2f} cm ({name}).",
            DroppedTranslation,
            stacklevel=3,
        )


def parse_bvh(path: str | Path) -> BvhFile:
    """Parse a BVH file without interpreting it.

    Raises:
        UnreadableFile: If the file cannot be read.
        BadBvh: If the hierarchy or the motion block is wrong.
    """
    source = Path(path)
    try:
        text = source.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as problem:
        raise UnreadableFile(f"{source} cannot be read: {problem.strerror}.") from problem
    head, keyword, tail = _split_at_motion(text)
    if not keyword:
        raise BadBvh(f"{source} has no line 'MOTION'; a BVH file has a HIERARCHY and a MOTION part.")
    joints = _Hierarchy(source, head.split()).joints()
    channels = sum(len(joint.channels) for joint in joints)
    frames, fps, block = _motion_header(source, tail)
    return BvhFile(tuple(joints), _motion_values(source, block, frames, channels), fps)


def _split_at_motion(text: str) -> tuple[str, str, str]:
    found = re.search(r"^\s*MOTION\s*$", text, flags=re.MULTILINE | re.IGNORECASE)
    return (text[: found.start()], found.group(), text[found.end() :]) if found else (text, "", "")


class _Hierarchy:
    """Reads the tokens of the HIERARCHY part."""

    def __init__(self, source: Path, tokens: list[str]) -> None:
        self.source, self.tokens, self.at = source, tokens, 0

    def joints(self) -> list[BvhJoint]:
        if self._next().upper() != "HIERARCHY":
            raise BadBvh(f"{self.source} does not begin with HIERARCHY; it is no BVH file.")
        found: list[BvhJoint] = []
        open_joints: list[int] = []  # -1 stands for an end site
        channel_count = 0
        while self.at < len(self.tokens):
            word = self._next().upper()
            if word in {"ROOT", "JOINT"}:
                self._check_place(word, found, open_joints)
                found.append(BvhJoint(self._name(), open_joints[-1] if open_joints else -1))
                found[-1].first_channel = channel_count
                open_joints.append(len(found) - 1)
            elif word == "END":
                self._name()
                if not open_joints:
                    raise BadBvh(f"{self.source}: an End Site stands outside of every joint.")
                found[open_joints[-1]].end_sites.append([0.0, 0.0, 0.0])
                open_joints.append(-1)
            elif word == "}" and open_joints:
                open_joints.pop()
            elif word == "OFFSET" and open_joints:
                here = found[open_joints[-1]].offset if open_joints[-1] >= 0 else found[open_joints[-2]].end_sites[-1]
                here[:] = [self._number("OFFSET") for _ in range(3)]
            elif word == "CHANNELS" and open_joints and open_joints[-1] >= 0:
                found[open_joints[-1]].channels = self._channels()
                found[open_joints[-1]].first_channel = channel_count
                channel_count += len(found[open_joints[-1]].channels)
            else:
                raise BadBvh(f"{self.source}: '{word}' is not expected here (word {self.at} of the hierarchy).")
        if open_joints or not found:
            raise BadBvh(f"{self.source}: the hierarchy ends before its braces are closed; the file is cut short.")
        return found

    def _check_place(self, word: str, found: list[BvhJoint], open_joints: list[int]) -> None:
        if word == "ROOT" and found:
            raise BadBvh(f"{self.source} has a second ROOT; only one skeleton per file can be read: split the file.")
        if word == "JOINT" and (not open_joints or open_joints[-1] < 0):
            raise BadBvh(f"{self.source}: a JOINT stands outside of a joint (word {self.at} of the hierarchy).")

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise BadBvh(f"{self.source}: the hierarchy ends in the middle of a joint; the file is cut short.")
        self.at += 1
        return self.tokens[self.at - 1]

    def _name(self) -> str:
        words = []
        while (word := self._next()) != "{":
            words.append(word)
        if not words:
            raise BadBvh(f"{self.source}: a joint has no name (word {self.at} of the hierarchy).")
        return " ".join(words)

    def _number(self, what: str) -> float:
        return _number(self.source, what, self._next())

    def _channels(self) -> list[str]:
        count = self._number("CHANNELS")
        names = [self._next().upper() for _ in range(int(count))]
        wrong = [n for n in names if n[:1] not in _AXES or n[1:] not in {"POSITION", "ROTATION"}]
        if wrong:
            raise BadBvh(
                f"{self.source}: CHANNELS announces {count:g} channels but lists {shorten(wrong)}; expected names such "
                f"as Xposition or Zrotation, as many as announced."
            )
        return names


def _number(source: Path, what: str, word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        raise BadBvh(f"{source}: {what} is '{word}'; expected a number (decimal point, not comma).") from None
    if not np.isfinite(value):
        raise BadBvh(f"{source}: {what} is {word}; expected a finite number.")
    return value


def _motion_header(source: Path, tail: str) -> tuple[int, float | None, str]:
    frames = re.match(r"\s*Frames\s*:?\s*(\S+)", tail, flags=re.IGNORECASE)
    if not frames:
        raise BadBvh(f"{source}: the line 'Frames: <count>' is missing after MOTION.")
    count = _number(source, "Frames", frames.group(1))
    if count < 1 or count != int(count):
        raise BadBvh(f"{source} announces {frames.group(1)} frames; expected a whole number of at least 1.")
    rest = tail[frames.end() :]
    time = re.match(r"\s*Frame\s*Time\s*:?\s*(\S+)", rest, flags=re.IGNORECASE)
    if not time:
        return int(count), None, rest
    return int(count), _frame_rate(source, time.group(1)), rest[time.end() :]


def _frame_rate(source: Path, word: str) -> float | None:
    seconds = _number(source, "Frame Time", word)
    if seconds <= 0:
        return None
    try:
        last_digit = 10.0 ** int(Decimal(word).as_tuple().exponent)
    except InvalidOperation:
        return 1 / seconds
    whole = round(1 / seconds)
    return float(whole) if whole and abs(1 / whole - seconds) <= last_digit else 1 / seconds


def _motion_values(source: Path, block: str, frames: int, channels: int) -> Array:
    words = block.split()
    if len(words) != frames * channels:
        whole, left = divmod(len(words), channels) if channels else (0, len(words))
        found = f"{whole} rows" + (f" and {left} more numbers" if left else "")
        raise BadBvh(
            f"{source}: the motion block has {len(words)} numbers ({found} of {channels} channels), but the header "
            f"announces {frames} frames of {channels} channels; correct 'Frames:' or mend the cut rows."
        )
    try:
        values = np.array(words, dtype=np.float64)
    except ValueError:
        for word in words:
            _number(source, "a value of the motion block", word)
        raise
    if not np.isfinite(values).all():
        row = int(np.flatnonzero(~np.isfinite(values))[0]) // channels
        raise BadBvh(f"{source}: row {row} of the motion block holds NaN or infinity.")
    return values.reshape(frames, channels)
