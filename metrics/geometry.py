"""All geometry metrics of one retargeted clip."""

from collections.abc import Callable, Collection, Mapping
from functools import partial

import numpy as np
import torch
from torch import Tensor

from ..datasets.body import Motion
from ..datasets.body.feet import foot_points_m, leg_length_m
from ..datasets.body.joint_names import BODY_JOINTS, standard_joints
from ..datasets.clip_set import PairData
from . import position
from .clip_geometry import ClipGeometry, WrongMotion, measure_clip
from .contact import GoalFrames, GoalTrack, contact_rates, contact_timing
from .declarations import find_metric, metric_keys, worst_case
from .joint_limits import joint_limits
from .penetration import SKIN_DEPTH, penetration_percent
from .plausibility import (
    acceleration,
    float_height,
    floor_penetration,
    foot_skate,
    jerk,
    range_of_motion,
    root_speed,
)
from .source_scores import source_contact_scores

__all__ = ["geometry_scores", "worst_case"]

_FEATURE_OF = {
    "pen_arm": "limbs", "pen_limb": "limbs", "pen_depth_mean": "limbs", "pen_depth_worst": "limbs",
    "arm_torso_distance": "limbs", "pen_limb_star": "star", "pen_hull": "hull",
    "goal_contact": "goals", "goal_precision": "goals", "goal_f1": "goals", "goal_onset_ms": "goals",
    "goal_offset_ms": "goals", "float_height": "floor", "floor_penetration": "floor",
    "contact_error": "sensors", "source_contact_precision": "hands", "source_contact_recall": "hands",
}  # fmt: skip
_SOURCE_METRICS = {"contact_error", "source_contact_precision", "source_contact_recall"}

Scores = dict[str, float | None]


def geometry_scores(pair: PairData, predicted: Motion, keys: Collection[str] | None = None) -> dict[str, float]:
    """Score one retargeted clip with every geometry metric that applies to it.

    Pure: depends on nothing but its arguments, changes none of them, and gives the same bits on one machine whoever
    calls it. Run it with one torch thread per process (``torch.set_num_threads(1)``).

    Args:
        pair: What is known of the clip; the mesh that is scored is ``pair.target``.
        predicted: The motion to score, on the target's skeleton, with the source's frames.
        keys: Score only these keys; only what they need is computed.

    Returns:
        Key to value. A metric that does not apply (no goals, no ground truth, a clip too short for a jerk) is absent;
        no value is ever NaN or infinite.

    Raises:
        UnknownName: If a key is no metric; the message offers the nearest ones.
        WrongMotion: If the prediction has other joints than the target or another number of frames than the pair.
    """
    wanted = list(metric_keys()) if keys is None else [find_metric(key).key for key in keys]
    names = {find_metric(key).name for key in wanted}
    if predicted.frame_count != pair.source_motion.frame_count:
        raise WrongMotion(
            f"the prediction of {pair.spec.clip_id} has {predicted.frame_count} frames; expected "
            f"{pair.source_motion.frame_count}, as many as the source motion."
        )
    features = {_FEATURE_OF[name] for name in names if name in _FEATURE_OF}
    if names & _SOURCE_METRICS:
        features |= {"sensors", "hands"}
    clip = measure_clip(pair.target, predicted, pair.contact_goals, features)
    scores: Scores = {}
    for family in (_position_scores, _penetration_scores, _contact_scores, _foot_scores, _motion_scores):
        scores |= family(pair, clip, names)
    return {key: float(scores[key]) for key in wanted if scores.get(key) is not None}  # type: ignore[arg-type]


def _body_joints(clip: ClipGeometry) -> list[int]:
    """The target's body joints, the hips first: a rig's own root may be a control on the ground."""
    found = standard_joints(clip.character.skeleton)
    return [found[name] for name in BODY_JOINTS if name in found]


def _position_scores(pair: PairData, clip: ClipGeometry, names: set[str]) -> Scores:
    errors = _position_errors(clip)
    if not pair.ground_truths or not names & (errors.keys() | {"rotation_error"}):
        return {}
    joints = _body_joints(clip)
    answers = [measure_clip(pair.target, answer, features=()) for answer in pair.ground_truths]
    scores: Scores = {}
    for frame in ("global", "local"):
        prepare = position.root_relative if frame == "local" else Tensor.clone
        truths = torch.stack([prepare(answer.pose.positions_m[:, joints]) for answer in answers])
        mine = prepare(clip.pose.positions_m[:, joints])
        for name, error in errors.items():
            scores |= _with_nearest(name, partial(error, mine), truths, frame)
    rotations = torch.stack([torch.tensor(a.local_rotations_wxyz[:, joints]) for a in pair.ground_truths])
    mine = torch.tensor(clip.motion.local_rotations_wxyz[:, joints])
    return scores | _with_nearest("rotation_error", partial(position.rotation_error_deg, mine), rotations, "")


def _position_errors(clip: ClipGeometry) -> Mapping[str, Callable[[Tensor, Tensor], Tensor]]:
    chain = position.joint_chain_height_m(clip.character.skeleton)
    return {
        "mse_nkn": partial(position.mse_nkn, height_m=chain),
        "mse_san": partial(position.mse_san, height_m=chain),
        "l2_star": partial(position.l2_star, height_m=chain),
        "mse_meshret": partial(position.mse_meshret, height_m=clip.character.height_m),
        "mpjpe_cm": position.mpjpe_cm,
    }


