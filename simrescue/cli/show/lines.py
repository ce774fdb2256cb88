"""Text in lines of a terminal: Chinese characters take two cells and break anywhere."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

_WHOLE = r"[!-~]*[0-9] (?:%|h|min|s|km|m|ha|t)(?![A-Za-z])[!-~]*|[!-~]+"
"""What is not broken: a number with its unit, an English word."""
_SPAN = r"[!-~]+\u81f3[!-~]+"
"""A Chinese interval, from one number to another."""
_WORD = re.compile(rf"\s+|\uff08?(?:{_WHOLE}|\S)", re.DOTALL)
"""What a line may be broken after: blanks, what is not broken, or any other character, with a bracket that opens it."""
CHINESE_WORD = 8
"""Cells of four characters: most words have no more, and a narrower column reads downwards."""
_CLOSING = frozenset(map(chr, (0x3001, 0x3002, 0xFF0C, 0xFF1B, 0xFF1A, 0xFF09, 0x201D)))
"""Comma, full stop and the like of Chinese, with which no line begins."""


def cells(text: str) -> int:
    """Cells of a terminal that a text takes: Chinese characters take two."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def longest_part(text: str) -> int:
    """Cells that the longest part of a text takes that is not to be broken; of Chinese, a word of `CHINESE_WORD`."""
    chinese = max(map(cells, re.findall(r"[^\x00-\x7f]+", text)), default=0)
    return max(
        (min(chinese, CHINESE_WORD), 1, *map(cells, re.findall(_SPAN, text)), *map(len, re.findall(_WHOLE, text)))
    )


def lines_of(text: str, width: int) -> list[str]:
    """A text in lines of at most so many cells; Chinese breaks between any two characters, but before no full stop."""
    lines, taken = [""], 0
    for word in _WORD.findall(text):
        if taken + cells(word.rstrip()) > width and taken and word not in _CLOSING:
            lines.append("")
            taken = 0
        lines[-1] += word if taken else word.lstrip()
        taken += cells(word) if taken else cells(word.lstrip())
    return [line.rstrip() for line in lines]
