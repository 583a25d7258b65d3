"""The method's process: imports the method, serves one clip after another, and is thrown away after a failure.

Started as ``python -m retargetbench.benchmark.running.worker`` with two pipes beside stdin, stdout and stderr: commands
come in as JSON lines on one, answers go out as JSON lines on the other, arrays go through files. What the method prints
is never taken for an answer. When the command pipe closes, because the run ended or died, this process, its children
and its folder go too: it makes that folder itself, so that there is no moment at which a dying run could leave one.
"""

import hashlib
import inspect
import json
import os
import queue
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np

from ...datasets.body import Motion, Skeleton
from ...datasets.errors import BenchError, shorten
from ...datasets.readers.clip_npz import write_clip
from .classifying import require_classifier, serve_classes
from .describing import describe
from .embedding import require_embedder, serve_embedding
from .errors import BadMethod, BadPlugin
from .handover import input_sha256, read_input

INPUT_FILE, OUTPUT_FILE, WORK = "input.npz", "output.npz", "work"

Retarget = Callable[..., Any]
Answer = dict[str, Any]

_ONE_CALL: Mapping[str, tuple[Callable[..., Mapping[str, Any]], Callable[..., Answer]]] = {
    "retrieval": (require_embedder, serve_embedding),
    "recognition": (require_classifier, serve_classes),
}
"""Task -> what refuses a method that cannot do it, and what serves one that is called once for all items."""


def main() -> None:
    """Serve until the command pipe closes.

    The arguments are its number, the answer pipe's number, the method's kind and target, and the task of the track.
    """
    commands_fd, answers_fd, kind, target, task = int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:6]
    sys.argv[1:] = []  # a method must not find our arguments
    for descriptor in (commands_fd, answers_fd):
        os.set_inheritable(descriptor, False)
    folder = Path(tempfile.mkdtemp(prefix="retargetbench-method-")).resolve()
    _enter_empty(folder / WORK)
    commands: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(commands_fd, commands, folder), daemon=True).start()
    try:
        _send(answers_fd, {"folder": str(folder)}, folder)
        try:
            method, about = _load(kind, target, task)
            answer: Answer = dict(about)
        except BaseException as error:
            method = None
            answer = _start_failure(error, kind, target)
        _send(answers_fd, answer, folder)
        while method is not None:
            command = commands.get()
            _enter_empty(folder / WORK)
            if task in _ONE_CALL:
                answered = _ONE_CALL[task][1](method, folder, command)
            else:
                answered = _serve(method, folder, int(command["seed"]))
            _send(answers_fd, answered, folder)
    finally:
        # The listening thread ends with this one. A run that dies right after it sent a command lets it remove the
        # input under the hands of this thread, which then fails before all is removed.
        _remove(folder)


