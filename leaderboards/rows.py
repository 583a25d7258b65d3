"""The row of a leaderboard: a scored result as it is committed, with its table of clips beside it.

``rows/<track>/<method>/<run>.json`` holds the result, how far it may be trusted, and how it can be made again;
``<run>.samples.csv`` beside it holds the numbers of each clip, from which every number of the row follows. Both are
readable with the standard library alone.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, ValidationError, model_serializer

from ..benchmark.records import Result
from ..benchmark.samples import SampleTable, read_samples
from ..benchmark.scored_folder import run_id
from ..datasets.errors import BenchError
from ..datasets.files import write_atomically

ROW_SCHEMA: Literal[1] = 1
ROWS = Path(__file__).parent / "rows"
"""The rows that come with the package."""

TRUST = {
    "T0": "quoted from a paper; shown apart, never ranked",
    "T1": "scored by this program from prediction files",
    "T2": "made again, from the pinned method, by someone other than its author",
    "T3": "scored on programs and bodies that were never published",
}
"""Trust level -> what it says."""

Tolerance = Literal["numerical", "interval"]


class BadRow(BenchError):
    """A file that is no row: no JSON, a wrong field, or its table of clips is missing."""

    rule = "L001"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Confirmation(_Part):
    """Somebody has made a row's numbers again."""

    by: str
    """Who, as they want to be named."""
    date: str
    """Year-month-day."""
    environment: dict[str, str]
    """Package -> version, on the machine where it was done."""


class Trust(_Part):
    """How far a row may be trusted, and on whose word."""

    level: Literal["T1", "T2", "T3"]
    confirmed: tuple[Confirmation, ...] = ()


class Invalidation(_Part):
    """Why a row no longer counts; it stays visible."""

    reason: str
    date: str


class Row(_Part):
    """One committed row."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)

    schema_version: Literal[1] = Field(default=ROW_SCHEMA, alias="schema")
    result: Result
    samples_sha256: str
    """Hash of the table of clips beside the row."""
    made_by: Literal["method", "oracle", "predictions"]
    """How to make it again: by the installed method of its name, from the right answers, or from prediction files."""
    tolerance: Tolerance
    """What a repeated run may differ by: ``numerical`` 1e-4 of the value; ``interval``, for methods that iterate or
    are trained, the 95 % interval that stands in the row. Files that are scored again always get the first."""
    environment: dict[str, str] = {}
    """Package -> version, on the machine where it was scored."""
    warnings: dict[str, str] = {}
    """Metric key -> what the audit had found against it, or against its judge, when the row was written; left out of
    the file where that is nothing."""
    trust: Trust
    invalidated: Invalidation | None = None

    @model_serializer(mode="wrap")
    def _without_absent_warnings(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = handler(self)
        if not self.warnings:
            del values["warnings"]
        return values


def row_path(rows: Path, result: Result) -> Path:
    """Return where a result's row belongs; the same predictions and seed always have the same place."""
    method = re.sub(r"[^A-Za-z0-9._-]", "-", result.method.name).lstrip(".-") or "method"
    return rows / result.track / method / f"{run_id(result.predictions_sha256, result.seed)}.json"


def samples_path(row: Path) -> Path:
    """Return where a row's table of clips is."""
    return row.with_name(row.name.removesuffix(".json") + ".samples.csv")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_row(path: Path, row: Row, samples: bytes) -> None:
    """Write a row and its table of clips; a reader sees the old row or the new one."""
    write_atomically(samples_path(path), samples)
    write_atomically(path, row_text(row).encode())


def row_text(row: Row) -> str:
    """Return a row as it is written: JSON with one score per line, so that a changed number is one changed line."""
    return _lines(row.model_dump(mode="json", by_alias=True), "") + "\n"


def _lines(value: Any, indent: str) -> str:
    flat = not isinstance(value, dict) or not any(isinstance(v, dict) for v in value.values())
    if flat or (isinstance(value, dict) and value.keys() >= {"lo", "hi"}):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    inner = indent + "  "
    items = [f"{inner}{json.dumps(k, ensure_ascii=False)}: {_lines(v, inner)}" for k, v in value.items()]
    return "{\n" + ",\n".join(items) + "\n" + indent + "}"


def read_row(path: Path) -> tuple[Row, SampleTable]:
    """Read a row of any released schema version and its table of clips.

    Raises:
        BadRow: If the row cannot be read.
        BadRecord: If its table of clips cannot be read.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadRow(f"{path} cannot be read ({error.strerror}); expected a row written by submit.") from error
    except ValueError as error:
        raise BadRow(f"{path} is not JSON ({error}); submit the result again.") from error
    version = values.get("schema") if isinstance(values, dict) else None
    if isinstance(version, int) and version > ROW_SCHEMA:
        raise BadRow(f"{path} has schema {version}, this version reads up to {ROW_SCHEMA}; update retargetbench.")
    try:
        row = Row.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise BadRow(f"{path} is no row of a leaderboard: {place}: {first['msg']}.") from error
    if not samples_path(path).is_file():
        raise BadRow(f"{path} has no table of clips; expected {samples_path(path).name} beside it.")
    return row, read_samples(samples_path(path))


def find_rows(places: list[Path]) -> list[Path]:
    """Return the row files at or below some paths, sorted.

    Raises:
        BadRow: If there is none at or below one of them.
    """
    found: list[Path] = []
    for place in places:
        here = [place] if place.is_file() else sorted(place.rglob("*.json")) if place.is_dir() else []
        if not here:
            raise BadRow(f"there is no row at or below '{place}'; rows are the JSON files that submit writes.")
        found += here
    return list(dict.fromkeys(found))
