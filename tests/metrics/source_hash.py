"""A hash of what a formula says, blind to how it is laid out: no comments, no docstrings, no white space."""

import ast
import hashlib
import io
import tokenize
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def symbols(module):
    """Every top-level function, class and assignment of a module of ours: name -> source without docstrings."""
    text = (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    lines = text.splitlines()
    found = {}
    for node in ast.parse(text).body:
        names = []
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
        for name in names:
            dropped = {row for line in docstrings(node) for row in line}
            kept = [lines[row - 1] for row in range(node.lineno, node.end_lineno + 1) if row not in dropped]
            found[name] = "\n".join(kept)
    return found


def docstrings(node):
    """The line spans of all docstrings and strings that stand alone."""
    for child in ast.walk(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant) and isinstance(child.value.value, str):
            yield range(child.lineno, child.end_lineno + 1)


def without_layout(source):
    """The source's characters without comments and white space."""
    rows = source.splitlines(keepends=True)
    kept = [list(row) for row in rows]
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                row, start = token.start
                kept[row - 1][start : token.end[1]] = " " * (token.end[1] - start)
    except (tokenize.TokenError, IndentationError):  # a function whose whole body was its docstring
        pass
    return "".join("".join("".join(row).split()) for row in kept).replace(",)", ")").replace(",]", "]")


def digest(references):
    """The hash of ``module:symbol`` references, 16 hexadecimal digits."""
    total = hashlib.sha256()
    for reference in references:
        module, name = reference.split(":")
        source = symbols(module)
        if name not in source:
            raise AssertionError(f"metrics/versions.csv names {reference}, which does not exist any more")
        total.update(f"{reference}={without_layout(source[name])}\n".encode())
    return total.hexdigest()[:16]
