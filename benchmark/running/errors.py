"""What can go wrong while a method is found, started and run: one rule id each.

A ``RunRefused`` stops the whole run before anything is written. A clip on which a method fails is recorded and the
others go on; those rule ids are listed in ``CLIP_RULES``.
"""

from ...datasets.errors import BenchError, UnknownName


class UnknownMethod(UnknownName):
    """A method name that no installed package and no plug-in has."""

    rule = "P001"


class BadPlugin(BenchError):
    """A plug-in file that is missing, has a syntax error, fails on import, or does not define what the track needs."""

    rule = "P002"


class BadMethod(BenchError):
    """A method that cannot be imported, is not callable, has a wrong signature or a wrong card."""

    rule = "P003"


class OtherRun(BenchError):
    """An output folder that holds another run: other method, seed, data or shard."""

    rule = "P004"


class FolderInUse(BenchError):
    """An output folder into which another process is writing."""

    rule = "P005"


class BadRunOption(BenchError):
    """A wrong ``--shard``, ``--workers``, ``--timeout-s`` or ``--memory-gib``."""

    rule = "P006"


class NoGroundTruth(BenchError):
    """``oracle:ground-truth`` asked for on a track that has none."""

    rule = "P007"


class MethodDoesNotStart(BenchError):
    """A method whose process dies or hangs while it is imported."""

    rule = "P008"


class BadShards(BenchError):
    """Shards that do not belong together, overlap, or leave clips out."""

    rule = "P009"


class MethodFailed(BenchError):
    """A method that fails on a kind of items, and is called once for all of them."""

    rule = "P010"


ANSWER_RULES = {
    "P109": "the method returned something that is not one embedding per item",
    "P110": "the method returned something that is not one score per motion and class",
}
"""Rule id -> what it means, beside those of ``CLIP_RULES``: of methods that are called once for all items."""

CLIP_RULES = {
    "P101": "the method raised an exception",
    "P102": "the method took longer than the limit",
    "P103": "the method's processes used more memory than the limit",
    "P104": "the method's process died",
    "P105": "the method changed its input",
    "P106": "the method returned something that is not a Motion",
    "P107": "the method returned a motion on another skeleton than the target's",
    "P108": "the method's process answered nonsense on the result pipe",
}
"""Rule id -> what it means. A prediction that breaks a rule of the clip format keeps that rule's id."""
