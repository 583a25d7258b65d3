"""How exactly a motion comes back from its latent, beside what principal components give back."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .intervals import Floats, mean_scores
from .model import MotionClipModel
from .motion_set import MotionSet
from .pose import leg_length_m
from .standard_body import StandardPlaces, standard_body

_MOST_FOR_PCA = 4000
_AT_ONCE = 256


def reconstruction(model: MotionClipModel, known: MotionSet, asked: MotionSet) -> dict[str, float]:
    """Return the mean joint error on the standard body in cm, hips held still, beside principal components'.

    A principal component is one number per clip too: with as many of them as a latent has, that is the linear model
    to beat.

    Args:
        model: Whose latents they are.
        known: Motions that principal components are fitted on.
        asked: Motions to give back.
    """
    made = model.decode(asked.latents, asked.features.shape[1])
    away = (made[..., -3:] - torch.from_numpy(asked.features)[..., -3:]).norm(dim=-1).mean()
    scores = mean_scores("reconstruction, cm", joint_errors_cm(made, asked.features), asked.clusters)
    scores["path, cm"] = 100 * leg_length_m(standard_body().skeleton) * float(away)
    for count in sorted({16, 64, model.network.latent}):
        if count < min(len(known.features), _MOST_FOR_PCA):
            given_back = torch.from_numpy(by_components(known.features, asked.features, count))
            scores[f"{count} components, cm"] = float(joint_errors_cm(given_back, asked.features).mean())
    return scores


def joint_errors_cm(made: Tensor, windows: NDArray[np.float32]) -> Floats:
    """Return the mean distance of the 22 joints of each window on the standard body, hips held still, in cm, [n].

    Args:
        made: What came back, [n, frames, 135].
        windows: What should have, the same shape.
    """
    places, errors = StandardPlaces.of(1), []
    for at in range(0, len(windows), _AT_ONCE):
        given = places.joints_m(torch.from_numpy(windows[at : at + _AT_ONCE]))
        errors.append((places.joints_m(made[at : at + _AT_ONCE]) - given).norm(dim=-1).mean(dim=(1, 2)))
    return 100 * torch.cat(errors).double().numpy()


def by_components(learned: NDArray[np.float32], windows: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Return windows squeezed through as many principal components of the learned ones, [n, frames, 135]."""
    from sklearn.decomposition import PCA

    few = learned[np.linspace(0, len(learned) - 1, min(len(learned), _MOST_FOR_PCA)).round().astype(int)]
    components = PCA(count, svd_solver="randomized", random_state=0).fit(few.reshape(len(few), -1))
    back = components.inverse_transform(components.transform(windows.reshape(len(windows), -1)))
    return np.asarray(back.reshape(windows.shape), dtype=np.float32)
