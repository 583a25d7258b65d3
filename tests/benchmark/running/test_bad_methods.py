"""Every way in which a method can misbehave: one clear sentence, exit code 1, and the other clips are not lost."""

import csv
import json

import pytest

from retargetbench.benchmark.running import worker_process
from retargetbench.benchmark.running.errors import CLIP_RULES
from retargetbench.benchmark.submission.check import check_submission

from ..toy import VARIANTS
from .conftest import COPY, tree

BAD = {
    "raises": ("P101", "raise ValueError('no such joint: Tail')", "ValueError: no such joint: Tail (plugin.py, line "),
    "exits": ("P101", "sys.exit('enough')", "SystemExit: enough"),
    "is interrupted by itself": ("P101", "raise KeyboardInterrupt", "KeyboardInterrupt"),
    "recurses for ever": ("P101", "def down(): down()\n        down()", "RecursionError"),
    "hangs": ("P102", "time.sleep(600)", "took longer than the limit of 1 s per call"),
    "hangs in a busy loop": ("P102", "while True: pass", "took longer than the limit of 1 s per call"),
    "waits for input for ever": ("P101", "input('which joint? ')", "EOFError"),
    "eats memory": (
        "P103",
        "blocks = []\n        while True: blocks.append(bytearray(os.urandom(1) * (16 << 20))); time.sleep(0.01)",
        "more than the limit of 0.3 GiB",
    ),
    "lets a child eat memory": (
        "P103",
        "import subprocess; subprocess.run([sys.executable, '-c', 'x = bytearray(b\"x\" * (500 << 20)); import time;"
        " time.sleep(60)'])",
        "more than the limit of 0.3 GiB",
    ),
    "leaves without a word": ("P104", "os._exit(0)", "exited with code 0 before it answered"),
    "crashes": ("P104", "import ctypes; ctypes.string_at(0)", "was killed by SIGSEGV"),
    "aborts": ("P104", "os.abort()", "was killed by SIGABRT"),
    "kills itself": ("P104", "import signal; os.kill(os.getpid(), signal.SIGKILL)", "was killed by SIGKILL"),
    "changes the source motion": (
        "P105",
        "a = motion.local_rotations_wxyz; a.setflags(write=True); a[0] = a[-1]",
        "changed its input",
    ),
    "changes the target's mesh": (
        "P105",
        "object.__setattr__(target, 'rest_vertices_m', target.rest_vertices_m * 2)",
        "changed its input",
    ),
    "writes into a read-only input": ("P101", "motion.root_translation_m[:] = 0", "read-only"),
    "returns nothing": ("P106", "return None", "returned a NoneType"),
    "returns an array": ("P106", "return motion.local_rotations_wxyz", "returned a ndarray"),
    "returns a lazy answer": ("P106", "return (m for m in [motion])", "returned a generator"),
    "returns the source's skeleton": ("P107", "return motion", "it is the source's; use target.skeleton"),
    "returns joints in another order": (
        "P107",
        "s = target.skeleton; n = list(s.joint_names); n[-1], n[-2] = n[-2], n[-1]; o = s.rest_offsets_m.copy()\n"
        "        p = list(s.parents); p[-1], p[-2] = p[-2], p[-1]; o[[-1, -2]] = o[[-2, -1]]\n"
        "        return Motion(Skeleton(tuple(n), tuple(p), o), motion.local_rotations_wxyz, "
        "motion.root_translation_m, motion.fps)",
        "the same joints in another order",
    ),
    "returns an unknown joint": (
        "P107",
        "s = target.skeleton; bad = Skeleton((*s.joint_names[:-1], 'Tail'), s.parents, s.rest_offsets_m)\n"
        "        return Motion(bad, motion.local_rotations_wxyz, motion.root_translation_m, motion.fps)",
        "unknown joints: Tail",
    ),
    "returns fewer frames": ("R115", "return good(source, motion.window(0, 5), target)", "expected [12, 24, 4]"),
    "returns another frame rate": (
        "R116",
        "m = good(source, motion, target); return Motion(m.skeleton, m.local_rotations_wxyz, m.root_translation_m, 60)",
        "fps is 60; expected the source's 30",
    ),
    "returns NaN": (
        "P101",
        "m = good(source, motion, target); r = m.root_translation_m.copy(); r[3] = np.nan\n"
        "        return Motion(m.skeleton, m.local_rotations_wxyz, r, m.fps)",
        "root_translation_m holds NaN",
    ),
    "smuggles NaN past the constructor": (
        "R117",
        "m = good(source, motion, target); object.__setattr__(m, 'root_translation_m', "
        "m.root_translation_m * np.float32('nan'))\n        return m",
        "NaN or infinite",
    ),
    "returns centimetres": (
        "R119",
        "m = good(source, motion, target)\n"
        "        return Motion(m.skeleton, m.local_rotations_wxyz, m.root_translation_m * 1e5, m.fps)",
        "is it in centimetres",
    ),
    "returns a hollow motion": (
        "P106",
        "m = good(source, motion, target); object.__setattr__(m, 'local_rotations_wxyz', None); return m",
        "returned a Motion that cannot be written",
    ),
    "writes garbage to every pipe": (
        "P108",
        "[os.write(n, b'}{ garbage\\n') for n in range(3, 64) if os.path.exists(f'/proc/self/fd/{n}') and "
        "'pipe' in os.readlink(f'/proc/self/fd/{n}') and not os.get_blocking(n) is None and _writable(n)]",
        "answered nonsense",
    ),
}
HELPERS = """
import fcntl
def _writable(n):
    return fcntl.fcntl(n, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY
"""


