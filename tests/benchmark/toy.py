"""A procedural humanoid and a tiny clip set whose right answers are exact, for tests of the benchmark's own machinery.

NumPy only and deterministic, so that a child process can import it as cheaply as a test does.
"""

import hashlib
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from retargetbench.datasets.body import Character, Motion, Skeleton
from retargetbench.datasets.body.joint_names import BODY_JOINTS, BODY_PARENTS
from retargetbench.datasets.clip_set import SPLITS, ContactGoal, MethodInput, PairData, PairSpec

FPS = 30.0
JOINTS = (*BODY_JOINTS, "LeftHandIndex1", "RightHandIndex1")
PARENTS = (*BODY_PARENTS, BODY_JOINTS.index("LeftHand"), BODY_JOINTS.index("RightHand"))

# Rest positions of a body 1.7 m tall in a T-pose, left side; x to its left, y up, z forward.
_MIDDLE = {"Hips": (0, 0.95, 0), "Spine": (0, 1.05, 0), "Spine1": (0, 1.17, 0), "Spine2": (0, 1.29, 0),
           "Neck": (0, 1.43, 0), "Head": (0, 1.50, 0)}  # fmt: skip
_LEFT = {"UpLeg": (0.10, 0.90, 0), "Leg": (0.10, 0.50, 0), "Foot": (0.10, 0.10, -0.02), "ToeBase": (0.10, 0.05, 0.10),
         "Shoulder": (0.06, 1.38, 0), "Arm": (0.18, 1.40, 0), "ForeArm": (0.45, 1.40, 0), "Hand": (0.70, 1.40, 0),
         "HandIndex1": (0.79, 1.40, 0)}  # fmt: skip
_RADIUS = {"Hips": 0.13, "Spine": 0.12, "Spine1": 0.12, "Spine2": 0.12, "Neck": 0.05, "Head": 0.09, "UpLeg": 0.07,
           "Leg": 0.05, "Foot": 0.04, "ToeBase": 0.03, "Shoulder": 0.05, "Arm": 0.045, "ForeArm": 0.035, "Hand": 0.03,
           "HandIndex1": 0.012}  # fmt: skip
_END = {"Head": (0, 0.14, 0), "LeftToeBase": (0, 0, 0.05), "RightToeBase": (0, 0, 0.05),
        "LeftHandIndex1": (0.05, 0, 0), "RightHandIndex1": (-0.05, 0, 0)}  # fmt: skip
_RINGS, _SIDES = 4, 8


def toy_character(name="toy", height_m=1.7, arm_scale=1.0):
    """A body of one closed tube per bone, each vertex moved by one joint; 22 body joints and a finger on each hand."""
    scale = height_m / 1.7
    positions = np.array([_rest_position(joint, arm_scale) for joint in JOINTS]) * scale
    offsets = positions - np.array([positions[p] if p >= 0 else np.zeros(3) for p in PARENTS])
    vertices, faces, owners = [], [], []
    for joint, joint_name in enumerate(JOINTS):
        end = _bone_end(joint, positions, scale)
        tube_vertices, tube_faces = _tube(positions[joint], end, _radius(joint_name) * scale)
        faces.append(tube_faces + sum(len(v) for v in vertices))
        vertices.append(tube_vertices)
        owners += [joint] * len(tube_vertices)
    points = np.concatenate(vertices)
    lowest = points[:, 1].min()
    points[:, 1] -= lowest
    offsets[0, 1] -= lowest
    return Character(
        name=name,
        skeleton=Skeleton(JOINTS, PARENTS, offsets),
        rest_vertices_m=points,
        faces=np.concatenate(faces),
        joint_indices=np.array(owners)[:, None],
        weights=np.ones((len(owners), 1)),
    )


def _rest_position(joint, arm_scale):
    if joint in _MIDDLE:
        return np.array(_MIDDLE[joint], dtype=float)
    side, bare = (1.0, joint[4:]) if joint.startswith("Left") else (-1.0, joint[5:])
    x, y, z = _LEFT[bare]
    shoulder = _LEFT["Arm"][0]
    x = shoulder + (x - shoulder) * arm_scale if x > shoulder else x
    return np.array([side * x, y, z])


