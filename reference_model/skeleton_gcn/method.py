"""``skeleton-gcn`` as a method of the recognition tracks: found by entry point, weights are loaded when it is asked."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...datasets.body import Motion
from ..baselines.cards import intents_motions, method_card
from .weights import NAME, SKELETON_GCN_WEIGHTS, find_weights, load_network

_AT_ONCE = 256


class SkeletonGcnMethod:
    """A trained network as a classifier."""

    def __init__(self, folder: Path | None = None) -> None:
        """Make the method; nothing is loaded yet.

        Args:
            folder: Of the weights; ``None``: what the environment variable ``SKELETON_GCN`` names, or this package's.
        """
        self._named = folder

    @cached_property
    def card(self) -> Mapping[str, Any]:
        """What a results table says of it.

        Raises:
            NoWeights: If there are no weights.
        """
        folder = find_weights(self._named)
        config = SKELETON_GCN_WEIGHTS.read_config(folder)
        return method_card(
            NAME,
            "1",
            parameters=int(config["parameters"]),
            trained_on=(intents_motions(config["trained_on"]),),
            weights_sha256=SKELETON_GCN_WEIGHTS.sha256(folder),
        )

    def classify(self, motions: Sequence[Motion], classes: Sequence[str], *, seed: int) -> NDArray[np.float32]:
        """Return logits, [motions, classes]; a class that it was not trained on scores less than all others.

        Args:
            motions: On any humanoid skeletons.
            classes: The columns.
            seed: Not used: nothing here is random.

        Raises:
            NoWeights: If there are no weights.
            UnmappedJoints: If a skeleton is no humanoid.
        """
        import torch

        from .joints import joint_places

        network, known = load_network(find_weights(self._named))
        places = np.stack([joint_places(motion, network.sizes.moments) for motion in motions])
        with torch.no_grad():
            parts = [network(torch.from_numpy(places[at : at + _AT_ONCE])) for at in range(0, len(places), _AT_ONCE)]
        found = torch.cat(parts).numpy()
        scores = np.repeat(found.min(axis=1, keepdims=True) - 1, len(classes), axis=1)
        for column, name in enumerate(classes):
            if name in known:
                scores[:, column] = found[:, known.index(name)]
        return scores


SKELETON_GCN = SkeletonGcnMethod()
