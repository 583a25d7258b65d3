import json
import subprocess
import sys

import pytest

from retargetbench.benchmark.cli.main import main

from .made import write_all


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return write_all(tmp_path_factory.mktemp("results"), names=("copy", "rest-pose"))


def test_the_command_writes_the_page_and_names_it(results, tmp_path, capsys):
    out = tmp_path / "page.html"
    assert main(["report", str(results), "--out", str(out), "--title", "A & B"]) == 0
    said = capsys.readouterr()
    assert said.out.strip() == str(out)
    assert "2 of 2 results have no pictures" in said.err
    assert "<h1>A &amp; B</h1>" in out.read_text()


def test_the_command_prints_json_on_demand(results, tmp_path, capsys):
    out = tmp_path / "page.html"
    assert main(["report", str(results), "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"page": str(out), "results": 2, "with_pictures": 0}


def test_a_folder_without_results_is_a_mistake(tmp_path, capsys):
    assert main(["report", str(tmp_path)]) == 2
    assert "[C012] there is no result.json" in capsys.readouterr().err


def test_mistakes_are_answered_without_importing_torch(tmp_path):
    code = (
        "import sys\n"
        "from retargetbench.benchmark.cli.main import main\n"
        "for words in (['report', 'nothing'], ['submit', 'nothing'], ['reproduce', 'nothing']):\n"
        "    assert main(words) == 2, words\n"
        "assert not {'torch', 'warp', 'scipy', 'matplotlib'} & set(sys.modules), sorted(sys.modules)\n"
    )
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("error:") == 3
