"""The method card ``method.toml``: who made the predictions, and what the method had seen before."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ...datasets.errors import suggestion
from .problems import Problem

MAX_BYTES = 64 * 1024
MAX_TEXT = 200
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class MethodCard:
    """What a results table says about a method."""

    name: str
    """The method's id in tables: letters, digits, dots, dashes and underscores."""
    version: str
    """Raised whenever the predictions may change."""
    commit: str | None = None
    """Commit of the code that made the predictions; ``None`` (the key is left out) when it is not stated."""
    weights_sha256: str | None = None
    """SHA-256 of the weights file; left out when nothing was learned."""
    parameters: int | None = None
    """Number of learned parameters, 0 for a method that learns nothing; left out when it is not stated."""
    trained_on: tuple[str, ...] = ()
    """Data sets the method was trained or tuned on."""
    trained_on_metrics: tuple[str, ...] = ()
    """Metrics (keys or names) the method was trained or tuned on."""

    def to_dict(self) -> dict[str, Any]:
        """Return the card as plain values, for JSON."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}


FIELDS = tuple(field.name for field in fields(MethodCard))
_REQUIRED = ("name", "version")
_NAME = re.compile(r"(oracle:)?[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def card_from(values: Mapping[str, Any], where: str = "method.toml") -> tuple[MethodCard | None, list[Problem]]:
    """Build a card from plain values and collect everything that is wrong with them.

    Returns:
        The card (``None`` when something is wrong) and the problems.
    """
    problems = [
        Problem("S007", f"lacks the key '{key}'; add a line like: {key} = \"{_EXAMPLES[key]}\".", where)
        for key in _REQUIRED
        if values.get(key) is None
    ]
    for key in values:
        if key not in FIELDS:
            problems.append(Problem("S008", f"has the unknown key '{key}'.{suggestion(key, FIELDS)}", where))
    accepted: dict[str, Any] = {}
    for key in FIELDS:
        if values.get(key) is not None:
            complaint = _complaint(key, values[key])
            if complaint:
                problems.append(Problem("S009", f"{key} is {_short(values[key])}; {complaint}.", where))
            accepted[key] = tuple(values[key]) if isinstance(values[key], list) else values[key]
    return (None if problems else MethodCard(**accepted)), problems


def read_card(path: Path) -> tuple[MethodCard | None, list[Problem]]:
    """Read ``method.toml``; a broken file gives ``None`` and its problems, never an exception."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            return None, [
                Problem("S020", f"is larger than {MAX_BYTES // 1024} KiB; a card has a few lines.", path.name)
            ]
        values = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, RecursionError) as error:
        reason = " ".join(str(error).split())
        return None, [Problem("S006", f"is not readable as UTF-8 TOML: {reason}.", path.name)]
    return card_from(values, path.name)


def card_text(card: MethodCard) -> str:
    """Return the card as TOML; the same card always gives the same bytes."""
    return "".join(f"{key} = {_toml(value)}\n" for key, value in card.to_dict().items() if value is not None)


_EXAMPLES = {"name": "my-method", "version": "1.0"}


def _complaint(key: str, value: Any) -> str:
    """Why a value cannot be taken; empty when it can."""
    if key == "parameters":
        fine = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
        return "" if fine else "expected the number of learned parameters, an integer of at least 0"
    if key in {"trained_on", "trained_on_metrics"}:
        fine = isinstance(value, list | tuple) and len(value) <= 1000 and all(_is_text(v) and v for v in value)
        return "" if fine else 'expected a list of names, for example ["AMASS"]'
    if not _is_text(value):
        return f"expected text of at most {MAX_TEXT} printable characters"
    if key == "name" and not _NAME.fullmatch(value):
        return "expected 1 to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit"
    if key == "version" and not value:
        return "expected some text, for example 1.0"
    if key == "weights_sha256" and not _SHA256.fullmatch(value):
        return "expected 64 lower-case hexadecimal digits; leave the line out when nothing was learned"
    return ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and (value.isprintable() or not value)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _toml(value: str | int | Sequence[str]) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, int):
        return str(value)
    return "[" + ", ".join(_toml(v) for v in value) + "]"
