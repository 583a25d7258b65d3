"""The key of a study: which picture is whose, what catches a careless rater, and the metrics of the clips shown.

It stays with the experimenter. The folder that raters get holds only the key's hash, so that neither the assignment nor
the rule by which raters are left out can be changed after the votes are in without its being seen.
"""

import hashlib
import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import BadStudy
from .questions import Question

KEY_FORMAT: Literal["retargetbench-study-key/1"] = "retargetbench-study-key/1"
STUDY_FILE = "study.js"
"""The list of trials in the folder that raters get."""
_BEFORE, _AFTER = "window.STUDY = ", ";\n"

Kind = Literal["main", "repeat", "catch"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class StudyMethod(_Part):
    """One of the methods that are compared."""

    name: str
    version: str | None = None
    predictions_sha256: str


class StudyTrial(_Part):
    """One comparison."""

    id: str
    kind: Kind
    clip_id: str
    cluster: str
    """The clip's motion: trials of one cluster are not independent."""
    items: tuple[str, str]
    """The two pictures, by the names that raters' files use."""
    shows: tuple[str, str]
    """Whose they are: two methods, or ``right`` and ``wrong`` in a catch trial."""
    repeats: str | None = None
    """In a repeated trial: the trial that is shown again."""
    wrong: str | None = None
    """In a catch trial: what is wrong with the wrong side."""


class StudyKey(_Part):
    """Everything that raters must not know."""

    format: Literal["retargetbench-study-key/1"] = KEY_FORMAT
    study: str
    title: str
    seed: int
    track: str
    variant: str
    data: str
    methods: tuple[StudyMethod, ...]
    questions: tuple[Question, ...]
    """Catch trials are judged by the first one."""
    catches_needed: int
    """Catch trials that a rater must answer rightly; with fewer, none of the rater's votes count."""
    trials: tuple[StudyTrial, ...]
    metrics: dict[str, dict[str, dict[str, float]]]
    """Method -> clip id -> metric key -> value, of the clips shown."""

    def of_kind(self, kind: Kind) -> tuple[StudyTrial, ...]:
        """Return the trials of one kind."""
        return tuple(trial for trial in self.trials if trial.kind == kind)


def key_path(folder: Path) -> Path:
    """Return where the key of a study lies unless another place is given: beside the folder, not in it."""
    return folder.parent / f"{folder.name}.key.json"


def key_text(key: StudyKey) -> str:
    """Return the key as it is written."""
    return json.dumps(key.model_dump(mode="json"), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def key_hash(text: str) -> str:
    """Return the hash of a written key."""
    return hashlib.sha256(text.encode()).hexdigest()


def study_text(public: dict[str, object]) -> str:
    """Return ``study.js``, which a page can load from the disk where it may not read JSON."""
    return _BEFORE + json.dumps(public, indent=0, ensure_ascii=True, allow_nan=False) + _AFTER


def read_key(folder: Path, path: Path | None = None) -> StudyKey:
    """Read a study's key and check that it belongs to the folder.

    Args:
        folder: The folder that raters were given.
        path: The key; ``None``: beside the folder.

    Raises:
        BadStudy: If either cannot be read, or the key is not the one that the study was made with.
    """
    place = path or key_path(folder)
    promised = _promised_hash(folder / STUDY_FILE)
    try:
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadStudy(f"the key {place} cannot be read ({error}); say where it is with --key.") from error
    if key_hash(text) != promised:
        raise BadStudy(
            f"{place} is not the key that {folder} was made with (its hash is not the one in {STUDY_FILE}); a key "
            "must not be changed after the study was made."
        )
    try:
        return StudyKey.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadStudy(f"{place} is no key of a study: {where}: {first['msg']}.") from error


def _promised_hash(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
        return str(json.loads(text.removeprefix(_BEFORE).removesuffix(_AFTER))["key_sha256"])
    except OSError as error:
        raise BadStudy(f"{path} cannot be read ({error.strerror}); give the folder that study make wrote.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadStudy(f"{path} is no list of trials ({error}); give the folder that study make wrote.") from error
