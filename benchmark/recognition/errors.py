"""What can go wrong between a classifier and its submission folder."""

from ...datasets.errors import BenchError


class WrongScores(BenchError):
    """Class scores of another number of motions or classes than the track has."""

    rule = "M032"


CLASS_RULES = {
    "S031": "a class that the track does not have, one that is missing or one that is named twice",
    "S032": "a score that is no finite number",
    "S033": "scores.csv and ranking.csv in one submission",
}
"""Rule id -> what it means, of folders with classes; the other rules are those of every submission."""
