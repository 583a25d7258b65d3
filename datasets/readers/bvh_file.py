"""The BVH file format, parsed but not interpreted: joints, channels, the motion block.

The format has no standard; what is accepted and what is refused is listed in docs/formats.md.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np

from ..errors import shorten
from ..rotations import Array, from_axis_angles
from .errors import BadBvh, UnreadableFile

TALLEST_IN_METRES = 5.0
"""A skeleton that extends over more units than this is taken to be in centimetres."""

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
        """Read the hierarchy, parents before children."""
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
