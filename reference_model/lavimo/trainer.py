"""The three actions of ``retargetbench train lavimo``: render, train, evaluate."""

import json
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from ...datasets.files import write_atomically
from ..baselines.cards import intents_motions
from ..tiny_vlm.sides import mirrored
from ..trained_weights import CARD
from ..training.counting import Counting
from ..training.distributed import any_process, is_first, join_processes
from ..training.errors import TrainedOnTest
from ..training.loop import Run, run_learner, steps_done
from ..training.motions import find_shards
from ..training.records import losses_teller, write_run
from .build import build_network, open_vision, save_for_search
from .errors import NoVideos
from .evaluation import measure
from .filmed_shards import Shooting, film_shards
from .filming import Take
from .frame_features import FrameFeatures, frame_features
from .layers import parameter_count
from .learner import LavimoLearner, Sources, Training
from .library_files import Library, open_library
from .method import method_of
from .presets import BUILT_IN
from .retriever import load_lavimo
from .sentences import sentence_model
from .settings import Settings
from .sight_learner import FILE, SightLearner, save_sight
from .tokens import learn_pieces
from .weights import METHODS, VARIABLES

_TOLD = 20
"""Lines of progress of a run, at most a hundred steps apart."""
_SIGHT_SEED = 1
"""The frame encoder is the same for all runs of a folder, whatever their seeds: they share its features."""
_FLAGS = (
    "preset", "name", "text", "vision", "modalities", "negatives", "video_negatives", "fusion", "reconstruction",
    "sentences", "near", "steps", "sight_steps", "batch", "seed", "device",
)  # fmt: skip
"""What of the settings ``run.json`` repeats as flags."""
_QUERIES = (
    "another body of the part, rotations copied, in colours and directions of the test; not the videos of the track "
    "retrieval/intents (`retargetbench film`), whose figures `run` and `score` give with --variant videos"
)
"""What evaluation's videos show. The track's are solved on the other body: figures of the two must not be compared."""


def render(options: Settings, counting: Counting) -> Mapping[str, Any]:
    """Make the library of a part: features, captions and a video of every clip; only what is missing."""
    preset = options.plan.preset
    take = Take("retrieval", preset.frames, preset.size_px)
    library, count = _filmed(options, Shooting(take, options.per_motion, seed=options.seed), counting)
    folder = options.videos_folder
    line = f"{folder}: {len(library)} videos of {len(library.told)} motions; {count} files made now."
    following = "retargetbench train lavimo" if options.part == "train" else "retargetbench train lavimo evaluate"
    return {"lines": [line], "next": following, "videos": len(library), "motions": len(library.told)}


def train(options: Settings, counting: Counting) -> Mapping[str, Any]:
    """Train the frame encoder if it is the built-in one, look at all frames, train the three encoders; resumable.

    Raises:
        TrainedOnTest: If the motions are to be those of the test.
        NoVideos: If nothing was rendered.
        NoBackbone: If a backbone from the hub is not at hand.
        OtherRun: If a folder holds a run with other settings or data.
    """
    if options.part == "test":
        raise TrainedOnTest("--part test is for `evaluate`; train on --part train, or on val to try something.")
    torch.set_num_threads(max(options.threads, 1))
    ends = math.inf if options.minutes is None else time.monotonic() + 60 * options.minutes
    device = join_processes(options.device)
    library = open_library(options.videos_folder)
    _refuse_other_videos(options, library)
    frames, width, frames_from = None, 1, ""
    if options.modalities == "three":
        unfinished = _train_sight(options, library, counting, device, ends)
        if unfinished:
            return unfinished
        frames, frames_from = _frames(options, library, counting, device)
        width = frames.width
    sentences = sentence_model(options.sentences, _captions(library, mirror=True))
    plan = options.plan
    steps = plan.preset.steps_for(len(library.told))
    vocabulary = _pieces(options, library) if plan.preset.text == BUILT_IN else ""
    network = build_network(plan, vocabulary, width, options.seed, tune_text=options.tune_text)
    learner = LavimoLearner(
        Training(plan, steps, options.seed, device), network, Sources(library, sentences, frames, frames_from)
    )
    run = Run(options.run_folder, steps, learner.identity, options.save_every, device)
    done = _run(learner, run, counting, (f"training {options.name} (steps)", ends))
    return _finish(options, learner, library, (done, steps))


def evaluate(options: Settings, counting: Counting) -> Mapping[str, Any]:
    """Measure retrieval on another part: other programs and words, videos of other bodies in looks nobody was shown.

    Writes ``card.json`` beside the weights.

    Raises:
        NoWeights: If nothing was trained in this folder.
    """
    torch.set_num_threads(max(options.threads, 1))
    retriever = load_lavimo(options.weights_folder, options.device)  # a mistake is told before the first picture
    preset = retriever.plan.preset
    take = Take("test", preset.frames, preset.size_px)
    library, _ = _filmed(options, Shooting(take, 1, another_body=True, seed=options.seed), counting)
    found = measure(library, retriever)
    run = options.run_folder / "run.json"
    card = {
        **method_of(options.weights_folder).card,
        "name": options.name,
        "licence": "Apache-2.0",
        "what": "LAVIMO: text, video and motion in one space, of the preset's size; no reproduction of the paper",
        "trained": json.loads(run.read_text(encoding="utf-8")) if run.is_file() else {},
        "evaluated_on": {"part": options.part, "motions": found["motions"], "meanings": found["meanings"]},
        **({"video_queries": _QUERIES} if retriever.has_video else {}),
        "scores": found["scores"],
    }
    write_atomically(options.weights_folder / CARD, (json.dumps(card, indent=1) + "\n").encode())
    shown = [
        key for key in found["scores"] if "captions=all" not in key and key.partition("/")[2][:5] in ("R@1@1", "R@10@")
    ]
    lines = [f"{key}: {found['scores'][key]:.1f}" for key in shown]
    lines.append(f"{found['motions']} motions of {options.part}, {found['meanings']} meanings; all scores: card.json.")
    if retriever.has_video:
        lines.append(f"Videos: {_QUERIES}.")
    name = METHODS[retriever.plan.switches.modalities]
    following = f"retargetbench run {name} --track retrieval/intents --out runs/{options.name}"
    return {"lines": lines, "next": f"{VARIABLES[name]}={options.weights_folder.resolve()} {following}", **found}


