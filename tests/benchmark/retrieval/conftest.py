"""The real command line in this process, with the toy search beside the real tracks."""

import pytest

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.statistics import estimate_mean

from .toy_search import patch_registry


@pytest.fixture(autouse=True, scope="module")
def few_draws():
    """A search has a hundred figures; what is tested here is not the bootstrap."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(estimate_mean.__kwdefaults__, "draws", 300)
        yield


def runner(capsys):
    """A function that runs a command line and gives (exit code, stdout, stderr)."""

    def run(*words):
        capsys.readouterr()
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def command(monkeypatch, capsys):
    """Run a command line: ``command("score", folder)`` gives (exit code, stdout, stderr)."""
    patch_registry(monkeypatch)
    return runner(capsys)
