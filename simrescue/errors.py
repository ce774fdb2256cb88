"""What can go wrong, as one tree; whoever catches `SimrescueError` catches all of it.

    SimrescueError
    ├── FaultsError          a file of the planner's cannot be used: all its faults at once
    │   ├── ScenarioError    scenario.yaml or a table beside it, a variant or a --set
    │   ├── PlanError        a plan and its clauses
    │   └── ExperimentError  an experiment file, or what it asks of its scenario
    └── ResultsError         a results folder that is missing, unfinished or of another format

Everything else that is raised (KeyError, RuntimeError, ...) is a fault of the program, not of its input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from simrescue.wording import LANGUAGES, Words, bilingual, bilingual_as, listed

HIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)"
"""Characters that no text of a planner's may hold: controls but for tab and line ends, and those of direction."""
_LONGEST = 80
"""Characters of a faulty value that are shown."""
_WORD = 4
"""Characters from which the beginning of a name is taken for the name that was meant."""


Text = Words | str
"""A text in English and Chinese, or one that is the same in both: a name, a number, what somebody wrote."""


def said(text: Text, lang: str) -> str:
    """A text in a language."""
    return text[LANGUAGES.index(lang)] if isinstance(text, Words) else text


class SimrescueError(Exception):
    """Anything that simrescue reports to the person who runs it: `str` tells it in English, `text` in a language."""

    def __init__(self, told: Text) -> None:
        super().__init__(told)
        self.told = told

    def __str__(self) -> str:
        return self.text("en")

    def text(self, lang: str) -> str:
        """What went wrong, in a language."""
        return said(self.told, lang)


def told_of(problem: BaseException) -> Text:
    """What a message says of the error behind it; one that is not ours has its own words."""
    return problem.told if isinstance(problem, SimrescueError) else str(problem)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file, so that a planner can find and mend it."""

    file: str
    """Name of the file, or "--set" or "variant"."""
    where: str
    """Place in the file: "line 8", "row 7" (as a spreadsheet counts, header = row 1), "header" or "cell 3, 12" (row and
    column of a raster); empty: the whole file."""
    field: str
    """Path in the file ("command.report") or column of the table; empty: the whole line or row."""
    value: Text | None
    """What is written there; None: nothing is."""
    expected: Text
    """What should be there, as the end of the sentence "expected ..."."""
    nearest: str = ""
    """The known name that the value looks most like; empty: none does."""

    def __str__(self) -> str:
        return self.text("en")

    def text(self, lang: str) -> str:
        """The fault as one sentence, in a language."""
        place, expected = self._place(), _pair(self.expected)
        if self.value is None:
            told = bilingual("{place}: expected {expected}", place=place, expected=expected)
        else:
            value = tuple(map(_shown, _pair(self.value)))
            told = bilingual('{place}: "{value}" - expected {expected}', place=place, value=value, expected=expected)
        if self.nearest:
            told = bilingual('{told}; did you mean "{nearest}"?', told=told, nearest=self.nearest)
        return visible(said(told, lang))

    def record(self, lang: str) -> dict[str, str | None]:
        """The fault as data, its value and what was expected in a language."""
        value = None if self.value is None else visible(said(self.value, lang))
        return {
            "file": self.file, "where": self.where, "field": self.field, "value": value,
            "expected": visible(said(self.expected, lang)), "nearest": self.nearest,
        }  # fmt: skip

    def _place(self) -> Words:
        field = Words(self.field, self.field)
        if self.field and self.file.endswith(".csv"):
            field = bilingual("column {name}", name=self.field)
        return listed(
            [part for part in (place_in(self.file, self.where), field) if any(part)],
            bilingual_as("between parts", ", "),
        )


class FaultsError(SimrescueError):
    """A file that cannot be used. `faults` holds everything found wrong, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(Words(*("\n".join(fault.text(lang) for fault in self.faults) for lang in LANGUAGES)))
        self.args = (self.faults,)  # what it is made of again in another process


class ScenarioError(FaultsError):
    """A scenario that cannot be used."""


class PlanError(FaultsError):
    """A plan that cannot be used."""


class ExperimentError(FaultsError):
    """An experiment file that cannot be used."""


class ResultsError(SimrescueError):
    """A results folder that cannot be read or written."""


def foreign(problem: str, known: Mapping[str, Words]) -> Words:
    """What a library says is wrong, in our words where they are known by a part of its own; else in its own."""
    ours = next((words for part, words in known.items() if part in problem), None)
    return ours or Words(problem or "?", bilingual("written in another way than it can be read").zh)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that begins with `name`, or else looks most like it; empty when none is close.

    >>> nearest("vilages", ["villages", "shelters"])
    'villages'
    """
    known = list(known)
    begins = [one for one in known if len(name) >= _WORD and one.startswith(name)]
    if begins:
        return min(begins, key=len)
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.6)), "")


def visible(text: str) -> str:
    r"""The text with its hidden characters as escapes, so that showing it cannot do anything.

    >>> print(visible("a" + chr(27) + "[2J"))
    a\x1b[2J
    """
    return re.sub(HIDDEN, lambda found: found[0].encode("unicode_escape").decode(), text)


def _pair(text: Text) -> Words:
    return text if isinstance(text, Words) else Words(text, text)


def place_in(file: str, where: str) -> Words:
    """A file and a place in it, in words."""
    return Words(*(f"{file} {part}".strip() for part in _where(where)))


def _where(where: str) -> Words:
    kind, _, number = where.partition(" ")
    if kind == "line":
        return bilingual("line {number}", number=number)
    if kind == "row":
        return bilingual("row {number}", number=number)
    if kind == "cell":
        row, _, column = number.partition(", ")
        return bilingual("row {row} of the grid, column {column}", row=row, column=column)
    return bilingual("header") if where == "header" else Words(where, where)


def _shown(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."
