"""What files call things in rasters: words of `data/raster_words.csv`."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files


@cache
def raster_words(of: str) -> tuple[str, ...]:
    """Words for `depth`, `ground`, `level`, an axis (`time`, `lon`, `lat`, `x`, `y`), ...

    Args:
        of: what they are for: a row of the table.
    """
    text = files("simrescue").joinpath("data/raster_words.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(next(row["written"] for row in rows if row["of"] == of).split("|"))


def is_named(text: str, of: str) -> bool:
    """Whether a word for something stands in a text, Latin ones not within other words.

    Args:
        text: name of a file or of a variable.
        of: what is looked for, as in `raster_words`.
    """
    words = (rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word for word in raster_words(of))
    return re.search("|".join(words), text.lower()) is not None
