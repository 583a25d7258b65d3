"""The records of a scored run: what they hold, how they are written, and that every released version still loads.

``result.json`` says what was scored and what came out; it is the same whenever the same predictions are scored in the
same environment. ``samples.csv`` holds the numbers of each clip, from which every number of ``result.json`` follows.
``run.json`` holds what differs between identical runs. All three are readable with the standard library alone.
"""

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, ValidationError, model_serializer

from ..datasets.errors import BenchError
from ..metrics.semantics.source import Precision

SCHEMA_VERSION: Literal[1] = 1
RESULT_FILE, SAMPLES_FILE, RUN_FILE = "result.json", "samples.csv", "run.json"


class BadRecord(BenchError):
    """A record that cannot be read: no JSON, a missing or wrong field, or written by a newer version."""

    rule = "C010"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class MethodIdentity(_Record):
    """What made the predictions."""

    name: str
    version: str | None = None
    commit: str | None = None
    weights_sha256: str | None = None
    parameters: int | None = None
    """Number of learned numbers; 0 for a method that learns nothing."""
    trained_on: tuple[str, ...] = ()
    trained_on_metrics: tuple[str, ...] = ()
    """Metrics that the method was trained or tuned to do well on."""


class Clusters(_Record):
    """How many independent motions and target bodies a score rests on."""

    motions: int
    bodies: int
    """0 for data without bodies: its intervals are one-way, over motions alone."""


class Score(_Record):
    """One metric over one split: the mean over clips with its 95 % interval."""

    value: float
    lo: float | None
    """Lower end of the interval; ``None`` with ``hi`` when there are too few clusters for one (see ``note``)."""
    hi: float | None
    n: int
    """Clips to which the metric applies; of a metric of whole sets, clips in the set."""
    clusters: Clusters
    unit: str
    direction: Literal["lower", "higher", "none"]
    note: str | None = None
    """Why there is no interval, or whatever else a reader must know."""


class Failures(_Record):
    """Clips for which the method gave no motion."""

    count: int
    policy: Literal["worst-case"] = "worst-case"
    """They count each metric's worst case."""
    ids: tuple[str, ...]


class JudgeRecord(_Record):
    """Who gave the semantic scores of a result, and what it was shown and asked; other words here, another score."""

    kind: str
    """As it was asked for: ``clip``, ``blip2:owner/name@revision``."""
    fingerprint: str
    """Hash of weights, vocabularies and preprocessing."""
    precision: Precision
    views: tuple[str, ...]
    frames: int
    """Per clip, evenly spaced."""
    crop: str
    size_px: int
    renderer: str
    questions: tuple[str, ...] = ()
    """What it was asked; nothing for a judge that cannot answer."""
    captions_sha256: str | None = None
    """Hash of the sentences that ``itm`` holds against the pictures; ``None`` where there is no ``itm``."""


class Result(_Record):
    """``result.json``: one scored run."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)

    schema_version: Literal[1] = Field(default=SCHEMA_VERSION, alias="schema")
    track: str
    variant: str
    data: str
    """SHA-256 of the data manifest: the version of the data."""
    method: MethodIdentity
    scores: dict[str, dict[str, Score]]
    """Split (``all`` first) -> metric key -> score."""
    failures: Failures
    seed: int
    command: str
    predictions_sha256: str
    trust: Literal["T0", "T1", "T2", "T3"] = "T1"
    """T0 quoted, T1 scored, T2 reproduced, T3 held-out."""
    judges: dict[str, JudgeRecord] = {}
    """Name in metric keys -> judge; left out of the file where nobody judged."""

    @model_serializer(mode="wrap")
    def _without_absent_judges(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = handler(self)
        if not self.judges:
            del values["judges"]
        return values


class Run(_Record):
    """``run.json``: what varies between identical runs. Fields may be absent; readers must not need them."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False, populate_by_name=True)

    schema_version: Literal[1] = Field(default=SCHEMA_VERSION, alias="schema")
    time_utc: str
    host: str
    hardware: dict[str, Any]
    environment: dict[str, str]
    """Package -> version."""
    dirty: bool | None = None
    """Whether the package's own checkout had changes; ``None`` where there is no checkout."""
    scoring_s: float
    speed: dict[str, Any] | None = None
    """What the run of the method stated: seconds, frames per second, hardware."""


def result_text(result: Result) -> str:
    """Return ``result.json`` as it is written."""
    return _text(result)


def run_text(run: Run) -> str:
    """Return ``run.json`` as it is written."""
    return _text(run)


def _text(record: BaseModel) -> str:
    values = record.model_dump(mode="json", by_alias=True)
    return json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read_result(path: Path) -> Result:
    """Read a ``result.json`` of any released schema version.

    Raises:
        BadRecord: If it is missing or not one.
    """
    return Result.model_validate(_checked(path, Result))


def read_run(path: Path) -> Run:
    """Read a ``run.json`` of any released schema version.

    Raises:
        BadRecord: If it is missing or not one.
    """
    return Run.model_validate(_checked(path, Run))


def _checked(path: Path, kind: type[Result] | type[Run]) -> dict[str, Any]:
    """The parsed file, known to be valid; a newer schema and a wrong field each get their own sentence."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadRecord(f"{path} cannot be read ({error.strerror}); expected a record written by score.") from error
    except ValueError as error:
        raise BadRecord(f"{path} is not JSON ({error}); score the predictions again.") from error
    version = values.get("schema") if isinstance(values, dict) else None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise BadRecord(
            f"{path} has schema {version}, this version reads up to {SCHEMA_VERSION}; update retargetbench to read it."
        )
    try:
        kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole file"
        more = f" ({error.error_count() - 1} further problems)" if error.error_count() > 1 else ""
        raise BadRecord(f"{path} is no {path.name}: {place}: {first['msg']}{more}.") from error
    return dict(values)