def _enter_empty(folder: Path) -> None:
    """Begin every clip in an empty working folder, whatever the one before left there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)
    os.chdir(folder)


def _listen(descriptor: int, commands: "queue.SimpleQueue[Answer]", folder: Path) -> None:
    """Queue every command; at the end of the pipe remove the folder and end the whole process group."""
    with os.fdopen(descriptor, "r", encoding="utf-8") as stream:
        for line in stream:
            commands.put(json.loads(line))
    _leave(folder)


def _leave(folder: Path) -> None:
    """Nobody listens any more: remove the folder and end the group."""
    _remove(folder)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _remove(folder: Path) -> None:
    """Remove the folder, also while the method still writes into it or the other thread removes it too."""
    for _ in range(100):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break


def _send(descriptor: int, answer: Answer, folder: Path) -> None:
    content = (json.dumps(answer) + "\n").encode()
    try:
        while content:
            content = content[os.write(descriptor, content) :]
    except BrokenPipeError:
        _leave(folder)


def _load(kind: str, target: str, task: str) -> tuple[Any, Mapping[str, Any]]:
    """Import the method; return it and what is known about it, its card included."""
    wanted = "" if task in _ONE_CALL else "retarget"  # of a plug-in: all of it, or its one function
    module_name, _, attribute = target.partition(":") if kind == "entry-point" else ("", "", wanted)
    module = import_module(module_name) if kind == "entry-point" else _import_plugin(Path(target), wanted)
    method = module
    for part in filter(None, attribute.split(".")):
        method = getattr(method, part)
    about = _ONE_CALL[task][0](method, target) if task in _ONE_CALL else _require_retarget(method, attribute, target)
    card = getattr(method, "card", {})
    if not isinstance(card, Mapping):
        raise BadMethod(f"the card of {target} is a {type(card).__name__}; expected a mapping with name, version, ...")
    path = getattr(module, "__file__", None)
    code = hashlib.sha256(Path(path).read_bytes()).hexdigest() if path else ""
    return method, {**about, "card": {str(key): _plain(value) for key, value in card.items()}, "code_sha256": code}


def _require_retarget(method: Any, attribute: str, target: str) -> Mapping[str, Any]:
    if not callable(method):
        raise BadMethod(f"'{attribute}' of {target} is a {type(method).__name__}; expected a function.")
    try:
        inspect.signature(method).bind(None, None, None, seed=0)
    except TypeError as error:
        raise BadMethod(f"{target} cannot be called as retarget(source, motion, target, seed=0): {error}.") from None
    except ValueError:
        pass  # a built-in without a signature: the first call will tell
    return {}


def _plain(value: Any) -> Any:
    """A card's value as JSON can carry it; what cannot be carried becomes its text, which the card's rules refuse."""
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, np.integer):
        return int(value)
    return value if value is None or isinstance(value, str | int | float | bool) else {"unusable": repr(value)[:80]}


def _import_plugin(path: Path, wanted: str) -> Any:
    spec = spec_from_file_location(f"retargetbench_plugin_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise BadPlugin(f"{path.name} is no Python file; expected a name that ends in .py.")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(path.parent))  # as `python file.py` does, so that it can import its neighbours
    spec.loader.exec_module(module)
    if wanted and not hasattr(module, wanted):
        raise BadPlugin(f"the plug-in {path.name} does not define '{wanted}'.")
    return module


def _start_failure(error: BaseException, kind: str, target: str) -> Answer:
    if isinstance(error, BadPlugin | BadMethod):
        return {"rule": error.rule, "message": str(error).removeprefix(f"[{error.rule}] ")}
    name = f"the plug-in {Path(target).name}" if kind == "plugin" else f"the method {target}"
    message = f"{name} cannot be imported: {describe(error, str(Path.cwd()))}."
    if isinstance(error, BenchError):  # it has said what to do; where in its code means nothing to the user
        message = f"{name} cannot start: {error}"
    return {"rule": BadPlugin.rule if kind == "plugin" else BadMethod.rule, "message": message}


def _serve(retarget: Retarget, folder: Path, seed: int) -> Answer:
    """Run the method on the clip in the folder and write its motion; every failure becomes an answer."""
    given = read_input(folder / INPUT_FILE, seed=seed)
    before = input_sha256(given)
    start_s = time.perf_counter()
    try:
        returned = retarget(given.source, given.motion, given.target, seed=seed)
    except BaseException as error:
        return {"rule": "P101", "message": f"raised {describe(error, str(folder / WORK))}."}
    seconds = time.perf_counter() - start_s
    try:
        changed = input_sha256(given) != before
    except Exception:
        changed = True
    if changed:
        return {"rule": "P105", "message": "changed its input; work on copies (array.copy())."}
    complaint = _complaint(returned, given.target.skeleton, given.source.skeleton)
    if complaint:
        return complaint
    try:
        write_clip(folder / OUTPUT_FILE, returned)
    except Exception as error:  # a Motion whose fields were replaced behind its back
        return {
            "rule": "P106",
            "message": f"returned a Motion that cannot be written: {describe(error, str(folder / WORK))}.",
        }
    return {"seconds": seconds}


def _complaint(returned: Any, target: Skeleton, source: Skeleton) -> Answer | None:
    if not isinstance(returned, Motion):
        kind = type(returned).__name__
        return {"rule": "P106", "message": f"returned a {kind}; expected a retargetbench.Motion on the target."}
    skeleton = returned.skeleton
    if skeleton.joint_names != target.joint_names:
        wrong = [name for name in skeleton.joint_names if name not in target.joint_names]
        missing = [name for name in target.joint_names if name not in skeleton.joint_names]
        difference = f"unknown joints: {shorten(wrong)}" if wrong else f"missing joints: {shorten(missing)}"
        difference = difference if wrong or missing else "the same joints in another order"
        return {
            "rule": "P107",
            "message": f"returned a motion on another skeleton than target.skeleton ({difference}).",
        }
    if not np.allclose(skeleton.rest_offsets_m, target.rest_offsets_m, atol=1e-4):
        hint = ": it is the source's" if np.array_equal(skeleton.rest_offsets_m, source.rest_offsets_m) else ""
        message = f"returned a motion on a skeleton with other bones than the target's{hint}; use target.skeleton."
        return {"rule": "P107", "message": message}
    return None


if __name__ == "__main__":
    main()
