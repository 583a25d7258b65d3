"""What can be wrong with a folder of BABEL and AMASS."""

from ..errors import BenchError


class BadBabelFolder(BenchError):
    """A folder that does not hold BABEL's labels, or captures that they name."""

    rule = "D220"
