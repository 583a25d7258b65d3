"""Write a study: the folder that raters get, and the experimenter's key."""

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from ...datasets.clip_set import ClipSet
from ...datasets.files import write_atomically
from ..report.worst import best_view
from .errors import BadStudyRequest
from .key import STUDY_FILE, StudyKey, key_hash, key_text, study_text
from .layout import Scene, StudyPlan

MEDIA = "media"
_PAGE = Path(__file__).parent / "page"
_FILES = ("index.html", "style.css", "script.js")
_WRITTEN_AT = 946_684_800
"""The time stamp of every file, so that the order of writing shows nowhere."""


def make_study(
    plan: StudyPlan, clips: ClipSet, out: Path, *, key: Path, done: Callable[[], None] = lambda: None
) -> StudyKey:
    """Draw a planned study and write the raters' folder and the key.

    Args:
        plan: Every trial.
        clips: The data that the methods were scored on.
        out: The raters' folder; must not exist or be empty.
        key: The key's file; must not be inside ``out``.
        done: Called for every clip that has been drawn.

    Raises:
        BadStudyRequest: If a place is in use.
    """
    from .pictures import equally_large

    check_places(out, key)
    media: dict[str, bytes] = {}
    films: dict[str, dict[str, object]] = {}
    for scene in plan.scenes:
        films[scene.id] = _draw(scene, clips, media, plan.request.look.height_px)
        done()
    study = plan.key()
    text = key_text(study)
    for name, content in zip(sorted(media), equally_large([media[name] for name in sorted(media)]), strict=True):
        _write(out / MEDIA / f"{name}.webp", content)
    for file in _FILES:
        _write(out / file, (_PAGE / file).read_bytes())
    _write(out / STUDY_FILE, study_text(plan.public(films, key_hash(text))).encode())
    write_atomically(key, text.encode())
    return study


def check_places(out: Path, key: Path) -> None:
    """Check that nothing would be written over.

    Raises:
        BadStudyRequest: If a place is in use, or raters would get the key.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadStudyRequest(
            f"{out} is in use; a study is never written over, votes may be out on it. Choose another."
        )
    if key.exists():
        raise BadStudyRequest(f"the key {key} is there already; choose another place with --key.")
    if key.resolve().is_relative_to(out.resolve()):
        raise BadStudyRequest(f"the key {key} would lie in the folder that raters get; choose a place outside {out}.")


def _write(path: Path, content: bytes) -> None:
    write_atomically(path, content)
    os.utime(path, (_WRITTEN_AT, _WRITTEN_AT))


def _draw(scene: Scene, clips: ClipSet, media: dict[str, bytes], height_px: int) -> dict[str, object]:
    """Draw a scene's pictures into ``media``; how to play them."""
    from .pictures import film_strips, webp

    pair = clips.load(scene.clip.clip_id)
    rows = [(pair.source, pair.source_motion), *(show(pair) for show in scene.items.values())]
    film, strips = film_strips(rows, height_px=height_px, view=best_view(pair))
    for name, strip in zip((scene.source_item, *scene.items), strips, strict=True):
        media[name] = webp(strip)
    return {"source": scene.source_item, **asdict(film)}
