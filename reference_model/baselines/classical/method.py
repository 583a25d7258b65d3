"""The classical competitor: one Gauss-Newton problem over the whole clip, started from rotation copy."""

import numpy as np

from ....datasets.body import Character, Motion
from ....datasets.body.kinematics import matrices_to_quaternions
from ..cards import with_card
from ..rotation_copy import retarget as rotation_copy
from .correspondence import surface_map
from .feet import FootTargets
from .normal_equations import Prior, frame_equations, spline_basis
from .penetration import limb_clearances
from .proximity import CarriedProximities, source_proximities
from .rig import FloatArray, Rig, local_rotations, pose_rig
from .settings import Settings

_SOLVED_FPS = 30.0


@with_card(
    "classical",
    "1",
    trained_on=("Intents training programs and bodies (tuned by hand, 16 configurations)",),
    trained_on_metrics=("goal_contact@1", "pen_limb@1", "skate_mean@1", "float_height@1", "jerk@1"),
)
def retarget(source: Character, motion: Motion, target: Character, *, seed: int) -> Motion:
    """Correct a rotation copy until planted feet hold, the source's self-contacts are met and no limb is in the body.

    The unknowns are a root displacement and a small turn of each of up to 20 joints, as cubic splines over time. The
    objective, a sum of weighted squares, is minimised over the whole clip at once; it asks for

    * the gaps between the source's limbs and its own body where they are small, scaled by body height, between the
      corresponding places of the target's skin;
    * limb vertices outside of the body they belong to, by winding number, with a small clearance;
    * planted sole points that stay where they are, sole heights scaled by leg length, nothing below the floor;
    * corrections that are small (each joint with its own stiffness, elbows and knees hinge-like) and smooth.

    Nothing is random and nothing is learned; fingers are copied.

    Args:
        source: The character that performs the motion.
        motion: The motion on the source.
        target: The character that receives it.
        seed: Not used.
    """
    return retarget_with(source, motion, target, Settings())


def retarget_with(source: Character, motion: Motion, target: Character, settings: Settings) -> Motion:
    """Retarget with other weights than the tuned ones."""
    copied = rotation_copy(source, motion, target, seed=0)
    # Corrections are splines in time: they are found at about 30 frames a second and evaluated at the clip's own rate.
    stride = max(1, round(motion.fps / _SOLVED_FPS))
    basis = spline_basis(motion.frame_count, motion.fps, settings.knots_per_s)
    knots = _solve(source, _every(motion, stride), target, _every(copied, stride), (basis[::stride], settings))
    return _corrected(Rig.of(target), copied, basis @ knots)


def _solve(
    source: Character, motion: Motion, target: Character, copied: Motion, how: tuple[FloatArray, Settings]
) -> FloatArray:
    """Return the knots of the corrections, [knots, D]."""
    basis, settings = how
    rig = Rig.of(target)
    skins = surface_map(source, target)
    carried = CarriedProximities.of(source_proximities(source, motion, settings), skins, rig, target)
    feet = FootTargets.of(source, motion, target, copied, settings)
    limbs = limb_clearances(target, rig, settings)
    prior = Prior.of(basis, rig, target.height_m, settings)
    knots = np.zeros((basis.shape[1], rig.size))
    for iteration in range(settings.iterations):
        posed = pose_rig(rig, copied, basis @ knots)
        rows = [*carried.rows(posed, settings), *feet.rows(posed, rig, target.height_m, settings)]
        for limb in limbs:
            if iteration % settings.query_every == 0:
                limb.query(posed, iteration // settings.query_every % 2)
            rows += limb.rows(posed)
        step = prior.step(*frame_equations(rows, posed), knots)
        knots = knots + _limited(step, target.height_m, settings.largest_step)
    return knots


def _every(motion: Motion, stride: int) -> Motion:
    rotations, root = motion.local_rotations_wxyz[::stride], motion.root_translation_m[::stride]
    return Motion(motion.skeleton, rotations, root, motion.fps / stride)


def _limited(step: FloatArray, height_m: float, largest: float) -> FloatArray:
    """Shorten the change of each knot's root displacement (in H) and rotation vectors to ``largest``."""
    vectors = step.reshape(len(step), -1, 3).copy()
    vectors[:, 0] /= height_m
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    vectors *= np.minimum(1.0, largest / np.maximum(length, 1e-12))
    vectors[:, 0] *= height_m
    return vectors.reshape(step.shape)


def _corrected(rig: Rig, copied: Motion, corrections: FloatArray) -> Motion:
    rotations = copied.local_rotations_wxyz.copy()
    corrected = matrices_to_quaternions(local_rotations(rig, copied, corrections)).numpy()
    rotations[:, list(rig.joints)] = corrected[:, list(rig.joints)]
    root = (copied.root_translation_m + corrections[:, :3]).astype(np.float32)
    return Motion(copied.skeleton, rotations, root, copied.fps)
