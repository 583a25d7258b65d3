"""Normal forms of meaning, and which captions fit which motions."""

import numpy as np
import pytest

from retargetbench.datasets.intents.programs import INTENTS, make_program
from retargetbench.datasets.intents.words import Act, Meaning, fits, meaning
from retargetbench.datasets.intents.words.meaning import TEMPO_BANDS


def _said(**known):
    return Meaning("single", (Act(**known),))


def _with(name, **changed):
    """Make a program of an intent with the first values of its parameters, but for some."""
    values = {key: INTENTS[name].parameters[key] for key in INTENTS[name].parameters}
    first = {key: getattr(value, "values", (getattr(value, "low", None),))[0] for key, value in values.items()}
    return make_program(name, **(first | {"seed": 3} | changed))


def test_seeds_and_tempos_within_a_band_mean_the_same():
    one, two = _with("hand_on_hip", tempo=0.98, seed=1), _with("hand_on_hip", tempo=1.04, seed=2)
    assert meaning(one) == meaning(two)
    assert hash(meaning(one)) == hash(meaning(two))


@pytest.mark.parametrize(("tempo", "pace"), [(0.86, "slow"), (1.0, "normal"), (1.18, "fast")])
def test_the_tempo_is_said_in_bands(tempo, pace):
    assert meaning(_with("clap", tempo=tempo)).acts[0].pace == pace


def test_no_motion_is_so_close_to_a_band_that_all_tempos_fall_into_one():
    tempo = INTENTS["clap"].parameters["tempo"]
    assert tempo.low < TEMPO_BANDS[0] < TEMPO_BANDS[1] < tempo.high


def test_the_side_of_a_one_handed_act_is_part_of_its_meaning_and_the_upper_hand_of_a_clap_is_not():
    left, right = (meaning(_with("hand_on_hip", side=side)) for side in ("left", "right"))
    assert left != right
    assert meaning(_with("clap", side="left")) == meaning(_with("clap", side="right"))


def test_a_count_is_part_of_the_meaning():
    assert meaning(_with("clap", count=2)) != meaning(_with("clap", count=3))


def test_touches_are_in_the_meaning_in_words():
    (touched,) = meaning(_with("hand_on_opposite_shoulder", side="right", tempo=1.0)).acts[0].touching
    assert touched == ("right hand", "the left shoulder", "for about a second")


def test_a_caption_that_says_less_fits_every_motion_that_agrees():
    left, right = (meaning(_with("hand_on_hip", side=side)) for side in ("left", "right"))
    assert fits(_said(intent="hand_on_hip"), left)
    assert fits(_said(intent="hand_on_hip"), right)
    assert fits(_said(intent="hand_on_hip", side="left"), left)
    assert not fits(_said(intent="hand_on_hip", side="left"), right)
    assert not fits(_said(intent="clap"), left)


def test_a_special_case_fits_the_words_of_the_general_one_and_not_the_other_way_round():
    assert not fits(meaning(_with("wave")), meaning(_with("wave_low")))
    assert fits(_said(intent="wave"), meaning(_with("wave_low")))
    assert not fits(_said(intent="wave_low"), meaning(_with("wave")))


def test_every_caption_fits_its_own_motion(programs, made):
    for split in ("train", "test"):
        for program, found in zip(programs, made[split], strict=True):
            assert found.detailed_says == meaning(program)
            assert all(fits(says, meaning(program)) for says in found.says), program.name


def test_full_captions_fit_each_other_exactly_when_meanings_are_equal(singles):
    means = [meaning(program) for program in singles]
    generator = np.random.default_rng(0)
    pairs = [(int(a), int(b)) for a, b in generator.integers(len(means), size=(2000, 2))]
    pairs += [(k, k + 1) for k in range(len(means) - 1)]
    assert all(fits(means[a], means[b]) == (means[a] == means[b]) for a, b in pairs)


def test_a_composition_is_not_what_one_of_its_parts_is(composed):
    for program in composed:
        whole, part = meaning(program), meaning(program.parts[0])
        assert whole.order == ("while" if "@" in program.intent else "then")
        assert not fits(part, whole)
        assert not fits(whole, part)
        assert [act.intent for act in whole.flat()] == [p.intent for p in program.parts]
