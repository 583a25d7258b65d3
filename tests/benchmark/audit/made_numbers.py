"""Numbers of an audit with known answers, without a clip behind them."""

from retargetbench.benchmark.audit.damages.names import BY_NAME
from retargetbench.benchmark.audit.measuring import ANSWER, NONE, name_of
from retargetbench.datasets.clip_set import PairSpec

DATA = "0" * 64
MOTIONS, BODIES = 10, 9


def made_pairs(motions=MOTIONS, bodies=BODIES, split="UC+UM"):
    return [
        PairSpec(f"retarget/made/m{m}/s>b{b}", split, f"m{m}", "s", f"b{b}", f"program{m}", 30, 30.0)
        for m in range(motions)
        for b in range(bodies)
    ]


def made_numbers(pairs, damage, key, value, *, own=1.0, answers=(1.0,)):
    """``value(pair number, degree)`` for every degree of a damage; degrees where it gives ``None`` are left out."""
    numbers = {}
    for number, pair in enumerate(pairs):
        clip = {name_of(NONE, 0, key): own}
        clip |= {name_of(ANSWER, k, key): answer for k, answer in enumerate(answers)}
        for degree in BY_NAME[damage].degrees:
            found = value(number, degree)
            if found is not None:
                clip[name_of(damage, degree, key)] = found
        numbers[pair.clip_id] = clip
    return numbers
