"""The weights that come with the package: small enough, those that were measured, and told as they were measured."""

import json
import re

import pytest
from safetensors import safe_open

from retargetbench.metrics.semantics.registry import find_judge
from retargetbench.reference_model.tiny_vlm.judges import BLIP2, CLIP, weights_folder

from ...house import ROOT

PAGE = (ROOT / "docs" / "tiny-vlm.md").read_text(encoding="utf-8")


def card(name):
    return json.loads((weights_folder(name) / "card.json").read_text(encoding="utf-8"))


def parameters(name):
    """How many numbers a judge's files hold, those of its matching head included."""
    count = 0
    for path in weights_folder(name).rglob("model.safetensors"):
        with safe_open(path, "np") as tensors:
            for key in tensors.keys():  # noqa: SIM118
                size = 1
                for side in tensors.get_slice(key).get_shape():
                    size *= side
                count += size
    return count


def test_both_together_are_at_most_twelve_mebibytes_and_seven_million_parameters():
    files = [path for name in (BLIP2, CLIP) for path in weights_folder(name).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 12 * 2**20
    assert parameters(BLIP2) + parameters(CLIP) <= 7_000_000
    told = f"about {parameters(BLIP2) / 1e6:.1f} and {parameters(CLIP) / 1e6:.1f} million parameters"
    assert told in " ".join(PAGE.split())


@pytest.mark.parametrize("name", [BLIP2, CLIP])
def test_a_card_belongs_to_the_weights_beside_it(name):
    told = card(name)
    judge = find_judge(name).load()
    assert told["name"] == judge.name == name
    assert told["scores"]["fingerprint"] == judge.fingerprint


def rows_of(name):
    """The page's table of a judge: the cells of each row, heads and rule left out."""
    _, head, rest = PAGE.partition(f"| `{name}` | found | line | |\n")
    assert head, f"docs/tiny-vlm.md has no table of {name}"
    lines = rest.partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def numbers(text):
    return re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)


def percent(*shares):
    return [f"{100 * share:.1f}" for share in shares]


def told_of_hands(hands):
    """What stands in the rows of the hands: the numbers, and the share that is held against the line."""
    majority, controls = hands["majority"], hands["controls"]
    blind = [controls[name] for name in ("blank", "shuffled", "question only")]
    return [
        ([f"{1 / majority:.0f}", f"{hands['pictures']:,}", *percent(hands["macro"], hands["left"], hands["right"])],
         hands["macro"]),
        (percent(hands["touching only"]), None),
        (percent(hands["share of hands right"]), None),
        (percent(hands["share of answers word for word"]), None),
        (percent(hands["swapped when mirrored"]), hands["swapped when mirrored"]),
        (percent(*blind, majority), max(blind)),
    ]  # fmt: skip


def told_of_actions(action):
    """The same of the rows of the classes of action."""
    majority, controls = action["majority"], action["controls"]
    single, blind = action["macro of a single frame"], [controls["blank"], controls["shuffled"]]
    shown = action["classes"] + action["classes too rare to count"]
    scenes = f"{action['scenes']:,}"
    return [
        ([f"{action['classes']}", f"{shown}", scenes, *percent(single, action["macro"])], action["macro"]),
        (percent(*blind, majority), max(blind)),
    ]


def told_of_captions(found):
    """The same of the row of captions."""
    best = found["R@1"]
    shares = percent(found["R@1 of a guess"], found["controls"]["shuffled"], best, found["R@1 in unseen words"])
    return [([f"{found['gallery']}", f"{found['scenes']:,}", *shares], best)]


def check(rows, told):
    """Each row holds these numbers, and says rightly whether its line is reached."""
    for (label, found, line, verdict), (expected, share) in zip(rows, told, strict=True):
        assert numbers(label) + numbers(found) == expected, label
        assert bool(line) == (share is not None), label
        if share is not None:
            bound = float(numbers(line)[0])
            reached = 100 * share <= bound if line.startswith("at most") else 100 * share >= bound
            assert verdict == ("holds" if reached else "**red**"), label


def test_the_page_tells_of_the_blip2_what_its_card_says():
    scores = card(BLIP2)["scores"]
    told = [told_of_hands(scores["hands"]), told_of_actions(scores["action"]), told_of_captions(scores["retrieval"])]
    check(rows_of(BLIP2), [row for rows in told for row in rows])


def test_the_page_tells_of_the_clip_what_its_card_says():
    check(rows_of(CLIP), told_of_captions(card(CLIP)["scores"]["retrieval"]))
