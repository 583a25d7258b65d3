"""From what the user says to a learner of stage 2: weights to begin with, bodies, windows and the judge."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from ...datasets.body import Character
from ...datasets.intents.motion_jobs import body_of
from ...datasets.readers.read import read_character
from ...metrics.semantics.registry import find_judge
from ..trained_weights import CONFIG, WEIGHTS
from ..training.loop import CHECKPOINT
from ..training.motions import find_shards
from .build import build_network, load_network
from .critic import Critic, critic_of
from .errors import NothingToLearn, WrongStart
from .figure import Figure, build_figure
from .fine_tuning import FineTuning
from .method import PAIRED_METRICS, PAIRED_ON, TRAINED_ON_METRICS
from .network import Retargeter
from .paired_clips import PairedClips, PairPool
from .pairs import OneBody, PoolSize, WindowPool
from .profiles import PROFILES, Profile, Sizes
from .r2et_stage2 import R2etStage2
from .settings import FINE_PRESETS, Settings
from .sources import SourceClips
from .stage1 import Training
from .stage2 import Given, Stage2
from .targets import TargetBodies
from .weights import SMT_WEIGHTS, shipped_weights, weights_name

_FILES = (".glb", ".gltf", ".fbx")
_PENETRATION_METRICS = {"mean": "pen_limb@1", "sum": "pen_limb@1", "hull": "pen_hull@1"}


@dataclass(frozen=True, eq=False)
class Begun:
    """A network of stage 1."""

    network: Retargeter
    profile: Profile
    sha256: str


def stage2_learner(options: Settings, clips: SourceClips, device: str) -> tuple[Stage2, Mapping[str, Any], str]:
    """Return the learner, what its weights' configuration will say, and what names its data in the run's identity.

    Args:
        options: What the user says.
        clips: From ``stage2_clips``.
        device: Where it is trained.

    Raises:
        NoWeights: If there is nothing to begin with.
        WrongStart: If that is another network than the profile's.
        NothingToLearn: If every term is left out.
        BenchError: If the judge or a character of the pair is not to be had.
    """
    tuning = options.tuning
    if not (tuning.semantics or tuning.penetration or any(vars(tuning.base.weights).values())):
        raise NothingToLearn(
            f"profile {options.profile} without {' and '.join(options.without)} has no term left; leave out less."
        )
    begun = begin(_start(options), tuning.base)
    tuning = replace(tuning, base=replace(tuning.base, sizes=begun.profile.sizes))
    critic = _critic(options, tuning, device) if tuning.semantics else None
    pair = None if options.pair is None else [build_figure(_character(name)) for name in options.pair]
    preset, frames = FINE_PRESETS[options.preset], tuning.base.frames
    pool = WindowPool(clips, PoolSize(preset.windows, frames, options.seed), None if pair is None else pair[0])
    targets = TargetBodies(options.seed, preset.bodies, build=build_figure)
    given = Given(pool, targets if pair is None else OneBody(pair[1]), critic)
    training = Training(tuning.base, options.step_count, options.seed, device)
    names = f"from {begun.sha256}, {preset.windows} windows, {preset.bodies} bodies, pair {options.pair}"
    about = _about(options, tuning, critic, pair)
    if isinstance(clips, PairedClips):
        pairs = PairPool(clips, PoolSize(preset.windows, frames, options.seed))
        return Stage2(training, tuning, begun.network, replace(given, pairs=pairs)), about, f"{names}, in pairs"
    kind = R2etStage2 if tuning.base.network == "r2et" else Stage2
    return kind(training, tuning, begun.network, given), about, names


def stage2_clips(options: Settings) -> SourceClips:
    """Return the source clips with their bodies' meshes.

    Raises:
        NoMotions: If the folder holds no finished shard.
    """
    kind = PairedClips if options.paired else SourceClips
    return kind(find_shards(options.data, options.part), build=build_figure, fps=options.tuning.base.fps)


def begin(start: Path, base: Profile) -> Begun:
    """Return the network of a folder of weights, or of a run's checkpoint.

    Args:
        start: The folder.
        base: The profile that stage 2 is to train.

    Raises:
        NoWeights: If the folder holds neither.
        WrongStart: If it is another network than the profile's.
    """
    if (start / CHECKPOINT).is_file():
        state = torch.load(start / CHECKPOINT, map_location="cpu", weights_only=True)
        told = json.loads(state["identity"])["profile"]
        profile = replace(PROFILES[told["name"]], sizes=Sizes(**told["sizes"]))
        network, file = build_network(profile, 0), start / CHECKPOINT
        network.load_state_dict(state["network"])
    else:
        config = SMT_WEIGHTS.read_config(start)
        profile = replace(PROFILES[config["profile"]], sizes=Sizes(**config["sizes"]))
        network, file = load_network(start), start / WEIGHTS
    if profile.network != base.network:
        raise WrongStart(
            f"{start} holds the {profile.network} network of profile {profile.name}, profile {base.name} trains the "
            f"{base.network} one; name weights with --start that `retargetbench train smt --stage 1 --profile "
            f"{base.name}` wrote, or take --profile {profile.name}."
        )
    return Begun(network, profile, hashlib.sha256(file.read_bytes()).hexdigest())


def _start(options: Settings) -> Path:
    if options.start is not None:
        return options.start
    name = weights_name(options.profile, 1, paired=options.paired)
    own = options.out / "weights" / name
    return (
        own
        if (own / CONFIG).is_file()
        else shipped_weights(name, "keep the same --out, or name their folder with --start")
    )


def _critic(options: Settings, tuning: FineTuning, device: str) -> Critic:
    choice = find_judge(options.judge, options.judge_folder, device=device, precision=options.judge_precision)
    return critic_of(choice.load(), tuning, options.out / "source-looks")


def _character(name: str) -> Character:
    return read_character(name) if name.lower().endswith(_FILES) else body_of(name)


def _about(
    options: Settings, tuning: FineTuning, critic: Critic | None, pair: list[Figure] | None
) -> Mapping[str, Any]:
    metrics = list(TRAINED_ON_METRICS if tuning.base.weights.skin else ())
    if tuning.penetration:
        metrics.append(_PENETRATION_METRICS[tuning.penetration_form])
    if critic is not None:
        metrics.append(f"scl@1[{critic.judge.name}]")
    about: dict[str, Any] = {"stage": 2, "trained_on_metrics": metrics, "without": list(options.without)}
    if options.paired:
        about |= {"trained_on": PAIRED_ON, "trained_on_metrics": [*metrics, *PAIRED_METRICS]}
    if pair is not None:
        shapes = [{"shape": f.shape.ravel().round(5).tolist(), "height_m": f.height_m} for f in pair]
        about["pair"] = {"names": options.pair, "source": shapes[0], "target": shapes[1]}
    return about
