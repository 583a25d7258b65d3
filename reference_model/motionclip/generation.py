"""From words to a motion of any character."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from torch import Tensor

from ...datasets.body import Character, Motion
from ...datasets.errors import shorten, suggestion
from ...datasets.intents.bodies import body_names, load_body
from ...datasets.readers.bvh_writer import write_bvh
from ...datasets.readers.clip_npz import write_clip
from ...datasets.readers.errors import UnknownAnimation, UnknownSuffix
from ...datasets.readers.glb_writer import write_glb
from ...datasets.readers.read import CHARACTER_SUFFIXES, read_character, read_motions
from ...datasets.rendering import CLAY, SheetRow, contact_sheet
from ..baselines.rotation_copy import retarget
from .editing import edited, interpolated
from .errors import WrongRequest
from .model import MotionClipModel
from .pose import motion_of, motion_windows
from .standard_body import standard_body
from .windows import words_in

OUTPUTS = (".glb", ".bvh", ".npz")
SHEETS = (".png", ".jpg", ".jpeg")
_NAME = 48
"""Longest name of an animation."""


@dataclass(frozen=True)
class Request:
    """What is to be made."""

    text: str | None = None
    """Made from these words, or"""
    motion: Path | None = None
    """from this file's motion."""
    without: str | None = None
    plus: str | None = None
    to: str | None = None
    stops: int = 5
    frames: int | None = None
    """``None``: as many as a training window has."""


