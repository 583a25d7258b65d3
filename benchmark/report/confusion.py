"""The confusion matrix of a classifier as a picture: which class is taken for which, in shares of each row."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..recognition.confusions import CONFUSION, Confusion, read_confusion
from .sources import ReportSource

MOST_PAIRS = 8
"""Confusions that are named below the picture."""
_TOLD_FROM = 1.0
"""Motions of the rarest confusion that is named."""


@dataclass(frozen=True)
class ConfusionPicture:
    """One method's confusion matrix."""

    method: str
    picture: str
    """A data URI of a PNG."""
    classes: int
    worst: tuple[str, ...]
    """The commonest confusions in words: ``12 x "think" taken for "touch face"``."""


def confusion_pictures(sources: Sequence[ReportSource]) -> list[ConfusionPicture]:
    """Return the confusion matrices of the runs that have one, in their order.

    Raises:
        BadRecord: If one of their files cannot be read.
    """
    found = []
    for source in sources:
        path = source.run.folder / CONFUSION
        if path.is_file():
            matrix = read_confusion(path)
            found.append(
                ConfusionPicture(
                    source.run.result.method.name, picture_uri(matrix), len(matrix.classes), tuple(_worst(matrix))
                )
            )
    return found


def picture_uri(matrix: Confusion) -> str:
    """Return a confusion matrix as the data URI of a PNG.

    Rows are right classes with the number of their motions, columns are answers; the darker a cell, the larger the
    share of its row. Classes that occur come first, then those that are only answered.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # slow to import: only where a picture is made
    from matplotlib.figure import Figure

    totals = matrix.counts.sum(axis=1)
    order = np.lexsort((np.arange(len(totals)), totals == 0))
    rows = int((totals > 0).sum())
    shares = 100 * matrix.counts[order][:rows][:, order] / totals[order][:rows, None]
    names = [matrix.classes[k] for k in order]
    side = 2.6 + 0.145 * len(names)
    figure = Figure(figsize=(side + 0.6, 2.2 + 0.145 * rows), dpi=110, layout="constrained")
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=100, aspect="equal", interpolation="nearest")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(rows), [f"{names[k]} ({totals[order[k]]:.3g})" for k in range(rows)], fontsize=7)
    axes.set_xticks(np.arange(-0.5, len(names)), minor=True)
    axes.set_yticks(np.arange(-0.5, rows), minor=True)
    axes.grid(which="minor", color="#e6e6e6", linewidth=0.4)
    axes.tick_params(which="both", length=0)
    axes.set_xlabel("answered", fontsize=8)
    axes.set_ylabel("right class (motions)", fontsize=8)
    bar = figure.colorbar(image, ax=axes, shrink=0.5, pad=0.01)
    bar.set_label("% of the row", fontsize=8)
    bar.ax.tick_params(labelsize=7)
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None})  # no version: equal input, equal bytes
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _worst(matrix: Confusion) -> list[str]:
    """The commonest confusions, the most motions first."""
    wrong = matrix.counts.copy()
    np.fill_diagonal(wrong, 0)
    places = sorted(np.argwhere(wrong >= _TOLD_FROM).tolist(), key=lambda at: -wrong[at[0], at[1]])
    return [
        f"{wrong[i, j]:.3g} × “{matrix.classes[i]}” taken for “{matrix.classes[j]}”" for i, j in places[:MOST_PAIRS]
    ]
