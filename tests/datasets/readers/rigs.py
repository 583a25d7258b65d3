"""A small humanoid as a glTF file, awkward on purpose: an armature in centimetres, z up, and turned joints."""

import numpy as np

from .gltf_builder import Builder, matrix, turn_xyzw

# name, parent, position in metres (y up, facing +z), rest rotation (axis, degrees) of the joint in the world
HUMANOID = [
    ("Hips", None, (0, 1.0, 0), ((1, 0, 0), 20)),
    ("Spine", "Hips", (0, 1.2, 0), ((0, 1, 0), 90)),
    ("Head", "Spine", (0, 1.6, 0), ((0, 0, 1), -30)),
    *[
        (side + name, parent if parent in {"Hips", "Spine"} else side + parent, (sign * x, y, z), ((1, sign, 0), angle))
        for side, sign in (("Left", 1), ("Right", -1))
        for name, parent, x, y, z, angle in (
            ("UpLeg", "Hips", 0.1, 0.95, 0, 170),
            ("Leg", "UpLeg", 0.1, 0.5, 0, 175),
            ("Foot", "Leg", 0.1, 0.06, -0.02, 100),
            ("Arm", "Spine", 0.2, 1.45, 0, 90),
            ("ForeArm", "Arm", 0.5, 1.45, 0, 80),
            ("Hand", "ForeArm", 0.75, 1.45, 0, 70),
        )
    ],
]


def world_rest(turned=True):
    """Name -> world matrix at rest, in metres."""
    return {
        name: matrix(position, turn_xyzw(*rotation) if turned else (0, 0, 0, 1))
        for name, _, position, rotation in HUMANOID
    }


def humanoid(turn_world=None, unit_m=0.01, lift_m=0.0, controls=True):
    """Return (builder, node index by name, bind matrices by name in the skin's own space).

    An armature node turns a z-up world of ``unit_m`` units to y-up metres; joints, mesh and bind matrices live below
    it in those units. ``turn_world`` is a further rotation (xyzw) of everything.
    """
    builder, nodes, bind = Builder(), {}, {}
    top = builder.node("world", rotation=list(turn_world or (0, 0, 0, 1)), translation=[0, lift_m, 0])
    armature = builder.node("Armature", top, rotation=turn_xyzw((1, 0, 0), -90), scale=[unit_m] * 3)
    to_skin = np.linalg.inv(matrix((0, 0, 0), turn_xyzw((1, 0, 0), -90), [unit_m] * 3))
    rest = world_rest()
    bind["root"] = matrix()
    nodes["root"] = builder.node("root", armature)
    for name, parent, _, _ in HUMANOID:
        pose = to_skin @ rest[name]
        pose[:3, :3] /= np.linalg.norm(pose[:3, :3], axis=0)
        bind[name] = pose
        local = np.linalg.inv(bind[parent or "root"]) @ pose
        nodes[name] = builder.node(name, nodes[parent or "root"], **trs(local))
    if controls:
        nodes["IK_hand"] = builder.node("IK_hand", nodes["root"], translation=[50, 0, 145])
        bind["IK_hand"] = matrix((50, 0, 145))
        nodes["twist"] = builder.node("twist", nodes["LeftArm"], translation=[0, 5, 0])
        bind["twist"] = bind["LeftArm"] @ matrix((0, 5, 0))
    return builder, nodes, bind


def trs(local):
    """Translation and rotation of a rigid matrix as glTF fields (rotation by the trace formula)."""
    m = local[:3, :3]
    q = np.array([m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1], 1 + np.trace(m)])
    if np.linalg.norm(q) < 1e-6:  # half a turn
        axis = np.sqrt(np.maximum(np.diag(m) + 1, 0) / 2)
        first = int(axis.argmax())
        q = np.array([*(np.sign(m[first]) * axis), 0.0])
        q[first] = axis[first]
    q = q / np.linalg.norm(q)
    return {"translation": local[:3, 3].tolist(), "rotation": q.tolist()}


def boxes(bind, names, size=6.0):
    """A box around each named joint, in the skin's space: vertices, faces, and per vertex the joint's place.

    The box of "root" is at the hips, so that the feet stay the lowest.
    """
    corners = size * (np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1).T)
    faces = [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1]]
    faces += [[2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]]
    vertices = np.concatenate([corners + bind["Hips" if n == "root" else n][:3, 3] for n in names])
    triangles = np.concatenate([np.array(faces) + 8 * i for i in range(len(names))])
    return vertices, triangles, np.repeat(np.arange(len(names)), 8)
