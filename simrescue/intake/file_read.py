"""What the protocol tells of a file that is no sheet of a table: roads, rasters and plans."""

from __future__ import annotations

from typing import NamedTuple

from simrescue.wording import Words


class FileFact(NamedTuple):
    """One thing that is told of a file."""

    what: Words
    found: Words
    is_assumed: bool = False


class FileRead(NamedTuple):
    """What one file, or several together, gave."""

    title: str
    said: Words
    facts: tuple[FileFact, ...]
