"""The terms on a source and its result that both stages have: relation, smoothness, skin, closeness, feet."""

from torch import Tensor

from ...datasets.body.kinematics import Pose
from . import losses
from .batch import Moves, Rigs, copied
from .profiles import Profile
from .r2et_losses import twist_excess
from .skin_relation import skin_relation

Performed = tuple[Moves, Rigs, Pose]
"""What is done, by whom, and the pose that follows."""


def pair_terms(given: Performed, done: Performed, profile: Profile) -> dict[str, Tensor]:
    """Return the weighted terms on A to B by name; one of weight 0 is not computed.

    Args:
        given: The sources.
        done: The results, with gradients.
        profile: Weights, the form of the joint relation, and which network: the released one is kept smooth and close
            as released, the shipped one by its deviation from the copy.
    """
    (moves, source, here), (made, target, there) = given, done
    weights, released = profile.weights, profile.network == "released"
    relation = losses.relation_paper if profile.relation_form == "paper" else losses.relation_code
    copy = copied(moves, source, target)
    parts: dict[str, Tensor] = {}
    if weights.relation:
        parts["relation"] = weights.relation * relation(here.positions_m, there.positions_m)
    if weights.smoothness:
        # where the copy is corrected it is the correction that must not tremble; the motion may be lively
        calm = made.local if released else copy.local.transpose(-1, -2) @ made.local
        parts["smoothness"] = weights.smoothness * losses.smoothness(calm, profile.fps)
    if weights.twist:
        parts["twist"] = weights.twist * twist_excess(made.local, target.offsets_m)
    if weights.skin:
        parts["skin"] = weights.skin * _skin_term((source, here), (target, there), profile.fps)
    if weights.close_arms or weights.close_rest:
        arms, rest = losses.keep_close_code(made, moves) if released else losses.keep_close(made, copy, target.leg_m)
        parts["close"] = weights.close_arms * arms + weights.close_rest * rest
    if weights.feet:
        feet = [(pose.positions_m, rigs.leg_m) for rigs, pose in ((source, here), (target, there))]
        rests = source.rest_m, target.rest_m
        parts["feet"] = weights.feet * losses.planted_feet(feet[0], feet[1], rests, profile.fps)
    return parts


def _skin_term(source: tuple[Rigs, Pose], target: tuple[Rigs, Pose], fps: float) -> Tensor:
    """The skin relation, 15 times a second: arms move little in between, and it is the dearest term."""
    every = max(round(fps / 15), 1)
    places = []
    for rigs, pose in (source, target):
        seldom = Pose(pose.rotations[:, ::every], pose.positions_m[:, ::every])
        places.append((rigs.skin_points(seldom), rigs.height_m))
    return skin_relation(places[0], places[1], source[0].found & target[0].found)
