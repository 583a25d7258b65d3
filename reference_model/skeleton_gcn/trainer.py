"""``retargetbench train skeleton-gcn``."""

import math
from collections.abc import Mapping
from typing import Any

import torch

from ..training.counting import Counting
from ..training.distributed import is_first, join_processes
from ..training.errors import TrainedOnTest
from ..training.loop import Run, run_learner, steps_done
from ..training.motions import find_shards
from ..training.records import losses_teller, write_run
from .learner import SkeletonGcnLearner
from .network import parameter_count
from .samples import read_samples
from .settings import Settings
from .weights import VARIABLE, save_network

_FLAGS = ("preset", "steps", "batch", "seed", "device")
"""What of the settings ``run.json`` repeats as flags."""
_TOLD = 20
"""Lines of progress of a run, at most a hundred steps apart."""


def train(options: Settings, counting: Counting) -> Mapping[str, Any]:
    """Train; the same call goes on where an earlier one stopped.

    Raises:
        TrainedOnTest: If the motions are to be those of the test.
        NoMotions: If the folder holds no finished shard.
        OtherRun: If the folder holds a run with other settings or data.
    """
    if options.part == "test":
        raise TrainedOnTest("--part test is what is tested on; train on --part train, or on val to try something.")
    torch.set_num_threads(max(options.threads, 1))
    device, preset = join_processes(options.device), options.chosen
    shards = find_shards(options.data, options.part)
    samples = read_samples(shards, preset.sizes.moments, counting)
    learner = SkeletonGcnLearner(preset, samples, options.seed, device)
    run = Run(options.out, preset.steps, learner.identity(), options.save_every, device)
    limit = math.inf if options.minutes is None else 60 * options.minutes
    tell = losses_teller(options.out, max(1, min(100, preset.steps // _TOLD)))
    with counting("training skeleton-gcn (steps)", preset.steps, steps_done(options.out)) as counter:

        def told(step: int, parts: dict[str, float]) -> None:
            """Count a step."""
            counter.advance(tell(step, parts))

        done = run_learner(learner, run, stop_after_s=limit, tell=told)
    parameters = parameter_count(learner.network)
    found = {"seed": options.seed, "steps": done, "motions": len(samples), "classes": len(samples.classes),
             "parameters": parameters, "device": device, "part": options.part,
             "data_sha256": samples.sha256}  # fmt: skip
    if is_first():
        save_network(learner.network, samples.classes, options.part, options.weights_folder)
        write_run(options.out, "retargetbench train skeleton-gcn", {n: getattr(options, n) for n in _FLAGS}, found)
    state = "done" if done == preset.steps else "stopped early, the same command goes on"
    return {
        "lines": [
            f"{options.weights_folder}: {parameters} parameters, {len(samples)} motions of {len(samples.classes)} "
            f"classes, {done} of {preset.steps} steps ({state})."
        ],
        "next": f"{VARIABLE}={options.weights_folder.resolve()} retargetbench run skeleton-gcn --track "
        "recognition/intents --out runs/skeleton-gcn",
        "folder": str(options.weights_folder),
        **found,
    }
