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
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

HIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)"
"""Characters that no text of a planner's may hold: controls but for tab and line ends, and those of direction."""
_LONGEST = 80
"""Characters of a faulty value that are shown."""
_WORD = 4
"""Characters from which the beginning of a name is taken for the name that was meant."""


class SimrescueError(Exception):
    """Anything that simrescue reports to the person who runs it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file, so that a planner can find and mend it."""

    file: str
    """Name of the file, or "--set" or "variant"."""
    where: str
    """Place in the file: "line 8", "row 7" (as a spreadsheet counts, header = row 1); empty: the whole file."""
    field: str
    """Path in the file ("command.report") or column of the table; empty: the whole line or row."""
    value: str | None
    """What is written there; None: nothing is."""
    expected: str
    """What should be there, as the end of the sentence "expected ..."."""
    nearest: str = ""
    """The known name that the value looks most like; empty: none does."""

    def __str__(self) -> str:
        column = "column " if self.field and self.file.endswith(".csv") else ""
        place = ", ".join(part for part in (f"{self.file} {self.where}".strip(), column + self.field) if part)
        value = "" if self.value is None else f' "{_shown(self.value)}" -'
        hint = f'; did you mean "{self.nearest}"?' if self.nearest else ""
        return visible(f"{place}:{value} expected {self.expected}{hint}")


class FaultsError(SimrescueError):
    """A file that cannot be used. `faults` holds everything found wrong, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class ScenarioError(FaultsError):
    """A scenario that cannot be used."""


class PlanError(FaultsError):
    """A plan that cannot be used."""


class ExperimentError(FaultsError):
    """An experiment file that cannot be used."""


class ResultsError(SimrescueError):
    """A results folder that cannot be read or written."""


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


def _shown(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."
