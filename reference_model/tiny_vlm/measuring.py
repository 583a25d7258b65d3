"""All figures of both judges, as they go into ``scores.json`` and onto the cards."""

from pathlib import Path
from typing import Any

from ...metrics.semantics.source import JudgeSource
from ..training.counting import Counting
from .errors import NoTrainedWeights
from .evaluation import action_scores, controls_are_blind, hand_scores, pictures_of_hands, scene_groups
from .judges import BLIP2, CLIP, load_tiny_blip2, load_tiny_clip
from .picture_files import PictureSet
from .retrieval import blip2_space, clip_space, retrieval_scores
from .settings import Settings


def measure_judges(weights: Path, pictures: PictureSet, options: Settings, counting: Counting) -> dict[str, Any]:
    """Measure what lies in a folder of weights.

    Args:
        weights: Holds ``tiny-blip2``, ``tiny-clip`` or both.
        pictures: In the looks of the test.
        options: How many, and on what device.
        counting: Makes a counter.

    Raises:
        NoTrainedWeights: If neither is there.
    """
    there = find_trained(weights)
    asked = pictures_of_hands(pictures, options.most)
    groups = scene_groups(pictures)[: options.most]
    judges: dict[str, Any] = {}
    with counting("measuring (parts)", 3 * (BLIP2 in there) + (CLIP in there), 0) as counter:
        if BLIP2 in there:
            judge = load_tiny_blip2(JudgeSource(folder=weights / BLIP2, device=options.device))
            found = judges[BLIP2] = {"fingerprint": judge.fingerprint}
            found["hands"] = hand_scores(judge, pictures, asked)
            counter.advance(f"hands: {found['hands']}")
            found["action"] = action_scores(judge, pictures, groups)
            counter.advance(f"action: {found['action']}")
            found["retrieval"] = retrieval_scores(blip2_space(judge), pictures, groups)
            counter.advance(f"retrieval: {found['retrieval']}")
        if CLIP in there:
            second = load_tiny_clip(JudgeSource(folder=weights / CLIP, device=options.device))
            judges[CLIP] = {
                "fingerprint": second.fingerprint,
                "retrieval": retrieval_scores(clip_space(second), pictures, groups),
            }
            counter.advance(f"retrieval: {judges[CLIP]['retrieval']}")
    return {
        "pictures": len(pictures),
        "clips": len(pictures.bodies),
        "bodies": len(set(pictures.bodies)),
        "motions": len({scene.motion for scene in pictures.scenes}),
        "judges": judges,
        "headline": _headline(judges),
    }


def find_trained(weights: Path) -> list[str]:
    """Return which of the two judges lie in a folder.

    Raises:
        NoTrainedWeights: If neither does.
    """
    there = [name for name in (BLIP2, CLIP) if (weights / name / "config.json").is_file()]
    if not there:
        raise NoTrainedWeights(
            f"{weights} holds neither {BLIP2} nor {CLIP}; run `retargetbench train tiny-vlm` first, or measure those "
            "that come with the package with --shipped."
        )
    return there


def _headline(judges: dict[str, Any]) -> dict[str, str]:
    """The figures that count, in words."""
    lines: dict[str, str] = {}
    for name, found in judges.items():
        if "hands" in found:
            hands, action = found["hands"], found["action"]
            lines["where the hands are, macro"] = f"{_share(hands['macro'])} (majority {_share(hands['majority'])})"
            for what, asked in (("hands", hands), ("action", action)):
                held = "no more than 5 points above the majority" if controls_are_blind(asked) else "**too high**"
                shares = ", ".join(f"{control} {_share(value)}" for control, value in asked["controls"].items())
                lines[f"{what} without the right picture"] = f"{shares}: {held}"
            lines["sides swap when mirrored"] = _share(hands["swapped when mirrored"])
            lines[f"what is done, macro over {action['classes']} classes, {action['frames']} frames"] = (
                f"{_share(action['macro'])} (majority {_share(action['majority'])})"
            )
        retrieval = found["retrieval"]
        lines[f"caption among {retrieval['gallery']}, R@1, {name}"] = (
            f"{_share(retrieval['R@1'])} of {retrieval['queries']} queries "
            f"(guess {_share(retrieval['R@1 of a guess'])})"
        )
    return lines


def _share(value: float | None) -> str:
    return "not measured" if value is None else f"{100 * value:.1f} %"
