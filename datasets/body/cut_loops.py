"""Open edges of a triangle mesh and the loops they form, on meshes of any quality."""

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

Edge = tuple[int, int]


def net_edges(corners: NDArray[np.intp]) -> Counter[Edge]:
    """Return the directed edges that the faces leave open, with how often each is open.

    An edge run through once in each direction is closed. Counting with direction is right on edges of three and more
    faces too, and edges of degenerate faces cancel out.

    Args:
        corners: Vertex indices of triangles, [faces, 3].
    """
    if not len(corners):
        return Counter()
    directed = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    directed = directed[directed[:, 0] != directed[:, 1]]
    forward = directed[:, 0] < directed[:, 1]
    pairs, where = np.unique(np.sort(directed, axis=1), axis=0, return_inverse=True)
    net = np.zeros(len(pairs), dtype=np.int64)
    np.add.at(net, where.ravel(), np.where(forward, 1, -1))
    opened: Counter[Edge] = Counter()
    for (low, high), count in zip(pairs[net != 0].tolist(), net[net != 0].tolist(), strict=True):
        opened[(low, high) if count > 0 else (high, low)] = abs(count)
    return opened


def boundary_loops(edges: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Return vertex loops that run through every directed edge once, split wherever a loop would touch itself.

    A chain that does not close (the cut runs into a hole of the mesh) is closed by a straight edge from its end to its
    beginning.

    Args:
        edges: Directed edges, [edges, 2].
    """
    following: dict[int, list[int]] = defaultdict(list)
    incoming: Counter[int] = Counter()
    for start, end in edges.tolist():
        following[start].append(end)
        incoming[end] += 1
    # Chains begin where more edges leave than arrive; walking them first leaves closed loops only.
    heads = [v for v in following for _ in range(len(following[v]) - incoming[v])]
    loops: list[NDArray[np.intp]] = []
    for head in [*heads, *list(following)]:
        while following[head]:
            _walk(head, following, loops)
    return loops


def _walk(head: int, following: dict[int, list[int]], loops: list[NDArray[np.intp]]) -> None:
    path, place = [head], {head: 0}
    while following[path[-1]]:
        vertex = following[path[-1]].pop()
        if vertex in place:
            start = place[vertex]
            loops.append(np.array(path[start:], dtype=np.intp))
            for left in path[start + 1 :]:
                del place[left]
            path = path[: start + 1]
        else:
            place[vertex] = len(path)
            path.append(vertex)
    if len(path) > 2:
        loops.append(np.array(path, dtype=np.intp))
