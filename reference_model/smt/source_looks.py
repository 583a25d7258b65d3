"""What a judge makes of the sources, asked once and kept on disk: the fixed side of the semantics loss."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from ...datasets.files import write_atomically
from ...metrics.semantics.judge import Embedding, Judge, Looking
from ...metrics.semantics.scores import SourceLook, look_at_source


class SourceLooks:
    """A judge's answers to the guiding questions and its embeddings, one file per source window.

    A file's name is a hash of all that it depends on (judge, way of looking, questions, mesh, motion): one that is
    found is right, whatever run has written it. States are kept in the judge's own number format, so that a run that
    finds them gives the numbers of one that does not.
    """

    def __init__(self, judge: Judge, looking: Looking, questions: Sequence[str], folder: Path) -> None:
        """Open the folder.

        Args:
            judge: Who looks.
            looking: How it is shown the sources.
            questions: What it is asked.
            folder: Where the files go; made when the first is written.
        """
        self._judge, self._questions, self._folder = judge, tuple(questions), folder
        self._way = json.dumps([judge.fingerprint, asdict(looking), self._questions]).encode()

    def look(self, shown: Sequence[bytes], pictures: Callable[[], Tensor]) -> SourceLook:
        """Return what the judge makes of a source.

        Args:
            shown: All that the pictures depend on, as bytes.
            pictures: Draws them, [views * frames, 3, size, size]; called if the answer is not at hand.
        """
        digest = hashlib.sha256(self._way)
        for part in shown:
            digest.update(hashlib.sha256(part).digest())
        path = self._folder / f"{digest.hexdigest()[:32]}.safetensors"
        if not path.is_file():
            seen = pictures()
            write_atomically(path, _packed(look_at_source(self._judge, seen, self._questions)))
        return _unpacked(path)


def _packed(look: SourceLook) -> bytes:
    told = {"prompts": look.prompts, "answers": look.answers, "query_count": look.embedding.query_count}
    tensors = {"states": look.embedding.states, "counted": look.embedding.counted}
    return save({name: t.contiguous().cpu() for name, t in tensors.items()}, {"look": json.dumps(told)})


def _unpacked(path: Path) -> SourceLook:
    with safe_open(path, framework="pt") as file:
        told = json.loads(file.metadata()["look"])
        states, counted = file.get_tensor("states"), file.get_tensor("counted")
    answers = tuple(tuple(step) for step in told["answers"])
    return SourceLook(tuple(told["prompts"]), answers, Embedding(states, counted, int(told["query_count"])))
