"""Names, times and amounts as stories write them, in English and Chinese."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simrescue.kinds import kind_named, names
from simrescue.units import write_hours, write_km, write_metres, write_tonnes
from simrescue.wording import (
    AND,
    LANGUAGES,
    Language,
    Words,
    bilingual,
    bilingual_as,
    bilingual_counted,
    listed,
    translated_as,
)
from simrescue.wording.unit_words import measure

if TYPE_CHECKING:
    import pandas as pd

MONTHS = (
    bilingual("Jan"), bilingual("Feb"), bilingual("Mar"), bilingual("Apr"), bilingual("May"), bilingual("Jun"),
    bilingual("Jul"), bilingual("Aug"), bilingual("Sep"), bilingual("Oct"), bilingual("Nov"), bilingual("Dec"),
)  # fmt: skip


class Things(NamedTuple):
    """What the indexes of a log point to: columns of things.parquet as lists, one entry a thing.

    `kinds` are names of kinds.
    """

    ids: list[str]
    kinds: list[str]
    names: list[str]
    names_zh: list[str]
    ends: Mapping[int, tuple[int, int]] = MappingProxyType({})
    """Index of a road -> those of its ends; of older runs none."""


def things_of(table: pd.DataFrame) -> Things:
    """The things of a run, from `Results.things`. Raises KeyError where a column is missing."""
    ends = dict[int, tuple[int, int]]()
    if "from" in table:
        roads = np.flatnonzero(table["from"] >= 0).tolist()
        ends = {road: (int(table["from"][road]), int(table["to"][road])) for road in roads}
    ids, kinds, names_en, names_zh = (table[name].tolist() for name in ("id", "kind", "name", "name_zh"))
    return Things(ids, kinds, names_en, names_zh, ends)


class Names:
    """What each thing is called in both languages: by its name, else by that in the other language, else by its id.

    A road without a name is called by its ends, of an older run where its id names them (`a--b`); of several between
    the same ends each with its id.
    Where several bear one name, as equal responders do, each gets the number of its id: "Boat 3".
    """

    def __init__(self, things: Things) -> None:
        self.kinds = things.kinds
        en, zh = LANGUAGES
        often = Counter(things.names), Counter(things.names_zh)
        own = [_name(*one, often[0], en) for one in zip(things.ids, things.names, strict=True)]
        chinese = [_name(*one, often[1], zh) for one in zip(things.ids, things.names_zh, strict=True)]
        self.english = [name or other or thing for name, other, thing in zip(own, chinese, things.ids, strict=True)]
        self.chinese = [name or other for name, other in zip(chinese, self.english, strict=True)]
        place = {one: index for index, one in enumerate(things.ids)}
        unnamed = [index for index, name in enumerate(own) if not (name or chinese[index])]
        for index in unnamed:
            if things.kinds[index] == "junction":
                self.chinese[index] = f"{kind_named('junction').noun.zh}{things.ids[index]}"
        between = {index: _ends(things, index, place) for index in unnamed}
        parallel = Counter(frozenset(ends) for ends in between.values())
        for index, ends in between.items():
            if len(ends) == 2:
                more = f" ({things.ids[index]})" if parallel[frozenset(ends)] > 1 else ""
                self.english[index], self.chinese[index] = (
                    "\N{EN DASH}".join(called[end] for end in ends) + more for called in (self.english, self.chinese)
                )

    def of(self, thing: int) -> Words:
        """Name of a thing by its index; a dash for -1, which is none."""
        return Words(self.english[thing], self.chinese[thing]) if thing >= 0 else Words("-", "-")

    def crowd(self, subjects: Iterable[int]) -> Words:
        """Responders (indexes) counted by kind, each once: "3 boats and 1 helicopter"; one alone by its name."""
        each = set(subjects)
        if len(each) == 1:
            return self.of(next(iter(each)))
        # Sorted, since a set has no order and equal logs must be told in equal words.
        counts = Counter(self.kinds[one] for one in sorted(each))
        return listed([counted(kind, n) for kind, n in counts.items() if kind in names("responder")], last=AND)

    def places(self, things: Iterable[int]) -> Words:
        """Places (indexes), each once: up to two by name, more by their number alone."""
        each = list(dict.fromkeys(things))
        if len(each) > 2:
            return bilingual("{number} places", number=len(each))
        return listed([self.of(one) for one in each], last=AND)


def _ends(things: Things, index: int, place: Mapping[str, int]) -> tuple[int, ...]:
    """Indexes of the two ends of a road; of what is none, or of unknown ends, fewer."""
    by_id = tuple(place[end] for end in things.ids[index].split("--") if end in place)
    return things.ends.get(index, by_id if "--" in things.ids[index] else ())


def _name(thing: str, name: str, often: Counter[str], lang: Language) -> str:
    number = thing.rpartition("-")[2]
    if not name or often[name] < 2 or not number.isdigit():
        return name
    return translated_as("one of several that are called alike", "{name} {number}", lang, name=name, number=number)


def counted(kind: str, number: int) -> Words:
    """A number of responders of a kind: "1 boat", "3 helicopters"."""
    noun = kind_named(kind).noun
    words = noun.many if number > 1 else noun.one, noun.counted_zh
    return bilingual_as("counted", "{number} {noun}", number=number, noun=words)


def people(number: float) -> Words:
    """A number of people: "1 person", "1,200 people"."""
    return bilingual_counted("{number} person", "{number} people", round(number))


def measured(amount: float, unit: str) -> Words:
    """An amount in words, rounded as people read it.

    Args:
        amount: in `unit`.
        unit: of an event's amount (`EventKind.unit`): m, h, ha, km, t, person-h and expected are written; others give
            empty words, since no sentence tells them.
    """
    written = _WRITE[unit](amount) if unit in _WRITE else ""
    return measure(written)


def _hectares(amount: float) -> str:
    return f"{amount:,.0f} ha" if amount >= 10 else f"{amount:.2g} ha"


def _person_hours(amount: float) -> str:
    return f"{amount:,.0f} person-h"


def _expected(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else "<0.01" if 0 < number < 0.01 else f"{number:.1g}"


_WRITE: dict[str, Callable[[float], str]] = {
    "m": write_metres, "h": write_hours, "km": write_km, "t": write_tonnes, "ha": _hectares,
    "person-h": _person_hours, "expected": _expected,
}  # fmt: skip


def clock(hours: float, start: datetime) -> Words:
    """Clock time of an hour of the scenario, to the minute: "31 Jul 05:44".

    Args:
        hours: since the start of the scenario.
        start: the start, with its offset from UTC; the answer is in the same offset.
    """
    at = _minute(hours, start)
    return bilingual("{day} {month} {time:%H:%M}", day=at.day, month=MONTHS[at.month - 1], time=at)


def _minute(hours: float, start: datetime) -> datetime:
    return start + timedelta(minutes=round(hours * 60))


def span(from_h: float, to_h: float, start: datetime) -> Words:
    """One clock time, or from one to another; the day is said once where it is the same.

    Args:
        from_h: hours since the start of the scenario.
        to_h: the same, not earlier.
        start: the start, with its offset from UTC.
    """
    first, last = _minute(from_h, start), _minute(to_h, start)
    if first == last:
        return clock(from_h, start)
    until = f"{last:%H:%M}" if first.date() == last.date() else clock(to_h, start)
    return bilingual_as("times", "{first} to {last}", first=clock(from_h, start), last=until)