def _filmed(options: Settings, shooting: Shooting, counting: Counting) -> tuple[Library, int]:
    """Film what is missing of a part; all of it, and how many files were made now."""
    shards, count = find_shards(options.data, options.part), 0
    with counting(f"rendering {options.part} (files)", len(shards), 0) as counter:
        for line in film_shards(shards, options.videos_folder, shooting, options.processes):
            counter.advance(line)
            count += bool(line)
    return open_library(options.videos_folder), count


def _refuse_other_videos(options: Settings, library: Library) -> None:
    preset = options.plan.preset
    if (library.size_px, library.frames) != (preset.size_px, preset.frames):
        raise NoVideos(
            f"the videos in {options.videos_folder} have {library.frames} frames of {library.size_px} px; --preset "
            f"{options.preset} wants {preset.frames} of {preset.size_px}. Render them with it into another --out."
        )


def _train_sight(
    options: Settings, library: Library, counting: Counting, device: str, ends: float
) -> Mapping[str, Any] | None:
    """Train the built-in frame encoder to its end; what to say if the time was over before."""
    preset, weights = options.plan.preset, options.sight_folder / FILE
    if preset.vision != BUILT_IN or weights.is_file():
        return None
    learner = SightLearner(preset, library, _SIGHT_SEED, device)
    run = Run(options.sight_folder, preset.sight_steps, learner.identity, options.save_every, device)
    done = _run(learner, run, counting, ("teaching the frame encoder to see (steps)", ends))
    if done < run.steps:
        line = (
            f"{run.folder}: {done} of {run.steps} steps of the frame encoder (stopped early, the same command goes on)."
        )
        return {"lines": [line], "next": "retargetbench train lavimo", "sight_steps": done}
    if is_first():
        save_sight(learner.network, options.sight_folder)
    any_process(False, device)  # the others wait for the file
    return None


def _frames(options: Settings, library: Library, counting: Counting, device: str) -> tuple[FrameFeatures, str]:
    """Features of all frames, and the fingerprint of what made them."""
    backbone, fingerprint, _ = open_vision(options.plan.preset, options.sight_folder / FILE)
    backbone.to(device)
    with counting("looking at all frames (files)", len(library.video_files), 0) as counter:
        found = frame_features(
            library, backbone, options.out / f"frames-{options.part}", fingerprint, counter.advance, device
        )
    return found, fingerprint


def _run(learner: Any, run: Run, counting: Counting, titled: tuple[str, float]) -> int:
    """Run a learner with a counter until it is done or the time is over."""
    title, ends = titled
    tell = losses_teller(run.folder, max(1, min(100, run.steps // _TOLD)))
    with counting(title, run.steps, steps_done(run.folder)) as counter:

        def told(step: int, parts: dict[str, float]) -> None:
            """Count a step."""
            counter.advance(tell(step, parts))

        return run_learner(learner, run, stop_after_s=ends - time.monotonic(), tell=told)


def _finish(options: Settings, learner: LavimoLearner, library: Library, done: tuple[int, int]) -> Mapping[str, Any]:
    folder, (steps, wanted) = options.weights_folder, done
    about = {"seed": options.seed, "steps": steps, "motions": len(library.told), "clips": len(library)}
    if is_first():
        origin = {"trained_on": [intents_motions(options.part)], "data": library.sha256}
        save_for_search(learner.network, folder, options.sight_folder / FILE, {**origin, **about})
        flags = {name: getattr(options, name) for name in _FLAGS}
        write_run(options.run_folder, "retargetbench train lavimo", flags, {**about, "device": options.device})
    parameters = parameter_count(learner.network)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20 if folder.is_dir() else 0.0
    state = "done" if steps == wanted else "stopped early, the same command goes on"
    line = f"{folder}: {parameters} parameters in training, {size:.1f} MiB; {steps} of {wanted} steps ({state})."
    following = f"retargetbench train lavimo evaluate --part val --data build/intents-val --out {options.out}"
    return {"lines": [line], "next": following, "parameters": parameters, "folder": str(folder), **about}


def _captions(library: Library, *, mirror: bool = False) -> list[str]:
    captions = [caption for told in library.told for caption in told.captions]
    return captions + [mirrored(caption) for caption in captions] if mirror else captions


def _pieces(options: Settings, library: Library) -> str:
    """The vocabulary of this run; kept, so that motions that are added later do not change it."""
    path: Path = options.run_folder / "pieces.json"
    if not path.is_file():
        vocabulary = learn_pieces(_captions(library, mirror=True), max(options.plan.preset.sizes.pieces, 300))
        write_atomically(path, vocabulary.encode())
    return path.read_text(encoding="utf-8")
