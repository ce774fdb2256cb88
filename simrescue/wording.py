"""What a kind is called on screen, in both languages."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """One wording in both languages."""

    en: str
    zh: str
