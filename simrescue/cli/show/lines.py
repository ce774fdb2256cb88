"""Text in lines of a terminal: Chinese characters take two cells and break anywhere."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

_WORD = re.compile(r"\s+|[!-~]+|.", re.DOTALL)
"""What a line may be broken after: blanks, an English word, or any other character."""
_CLOSING = frozenset(map(chr, (0x3001, 0x3002, 0xFF0C, 0xFF1B, 0xFF1A, 0xFF09, 0x201D)))
"""Comma, full stop and the like of Chinese, with which no line begins."""


def cells(text: str) -> int:
    """Cells of a terminal that a text takes: Chinese characters take two."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


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
