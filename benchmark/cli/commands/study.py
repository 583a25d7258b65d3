"""The command ``study``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import tyro

from ....datasets.errors import BenchError, UnknownName
from ...comparison import load_run
from ...progress import Progress
from ...submission.problems import MAX_SHOWN, printable
from ...tracks import find_track, open_track
from .. import console


class UnknownStudyAction(UnknownName):
    """Something that ``study`` does not do."""

    rule = "C095"


class StudyPathsNeeded(BenchError):
    """An action of ``study`` without the files it works on."""

    rule = "C096"


@dataclass(frozen=True)
class Study:
    """Ask people: make a blind page that compares methods, and score the votes that come back.

    `make` draws clips of two or more results and writes a folder that opens from the disk in any browser and sends
    nothing: the original, and beside it two methods as A and B, sides and order drawn for every rater. At least a tenth
    are catch trials, of which one side is plainly wrong; some comparisons come twice. Which picture is whose is in a
    key beside the folder, which raters must not get. `score` reads the files that raters send back.

    Examples:
        retargetbench study make results/mine results/copy --predictions runs --out study
        retargetbench study make A B C --predictions runs --out study --clips 20 --questions meaning natural
        retargetbench study score study votes/*.json
    """

    action: tyro.conf.Positional[str]
    """make or score."""
    paths: tyro.conf.Positional[tuple[Path, ...]] = ()
    """make: folders of two or more results on the same data. score: the study's folder, then files of votes or folders
    of them."""
    out: Path | None = None
    """make: the folder for raters (default: study). score: the page to write (default: beside the folder,
    FOLDER.score.html)."""
    predictions: Annotated[tuple[Path, ...], tyro.conf.UseAppendAction] = ()
    """make: the submission folders that were scored, or folders that hold them; may be given several times."""
    key: Path | None = None
    """The key; by default beside the folder, FOLDER.key.json."""
    clips: int = 12
    """make: how many clips are shown."""
    trials: int = 40
    """make: most comparisons of methods; with more pairs and clips than that, a balanced part of them."""
    catches: int = 8
    """make: least number of catch trials."""
    questions: tuple[str, ...] = ("meaning",)
    """make: meaning, contact, natural, or name=Text? of your own; catch trials are judged by the first."""
    seed: int = 0
    """make: same results and same seed, same study."""
    title: str = "Which motion is right?"
    """make: heading of the page; must not give away what is compared."""
    size: int = 360
    """make: height of the pictures in pixels."""
    data_root: Path | None = None
    """make: folder with a track's files, for tracks whose data does not come with the package."""
    json: bool = False
    """Print JSON instead of a table."""

    def run(self) -> int:
        """Make or score."""
        actions: Mapping[str, Callable[[Study], int]] = {"make": _make, "score": _score}
        if self.action not in actions:
            raise UnknownStudyAction("action of study", self.action, actions)
        if len(self.paths) < 2:
            wanted = {
                "make": "two or more folders of results: retargetbench study make A_RESULT B_RESULT --predictions RUNS",
                "score": "the study's folder and files of votes: retargetbench study score FOLDER VOTES.json ...",
            }
            raise StudyPathsNeeded(f"study {self.action} needs {wanted[self.action]}")
        return actions[self.action](self)


def _make(options: Study) -> int:
    from ...study.key import key_path
    from ...study.make import check_places, make_study
    from ...study.plan import StudyOptions, guessers_pass
    from ...study.questions import read_questions
    from ...study.sources import Look, StudyRequest, find_sources

    out = options.out or Path("study")
    key = options.key or key_path(out)
    sizes = StudyOptions(options.clips, options.trials, options.catches, options.seed)
    questions, look = read_questions(options.questions), Look(options.title, options.size)
    check_places(out, key)
    runs = [load_run(path) for path in options.paths]
    find_track(runs[0].result.track)
    sources = find_sources(runs, options.predictions)
    clips = open_track(runs[0].result.track, runs[0].result.variant, options.data_root)
    from ...study.layout import StudyPlan

    plan = StudyPlan(StudyRequest(sources, questions, sizes, look), clips)
    with Progress("drawing clips", total=len(plan.scenes)) as progress:
        study = make_study(plan, clips, out, key=key, done=progress.advance)
    counts = {kind: len(study.of_kind(kind)) for kind in ("main", "repeat", "catch")}
    if options.json:
        told = {"folder": str(out), "key": str(key), "study": study.study, "catches_needed": study.catches_needed}
        console.print_json({**told, "trials": counts})
    else:
        passing = guessers_pass(counts["catch"], study.catches_needed)
        console.result(
            f"{out}: {counts['main']} comparisons of {len(sources)} methods on {options.clips} clips, "
            f"{counts['repeat']} of them shown twice, and {counts['catch']} catch trials, of which a rater must get "
            f"{study.catches_needed} right (somebody who guesses does in {passing:.1%} of cases)."
        )
        console.result(f"{key}: the key; it stays with you. Raters get the folder {out}, whole, for example as a .zip.")
    console.next_step(f"open {out}/index.html in a browser; then: retargetbench study score {out} VOTES.json ...")
    return 0


def _score(options: Study) -> int:
    from ...study.errors import BadVotes
    from ...study.key import read_key
    from ...study.scoring import score_study
    from ...study.votes import read_votes
    from ..study_table import print_study

    folder = options.paths[0]
    key = read_key(folder, options.key)
    try:
        raters = read_votes(options.paths[1:], key)
    except BadVotes as error:
        _tell(error)
        return 2
    score = score_study(key, raters)
    from ...study.report import write_study_report

    page = options.out or folder.parent / f"{folder.name}.score.html"
    write_study_report(score, page)
    if options.json:
        console.print_json(asdict(score))
    else:
        print_study(score)
    console.say(f"Page: {page}")
    if not score.questions:
        console.warn("no rater's votes count; see the table of raters for why.")
        return 1
    console.next_step(f"open {page} in a browser")
    return 0


def _tell(error: BenchError) -> None:
    from ...study.errors import BadVotes

    problems: Sequence[object] = error.problems if isinstance(error, BadVotes) else [error]
    for problem in problems[:MAX_SHOWN]:
        console.fail(printable(str(problem)))
    console.say(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}; no votes were scored.")
