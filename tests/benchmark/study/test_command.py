import html.parser
import json
import subprocess
import sys

import pytest

from retargetbench.benchmark.cli.main import main
from retargetbench.benchmark.study.report import study_html
from retargetbench.benchmark.study.scoring import score_study
from retargetbench.benchmark.study.votes import read_votes

from .raters import made_key, simulate, write_study, write_votes

STRONG = {"a": 1.0, "b": -1.0}
ATTACK = "<script>alert(1)</script>\"'>"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    place = tmp_path_factory.mktemp("study")
    metrics = {name: {f"clip{c}": {"jerk@1": float(c + ord(name))} for c in range(12)} for name in STRONG}
    key = made_key(tuple(STRONG), metrics=metrics)
    folder = write_study(place / "study", key)
    write_votes(place / "votes", [simulate(key, f"r{n}", strengths=STRONG) for n in range(8)])
    return folder


def run(capsys, *words):
    capsys.readouterr()
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_simulated_votes_are_called_so_in_the_first_line_and_on_the_page(study, capsys):
    code, out, said = run(capsys, "study", "score", study, study.parent / "votes")
    assert code == 0
    assert out.splitlines()[0].startswith("SIMULATED VOTES: a program made these votes")
    page = (study.parent / "study.score.html").read_text()
    assert "SIMULATED VOTES" in page
    assert f"Page: {study.parent / 'study.score.html'}" in said
    assert "Next: " in said


def test_votes_of_the_page_are_not_called_simulated(study, capsys, tmp_path):
    files = [json.loads(path.read_text()) | {"simulated": False} for path in (study.parent / "votes").iterdir()]
    out = run(capsys, "study", "score", study, *write_votes(tmp_path, files), "--out", tmp_path / "s.html")[1]
    assert "SIMULATED" not in out
    assert "SIMULATED" not in (tmp_path / "s.html").read_text()


def test_the_table_shows_strengths_agreement_bias_and_every_metric(study, capsys):
    out = run(capsys, "study", "score", study, study.parent / "votes")[1]
    (winner,) = (line for line in out.splitlines() if line.startswith("a  "))
    assert float(winner.split()[1]) > 0
    for words in ("Krippendorff's alpha", "same answer again", "left side", "jerk@1", "votes of 8 of 8 raters count"):
        assert words in out


def test_json_begins_with_whether_a_program_made_the_votes_and_holds_every_number(study, capsys):
    out = run(capsys, "study", "score", study, study.parent / "votes", "--json")[1]
    answer = json.loads(out)
    assert next(iter(answer)) == "simulated"
    assert answer["simulated"] is True
    (question,) = answer["questions"]
    assert {"methods", "pairs", "alpha", "same_again", "left", "ties", "metrics"} <= question.keys()


def test_problems_of_votes_are_all_named_and_nothing_is_scored(study, capsys, tmp_path):
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text("{}")
    code, out, said = run(capsys, "study", "score", study, tmp_path, "--out", tmp_path / "page.html")
    assert (code, out) == (2, "")
    assert "[V001]" in said
    assert "[V002]" in said
    assert "2 problems; no votes were scored." in said
    assert not (tmp_path / "page.html").exists()


def test_when_no_rater_counts_the_answer_is_no_and_says_why(study, capsys, tmp_path):
    careless = json.loads((study.parent / "votes" / "r0.json").read_text())
    careless["votes"] = careless["votes"][:3]
    code, out, said = run(capsys, "study", "score", study, *write_votes(tmp_path, [careless]), "--out", tmp_path / "p")
    assert code == 1
    assert "incomplete" in out
    assert "no rater's votes count" in said


@pytest.mark.parametrize(
    ("words", "rule", "help_"),
    [
        (("study", "mkae", "a", "b"), "C095", "Did you mean 'make'?"),
        (("study", "make", "a"), "C096", "two or more folders of results"),
        (("study", "score"), "C096", "files of votes"),
        (("study", "make", "a", "b", "--questions", "meening"), "C091", "Did you mean 'meaning'?"),
        (("study", "make", "a", "b", "--catches", "2"), "C092", "--catches is 2"),
        (("study", "make", "a", "b"), "C012", "there is no result.json"),
        (("study", "score", "a", "b"), "C093", "give the folder that study make wrote"),
    ],
)
def test_mistakes_are_answered_with_a_rule_and_what_to_do(words, rule, help_, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, said = run(capsys, *words)
    assert (code, out) == (2, "")
    assert f"[{rule}]" in said
    assert help_ in said


def test_mistakes_are_answered_without_importing_torch(tmp_path):
    code = (
        "import sys\n"
        "from retargetbench.benchmark.cli.main import main\n"
        "for words in (['mkae', 'a', 'b'], ['make', 'a', 'b'], ['score', 'a', 'b']):\n"
        "    assert main(['study', *words]) == 2, words\n"
        "assert not {'torch', 'warp', 'scipy', 'matplotlib'} & set(sys.modules), sorted(sys.modules)\n"
    )
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("error:") == 3


def test_a_study_is_never_written_over_and_its_key_never_lies_in_it(study, capsys, tmp_path):
    said = run(capsys, "study", "make", "a", "b", "--out", study)[2]
    assert "[C092]" in said
    assert "is in use" in said
    said = run(capsys, "study", "make", "a", "b", "--out", tmp_path / "s", "--key", tmp_path / "s" / "key.json")[2]
    assert "choose a place outside" in said


def test_the_page_loads_nothing_runs_nothing_and_escapes_every_word(tmp_path):
    key = made_key((ATTACK, "b")).model_copy(update={"title": ATTACK, "track": ATTACK})
    files = [simulate(key, f"r{n}", strengths={ATTACK: 1.0, "b": 0.0}) for n in range(8)]
    paths = write_votes(tmp_path, files)
    paths[0].write_text(paths[0].read_text().replace('"r0"', json.dumps(ATTACK[:30])))
    page = study_html(score_study(key, read_votes(paths, key)))
    tags = []
    reader = html.parser.HTMLParser()
    reader.handle_starttag = lambda tag, attributes: tags.append((tag, dict(attributes)))
    reader.feed(page)
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "form"}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert page.count("&lt;script&gt;") >= 5
    assert "http" not in page.replace("http-equiv", "")
