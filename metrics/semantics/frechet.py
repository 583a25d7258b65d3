"""``fid``: the Frechet distance between two sets of embeddings, made usable for small sets.

The covariance of a few hundred vectors of 2,048 numbers has no full rank, and the distance falls as the sets grow. So
the vectors are first projected onto the 64 principal components of one committed reference set, the same for every
method, and both sets have a fixed number of rows. Float64 throughout (SMT's script used float16).
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from .declarations import FID_DIMENSIONS
from .errors import WrongEmbeddings, WrongReference


@dataclass(frozen=True)
class FrechetReference:
    """The projection that all sets go through, fitted once per judge and committed."""

    mean: Tensor
    """float64 [width]."""
    components: Tensor
    """Orthonormal rows, most variance first, float64 [dimensions, width]."""
    samples: int
    """How many rows both sets must have."""
    judge: str
    """Fingerprint of the judge whose embeddings it was fitted on."""

    def project(self, features: Tensor) -> Tensor:
        """Return features in the reference's coordinates, float64 [rows, dimensions]."""
        return (features.double() - self.mean) @ self.components.mT


def fit_reference(features: Tensor, judge: str, samples: int, dimensions: int = FID_DIMENSIONS) -> FrechetReference:
    """Fit the principal components of a reference set, for example the sources of the training split.

    Args:
        features: Embeddings, one vector per picture (``Embedding.means``), [rows, width].
        judge: The judge's fingerprint.
        samples: Rows that sets will have; at least twice the dimensions, or their covariances are noise.
        dimensions: Components to keep.

    Raises:
        WrongEmbeddings: If the set spans fewer dimensions, or ``samples`` is too small.
    """
    _check(features)
    centred = features.double() - features.double().mean(dim=0)
    _, scales, rows = torch.linalg.svd(centred, full_matrices=False)
    rank = int((scales > 1e-9 * scales[0].clamp(min=1e-300)).sum())
    if rank < dimensions or samples < 2 * dimensions:
        raise WrongEmbeddings(
            f"{features.shape[0]} embeddings span {rank} dimensions and sets will have {samples} rows; expected at "
            f"least {dimensions} dimensions and {2 * dimensions} rows."
        )
    components = rows[:dimensions]
    largest = components.abs().argmax(dim=1, keepdim=True)  # a decomposition leaves the sign open
    upright = components * components.gather(1, largest).sign()
    return FrechetReference(features.double().mean(dim=0), upright.contiguous(), samples, judge)


def save_reference(reference: FrechetReference, path: Path) -> None:
    """Write a reference as safetensors."""
    save_file(
        {"mean": reference.mean, "components": reference.components},
        path,
        {"judge": reference.judge, "samples": str(reference.samples)},
    )


def load_reference(path: Path, judge: str) -> FrechetReference:
    """Read a reference.

    Args:
        path: A file that ``save_reference`` wrote.
        judge: Fingerprint of the judge that will be used.

    Raises:
        WrongReference: If the file is missing or damaged, or was fitted on another judge's embeddings.
    """
    try:
        with safe_open(path, "pt") as file:
            notes = file.metadata() or {}
            found = FrechetReference(
                file.get_tensor("mean"), file.get_tensor("components"), int(notes["samples"]), notes["judge"]
            )
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise WrongReference(f"{path} is no reference for fid: {error}.") from None
    if found.judge != judge:
        raise WrongReference(
            f"{path} was fitted on the judge {found.judge[:8]}; the judge in use is {judge[:8]}. Fit one for it."
        )
    return found


def evenly(features: Tensor, count: int) -> Tensor:
    """Return ``count`` rows, evenly spaced, of a set in a fixed order (sorted by clip id, view, frame).

    Raises:
        WrongEmbeddings: If there are fewer.
    """
    rows = features.shape[0]
    if rows < count:
        raise WrongEmbeddings(f"there are {rows} embeddings; fid takes {count}. Use kid, which any number serves.")
    return features[torch.arange(count, device=features.device) * rows // count]


def fid(results: Tensor, sources: Tensor, reference: FrechetReference) -> Tensor:
    """Return the Frechet distance between two sets, float64, at least 0.

    ``|m1 - m2|^2 + tr(S1 + S2 - 2 (S1^1/2 S2 S1^1/2)^1/2)`` with means and unbiased covariances of the projected
    vectors (Dowson and Landau 1982; Heusel et al. 2017). For illustration: it is biased upwards by a share that depends
    on the covariances, so a difference between methods can be bias. ``kid`` ranks. No training loss: where a covariance
    loses rank its gradient has no bound.

    Args:
        results: Embeddings of the results, exactly ``reference.samples`` rows (see ``evenly``), [rows, width].
        sources: The same of the sources.
        reference: The judge's.

    Raises:
        WrongEmbeddings: If a set has another number of rows, or another width.
    """
    for features in (results, sources):
        _check(features)
        if features.shape != (reference.samples, reference.mean.shape[0]):
            raise WrongEmbeddings(
                f"a set is {list(features.shape)}; fid by this reference takes exactly {reference.samples} rows of "
                f"{reference.mean.shape[0]}."
            )
    one, other = reference.project(results), reference.project(sources)
    root = _root(torch.cov(one.mT))
    inner = torch.linalg.eigvalsh(root @ torch.cov(other.mT) @ root).clamp(min=0).sqrt().sum()
    spread = one.var(dim=0).sum() + other.var(dim=0).sum() - 2 * inner
    return ((one.mean(dim=0) - other.mean(dim=0)).square().sum() + spread).clamp(min=0)


def _root(covariance: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(covariance)
    return (vectors * values.clamp(min=0).sqrt()) @ vectors.mT


def _check(features: Tensor) -> None:
    if features.ndim != 2 or not bool(features.isfinite().all()):
        raise WrongEmbeddings(f"a set is {list(features.shape)}, or not finite; expected finite [rows, width].")
