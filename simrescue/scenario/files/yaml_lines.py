"""YAML as planners write it, with the line of everything in it, and nothing that a data file has no use for.

The tree is built from the parser's events, so that nothing is ever constructed, expanded or evaluated: aliases, tags,
several documents, deep nesting and repeated keys are refused. Words are read as in YAML 1.2: `no`, `on` and dates stay
text, `12:30` is not a number.
"""

from __future__ import annotations

import re
from pathlib import Path as File
from typing import Any, NamedTuple

import yaml

from simrescue.errors import Fault, foreign
from simrescue.scenario.files import tables
from simrescue.wording import Words, bilingual

MAX_BYTES = 2_000_000
"""Largest file that is read."""
MAX_DEPTH = 20
"""Deepest nesting that is read."""

Path = tuple[str | int, ...]
"""Keys and list positions from the top of the file to a value."""

_PROBLEMS = {
    "mapping values are not allowed": bilingual("a colon stands where no key can be"),
    "expected ':'": bilingual("a key without its colon"),
    "expected key": bilingual("a key stands further in or out than those around it"),
    "'-' indicator": bilingual("an entry of a list stands further in or out than those around it"),
    "sequence entries are not allowed": bilingual("a list begins where none can stand"),
    "',' or ']'": bilingual("a square bracket is opened and not closed"),
    "',' or '}'": bilingual("a curly bracket is opened and not closed"),
    "cannot start any token": bilingual("a sign that no value can begin with; put the value in quotation marks"),
    "unexpected end of stream": bilingual("a quotation mark is opened and not closed"),
    "unknown escape character": bilingual("a backslash in quotation marks before a letter that it cannot stand before"),
    "document start": bilingual("something stands behind the end of the data"),
    "control characters": bilingual("a control character"),
    "special characters": bilingual("a control character"),
    "undefined alias": bilingual("a name after * that stands after no &"),
}
"""Part of what the parser of YAML finds wrong -> how it is told."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, Any] = dict.fromkeys(("", "~", "null", "Null", "NULL")) | {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


class Lines(NamedTuple):
    """A file as data (dict, list, text, numbers, true, false, null), with the line number of every path in it."""

    data: Any
    lines: dict[Path, int]
    faults: list[Fault]
    """What was wrong; with faults, `data` may be incomplete."""

    def line(self, path: Path) -> int:
        """Line of a path, or of the nearest thing above it that the file holds."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_file(path: File) -> tuple[bytes, Lines]:
    """Read a file of its own (a plan, an experiment, a menu). Never raises, as `read`.

    Returns:
        Its bytes, empty where there is none, and its tree with all faults.
    """
    content, faults = tables.read_bytes(path.parent, path.name, MAX_BYTES)
    if content is None:
        return b"", Lines(None, {}, faults or [Fault(str(path), "", "", None, bilingual("this file"))])
    text, faults = tables.decode(content, path.name)
    lines = read(text or "", path.name)
    return content, lines._replace(faults=[*faults, *lines.faults])


def read(text: str, file: str) -> Lines:
    """The tree of one YAML document. Never raises: what is wrong is in `faults`, by `file` and line.

    Args:
        text: of the document, at most `MAX_BYTES` in UTF-8.
        file: its name, for faults.
    """
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return Lines(
            None, {}, [Fault(file, "line 1", "", None, bilingual("characters that Unicode has (no half pairs)"))]
        )
    if size > MAX_BYTES:
        expected = bilingual("a file of at most {limit} MB", limit=MAX_BYTES // 1_000_000)
        return Lines(None, {}, [Fault(file, "line 1", "", None, expected)])
    return _built(text, file, _LOADER)


def _built(text: str, file: str, loader: Any) -> Lines:
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
            if builder.stopped:
                break
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark and loader is not yaml.SafeLoader and _nests(text[builder.read_to : mark.index]):
            return _built(text, file, yaml.SafeLoader)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or ""
        expected = bilingual("YAML that can be read ({problem})", problem=foreign(problem, _PROBLEMS))
        builder.refuse(mark.line + 1 if mark else 1, None, expected)
    return builder.result()


def _nests(ahead: str) -> bool:
    """Whether the text between the last event and an error opens too much.

    The compiled parser reads ahead as far as a key may be long, and from PyYAML 6.0.4 on gives up there by itself;
    the one in Python reads slowly, but gives us every level.
    """
    return ahead.count("[") + ahead.count("{") > MAX_DEPTH


class _Builder:
    """Puts events together to a tree; `open` holds the containers around the present place, outermost first."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: list[Any] = []
        self.open: list[tuple[Any, Path]] = []
        self.key: list[str | None] = []
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self.read_to = 0
        self.stopped = False

    def result(self) -> Lines:
        return Lines(self.root[0] if self.root else None, self.lines, self.faults)

    def refuse(self, line: int, value: str | None, expected: Words, stop: bool = True) -> None:
        field = ".".join(str(part) for part in self.open[-1][1]) if self.open else ""
        self.faults.append(Fault(self.file, f"line {line}", field, value, expected))
        self.stopped |= stop

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        self.read_to = event.end_mark.index if event.end_mark else 0
        if isinstance(event, yaml.NodeEvent) and self._forbidden(event, line):
            return
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()
            self.key.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self.root:
            self.refuse(line, None, bilingual("one document in the file"))

    def _forbidden(self, event: yaml.NodeEvent, line: int) -> bool:
        tag = getattr(event, "tag", None)
        if event.anchor is not None:
            self.refuse(line, event.anchor, bilingual("the value itself, not an anchor (&) or alias (*)"))
        elif tag not in (None, "!"):
            self.refuse(line, tag, bilingual("a plain value without a tag"))
        return self.stopped

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        container = self.open[-1][0] if self.open else None
        if not isinstance(container, dict) or self.key[-1] is not None:
            self._put(_plain(event.value) if event.implicit[0] else event.value, line)
            return
        if event.value in container:
            self.refuse(line, event.value, bilingual("each key once"), stop=False)
        self.key[-1] = event.value
        self.lines[(*self.open[-1][1], event.value)] = line

    def _begin(self, container: Any, line: int) -> None:
        if self.open and isinstance(self.open[-1][0], dict) and self.key[-1] is None:
            self.refuse(line, None, bilingual("a word as key"))
        elif len(self.open) >= MAX_DEPTH:
            self.refuse(line, None, bilingual("at most {most} levels inside each other", most=MAX_DEPTH))
        else:
            self.open.append((container, self._put(container, line)))
            self.key.append(None)

    def _put(self, value: Any, line: int) -> Path:
        """Hangs a value into the container around it and returns its path."""
        if not self.open:
            self.root.append(value)
            path: Path = ()
        else:
            container, above = self.open[-1]
            key = self.key[-1]
            path = (*above, len(container) if key is None else key)
            if key is None:
                container.append(value)
            else:
                container[key] = value
                self.key[-1] = None
        self.lines.setdefault(path, line)
        return path


def _plain(text: str) -> Any:
    """An unquoted word as YAML 1.2 reads it: null, true, false, whole number, number or text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
