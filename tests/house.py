"""A small reader of the package's own source: which module imports which, and how large things are."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("datasets", "metrics", "benchmark", "reference_model", "leaderboards")
FLOOR = {"datasets": 1, "metrics": 2, "benchmark": 3, "reference_model": 3, "leaderboards": 4}
PACKAGE = "retargetbench"


@dataclass(frozen=True, eq=False)
class Source:
    """One parsed module of the package."""

    name: str
    path: Path
    tree: ast.Module
    lines: int

    @property
    def room(self):
        return self.name.split(".")[1] if "." in self.name else ""


@cache
def sources():
    found = []
    for path in sorted(p for room in ROOMS for p in (ROOT / room).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join((PACKAGE, *(parts[:-1] if parts[-1] == "__init__" else parts)))
        text = path.read_text()
        found.append(Source(name, path, ast.parse(text), text.count("\n")))
    return tuple(found)


@cache
def imported_names(source: Source) -> tuple[str, ...]:
    """Absolute dotted names of everything a module imports, imports inside functions included."""
    return tuple(_imported_names(source))


def _imported_names(source: Source) -> Iterator[str]:
    package = source.name if source.path.name == "__init__.py" else source.name.rpartition(".")[0]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            module = ".".join(p for p in (base, node.module) if p)
            yield from (f"{module}.{alias.name}" for alias in node.names)


@cache
def import_graph():
    """Module -> the package's modules it imports (the module itself, not its parent packages); not to be changed."""
    names = {s.name for s in sources()}
    graph = {}
    for source in sources():
        targets = set()
        for name in imported_names(source):
            while name and name not in names:
                name = name.rpartition(".")[0]
            if name and name != source.name:
                targets.add(name)
        graph[source.name] = targets
    return graph


def functions(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
