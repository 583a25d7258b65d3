"""The program that opens an FBX file with ``ufbx``, copies everything into an npz file and exits.

It runs in a process of its own because ufbx 0.0.5 releases its element objects too often: touching one twice can end
in a segmentation fault. So every list is turned into a Python list once, every object is kept alive until the process
ends, and the process ends without tidying up. Exit code 3 stands for an error message on stderr, anything else but 0
for a crash.

Usage: ``python -m retargetbench.datasets.readers.fbx_worker IN.fbx OUT.npz FPS ANIMATION...`` with FPS 0 for the
file's own; no ANIMATION stands for all, ``-`` alone for none.
"""

import os
import sys
from typing import Any

import numpy as np

_kept: list[Any] = []


def _keep(thing: Any) -> Any:
    """Hold a reference until the process ends."""
    _kept.append(thing)
    return thing


def export(source: str, target: str, fps: float, wanted: list[str] | None) -> None:
    """Write the nodes, meshes and sampled animations of an FBX file as arrays.

    Everything is converted to a right-handed, y-up world in metres by ufbx, in its root node.

    Args:
        source: The FBX file.
        target: The npz file to write.
        fps: Frame rate to sample at; 0: the file's own.
        wanted: Names of animations; ``None``: all.
    """
    import ufbx

    scene = _keep(
        ufbx.load_file(
            source,
            target_axes=ufbx.axes_right_handed_y_up,
            target_unit_meters=1.0,
            inherit_mode_handling=ufbx.InheritModeHandling.COMPENSATE,
        )
    )
    nodes = _keep(list(scene.nodes))
    arrays = _node_arrays(nodes)
    arrays |= _bind_pose_arrays(_keep(list(scene.poses)))
    arrays |= _mesh_arrays(_keep(list(scene.meshes)))
    settings = _keep(scene.settings)
    rate = fps or float(settings.frames_per_second)
    stacks = _keep(list(scene.anim_stacks))
    names = [str(s.name) for s in stacks]
    arrays["animation_names"] = np.array(names, dtype=str)
    arrays["fps"] = np.array(rate)
    for index, stack in enumerate(stacks):
        if wanted is None or names[index] in wanted:
            animation = _keep(stack.anim)
            span = float(stack.time_begin), float(stack.time_end)
            if span[1] <= span[0]:  # no range is written: from the first to the last key
                keys = _keep(ufbx.bake_anim(scene, animation))
                span = float(keys.key_time_min), float(keys.key_time_max)
            arrays |= _animation_arrays(index, animation, nodes, _frame_times(span, rate))
    np.savez(target, **arrays)


def _node_arrays(nodes: list[Any]) -> dict[str, Any]:
    parents, local, orientations, world = [], [], [], []
    for node in nodes:
        parent = _keep(node.parent)
        parents.append(-1 if parent is None else int(parent.typed_id))
        local.append(_transform(_keep(node.local_transform)))
        orientations.append(_orientations(node))
        world.append(_matrix(node.node_to_world))
    if [int(n.typed_id) for n in nodes] != list(range(len(nodes))):
        raise ValueError("the nodes are numbered in an unexpected way")
    return {
        "node_names": np.array([str(n.name) for n in nodes], dtype=str),
        "node_parents": np.array(parents),
        "node_is_bone": np.array([n.bone is not None for n in nodes]),
        "node_local": np.array(local),
        "node_orientations": np.array(orientations),
        "node_world": np.array(world),
    }


def _orientations(node: Any) -> list[float]:
    """Pre- and post-rotation of a node, Euler angles x, y, z of each in degrees."""
    angles = {"PreRotation": [0.0, 0.0, 0.0], "PostRotation": [0.0, 0.0, 0.0]}
    properties = _keep(node.props)
    for prop in _keep(list(_keep(properties.props))):
        if (name := str(prop.name)) in angles:
            angles[name] = [float(v) for v in list(prop.value_vec4)[:3]]
    return [*angles["PreRotation"], *angles["PostRotation"]]