def requests(first: Request, texts: Path | None) -> tuple[Request, ...]:
    """Return a request for each line of a file, or the one there is.

    Args:
        first: What is said besides the lines.
        texts: File with a text a line; empty lines say nothing.

    Raises:
        WrongRequest: If it cannot be read or is empty, or there is another text, motion or end to make it from.
    """
    if texts is None:
        return (first,)
    if first.text is not None or first.motion is not None or first.to is not None:
        raise WrongRequest("--texts FILE stands in place of a text, --motion and --to; name one of them.")
    try:
        lines = [line.strip() for line in texts.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise WrongRequest(f"{texts} cannot be read as text ({type(error).__name__}).") from None
    found = tuple(replace(first, text=line) for line in dict.fromkeys(lines) if line)
    if not found:
        raise WrongRequest(f"{texts} says nothing; expected a text a line.")
    return found


def generated(model: MotionClipModel, request: Request) -> Mapping[str, Tensor]:
    """Return features by name, [frames, 135] each: one motion, or the stops of an interpolation.

    Args:
        model: What makes them.
        request: What is to be made.

    Raises:
        WrongRequest: If there is nothing to make it from, or too much.
        BenchError: If a file cannot be read, or the CLIP is not at hand.
    """
    texts = [text for text in (request.text, request.without, request.plus, request.to) if text is not None]
    if any(not text.strip() for text in texts):
        raise WrongRequest('a text is empty; expected words, as in "a person kicks with the left leg".')
    if (request.text is None) == (request.motion is None):
        raise WrongRequest("expected either a text or --motion FILE to make a motion from, and not both.")
    if request.frames is not None and not 2 <= request.frames <= 600:
        raise WrongRequest(f"--frames is {request.frames}; expected 2 to 600 (20 seconds).")
    latent = dict(zip(texts, model.latents_of_texts(texts), strict=True)) if texts else {}
    base = latent[request.text] if request.text is not None else _encoded(model, request.motion)
    base = edited(base, _of(latent, request.without), _of(latent, request.plus))
    name = (request.text or str(request.motion and request.motion.stem))[:_NAME]
    if request.to is None:
        return {name: model.decode(base[None], request.frames)[0]}
    stops = interpolated(base, latent[request.to], request.stops)
    made = model.decode(stops, request.frames)
    return {f"{name} to {request.to[:_NAME]} {number + 1}": made[number] for number in range(len(made))}


def unknown_words(model: MotionClipModel, request: Request) -> tuple[str, ...]:
    """Return the words of a request that no caption of training had: what they mean is the CLIP's guess."""
    texts = (request.text, request.without, request.plus, request.to)
    asked = dict.fromkeys(word for text in texts if text is not None for word in words_in(text))
    return tuple(word for word in asked if word not in model.words)


def onto(features: Tensor, character: Character) -> Motion:
    """Return features as a motion of a character, from the origin, facing +z, at 30 frames per second.

    The motion is first one of the standard body, with its path in that body's leg lengths, and then carried over by
    rotation copy: bones point the same way, the path is scaled by the ratio of leg lengths.

    Args:
        features: [frames, 135].
        character: Any humanoid.

    Raises:
        UnmappedJoints: If the character is no humanoid.
    """
    body = standard_body()
    return retarget(body, motion_of(features, body), character, seed=0)


def find_character(name: str) -> Character:
    """Return a built-in body by its name, or the character of a file.

    Raises:
        WrongRequest: If it is neither; the message offers the nearest names.
        BenchError: If the file cannot be read.
    """
    if name in body_names():
        return load_body(name)
    if Path(name).suffix.lower() in CHARACTER_SUFFIXES:
        return read_character(name)
    raise WrongRequest(
        f"there is no built-in body '{name}', and it is no file ({', '.join(CHARACTER_SUFFIXES)})."
        f"{suggestion(name, body_names())}"
    )


def check_output(path: Path, motions: int = 1) -> None:
    """Refuse a file that cannot hold what is to be written.

    Raises:
        UnknownSuffix: If the suffix is none of ``OUTPUTS``.
        WrongRequest: If the format holds one motion and there are several.
    """
    if path.suffix.lower() not in OUTPUTS:
        raise UnknownSuffix(f"{path}: '{path.suffix}' files are not written here.{suggestion(path.suffix, OUTPUTS)}")
    if motions > 1 and path.suffix.lower() != ".glb":
        raise WrongRequest(f"{path} holds one motion, but there are {motions}; write a .glb.")


def draw_sheet(path: Path, character: Character, motions: Mapping[str, Motion]) -> None:
    """Draw a contact sheet, a row of eight frames for each motion."""
    path.parent.mkdir(parents=True, exist_ok=True)
    contact_sheet([SheetRow(name, character, motion, CLAY) for name, motion in motions.items()], path)


def check_sheet(path: Path | None) -> None:
    """Refuse a picture that cannot be written.

    Raises:
        UnknownSuffix: If the suffix is none of ``SHEETS``.
    """
    if path is not None and path.suffix.lower() not in SHEETS:
        raise UnknownSuffix(f"{path}: no sheet is drawn as '{path.suffix}'.{suggestion(path.suffix, SHEETS)}")


def write_motions(path: Path, character: Character, motions: Mapping[str, Motion]) -> None:
    """Write motions of a character as GLB (with its mesh), BVH or npz, by the suffix."""
    check_output(path, len(motions))
    if path.suffix.lower() == ".glb":
        write_glb(path, character, motions)
        return
    (motion,) = motions.values()
    if path.suffix.lower() == ".bvh":
        write_bvh(path, motion)
    else:
        write_clip(path, motion)


def _encoded(model: MotionClipModel, path: Path | None) -> Tensor:
    """The latent of the middle window of a file's motion."""
    assert path is not None
    motions = read_motions(path)
    if len(motions) != 1:
        raise UnknownAnimation(
            f"{path} holds {len(motions)} motions ({shorten(list(motions)) or 'none'}); expected one. Take one out "
            "with `retargetbench convert --animation NAME`."
        )
    (motion,) = motions.values()
    frames = model.network.sizes.frames
    windows = motion_windows(motion, standard_body().skeleton, frames)
    return model.encode(windows[len(windows) // 2][None])[0]


def _of(latents: Mapping[str, Tensor], text: str | None) -> Tensor | None:
    return None if text is None else latents[text]
