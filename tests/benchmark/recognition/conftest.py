"""The real command line in this process, with the toy classes beside the real tracks."""

import pytest

from ..retrieval.conftest import few_draws, runner
from .toy_classes import patch_registry

__all__ = ["few_draws"]


@pytest.fixture
def command(monkeypatch, capsys):
    """Run a command line: ``command("score", folder)`` gives (exit code, stdout, stderr)."""
    patch_registry(monkeypatch)
    return runner(capsys)
