"""retargetbench scores motion retargeters.

The public names below are loaded on first use, so that ``import retargetbench`` stays instant and torch-free.
"""

from importlib import import_module as _import_module
from pathlib import Path as _Path

__version__ = "0.1.0"

_PUBLIC = {
    "Character": "retargetbench.datasets.body.character",
    "Motion": "retargetbench.datasets.body.motion",
    "Skeleton": "retargetbench.datasets.body.skeleton",
    "BenchError": "retargetbench.datasets.errors",
}

__all__ = ["BenchError", "Character", "Motion", "Skeleton", "__version__"]

_repo = _Path(__file__).resolve().parents[2]
if (_repo / "pyproject.toml").is_file():  # editable install: the sub-packages are the top-level folders
    __path__.insert(0, str(_repo))
del _Path, _repo


def __getattr__(name: str) -> object:
    """Load a public name from its own module on first use (PEP 562)."""
    if name in _PUBLIC:
        return getattr(_import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'retargetbench' has no attribute {name!r}")
