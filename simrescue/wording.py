"""What a kind is called on screen, in both languages."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """One wording in both languages."""

    en: str
    zh: str


class Noun(NamedTuple):
    """What a kind is called, in English and in Chinese."""

    one: str = ""
    many: str = ""
    zh: str = ""
    counter_zh: str = ""
    """Counting word between a number and the Chinese noun."""
    also_zh: tuple[str, ...] = ()
    """Other Chinese names that planners give to its table."""

    @property
    def counted_zh(self) -> str:
        """The Chinese noun with its counting word, to follow a number."""
        return self.counter_zh + self.zh
