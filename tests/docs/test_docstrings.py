"""Docstrings tell what a signature does not: the errors that are raised, and what a number without a unit means."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import simrescue
from simrescue.records import UNIT_SUFFIXES

ROOT = Path(simrescue.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
HELP = ("cli/answers/", "cli/pages/", "cli/prepare/", "cli/run/", "cli/stored/")
"""Docstrings here are what `--help` prints; click tells what it refuses."""
NUMBER = re.compile(r"\bfloat\b|\bfloat64\b|\bFloats\b|\bArrayLike\b")
MEASURED = re.compile(rf"({'|'.join((*UNIT_SUFFIXES, '_ha', '_min', '_rad', '_deg', '_c', '_yuan', '_m_t'))})$")
SAY_IT_THEMSELVES = frozenset({"lon", "lat", "hours", "persons", "tonnes", "metres", "km", "kmh"})
"""Degrees, and names that are units."""
ELSEWHERE = re.compile(r"See `|[Aa]s of `")
"""The docstring points to another, which tells of the arguments."""


def public(body: list[ast.stmt], above: str = "") -> Iterator[tuple[str, ast.FunctionDef, str]]:
    """Public functions and methods with their names and docstrings."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public(node.body, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield above + node.name, node, ast.get_docstring(node) or ""


def raised(nodes: list[ast.stmt]) -> Iterator[str]:
    """Classes of the errors that leave a function: not those of functions inside it, nor those that it catches."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.Raise) and node.exc is not None:
            error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = ast.unparse(error).rpartition(".")[2]
            if name[:1].isupper():  # else a function that makes one, or one that was caught
                yield name
        caught = isinstance(node, ast.Try) and bool(node.handlers)
        for part in ("handlers", "cases", "orelse", "finalbody", *([] if caught else ["body"])):
            yield from raised(list(getattr(node, part, [])))


def untold(source: str) -> Iterator[str]:
    """What docstrings of a file leave out: errors, and numbers without a unit."""
    for name, function, doc in public(ast.parse(source).body):
        yield from (f"{name}: raises {error}" for error in raised(function.body) if error not in doc)
        if ELSEWHERE.search(doc):
            continue
        for argument in (*function.args.args, *function.args.kwonlyargs):
            known = argument.arg in SAY_IT_THEMSELVES or MEASURED.search(argument.arg)
            is_number = argument.annotation and NUMBER.search(ast.unparse(argument.annotation))
            if is_number and not known and not re.search(rf"\b{argument.arg}\b", doc):
                yield f"{name}: does not tell of {argument.arg}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_docstrings_tell_what_the_signature_does_not(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    if not name.startswith(HELP):
        assert list(untold(path.read_text(encoding="utf-8"))) == []


def test_it_finds_what_is_missing() -> None:
    source = '''
def far(x: float, y_m: float, lon: float) -> float:
    """How far."""
    def inside() -> None:
        raise KeyError
    try:
        raise OSError
    except OSError as error:
        raise ValueError(x) from error

class Road:
    def way(self, to: float) -> None:
        """As of `far`."""
'''
    assert list(untold(source)) == ["far: raises ValueError", "far: does not tell of x"]
    assert list(untold(source.replace("How far", "Of x. Raises ValueError"))) == []
