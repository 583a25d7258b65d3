"""Whether the ground truth of ``retarget/intents`` is valid, and whether it separates copying from understanding.

``python -m retargetbench.benchmark.intents_audit RESULTS... --variant full`` prints the tables of
``docs/intents-audit.md`` from the scored results of the ground truth and of the methods beside it.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..datasets.body.joint_names import BODY_JOINTS
from ..datasets.clip_set import ClipSet, PairData
from .cli import console
from .comparison import ScoredRun, load_run
from .samples import Sample
from .statistics import ClipValues, Estimate, estimate_mean, seed_from
from .tracks import open_track

TRUTH, COPY = "oracle:ground-truth", "copy"
CONTACT, DEEP, POSITION = "goal_contact@1", "pen_limb@1[0.3%H]", "mpjpe_cm@1[global]"


def free_angles_deg(pair: PairData) -> NDArray[np.float64]:
    """Return the angles between truth and rotation copy in frames without a contact goal, [frames, body joints]."""
    busy = np.zeros(pair.spec.frame_count, dtype=bool)
    for goal in pair.contact_goals:
        busy |= goal.held
    joints = [pair.source.skeleton.index(name) for name in BODY_JOINTS]
    copied, truth = (m.local_rotations_wxyz[~busy][:, joints] for m in (pair.source_motion, pair.ground_truths[0]))
    cosine = np.abs((copied.astype(np.float64) * truth).sum(axis=-1))
    return np.asarray(np.degrees(2 * np.arccos(np.clip(cosine, 0.0, 1.0))))


def validity_rows(clips: ClipSet, truth: ScoredRun, copy: ScoredRun) -> Iterator[tuple[str, str]]:
    """Yield what is measured of validity, and its value."""
    angles = [free_angles_deg(clips.load(spec.clip_id)) for spec in clips.pairs]
    means = np.array([a.mean() for a in angles if a.size])
    yield "truth to copy where no contact is asked, mean angle", f"{means.mean():.2f} deg"
    yield "clips of which that is above 10 deg", f"{(means > 10).sum()} of {len(means)}"
    spread, off = (_values(run, POSITION) for run in (truth, copy))
    both = sorted(spread.keys() & off.keys())
    k, c = (np.array([values[clip] for clip in both]) for values in (spread, off))
    yield "another right answer to the shipped one, mpjpe", f"{k.mean():.2f} cm"
    yield "copy to the shipped one, mpjpe", f"{c.mean():.2f} cm, ratio {k.mean() / c.mean():.3f}"
    yield "pairs in which the ratio is below a third", f"{(k < c / 3).mean():.1%} of {len(both)}"


def separation_rows(runs: Sequence[ScoredRun]) -> Iterator[tuple[str, ...]]:
    """Yield per run: name, contacts held on UC+UM, bodies on which at most 70 %, penetration beyond the truth's."""
    truth = next(run for run in runs if _name(run) == TRUTH)
    for run in runs:
        unseen = [s for s in run.samples.samples if s.split == "UC+UM" and CONTACT in s.values]
        by_body = _by_body(unseen, lambda s: s.values[CONTACT])
        low = sum(np.mean(values) <= 0.7 for values in by_body.values())
        own = {s.clip_id: s.values[DEEP] for s in truth.samples.samples}
        targets = [s for s in run.samples.samples if s.split.startswith("UC") and DEEP in s.values]
        more = np.array([s.values[DEEP] - own[s.clip_id] for s in targets])
        clips = ClipValues(more, [s.motion_cluster for s in targets], [s.body_cluster for s in targets])
        interval = estimate_mean(clips, seed=seed_from(run.result.data, DEEP))
        bodies = _by_body(targets, lambda s, own=own: s.values[DEEP] - own[s.clip_id])  # type: ignore[misc]
        positive = sum(np.mean(values) > 0 for values in bodies.values())
        yield (
            _name(run), f"{np.mean([s.values[CONTACT] for s in unseen]):.3f} ({len(unseen)})",
            f"{low} of {len(by_body)}", _interval(interval),
            f"{positive} of {len(bodies)}",
        )  # fmt: skip


def strict_rows(runs: Sequence[ScoredRun], clips: ClipSet) -> Iterator[tuple[str, ...]]:
    """Yield per run and motion split its scores where the source body is unseen as well as the target."""
    unseen = {spec.target for spec in clips.pairs if spec.split.startswith("UC")}
    strict = {spec.clip_id for spec in clips.pairs if spec.split.startswith("UC") and spec.source in unseen}
    for run in runs:
        for motions in ("SM", "UM"):
            chosen = [s for s in run.samples.samples if s.clip_id in strict and s.split.endswith(motions)]
            held = [s.values[CONTACT] for s in chosen if CONTACT in s.values]
            deep = [s.values[DEEP] for s in chosen if DEEP in s.values]
            yield (
                _name(run),
                f"UC+{motions}",
                str(len(chosen)),
                f"{np.mean(held):.3f} ({len(held)})",
                f"{np.mean(deep):.2f}",
            )


def free_programs_rows(runs: Sequence[ScoredRun], clips: ClipSet) -> Iterator[tuple[str, ...]]:
    """Yield per run its scores on motions without self-contact, where copying may be good."""
    free = {spec.clip_id for spec in clips.pairs if not clips.load(spec.clip_id).contact_goals}
    for run in runs:
        chosen = [s for s in run.samples.samples if s.clip_id in free]
        shown = [np.mean([s.values[key] for s in chosen if key in s.values]) for key in (POSITION, DEEP)]
        yield _name(run), str(len(chosen)), f"{shown[0]:.2f}", f"{shown[1]:.2f}"


def _interval(estimate: Estimate) -> str:
    if estimate.lo is None or estimate.hi is None:
        return f"{estimate.value:+.2f}"
    return f"{estimate.value:+.2f} [{estimate.lo:+.2f}, {estimate.hi:+.2f}]"


def _name(run: ScoredRun) -> str:
    return run.result.method.name


def _values(run: ScoredRun, key: str) -> dict[str, float]:
    return {s.clip_id: s.values[key] for s in run.samples.samples if key in s.values}


def _by_body(samples: Sequence[Sample], value: Callable[[Sample], float]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for sample in samples:
        found[sample.body_cluster].append(value(sample))
    return found


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, nargs="+", help="folders of scored results, truth and copy among them")
    parser.add_argument("--variant", default="full")
    options = parser.parse_args()
    clips = open_track("retarget/intents", options.variant)
    runs = [run for run in map(load_run, options.results) if run.result.data == clips.data_sha256]
    by_name = {_name(run): run for run in runs}
    for name in (TRUTH, COPY):
        if name not in by_name:
            parser.error(
                f"no result of {name} on {options.variant}, version {clips.data_sha256[:12]}, is among RESULTS"
            )
    console.table(("validity", "value"), list(validity_rows(clips, by_name[TRUTH], by_name[COPY])))
    console.table(
        ("method", "goal contact UC+UM (clips)", "bodies <= 0.7", "penetration - truth, UC, %", "bodies > 0"),
        list(separation_rows(runs)),
    )
    console.table(("strict", "split", "clips", "goal contact (clips)", "pen_limb, %"), list(strict_rows(runs, clips)))
    console.table(("no contact asked", "clips", "mpjpe, cm", "pen_limb, %"), list(free_programs_rows(runs, clips)))


if __name__ == "__main__":
    main()
