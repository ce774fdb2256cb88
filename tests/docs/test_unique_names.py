"""One name, one thing: classes and modules that mean different things are not called the same."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import simrescue

ROOT = Path(simrescue.__file__).parent
PARALLEL = {
    "base": "what the parts of a floor or a shelf have in common, and how they are registered",
    "kind": "the record of each kind of hazard",
    "kinds": "the registries of kinds: of things, and of hazards",
    "settings": "the section of each kind of hazard",
    "verdicts": "the verdicts of a run, as a chart and as a section of the report",
    "records": "frozen records: what they are made of, and those of a scenario",
}
"""Names of modules that stand more than once and mean the same there -> what."""
CALLED_AS_THE_COMMAND = "cli"
"""The floor whose files are called as the commands, and so as what these do."""


def classes() -> Iterator[tuple[str, str, bool]]:
    """Name, file, and whether it is a protocol, of each public class of the program."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                bases = {base.value if isinstance(base, ast.Subscript) else base for base in node.bases}
                is_protocol = any(isinstance(base, ast.Name) and base.id == "Protocol" for base in bases)
                yield node.name, path.relative_to(ROOT).as_posix(), is_protocol


def test_classes_have_names_of_their_own() -> None:
    """A protocol may be called as the one class that keeps it: that is the same thing, seen from a floor below."""
    files: dict[str, list[str]] = defaultdict(list)
    for name, where, is_protocol in classes():
        files[name] += [] if is_protocol else [where]
    assert len(files) > 300
    assert not {name: where for name, where in files.items() if len(where) > 1}


def test_protocols_have_names_of_their_own() -> None:
    files: dict[str, list[str]] = defaultdict(list)
    for name, where, is_protocol in classes():
        files[name] += [where] if is_protocol else []
    assert not {name: where for name, where in files.items() if len(where) > 1}


def modules() -> dict[str, list[Path]]:
    """Name of each module -> its files outside the command line."""
    files: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(ROOT.rglob("*.py")):
        where = path.relative_to(ROOT)
        if not path.stem.startswith("__") and where.parts[0] != CALLED_AS_THE_COMMAND:
            files[path.stem].append(where)
    return files


def test_modules_have_names_of_their_own() -> None:
    twice = {name: paths for name, paths in modules().items() if len(paths) > 1}
    assert {name: paths for name, paths in twice.items() if name not in PARALLEL} == {}
    assert set(PARALLEL) <= set(twice), "strike off what stands once"


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_import_stutters(path: Path) -> None:
    """`roads.roads` says nothing that `roads` does not; what is in it has a name."""
    assert path.stem != path.parent.name or path.relative_to(ROOT).parts[0] == CALLED_AS_THE_COMMAND


MOST_MODULES = 12
"""Modules that a reader takes in at a glance."""


def test_no_folder_is_a_flat_drawer() -> None:
    """Each folder of the program holds few modules beside its shelves.

    Folders of tests are left out: nobody reads them through, a test is found by the name of what it tests.
    """
    folders: dict[str, int] = defaultdict(int)
    for path in ROOT.rglob("*.py"):
        folders[path.parent.relative_to(ROOT).as_posix()] += path.name != "__init__.py"
    assert len(folders) > 60
    assert not {folder: modules for folder, modules in folders.items() if modules > MOST_MODULES}
