"""The other door: callables in a process of their own give the bytes that a folder made by hand has."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from retargetbench.benchmark.retrieval.folder import write_embeddings
from retargetbench.benchmark.running.embedding import require_embedder
from retargetbench.benchmark.running.errors import BadMethod
from retargetbench.benchmark.running.item_handover import read_items, write_items
from retargetbench.benchmark.submission.method_card import MethodCard

from .toy_search import TRACK, load

METHOD = """
import json
import numpy as np
from pathlib import Path

card = {"name": "mine", "version": "2", "parameters": 0}
SEEN = Path(__file__).with_name("seen.jsonl")


def embed_text(captions, *, seed):
    with SEEN.open("a") as stream:
        stream.write(json.dumps(captions) + "\\n")
    return np.array([[len(c), int(c.split()[-1]), seed + 1] for c in captions], dtype="f4")


def embed_motion(motions, *, seed):
    with SEEN.open("a") as stream:
        stream.write(json.dumps([m.frame_count for m in motions]) + "\\n")
    return np.array([[m.frame_count, m.root_translation_m[0, 0], seed + 1] for m in motions], dtype="f4")
"""


@pytest.fixture
def run(command, tmp_path):
    """Run a plug-in on the toy track: ``run(text, *words)``."""

    def go(text, *words):
        (tmp_path / "method.py").write_text(text)
        arguments = ("--plugin", tmp_path / "method.py", "--track", TRACK, "--out", tmp_path / "run")
        return command("run", "mine", *arguments, *words)

    return go


def by_hand(folder):
    data = load()
    text = [[len(c), int(c.split()[-1]), 4] for c in data.items.captions]
    motion = [[m.frame_count, m.root_translation_m[0, 0], 4] for m in data.motions]
    arrays = {"text": np.array(text, dtype="f4"), "motion": np.array(motion, dtype="f4")}
    write_embeddings(folder, MethodCard("mine", "2", parameters=0), data, arrays)


def test_a_run_is_the_folder_made_by_hand_and_its_score_the_same(run, command, tmp_path):
    code, out, err = run(METHOD, "--seed", 3)
    assert (code, "embeddings of 80 text, 40 motion items" in out) == (0, True)
    assert f"Next: retargetbench score {tmp_path / 'run'} --track {TRACK}" in err
    by_hand(tmp_path / "hand")
    for name in ("method.toml", "embeddings.npz", "index.csv"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "hand" / name).read_bytes()
    results = []
    for folder in ("run", "hand"):
        assert command("score", tmp_path / folder, "--track", TRACK, "--out", tmp_path / folder / "results")[0] == 0
        [result] = (tmp_path / folder / "results").glob("**/result.json")
        results.append(((result.parent / "samples.csv").read_bytes(), json.loads(result.read_text())))
    assert results[0][0] == results[1][0]
    ours, theirs = (values for _, values in results)
    assert ours.pop("command").startswith(f"retargetbench run mine --plugin PLUGIN.py --track {TRACK}")
    assert theirs.pop("command").startswith("retargetbench score")
    assert (ours.pop("seed"), theirs.pop("seed")) == (3, 0)
    assert ours == theirs

    captions, frames = map(json.loads, (tmp_path / "seen.jsonl").read_text().splitlines())
    items = load().items
    assert sorted(captions) == sorted(items.captions)
    assert captions != list(items.captions)
    assert sorted(frames) == [m.frame_count for m in load().motions] != frames
    assert run(METHOD, "--seed", 3)[0] == 0  # what is done is not done again
    assert len((tmp_path / "seen.jsonl").read_text().splitlines()) == 2
    code, _, err = run(METHOD, "--seed", 4)
    assert (code, "[P004]" in err, "seed 3 there, 4 here" in err) == (2, True, True)


def test_a_kind_that_is_done_survives_the_failure_of_another(run, tmp_path):
    broken = METHOD.replace("np.array([[m.frame_count", "undefined([[m.frame_count")
    code, _, err = run(broken)
    assert (code, "[P010]" in err, "embed_motion raised NameError" in err) == (2, True, True)
    assert not (tmp_path / "run/index.csv").exists()
    assert (tmp_path / "run/kinds/text.npy").is_file()


def test_rows_of_nan_are_failures_and_wrong_shapes_a_mistake(run, command, tmp_path):
    lost = METHOD.replace("return np.array([[m.frame", "return np.array([[np.nan if m.frame_count == 5 else m.frame")
    code, _, err = run(lost)
    assert (code, "1 items have no finite embeddings" in err) == (1, True)
    assert "motion/0002," in (tmp_path / "run/failures.csv").read_text()
    assert command("check", tmp_path / "run", "--track", TRACK)[0] == 0
    code, _, err = run(METHOD.replace("for c in captions]", "for c in captions[1:]]"), "--out", tmp_path / "other")
    assert (code, "[P109]" in err, "returned shape [79, 3]; expected [80, width]" in err) == (2, True, True)


@pytest.mark.parametrize(
    ("text", "words", "rule"),
    [
        ("def retarget(source, motion, target, *, seed): ...", (), "P002"),
        ("def embed_text(captions, *, seed): ...", (), "P002"),
        (METHOD, ("--shard", "1/2"), "P006"),
        (METHOD, ("--timeout-s", "-1"), "P006"),
        (METHOD, ("--memory-gib", "0"), "P006"),
    ],
)
def test_what_cannot_be_run_is_answered_before_a_process_starts(run, tmp_path, text, words, rule):
    code, _, err = run(text, *words)
    assert (code, f"[{rule}]" in err, (tmp_path / "run").exists()) == (2, True, False)


def test_a_method_of_videos_on_data_without_them_is_told_what_there_is(run, tmp_path):
    code, _, err = run(METHOD.replace("def embed_text", "def embed_video"))
    assert (code, "[P003]" in err, (tmp_path / "run").exists()) == (2, True, False)
    assert "'mine' embeds motion, video, and retrieval/toy, variant captions, has motion, text; expected two" in err


def test_a_function_that_takes_no_seed_is_told_how_it_is_called():
    method = SimpleNamespace(embed_text=lambda captions, *, seed: captions, embed_motion=lambda motions: motions)
    with pytest.raises(BadMethod, match=r"mine cannot be called as embed_motion\(items, seed=0\)"):
        require_embedder(method, "mine")


def test_motions_arrive_as_they_were_sent_and_nothing_else_does(tmp_path):
    data = load()
    write_items(tmp_path, "motion", data.motions[:4])
    with np.load(tmp_path / "items.npz") as stored:
        names = {name.rpartition("/")[2] for name in stored.files}
    assert names == {"skeleton_of", "fps", "rotations", "root", "names", "parents", "offsets"}
    for sent, arrived in zip(data.motions, read_items(tmp_path, "motion"), strict=False):
        np.testing.assert_array_equal(arrived.local_rotations_wxyz, sent.local_rotations_wxyz)
        np.testing.assert_array_equal(arrived.root_translation_m, sent.root_translation_m)
        assert arrived.fps == sent.fps
        assert arrived.skeleton.joint_names == sent.skeleton.joint_names
        np.testing.assert_array_equal(arrived.skeleton.rest_offsets_m, sent.skeleton.rest_offsets_m)
