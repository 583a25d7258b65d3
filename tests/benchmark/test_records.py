import json
from pathlib import Path

import pytest

from retargetbench.benchmark.comparison import load_run
from retargetbench.benchmark.records import BadRecord, Result, Run, read_result, read_run, result_text, run_text
from retargetbench.benchmark.samples import read_samples, samples_text
from retargetbench.benchmark.summary import summarise

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("folder", sorted(GOLDEN.glob("schema*")), ids=lambda folder: folder.name)
def test_a_record_of_every_released_schema_still_loads(folder):
    run = load_run(folder)
    assert run.result.method.name == "alternative"
    assert run.result.scores["all"]["mpjpe_cm@1[global]"].n == len(run.samples.samples)
    assert run.result.failures.ids == tuple(s.clip_id for s in run.samples.samples if s.failed)
    assert read_run(folder / "run.json").scoring_s > 0


@pytest.mark.parametrize("folder", ["schema1", "schema1-judged"])
def test_todays_records_are_written_exactly_as_the_golden_ones(folder):
    folder = GOLDEN / folder
    assert result_text(read_result(folder / "result.json")) == (folder / "result.json").read_text()
    assert samples_text(read_samples(folder / "samples.csv")) == (folder / "samples.csv").read_text()
    assert run_text(read_run(folder / "run.json")) == (folder / "run.json").read_text()


def test_a_golden_record_has_every_semantic_score_and_says_whose_they_are():
    result = load_run(GOLDEN / "schema1-judged").result
    judges = {name.partition("~")[0]: name for name in result.judges}
    blip2, clip = judges["small-blip2"], judges["small-clip"]
    assert {key for key in result.scores["all"] if "[small" in key} == {
        *(f"scl@1[{blip2}]", f"scl@1[{blip2},queries]", f"itm@1[{blip2}]", f"kid@1[{blip2}]"),
        *(f"scl@1[{clip}]", f"kid@1[{clip}]", f"fid@1[{clip},n=8]"),
    }
    assert result.scores["all"][f"kid@1[{clip}]"].lo is not None
    assert result.scores["all"][f"fid@1[{clip},n=8]"].lo is None
    assert result.judges[blip2].captions_sha256
    assert not load_run(GOLDEN / "schema1").result.judges


@pytest.mark.parametrize("folder", ["schema1", "schema1-judged"])
def test_every_score_of_a_result_follows_from_its_table_of_clips(folder):
    run = load_run(GOLDEN / folder)
    recomputed = summarise(run.samples, data=run.result.data)
    assert recomputed.keys() == run.result.scores.keys()
    for split, scores in recomputed.items():
        assert scores.keys() == {key for key in run.result.scores[split] if not key.startswith("fid@")}
        for key, score in scores.items():
            golden = run.result.scores[split][key]
            assert (score.n, score.clusters, score.unit, score.direction) == (
                golden.n,
                golden.clusters,
                golden.unit,
                golden.direction,
            )
            assert score.value == pytest.approx(golden.value, rel=1e-12)
            assert (score.lo is None) == (golden.lo is None)
            if score.lo is not None:
                assert (score.lo, score.hi) == pytest.approx((golden.lo, golden.hi), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(("record", "file"), [(Result, "result"), (Run, "run")])
def test_the_schema_changes_only_together_with_its_version(record, file):
    golden = json.loads((GOLDEN / "schema1" / f"{file}.schema.json").read_text())
    assert _without_prose(record.model_json_schema()) == _without_prose(golden)


def test_what_the_first_files_of_a_schema_held_is_held_and_asked_for_today():
    first, today = (
        _without_prose(json.loads((GOLDEN / "schema1" / f"{name}.json").read_text()))
        for name in ("result.first.schema", "result.schema")
    )
    for name, record in {**first["$defs"], "": first}.items():
        now = today["$defs"][name] if name else today
        assert record["properties"].items() <= now["properties"].items()
        assert record["required"] == now["required"]


def _without_prose(schema):
    if isinstance(schema, dict):
        return {key: _without_prose(value) for key, value in schema.items() if key not in {"description", "title"}}
    return [_without_prose(value) for value in schema] if isinstance(schema, list) else schema


def test_the_standard_library_alone_reads_a_result_in_the_order_of_the_design():
    values = json.loads((GOLDEN / "schema1" / "result.json").read_text())
    assert list(values)[:5] == ["schema", "track", "variant", "data", "method"]
    score = values["scores"]["all"]["pen_limb@1"]
    assert list(score) == ["value", "lo", "hi", "n", "clusters", "unit", "direction", "note"]


@pytest.fixture
def damaged(tmp_path):
    """The golden result with something changed: ``damaged(trust="T9")``."""

    def write(**changes):
        values = json.loads((GOLDEN / "schema1" / "result.json").read_text()) | changes
        path = tmp_path / "result.json"
        path.write_text(json.dumps({key: value for key, value in values.items() if value is not ...}))
        return path

    return write


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"schema": 2}, "has schema 2, this version reads up to 1; update retargetbench"),
        ({"schema": ...}, "T0"),
        ({"track": ...}, "track: Field required"),
        ({"trust": "T9"}, "trust: Input should be 'T0'"),
        ({"seed": "x"}, "seed: Input should be a valid integer"),
        ({"extra": 1}, "extra: Extra inputs are not permitted"),
        ({"scores": {"all": {"pen_limb@1": {"value": None}}}}, r"scores.all.pen_limb@1.value: .* further problems"),
    ],
)
def test_a_damaged_result_is_answered_by_the_field_that_is_wrong(damaged, changes, complaint):
    if changes == {"schema": ...}:
        assert read_result(damaged(**changes)).schema_version == 1
        return
    with pytest.raises(BadRecord, match=complaint):
        read_result(damaged(**changes))


@pytest.mark.parametrize(
    ("content", "complaint"), [("{", "is not JSON"), ("[]", "result.json"), ("NaN", "result.json")]
)
def test_a_file_that_is_no_result_is_a_mistake_not_a_crash(tmp_path, content, complaint):
    path = tmp_path / "result.json"
    path.write_text(content)
    with pytest.raises(BadRecord, match=complaint):
        read_result(path)


def test_nan_in_a_result_is_refused(damaged):
    path = damaged()
    path.write_text(path.read_text().replace('"seed": 0', '"seed": NaN'))
    with pytest.raises(BadRecord, match="seed"):
        read_result(path)
