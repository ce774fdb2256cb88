"""Names, times and amounts as stories write them, in English and Chinese."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from simrescue.explain.stories.sentences import Words
from simrescue.kinds import kind_named, names
from simrescue.units import write_hours, write_km, write_metres, write_tonnes

if TYPE_CHECKING:
    import pandas as pd

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS_ZH = (("never", "从未"), (" min", "分钟"), (" km", "公里"), (" ha", "公顷"), (" cm", "厘米"), (" h", "小时"),
            (" m", "米"), (" t", "吨"), (" s", "秒"), (" ", ""))  # fmt: skip


class Things(NamedTuple):
    """What the indexes of a log point to: columns of things.parquet as lists, one entry a thing.

    `kinds` are names of kinds.
    """

    ids: list[str]
    kinds: list[str]
    names: list[str]
    names_zh: list[str]


def things_of(table: pd.DataFrame) -> Things:
    """The things of a run, from `Results.things`. Raises KeyError where a column is missing."""
    return Things(*(table[name].tolist() for name in ("id", "kind", "name", "name_zh")))


class Names:
    """What each thing is called in both languages: by its name, else by its id.

    Where several bear one name, as equal responders do, each gets the number of its id: "Boat 3".
    """

    def __init__(self, things: Things) -> None:
        self.kinds = things.kinds
        often = Counter(things.names), Counter(things.names_zh)
        self.english = [_name(*one, often[0]) for one in zip(things.ids, things.names, strict=True)]
        pairs = zip(things.ids, things.names, things.names_zh, strict=True)
        self.chinese = [_name_zh(thing, zh, often[1]) or _name(thing, en, often[0]) for thing, en, zh in pairs]

    def of(self, thing: int) -> Words:
        """Name of a thing by its index; a dash for -1, which is none."""
        return (self.english[thing], self.chinese[thing]) if thing >= 0 else ("-", "-")

    def crowd(self, subjects: Iterable[int]) -> Words:
        """Responders (indexes) counted by kind, each once: "3 boats and 1 helicopter"; one alone by its name."""
        each = set(subjects)
        if len(each) == 1:
            return self.of(next(iter(each)))
        counts = Counter(self.kinds[one] for one in sorted(each))
        sent = [(kind_named(kind).noun, n) for kind, n in counts.items() if kind in names("responder")]
        english = [f"{n} {noun.many if n > 1 else noun.one}" for noun, n in sent]
        return listed(english), "、".join(f"{n}{noun.counted_zh}" for noun, n in sent)

    def places(self, things: Iterable[int]) -> Words:
        """Places (indexes), each once: up to two by name, more by their number alone."""
        each = list(dict.fromkeys(things))
        if len(each) > 2:
            return f"{len(each)} places", f"{len(each)}处"
        names = [self.of(one) for one in each]
        return listed([name for name, _ in names]), "、".join(name for _, name in names)


def _name(thing: str, name: str, often: Counter[str]) -> str:
    if not name:
        return thing
    number = thing.rpartition("-")[2]
    return f"{name} {number}" if often[name] > 1 and number.isdigit() else name


def _name_zh(thing: str, name: str, often: Counter[str]) -> str:
    number = thing.rpartition("-")[2]
    return f"{name}{number}号" if name and often[name] > 1 and number.isdigit() else name


def listed(words: Sequence[str]) -> str:
    """Words one after the other: `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def people(number: float) -> Words:
    """A number of people: "1 person", "1,200 people"."""
    whole = round(number)
    return f"{whole:,} {'person' if whole == 1 else 'people'}", f"{whole:,}人"


def measured(amount: float, unit: str) -> Words:
    """An amount in words, rounded as people read it.

    Args:
        amount: in `unit`.
        unit: of an event's amount (`EventKind.unit`): m, h, ha, km or t are written; others give empty words, since no
            sentence tells them.
    """
    written = _WRITE[unit](amount) if unit in _WRITE else ""
    return written, in_chinese(written)


def _hectares(amount: float) -> str:
    return f"{amount:,.0f} ha" if amount >= 10 else f"{amount:.2g} ha"


_WRITE: dict[str, Callable[[float], str]] = {
    "m": write_metres, "h": write_hours, "km": write_km, "t": write_tonnes, "ha": _hectares,
}  # fmt: skip


def in_chinese(written: str) -> str:
    """A measure with Chinese units: "1 h 20 min" -> "1小时20分钟"."""
    for unit, zh in UNITS_ZH:
        written = written.replace(unit, zh)
    return written


def clock(hours: float, start: datetime) -> Words:
    """Clock time of an hour of the scenario, to the minute: "31 Jul 05:44".

    Args:
        hours: since the start of the scenario.
        start: the start, with its offset from UTC; the answer is in the same offset.
    """
    at = start + timedelta(minutes=round(hours * 60))
    return f"{at.day} {MONTHS[at.month - 1]} {at:%H:%M}", f"{at.month}月{at.day}日{at:%H:%M}"


def span(from_h: float, to_h: float, start: datetime) -> Words:
    """One clock time, or from one to another; the day is said once where it is the same.

    Args:
        from_h: hours since the start of the scenario.
        to_h: the same, not earlier.
        start: the start, with its offset from UTC.
    """
    first, last = clock(from_h, start), clock(to_h, start)
    if first == last:
        return first
    same = first[0][:-5] == last[0][:-5]
    return (
        f"{first[0]} to {last[0][-5:] if same else last[0]}",
        f"{first[1]}至{last[1][-5:] if same else last[1]}",
    )
