"""What rows of places are called in what an import tells: namesakes with their township."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping


def called(row: Mapping[str, str]) -> str:
    """The name of a place in the language that it is in; of one without a name its id; empty: neither.

    Args:
        row: of a place, a road or a force.
    """
    return row.get("name_zh") or row.get("name") or row.get("id", "")


def with_township(row: Mapping[str, str]) -> str:
    """The same with its township in brackets, where it tells one.

    Args:
        row: as of `called`.
    """
    name, town = called(row), row.get("township", "")
    if not town:
        return name
    return (
        f"{name} ({town})"
        if name.isascii()
        else f"{name}\N{FULLWIDTH LEFT PARENTHESIS}{town}\N{FULLWIDTH RIGHT PARENTHESIS}"
    )


def told_apart(rows: Iterable[Mapping[str, str]], among: Iterable[Mapping[str, str]] = ()) -> list[str]:
    """What each of some rows is called, namesakes with their township.

    Args:
        rows: that are called.
        among: all rows that may have the same names; empty: these.
    """
    rows = list(rows)
    often = Counter(map(called, list(among) or rows))
    return [with_township(row) if often[called(row)] > 1 else called(row) for row in rows]
