"""The plug-in beside trained weights: with it `retargetbench run` takes them as they lie, of any profile and mode."""

from pathlib import Path

from ...datasets.files import write_atomically

FILE = "plug_in.py"
_CONTENT = '''"""The method {name} with the weights in this folder.

    retargetbench run {name} --plugin {file} --out FOLDER
"""

from pathlib import Path

from retargetbench.reference_model.smt.{module} import {method}

retarget = {method}("{name}", Path(__file__).resolve().parent)
'''


def write_plug_in(folder: Path, *, pairs: bool = False) -> str:
    """Write the plug-in, and return the command that runs it.

    Args:
        folder: Of the weights, or, of the per-pair mode, the one above the pairs'; its name is the method's.
        pairs: Whether it is the per-pair mode.
    """
    module, method = ("pair_method", "SmtPairMethod") if pairs else ("method", "SmtMethod")
    content = _CONTENT.format(name=folder.name, file=FILE, module=module, method=method)
    write_atomically(folder / FILE, content.encode())
    name = folder.name
    return f"retargetbench run {name} --plugin {folder / FILE} --track retarget/intents --out runs/{name}"
