"""What columns are called where an import is told of, and what was assumed to know what they hold."""

from __future__ import annotations

from simrescue.intake.columns import OF_NAMES, Column, chinese_head
from simrescue.wording import Words, bilingual_as


def field_words(table: str, key: str) -> Words:
    """What a column is called: its key, in Chinese behind the head that a county would give it.

    Args:
        table: that it stands in.
        key: of the format.
    """
    chinese = chinese_head(table, key)
    both = bilingual_as("head in Chinese and key", "{head} ({key})", head=chinese, key=key)
    return Words(key, both.zh if chinese else key)


def basis_words(table: str, column: Column) -> Words:
    """What was assumed to know what a column holds: a unit, a content, a name that its head ends with, or its cells.

    Args:
        table: that it stands in.
        column: what it was taken for.
    """
    return field_words(table, column.key) if column.basis == OF_NAMES else Words(column.basis, column.basis)
