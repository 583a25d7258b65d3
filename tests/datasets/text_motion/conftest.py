import pytest

from retargetbench.datasets.text_motion.layouts import KIT_ML

from .made_folder import make_folder


@pytest.fixture(scope="session")
def humanml3d(tmp_path_factory):
    """A small folder of HumanML3D, which no test changes."""
    return make_folder(tmp_path_factory.mktemp("made") / "HumanML3D")


@pytest.fixture(scope="session")
def kit_ml(tmp_path_factory):
    """A small folder of KIT-ML, which no test changes."""
    return make_folder(tmp_path_factory.mktemp("made") / "KIT-ML", KIT_ML)


@pytest.fixture
def own_folder(tmp_path):
    """A folder of HumanML3D for a test to spoil."""
    return make_folder(tmp_path / "HumanML3D")
