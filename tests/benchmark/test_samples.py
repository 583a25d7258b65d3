import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retargetbench.benchmark.records import BadRecord
from retargetbench.benchmark.samples import Sample, SampleTable, as_written, read_samples, samples_text

KEYS = ("pen_limb@1", "mse_nkn@1[global,nearest-of-k]")


def sample(clip_id, values, failed=False):
    return Sample(clip_id, "UC+UM", "a, quoted motion", 'body "x"', failed, values)


def test_rows_are_sorted_and_a_metric_that_does_not_apply_is_an_empty_cell(tmp_path):
    text = samples_text(
        SampleTable(KEYS, (sample("t/b/x>y", {KEYS[1]: 0.5}), sample("t/a/x>y", {KEYS[0]: 1 / 3}, True)))
    )
    assert text.splitlines() == [
        'clip_id,split,motion_cluster,body_cluster,failed,pen_limb@1,"mse_nkn@1[global,nearest-of-k]"',
        't/a/x>y,UC+UM,"a, quoted motion","body ""x""",1,0.333333333,',
        't/b/x>y,UC+UM,"a, quoted motion","body ""x""",0,,0.5',
    ]
    assert "\r" not in text
    assert "nan" not in text


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_a_float32_survives_the_table(tmp_path_factory, numbers):
    path = tmp_path_factory.mktemp("samples") / "samples.csv"
    rows = tuple(sample(f"t/{i}", {KEYS[0]: as_written(number)}) for i, number in enumerate(numbers))
    path.write_text(samples_text(SampleTable(KEYS, rows)))
    table = read_samples(path)
    assert [np.float32(row.values[KEYS[0]]) for row in table.samples] == [np.float32(n) for n in numbers]
    assert table == SampleTable(KEYS, rows)
    assert samples_text(table) == path.read_text()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_nan_is_never_written(value):
    with pytest.raises(ValueError, match=r"pen_limb@1 of t/a is .*; a metric must be finite or absent"):
        samples_text(SampleTable(KEYS, (sample("t/a", {KEYS[0]: value}),)))


HEAD = "clip_id,split,motion_cluster,body_cluster,failed,pen_limb@1\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "first columns must be"),
        ("a,b\n", "first columns must be"),
        (HEAD + "c,s,m,b,0\n", "line 2 has 5 cells; expected 6"),
        (HEAD + "c,s,m,b,0,1\nc,s,m,b,0,x\n", "line 3: could not convert"),
        (HEAD + "c,s,m,b,0,nan\n", "line 2 holds NaN"),
        (HEAD + "\udcff", "cannot be read"),
    ],
)
def test_a_damaged_table_is_named_with_its_line(tmp_path, text, complaint):
    path = tmp_path / "samples.csv"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(BadRecord, match=complaint):
        read_samples(path)


def test_a_missing_table_is_a_mistake_not_a_crash(tmp_path):
    with pytest.raises(BadRecord, match=r"samples.csv cannot be read"):
        read_samples(tmp_path / "samples.csv")
