"""The two actions of ``retargetbench train smt``: train and evaluate."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ...datasets.files import write_atomically
from ...datasets.intents.clips import load_intents
from ...metrics.geometry import geometry_scores
from ..baselines.rotation_copy import retarget as rotation_copy
from ..training.counting import Counting
from ..training.distributed import is_first, join_processes
from ..training.errors import TrainedOnTest
from ..training.loop import Run, run_learner, steps_done
from ..training.motions import find_shards
from ..training.records import losses_teller, write_run
from .build import load_network, save_network
from .errors import NoAnswers
from .method import PAIRED_METRICS, PAIRED_ON, TRAINED_ON_METRICS, SmtMethod
from .network import parameter_count
from .paired_clips import EndlessPairs, PairedClips
from .plug_in import write_plug_in
from .settings import PRESETS, Settings
from .sources import SourceClips
from .stage1 import Stage1, Training
from .stage2 import Stage2
from .stage2_setup import stage2_clips, stage2_learner
from .targets import TargetBodies
from .weights import weights_name

_FLAGS = ("stage", "profile", "preset", "steps", "batch", "seed", "device")
_FINE_FLAGS = ("start", "judge", "judge_folder", "judge_precision", "pair", "without")
"""What of the settings ``run.json`` repeats as flags."""
_TOLD = 20
"""Lines of progress of a run, at most a hundred steps apart."""
KEYS = (
    "mpjpe_cm@1[local]", "mpjpe_cm@1[global]", "goal_f1@1", "contact_error@1", "pen_limb@1[0.3%H]", "skate_mean@1",
    "jerk@1",
)  # fmt: skip
"""What evaluation measures."""


def train(options: Settings, counting: Counting) -> Mapping[str, Any]:
    """Train a stage; the same call goes on where an earlier one stopped.

    Raises:
        TrainedOnTest: If the motions are to be those of the test.
        NoMotions: If the folder holds no finished shard.
        OtherRun: If the folder holds a run with other settings or fewer motions.
        NoAnswers: If ``paired`` is asked for where no right answers are known or used.
        BenchError: If what stage 2 begins with, its judge or its characters are not to be had.
    """
    if options.part == "test":
        raise TrainedOnTest("--part test is never trained on; train on --part train, or on val to try something.")
    if options.paired and (options.pair is not None or options.profile == "r2et"):
        other = "--profile r2et" if options.pair is None else f"--pair {' '.join(options.pair)}"
        raise NoAnswers(
            f"--paired does not go with {other}: right answers are known for training's bodies, and SMT alone learns "
            "from them; leave one of the two out."
        )
    torch.set_num_threads(max(options.threads, 1))
    device = join_processes(options.device)
    learner, clips, about, names = _learner(options, device)
    steps = options.step_count
    identity = learner.identity(f"{options.part}: {len(clips)} clips, {clips.frame_count} frames{names}")
    run = Run(options.run_folder, steps, identity, options.save_every, device)
    limit = math.inf if options.minutes is None else 60 * options.minutes
    tell = losses_teller(options.run_folder, max(1, min(100, steps // _TOLD)))
    with counting(f"training smt, stage {options.stage} (steps)", steps, steps_done(options.run_folder)) as counter:

        def told(step: int, parts: dict[str, float]) -> None:
            """Count a step."""
            counter.advance(tell(step, parts))

        done = run_learner(learner, run, stop_after_s=limit, tell=told)
    parameters = parameter_count(learner.network)
    if is_first():
        save_network(learner.network, learner.training.profile, weights_folder(options), about)
        found = {"seed": options.seed, "steps": done, "clips": len(clips), "data_sha256": clips.sha256,
                 "parameters": parameters, "device": device}  # fmt: skip
        write_run(options.run_folder, "retargetbench train smt", _flags(options), found)
    state = "done" if done == steps else "stopped early, the same command goes on"
    line = f"{weights_folder(options)}: {parameters} parameters, {done} of {steps} steps ({state})."
    return {
        "lines": [line],
        "next": f"retargetbench train smt evaluate --stage {options.stage} --profile {options.profile} "
        f"--out {options.out}{' --paired' if options.paired else ''}"
        + ("" if options.pair is None else " --pair " + " ".join(options.pair)),
        "steps": done,
        "parameters": parameters,
        "clips": len(clips),
        "folder": str(weights_folder(options)),
    }


def evaluate(options: Settings, counting: Counting) -> Mapping[str, Any]:
    """Measure on pairs of validation, beside rotation copy; writes ``card.json`` and a plug-in beside the weights.

    Raises:
        NoWeights: If nothing was trained in this folder.
    """
    torch.set_num_threads(1)
    folder = weights_folder(options)
    method = SmtMethod(folder.name, folder)
    card = dict(method.card)
    load_network(folder)  # a mistake is told before the first pair
    clips = load_intents(options.variant)
    chosen = _spread([pair.clip_id for pair in clips.pairs], options.pairs)
    values: dict[str, dict[str, list[float]]] = {name: {} for name in ("copy", folder.name)}
    with counting("measuring (pairs)", len(chosen), 0) as counter:
        for clip_id in chosen:
            given, pair = clips.method_input(clip_id, seed=0), clips.load(clip_id)
            for name, retarget in (("copy", rotation_copy), (folder.name, method)):
                made = retarget(given.source, given.motion, given.target, seed=0)
                for key, value in geometry_scores(pair, made, KEYS).items():
                    values[name].setdefault(key, []).append(value)
            counter.advance()
    scores = {name: {k: float(np.mean(v)) for k, v in sorted(own.items())} for name, own in values.items()}
    about = {"variant": options.variant, "pairs": len(chosen)}
    _write_card(folder, options, card, {"evaluated_on": about, "scores": scores})
    lines = [f"{key}: copy {scores['copy'][key]:.4g}, {folder.name} {scores[folder.name][key]:.4g}"
             for key in KEYS if key in scores["copy"]]  # fmt: skip
    lines.append(f"means over {len(chosen)} pairs of {options.variant}; no test pair was looked at.")
    pairs = bool(options.pair_name)
    following = write_plug_in(folder.parent if pairs else folder, pairs=pairs)
    return {"lines": lines, "next": following, "scores": scores}


def weights_folder(options: Settings) -> Path:
    """Return where the weights of these settings lie."""
    name = weights_name(options.profile, options.stage, pair=bool(options.pair_name), paired=options.paired)
    return (options.out / "weights" / name).joinpath(*options.pair_name)


def _learner(options: Settings, device: str) -> tuple[Stage1 | Stage2, SourceClips, Mapping[str, Any], str]:
    """The learner, its clips, what its weights say of themselves, and what else makes it another run."""
    if options.stage == 2:
        clips = stage2_clips(options)
        learner, about, names = stage2_learner(options, clips, device)
        return learner, clips, about, f", {names}"
    profile = options.chosen
    clips = (PairedClips if options.paired else SourceClips)(find_shards(options.data, options.part), fps=profile.fps)
    bodies = TargetBodies(options.seed, PRESETS[options.preset].bodies, profile.stretched)
    training = Training(profile, options.step_count, options.seed, device)
    if isinstance(clips, PairedClips):
        paired = Stage1(training, clips, bodies, EndlessPairs(clips, profile.frames))
        metrics = (*(TRAINED_ON_METRICS if profile.weights.skin else ()), *PAIRED_METRICS)
        return paired, clips, {"stage": 1, "trained_on": PAIRED_ON, "trained_on_metrics": metrics}, ", in pairs"
    return Stage1(training, clips, bodies), clips, {"stage": 1}, ""


def _flags(options: Settings) -> dict[str, Any]:
    """What the user said, as it would be typed again."""
    names = (*_FLAGS, *(_FINE_FLAGS if options.stage == 2 else ()))
    said = {name: getattr(options, name) for name in names} | ({"paired": ""} if options.paired else {})
    return {n: " ".join(v) if isinstance(v, tuple) else v for n, v in said.items() if v not in (None, ())}


def _spread(names: list[str], count: int | None) -> list[str]:
    """That many of the names, evenly spread."""
    if count is None or count >= len(names):
        return names
    return [names[int(k)] for k in np.linspace(0, len(names) - 1, max(count, 1)).round()]


def _write_card(folder: Path, options: Settings, card: dict[str, Any], found: dict[str, Any]) -> None:
    run = options.run_folder / "run.json"
    trained = json.loads(run.read_text(encoding="utf-8")) if run.is_file() else {}
    content = {**card, "licence": "Apache-2.0", "profile": options.profile, "trained": trained, **found}
    write_atomically(folder / "card.json", (json.dumps(content, indent=1) + "\n").encode())
