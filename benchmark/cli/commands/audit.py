"""The command ``audit``."""

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from ....datasets.errors import BenchError, UnknownName
from ....datasets.files import write_atomically
from ....metrics.audit import ADMISSIBILITY_FILE, TABLE_FILE
from ...audit.damages.names import BY_NAME, DAMAGES
from ...judging.seats import open_seats
from ...progress import Progress
from ...tracks import find_track, open_track
from .. import console

if TYPE_CHECKING:
    from ....datasets.clip_set import ClipSet
    from ...audit.findings import Numbers
    from ...audit.judging import JudgeName
    from ...audit.report import Audit as AuditResult
    from ...audit.running import AuditRun


class BadAuditNumber(BenchError):
    """A number of pairs or workers that is not positive."""

    rule = "C031"


class UnknownDamage(UnknownName):
    """A damage that the audit does not know."""

    rule = "C032"


class NotACheckout(BenchError):
    """A folder to publish to that is no checkout of the repository."""

    rule = "C033"


class NothingToAudit(BenchError):
    """Neither a metric nor a judge to audit."""

    rule = "C037"


class NotToPublish(BenchError):
    """Tables of a trial, which are not the published audit."""

    rule = "C034"


@dataclass(frozen=True)
class Audit:
    """Ask what each metric can see: damage ground truth in known ways and degrees, and score all of it.

    Writes audit.md (a page with pictures), audit.csv, admissibility.csv and audit.json below --out: per metric and
    damage the rank correlation with the degree and the smallest degree told from none, and per judge the four figures
    of its admissibility. A killed audit is continued by the same command. A pair takes about 20 seconds of one core.

    Examples:
        retargetbench audit --variant val --pairs 8
        retargetbench audit --variant full --pairs 160 --judge tiny-blip2 --judge tiny-clip --publish .
        retargetbench audit --judge blip2 --judge-folder ~/my-blip2 --damages contact_opened other_motion
        retargetbench audit --judge tiny-blip2 --no-geometry --damages contact_opened --views front left --frames 16
    """

    track: str = "retarget/intents"
    """Track id; its clips must have two or more right answers each."""
    variant: str = "val"
    """Variant of the track: val to try things on, full for the published table."""
    pairs: int | None = None
    """Audit a sample of that many pairs, drawn by --seed; by default all."""
    judge: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """A judge to audit beside the geometry metrics: KIND or KIND:owner/name; may be given several times."""
    judge_folder: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """Folder with a judge's weights: a path for the only judge, JUDGE=PATH where there are several."""
    damages: tuple[str, ...] = ()
    """Only these damages; by default all."""
    no_geometry: bool = False
    """Judges alone."""
    views: tuple[str, ...] = ()
    """To try: cameras by which judges are shown clips, in place of their own."""
    frames: int | None = None
    """To try: frames of a clip that judges are shown, in place of their own number."""
    crop: Literal["full-body", "upper-body"] | None = None
    """To try: what of the body judges are shown, in place of their own choice."""
    admit_on_all: bool = False
    """Ask for judges' admissibility on every clip of an unseen motion, also on those that --pairs leaves out."""
    seed: int = 0
    """Draws the sample, noise, directions and other motions."""
    workers: int = min(os.cpu_count() or 1, 8)
    """Worker processes; the numbers do not depend on it."""
    out: Path = Path("results/audit")
    """Folder for what is written."""
    no_pictures: bool = False
    """Draw no contact sheets of the damages."""
    publish: Path | None = None
    """Root of a checkout: also write docs/audit.md with its pictures and the tables in metrics/."""
    data_root: Path | None = None
    """Folder with a track's files, for tracks whose data does not come with the package."""
    json: bool = False
    """Print audit.json instead of a table."""

    def run(self) -> int:
        """Audit, write the page and print the table."""
        judges = self._check()
        track = find_track(self.track)
        variant = track.variant(self.variant)
        clips = open_track(track.id, variant, self.data_root)
        audit = _audited(self, clips, judges)
        _write(audit, clips, self)
        from ..audit_table import print_audit

        print_audit(audit, as_json=self.json)
        console.say(f"Page: {self.out / 'audit.md'}")
        console.next_step("retargetbench ls metrics")
        return 0

    def _check(self) -> "tuple[JudgeName, ...]":
        """Refuse what can be seen to be wrong at once; return the judges."""
        seats = open_seats(self.judge, self.judge_folder)
        if self.pairs is not None and self.pairs < 1:
            raise BadAuditNumber(f"--pairs is {self.pairs}; expected at least 1, or leave it out for all pairs.")
        if self.workers < 1:
            raise BadAuditNumber(f"--workers is {self.workers}; expected at least 1.")
        if self.no_geometry and not seats:
            raise NothingToAudit(
                "--no-geometry without --judge leaves nothing to audit; name a judge, or leave it out."
            )
        if self.admit_on_all and not seats:
            raise NothingToAudit(
                "--admit-on-all asks judges, and there is none; name one with --judge, or leave it out."
            )
        if self.publish is not None and (self.no_geometry or self.views or self.frames or self.crop):
            raise NotToPublish(
                "--publish with --no-geometry, --views, --frames or --crop: what is published is every metric, and "
                "judges as they ask to be shown clips; leave one or the other out."
            )
        if self.publish is not None and not (self.publish / "metrics" / "audit.py").is_file():
            raise NotACheckout(f"--publish {self.publish} holds no metrics/audit.py; expected the repository's root.")
        for name in self.damages:
            if name not in BY_NAME:
                raise UnknownDamage("damage", name, BY_NAME)
        if self.frames is not None and self.frames < 1:
            raise BadAuditNumber(f"--frames is {self.frames}; expected at least 1.")
        from ...audit.judging import JudgeName  # torch: only after what can be seen to be wrong

        return tuple(JudgeName(seat.asked, seat.source.folder) for seat in seats)


