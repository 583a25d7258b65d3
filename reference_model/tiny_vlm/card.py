"""The card of a set of weights: data, command, commit, seed, scores."""

import json
from pathlib import Path
from typing import Any

from ...datasets.files import write_atomically


def write_card(folder: Path, shown: str, scores: dict[str, Any]) -> None:
    """Write ``card.json`` beside weights.

    Args:
        folder: Of the weights.
        shown: What it was measured on.
        scores: What was measured.
    """
    run = folder.parent.parent / ("blip2" if folder.name.endswith("blip2") else "clip") / "run.json"
    trained = json.loads(run.read_text(encoding="utf-8")) if run.is_file() else {}
    card = {
        "name": folder.name,
        "licence": "Apache-2.0",
        "what": "A judge of renders of Intents; it has seen nothing else and is not validated against people.",
        "trained_on": "renders of moments of the training programs of Intents on training's bodies and on bodies drawn "
        "from the shape basis; their captions, questions and answers",
        "trained": trained,
        "evaluated_on": shown,
        "scores": scores,
    }
    write_atomically(folder / "card.json", (json.dumps(card, indent=1) + "\n").encode())
