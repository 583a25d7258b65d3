"""BVH writer: canonical rest pose as offsets, rotations as Z X Y channels."""

from pathlib import Path

import numpy as np

from ..body import Motion
from ..files import write_atomically
from ..rotations import to_zxy_degrees


def write_bvh(path: str | Path, motion: Motion, *, unit_m: float = 0.01) -> None:
    """Write a motion as BVH.

    Zero rotations are the rest pose. The root has six channels (its world position, then Z, X, Y rotation), every
    other joint three. Leaves get an End Site a tenth of their bone's length further on, because many programs need one.

    Args:
        path: The file to write; it is replaced as a whole.
        motion: The motion.
        unit_m: Length of the file's unit in metres; 0.01 (centimetres) is what most programs expect.
    """
    skeleton = motion.skeleton
    lines = ["HIERARCHY"]

    def add(joint: int, depth: int) -> None:
        """Write a joint and its children."""
        tab = "\t" * depth
        lines.append(f"{tab}{'JOINT' if depth else 'ROOT'} {skeleton.joint_names[joint]}")
        lines.append(tab + "{")
        lines.append(f"{tab}\tOFFSET {_triple(skeleton.rest_offsets_m[joint] / unit_m)}")
        position = "" if depth else "Xposition Yposition Zposition "
        lines.append(f"{tab}\tCHANNELS {3 if depth else 6} {position}Zrotation Xrotation Yrotation")
        order.append(joint)
        for child in skeleton.children[joint]:
            add(child, depth + 1)
        if not skeleton.children[joint]:
            end = 0.1 * skeleton.rest_offsets_m[joint] / unit_m
            lines.extend([f"{tab}\tEnd Site", tab + "\t{", f"{tab}\t\tOFFSET {_triple(end)}", tab + "\t}"])
        lines.append(tab + "}")

    order: list[int] = []
    add(0, 0)
    degrees = to_zxy_degrees(motion.local_rotations_wxyz.astype(np.float64))
    degrees = np.unwrap(degrees, axis=0, period=360.0)[:, order].reshape(motion.frame_count, -1)
    table = np.concatenate([motion.root_translation_m.astype(np.float64) / unit_m, degrees], axis=1)
    lines += ["MOTION", f"Frames: {motion.frame_count}", f"Frame Time: {1 / motion.fps:.10g}"]
    lines += [" ".join(f"{value:.6f}" for value in row) for row in table]
    write_atomically(path, ("\n".join(lines) + "\n").encode())


def _triple(values: np.ndarray) -> str:
    return " ".join(f"{float(value):.6f}" for value in values)
