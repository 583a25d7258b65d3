"""World positions of all nodes by ufbx's own scene evaluation; run as a program, because ufbx may crash.

Usage: ``python fbx_oracle.py FILE STACK FRAME...`` prints JSON: per frame a map from node name to [x, y, z] in metres.
Frames are counted at 30 fps from the first whole frame of the stack.
"""

import json
import math
import os
import sys

import ufbx

kept = []


def keep(thing):
    kept.append(thing)
    return thing


def main():
    path, stack, *frames = sys.argv[1:]
    scene = keep(ufbx.load_file(path, target_axes=ufbx.axes_right_handed_y_up, target_unit_meters=1.0))
    stacks = {s.name: s for s in keep(list(scene.anim_stacks))}
    animation = keep(stacks[stack].anim)
    first = math.ceil(stacks[stack].time_begin * 30 - 0.01)
    answer = []
    for frame in frames:
        posed = keep(ufbx.evaluate_scene(scene, animation, (first + int(frame)) / 30))
        positions = {}
        for node in keep(list(posed.nodes)):
            column = node.node_to_world.c3
            positions[node.name] = [column.x, column.y, column.z]
        answer.append(positions)
    print(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
