"""The rules of the house: floors, cycles, sizes, docstrings. The project's own checker; users need nothing else."""

import ast
import graphlib
import os
import statistics
import subprocess
import sys

import pytest

from .house import FLOOR, PACKAGE, ROOMS, functions, import_graph, imported_names, sources


def test_a_floor_imports_only_from_floors_below():
    wrong = []
    for module, targets in import_graph().items():
        here = module.split(".")[1]
        for target in targets:
            there = target.split(".")[1] if "." in target else here
            if there != here and FLOOR[there] >= FLOOR[here]:
                wrong.append(f"{module} imports {target}")
    assert not wrong


def test_there_is_no_import_cycle_lazy_imports_counted():
    graph = import_graph()
    # A package's __init__ runs before its modules but is not imported by name there; only real edges count.
    graphlib.TopologicalSorter(graph).prepare()


def test_nothing_of_ours_is_imported_by_its_bare_name():
    bare = [(s.name, n) for s in sources() for n in imported_names(s) if n.split(".")[0] in ROOMS]
    assert not bare


def test_files_and_functions_stay_small():
    lengths = sorted(s.lines for s in sources())
    assert max(lengths) <= 400, [s.name for s in sources() if s.lines > 400]
    assert statistics.quantiles(lengths, n=10)[-1] <= 250
    long = [
        f"{s.name}.{f.name}: {f.end_lineno - f.lineno + 1} lines"
        for s in sources()
        for f in functions(s.tree)
        if f.end_lineno - f.lineno + 1 > 60
    ]
    assert not long


def test_no_function_takes_more_than_six_parameters():
    many = []
    for source in sources():
        for function in functions(source.tree):
            a = function.args
            names = [p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs) if p.arg not in {"self", "cls"}]
            if len(names) > 6:
                many.append(f"{source.name}.{function.name}: {len(names)}")
    assert not many


def test_only_the_console_prints():
    printing = [
        f"{s.name}:{n.lineno}"
        for s in sources()
        for n in ast.walk(s.tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "print"
    ]
    assert {p.split(":")[0] for p in printing} <= {f"{PACKAGE}.benchmark.cli.console"}


def test_everything_public_has_a_docstring_and_annotations():
    missing = []
    for source in sources():
        if not ast.get_docstring(source.tree):
            missing.append(source.name)
        named = [n for n in ast.walk(source.tree) if isinstance(n, ast.ClassDef | ast.FunctionDef)]
        missing += [f"{source.name}.{n.name}" for n in named if n.name[0] != "_" and not ast.get_docstring(n)]
        for function in functions(source.tree):
            a = function.args
            bare = [p.arg for p in (*a.args, *a.kwonlyargs) if not p.annotation and p.arg not in {"self", "cls"}]
            missing += [f"{source.name}.{function.name}({name})" for name in bare]
    assert not missing


def test_every_rule_id_belongs_to_one_error():
    rules: dict[str, list[str]] = {}
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                for line in node.body:
                    if (
                        isinstance(line, ast.Assign)
                        and getattr(line.targets[0], "id", "") == "rule"
                        and isinstance(line.value, ast.Constant)
                    ):
                        rules.setdefault(line.value.value, []).append(node.name)
    assert rules
    assert not {rule: names for rule, names in rules.items() if len(names) > 1}


@pytest.mark.parametrize(
    "module", ["retargetbench", "retargetbench.benchmark.cli.main", "retargetbench.metrics.declarations"]
)
def test_what_every_command_loads_pulls_in_no_torch(module):
    heavy = "{'torch', 'warp', 'scipy', 'matplotlib', 'transformers'}"
    code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, env=os.environ, check=True
    )
    assert done.stdout.strip() == "[]"


def test_torchvision_is_not_installed():
    import importlib.util

    assert importlib.util.find_spec("torchvision") is None