def plugin_text(misbehaviour):
    """Misbehaves on the smaller target only, so that the other clip must come through."""
    return f"""{HELPERS}
def retarget(source, motion, target, *, seed):
    if target.height_m < 1.4:
        {misbehaviour}
    root = motion.root_translation_m * target.height_m / source.height_m
    return Motion(target.skeleton, motion.local_rotations_wxyz, root, motion.fps)
"""


@pytest.mark.parametrize("name", BAD)
def test_a_method_that_misbehaves_on_one_clip_loses_only_that_clip(name, plugin, run_toy, tmp_path):
    rule, misbehaviour, words = BAD[name]
    limits = ["--timeout-s", 1 if rule == "P102" else 60, "--memory-gib", 0.3]
    code, out, err = run_toy(plugin(plugin_text(misbehaviour)), tmp_path / "out", *limits, "--json")
    assert code == 1
    [failure] = json.loads(out)["failures"]
    assert (failure["rule"], failure["clip_id"]) == (rule, "retarget/toy/touch0/body1>body0")
    assert words in failure["message"]
    assert "\n" not in failure["message"]
    assert str(tmp_path) not in failure["message"]
    assert f"[{rule}] " in err
    assert "Traceback" not in err
    assert [file.name for file in (tmp_path / "out" / "predictions").iterdir()] == ["00000.npz"]
    [declared] = csv.DictReader((tmp_path / "out" / "failures.csv").read_text().splitlines())
    assert declared["rule"] == rule
    report = check_submission(tmp_path / "out", VARIANTS["two"])
    assert not report.problems
    assert (report.clips_predicted, report.clips_failed) == (1, 1)


def test_every_way_of_failing_on_a_clip_has_an_example():
    assert {rule for rule, _, _ in BAD.values() if rule.startswith("P")} == set(CLIP_RULES)


DO_NOT_START = {
    "syntax error": ("P002", "def retarget(:\n    pass", "plugin.py has a syntax error in line "),
    "no retarget": ("P002", "def retaget(source, motion, target, *, seed): pass", "Did you mean 'retaget'"),
    "raises on import": ("P002", "raise RuntimeError('no weights')\ndef retarget(): pass", "RuntimeError: no weights"),
    "missing import": ("P002", "import no_such_thing\ndef retarget(): pass", "No module named 'no_such_thing'"),
    "exits on import": ("P002", "sys.exit(0)\ndef retarget(): pass", "SystemExit"),
    "dies on import": (
        "P008",
        "print('boom', flush=True); os._exit(7)\ndef retarget(): pass",
        "code 7 before it answered. Its last words: boom",
    ),
    "hangs on import": ("P008", "time.sleep(600)\ndef retarget(): pass", "importing it took longer than 1 s"),
    "is no function": ("P003", "retarget = 3", "is a int; expected a function"),
    "wrong parameters": ("P003", "def retarget(source, motion): pass", "cannot be called as retarget("),
    "no seed": ("P003", "def retarget(source, motion, target): pass", "seed"),
    "card is no mapping": ("P003", COPY + "retarget.card = 'mine'", "the card of"),
    "card with a wrong key": ("P003", COPY + "retarget.card = {'nmae': 'x'}", "unknown key 'nmae'"),
    "card with a wrong value": ("P003", COPY + "retarget.card = {'parameters': -1}", "parameters is -1"),
    "deleted on import": ("P002", COPY + "del retarget", "does not define 'retarget'"),
    "not UTF-8": ("P002", "x = '\udcff'", "plugin.py"),
}


