"""The three actions of ``retargetbench train motionclip``: embed, train, evaluate."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from ...datasets.files import write_atomically
from ..tiny_vlm.render import Drawing, render_shards
from ..tiny_vlm.sides import mirrored
from ..trained_weights import NoWeights
from ..training.counting import Counting
from ..training.distributed import is_first, join_processes
from ..training.errors import TrainedOnTest
from ..training.loop import Run, run_learner, steps_done
from ..training.motions import find_shards
from ..training.records import losses_teller, write_run
from .embedding import PURPOSE, ClipName, embed_shards
from .errors import OtherClip
from .evaluation import Asked, measure
from .learner import MotionClipLearner, Training
from .lessons import embedded_windows, embeddings_folder, lessons_of, real_subjects
from .model import load_model, save_model
from .network import parameter_count
from .recognised import captions_in_turn
from .settings import Settings

_FLAGS = ("preset", "name", "steps", "batch", "text_weight", "image_weight", "seed", "device", "mirror", "zero_shot")
"""What of the settings ``run.json`` repeats as flags."""
_TOLD = 20
"""Lines of progress of a run, at most a hundred steps apart."""


def embed(options: Settings, counting: Counting) -> Mapping[str, Any]:
    """Render frames of all finished shards and embed them and the captions; what is done already is kept.

    Raises:
        BenchError: If motions, pictures or the CLIP are missing.
    """
    torch.set_num_threads(max(options.threads, 1))
    shards = find_shards(options.data, options.part)
    clip = ClipName(options.judge, options.judge_folder, options.device).load()
    pictures = options.pictures
    if pictures is None:
        pictures = options.out / f"pictures-{options.part}"
        drawings = (Drawing(PURPOSE, options.per_clip, options.image_px, options.seed),)
        with counting(f"rendering {options.part} (shards)", len(shards), 0) as counter:
            for line in render_shards(shards, pictures, drawings, options.processes):
                counter.advance(line)
    folder, done = embeddings_folder(options), 0
    with counting(f"embedding {options.part} (shards)", len(shards), 0) as counter:
        for line in embed_shards(shards, pictures, clip, options.judge, folder):
            counter.advance(line)
            done += bool(line)
    line = f"{folder}: {len(shards)} shards embedded by {clip.name}, {done} of them now."
    following = "" if options.part == "train" else " evaluate"
    flags = f"--data {options.data} --part {options.part} --out {options.out}"
    return {
        "lines": [line],
        "next": f"retargetbench train motionclip{following} {flags}",
        "shards": len(shards),
        "embedded": done,
        "clip": clip.name,
        "folder": str(folder),
    }


def train(options: Settings, counting: Counting) -> Mapping[str, Any]:
    """Train; the same call goes on where an earlier one stopped.

    Raises:
        TrainedOnTest: If the motions are to be those of the test.
        NoMotions: If the folder holds no finished shard.
        NoEmbeddings: If no shard has been embedded.
        OtherRun: If the folder holds a run with other settings or data.
        NoCaptures: If the folder of real motions holds none, or not the unseen subjects.
    """
    if options.part == "test":
        raise TrainedOnTest("--part test is for `evaluate`; train on --part train, or on val to try something.")
    torch.set_num_threads(max(options.threads, 1))
    device = join_processes(options.device)
    preset = options.chosen
    lessons = lessons_of(options)
    windows = lessons.windows
    learner = MotionClipLearner(Training(preset, options.seed, device, lessons.mirrored), windows, lessons.real)
    run = Run(options.run_folder, preset.steps, learner.identity(), options.save_every, device)
    limit = math.inf if options.minutes is None else 60 * options.minutes
    tell = losses_teller(options.run_folder, max(1, min(100, preset.steps // _TOLD)))
    with counting("training motionclip (steps)", preset.steps, steps_done(options.run_folder)) as counter:

        def told(step: int, parts: dict[str, float]) -> None:
            """Count a step."""
            counter.advance(tell(step, parts))

        done = run_learner(learner, run, stop_after_s=limit, tell=told)
    parameters = parameter_count(learner.network)
    if is_first():
        about = {"words": windows.words, "trained_on": lessons.trained_on}
        save_model(learner.network, windows.clip, about, options.weights_folder)
        found = {"seed": options.seed, "steps": done, "parameters": parameters, "device": device,
                 "part": options.part, "data": str(options.data), **lessons.record()}  # fmt: skip
        write_run(options.run_folder, "retargetbench train motionclip", {n: getattr(options, n) for n in _FLAGS}, found)
    state = "done" if done == preset.steps else "stopped early, the same command goes on"
    return {
        "lines": [f"{options.weights_folder}: {parameters} parameters, {done} of {preset.steps} steps ({state})."],
        "next": f"retargetbench train motionclip evaluate --preset {options.preset} --name {options.run_name} "
        f"--out {options.out} --part test",
        "steps": done,
        "parameters": parameters,
        "acts": len(windows),
        "folder": str(options.weights_folder),
    }


def evaluate(options: Settings, counting: Counting) -> Mapping[str, Any]:
    """Measure reconstruction and recognition on motions that were not trained on; writes ``card.json``.

    Raises:
        NoWeights: If nothing was trained in this folder.
        NoEmbeddings: If these motions, or training's, have not been embedded.
        OtherClip: If they were embedded by another CLIP.
        NoClassifier: If the classifier is not installed.
        NoCaptures: If the folder of real motions holds none.
    """
    torch.set_num_threads(max(options.threads, 1))
    model = load_model(options.weights_folder, options.judge_folder)
    frames = model.network.sizes.frames
    trained = _trained(options)
    unseen = embedded_windows(options, frames)
    known = embedded_windows(replace(options, data=Path(trained["data"]), part=trained["part"]), frames)
    known = known.without(trained["held_out"])
    for windows in (unseen, known):
        if windows.clip.fingerprint != model.clip.fingerprint:
            raise OtherClip(
                f"the motions were embedded by {windows.clip.name}, the weights are aligned to {model.clip.name}; "
                "run `retargetbench train motionclip embed` with that CLIP."
            )
    names = {*known.shown}
    if trained["mirrored"]:
        names |= {mirrored(name) for name in names}
    asked = Asked(names, options.classifier, real_subjects(options, frames), trained["real_trained"])
    scores = measure(model, known, unseen, asked, counting)
    prompts = options.run_folder / "captions.txt"
    write_atomically(prompts, "\n".join([*captions_in_turn(unseen), ""]).encode())
    _write_card(options, trained, {"evaluated_on": {"part": options.part, "acts": len(unseen)}, "scores": scores})
    lines = [f"{key}: {value:.4g}" for key, value in scores.items()]
    lines.append(f"{len(unseen)} acts of {options.part}; the probes were fitted on {len(known)} acts of training.")
    if options.classifier is None:
        lines.append("What is generated was shown to no independent classifier; --classifier skeleton-gcn does.")
    lines.append(f"{prompts}: captions of the motions, for `generate --texts`.")
    return {"lines": lines, "next": f"retargetbench generate --texts {prompts} --out generated.glb --sheet sheet.png "
            f"--weights {options.weights_folder}", "scores": scores}  # fmt: skip


def _trained(options: Settings) -> dict[str, Any]:
    path = options.run_folder / "run.json"
    if not path.is_file():
        raise NoWeights(f"there is no {path}, which says what was trained on; evaluate with the --out of the training.")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _write_card(options: Settings, trained: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    card = {
        "name": options.weights_folder.name,
        "licence": "Apache-2.0",
        "preset": options.preset,
        "what": "A motion auto-encoder in the space of a CLIP. Only a CLIP that knows open vocabulary makes prompts "
        "beyond the words of Intents mean anything.",
        "trained": {key: value for key, value in trained.items() if key != "data"},
        **found,
    }
    write_atomically(options.weights_folder / "card.json", (json.dumps(card, indent=1) + "\n").encode())
