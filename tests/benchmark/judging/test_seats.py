import subprocess
import sys

import pytest

from retargetbench.benchmark.judging.seats import (
    RENDERERS,
    JudgeTwice,
    NoRendererHere,
    SeatOptions,
    WhoseFolder,
    open_seats,
)
from retargetbench.datasets import rendering
from retargetbench.datasets.errors import BenchError, UnknownName
from retargetbench.metrics.semantics.errors import NoJudgeFolder, NoKind, NotAtHand, UnknownJudge
from retargetbench.metrics.semantics.kinds import SHIPPED_KINDS, judge_kinds


def test_seats_keep_what_was_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr("retargetbench.metrics.semantics.registry.check_device", lambda device: None)
    one, other = open_seats(
        ["clip", "blip2:owner/name@main"], [f"clip={tmp_path}"], SeatOptions(device="cuda", precision="bfloat16")
    )
    assert (one.kind, one.source.folder, one.source.precision) == ("clip", tmp_path, "bfloat16")
    assert (other.asked, other.source.weights, other.source.device) == (
        "blip2:owner/name@main",
        "owner/name@main",
        "cuda",
    )
    assert open_seats(["clip"], [str(tmp_path)])[0].source.folder == tmp_path


@pytest.mark.parametrize(
    ("judges", "folders", "error", "sentence"),
    [
        (["klip"], [], UnknownJudge, r"\[J001\] there is no judge 'klip'\. Did you mean 'clip'"),
        (["owner/name"], [], NoKind, r"\[J007\] .* write KIND:owner/name"),
        (["clip"], ["/there/is/none"], NoJudgeFolder, r"\[J002\] there is no folder /there/is/none"),
        (["clip", "clip"], [], JudgeTwice, r"\[C080\] the judge 'clip' is asked for 2 times"),
        (
            ["clip", "blip2"],
            ["/a"],
            WhoseFolder,
            r"\[C081\] --judge-folder /a names a folder for 2 judges \(clip, blip2\)",
        ),
        ([], ["/a"], WhoseFolder, r"\[C081\] .* for 0 judges \(none\)"),
        (["clip"], ["clip=/a", "clip=/b"], WhoseFolder, r"\[C081\] the judge 'clip' is given two folders"),
    ],
)
def test_a_mistake_is_answered_by_one_sentence(judges, folders, error, sentence):
    with pytest.raises(error, match=sentence):
        open_seats(judges, folders)


def test_a_renderer_that_is_not_here_is_refused_and_an_unknown_one_too(monkeypatch):
    monkeypatch.setattr("retargetbench.benchmark.judging.seats.find_spec", lambda name: None)
    with pytest.raises(NoRendererHere, match=r"\[C082\] --renderer pytorch3d: PyTorch3D is not installed here"):
        open_seats(["clip"], options=SeatOptions(renderer="pytorch3d"))
    with pytest.raises(UnknownName, match=r"there is no renderer 'built-in'\. Did you mean 'builtin'"):
        open_seats(["clip"], options=SeatOptions(renderer="built-in"))
    assert RENDERERS == rendering.RENDERERS


@pytest.mark.parametrize("name", sorted(SHIPPED_KINDS))
def test_a_judge_whose_weights_are_not_in_the_package_says_how_to_get_them(name, tmp_path):
    (kind,) = (kind for kind in judge_kinds() if kind.name == name)
    if kind.missing is None:
        assert open_seats([name])[0].kind == name
    else:
        with pytest.raises(NotAtHand, match=rf"\[J004\] the judge '{name}' .*train tiny-vlm.*--judge-folder FOLDER"):
            open_seats([name])
    assert open_seats([name], [str(tmp_path)])[0].source.folder == tmp_path


def test_mistakes_are_told_before_anything_heavy_is_loaded():
    code = (
        "import sys\n"
        "from retargetbench.benchmark.cli.main import main\n"
        "for words in (['--judge', 'klip'], ['--judge', 'clip', '--judge-folder', '/none'], ['--judge', 'clip', "
        "'--renderer', 'none']):\n"
        "    assert main(['score', 'predictions', *words]) == 2\n"
        "print([m for m in ('torch', 'warp', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert done.stderr.count("error: [") == 3


def test_every_mistake_is_one_a_user_can_mend():
    assert all(issubclass(error, BenchError) for error in (JudgeTwice, WhoseFolder, NoRendererHere))
