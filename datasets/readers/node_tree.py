"""A file's tree of nodes, and the choice of those that become joints."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..errors import BenchError
from ..rotations import Array
from .canonical import humanoid_joints


class NoSkeleton(BenchError):
    """A file in which no single skeleton was found."""

    rule = "R009"


@dataclass(frozen=True)
class NodeTree:
    """Named nodes with one parent each.

    Raises:
        NoSkeleton: On first use, if the nodes hold a cycle.
    """

    names: tuple[str, ...]
    """Unique names."""
    parents: tuple[int, ...]
    """Parent of each node, -1 for a top node; in any order."""

    @cached_property
    def order(self) -> tuple[int, ...]:
        """All nodes, parents before children: as numbered where that is so, else depth first."""
        if all(parent < node for node, parent in enumerate(self.parents)):
            return tuple(range(len(self.parents)))
        children: dict[int, list[int]] = {}
        for node, parent in enumerate(self.parents):
            children.setdefault(parent, []).append(node)
        order: list[int] = []
        waiting = children.get(-1, [])[::-1]
        while waiting:
            node = waiting.pop()
            order.append(node)
            waiting.extend(reversed(children.get(node, [])))
        if len(order) != len(self.parents):
            raise NoSkeleton("the nodes of the file hold a cycle; they must be trees.")
        return tuple(order)

    def upwards(self, node: int) -> list[int]:
        """Return a node and its ancestors, the top node last."""
        chain = [node]
        while self.parents[chain[-1]] >= 0:
            chain.append(self.parents[chain[-1]])
        return chain

    def world(self, local: Array) -> Array:
        """Return world matrices from local ones, [..., nodes, 4, 4]."""
        world = local.copy()
        for node in self.order:
            parent = self.parents[node]
            if parent >= 0:
                world[..., node, :, :] = world[..., parent, :, :] @ local[..., node, :, :]
        return world


@dataclass(frozen=True)
class JointChoice:
    """Which nodes become joints."""

    nodes: tuple[int, ...]
    """Kept nodes, the root first, parents before children."""
    parents: tuple[int, ...]
    """Parent of each kept node as an index into ``nodes``, -1 for the root."""
    is_humanoid: bool


def choose_joints(tree: NodeTree, candidates: Iterable[int], weighted: Iterable[int]) -> JointChoice:
    """Choose the joints: from the hips down for a humanoid, else from the lowest node above all weighted ones.

    Kept are weighted joints, standard joints, and all nodes between them and the root. Without weighted joints
    everything below the root is kept, because nothing says which nodes are mere controls.

    Args:
        tree: The nodes.
        candidates: Nodes that may be joints (those of the skins, or animated ones).
        weighted: Nodes that move vertices.

    Raises:
        NoSkeleton: If there are no candidates, or the weighted ones have no common ancestor.
    """
    known = set(candidates)
    if not known:
        raise NoSkeleton("the file has no skin and no animation: there is no skeleton in it.")
    ordered = [n for n in tree.order if n in known]
    moving = {n for n in weighted if n in known}
    standard = {s: ordered[i] for s, i in humanoid_joints([tree.names[n] for n in ordered]).items()}
    hips = standard.get("Hips", -1)
    is_humanoid = bool(standard) and all(hips in tree.upwards(n) for n in standard.values())
    root = hips if is_humanoid else _common_ancestor(tree, moving or _largest_tree(tree, ordered))
    below = [n for n in ordered if root in tree.upwards(n)]
    wanted = [n for n in below if not moving or n in moving or n in standard.values()]
    kept = {root}
    for node in wanted:
        chain = tree.upwards(node)
        kept.update(chain[: chain.index(root)])
    nodes = tuple(n for n in tree.order if n in kept)
    index = {node: i for i, node in enumerate(nodes)}
    return JointChoice(nodes, tuple(-1 if n == root else index[tree.parents[n]] for n in nodes), is_humanoid)


def nearest_kept(tree: NodeTree, choice: JointChoice) -> NDArray[np.int64]:
    """Return for every node the index of the nearest kept joint at or above it, the root where there is none."""
    index = {node: i for i, node in enumerate(choice.nodes)}
    nearest = np.zeros(len(tree.parents), dtype=np.int64)
    for node in tree.order:
        parent = tree.parents[node]
        nearest[node] = index.get(node, nearest[parent] if parent >= 0 else 0)
    return nearest


def unique_names(names: Sequence[str | None]) -> tuple[str, ...]:
    """Return names without repetition: a number is added where a name repeats, or where there is none."""
    unique: dict[str, None] = {}
    for index, name in enumerate(names):
        wanted = name or f"node_{index}"
        while wanted in unique:
            wanted += f".{index}"
        unique[wanted] = None
    return tuple(unique)


def _largest_tree(tree: NodeTree, nodes: Sequence[int]) -> set[int]:
    """Of several trees the nodes of the one that has most of them."""
    trees: dict[int, set[int]] = {}
    known = set(nodes)
    for node in nodes:
        top = [n for n in tree.upwards(node) if n in known][-1]
        trees.setdefault(top, set()).add(node)
    return max(trees.values(), key=len)


def _common_ancestor(tree: NodeTree, nodes: Iterable[int]) -> int:
    chains = [tree.upwards(n) for n in sorted(nodes)]
    for candidate in chains[0]:
        if all(candidate in chain for chain in chains):
            return candidate
    raise NoSkeleton("the weighted joints hang below no common node; one skeleton per file can be read.")
