import pytest

from retargetbench.leaderboards.reproduction import Reproducer, Settings
from retargetbench.leaderboards.rows import ROWS, read_row, row_path, row_text, samples_path

PATHS = sorted(ROWS.rglob("*.json"))


@pytest.fixture(scope="module")
def reproducer():
    with Reproducer(Settings(numbers_only=True)) as opened:
        yield opened


@pytest.mark.parametrize("path", PATHS, ids=[str(p.relative_to(ROWS)) for p in PATHS])
def test_every_committed_row_follows_from_its_clips_and_fits_the_data(path, reproducer):
    verdict = reproducer.reproduce(path)
    assert verdict.problems == ()


@pytest.mark.parametrize("path", PATHS, ids=[str(p.relative_to(ROWS)) for p in PATHS])
def test_every_committed_row_stands_where_it_belongs_and_as_it_would_be_written(path):
    row, _ = read_row(path)
    assert row_path(ROWS, row.result) == path
    assert row_text(row) == path.read_text()


def test_rows_stay_small():
    assert sum(p.stat().st_size for p in ROWS.rglob("*") if p.is_file()) <= 2 * 1024 * 1024


def test_no_table_of_clips_is_left_without_its_row():
    tables = set(ROWS.rglob("*.samples.csv"))
    assert tables == {samples_path(path) for path in PATHS}
