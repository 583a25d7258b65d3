"""Find a method by name without importing it: an entry point, a plug-in file, or the reserved ground-truth source."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Literal

from ...datasets.errors import suggestion
from ..tracks.track import Task
from .errors import BadPlugin, UnknownMethod

ENTRY_POINT_GROUP = "retargetbench.methods"
GROUND_TRUTH = "oracle:ground-truth"
"""Reserved name: predictions are the last of a pair's solved right answers. Not a method; it sees no input."""

EMBED_FUNCTIONS = ("embed_text", "embed_motion", "embed_video")
"""What a retrieval method defines, at least two of them."""

CLASSIFY = "classify"
"""What a recognition method defines."""


@dataclass(frozen=True)
class MethodSource:
    """Where a method's code is; nothing of it has been imported."""

    name: str
    kind: Literal["entry-point", "plugin", "oracle"]
    target: str = ""
    """``module:attribute`` of an entry point, or the absolute path of a plug-in."""
    package: str = ""
    """Distribution and version that announced the entry point."""
    task: Task = "retargeting"
    """Of the track that it is run on: what it must define."""


def installed_methods() -> Mapping[str, EntryPoint]:
    """Return the entry points of all installed methods by name, sorted."""
    return {e.name: e for e in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda e: e.name)}


def find_method(name: str, plugin: Path | None = None, task: Task = "retargeting") -> MethodSource:
    """Return where the method ``name`` is.

    Args:
        name: An entry-point name, ``oracle:ground-truth``, or, with a plug-in, the name that the run is given.
        plugin: A Python file that defines ``retarget``, ``embed_text`` and ``embed_motion``, or ``classify``.
        task: Of the track.

    Raises:
        UnknownMethod: With the nearest names.
        BadPlugin: If the file is missing, is no Python, or plainly does not define what the task needs.
    """
    if name == GROUND_TRUTH and plugin is None:
        return MethodSource(name, "oracle", task=task)
    if plugin is not None:
        if name == GROUND_TRUTH:
            raise BadPlugin(f"'{GROUND_TRUTH}' is a reserved name; give the plug-in {plugin} another one.")
        _check_plugin(plugin, task)
        return MethodSource(name, "plugin", str(plugin.resolve()), task=task)
    installed = installed_methods()
    if name not in installed:
        if name.endswith(".py") or "/" in name:
            raise BadPlugin(f"'{name}' is a file, not a name; write: retargetbench run my-method --plugin {name}")
        raise UnknownMethod("method", name, [*installed, GROUND_TRUTH])
    entry = installed[name]
    package = f"{entry.dist.name} {entry.dist.version}" if entry.dist else ""
    return MethodSource(name, "entry-point", entry.value, package, task)


_FUNCTION: Mapping[Task, tuple[str, str]] = {
    "retargeting": ("retarget", "retarget(source, motion, target, *, seed) -> Motion"),
    "recognition": (CLASSIFY, f"{CLASSIFY}(motions, classes, *, seed) -> array"),
}
"""What a plug-in must define where that is one function, and how it is called."""


def _check_plugin(path: Path, task: Task) -> None:
    """Refuse what can be seen without running the file, so that the answer comes at once."""
    if not path.is_file():
        near = suggestion(path.name, [p.name for p in path.parent.glob("*.py")]) if path.parent.is_dir() else ""
        raise BadPlugin(f"there is no plug-in file '{path}'.{near}")
    try:
        tree = ast.parse(path.read_bytes(), filename=path.name)
    except SyntaxError as error:
        raise BadPlugin(f"the plug-in {path.name} has a syntax error in line {error.lineno}: {error.msg}.") from None
    except (ValueError, RecursionError) as error:
        raise BadPlugin(f"the plug-in {path.name} is no Python source: {error}.") from None
    names = _top_level_names(tree)
    if "*" in names:
        return
    if task == "retrieval":
        if sum(name in names for name in EMBED_FUNCTIONS) < 2:
            raise BadPlugin(
                f"the plug-in {path.name} does not define two of {', '.join(EMBED_FUNCTIONS)}; expected for example "
                f"embed_text(captions, *, seed) -> array.{suggestion('embed_text', names)}"
            )
        return
    name, call = _FUNCTION[task]
    if name not in names:
        raise BadPlugin(
            f"the plug-in {path.name} does not define '{name}'; expected a function {call}.{suggestion(name, names)}"
        )


def _top_level_names(tree: ast.Module) -> set[str]:
    """Every name that module level could bind, branches included; ``*`` stands for a star import."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"globals", "exec"}:
            names.add("*")
    return names
