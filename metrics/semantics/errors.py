"""The mistakes around judges, each with its rule id. Imports nothing that computes."""

from ...datasets.errors import BenchError, UnknownName


class UnknownJudge(UnknownName):
    """A judge that nobody announces."""

    rule = "J001"


class NoJudgeFolder(BenchError):
    """A folder of weights that is missing, or is no folder."""

    rule = "J002"


class NotAJudge(BenchError):
    """A folder that holds no model, another model than the one asked for, or an incomplete one."""

    rule = "J003"


class NotAtHand(BenchError):
    """Weights that are neither on this machine nor to be had from the hub."""

    rule = "J004"


class LacksAbility(BenchError):
    """Something asked of a judge whose model cannot do it."""

    rule = "J005"


class MissingExtra(BenchError):
    """A judge whose library is not installed, or is installed and broken."""

    rule = "J006"


class NoKind(BenchError):
    """Weights named without the kind of judge they are for."""

    rule = "J007"


class WrongFrames(BenchError):
    """Pictures that a judge cannot look at: another shape, other values, or another number than questions."""

    rule = "J010"


class WrongEmbeddings(BenchError):
    """Embeddings that cannot be compared: other shapes, or too few of them."""

    rule = "J011"


class WrongReference(BenchError):
    """A reference for ``fid`` that belongs to another judge, or a file that is none."""

    rule = "J012"
