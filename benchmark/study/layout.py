"""Every trial of a study, and which picture each side is; nothing is drawn yet."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from ...datasets.body import Character, Motion
from ...datasets.clip_set import ClipSet, PairData, PairSpec
from ...datasets.readers.clip_npz import read_clip
from ..comparison import ScoredRun
from ..statistics import seed_from
from .key import StudyKey, StudyMethod, StudyTrial
from .plan import Comparison, catch_count, catches_needed, choose_clips, choose_comparisons, repeat_count
from .sources import StudyRequest, StudySource


@dataclass(frozen=True, eq=False)
class Scene:
    """Motions of one clip that are drawn together: the original, and what is compared with it."""

    id: str
    source_item: str
    clip: PairSpec
    items: dict[str, Callable[[PairData], tuple[Character, Motion]]]
    """Name of the picture -> the motion it shows."""


class StudyPlan:
    """All trials of a study, and which picture each side is.

    Raises:
        BadStudyRequest: If there are too few clips that every method solved, or no plain catch trials.
    """

    def __init__(self, request: StudyRequest, clips: ClipSet) -> None:
        self.request, self._clips = request, clips
        result = request.sources[0].run.result
        predictions = [source.run.result.predictions_sha256 for source in request.sources]
        # The predictions' hashes are not in the folder: whoever has only that and this program cannot draw again.
        seed = seed_from("study", result.data, str(request.options.seed), *predictions)
        self._generator = np.random.default_rng(seed)
        self._names: set[str] = set()
        self.scenes: list[Scene] = []
        self.trials: list[StudyTrial] = []
        self._scene_of: dict[str, str] = {}
        self._study = self._name()
        self._plan()

    def _name(self) -> str:
        """A name that says nothing and is not used yet."""
        name = self._generator.bytes(6).hex()
        while name in self._names:
            name = self._generator.bytes(6).hex()
        self._names.add(name)
        return name

    def _plan(self) -> None:
        options, names = self.request.options, [source.name for source in self.request.sources]
        able = [spec for spec in self._clips.pairs if all(spec.clip_id in s.files for s in self.request.sources)]
        chosen = choose_clips(able, options.clips, self._generator)
        comparisons = choose_comparisons(chosen, names, options.trials, self._generator)
        pictures: dict[str, dict[str, str]] = {}
        for clip in chosen:
            pictures[clip.clip_id] = self._add_clip(clip)
        main = [self._add_comparison(comparison, pictures) for comparison in comparisons]
        again = self._generator.permutation(len(main))[: repeat_count(len(main))]
        for number in sorted(again):
            update = {"id": self._name(), "kind": "repeat", "repeats": main[number].id}
            self._add_trial(main[number].model_copy(update=update), self._scene_of[main[number].id])
        self._add_catches(able, chosen, catch_count(len(self.trials), options.catches))
        self.trials.sort(key=lambda trial: trial.id)

    def _add_clip(self, clip: PairSpec) -> dict[str, str]:
        """Plan the pictures of one clip; method -> name of its picture."""
        names = {source.name: self._name() for source in self.request.sources}
        shown = {names[source.name]: _predicted(source) for source in self.request.sources}
        self.scenes.append(Scene(self._name(), self._name(), clip, shown))
        return names

    def _add_trial(self, trial: StudyTrial, scene: str) -> StudyTrial:
        self.trials.append(trial)
        self._scene_of[trial.id] = scene
        return trial

    def _add_comparison(self, comparison: Comparison, pictures: dict[str, dict[str, str]]) -> StudyTrial:
        clip, (first, second) = comparison.clip, comparison.methods
        of_clip = pictures[clip.clip_id]
        scene = next(scene.id for scene in self.scenes if scene.clip == clip)
        trial = StudyTrial(
            id=self._name(),
            kind="main",
            clip_id=clip.clip_id,
            cluster=clip.motion_cluster,
            items=(of_clip[first], of_clip[second]),
            shows=(first, second),
        )
        return self._add_trial(trial, scene)

    def _add_catches(self, able: Sequence[PairSpec], shown: Sequence[PairSpec], count: int) -> None:
        from .catches import choose_catches

        unseen = [spec for spec in able if spec not in shown]
        order = [unseen[i] for i in self._generator.permutation(len(unseen))] + list(shown)
        for catch in choose_catches(self._clips, order, count, self._generator):
            right, wrong = self._name(), self._name()
            sides = {right: _given(catch.character, catch.right), wrong: _given(catch.character, catch.wrong)}
            scene = Scene(self._name(), self._name(), catch.clip.spec, sides)
            self.scenes.append(scene)
            swapped = bool(self._generator.integers(2))
            trial = StudyTrial(
                id=self._name(),
                kind="catch",
                clip_id=catch.clip.spec.clip_id,
                cluster=catch.clip.spec.motion_cluster,
                items=(wrong, right) if swapped else (right, wrong),
                shows=("wrong", "right") if swapped else ("right", "wrong"),
                wrong=catch.what,
            )
            self._add_trial(trial, scene.id)

    def key(self) -> StudyKey:
        """Return what the experimenter keeps."""
        request, result = self.request, self.request.sources[0].run.result
        shown = {trial.clip_id for trial in self.trials if trial.kind != "catch"}
        return StudyKey(
            study=self._study,
            title=request.look.title,
            seed=request.options.seed,
            track=result.track,
            variant=result.variant,
            data=result.data,
            methods=tuple(_method(source.run) for source in request.sources),
            questions=request.questions,
            catches_needed=catches_needed(sum(trial.kind == "catch" for trial in self.trials)),
            trials=tuple(self.trials),
            metrics={source.name: _metrics(source.run, shown) for source in request.sources},
        )

    def public(self, films: dict[str, dict[str, object]], key_sha256: str) -> dict[str, object]:
        """Return what raters get: trials without their kind, clip and methods."""
        trials = [
            {"id": trial.id, "items": list(trial.items), **films[self._scene_of[trial.id]]} for trial in self.trials
        ]
        return {
            "format": "retargetbench-study/1",
            "study": self._study,
            "title": self.request.look.title,
            "questions": [asdict(question) for question in self.request.questions],
            "trials": trials,
            "key_sha256": key_sha256,
        }


def _predicted(source: StudySource) -> Callable[[PairData], tuple[Character, Motion]]:
    def shown(pair: PairData) -> tuple[Character, Motion]:
        """Read the prediction of the clip."""
        file = source.files[pair.spec.clip_id]
        return pair.target, read_clip(file, pair.target.skeleton, frame_count=pair.spec.frame_count, fps=pair.spec.fps)

    return shown


def _given(character: Character, motion: Motion) -> Callable[[PairData], tuple[Character, Motion]]:
    return lambda _: (character, motion)


def _method(run: ScoredRun) -> StudyMethod:
    result = run.result
    return StudyMethod(
        name=result.method.name, version=result.method.version, predictions_sha256=result.predictions_sha256
    )


def _metrics(run: ScoredRun, clip_ids: set[str]) -> dict[str, dict[str, float]]:
    return {s.clip_id: dict(s.values) for s in run.samples.samples if s.clip_id in clip_ids}
