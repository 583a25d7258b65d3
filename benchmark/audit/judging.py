"""What a judge says of a clip and of its damaged forms: ``scl`` and ``itm``, shown as the judge wants to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from ...datasets.body import Character, Motion
from ...datasets.clip_set import PairData
from ...metrics.metric import name_in
from ...metrics.semantics.declarations import semantic_metrics
from ...metrics.semantics.judge import Crop, Judge, Looking
from ...metrics.semantics.registry import find_judge
from ...metrics.semantics.scores import SourceLook, itm, look_at_source, scl
from ...metrics.semantics.showing import show_motion, stage


@dataclass(frozen=True)
class JudgeName:
    """A judge as the user named it; small and picklable."""

    name: str
    folder: Path | None = None

    def load(self) -> Judge:
        """Build the judge.

        Raises:
            BenchError: If there is no such judge, or its weights are not at hand.
        """
        return find_judge(self.name, self.folder).load()


@dataclass(frozen=True)
class Shown:
    """What of a clip judges are shown, where it is not what they ask for."""

    views: tuple[str, ...] = ()
    frames: int | None = None
    crop: Crop | None = None

    def in_place_of(self, looking: Looking) -> Looking:
        """Return how a judge that asks for ``looking`` is shown a clip."""
        return replace(
            looking,
            views=self.views or looking.views,
            frames=self.frames or looking.frames,
            crop=self.crop or looking.crop,
        )


def audited_keys(judge: Judge) -> tuple[str, ...]:
    """Return the keys of the metrics that are audited with a judge: those that a single clip has."""
    # Query tokens of their own: BLIP-2's kinds, which are also the ones that answer.
    metrics = semantic_metrics(judge.name, judge.abilities, query_tokens="answer" in judge.abilities)
    return tuple(metric.key for metric in metrics if metric.per == "clip")


class JudgedClip:
    """One judge in front of one clip: the source is looked at once, then any motion is scored against it."""

    def __init__(self, judge: Judge, pair: PairData, caption: str | None, looking: Looking) -> None:
        """Look at the source.

        Args:
            judge: Who judges.
            pair: The clip.
            caption: A sentence that says what the source does; without one there is no ``itm``.
            looking: What it is shown of the clip.
        """
        self._judge, self._caption, self._looking = judge, caption, looking
        self._stage = stage(self._looking)
        self._keys = audited_keys(judge)
        self._source: SourceLook | None = None
        if "embed" in judge.abilities:
            self._source = look_at_source(judge, self._frames(pair.source, pair.source_motion))

    def _frames(self, character: Character, motion: Motion) -> torch.Tensor:
        return show_motion(character, motion, self._looking, self._stage)

    def scores(self, character: Character, motion: Motion) -> Mapping[str, float]:
        """Return the judge's metrics of a motion, by key."""
        with torch.no_grad():
            frames = self._frames(character, motion)
            found: dict[str, float] = {}
            if self._source is not None:
                seen = self._judge.embed(frames, self._source.prompts)
                found["scl"] = float(scl(seen, self._source.embedding))
                pictures = self._source.embedding.pictures_only()
                found["scl,queries"] = float(scl(seen.pictures_only(), pictures))
            if self._caption is not None and "match" in self._judge.abilities:
                found["itm"] = float(itm(self._judge, frames, self._caption))
        return {key: found[name] for key in self._keys if (name := _name_of(key)) in found}


def _name_of(key: str) -> str:
    return name_in(key) + (",queries" if key.endswith(",queries]") else "")
