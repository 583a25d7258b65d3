import json

from retargetbench.benchmark.clip_scores import ClipScores, code_identity, identity_of

VALUES = {"pen_limb@1": 1 / 3, "jerk@1": 1e-300}


def test_kept_scores_come_back_bit_for_bit(tmp_path):
    path = tmp_path / "deep" / "clips.jsonl"
    ClipScores(path).keep("a", VALUES)
    ClipScores(path).keep("b", {})
    again = ClipScores(path)
    assert again.find("a") == VALUES
    assert again.find("b") == {}
    assert again.find("c") is None


def test_a_line_cut_anywhere_by_a_kill_loses_that_clip_only(tmp_path):
    path = tmp_path / "clips.jsonl"
    scores = ClipScores(path)
    scores.keep("a", VALUES)
    whole = path.stat().st_size
    scores.keep("b", VALUES)
    content = path.read_bytes()
    for cut in range(whole, len(content)):
        path.write_bytes(content[:cut])
        resumed = ClipScores(path)
        assert resumed.find("a") == VALUES
        assert resumed.find("b") in (None, VALUES)
        resumed.keep("c", VALUES)
        assert ClipScores(path).find("c") == VALUES
        assert ClipScores(path).find("a") == VALUES


def test_lines_that_are_something_else_are_skipped(tmp_path):
    path = tmp_path / "clips.jsonl"
    path.write_bytes(b'{}\n[1]\n"x"\n["a", 3]\n\xff\n' + json.dumps(["b", VALUES]).encode())
    assert ClipScores(path).find("a") is None
    assert ClipScores(path).find("b") == VALUES


def test_removing_twice_is_no_mistake(tmp_path):
    scores = ClipScores(tmp_path / "clips.jsonl")
    scores.keep("a", VALUES)
    scores.remove()
    scores.remove()
    assert ClipScores(tmp_path / "clips.jsonl").find("a") is None


def test_an_identity_depends_on_every_part():
    parts = ["data", "clip", "file", ["k1", "k2"], False, "code"]
    others = [[*parts[:i], "other", *parts[i + 1 :]] for i in range(len(parts))]
    assert len({identity_of(*p) for p in [parts, *others]}) == 1 + len(parts)
    assert identity_of("a", "b") != identity_of("ab")


def test_the_codes_identity_is_one_hash_and_stable():
    assert code_identity() == code_identity()
    assert len(code_identity()) == 64
