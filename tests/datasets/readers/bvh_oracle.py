"""Evaluates a BVH file slowly and directly: one joint, one frame, 4 x 4 matrices; its own few lines of parsing."""

import numpy as np


def axis_matrix(axis, degrees):
    a = np.deg2rad(degrees)
    c, s = np.cos(a), np.sin(a)
    rows = {
        "X": [[1, 0, 0], [0, c, -s], [0, s, c]],
        "Y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        "Z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    }
    full = np.eye(4)
    full[:3, :3] = rows[axis]
    return full


def bvh_positions(path, frames, keep_translations=False):
    """Joint positions by name in the file's units, [frames, 3] each; the root's channels replace its offset."""
    head, motion = path.read_text().split("MOTION")
    words, parents, offsets, channels, stack, names, in_end = head.split(), [], [], [], [], [], False
    i = 0
    while i < len(words):
        word = words[i]
        if word in ("ROOT", "JOINT"):
            names.append(words[i + 1])
            parents.append(stack[-1] if stack else -1)
            stack.append(len(names) - 1)
            i += 1
        elif word == "End":
            in_end = True
            stack.append(-1)
        elif word == "OFFSET" and not in_end:
            offsets.append([float(w) for w in words[i + 1 : i + 4]])
        elif word == "CHANNELS":
            count = int(words[i + 1])
            channels.append(words[i + 2 : i + 2 + count])
        elif word == "}":
            in_end = False
            stack.pop()
        i += 1
    numbers = motion.split("Frame Time:")[1].split()[1:]
    width = sum(map(len, channels))
    table = np.array(numbers, dtype=float).reshape(-1, width)
    result = {name: [] for name in names}
    for frame in frames:
        values = iter(table[frame])
        world = []
        for joint, name in enumerate(names):
            translation, turn = np.array(offsets[joint], dtype=float), np.eye(4)
            for channel in channels[joint]:
                value = next(values)
                if channel.lower().endswith("position"):
                    if joint == 0 or keep_translations:
                        translation["XYZ".index(channel[0].upper())] = value
                else:
                    turn = turn @ axis_matrix(channel[0].upper(), value)
            local = np.eye(4)
            local[:3, 3] = translation
            local = local @ turn
            world.append(local if parents[joint] < 0 else world[parents[joint]] @ local)
            result[name].append(world[-1][:3, 3])
    return {name: np.array(p) for name, p in result.items()}
