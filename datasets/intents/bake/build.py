"""Bake the built-in bodies: named bodies, their full meshes, what penetration leaves out, and the shape basis."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import PARTS, Character, Skeleton
from ...body.joint_names import STANDARD_JOINTS
from ...body.limbs import uncounted_vertices
from ..archive import to_grid, write_arrays
from ..bodies import write_body_manifest
from . import shapes
from .anny_model import BodyModel, RestBody
from .keys import Mesh, choose_keys, vertex_normals
from .tpose import standard_parents, to_t_pose

DATA = Path(__file__).resolve().parents[1] / "data"
COMPONENTS = 32
INFLUENCES = 5
Arrays = dict[str, NDArray[Any]]

log = logging.getLogger(__name__)


def bake(folder: Path = DATA) -> None:
    """Write ``bodies.npz``, ``bodies_basis.npz``, ``bodies_full.npz``, ``bodies_uncounted.npz`` and their manifest."""
    model = BodyModel("small")
    named, keys = named_arrays(model)
    full = full_arrays(BodyModel("full"), named, keys)
    write_arrays(folder / "bodies.npz", named)
    write_arrays(folder / "bodies_basis.npz", basis_arrays(model))
    write_arrays(folder / "bodies_full.npz", full)
    write_arrays(folder / "bodies_uncounted.npz", {
        "small": uncounted_bits(named, named["joints_m"]),
        "full": uncounted_bits(full, named["joints_m"][[list(named["names"]).index(n) for n in full["names"]]]),
    })  # fmt: skip
    write_body_manifest(folder)
    for path in sorted(folder.glob("bodies*.npz")):
        log.info("%s %d bytes", path.name, path.stat().st_size)


def named_arrays(model: BodyModel) -> tuple[Arrays, dict[str, int]]:
    """Return the arrays of ``bodies.npz`` and the key vertices of the small mesh."""
    weights = model.dense_weights
    rows = [(split, name, shape) for split, bodies in shapes.NAMED.items() for name, shape in bodies.items()]
    bodies = [on_ground(to_t_pose(model.rest(shape), weights)) for _, _, shape in rows]
    average = bodies[[name for _, name, _ in rows].index("average_man")]
    mesh = Mesh(average.vertices_m, model.faces, average.joints_m, weights)
    keys = choose_keys(mesh)
    arrays: Arrays = {
        "names": np.array([name for _, name, _ in rows]),
        "splits": np.array([split for split, _, _ in rows]),
        "about": np.array([shapes.ABOUT[name] for _, name, _ in rows]),
        "parents": np.array(standard_parents(), dtype=np.int8),
        "vertices_m": np.stack([to_grid(body.vertices_m) for body in bodies]),
        "joints_m": np.stack([to_grid(body.joints_m) for body in bodies]),
    }
    return arrays | _topology_arrays(mesh, keys), keys


def full_arrays(model: BodyModel, named: Arrays, small_keys: dict[str, int]) -> Arrays:
    """Return the arrays of ``bodies_full.npz``: the joints are those of the small version."""
    weights, names = model.dense_weights, list(named["names"])
    vertices = {}
    for name in shapes.FULL_RESOLUTION:
        shape = next(bodies[name] for bodies in shapes.NAMED.values() if name in bodies)
        body = to_t_pose(model.rest(shape), weights)
        joints = named["joints_m"][names.index(name)].astype(np.float64)
        vertices[name] = body.vertices_m + (joints[0] - body.joints_m[0])
        vertices[name][:, 1] = vertices[name][:, 1].clip(min=0.0)  # its soles are 2 mm thicker: pressed flat
        gap = np.abs(body.joints_m + (joints[0] - body.joints_m[0]) - joints).max()
        log.info("full %s: joints differ by %.5f m", name, gap)
    row = names.index("average_man")
    joints = named["joints_m"][row].astype(np.float64)
    mesh = Mesh(vertices["average_man"], model.faces, joints, weights)
    small = named["vertices_m"][row].astype(np.float64)
    keys = _nearest_keys(mesh, small, named["faces"].astype(np.int64), small_keys)
    stacked = np.stack([to_grid(vertices[name]) for name in shapes.FULL_RESOLUTION])
    return {"names": np.array(shapes.FULL_RESOLUTION), "vertices_m": stacked} | _topology_arrays(mesh, keys)


def basis_arrays(model: BodyModel) -> Arrays:
    """Return the arrays of ``bodies_basis.npz``: mean, components scaled to unit coefficients, and the coefficients."""
    generator, weights = np.random.default_rng(shapes.BASIS_SEED), model.dense_weights
    drawn = [
        on_ground(to_t_pose(model.rest(shapes.random_shape(generator)), weights)) for _ in range(shapes.BASIS_BODIES)
    ]
    points = np.stack([np.concatenate([body.vertices_m, body.joints_m]).ravel() for body in drawn])
    mean = points.mean(axis=0)
    left, singular, right = np.linalg.svd(points - mean, full_matrices=False)
    signs = np.sign(right[np.arange(len(right)), np.abs(right).argmax(axis=1)])[:COMPONENTS]  # SVD leaves signs open
    scale = np.sqrt(len(drawn) - 1)
    components = right[:COMPONENTS] * (signs * singular[:COMPONENTS] / scale)[:, None]
    coefficients = left[:, :COMPONENTS] * signs * scale
    rebuilt = mean + coefficients @ components
    errors = np.linalg.norm((rebuilt - points).reshape(len(drawn), -1, 3), axis=2)
    log.info("basis: rms %.2f mm, worst vertex %.2f mm, explained %.5f", 1e3 * np.sqrt((errors**2).mean()),
             1e3 * errors.max(), (singular[:COMPONENTS] ** 2).sum() / (singular**2).sum())  # fmt: skip
    shape = (-1, model.dense_weights.shape[0] + len(STANDARD_JOINTS), 3)
    return {
        "mean_m": to_grid(mean.reshape(shape[1:])),
        "components_m": components.reshape(shape).astype(np.float16),
        "coefficients": coefficients.astype(np.float16),
    }


def uncounted_bits(mesh: Arrays, joints_m: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return per body, packed into bits, which limb vertices penetration leaves out, [bodies, vertices / 8]."""
    rows = []
    for name, vertices, joints in zip(mesh["names"].tolist(), mesh["vertices_m"], joints_m, strict=True):
        arrays = (vertices, mesh["faces"], mesh["joint_indices"], mesh["weights"], mesh["parts"])
        rows.append(np.packbits(uncounted_vertices(Character(name, _skeleton(joints), *arrays))))
    return np.stack(rows)