def _bone_end(joint, positions, scale):
    name = JOINTS[joint]
    if name in _END:
        return positions[joint] + np.array(_END[name]) * scale
    following = {"Hips": "Spine", "Spine2": "Neck", "LeftHand": "LeftHandIndex1", "RightHand": "RightHandIndex1"}
    child = JOINTS.index(following[name]) if name in following else PARENTS.index(joint)
    return positions[child]


def _radius(joint):
    return _RADIUS[joint.removeprefix("Left").removeprefix("Right")]


def _tube(start, end, radius):
    """A closed tube with rounded ends: (vertices, faces), outward normals."""
    axis = (end - start) / np.linalg.norm(end - start)
    side = np.cross(axis, [0.0, 0.0, 1.0] if abs(axis[2]) < 0.9 else [1.0, 0.0, 0.0])
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    angles = np.arange(_SIDES) * 2 * np.pi / _SIDES
    circle = np.cos(angles)[:, None] * side + np.sin(angles)[:, None] * other
    rings = [start + (end - start) * t + circle * radius for t in np.linspace(0, 1, _RINGS)]
    vertices = np.concatenate([*rings, [start - axis * radius * 0.5], [end + axis * radius * 0.5]])
    first, last = len(vertices) - 2, len(vertices) - 1
    faces = []
    for k in range(_SIDES):
        n = (k + 1) % _SIDES
        for ring in range(_RINGS - 1):
            a, b = ring * _SIDES, (ring + 1) * _SIDES
            faces += [(a + k, a + n, b + n), (a + k, b + n, b + k)]
        top = (_RINGS - 1) * _SIDES
        faces += [(first, n, k), (last, top + k, top + n)]
    return vertices, np.array(faces)


def palm_vertex(character, side="Right"):
    """The vertex of the hand's tube that faces the ground in the T-pose, midway along the hand."""
    return _facing_vertex(character, f"{side}Hand", (0, -1, 0))


def chest_vertex(character):
    """The foremost vertex of the chest, midway along its tube."""
    return _facing_vertex(character, "Spine2", (0, 0, 1))


def _facing_vertex(character, joint, direction):
    owned = np.flatnonzero(character.joint_indices[:, 0] == character.skeleton.index(joint))
    ring = owned[_SIDES : 2 * _SIDES]
    return int(ring[(character.rest_vertices_m[ring] @ np.array(direction, dtype=float)).argmax()])


