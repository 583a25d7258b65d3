"""The command line on a recognition track: check, score, compare, gate, report with its picture; and both doors."""

import base64
import io
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from retargetbench.benchmark.recognition.folder import write_scores
from retargetbench.benchmark.running.classifying import require_classifier, serve_classes
from retargetbench.benchmark.running.errors import BadMethod
from retargetbench.benchmark.running.item_handover import write_items
from retargetbench.benchmark.submission.method_card import MethodCard

from .toy_classes import CLASSES, COUNT, TRACK, load, scores

METHOD = """
import json
import numpy as np
from pathlib import Path

card = {"name": "mine", "version": "2", "parameters": 0}


def classify(motions, classes, *, seed):
    seen = {"frames": [m.frame_count for m in motions], "classes": list(classes), "seed": seed}
    Path(__file__).with_name("seen.json").write_text(json.dumps(seen))
    return np.array([[m.frame_count * (k + 1.0) % 7 for k in range(len(classes))] for m in motions], dtype="f4")
"""


def test_from_check_to_report(command, tmp_path):
    results = []
    for name, noise in (("one", 0.3), ("two", 3.0)):
        folder = tmp_path / name
        write_scores(folder, MethodCard(name, "1"), load(), scores(noise=noise))
        code, out, err = command("check", folder, "--track", TRACK)
        assert (code, f"class scores of {COUNT} motion items" in out) == (0, True)
        assert f"Next: retargetbench score {folder} --track {TRACK}" in err
        code, out, err = command("score", folder, "--track", TRACK, "--out", tmp_path / "results", "--json")
        assert code == 0
        results.append(err.partition("Written to ")[2].splitlines()[0])
    assert json.loads(out)["scores"]["all"]["macro@1[6]"]["unit"] == "%"
    code, out, _ = command("gate", results[1], "--base", results[0], "--tol", "top1=1%", "--json")
    assert (code, json.loads(out)["passed"]) == (1, False)
    code, _, err = command("report", tmp_path / "results", "--out", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert (code, "no pictures" in err) == (0, False)
    assert "recognition-majority" in page  # the reminder that a floor is missing
    assert "oracle:ground-truth" not in page
    pictures = re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]+)", page)
    assert len(pictures) == 2
    first = np.asarray(Image.open(io.BytesIO(base64.b64decode(pictures[0]))).convert("RGB"))
    blue = (first[..., 2].astype(int) - first[..., 0] > 60).sum()
    assert blue > 1000  # the diagonal
    assert re.search(r"× “\w+” taken for “\w+”", page)


def test_problems_are_listed_and_nothing_is_scored(command, tmp_path):
    write_scores(tmp_path / "one", MethodCard("one", "1"), load(), scores())
    (tmp_path / "one/scores.csv").write_text("id,hopp\n")
    code, out, _ = command("check", tmp_path / "one", "--track", TRACK, "--json")
    assert (code, {problem["rule"] for problem in json.loads(out)["problems"]}) == (1, {"S031"})
    code, _, err = command("score", tmp_path / "one", "--track", TRACK, "--out", tmp_path / "results")
    assert (code, "[S031]" in err, (tmp_path / "results").exists()) == (2, True, False)
    for words in (("score", tmp_path / "one", "--judge", "clip"), ("audit", "--variant", "full")):
        code, _, err = command(*words, "--track", TRACK)
        assert (code, "[T004]" in err, "is a recognition track" in err) == (2, True, True)


def test_a_run_is_the_folder_made_by_hand(command, tmp_path):
    (tmp_path / "method.py").write_text(METHOD)
    words = ("run", "mine", "--plugin", tmp_path / "method.py", "--track", TRACK, "--out", tmp_path / "run")
    code, out, _ = command(*words, "--seed", 3)
    assert (code, f"class scores of {COUNT} motion items" in out) == (0, True)
    by_hand = [[m.frame_count * (k + 1.0) % 7 for k in range(len(CLASSES))] for m in load().motions]
    write_scores(tmp_path / "hand", MethodCard("mine", "2", parameters=0), load(), np.array(by_hand, "f4"))
    for name in ("method.toml", "scores.csv"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "hand" / name).read_bytes()
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert (seen["classes"], seen["seed"]) == (list(CLASSES), 3)
    assert sorted(seen["frames"]) == [m.frame_count for m in load().motions] != seen["frames"]
    (tmp_path / "seen.json").unlink()
    assert command(*words, "--seed", 3)[0] == 0  # what is done is not done again
    assert not (tmp_path / "seen.json").exists()


def test_what_cannot_classify_is_answered_before_a_process_starts(command, tmp_path):
    (tmp_path / "method.py").write_text("def classfy(motions, classes, *, seed): ...")
    words = ("run", "mine", "--plugin", tmp_path / "method.py", "--track", TRACK, "--out", tmp_path / "run")
    code, _, err = command(*words)
    assert (code, "[P002]" in err, "classify(motions, classes, *, seed) -> array" in err) == (2, True, True)
    assert "'classfy'" in err
    code, _, err = command("run", "oracle:ground-truth", "--track", TRACK, "--out", tmp_path / "run")
    assert (code, "[P007]" in err) == (2, True)


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (np.zeros((4, 5)), "returned shape [4, 5]; expected [4, 6]"),
        (np.zeros((4, 6), dtype=int), "values of type int64"),
        (None, "values of type object"),
    ],
)
def test_an_answer_of_another_shape_or_type_is_a_mistake(tmp_path, returned, said):
    write_items(tmp_path, "motion", load().motions[:4])
    method = SimpleNamespace(classify=lambda motions, classes, *, seed: returned)
    answer = serve_classes(method, tmp_path, {"seed": 0, "classes": CLASSES})
    assert (answer["rule"], said in answer["message"]) == ("P110", True)


def test_a_method_without_a_fitting_function_is_told_so():
    with pytest.raises(BadMethod, match="mine cannot be run on a recognition track"):
        require_classifier(SimpleNamespace(), "mine")
    with pytest.raises(BadMethod, match=r"mine cannot be called as classify\(motions, classes, seed=0\)"):
        require_classifier(SimpleNamespace(classify=lambda motions, *, seed: motions), "mine")
