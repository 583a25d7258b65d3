"""Shards: a split run and its merge equal one undivided run, and what does not fit together is refused."""

import json
import shutil

import pytest

from ..toy import TOY
from .conftest import tree
from .test_runner import FAILS_ON_SWAY, SEEDED


@pytest.fixture
def shards(plugin, run_toy, tmp_path):
    """Run the toy track's four clips in parts: ``shards(body, 2)`` gives the folders."""

    def run(body, count, variant="four"):
        path = plugin(body)
        for i in range(1, count + 1):
            run_toy(path, tmp_path / f"part{i}", "--shard", f"{i}/{count}", variant=variant)
        return [tmp_path / f"part{i}" for i in range(1, count + 1)]

    return run


@pytest.mark.parametrize("body", [SEEDED, FAILS_ON_SWAY], ids=["fine", "some clips fail"])
def test_two_shards_merged_equal_one_run_byte_for_byte(body, shards, plugin, run_toy, command, tmp_path):
    first, second = shards(body, 2)
    run_toy(plugin(body), tmp_path / "whole", variant="four")
    code, out, _ = command("merge", second, first, "--out", tmp_path / "merged", "--json")
    assert code == 0
    assert json.loads(out)["clips"] == 4
    assert tree(tmp_path / "merged") == tree(tmp_path / "whole")
    assert len((tmp_path / "merged/timing.csv").read_text().splitlines()) == len(
        (tmp_path / "whole/timing.csv").read_text().splitlines()
    )


def test_more_shards_than_clips_leave_some_empty_and_still_merge(shards, command, tmp_path):
    parts = shards(SEEDED, 3, variant="two")
    assert (parts[2] / "index.csv").read_text() == "file,clip_id\n"
    assert command("merge", *parts, "--out", tmp_path / "merged")[0] == 0


def test_what_is_not_a_set_of_shards_is_refused_and_nothing_is_written(shards, command, tmp_path):
    first, second = shards(SEEDED, 2)
    for name, key, value in [("whole", "shard", None), ("other-seed", "seed", 1), ("third", "shard", "2/3")]:
        shutil.copytree(second, tmp_path / name)
        run = json.loads((second / "run.json").read_text())
        (tmp_path / name / "run.json").write_text(json.dumps({**run, key: value}))
    shutil.copytree(second, tmp_path / "unfinished")
    (tmp_path / "unfinished/index.csv").unlink()
    shutil.copytree(second, tmp_path / "damaged")
    (tmp_path / "damaged/predictions/00003.npz").unlink()
    shutil.copytree(second, tmp_path / "overlapping")
    shutil.copy(first / "predictions/00000.npz", tmp_path / "overlapping/predictions/00000.npz")
    index = (tmp_path / "overlapping/index.csv").read_text()
    line = "predictions/00000.npz,retarget/toy/sway1/body0>body1\n"
    (tmp_path / "overlapping/index.csv").write_text(index + line)
    shutil.copytree(second, tmp_path / "shorter")
    (tmp_path / "shorter/index.csv").write_text("".join(index.splitlines(keepends=True)[:-1]))
    (tmp_path / "empty").mkdir()
    before = tree(tmp_path)
    for others, words in [
        ([], "shard 2/2 is missing"),
        ([first], "shard 1/2 is given twice"),
        ([tmp_path / "whole"], "holds a whole run"),
        ([tmp_path / "other-seed"], "seed 1 there, 0 here"),
        ([tmp_path / "third"], "cut differently"),
        ([tmp_path / "unfinished"], "has not finished (shard 2/2)"),
        ([tmp_path / "damaged"], "00003.npz in index.csv but not in predictions/"),
        ([tmp_path / "overlapping"], "the clip 'retarget/toy/sway1/body0>body1' is in"),
        ([tmp_path / "shorter"], "the shards hold 3 clips, the track has 4"),
        ([tmp_path / "empty"], "is no folder that `retargetbench run` wrote"),
        ([tmp_path / "nowhere"], "is no folder that `retargetbench run` wrote"),
    ]:
        code, _, err = command("merge", first, *others, "--out", tmp_path / "merged")
        assert code == 2
        assert "[P009]" in err
        assert words in err
    code, _, err = command("merge", first, second, "--out", tmp_path / "whole")
    assert (code, "is there already" in err) == (2, True)
    assert tree(tmp_path) == before


def test_check_says_that_a_shard_must_be_merged_first(shards, command):
    first, _ = shards(SEEDED, 2)
    code, out, _ = command("check", first, "--track", TOY, "--variant", "four")
    assert code == 1
    assert [line[:6] for line in out.splitlines()] == ["[S024]"]
