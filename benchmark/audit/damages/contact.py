"""Contacts damaged: the hand held off the skin, pushed into the body, or laid on another place.

Only contacts of a hand or finger on a place that is not part of the same arm are damaged. The other arm, the trunk and
the legs stay as they are.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ....datasets.body import Character, Motion
from ....datasets.body.kinematics import motion_pose, motion_vertices_m
from ....datasets.body.limbs import limb_bodies
from ....datasets.clip_set import ContactGoal
from ..case import AuditCase
from .arms import move_hands
from .hand_paths import Reach

_LEAST_DEPTH = 0.3
"""A pushed hand is in the body if it is at least this share of the degree below the nearest skin, on average."""
_DETOUR = 1.6
"""A place is along the skin if the way over the edges of the mesh is at most this much longer than the straight one."""
_STRETCH = (0.25, 0.95)
"""Nearest and furthest from the shoulder that a hand is sent, over the arm's length."""
_ATTEMPTS = 5
_MOMENTS = 4
_DEEP, _MOST_DEEP = 0.005, 0.05
"""An arm goes through the body if more than this share of its vertices, beyond the truth's, is deeper in it than half a
percent of H."""
_LIFT = 0.002
"""A misplaced hand touches: its vertex is this share of the body height above the skin."""


def opened(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion | None:
    """Hold each touching hand ``degree`` percent of H away from its place, along the skin's outward normal.

    Args:
        case: A clip; ``None`` is returned for one without a contact of a hand.
        degree: Distance of the two key vertices in percent of the body height.
        generator: Not used: nothing here is random.
    """
    return _lifted(case, degree)


def pushed_in(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion | None:
    """Push each touching hand ``degree`` percent of H below the skin of its place: trunk, head or leg.

    Args:
        case: A clip; ``None`` is returned for one in which no hand touches trunk, head or leg.
        degree: Way of the touching vertex below the place along the normal, in percent of the body height. Its depth,
            counted to the nearest skin, is less where the body is thin.
        generator: Not used: nothing here is random.
    """
    made = _lifted(case, -degree, solid_only=True)
    if made is None:
        return None
    depths = [depth for depth in _held_depths_m(case, made) if depth is not None]
    # Below a chin there is no flesh: what the normal says is inside is under it.
    reached = depths and min(depths) >= _LEAST_DEPTH * degree / 100 * case.pair.target.height_m
    return made if reached else None


def _held_depths_m(case: AuditCase, made: Motion) -> list[float | None]:
    """Mean depth of each hand that was pushed, while its contact is held; ``None`` for contacts left alone."""
    target = case.pair.target
    posed = motion_vertices_m(target, made)
    depths: list[float | None] = []
    for side, goal in hand_goals(target, case.pair.contact_goals):
        if _of_arm(target, goal.place):
            depths.append(None)
            continue
        limb = next(body for body in limb_bodies(target) if body.name == f"{side.lower()}_arm")
        held = posed[torch.from_numpy(np.flatnonzero(goal.held))]
        hits = limb.surface.query(limb.vertices_m(held), held[:, [goal.vertex]], reach_m=0.0)
        depths.append(float(hits.depth_m.mean()))
    return depths


def _lifted(case: AuditCase, percent: float, solid_only: bool = False) -> Motion | None:
    target = case.pair.target
    reaches = [
        Reach(
            side, goal.vertex, goal.place, goal.held, (goal.place, goal.place), lift_m=percent / 100 * target.height_m
        )
        for side, goal in hand_goals(target, case.pair.contact_goals)
        if not (solid_only and _of_arm(target, goal.place))
    ]
    made = move_hands(target, case.truth, reaches)
    # who is pushed into the body goes through it
    return made if percent < 0 or made is None or not _through_body(case, made) else None


def misplaced(case: AuditCase, degree: float, generator: np.random.Generator) -> Motion | None:
    """Lay each touching hand on the skin ``degree`` percent of H from its place, in a drawn direction.

    The new place is as far from the right one, in the rest pose, as the degree says, and its skin looks a similar way.

    Args:
        case: A clip; ``None`` is returned for one without a contact of a hand, or without such a place in reach.
        degree: Distance from the right place in percent of the body height.
        generator: Draws the direction.
    """
    target = case.pair.target
    direction = generator.standard_normal(3)
    ways = [
        (side, goal, _places_on_the_way(case, (side, goal), degree / 100 * target.height_m, direction))
        for side, goal in hand_goals(target, case.pair.contact_goals)
    ]
    for attempt in range(min((len(places) for _, _, places in ways), default=0)):
        reaches = []
        for side, goal, places in ways:
            start, end, share = places[attempt]
            aim = (start, end)
            lift_m = _LIFT * target.height_m
            reaches.append(Reach(side, goal.vertex, goal.place, goal.held, aim, share, lift_m=lift_m, turns=True))
        made = move_hands(target, case.truth, reaches)
        if made is not None and not _through_body(case, made):
            return made
    return None


def _through_body(case: AuditCase, made: Motion) -> bool:
    """Whether arms go through the body more than in the truth, at a few moments of the contacts: another damage."""
    held = np.any([goal.held for _, goal in hand_goals(case.pair.target, case.pair.contact_goals)], axis=0)
    frames = np.flatnonzero(held)
    chosen = frames[np.linspace(0, len(frames) - 1, min(_MOMENTS, len(frames))).round().astype(int)]
    return _deep_share(case, made, chosen) > _deep_share(case, case.truth, chosen) + _MOST_DEEP


def _deep_share(case: AuditCase, motion: Motion, frames: NDArray[np.intp]) -> float:
    """Share of an arm's vertices that are deep in the rest of the body; of the arm with more."""
    target = case.pair.target
    moments = replace(
        motion,
        local_rotations_wxyz=motion.local_rotations_wxyz[frames],
        root_translation_m=motion.root_translation_m[frames],
    )
    posed = motion_vertices_m(target, moments)
    shares = [0.0]
    for limb in limb_bodies(target):
        if limb.name.endswith("arm") and len(limb.counted):
            points = posed[:, torch.from_numpy(limb.counted)]
            depth = limb.surface.query(limb.vertices_m(posed), points, reach_m=0.0).depth_m / target.height_m
            shares.append(float((depth > _DEEP).double().mean()))
    return max(shares)


def _places_on_the_way(
    case: AuditCase, contact: tuple[str, ContactGoal], distance_m: float, direction: NDArray[np.float64]
) -> list[tuple[int, int, float]]:
    """Places to try, those that lie most in a direction first: the same direction in every degree."""
    side, goal = contact
    target = case.pair.target
    found = _places_at(target, goal.place, distance_m, side)
    if not found:
        return []
    a, b = (np.array([one[k] for one in found]) for k in (0, 1))
    share = np.array([one[2] for one in found])[:, None]
    rest = target.rest_vertices_m.astype(np.float64)
    points = rest[a] + (rest[b] - rest[a]) * share - rest[goal.place]
    order = np.argsort(-(points @ direction), kind="stable")
    reached = [found[i] for i in order if _in_reach(case, contact, found[i])]
    # neighbours fail alike: the next to try lies another way
    tried = np.linspace(0, len(reached) - 1, min(_ATTEMPTS, len(reached))).round().astype(int)
    return [reached[i] for i in tried]


def hand_goals(character: Character, goals: Sequence[ContactGoal]) -> list[tuple[str, ContactGoal]]:
    """Return the goals in which a hand touches something that is not its own arm, with the side of the hand."""
    found = []
    for goal in goals:
        for side in ("Left", "Right"):
            own = character.part_vertices(f"{side.lower()}_arm", f"{side.lower()}_hand")
            if goal.held.any() and goal.vertex in own and goal.place not in own:
                found.append((side, goal))
    return found


def _of_arm(character: Character, vertex: int) -> bool:
    return vertex in character.part_vertices("left_arm", "left_hand", "right_arm", "right_hand")


def _places_at(character: Character, place: int, distance_m: float, side: str) -> list[tuple[int, int, float]]:
    """Points on edges of the mesh exactly ``distance_m`` from a place, as (vertex, vertex, share of the way).

    Not on the touching arm, reached over the skin without a long detour, with a normal within 75 degrees of the
    place's where there are such points.
    """
    points = character.rest_vertices_m.astype(np.float64)
    edges = np.sort(np.concatenate([character.faces[:, pair] for pair in ([0, 1], [1, 2], [2, 0])]), axis=1)
    edges = np.unique(edges, axis=0)
    lengths = np.maximum(np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1), 1e-9)
    graph = csr_array((lengths, (edges[:, 0], edges[:, 1])), shape=(len(points), len(points)))
    way = dijkstra(graph, directed=False, indices=place, limit=_DETOUR * distance_m)
    allowed = np.isfinite(way)
    allowed[character.part_vertices(f"{side.lower()}_arm", f"{side.lower()}_hand")] = False
    away = np.linalg.norm(points - points[place], axis=1)
    edges = edges[allowed[edges].all(axis=1)]
    near, far = edges[:, 0], edges[:, 1]
    crossing = (away[near] < distance_m) != (away[far] < distance_m)
    near, far = near[crossing], far[crossing]
    share = _crossing_share(points[near] - points[place], points[far] - points[place], distance_m)
    normals = _rest_normals(character)
    alike = (normals[near] @ normals[place]) > np.cos(np.radians(75))
    chosen = alike if alike.any() else np.ones(len(near), dtype=bool)
    return [(int(a), int(b), float(s)) for a, b, s in zip(near[chosen], far[chosen], share[chosen], strict=True)]


def _crossing_share(start: NDArray[np.float64], end: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    """Where segments cross a sphere around the origin; each has one end inside, [segments]."""
    step = end - start
    a, b, c = (step * step).sum(-1), (start * step).sum(-1), (start * start).sum(-1) - radius**2
    root = np.sqrt(np.maximum(b * b - a * c, 0.0))
    first = (-b - root) / a
    return np.where((first >= 0) & (first <= 1), first, (-b + root) / a).clip(0.0, 1.0)


def _rest_normals(character: Character) -> NDArray[np.float64]:
    points = character.rest_vertices_m.astype(np.float64)
    a, b, c = (points[character.faces[:, k]] for k in range(3))
    total = np.zeros_like(points)
    for k in range(3):
        np.add.at(total, character.faces[:, k], np.cross(b - a, c - a))
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12))


