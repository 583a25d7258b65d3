"""What identifies a run, how it is cut into shards, and where the seeds come from."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retargetbench.benchmark.running.errors import BadMethod
from retargetbench.benchmark.running.identity import RunIdentity, Shard, clip_seed, method_identity, numbered
from retargetbench.benchmark.running.methods import MethodSource

from ..toy import ToyClips

IDENTITY = RunIdentity("retarget/toy", "four", "d" * 64, 4, {"name": "mine", "version": "1"}, 0)


@settings(max_examples=50)
@given(st.integers(1, 40), st.integers(0, 200))
def test_shards_hold_every_clip_exactly_once_and_are_equally_long(count, clips):
    parts = [Shard(i, count).numbers(clips) for i in range(1, count + 1)]
    assert sorted(number for part in parts for number in part) == list(range(clips))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_the_seed_of_a_clip_is_known_for_ever_and_belongs_to_it_alone():
    assert clip_seed(0, "retarget/toy/sway1/body0>body1") == 0x2BD9FCB6
    seeds = {clip_seed(seed, f"clip-{n}") for seed in range(10) for n in range(100)}
    assert len(seeds) == 1000


def test_clips_are_numbered_by_their_id_whatever_order_they_come_in():
    pairs = ToyClips().pairs
    assert numbered(pairs[::-1]) == numbered(pairs)
    assert [spec.clip_id for spec in numbered(pairs).values()] == sorted(spec.clip_id for spec in pairs)


def test_a_run_differs_from_another_by_name_and_not_by_the_words_of_its_command():
    other = json.loads(IDENTITY.to_json())
    assert IDENTITY.differences(other) == []
    assert IDENTITY.differences({**other, "command": "something else"}) == []
    assert IDENTITY.differences({**other, "seed": 3}) == ["seed 3 there, 0 here"]
    [difference] = IDENTITY.differences({**other, "method": {"name": "yours", "version": "1"}})
    assert difference == "method.name yours there, mine here"


def test_a_card_with_mistakes_names_all_of_them():
    source = MethodSource("mine", "plugin", "mine.py")
    with pytest.raises(BadMethod, match=r"unknown key 'nmae'.*parameters is -1"):
        method_identity(source, {"card": {"nmae": "x", "parameters": -1}})


def test_a_method_without_a_card_goes_by_its_name_and_says_that_it_has_no_version():
    card, identity = method_identity(MethodSource("mine", "plugin", "mine.py"), {"card": {}, "code_sha256": "ab"})
    assert (card.name, card.version) == ("mine", "unversioned")
    assert identity["code_sha256"] == "ab"
