"""What every test shares: the package is seen only as ``retargetbench``, and each process computes with one thread."""

import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is loaded; the command line does the same
_root = Path(__file__).resolve().parents[1]
sys.path[:] = [p for p in sys.path if Path(p or ".").resolve() != _root]

SHARED_DATA = _root.parent / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def _one_torch_thread():
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def cuda():
    """The CUDA device; a test that asks for it skips where there is none."""
    import torch

    if not torch.cuda.is_available():
        pytest.skip("there is no CUDA device; `make test-all` runs this on a machine that has one")
    return torch.device("cuda")


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real public files beside the checkout; a test that asks for it skips where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real files (../shared/data) are missing; this runs where they lie beside the checkout")
    return SHARED_DATA


@pytest.fixture
def published(monkeypatch):
    """Replace the published audit: ``published(rows, judges)``, each a table with its heads, or empty."""
    from .published_audit import forget, put_in_place

    yield put_in_place(monkeypatch)
    forget()
