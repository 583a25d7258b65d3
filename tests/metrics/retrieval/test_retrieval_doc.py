"""The worked examples of docs/retrieval.md give what they show."""

import doctest
import re

from ..source_hash import ROOT

TEXT = (ROOT / "docs" / "retrieval.md").read_text(encoding="utf-8")
EXAMPLES = "\n".join(re.findall(r"```pycon\n(.*?)```", TEXT, flags=re.DOTALL))


def run(examples):
    shown = []
    test = doctest.DocTestParser().get_doctest(examples, {}, "docs/retrieval.md", None, 0)
    return doctest.DocTestRunner(verbose=False).run(test, out=shown.append), "".join(shown)


def test_the_examples_of_the_page_give_what_they_show():
    done, shown = run(EXAMPLES)
    assert done.failed == 0, shown
    assert done.attempted > 10


def test_an_example_that_shows_something_else_would_be_seen():
    assert run(EXAMPLES.replace("all-strict,4 [2.5, 2.5", "all-strict,4 [3.5, 2.5"))[0].failed == 1