def _with_nearest(name: str, error: Callable[[Tensor], Tensor], truths: Tensor, frame: str) -> Scores:
    alone, nearest = f"[{frame}]" if frame else "", ",".join(filter(None, (frame, "nearest-of-k")))
    return {
        f"{name}@1{alone}": float(error(truths[0])),
        f"{name}@1[{nearest}]": float(position.nearest_of_k(error, truths)),
    }


def _penetration_scores(pair: PairData, clip: ClipGeometry, names: set[str]) -> Scores:
    height = pair.target.height_m
    scores: Scores = {}
    for name in ("pen_arm", "pen_limb"):
        tracks = [t for t in clip.limbs if name == "pen_limb" or t.limb.name.endswith("arm")]
        inside = [track.hits.inside[:, : track.counted_count] for track in tracks]
        depth = [track.hits.depth_m[:, : track.counted_count] for track in tracks]
        scores[f"{name}@1"] = penetration_percent(inside, depth)
        scores[f"{name}@1[0.3%H]"] = penetration_percent(inside, depth, SKIN_DEPTH * height)
        if name == "pen_limb" and any(d.numel() for d in depth):
            together = torch.cat([d.flatten() for d in depth])
            scores["pen_depth_mean@1"] = float(together.double().mean()) / height * 100
            scores["pen_depth_worst@1"] = float(together.max()) / height * 100
    arms = [t.hits for t in clip.limbs if t.limb.name.endswith("arm") and t.counted_count]
    if arms:
        outside = torch.cat([torch.where(h.inside, 0.0, h.distance_m).flatten() for h in arms])
        scores["arm_torso_distance@1"] = float(outside.double().mean()) / height * 100
    if clip.star_inside is not None and clip.star_inside.numel():
        scores["pen_limb_star@1"] = 100 * float(clip.star_inside.double().mean())
    if clip.hull_depth is not None:
        scores["pen_hull@1"] = float(clip.hull_depth.double().mean())
    return scores


def _contact_scores(pair: PairData, clip: ClipGeometry, names: set[str]) -> Scores:
    scores = source_contact_scores(pair, clip) if names & _SOURCE_METRICS else {}
    if clip.goals is None:
        return scores
    tracks = goal_tracks(pair, clip)
    goals = [
        GoalFrames(goal.held, goal.free, track.touching) for goal, track in zip(pair.contact_goals, tracks, strict=True)
    ]
    rates = contact_rates(goals) | contact_timing(goals, clip.motion.fps)
    return scores | {f"{name}@1": value for name, value in rates.items()}


def goal_tracks(pair: PairData, clip: ClipGeometry) -> list[GoalTrack]:
    """Return what each programmed contact did: distance, depth and facing, frame by frame.

    Args:
        pair: The pair with its goals.
        clip: The measured clip, with the feature ``goals``.
    """
    points = clip.goals
    if points is None:
        return []
    height = pair.target.height_m
    distance = (points.touching_m - points.place_m).norm(dim=-1).double().numpy() / height
    facing = -torch.cosine_similarity(points.touching_normals, points.place_normals, dim=-1).double().numpy()
    tracks = []
    for column, goal in enumerate(pair.contact_goals):
        depth = np.zeros(clip.motion.frame_count)
        for track in clip.limbs:
            for row in np.flatnonzero(track.queried == goal.vertex):
                depth = track.hits.depth_m[:, row].double().numpy() / height
        tracks.append(GoalTrack(distance[:, column], depth, facing[:, column], goal.faces_skin))
    return tracks


def _foot_scores(pair: PairData, clip: ClipGeometry, names: set[str]) -> Scores:
    height, scores = pair.target.height_m, Scores()
    if clip.lowest_m is not None and clip.lowest_foot_m is not None:
        scores["floor_penetration@1"] = floor_penetration(clip.lowest_m.double().numpy(), height)
        if pair.planted is not None:
            lowest = clip.lowest_foot_m.double().numpy()
            scores["float_height@1"] = float_height(lowest, pair.planted & np.isfinite(lowest), height)
    if pair.planted is not None:
        skeleton = pair.target.skeleton
        feet = foot_points_m(skeleton, clip.pose.positions_m.double().numpy())
        skate = foot_skate(feet, pair.planted, clip.motion.fps, leg_length_m(skeleton))
        scores |= {f"{name}@1": value for name, value in skate.items()}
    return scores


def _motion_scores(pair: PairData, clip: ClipGeometry, names: set[str]) -> Scores:
    height, fps = pair.target.height_m, clip.motion.fps
    joints = clip.pose.positions_m.double().numpy()[:, _body_joints(clip)]
    return {
        "acceleration@1": acceleration(joints, fps),
        "jerk@1": jerk(joints, fps, height),
        "range_of_motion@1": range_of_motion(joints, height),
        "root_speed@1": root_speed(joints[:, 0], fps, height),
        "joint_limits@1": joint_limits(pair.target.skeleton, clip.pose.rotations.double().numpy()),
    }
