"""Progress: few plain lines in a log, a live bar on a terminal, an estimate that ignores what was done before."""

import io

import pytest

from retargetbench.benchmark import progress as module
from retargetbench.benchmark.progress import Progress, duration


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_log_gets_the_notes_and_one_line_at_the_end():
    log = io.StringIO()
    with Progress("run", total=100, stream=log) as progress:
        for number in range(100):
            progress.advance("clip 7 failed" if number == 7 else "")
    assert log.getvalue().splitlines()[0] == "clip 7 failed"
    assert log.getvalue().splitlines()[1].startswith("run: 100/100 in ")
    assert len(log.getvalue().splitlines()) == 2


def test_a_slow_log_gets_a_line_with_the_time_left(monkeypatch):
    monkeypatch.setattr(module, "PLAIN_EVERY_S", 0.0)
    log = io.StringIO()
    with Progress("run", total=3, already=1, stream=log) as progress:
        progress.advance()
    lines = log.getvalue().splitlines()
    assert lines[0] == "run: 1 of 3 were done before"
    assert lines[1].startswith("run: 2/3 (66 %), 0.0 s so far, about 0.0 s left")


def test_the_estimate_counts_only_what_was_done_now():
    progress = Progress("run", total=100, already=90, stream=io.StringIO())
    for _ in range(5):
        progress.advance()
    assert progress.line(10.0) == "run: 95/100 (95 %), 10 s so far, about 10 s left"


def test_a_terminal_gets_a_bar_that_is_gone_at_the_end_and_notes_that_stay():
    terminal = Terminal()
    with Progress("run [copy]", total=4, stream=terminal) as progress:
        for _ in range(4):
            progress.advance("[red]not markup[/red]")
    written = terminal.getvalue()
    assert "run [copy]" in written
    assert "4/4" in written
    assert written.count("[red]not markup[/red]") == 4
    assert written.splitlines()[-1].endswith(" s")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.42, "0.4 s"), (12.4, "12 s"), (119.4, "119 s"), (185, "3 min 05 s"), (7800, "2 h 10 min")],
)
def test_time_spans_read_like_a_person_would_say_them(seconds, text):
    assert duration(seconds) == text
