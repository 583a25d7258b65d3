"""The three actions of ``retargetbench train tiny-vlm``: render, train, evaluate."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from ...datasets.devices import check_device
from ...datasets.files import write_atomically
from ..training.counting import Counting
from ..training.errors import NoMotions, TrainedOnTest
from ..training.loop import steps_done
from ..training.motions import find_shards, shipped_shards
from ..training.records import losses_teller, write_run
from .batches import Batch, Shown, draw_batch
from .card import write_card
from .errors import NoPictures
from .judges import BLIP2, CLIP, weights_folder
from .loop import Schedule, Task, run_steps
from .measuring import find_trained, measure_judges
from .models import Sizes, parameter_count, save_blip2, save_clip
from .moments import Moments, moment_shards, render_moments
from .picture_files import PictureSet, open_pictures
from .render import Drawing, render_shards
from .settings import Settings
from .sides import mirrored
from .tokens import learn_pieces
from .trainees import Blip2Trainee, ClipTrainee

_GROUP = 3
"""Pictures per scene that the CLIP is shown."""
_TEST_PICTURES = 12
"""Pictures of each clip in an evaluation."""
_CLIP_SEED = 7919
"""Added to the CLIP's seed."""
_FLAGS = ("model", "steps", "until", "batch", "rate", "sight_first", "seed", "image_px", "patch_px", "threads")
"""What of the settings ``run.json`` repeats as flags."""
_DRAWN = ("programs", "bodies", "per_body")
"""Those that say which pictures there are."""


