"""Simulated raters for tests. Their files carry the mark ``simulated``; they are never shown as people's votes."""

import json

import numpy as np

from retargetbench.benchmark.study.key import StudyKey, StudyMethod, StudyTrial, key_hash, key_text, study_text
from retargetbench.benchmark.study.questions import QUESTIONS, Question

MEANING = Question(id="meaning", text=QUESTIONS["meaning"])


def made_key(methods=("a", "b"), *, clips=12, catches=8, repeats=4, metrics=None, questions=(MEANING,)):
    """A key without pictures: every pair of methods on every clip."""
    trials, number = [], 0
    pairs = [(first, second) for i, first in enumerate(methods) for second in methods[i + 1 :]]
    for clip in range(clips):
        for first, second in pairs:
            shows = (first, second) if number % 2 else (second, first)
            trials.append(_trial(number, "main", clip, shows))
            number += 1
    for place, trial in enumerate(trials[:repeats]):
        again = {"id": f"r{place:03d}", "kind": "repeat", "repeats": trial.id}
        trials.append(trial.model_copy(update=again))
    for catch in range(catches):
        shows = ("right", "wrong") if catch % 2 else ("wrong", "right")
        trials.append(_trial(1000 + catch, "catch", 100 + catch, shows))
    return StudyKey(
        study="5" * 12, title="Made up", seed=0, track="retarget/toy", variant="two", data="d" * 64,
        methods=tuple(StudyMethod(name=name, predictions_sha256=name) for name in methods),
        questions=questions, catches_needed=7, trials=tuple(trials), metrics=metrics or {name: {} for name in methods},
    )  # fmt: skip


def _trial(number, kind, clip, shows):
    items = (f"i{number}x", f"i{number}y")
    return StudyTrial(
        id=f"t{number:04d}", kind=kind, clip_id=f"clip{clip}", cluster=f"motion{clip}", items=items, shows=shows
    )


def simulate(key, rater, *, strengths, tie=0.3, careless=0.0, left=0.0, seed=0):
    """The file of a rater who follows Davidson's model, now and then tosses a coin, and may lean to the left."""
    generator = np.random.default_rng([seed, *rater.encode()])
    votes = []
    for place in generator.permutation(len(key.trials)):
        trial = key.trials[place]
        sides = trial.items if generator.random() < 0.5 else trial.items[::-1]
        for question in key.questions:
            of_side = [trial.shows[trial.items.index(side)] for side in sides]
            chosen = _choice(of_side, strengths, tie, generator)
            if generator.random() < careless:
                chosen = ("left", "right")[generator.integers(2)]
            if generator.random() < left:
                chosen = "left"
            votes.append(
                {"trial": trial.id, "question": question.id, "left": sides[0], "right": sides[1], "answer": chosen}
            )
    return {
        "format": "retargetbench-votes/1", "study": key.study, "rater": rater, "simulated": True, "votes": votes
    }  # fmt: skip


def _choice(of_side, strengths, tie, generator):
    known = {"right": 8.0, "wrong": -8.0, **strengths}
    a, b = (np.exp(known[name]) for name in of_side)
    chances = np.array([a, tie * np.sqrt(a * b), b])
    return ("left", "same", "right")[generator.choice(3, p=chances / chances.sum())]


def write_study(folder, key):
    """The folder and the key as ``study make`` leaves them, without pictures."""
    folder.mkdir(parents=True)
    text = key_text(key)
    (folder / "study.js").write_text(study_text({"study": key.study, "key_sha256": key_hash(text)}))
    (folder.parent / f"{folder.name}.key.json").write_text(text)
    return folder


def write_votes(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for file in files:
        paths.append(folder / f"{file['rater']}.json")
        paths[-1].write_text(json.dumps(file))
    return paths
