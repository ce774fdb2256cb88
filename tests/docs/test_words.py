"""The words of `docs/design.md` in the names of the code: no private English where the field has a word."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import simrescue

ROOT = Path(simrescue.__file__).parent
PAGE = ROOT.parent / "docs" / "design.md"
LEFT: set[str] = set()
"""Files that still have such names. Strike off what is clean; never add."""
STANDS_FOR_ANYTHING = frozenset({"one", "found", "there", "told", "mine", "asked"})
"""Pronouns and participles: a variable of such a name does not say what it holds."""
SAY_WHAT_THEY_HOLD = (
    "__init__.py", "charts", "cli", "dispatch", "events.py", "hazards", "kinds.py", "metrics", "network",
    "parameters.py", "places.py", "responders.py", "scenario", "simulation/clock.py", "simulation/command",
    "simulation/contact.py", "simulation/hazards", "simulation/missions", "simulation/requests.py",
    "simulation/responders", "simulation/roads",
    "simulation/run.py", "simulation/sky.py", "simulation/state.py", "simulation/world.py", "streams.py", "sun.py",
)  # fmt: skip
"""Where variables are free of them. Add what is clean; never strike off."""


def unwanted() -> frozenset[str]:
    """The second column of the table of words in code."""
    table = PAGE.read_text(encoding="utf-8").split("### In code")[1].split("## ")[0]
    cells = [line.split("|")[2] for line in table.splitlines() if line.startswith("|")]
    return frozenset(word for cell in cells for word in re.findall(r"`(\w+)`", cell))


def names_of(tree: ast.AST) -> Iterator[str]:
    """Every name that a file gives or uses: of variables, arguments, attributes, functions, classes, modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.arg | ast.keyword):
            yield node.arg or ""
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.alias):
            yield node.name


def bound_in(tree: ast.AST) -> Iterator[str]:
    """Names of the variables and arguments of a file, where they get their value."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def words_of(name: str) -> set[str]:
    """rekindle_luck, EmberLuck -> their words in small letters, and the whole."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return {part.lower() for part in parts} | {name.lower()}


def test_words_of_a_name() -> None:
    assert words_of("EmberLuck") == {"ember", "luck", "emberluck"}
    assert words_of("unable_h") == {"unable", "h", "unable_h"}
    assert words_of("_LUCKS") == {"lucks", "_lucks"}


def test_bound_names() -> None:
    tree = ast.parse("def f(one): return [there for there in one.found if (told := there)]")
    assert sorted(bound_in(tree)) == ["one", "there", "told"]


def test_the_page_lists_what_is_unwanted() -> None:
    assert {"luck", "able", "spell", "probing", "tales", "hangs_on", "mine"} <= unwanted()


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_names_are_the_fields_words(path: Path) -> None:
    unwanted_here = unwanted()
    used = {path.stem, *names_of(ast.parse(path.read_text(encoding="utf-8")))}
    wrong = {name for name in used if words_of(name) & unwanted_here}
    if path.relative_to(ROOT).as_posix() in LEFT:
        assert wrong, "clean: strike it off LEFT"
    else:
        assert not wrong


@pytest.mark.parametrize("where", SAY_WHAT_THEY_HOLD)
def test_variables_say_what_they_hold(where: str) -> None:
    """A reader need not look back for what `one` or `found` is."""
    paths = [ROOT / where] if where.endswith(".py") else sorted((ROOT / where).rglob("*.py"))
    assert paths, "no such folder"
    wrong = {
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path in paths
        for name in bound_in(ast.parse(path.read_text(encoding="utf-8")))
        if name in STANDS_FOR_ANYTHING
    }
    assert not wrong
