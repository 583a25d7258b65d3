"""The mistakes around retrieval, each with its rule id. Imports nothing that computes."""

from ...datasets.errors import BenchError


class WrongScores(BenchError):
    """Embeddings or similarities that cannot be ranked: a wrong shape, a value that is not a number."""

    rule = "Q001"


class WrongSet(BenchError):
    """A retrieval set whose parts do not fit together."""

    rule = "Q002"


class WrongSubmission(BenchError):
    """A submission that lacks something, has too much, or does not fit the retrieval set."""

    rule = "Q003"


class NotAnswerable(BenchError):
    """A protocol asked of a retrieval set that lacks what the protocol needs."""

    rule = "Q004"


class WrongColumn(BenchError):
    """A column whose words cannot stand in a key, or do not belong to its protocol."""

    rule = "Q005"
