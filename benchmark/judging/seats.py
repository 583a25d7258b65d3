"""From what the user wrote to judges that can be loaded; mistakes are told before anything heavy is imported."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ...datasets.errors import BenchError, UnknownName
from ...metrics.semantics.checkpoint import existing_folder
from ...metrics.semantics.errors import NotAtHand
from ...metrics.semantics.kinds import SHIPPED_KINDS, judge_kinds
from ...metrics.semantics.registry import find_judge
from ...metrics.semantics.source import Precision
from .jobs import Seat

RENDERERS = ("builtin", "pytorch3d")
"""Backends that can make a judge's pictures; the list of ``datasets.rendering``, readable without torch."""


class JudgeTwice(BenchError):
    """The same judge asked for more than once."""

    rule = "C080"


class WhoseFolder(BenchError):
    """A folder of weights that belongs to no judge, or of which nobody can say whose it is."""

    rule = "C081"


class NoRendererHere(BenchError):
    """A renderer that is not installed."""

    rule = "C082"


@dataclass(frozen=True)
class SeatOptions:
    """How judges are loaded and shown their clips."""

    renderer: str = "builtin"
    device: str = "cpu"
    precision: Precision = "float32"


def open_seats(
    judges: Sequence[str], folders: Sequence[str] = (), options: SeatOptions | None = None
) -> tuple[Seat, ...]:
    """Return the judges that a user asked for, not yet loaded.

    Args:
        judges: ``kind`` or ``kind:hub id``, each once.
        folders: Folders with weights: a path for the only judge, ``JUDGE=path`` where there are several.
        options: Renderer, device, number format.

    Raises:
        UnknownJudge: If there is no such kind; with the nearest ones.
        NoKind: If a judge is a bare hub id.
        JudgeTwice: If one is asked for twice.
        WhoseFolder: If a folder belongs to no judge.
        NoJudgeFolder: If a folder is not there.
        NotAtHand: If weights that come with the package are not in it.
        UnknownName: If there is no such renderer.
        NoRendererHere: If the renderer is not installed.
    """
    chosen = options or SeatOptions()
    _check_renderer(chosen.renderer)
    for judge in judges:
        if judges.count(judge) > 1:
            raise JudgeTwice(f"the judge '{judge}' is asked for {judges.count(judge)} times; name each judge once.")
    places = _places(judges, folders)
    seats = []
    for judge in judges:
        folder = places.get(judge)
        found = find_judge(judge, folder, device=chosen.device, precision=chosen.precision)
        if folder is not None:
            existing_folder(folder)
        elif not found.source.weights:
            _check_shipped(found.kind)
        seats.append(Seat(found.kind, found.source, chosen.renderer))
    return tuple(seats)


def shipped_seats(names: Sequence[str]) -> tuple[Seat, ...]:
    """Return those of some judges whose weights are in the package, not yet loaded; of the others none."""
    usable = {kind.name for kind in judge_kinds() if kind.missing is None}
    return open_seats([name for name in names if name in usable and name in SHIPPED_KINDS])


def worker_imports(seats: Sequence[Seat]) -> tuple[str, ...]:
    """Return the names of the modules that worker processes need to load judges and show them clips."""
    return ("retargetbench.benchmark.judging.work", "retargetbench.metrics.semantics.blip2") if seats else ()


def _check_renderer(name: str) -> None:
    if name not in RENDERERS:
        raise UnknownName("renderer", name, RENDERERS)
    if name == "pytorch3d" and find_spec("pytorch3d") is None:
        raise NoRendererHere(
            "--renderer pytorch3d: PyTorch3D is not installed here; install it, or leave the option out for the "
            "built-in renderer (its scores stand in columns of their own)."
        )


def _check_shipped(kind: str) -> None:
    """Weights that should be in the package and are not: said before torch is loaded."""
    missing = next(k.missing for k in judge_kinds() if k.name == kind)
    if kind in SHIPPED_KINDS and missing:
        raise NotAtHand(
            f"the judge '{kind}' cannot be used: {missing}; train them with `retargetbench train tiny-vlm` and write "
            f"--judge {kind} --judge-folder FOLDER."
        )


def _places(judges: Sequence[str], folders: Sequence[str]) -> dict[str, Path]:
    places: dict[str, Path] = {}
    for text in folders:
        named, equals, path = text.partition("=")
        if equals and named in judges:
            judge, folder = named, path
        elif len(judges) == 1 and len(folders) == 1:
            judge, folder = judges[0], text
        else:
            raise WhoseFolder(
                f"--judge-folder {text} names a folder for {len(judges)} judges ({', '.join(judges) or 'none'}); "
                "expected --judge-folder JUDGE=FOLDER, JUDGE as it is written behind --judge."
            )
        if judge in places:
            raise WhoseFolder(f"the judge '{judge}' is given two folders; give one.")
        places[judge] = Path(folder).expanduser()
    return places
