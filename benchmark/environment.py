"""The machine and the software that a record was made with."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .records import Run

_PACKAGES = ("retargetbench", "numpy", "torch", "warp-lang", "roma", "scipy", "transformers", "tokenizers")


def environment_record(*, scoring_s: float, speed: dict[str, Any] | None) -> Run:
    """Return ``run.json``'s content for a scoring that has just ended.

    Args:
        scoring_s: Seconds that the scoring took.
        speed: What the run of the method stated about its speed, if anything.
    """
    return Run(
        time_utc=datetime.now(UTC).isoformat(timespec="seconds"),
        host=platform.node(),
        hardware={"machine": platform.machine(), "processor": _processor(), "cores": os.cpu_count()},
        environment={"python": platform.python_version(), "system": platform.system()} | package_versions(),
        dirty=_is_dirty(),
        scoring_s=round(scoring_s, 3),
        speed=speed,
    )


def package_versions() -> dict[str, str]:
    """Return the versions of the packages that numbers depend on; absent ones are left out."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        if names:
            return names[0]
    return platform.processor() or "unknown"


def _is_dirty() -> bool | None:
    """Whether the checkout that the package runs from has changes; ``None`` where it runs from no checkout."""
    root = Path(__file__).resolve().parents[1]
    if not (root / "pyproject.toml").is_file():
        return None
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), "status", "--porcelain"], capture_output=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return bool(answer.stdout.strip())