def _in_reach(case: AuditCase, contact: tuple[str, ContactGoal], point: tuple[int, int, float]) -> bool:
    """Whether the arm is neither stretched nor folded up when the hand is on a point, in the middle of the contact."""
    (side, goal), target = contact, case.pair.target
    middle = int(np.flatnonzero(goal.held)[goal.held.sum() // 2])
    posed = case.truth.window(middle, middle + 1)
    skeleton = target.skeleton
    shoulder, elbow, wrist = (skeleton.index(f"{side}{bone}") for bone in ("Arm", "ForeArm", "Hand"))
    pose = motion_pose(posed).positions_m.numpy()
    vertices = motion_vertices_m(target, posed).numpy()
    a, b, share = point
    spot = vertices[:, a] + (vertices[:, b] - vertices[:, a]) * share
    # the hand keeps its grip: the wrist moves as the vertex does
    moved = pose[:, wrist] + spot - vertices[:, goal.vertex]
    rest = skeleton.rest_positions_m
    length = np.linalg.norm(rest[elbow] - rest[shoulder]) + np.linalg.norm(rest[wrist] - rest[elbow])
    away = np.linalg.norm(moved - pose[:, shoulder], axis=-1) / length
    return bool(away.min() >= _STRETCH[0] and away.max() <= _STRETCH[1])