def _bind_pose_arrays(poses: list[Any]) -> dict[str, Any]:
    bound: dict[int, Any] = {}
    for pose in poses:
        if pose.is_bind_pose:
            for bone in _keep(list(_keep(pose.bone_poses))):
                bound.setdefault(int(_keep(bone.bone_node).typed_id), _matrix(bone.bone_to_world))
    return {"bind_nodes": np.array(list(bound), dtype=np.int64), "bind_world": np.array(list(bound.values()))}


def _mesh_arrays(meshes: list[Any]) -> dict[str, Any]:
    arrays: dict[str, Any] = {"mesh_count": np.array(len(meshes))}
    for index, mesh in enumerate(meshes):
        key = f"mesh{index}_"
        arrays[key + "vertices"] = np.array(_keep(mesh.vertices), dtype=np.float64).reshape(-1, 3)
        arrays[key + "corners"] = np.array(_keep(mesh.vertex_indices), dtype=np.int64)
        faces = _keep(list(_keep(mesh.faces)))
        arrays[key + "faces"] = np.array([(f.index_begin, f.num_indices) for f in faces], dtype=np.int64).reshape(-1, 2)
        instances = _keep(list(_keep(mesh.instances)))
        arrays[key + "node"] = np.array(int(instances[0].typed_id) if instances else -1)
        arrays[key + "to_world"] = _matrix(instances[0].geometry_to_world) if instances else np.eye(4)
        clusters = []
        for skin in _keep(list(_keep(mesh.skin_deformers))):
            clusters += _keep(list(_keep(skin.clusters)))
        used = 0
        for cluster in clusters:
            bone = _keep(cluster.bone_node)
            if bone is None:
                continue
            sub = f"{key}cluster{used}_"
            used += 1
            arrays[sub + "bone"] = np.array(int(bone.typed_id))
            arrays[sub + "geometry_to_bone"] = _matrix(cluster.geometry_to_bone)
            arrays[sub + "bind_to_world"] = _matrix(cluster.bind_to_world)
            arrays[sub + "vertices"] = np.array(_keep(cluster.vertices), dtype=np.int64).reshape(-1)
            arrays[sub + "weights"] = np.array(_keep(cluster.weights), dtype=np.float64).reshape(-1)
        arrays[key + "cluster_count"] = np.array(used)
    return arrays


def _frame_times(span_s: tuple[float, float], fps: float) -> Any:
    """Times of the frames in a span; they lie on whole multiples of the frame time, as the keys of most files do."""
    first, last = int(np.ceil(span_s[0] * fps - 0.01)), int(np.floor(span_s[1] * fps + 0.01))
    return np.arange(first, max(last, first) + 1) / fps


def _animation_arrays(index: int, animation: Any, nodes: list[Any], times: Any) -> dict[str, Any]:
    values = np.zeros((len(times), len(nodes), 10))
    for frame, time in enumerate(times):
        for node_index, node in enumerate(nodes):
            transform = node.evaluate_transform(animation, float(time))
            values[frame, node_index] = [*transform.translation, *transform.rotation, *transform.scale]
    return {f"animation{index}": values, f"animation{index}_times": times}


def _transform(transform: Any) -> list[float]:
    return [*transform.translation, *transform.rotation, *transform.scale]


def _matrix(matrix: Any) -> Any:
    full = np.eye(4)
    full[:3] = np.array([list(matrix.c0), list(matrix.c1), list(matrix.c2), list(matrix.c3)]).T
    return full


def main() -> None:
    """Run the export and end the process at once, without releasing ufbx's objects."""
    code = 0
    try:
        source, target, fps, *names = sys.argv[1:]
        export(source, target, float(fps), None if not names else [n for n in names if n != "-"])
    except Exception as problem:
        sys.stderr.write(f"{type(problem).__name__}: {problem}\n")
        code = 3
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
