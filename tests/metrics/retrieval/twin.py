"""A second retrieval scorer, written from the protocols' text in plain Python: lists, loops and fractions, no tensors.

It shares nothing with the package but the names. A data set is a dictionary of plain lists.
"""

import math
from fractions import Fraction

import numpy as np

KINDS = {"t": "text", "m": "motion", "v": "video"}


def owner(data, kind, item):
    return item if kind == "motion" else data[f"{kind}_of"][item]


def captions_used(data, motion, all_captions):
    own = data["captions_of"][motion]
    return own if all_captions else own[:1]


def items(data, kind, motions, all_captions):
    """The items of some motions, motion after motion."""
    found = []
    for motion in motions:
        if kind == "motion":
            found.append(motion)
        elif kind == "text":
            found += captions_used(data, motion, all_captions)
        else:
            found += [i for i, m in enumerate(data["video_of"]) if m == motion]
    return found


def speaks(data, kind, item, all_captions):
    """The captions that stand for an item."""
    return [item] if kind == "text" else captions_used(data, owner(data, kind, item), all_captions)


def cosine(a, b):
    dot = math.fsum(x * y for x, y in zip(a, b, strict=True))
    return dot / math.sqrt(math.fsum(x * x for x in a)) / math.sqrt(math.fsum(y * y for y in b))


def is_right(data, protocol, query, answer, all_captions):
    """Query and answer are (kind, item)."""
    mine, yours = owner(data, *query), owner(data, *answer)
    if mine == yours:
        return True
    if protocol == "same-meaning":
        return data["meanings"][mine] == data["meanings"][yours]
    pairs = [(a, b) for a in speaks(data, *query, all_captions) for b in speaks(data, *answer, all_captions)]
    if protocol == "all-samecaption":
        return any(data["captions"][a] == data["captions"][b] for a, b in pairs)
    if protocol == "threshold":
        return any(data["close"][a][b] for a, b in pairs)
    return False


def galleries(data, protocol, seed):
    """Lists of motions: one gallery, or the batches."""
    everything = list(range(len(data["motions"])))
    if protocol == "dissimilar":
        return [[data["motions"].index(name) for name in data["dissimilar"]]]
    if protocol == "batches-32":
        order = sorted(everything, key=lambda i: data["motions"][i])
        places = np.arange(len(order))
        np.random.RandomState(seed).shuffle(places)
        order = [order[i] for i in places]
        return [order[i * 32 : i * 32 + 32] for i in range(len(order) // 32)]
    return [everything]


def rank_and_hits(values, right, rule, ks):
    """Rank, from 1, and the hit at each k of one query. NaN: the worst for the query."""
    gallery = range(len(values))
    lost = {i for i in gallery if math.isnan(values[i])}
    best = max((values[i] for i in gallery if right[i] and i not in lost), default=None)
    if best is None:
        rank = 1 + sum(not r for r in right)
        return rank, [float(rank <= k) for k in ks]
    above = sum(not right[i] and (i in lost or values[i] > best) for i in gallery)
    tied = [i for i in gallery if i not in lost and values[i] == best]
    good = sum(right[i] for i in tied)
    if rule == "expected":
        # Place x of the first right one among n tied: the x wrong ones before it are any of the wrong ones.
        n, wrong = len(tied), len(tied) - good
        later = [Fraction(1)]  # later[x]: the first x are all wrong
        for x in range(wrong):
            later.append(later[-1] * Fraction(wrong - x, n - x))
        rank = 1 + above + sum(later[1:], Fraction(0))
        misses = [later[min(k - above, wrong + 1)] if k - above <= wrong else Fraction(0) for k in ks if k > above]
        hit = [Fraction(0)] * sum(k <= above for k in ks) + [1 - m for m in misses]
        return float(rank), [float(h) for h in hit]
    if rule == "tmr-averaging":
        columns = [above + place for place in range(len(tied))]
        column = sum(columns) / len(columns)
        return column + 1, [float(column < k) for k in ks]
    before = 0 if rule == "optimistic" else next(i for i, item in enumerate(tied) if right[item])
    rank = above + 1 + before
    return rank, [float(rank <= k) for k in ks]


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def score(data, matrix, direction, protocol, rule="expected", all_captions=False, seed=0):
    """{R@1: percent, ..., MedR, MeanR} of similarities matrix[query][answer] over all items of the set."""
    ask, tell = KINDS[direction[0]], KINDS[direction[2]]
    ks = (1, 2, 3, 5, 10)
    ranks, hits, medians = [], [], []
    for motions in galleries(data, protocol, seed):
        gallery = items(data, tell, motions, all_captions)
        here = []
        for query in items(data, ask, motions, all_captions):
            if not any(owner(data, tell, g) == owner(data, ask, query) for g in gallery):
                continue
            right = [is_right(data, protocol, (ask, query), (tell, g), all_captions) for g in gallery]
            rank, hit = rank_and_hits([matrix[query][g] for g in gallery], right, rule, ks)
            here.append(rank)
            hits.append(hit)
        ranks += here
        medians.append(median(here))
    figures = {f"R@{k}": 100 * sum(h[i] for h in hits) / len(hits) for i, k in enumerate(ks)}
    return {**figures, "MedR": sum(medians) / len(medians), "MeanR": sum(ranks) / len(ranks)}