def _audited(options: Audit, clips: "ClipSet", judges: "tuple[JudgeName, ...]") -> "AuditResult":
    from ....datasets.rendering.framing import Framing
    from ...audit.admission import decides
    from ...audit.judging import Shown, audited_keys
    from ...audit.measuring import AuditRequest
    from ...audit.report import Audited, audit_of
    from ...audit.running import AuditedJudge, AuditRun, sampled

    track = find_track(options.track)
    damages = tuple(damage.name for damage in DAMAGES if not options.damages or damage.name in options.damages)
    keys = () if options.no_geometry else track.metric_keys
    shown = Shown(options.views, options.frames, options.crop)
    Framing(shown.views)  # refuses a view that is none, before minutes of work
    loaded = [judge.load() for judge in judges]
    of_judges: Mapping[str, tuple[str, ...]] = {judge.name: audited_keys(judge) for judge in loaded}
    prints = {judge.name: judge.fingerprint for judge in loaded}
    runs = {"geometry": AuditRun(clips, AuditRequest(damages, keys, options.seed))} if keys else {}
    for judge, name in zip(loaded, judges, strict=True):
        audited = AuditedJudge(name, judge.fingerprint, shown.in_place_of(judge.looking))
        runs[judge.name] = AuditRun(clips, AuditRequest(damages, (), options.seed), audited)
    del loaded
    chosen = sampled(clips.pairs, options.pairs, options.seed)
    numbers = _numbers(options, runs, chosen)
    beyond: Numbers = {}
    if options.admit_on_all:
        others = [pair.clip_id for pair in clips.pairs if decides(pair) and pair.clip_id not in numbers]
        plain = {f"{title}, undamaged": run.undamaged() for title, run in runs.items() if run.judge is not None}
        beyond = _numbers(options, plain, others)
    console.say("working out intervals (minutes, for hundreds of pairs)")
    what = Audited(
        track=track.id, variant=track.variant(options.variant), data=clips.data_sha256, pairs=clips.pairs,
        seed=options.seed, damages=tuple(name for name in BY_NAME if name in damages), geometry_keys=keys,
        judges=of_judges, fingerprints=prints, command=_command(options),
    )  # fmt: skip
    return audit_of(numbers, what, beyond)


def _numbers(options: Audit, runs: "Mapping[str, AuditRun]", clip_ids: Sequence[str]) -> "dict[str, dict[str, float]]":
    """Measure clips, and return the numbers of all runs together by clip id."""
    from ...audit.running import run_audit

    numbers: dict[str, dict[str, float]] = {clip_id: {} for clip_id in clip_ids}
    for title, run in runs.items():
        with Progress(f"audit, {title}", total=len(clip_ids), already=run.known(clip_ids, options.out)) as progress:
            found = run_audit(run, clip_ids, options.out, workers=options.workers, done=progress.advance)
        for clip_id, own in found.items():
            numbers[clip_id].update(own)
    return numbers


def _command(options: Audit) -> str:
    """The command line that gives these numbers again; without folders, which are this machine's own."""
    words = ["retargetbench", "audit", "--track", options.track, "--variant", options.variant]
    words += [] if options.pairs is None else ["--pairs", str(options.pairs)]
    for judge in options.judge:
        words += ["--judge", judge]
    for folder in options.judge_folder:
        words += ["--judge-folder", f"{folder.partition('=')[0]}=FOLDER" if "=" in folder else "FOLDER"]
    words += ["--damages", *options.damages] if options.damages else []
    words += ["--no-geometry"] if options.no_geometry else []
    words += ["--views", *options.views] if options.views else []
    words += [] if options.frames is None else ["--frames", str(options.frames)]
    words += [] if options.crop is None else ["--crop", options.crop]
    words += ["--admit-on-all"] if options.admit_on_all else []
    words += ["--seed", str(options.seed)] if options.seed else []
    words += ["--publish", "."] if options.publish is not None else []
    return shlex.join(words)


def _write(audit: "AuditResult", clips: "ClipSet", options: Audit) -> None:
    from ...audit.page import page_text
    from ...audit.report import admissions_text, audit_json, findings_text

    tables = {TABLE_FILE: findings_text(audit), ADMISSIBILITY_FILE: admissions_text(audit)}
    places = [(options.out, options.out / "pictures", options.out)]
    if options.publish is not None:
        docs = options.publish / "docs"
        places.append((docs, docs / "pictures" / "audit", options.publish / "metrics"))
    drawn: dict[str, bytes] = {} if options.no_pictures else _drawn(audit, clips)
    for page, pictures, table in places:
        for name, content in drawn.items():
            write_atomically(pictures / f"{name}.jpg", content)
        shown = {name: (pictures / f"{name}.jpg").relative_to(page).as_posix() for name in drawn}
        write_atomically(page / "audit.md", page_text(audit, shown).encode())
        for name, text in tables.items():
            write_atomically(table / name, text.encode())
    import json

    write_atomically(options.out / "audit.json", (json.dumps(audit_json(audit), indent=1) + "\n").encode())


def _drawn(audit: "AuditResult", clips: "ClipSet") -> dict[str, bytes]:
    from ...audit.pictures import damage_picture

    drawn = {}
    with Progress("pictures", total=len(audit.damages)) as progress:
        for name in audit.damages:
            picture = damage_picture(clips, audit.clips, BY_NAME[name], seed=audit.seed)
            if picture is not None:
                drawn[name] = picture
            progress.advance()
    return drawn
