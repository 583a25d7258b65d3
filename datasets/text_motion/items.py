"""The items of a test: which motions, which part of each, and which captions describe that part."""

import hashlib
import json
from dataclasses import dataclass

from ..errors import UnknownName
from .captions import Caption
from .folder import TextMotionFolder, is_mirrored, original_of, read_ids
from .windows import overlaps

VARIANTS = ("test", "no-mirror", "no-humanact12", "clean", "clean-no-mirror")
"""The whole test; without mirror images; without HumanAct12, which may be swapped left and right; without motions that
overlap a training motion in time; without these and mirror images."""
_OF_ANY_FOLDER = ("test", "no-mirror")
_HUMANACT12 = "humanact12"
DISSIMILAR = "nsim_test.txt"
DISSIMILAR_SHA256 = {
    "humanml3d": "5e564a87f1ab41476af87e0723207401ad045e4958021037d2c1f8948bc81444",
    "kit-ml": "0f1e5fc9dbcaea1307808c4210c50ca66a863df427f07d5e200af9f4e88912b7",
}
"""Of TMR's lists of dissimilar motions, sorted, one id a line: a figure under this name is on these motions only."""


@dataclass(frozen=True)
class TextMotionItem:
    """One motion of a test, or the part of it that its first caption describes."""

    motion: str
    """Id."""
    span: Caption
    """The first caption, which says which part is meant."""
    captions: tuple[str, ...]
    """What describes that very part, the first caption first."""
    recording: str
    """What it was cut from; where that is not known, the original's id."""
    campaign: str
    """The data set that the recording belongs to; empty where that is not known."""


@dataclass(frozen=True)
class TextMotionItems:
    """A test of a folder."""

    items: tuple[TextMotionItem, ...]
    """Sorted by id, as the protocol of batches wants them."""
    other_parts: int
    """Captions that are left out, since they describe another part of a motion than its first caption."""
    dissimilar: tuple[str, ...] | None
    """Motions of TMR's list that are in the test; ``None`` where the folder has no list."""
    sha256: str
    """The data version: variant, ids, parts, captions and recordings. Features are not in it: everybody builds them
    anew, and the last bits differ."""


def variants_of(folder: TextMotionFolder) -> tuple[str, ...]:
    """Return the variants that a folder's test has: of KIT-ML, which does not say what was cut from where, two."""
    return VARIANTS if folder.windows else _OF_ANY_FOLDER


def load_test_items(folder: TextMotionFolder, variant: str = VARIANTS[0]) -> TextMotionItems:
    """Return the items of the test: whole motions as TMR takes them, of any length.

    Args:
        folder: Read with the captions of its test.
        variant: One of ``variants_of(folder)``.

    Raises:
        UnknownName: If there is no such variant.
        BadTextMotionFolder: If the list of dissimilar motions is another one than TMR's, or nothing is left.
    """
    if variant not in variants_of(folder):
        raise UnknownName(f"variant of retrieval/{folder.layout.name}", variant, variants_of(folder))
    ids = _ids(folder, variant)
    dissimilar, problems = _dissimilar(folder, set(ids))
    if problems or not ids:
        raise folder.refuse(*(problems or [f"nothing of its test is left in the variant {variant}"]))
    items = tuple(_item(folder, motion) for motion in ids)
    left_out = sum(len(folder.captions[item.motion]) - len(item.captions) for item in items)
    return TextMotionItems(items, left_out, dissimilar, _version(folder.layout.name, variant, items))


def _ids(folder: TextMotionFolder, variant: str) -> list[str]:
    ids = sorted(folder.splits["test"])
    if variant.endswith("no-mirror"):
        ids = [motion for motion in ids if not is_mirrored(motion)]
    if variant == "no-humanact12":
        ids = [motion for motion in ids if folder.windows[original_of(motion)].campaign != _HUMANACT12]
    if variant.startswith("clean"):
        test, train = ({original_of(motion) for motion in motions} for motions in (ids, folder.splits["train"]))
        seen = overlaps(test, train, folder.windows)
        ids = [motion for motion in ids if original_of(motion) not in seen]
    return ids


def _item(folder: TextMotionFolder, motion: str) -> TextMotionItem:
    first, *others = folder.captions[motion]
    same = [caption.text for caption in others if caption.span_s == first.span_s]
    window = folder.windows.get(original_of(motion))
    recording, campaign = (window.recording, window.campaign) if window else (original_of(motion), "")
    return TextMotionItem(motion, first, (first.text, *same), recording, campaign)


def _dissimilar(folder: TextMotionFolder, test: set[str]) -> tuple[tuple[str, ...] | None, list[str]]:
    path = folder.path / DISSIMILAR
    if not path.is_file():
        return None, []
    listed, problems = read_ids(path)
    found = hashlib.sha256("\n".join(sorted(listed)).encode()).hexdigest()
    if not problems and found != DISSIMILAR_SHA256[folder.layout.name]:
        problems = [f"{DISSIMILAR} is not TMR's list of dissimilar motions; take that one or remove the file"]
    return tuple(motion for motion in listed if motion in test), problems


def _version(name: str, variant: str, items: tuple[TextMotionItem, ...]) -> str:
    """Equal when and only when all that scores and intervals rest on is."""
    lines = [[item.motion, item.span.span_s, item.captions, item.recording] for item in items]
    return hashlib.sha256(json.dumps([name, variant, lines], sort_keys=True).encode()).hexdigest()
