"""Judge single prediction files against the clips of a track."""

from pathlib import Path

from ...datasets.clip_set import ClipSet
from ...datasets.readers.clip_npz import ExpectedClip, clip_problems
from .problems import Problem


class ClipFileJudge:
    """The rules for one track's prediction files; targets' skeletons are loaded once per character."""

    def __init__(self, clips: ClipSet) -> None:
        self._clips = clips
        self._specs = {spec.clip_id: spec for spec in clips.pairs}
        self._expected: dict[tuple[str, int, float], ExpectedClip] = {}

    def expected(self, clip_id: str) -> ExpectedClip:
        """Return what the prediction of a clip must fit."""
        spec = self._specs[clip_id]
        key = (spec.target, spec.frame_count, spec.fps)
        if key not in self._expected:
            known = next((e for (target, _, _), e in self._expected.items() if target == spec.target), None)
            if known is None:
                skeleton = self._clips.target(clip_id).skeleton
                self._expected[key] = ExpectedClip.of(skeleton, spec.frame_count, spec.fps)
            else:
                self._expected[key] = ExpectedClip(known.joint_names, known.required_joints, spec.frame_count, spec.fps)
        return self._expected[key]

    def problems(self, path: Path, clip_id: str, where: str) -> list[Problem]:
        """Return every problem of the prediction file of a clip; ``where`` is its name in the messages."""
        return [Problem(p.rule, p.message, where) for p in clip_problems(path, self.expected(clip_id))]
