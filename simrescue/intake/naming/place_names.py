"""Places by their names, as sheets of several hands write them: with a township, or with another word at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from simrescue.intake.column_words import field_words
from simrescue.intake.columns import before_brackets, office_words, plain
from simrescue.wording import Words, bilingual

Row = dict[str, str]
"""Key -> what stands under it."""
Places = list[tuple[str, Row]]
"""Table and row of each."""
LEAST_NAME = 2
"""Characters that stay of a name without the word at its end."""


def bare_place(name: str) -> str:
    """A name to compare, without the word for a village, its committee or a community at its end.

    Args:
        name: as a sheet has it.
    """
    return _without_end(plain(name), office_words("place ending"))


def bare_township(name: str) -> str:
    """A township to compare, without the word for what it is.

    Args:
        name: as a sheet has it.
    """
    return _without_end(plain(name), office_words("township ending"))


def _without_end(bare: str, words: tuple[str, ...]) -> str:
    return next((bare.removesuffix(word) for word in words
                 if bare.endswith(word) and len(bare) >= len(word) + LEAST_NAME), bare)  # fmt: skip


def is_of_township(row: Row, township: str) -> bool:
    """Whether a place may lie in a township: it does not say, or says so in whatever form.

    Args:
        row: of the place.
        township: as a sheet has it; empty: not told.
    """
    own = row.get("township", "")
    return not own or not township or bare_township(own) == bare_township(township)


def places_called(name: str, by_name: Mapping[str, Places]) -> Places:
    """The places of a name; if none, those of the name without its township, before it or in brackets behind it.

    The word for a village or a community at the end of either counts only where nothing is called so as it stands.

    Args:
        name: as a sheet has it.
        by_name: name to compare -> places.
    """
    if places := by_name.get(plain(name)):
        return places
    within = re.search(r"[(](.+?)[)]$", plain(name))
    bare = plain(before_brackets(name))
    places = by_name.get(bare) or _alike(bare, by_name)
    if places and within:
        return [pair for pair in places if pair[1].get("township") and is_of_township(pair[1], within[1])] or places
    if places:
        return places
    for other, there in by_name.items():
        if of := [pair for pair in there if bare in _with_township(other, pair[1])]:
            return of
        if plain(before_brackets(other)) == bare:
            return there
    wanted = bare_place(bare)
    return [pair for other, there in by_name.items() for pair in there
            if wanted in _with_township(bare_place(other), pair[1])]  # fmt: skip


def _alike(bare: str, by_name: Mapping[str, Places]) -> Places:
    wanted = bare_place(bare)
    return [pair for other, there in by_name.items() if bare_place(other) == wanted for pair in there]


def _with_township(name: str, row: Row) -> set[str]:
    """A name behind that of its township, with and without the word for what that is; none where it says none."""
    town = row.get("township", "")
    return {f"{before}{name}" for before in (plain(town), bare_township(town))} if town else set()


def referred(table: str, row: Row, key: str, places: Places) -> Iterator[Words]:
    """Put the id of the place that is meant; of several by one name that of the right table and township.

    Args:
        table: that the row is of.
        row: that names a place under `key`; it gets its id.
        key: of the column.
        places: that are called so.
    """
    name = row[key]
    wanted = {"base": "bases", "shelter": "shelters", "upper": "depots"}.get(key, "")
    near = [pair for pair in places if pair[0] == wanted] or places
    town = row.get("township", "")
    near = [pair for pair in near if town and pair[1].get("township") and is_of_township(pair[1], town)] or near
    if not near:
        yield bilingual("{table}.csv, {key}: no place is called {name}", table=table, key=field_words(table, key),
                        name=name)  # fmt: skip
        return
    row[key] = near[0][1]["id"]
    if len(near) > 1:
        yield bilingual(
            "{table}.csv, {key}: {number} places are called {name}; {place} is taken",
            table=table,
            key=field_words(table, key),
            number=len(near),
            name=name,
            place=f"{row[key]} ({township})" if (township := near[0][1].get("township")) else row[key],
        )
