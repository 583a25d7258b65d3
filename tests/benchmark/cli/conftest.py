"""The real command line in this process, with the toy track beside the real ones."""

import pytest

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.tracks import registry

from ..toy import with_toy_track


@pytest.fixture
def command(monkeypatch, capsys):
    """Run a command line: ``command("score", folder)`` gives (exit code, stdout, stderr)."""
    monkeypatch.setattr(registry, "TRACKS", with_toy_track(registry.TRACKS))

    def run(*words):
        capsys.readouterr()
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run
