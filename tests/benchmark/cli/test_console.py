import json

import pytest

from retargetbench.benchmark.cli import console


def test_results_go_to_stdout_and_talk_to_stderr(capsys):
    console.result("a result")
    console.print_json({"id": "ü"})
    console.say("talk")
    console.warn("careful")
    console.fail("one\n  line")
    console.next_step("retargetbench demo")
    printed = capsys.readouterr()
    assert printed.out == 'a result\n{\n  "id": "ü"\n}\n'
    assert printed.err == "talk\nwarning: careful\nerror: one line\nNext: retargetbench demo\n"


def test_json_never_holds_nan():
    with pytest.raises(ValueError):
        console.print_json(json.loads("NaN"))


def test_a_table_is_aligned_and_cuts_nothing_off():
    lines = console.table_lines(("metric", "value"), [("a" * 90, "1"), ("b", "22.5")], align="lr")
    assert lines == [
        "metric" + " " * 84 + "  value",
        "-" * 90 + "  -----",
        "a" * 90 + "      1",
        "b" + " " * 89 + "   22.5",
    ]


def test_a_table_without_rows_is_its_heads():
    assert console.table_lines(("a", "bc"), []) == ["a  bc", "-  --"]
