"""``embeddings.npz``: one array a kind of item, a row an item; written, and read without believing a header."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from ...datasets.files import write_atomically
from ...datasets.readers.npz_limits import ArraySpec, read_npz
from ...metrics.retrieval.declarations import Modality
from ..running.embedding import MAX_WIDTH
from ..submission.archive import MAX_FILE_BYTES
from ..submission.problems import Problem

EMBEDDINGS = "embeddings.npz"
KINDS: tuple[Modality, ...] = get_args(Modality)
"""``text``, ``motion``, ``video``: the arrays of the file."""
_EPOCH = (1980, 1, 1, 0, 0, 0)

Arrays = dict[Modality, NDArray[Any]]


def write_arrays(path: Path, arrays: Mapping[Modality, NDArray[Any]]) -> None:
    """Write the file, atomically; equal arrays give equal bytes.

    Args:
        path: Where it goes.
        arrays: Floating, [items, width], by kind.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for kind in (kind for kind in KINDS if kind in arrays):
            member = io.BytesIO()
            values = np.ascontiguousarray(arrays[kind])
            plain = values.astype(values.dtype.newbyteorder("<"), copy=False)
            np.lib.format.write_array(member, plain, version=(1, 0), allow_pickle=False)
            info = zipfile.ZipInfo(f"{kind}.npy", date_time=_EPOCH)
            info.external_attr, info.create_system = 0o644 << 16, 3
            archive.writestr(info, member.getvalue())
    write_atomically(path, buffer.getvalue())


def read_arrays(path: Path, counts: Mapping[Modality, int]) -> tuple[Arrays, list[Problem]]:
    """Return the arrays of an untrusted file that obey the format, and everything that is wrong.

    Sizes are compared with what the track can need before anything of that size is allocated; nothing is unpickled.

    Args:
        path: The file.
        counts: How many items of each kind the track has; other kinds are unknown.
    """
    members = {str(kind): ArraySpec("f", 2, count * MAX_WIDTH) for kind, count in counts.items()}
    most_bytes = min(MAX_FILE_BYTES, sum(spec.most_bytes for spec in members.values()))
    read, wrong = read_npz(path, members, most_bytes, optional=members)
    arrays: Arrays = {kind: read[kind] for kind in KINDS if kind in read}
    problems = [Problem(problem.rule, problem.message, path.name) for problem in wrong]
    return arrays, [*problems, *_width_problems(arrays, path.name, all_read=not wrong)]


def _width_problems(arrays: Arrays, where: str, *, all_read: bool) -> list[Problem]:
    """What is wrong with widths; fewer than two kinds is only told where nothing else explains it."""
    widths = {kind: array.shape[1] for kind, array in arrays.items()}
    shown = ", ".join(f"{kind} {width}" for kind, width in widths.items())
    problems = []
    if all_read and len(arrays) < 2:
        text = f"holds {shown or 'nothing'}; expected embeddings of at least two of {', '.join(KINDS)}."
        problems.append(Problem("S029", text, where))
    if len(set(widths.values())) > 1:
        problems.append(Problem("S029", f"holds widths {shown}; cosines need one width for all kinds.", where))
    for kind, width in widths.items():
        if not 1 <= width <= MAX_WIDTH:
            text = f"holds {kind} embeddings of {width} numbers; expected 1 to {MAX_WIDTH}."
            problems.append(Problem("S029", text, where))
    return problems