@pytest.mark.parametrize("name", DO_NOT_START)
def test_a_method_that_does_not_start_is_refused_and_an_earlier_result_stays(
    name, plugin, run_toy, tmp_path, monkeypatch
):
    rule, body, words = DO_NOT_START[name]
    if name == "hangs on import":
        monkeypatch.setattr(worker_process, "START_LIMIT_S", 1)
    earlier = tmp_path / "out"
    (earlier / "predictions").mkdir(parents=True)
    (earlier / "predictions" / "00000.npz").write_bytes(b"an earlier result")
    before = tree(earlier)
    path = plugin("")
    path.write_bytes((path.read_text() + body).encode(errors="surrogateescape"))
    code, out, err = run_toy(path, earlier)
    assert code == 2
    [line] = err.strip().splitlines()
    assert f"error: [{rule}] " in line
    assert words in line
    assert not out
    assert tree(earlier) == before


def test_what_a_method_prints_is_neither_an_answer_nor_lost(plugin, run_toy, tmp_path):
    chatty = """
        import subprocess
        def retarget(source, motion, target, *, seed):
            print('{"seconds": 0}\\n' * 20000)
            sys.stderr.write('\\x00\\xff{"rule": "P101", "message": "fake"}\\n')
            subprocess.run(["echo", "from a child"])
            if target.height_m < 1.4:
                print("last \\x1b[2Jwords", flush=True); os._exit(3)
            return good(source, motion, target)
    """
    code, out, err = run_toy(plugin(chatty), tmp_path / "out")
    assert code == 1
    assert "1 of 2 clips predicted" in out
    assert "P104" in err
    assert "last \\x1b[2Jwords" in err
    assert "\x1b" not in err
    assert "seconds" not in out


def test_a_method_finds_nothing_of_the_data_folder_and_has_a_folder_of_its_own(plugin, run_toy, tmp_path, monkeypatch):
    data_root = tmp_path / "secret-data"
    data_root.mkdir()
    monkeypatch.setenv("MY_DATA", str(data_root / "below"))
    monkeypatch.setenv("OLDPWD", str(data_root))
    monkeypatch.setenv("RETARGETBENCH_ANYTHING", "x")
    monkeypatch.chdir(data_root)
    curious = """
        import inspect
        def retarget(source, motion, target, *, seed):
            frames = inspect.getouterframes(inspect.currentframe())
            seen = [sys.argv, dict(os.environ), os.getcwd(), sys.path, [repr(f.frame.f_locals) for f in frames],
                    [os.readlink(f"/proc/self/fd/{n}") for n in range(100) if os.path.lexists(f"/proc/self/fd/{n}")]]
            report = {"found": "secret" in repr(seen[1:3] + seen[4:]), "argv": sys.argv[1:], "cwd": os.listdir("."),
                      "left": open("left", "w").close(), "stdin": sys.stdin.read(),
                      "prefixed": [k for k in os.environ if k.startswith("RETARGETBENCH")],
                      "clip": "touch" in repr(seen)}
            raise RuntimeError(repr(report))
    """
    plugin_folder = tmp_path / "method"
    plugin_folder.mkdir()
    path = plugin(curious).rename(plugin_folder / "curious.py")
    _, out, _ = run_toy(path, tmp_path / "out", "--data-root", data_root, "--json")
    for failure in json.loads(out)["failures"]:
        assert "'found': False" in failure["message"]
        assert "'argv': [], 'cwd': [], 'left': None, 'stdin': ''" in failure["message"]
        assert "'prefixed': [], 'clip': False" in failure["message"]
