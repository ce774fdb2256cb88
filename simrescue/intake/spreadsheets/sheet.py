"""One sheet of a county's files as text, and the error of a file that is not read."""

from __future__ import annotations

from typing import NamedTuple

from simrescue.errors import Fault, ScenarioError
from simrescue.wording import Words

BEGINS = {"xlsx": b"PK\x03\x04", "xls": b"\xd0\xcf\x11\xe0"}
"""First bytes of workbooks, whatever the ending of their file says."""


class Sheet(NamedTuple):
    """One sheet as text."""

    file: str
    name: str
    """Of the sheet; empty for a text table."""
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[Words, ...] = ()
    """What has to be said of how it was read: its coding, formulas without a value, a hidden sheet."""
    above: int = 0
    """Rows of the file's sheet above the first of these."""
    is_hidden: bool = False
    is_remade: bool = False
    """Whether its rows and heads are no longer those of the file's sheet: stations put below each other."""

    @property
    def title(self) -> str:
        """File and sheet, as messages name them."""
        return f"{self.file} {self.name}".strip()


def refused(file: str, expected: Words, where: str = "") -> ScenarioError:
    """The error of a file that is not read.

    Args:
        file: its name.
        expected: what it should have been.
        where: row or cell in it; empty: the whole.
    """
    return ScenarioError([Fault(file, where, "", None, expected)])
