"""Text in lines of a terminal: Chinese characters take two cells and break anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from unicodedata import east_asian_width

_ASCII = r"(?:(?!\([^\x00-\x7f])[!-~])"
"""A character of a word: a bracket that opens Chinese goes with what it opens."""
_WHOLE = (
    rf"{_ASCII}*[0-9] (?:%|h|min|s|km|m|ha|t)(?![A-Za-z]){_ASCII}*"
    rf"|{_ASCII}*[0-9][\u4e00-\u9fff]{{1,2}}|{_ASCII}+"
)
"""What is not broken: a number with its unit (in Chinese one or two characters), an English word."""
_SPAN = r"[!-~]+\u81f3[!-~]+"
"""A Chinese interval, from one number to another."""
_WORD = re.compile(rf"\s+|[(\uff08]?(?:{_WHOLE}|\S)", re.DOTALL)
"""What a line may be broken after: blanks, what is not broken, or any other character, with a bracket that opens it."""
CHINESE_WORD = 8
"""Cells of four characters: most words have no more, and a narrower column reads downwards."""
NAME = 16
"""Cells of eight characters: a name of at most so many is not broken where a line has room for it."""
_CLOSING = frozenset((*map(chr, (0x3001, 0x3002, 0xFF0C, 0xFF1B, 0xFF1A, 0xFF09, 0x201D)), *"),.;:"))
"""Comma, full stop and the like, with which no line begins."""


def cells(text: str) -> int:
    """Cells of a terminal that a text takes: Chinese characters take two."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def longest_part(text: str) -> int:
    """Cells that the longest part of a text takes that is not to be broken; of Chinese, a word of `CHINESE_WORD`."""
    chinese = max(map(cells, re.findall(r"[^\x00-\x7f]+", text)), default=0)
    return max(
        (min(chinese, CHINESE_WORD), 1, *map(cells, re.findall(_SPAN, text)), *map(cells, re.findall(_WHOLE, text)))
    )


def breaks_of(text: str, width: int) -> list[int]:
    """Where `lines_of` begins its second line and those after it: places in a text of one paragraph."""
    begins, end = [], 0
    for line in lines_of(text, width):
        begins.append(text.index(line, end))
        end = begins[-1] + len(line)
    return begins[1:]


def lines_of(text: str, width: int) -> list[str]:
    """A text in lines of at most so many cells; Chinese breaks between any two characters, but before no full stop.

    What stands between blanks and is no longer than a name stays whole.
    """
    lines: list[list[str]] = [[]]
    for word in _words(text, min(width, NAME)):
        if lines[-1] and cells("".join(lines[-1]) + word.rstrip()) > width:
            kept = len(lines[-1])
            while kept > 1 and (lines[-1][kept] if kept < len(lines[-1]) else word) in _CLOSING:
                kept -= 1
            lines[-1:] = [lines[-1][:kept], lines[-1][kept:]]
        if lines[-1] or word.strip():
            lines[-1].append(word)
    return ["".join(line).strip() for line in lines]


def _words(text: str, most: int) -> Iterator[str]:
    """What a line may be broken after, see `_WORD`: a name between blanks, of at most so many cells, in one."""
    for is_blank, parts in groupby(_WORD.findall(text), str.isspace):
        run = list(parts)
        whole = "".join(run)
        is_name = not is_blank and cells(whole) <= most and _CLOSING.isdisjoint(whole[:-1])
        yield from [whole] if is_name else run
