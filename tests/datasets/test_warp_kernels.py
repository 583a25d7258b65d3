"""Compiling ahead covers every kernel of the package."""

import re
from pathlib import Path

from retargetbench import benchmark, datasets, metrics, reference_model
from retargetbench.datasets.warp_kernels import MODULES, compile_kernels


def test_every_module_that_defines_a_kernel_is_compiled_ahead():
    files = [
        p for floor in (benchmark, datasets, metrics, reference_model) for p in Path(floor.__path__[0]).rglob("*.py")
    ]
    defining = {p.stem for p in files if re.search(r"^@wp\.kernel", p.read_text(encoding="utf-8"), flags=re.MULTILINE)}
    assert len(files) > 100
    assert defining == {module.__name__.rpartition(".")[2] for module in MODULES}


def test_compiling_again_changes_nothing():
    compile_kernels()
    compile_kernels()