def chest_touch(character, frame_count=12, elbow_drop=0.5, start=0):
    """The right palm comes from hanging beside the thigh onto the chest and stays: (motion, held, free)."""
    hanging, touching = _arm_pose(character, None, 0.0), _arm_pose(character, chest_vertex(character), elbow_drop)
    phase = np.clip((np.arange(frame_count) - start - frame_count // 4) / max(frame_count // 4, 1), 0, 1)
    rotations = _slerp(hanging[None], touching[None], phase[:, None, None])
    root = np.repeat(character.skeleton.rest_offsets_m[:1], frame_count, axis=0)
    return Motion(character.skeleton, rotations, root, FPS), phase >= 1, phase <= 0


def sway(character, frame_count=12, amplitude=0.3):
    """Both arms hang while the upper body sways and turns; no contact."""
    rotations = np.repeat(_arm_pose(character, None, 0.0)[None], frame_count, axis=0)
    turn = amplitude * np.sin(np.arange(frame_count) / FPS * 2 * np.pi)
    for joint in ("Spine", "Spine1", "Spine2"):
        quaternions = np.stack([np.cos(turn / 6), 0 * turn, np.sin(turn / 6) * 0.6, np.sin(turn / 6) * 0.8], axis=1)
        rotations[:, JOINTS.index(joint)] = quaternions
    root = np.repeat(character.skeleton.rest_offsets_m[:1], frame_count, axis=0)
    return Motion(character.skeleton, rotations, root, FPS)


def _arm_pose(character, chest, elbow_drop):
    """Local rotations of a stand with hanging arms; with a chest vertex, the right palm lies exactly on it."""
    local = np.tile([1.0, 0.0, 0.0, 0.0], (len(JOINTS), 1))
    for side, sign in (("Left", -1.0), ("Right", 1.0)):
        local[JOINTS.index(f"{side}Arm")] = _axis_angle((0, 0, 1), sign * 1.2)
    if chest is None:
        return local
    rest = character.skeleton.rest_positions_m.astype(float)
    arm, forearm, hand = (rest[JOINTS.index(f"Right{bone}")] for bone in ("Arm", "ForeArm", "Hand"))
    # Turned about x the palm, which looks down at rest, looks back at the chest; the fingers then point to the left.
    hand_world = _multiply(_axis_angle((0, 1, 0), np.pi), _axis_angle((1, 0, 0), -np.pi / 2))
    palm = _rotate(hand_world, character.rest_vertices_m[palm_vertex(character)].astype(float) - hand)
    wrist = character.rest_vertices_m[chest].astype(float) - palm
    elbow = _elbow(arm, wrist, np.linalg.norm(forearm - arm), np.linalg.norm(hand - forearm), elbow_drop)
    arm_world = _between(forearm - arm, elbow - arm)
    forearm_world = _between(hand - forearm, wrist - elbow)
    local[JOINTS.index("RightArm")] = arm_world
    local[JOINTS.index("RightForeArm")] = _multiply(_conjugate(arm_world), forearm_world)
    local[JOINTS.index("RightHand")] = _multiply(_conjugate(forearm_world), hand_world)
    return local


def _elbow(shoulder, wrist, upper_m, lower_m, drop):
    """Where the elbow is, on the circle that two bone lengths allow; ``drop`` turns it from outward (0) to down (1)."""
    reach = np.linalg.norm(wrist - shoulder)
    assert abs(upper_m - lower_m) < reach < upper_m + lower_m, "the toy's arm is too short for its chest"
    axis = (wrist - shoulder) / reach
    along = (upper_m**2 - lower_m**2 + reach**2) / (2 * reach)
    pole = np.array([-(1 - drop), -drop, 0.2])
    pole -= axis * (pole @ axis)
    return shoulder + axis * along + pole / np.linalg.norm(pole) * np.sqrt(upper_m**2 - along**2)


def _axis_angle(axis, angle):
    axis = np.asarray(axis, dtype=float)
    return np.concatenate([[np.cos(angle / 2)], np.sin(angle / 2) * axis / np.linalg.norm(axis)])


def _between(a, b):
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    quaternion = np.concatenate([[1 + a @ b], np.cross(a, b)])
    return quaternion / np.linalg.norm(quaternion)


def _conjugate(q):
    return q * np.array([1, -1, -1, -1])


def _multiply(a, b):
    w, v = a[0] * b[0] - a[1:] @ b[1:], a[0] * b[1:] + b[0] * a[1:] + np.cross(a[1:], b[1:])
    return np.concatenate([[w], v])


def _rotate(q, vector):
    return vector + 2 * np.cross(q[1:], np.cross(q[1:], vector) + q[0] * vector)


def _slerp(a, b, t):
    dot = (a * b).sum(-1, keepdims=True)
    b, angle = np.where(dot < 0, -b, b), np.arccos(np.clip(np.abs(dot), 0, 1))
    blend = np.where(angle < 1e-6, 1 - t, np.sin((1 - t) * angle) / np.maximum(np.sin(angle), 1e-9)) * a
    return blend + np.where(angle < 1e-6, t, np.sin(t * angle) / np.maximum(np.sin(angle), 1e-9)) * b


@cache
def _body(name):
    index = int(name.removeprefix("body"))
    return toy_character(name, height_m=1.25 + 0.15 * ((index * 3) % 5), arm_scale=0.95 + 0.05 * (index % 4))


@dataclass(frozen=True)
class ToyClips:
    """A ``ClipSet``: each motion from each body onto the next one; even motions touch the chest, odd ones sway."""

    body_count: int = 2
    motion_count: int = 2
    frame_count: int = 12
    solution_count: int = 2

    @property
    def data_sha256(self):
        return hashlib.sha256(repr(("toy/1", *self.__dict__.values())).encode()).hexdigest()

    @property
    def pairs(self):
        return tuple(sorted((self._spec(m, b) for m in range(self.motion_count) for b in range(self.body_count)),
                            key=lambda spec: spec.clip_id))  # fmt: skip

    def _spec(self, motion, body):
        source, target = f"body{body}", f"body{(body + 1) % self.body_count}"
        name = f"{'touch' if motion % 2 == 0 else 'sway'}{motion}"
        return PairSpec(
            clip_id=f"retarget/toy/{name}/{source}>{target}",
            split=SPLITS[(motion * self.body_count + body) % len(SPLITS)],
            motion=name,
            source=source,
            target=target,
            motion_cluster=name,
            frame_count=self.frame_count,
            fps=FPS,
        )

    def body(self, name):
        return _body(name)

    def _solve(self, spec, character, solution=0):
        number = int(spec.motion.lstrip("touchsway"))
        if number % 2:
            return sway(character, self.frame_count, amplitude=0.3 + 0.05 * number + 0.02 * solution), None, None
        return chest_touch(character, self.frame_count, elbow_drop=0.5 - 0.1 * solution, start=number // 2 % 2)

    def target(self, clip_id):
        return self.body(next(s for s in self.pairs if s.clip_id == clip_id).target)

    def load(self, clip_id):
        spec = next(s for s in self.pairs if s.clip_id == clip_id)
        source, target = self.body(spec.source), self.body(spec.target)
        truths = [self._solve(spec, target, k) for k in range(self.solution_count)]
        _, held, free = self._solve(spec, target)
        goals = ()
        if held is not None:
            palm, chest = palm_vertex(target), chest_vertex(target)
            goals = (ContactGoal("right_palm on chest", vertex=palm, place=chest, held=held, free=free),)
        return PairData(
            spec=spec,
            source=source,
            source_motion=self._solve(spec, source)[0],
            target=target,
            ground_truths=tuple(t[0] for t in truths),
            contact_goals=goals,
            planted=np.ones((self.frame_count, 2), dtype=bool),
        )

    def method_input(self, clip_id, seed):
        pair = self.load(clip_id)
        source, target = permuted(pair.source, 1), permuted(pair.target, 2)
        return MethodInput(source, pair.source_motion, target, seed=seed)


@dataclass(frozen=True)
class ToldToyClips(ToyClips):
    """The same with a sentence per clip."""

    @property
    def captions_sha256(self):
        return hashlib.sha256(b"toy sentences").hexdigest()

    def caption(self, clip_id):
        return "a person waves" if "/sway" in clip_id else "hand on the hips"


def permuted(character, seed):
    """The same body with its vertices in another order."""
    order = np.random.default_rng(seed).permutation(character.vertex_count)
    return replace(
        character,
        rest_vertices_m=character.rest_vertices_m[order],
        faces=np.argsort(order)[character.faces],
        joint_indices=character.joint_indices[order],
        weights=character.weights[order],
        parts=character.parts[order],
    )


TOY = "retarget/toy"
TOLD = ToldToyClips()
VARIANTS = {
    "four": ToyClips(),
    "two": ToyClips(motion_count=1),
    "no-truth": ToyClips(solution_count=0),
    "many": ToyClips(body_count=5, motion_count=10),
    "told": TOLD,
}


def load_toy(variant):
    return VARIANTS[variant]


def with_toy_track(tracks):
    """The registry's tracks and one more, ``retarget/toy``, so that the real command line can be asked for it."""
    changes = {"variants": tuple(VARIANTS), "loader": f"{__name__}:load_toy", "without": ()}
    toy = replace(tracks["retarget/intents"], id=TOY, **changes)
    return {**tracks, TOY: toy}
