"""The raters' page in a real browser: a small study clicked through from the disk, stopped, resumed, downloaded."""

import json

import pytest

from retargetbench.benchmark.study.tallies import judge_raters
from retargetbench.benchmark.study.votes import read_votes

from .browser import Browser

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


def begin(browser, study, rater):
    browser.open(f"{(study.folder / 'index.html').as_uri()}#rater={rater}")
    browser.press("Enter")
    browser.ask("document.getElementById('who').requestSubmit()")
    browser.until("!document.getElementById('trial').hidden || !document.getElementById('done').hidden")


def answer_all(browser, key, steps, *, sides):
    """Answer as somebody who knows the key: the better of two methods, by mouse and by keys in turn."""
    better = {}
    for trial in key.trials:
        best = "right" if trial.kind == "catch" else "careful"
        better[trial.id] = trial.items[trial.shows.index(best)]
    for step in range(steps):
        browser.until("shown.films !== null")
        browser.ask("shown.complete || (shown.clock -= 60000)")  # nobody waits for the film in a test
        browser.until("shown.complete && !document.getElementById('answer-left').disabled")
        at = browser.ask("(c => ({trial: c.trial.id, left: c.left, right: c.right}))(current())")
        side = "left" if at["left"] == better[at["trial"]] else "right"
        sides.append((at["trial"], at["left"], at["right"]))
        if step % 2:
            browser.press("ArrowLeft" if side == "left" else "ArrowRight")
        else:
            browser.click(f"answer-{side}")
        browser.until(f"session.votes.length === {len(sides)}")


def test_a_study_is_clicked_through_stopped_resumed_and_its_votes_are_read(browser, made_study):
    key = made_study.key
    steps, sides = len(key.trials) * len(key.questions), []
    begin(browser, made_study, "r07")
    answer_all(browser, key, 7, sides=sides)
    begin(browser, made_study, "r07")  # the page is loaded anew
    assert browser.ask("session.votes.length") == 7
    assert browser.ask("document.getElementById('place').textContent") == f"4 of {len(key.trials)}"
    answer_all(browser, key, steps - 7, sides=sides)
    browser.until("!document.getElementById('done').hidden")
    browser.click("download")
    file = browser.downloaded()
    assert browser.complaints() == []
    assert file.name == f"votes-{key.study}-r07.json"
    (rater,) = read_votes([file], key)
    assert not rater.simulated
    (outcome,) = judge_raters([rater], key)
    assert (outcome.outcome, outcome.catches_right) == ("kept", outcome.catches)
    for vote in rater.votes:
        trial = next(t for t in key.trials if t.id == vote.trial)
        if trial.kind != "catch":
            assert trial.shows[0 if vote.preference > 0 else 1] == "careful"
    assert json.loads(file.read_text())["complete"] is True
    _sides_are_fair(key, sides)


def _sides_are_fair(key, sides):
    """Every trial once; repeated ones with their sides changed, and not right after the first showing."""
    shown = sides[:: len(key.questions)]
    assert [trial for trial, _, _ in shown] != sorted(trial for trial, _, _ in shown)
    places = {trial: (place, left, right) for place, (trial, left, right) in enumerate(shown)}
    assert set(places) == {trial.id for trial in key.trials}
    for trial in key.of_kind("repeat"):
        (one, left, _), (two, _, right) = places[trial.id], places[trial.repeats]
        assert left == right
        assert abs(one - two) > 1


def test_answers_wait_for_the_film_can_be_taken_back_and_differ_in_order_from_rater_to_rater(browser, made_study):
    begin(browser, made_study, "r01")
    browser.until("shown.films !== null")
    browser.ask("play(false)")
    if not browser.ask("shown.complete"):
        browser.press("1")
        assert browser.ask("session.votes.length") == 0
    browser.ask("(play(true), shown.clock -= 60000)")
    browser.until("shown.complete")
    browser.press("2")
    browser.until("session.votes.length === 1")
    assert browser.ask("session.votes[0].answer") == "same"
    browser.press("Backspace")
    browser.until("session.votes.length === 0")
    first = browser.ask("session.order.map(o => o.trial.id + o.left)")
    assert browser.ask("orderFor('r01').map(o => o.trial.id + o.left)") == first
    assert browser.ask("orderFor('r02').map(o => o.trial.id + o.left)") != first
    assert browser.complaints() == []


def test_the_three_films_show_their_frame_and_the_title_is_text(browser, made_study):
    begin(browser, made_study, "r02")
    browser.until("shown.films !== null")
    browser.press(" ")
    frame = browser.ask("shown.frame")
    browser.press(".")
    count = browser.ask("shown.films.trial.frames")
    assert browser.ask("shown.frame") == (frame + 1) % count
    assert browser.ask("document.getElementById('frame').value") == str((frame + 1) % count)
    assert browser.ask("document.title") == "A <b>title</b>"
    assert browser.ask("document.querySelectorAll('h1 b').length") == 0


def test_sides_are_balanced_over_many_raters(browser, made_study):
    begin(browser, made_study, "r03")
    shares = browser.ask(
        "Array.from({length: 300}, (_, n) => orderFor('x' + n)).flat().filter(o => o.left < o.right).length"
        f" / (300 * {len(made_study.key.trials)})"
    )
    assert shares == pytest.approx(0.5, abs=0.03)


def test_a_folder_without_its_pictures_says_what_is_missing(browser, made_study, tmp_path):
    for name in ("index.html", "style.css", "script.js", "study.js"):
        (tmp_path / name).write_bytes((made_study.folder / name).read_bytes())
    browser.open((tmp_path / "index.html").as_uri() + "#rater=r1")
    browser.ask("document.getElementById('who').requestSubmit()")
    browser.until("!document.getElementById('problem').hidden")
    assert "the folder must stay whole" in browser.ask("document.getElementById('why').textContent")
