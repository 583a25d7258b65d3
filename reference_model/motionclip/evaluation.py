"""What a trained MotionCLIP can do, measured on motions that it was not trained on."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cosine_similarity

from ...metrics.recognition.accuracy import labels_of, recognition_scores
from ..baselines.recognition.classifiers import Scores, by_linear_probe, by_neighbours
from ..training.counting import Counting
from .distance import motion_fid, motion_kid, motion_reference
from .model import MotionClipModel
from .pose import leg_length_m
from .recognition import by_class_texts
from .standard_body import StandardPlaces, standard_body
from .windows import Windows

_MOST_FOR_PCA = 4000
_FID_SAMPLES = 128


def measure(model: MotionClipModel, known: Windows, unseen: Windows, counting: Counting) -> dict[str, float]:
    """Return all figures by name; percentages, centimetres and cosines.

    Args:
        model: What is measured.
        known: Motions that it was trained on: probes, neighbours and principal components are fitted on them.
        unseen: Others.
        counting: Makes a counter for progress.
    """
    with counting("measuring (parts)", 4, 0) as counter:
        learned, windows = known.middle(), unseen.middle()
        known_latents, latents = model.encode(learned), model.encode(windows)
        counter.advance()
        scores = reconstruction(model, learned, windows, latents)
        counter.advance()
        classes = tuple(sorted({*known.actions, *unseen.actions}))
        latents_of = known_latents.numpy(), latents.numpy()
        flat = tuple(features.reshape(len(features), -1) for features in (learned, windows))
        found: dict[str, Scores] = {"class texts": by_class_texts(model, latents, classes)}
        if len(set(known.actions)) > 1:
            found["linear probe"] = by_linear_probe(latents_of[0], known.actions, latents_of[1], classes)
            found["neighbours"] = by_neighbours(latents_of[0], known.actions, latents_of[1], classes)
            found["raw-pose neighbours"] = by_neighbours(flat[0], known.actions, flat[1], classes)
        truth = labels_of(unseen.actions, classes)
        for name, given in found.items():
            scores |= {f"{name}, {key}": value for key, value in recognition_scores(given, truth).items()}
        scores["classes"] = float(len(classes))
        counter.advance()
        scores |= alignment(unseen, latents) | generation(model, known_latents, unseen, latents)
        counter.advance()
    return scores


def reconstruction(
    model: MotionClipModel, learned: NDArray[np.float32], windows: NDArray[np.float32], latents: Tensor
) -> dict[str, float]:
    """Return the mean joint error on the standard body in cm, hips held still, beside principal components'.

    A principal component is one number per clip too: with as many of them as a latent has, that is the linear model
    to beat.

    Args:
        model: Whose latents they are.
        learned: Windows that principal components are fitted on, [m, frames, 135].
        windows: Windows to give back, [n, frames, 135].
        latents: Of these.
    """
    made = model.decode(latents, windows.shape[1])
    leg_m = leg_length_m(standard_body().skeleton)
    path = (made[..., -3:] - torch.from_numpy(windows)[..., -3:]).norm(dim=-1).mean() * leg_m
    scores = {"reconstruction, cm": joint_error_cm(made, windows), "path, cm": 100 * float(path)}
    for count in sorted({16, 64, model.network.latent}):
        if count < min(len(learned), _MOST_FOR_PCA):
            given_back = by_components(learned, windows, count)
            scores[f"{count} components, cm"] = joint_error_cm(torch.from_numpy(given_back), windows)
    return scores


def joint_error_cm(made: Tensor, windows: NDArray[np.float32]) -> float:
    """Return the mean distance of the 22 joints on the standard body, hips held still, in cm."""
    places, total = StandardPlaces.of(1), 0.0
    for at in range(0, len(windows), 256):
        given = places.joints_m(torch.from_numpy(windows[at : at + 256]))
        total += float((places.joints_m(made[at : at + 256]) - given).norm(dim=-1).mean(dim=(1, 2)).sum())
    return 100 * total / len(windows)


def by_components(learned: NDArray[np.float32], windows: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Return windows squeezed through as many principal components of the learned ones, [n, frames, 135]."""
    from sklearn.decomposition import PCA

    few = learned[np.linspace(0, len(learned) - 1, min(len(learned), _MOST_FOR_PCA)).round().astype(int)]
    components = PCA(count, svd_solver="randomized", random_state=0).fit(few.reshape(len(few), -1))
    back = components.inverse_transform(components.transform(windows.reshape(len(windows), -1)))
    return np.asarray(back.reshape(windows.shape), dtype=np.float32)


def alignment(unseen: Windows, latents: Tensor) -> dict[str, float]:
    """Return the mean cosine of motions with their captions and with their pictures."""
    found = {}
    for name, rows in (("text", unseen.text), ("image", unseen.image)):
        table = torch.from_numpy(rows.astype(np.float32))
        own = [getattr(item, f"{name}s") for item in unseen.items]
        near = [cosine_similarity(z[None], table[k], dim=-1).mean() for z, k in zip(latents, own, strict=True)]
        found[f"{name} cosine"] = float(torch.stack(near).mean())
    return found


def generation(model: MotionClipModel, known: Tensor, unseen: Windows, latents: Tensor) -> dict[str, float]:
    """Return the distance of motions made from the first caption of each act to the real ones.

    ``fid`` is there where both sets are large enough for it.
    """
    captions = [unseen.captions[int(item.texts[0])] for item in unseen.items]
    again = model.encode(model.decode(model.latents_of_texts(captions), unseen.frames).numpy())
    scores: dict[str, Any] = {"generated, kid": motion_kid(again, latents, paired=True)}
    if len(latents) >= _FID_SAMPLES and len(known) >= _FID_SAMPLES and model.network.latent >= _FID_SAMPLES // 2:
        reference = motion_reference(model, known, _FID_SAMPLES)
        scores["generated, fid"] = motion_fid(again, latents, reference)
    return scores