def render(options: Settings, counting: Counting) -> Mapping[str, Any]:
    """Pose and draw the programs of a part that are not drawn yet.

    Raises:
        TrainedOnTest: If they are the test's.
    """
    _refuse_test(options)
    _check_numbers(options)
    first = Drawing("blip2", options.per_body, options.image_px, options.seed)
    drawings = (first, replace(first, purpose="clip", per_clip=max(options.per_body // 2, 1)))
    moments = Moments(options.part, drawings, options.bodies, options.seed)
    shards = moment_shards(options.part, options.programs)
    folder, count = pictures_folder(options), 0
    with counting(f"rendering {options.part} (files)", len(shards), 0) as counter:
        for line in render_moments(shards, folder, moments, options.processes):
            counter.advance(line)
            count += bool(line)
    sets = [open_pictures(folder, drawing.purpose, [shard.name for shard in shards]) for drawing in drawings]
    total = sum(len(pictures) for pictures in sets)
    meanings = len({scene.meaning for pictures in sets for scene in pictures.scenes})
    bodies = len({body for pictures in sets for body in pictures.bodies})
    line = f"{folder}: {total} pictures of {bodies} bodies, {meanings} meanings; {count} files drawn now."
    following = " ".join(["retargetbench train tiny-vlm", *_said(options, ("part", "out", *_DRAWN))])
    return {
        "lines": [line], "next": following, "pictures": total, "bodies": bodies,
        "meanings": meanings,
    }  # fmt: skip


def train(options: Settings, counting: Counting) -> Mapping[str, Any]:
    """Train one model or both; the same call goes on where an earlier one stopped.

    Raises:
        TrainedOnTest: If the pictures are to be those of the test.
        NoDevice: If the device is not here.
    """
    check_device(options.device)
    _refuse_test(options)
    torch.set_num_threads(max(options.threads, 1))
    limit = math.inf if options.minutes is None else 60 * options.minutes
    names = ("blip2", "clip") if options.model == "both" else (options.model,)
    lines, values = [], {}
    for name in names:
        done, parameters = _train_one(options, name, counting, limit / len(names))
        folder = options.out / "weights" / (BLIP2 if name == "blip2" else CLIP)
        state = "done" if done == options.steps else "stopped early, the same command goes on"
        lines.append(f"{folder}: {parameters} parameters, {done} of {options.steps} steps ({state}).")
        values[name] = {"steps": done, "parameters": parameters, "folder": str(folder)}
    following = f"retargetbench train tiny-vlm evaluate --out {options.out}"
    return {"lines": lines, "next": following, **values}


def evaluate(options: Settings, counting: Counting) -> Mapping[str, Any]:
    """Measure both judges on pictures in looks that neither was trained on; writes ``scores.json`` and the cards.

    Of the weights that come with the package (``shipped``) no card is written: theirs are in place.

    Shown are solved motions, as when judges score: the test's, or those of the folder that ``data`` names.

    Raises:
        NoTrainedWeights: If there is nothing to measure.
        NoMotions: If motions other than the test's are asked for without a folder.
    """
    torch.set_num_threads(max(options.threads, 1))
    weights = weights_folder(BLIP2).parent if options.shipped else options.out / "weights"
    find_trained(weights)
    if options.data is None and options.part == "val":
        raise NoMotions("validation's motions do not come with the package; name the folder they are in with --data.")
    shards = shipped_shards() if options.data is None else find_shards(options.data, options.part)
    shown, folder = shards[0].split, options.out / f"pictures-{shards[0].split}-seen"
    drawing = Drawing("test", _TEST_PICTURES, options.image_px, options.seed)
    with counting(f"rendering {shown} (files)", len(shards), 0) as counter:
        for line in render_shards(shards, folder, (drawing,), options.processes):
            counter.advance(line)
    pictures = open_pictures(folder, "test", [shard.path.stem for shard in shards])
    scores = measure_judges(weights, pictures, options, counting) | {"part": shown}
    write_atomically(options.out / "scores.json", (json.dumps(scores, indent=1) + "\n").encode())
    for name in () if options.shipped else scores["judges"]:
        write_card(weights / name, f"the motions of {shown}", scores["judges"][name])
    lines = [f"{key}: {value}" for key, value in scores["headline"].items()]
    measured = next(iter(scores["judges"]))
    own = "" if options.shipped else f" --judge-folder {weights / measured}"
    following = f"retargetbench audit --judge {measured}{own}"
    return {"lines": lines, "next": following, **scores}


def _refuse_test(options: Settings) -> None:
    if options.part == "test":
        raise TrainedOnTest("--part test is for `evaluate`; train on --part train, or on val to try something.")


def _check_numbers(options: Settings) -> None:
    for name in _DRAWN:
        value = getattr(options, name)
        if value is not None and value < 1:
            raise NoPictures(f"--{name.replace('_', '-')} is {value}; expected at least 1.")


def _said(options: Settings, names: Sequence[str]) -> list[str]:
    """Those settings that are not the usual ones, as they are typed."""
    said = {name: getattr(options, name) for name in names if getattr(options, name) != getattr(Settings, name)}
    return [f"--{name.replace('_', '-')} {value}" for name, value in said.items()]


def pictures_folder(options: Settings) -> Path:
    """Return where the pictures lie that a part's judges learn from."""
    return options.out / f"pictures-{options.part}"


def _train_one(options: Settings, name: str, counting: Counting, limit_s: float) -> tuple[int, int]:
    shards = [shard.name for shard in moment_shards(options.part, options.programs)]
    pictures = open_pictures(pictures_folder(options), "blip2" if name == "blip2" else "clip", shards)
    if pictures.size_px != options.image_px:
        raise NoPictures(
            f"the pictures in {pictures_folder(options)} are {pictures.size_px} px wide, and --image-px is "
            f"{options.image_px}; render again with this size, or train with that one."
        )
    seed = options.seed + (_CLIP_SEED if name == "clip" else 0)
    folder = options.out / name
    pieces = _pieces(folder, pictures)
    sizes = Sizes(image_px=options.image_px, patch_px=options.patch_px)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        trainee = Blip2Trainee(sizes, pieces) if name == "blip2" else ClipTrainee(sizes, pieces, _GROUP)
    trainee.to(options.device)
    shown, group = Shown.of(pictures), 1 if name == "blip2" else _GROUP
    schedule = Schedule(options.steps, options.rate, seed=seed, save_every=options.save_every)
    run = {
        "model": name, "batch": options.batch, "sight_first": options.sight_first, "pictures": len(pictures),
        "image_px": options.image_px, "patch_px": options.patch_px,
    }  # fmt: skip
    draw = partial(_draw, shown, options, seed, group)
    task = Task(trainee, draw, folder, run, options.device)
    tell = losses_teller(folder)
    begun = steps_done(folder)
    with counting(f"training {name} (steps)", options.steps, begun) as counter:

        def told(step: int, parts: dict[str, float]) -> None:
            """Count a step."""
            counter.advance(tell(step, parts))

        done = run_steps(task, schedule, until=options.until, stop_after_s=limit_s, tell=told)
    values = {"steps": done, "pictures": len(pictures), "bodies": len({*pictures.bodies}), "device": options.device}
    flags = {name: getattr(options, name) for name in (*_FLAGS, *_DRAWN)}
    write_run(folder, "retargetbench train tiny-vlm", flags, {"seed": options.seed, **values})
    weights = options.out / "weights" / (BLIP2 if name == "blip2" else CLIP)
    if isinstance(trainee, Blip2Trainee):
        save_blip2(trainee.model.cpu(), weights, pieces)
    else:
        save_clip(trainee.model.cpu(), weights, pieces)
    return done, parameter_count(trainee.model)


def _draw(shown: Shown, options: Settings, seed: int, group: int, step: int) -> Batch:
    sight_only = step < options.sight_first * options.steps
    return draw_batch(shown, options.batch, [seed, step], group=group, sight_only=sight_only)


def _pieces(folder: Path, pictures: PictureSet) -> str:
    """The vocabulary of this run's pictures; kept, so that motions that are added later do not change it."""
    path = folder / "pieces.json"
    if not path.is_file():
        texts = [t for scene in pictures.scenes for t in (*scene.captions, scene.hands, scene.doing)]
        texts += [mirrored(text) for text in texts]
        write_atomically(path, learn_pieces(texts, Sizes.pieces).encode())
    return path.read_text(encoding="utf-8")