def _skeleton(joints_m: NDArray[np.floating]) -> Skeleton:
    parents = standard_parents()
    offsets = joints_m.astype(np.float64)
    offsets[1:] -= joints_m.astype(np.float64)[list(parents[1:])]
    return Skeleton(STANDARD_JOINTS, parents, offsets.astype(np.float32))


def on_ground(body: RestBody) -> RestBody:
    """Lift the body so that its lowest vertex is at y = 0."""
    lift = np.array([0.0, body.vertices_m[:, 1].min(), 0.0])
    return RestBody(body.vertices_m - lift, body.joints_m - lift)


def _topology_arrays(mesh: Mesh, keys: dict[str, int]) -> Arrays:
    """Return what all bodies of one resolution share."""
    order = np.argsort(-mesh.dense_weights, axis=1, kind="stable")[:, :INFLUENCES]
    weights = np.take_along_axis(mesh.dense_weights, order, axis=1)
    weights /= weights.sum(axis=1, keepdims=True)
    character = Character(
        "average_man",
        _skeleton(mesh.joints_m),
        mesh.vertices_m.astype(np.float32),
        mesh.faces.astype(np.int32),
        order.astype(np.int32),
        weights.astype(np.float32),
    )
    parts = np.asarray(character.parts, dtype=np.uint8)
    shared: Arrays = {
        "faces": mesh.faces.astype(np.uint16),
        "joint_indices": order.astype(np.uint8),
        "weights": weights.astype(np.float16),
        "parts": parts,
        "key_names": np.array(list(keys)),
        "key_vertices": np.array(list(keys.values()), dtype=np.uint16),
    }
    groups = _vertex_groups(mesh, parts)
    return shared | {f"group_{name}": members.astype(np.uint16) for name, members in groups.items()}


def _vertex_groups(mesh: Mesh, parts: NDArray[np.uint8]) -> dict[str, NDArray[np.intp]]:
    normals = vertex_normals(mesh.vertices_m, mesh.faces)
    mover = np.array(STANDARD_JOINTS)[mesh.dense_weights.argmax(axis=1)]
    low = mesh.vertices_m[:, 1] < 0.02
    groups = {}
    for side in ("left", "right"):
        foot = np.isin(mover, [f"{side.capitalize()}Foot", f"{side.capitalize()}ToeBase"])
        hand = parts == PARTS.index(f"{side}_hand")
        groups[f"{side}_foot"] = np.flatnonzero(foot)
        groups[f"{side}_sole"] = np.flatnonzero(foot & low & (normals[:, 1] < -0.5))
        groups[f"{side}_hand"] = np.flatnonzero(hand)
        groups[f"{side}_palm"] = np.flatnonzero(hand & (normals[:, 1] < -0.7))
    return groups


def _nearest_keys(
    mesh: Mesh, small: NDArray[np.float64], faces: NDArray[np.int64], keys: dict[str, int]
) -> dict[str, int]:
    """Return the vertices of ``mesh`` nearest to the small mesh's key vertices, with normals that agree within 60°."""
    normals, small_normals = vertex_normals(mesh.vertices_m, mesh.faces), vertex_normals(small, faces)
    nearest = {}
    for name, vertex in keys.items():
        distance = np.linalg.norm(mesh.vertices_m - small[vertex], axis=1)
        nearest[name] = int(np.where(normals @ small_normals[vertex] > 0.5, distance, np.inf).argmin())
    return nearest
