from pathlib import Path

import pytest

from retargetbench.benchmark.records import MethodIdentity
from retargetbench.leaderboards.consistency import row_problems
from retargetbench.leaderboards.rows import BadRow, find_rows, read_row, row_path, row_text, samples_path

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))


@pytest.mark.parametrize("path", GOLDEN, ids=[p.stem for p in GOLDEN])
def test_rows_of_every_released_schema_still_load_and_hold(path):
    row, samples = read_row(path)
    assert row_problems(path, row, samples) == []
    assert row.trust.level == "T2"
    assert row.trust.confirmed[0].by == "A. Reader"
    assert row.result.scores["all"]["goal_f1@1"].value == pytest.approx(0.8096, abs=1e-4)


@pytest.mark.parametrize("path", GOLDEN, ids=[p.stem for p in GOLDEN])
def test_the_newest_schema_is_written_as_it_was_when_it_was_released(path):
    assert row_text(read_row(path)[0]) == path.read_text()


def test_a_row_may_hold_what_the_audit_said_of_its_metrics():
    warnings = {path.stem: read_row(path)[0].warnings for path in GOLDEN}
    assert warnings == {
        "schema_1": {},
        "schema_1_warned": {"skate_mean@1": "failed its audit on skating (rank correlation 0.41)"},
    }


def test_a_method_name_cannot_lead_out_of_the_rows():
    result = read_row(GOLDEN[-1])[0].result
    for name in ("../../escape", "..", "/etc/passwd", "oracle:ground-truth"):
        hostile = result.model_copy(update={"method": MethodIdentity(name=name)})
        path = row_path(Path("rows"), hostile)
        assert ".." not in path.parts
        assert path.parts[:3] == ("rows", *Path(result.track).parts[:2])
        assert len(path.parts) == len(Path("rows", result.track).parts) + 2


def test_folders_and_files_of_rows_are_found_once():
    assert find_rows([GOLDEN[0].parent, GOLDEN[0]]) == GOLDEN


@pytest.mark.parametrize(
    ("content", "said"),
    [("[]", "is no row"), ("{", "is not JSON"), ('{"schema": 99}', "has schema 99"), ('{"schema": 1}', "result")],
)
def test_a_file_that_is_no_row_says_why(tmp_path, content, said):
    (tmp_path / "row.json").write_text(content)
    with pytest.raises(BadRow, match=said):
        read_row(tmp_path / "row.json")


def test_a_row_without_its_table_of_clips_says_so(tmp_path):
    path = tmp_path / "row.json"
    path.write_bytes(GOLDEN[0].read_bytes())
    with pytest.raises(BadRow, match=samples_path(path).name):
        read_row(path)
