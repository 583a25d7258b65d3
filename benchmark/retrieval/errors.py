"""What can go wrong between a retrieval method and its submission folder."""

from ...datasets.errors import BenchError


class WrongEmbeddings(BenchError):
    """Embeddings of an unknown kind, or not as many as the track has items."""

    rule = "M030"


EMBEDDING_RULES = {
    "S027": "embeddings of a kind that index.csv or the track does not have, or lines of one without embeddings",
    "S028": "lines of index.csv that do not number the rows of an array, each once",
    "S029": "embeddings of fewer than two kinds, of different widths, or of none or too many numbers each",
    "S030": "an embedding that holds NaN or infinity and is not declared as failed",
}
"""Rule id -> what it means, of folders with embeddings; the other rules are those of every submission."""
