"""The released wheel holds the same package as the checkout, data included."""

import os
import subprocess
import sys
import zipfile

import pytest

from .house import PACKAGE, ROOMS, ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-P", "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def _tracked_files():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *ROOMS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {f"{PACKAGE}/{line}" for line in listed.stdout.splitlines() if (ROOT / line).is_file()}


def test_the_wheel_holds_exactly_the_package(wheel):
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nothing to compare the wheel with")
    inside = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    assert inside == _tracked_files() | {f"{PACKAGE}/{name}" for name in ("__init__.py", "__main__.py", "py.typed")}


def test_the_unpacked_wheel_loads_its_bodies_and_clips(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        "import retargetbench, pathlib\n"
        "from retargetbench.datasets.intents.bodies import body_names, load_body\n"
        "from retargetbench.datasets.intents.clips import load_intents\n"
        "clips = load_intents('mini')\n"
        "pair = clips.load(clips.pairs[0].clip_id)\n"
        "place = pathlib.Path(retargetbench.__file__).parent\n"
        "print(place, len(clips.pairs), load_body(body_names()[0]).vertex_count)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    place, pairs, vertices = done.stdout.split()
    assert place == str(tmp_path / PACKAGE)
    assert int(pairs) == 32
    assert int(vertices) == 1229
