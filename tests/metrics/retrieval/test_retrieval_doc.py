"""The worked examples of docs/retrieval.md give what they show."""

import doctest
import re

import pytest

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


@pytest.mark.slow
def test_what_the_page_says_of_durations_alone_is_so():
    names = {}
    exec(re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)[0], names)
    lengths = len(set(names["seconds"]))
    assert f"The {len(names['motions']):,} labelled test motions have {lengths} durations" in TEXT
    first, tenth = (names["scores"][f"v2m/R@{k}@1[all-strict,{len(names['motions'])}]"] for k in (1, 10))
    said = f"{lengths} of {len(names['motions']):,} right at the first place, {first:.1f} %, and R@10 {tenth:.1f} %"
    assert said in " ".join(TEXT.split())
