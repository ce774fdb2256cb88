"""What happened to a place, and what a responder did, as sentences in English and Chinese.

Many events alike within a few hours become one sentence. Stories are told from the log and the names of things alone.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.explain.naming import COUNTED, Names, Things, listed, measured, people, span
from simrescue.explain.sentences import ITEMS, TASK_WORDS, TEMPLATES, Template, Words
from simrescue.metrics.facts import RESPONDERS

APART_H = 6.0
"""Events alike that lie farther apart are told by themselves."""
WAITED_H = 1.0
"""Waits of a request for its first crew are told from this length on."""
NOT_AT_PLACES = (Kind.SETS_OFF, Kind.SETS_DOWN, Kind.TURNS_OUT, Kind.RETURNS, Kind.STANDS, Kind.RELEASED)
"""Kinds that belong to the story of the responder only."""
ON_THE_WAY = (Kind.TURNS_ROUND, Kind.GIVES_UP)
"""Kinds that are told at the place that the crew was sent to."""


class Sentence(NamedTuple):
    """One sentence of a story."""

    time_h: float
    until_h: float
    """Of the last event that it tells of (many alike are folded into one sentence)."""
    kind: str
    """Name of the event kind; WAITS for a request that waited long for its first crew."""
    subject: int
    place: int
    text_en: str
    text_zh: str
    when_en: str
    """Clock time or span: "31 Jul 05:44"."""
    when_zh: str


def story(log: EventLog, things: Things, thing: int, start: datetime) -> list[Sentence]:
    """The story of a place or of a responder (its index), in the order of time; `start` is the scenario's start.

    Raises IndexError for an index that no thing has.
    """
    names = Names(things)
    if things.kinds[thing] in RESPONDERS:
        rows = np.flatnonzero(log.subject == thing)
        rows, waits = rows[log.kind[rows] != Kind.SETS_OFF], list[Sentence]()
    else:
        rows, waits = _rows_at(log, things, thing), _waits(log, things, thing, start)
    told = [_tell(log, names, group, start) for group in fold(log, rows.tolist())]
    return sorted([*told, *waits], key=lambda one: one.time_h)


def _rows_at(log: EventLog, things: Things, thing: int) -> NDArray[np.intp]:
    """Rows that concern a place: there, about it, of its people elsewhere, and of crews on their way to it."""
    mine = (log.place == thing) | (log.subject == thing)
    mine &= ~np.isin(log.kind, NOT_AT_PLACES)
    asked = log.request[(log.kind == Kind.REQUEST_OPENED.value) & (log.place == thing)]
    mine |= np.isin(log.kind, ON_THE_WAY) & np.isin(log.request, asked) & (log.request >= 0)
    rows = np.flatnonzero(mine)
    if things.kinds[thing] != "village":
        return rows
    return np.union1d(rows, _relieved_elsewhere(log, thing))


def _relieved_elsewhere(log: EventLog, village: int) -> NDArray[np.intp]:
    """For each shelter that people of a village came to, the first time that it was relieved from then on."""
    came = np.flatnonzero((log.kind == Kind.ARRIVE_SHELTER.value) & (log.subject == village))
    shelters, first = np.unique(log.place[came], return_index=True)
    relieved = np.flatnonzero(log.kind == Kind.RELIEVED.value)
    found = []
    for shelter, arrival in zip(shelters.tolist(), came[first].tolist(), strict=True):
        rows = relieved[(log.place[relieved] == shelter) & (relieved > arrival)]
        found += rows[:1].tolist()
    return np.array(found, dtype=np.intp)


# ---- many alike


def fold(log: EventLog, rows: list[int]) -> list[list[int]]:
    """Rows in groups that are told together, in the order of their first rows; kinds that are not told are left out."""
    groups: list[list[int]] = []
    open_: dict[int, list[int]] = {}
    for row in rows:
        kind = int(log.kind[row])
        template = TEMPLATES.get(Kind(kind))
        if template is None:
            continue
        group = open_.get(kind)
        if template.many is None or group is None or log.time_h[row] - log.time_h[group[-1]] > APART_H:
            group = open_[kind] = []
            groups.append(group)
        group.append(row)
        if template.many is None and kind in _BREAKS:
            open_.clear()
    return [part for group in groups for part in _few_by_themselves(log, group)]


_BREAKS = {
    Kind.WATER_ARRIVES, Kind.ISOLATED, Kind.RELIEVED, Kind.CONTACT_LOST, Kind.FIRE_ARRIVES, Kind.CONTAINED,
    Kind.RESTS, Kind.BREAKS_DOWN, Kind.HELD, Kind.LEVEL_RAISED,
}  # fmt: skip
"""Events so telling that what comes after them is not folded into what came before."""


def _few_by_themselves(log: EventLog, group: list[int]) -> list[list[int]]:
    template = TEMPLATES[Kind(int(log.kind[group[0]]))]
    least = 2 if template.items == "need" else 3
    return [group] if len(group) >= least else [[row] for row in group]


# ---- words


def _tell(log: EventLog, names: Names, group: list[int], start: datetime) -> Sentence:
    first, last = group[0], group[-1]
    kind = Kind(int(log.kind[first]))
    template = TEMPLATES[kind]
    words = template.many if len(group) > 1 and template.many else template.one
    values = _values(log, names, template, group)
    english, chinese = (words[i].format(**{name: value[i] for name, value in values.items()}) for i in (0, 1))
    when = span(float(log.time_h[first]), float(log.time_h[last]), start)
    return Sentence(
        float(log.time_h[first]), float(log.time_h[last]), kind.name, int(log.subject[first]), int(log.place[first]),
        _upper(english), chinese, *when,
    )  # fmt: skip


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _values(log: EventLog, names: Names, template: Template, group: list[int]) -> dict[str, Words]:
    """What the braces of a sentence stand for, in both languages."""
    first, last, amount = group[0], group[-1], float(log.amount[group[0]])
    items = [_item(template, int(log.item[row])) for row in group]
    each = list(dict.fromkeys(items))
    other = int(amount) if 0 <= amount < len(names.english) and amount == int(amount) else -1
    count = str(len(group))
    whole = f"{amount:,.0f}"
    return {
        "who": names.of(int(log.subject[first])),
        "those": names.crowd(log.subject[group].tolist()),
        "where": names.places(log.place[group].tolist()),
        "people": people(float(log.persons[group].sum())),
        "amount": measured(amount, template.unit),
        "last": measured(float(log.amount[last]), template.unit),
        "item": items[0],
        "items": (listed([one for one, _ in each]), "、".join(one for _, one in each)),
        "count": (count, count),
        "number": (whole, whole),
        "other": names.of(other),
    }


def _item(template: Template, item: int) -> Words:
    table = ITEMS.get(template.items, ())
    return table[item] if 0 <= item < len(table) else ("-", "-")


# ---- waits


def _waits(log: EventLog, things: Things, thing: int, start: datetime) -> list[Sentence]:
    """Requests of a place that waited long for their first crew, and who was busy half way through."""
    opened = np.flatnonzero((log.kind == Kind.REQUEST_OPENED.value) & (log.place == thing))
    ends = log.where(Kind.ASSIGNED, Kind.REQUEST_CLOSED, Kind.UNMET)
    told = []
    for row in opened.tolist():
        mine = ends[log.request[ends] == log.request[row]]
        if len(mine) and log.time_h[mine[0]] - log.time_h[row] >= WAITED_H:
            told.append(_wait(log, things, row, int(mine[0]), start))
    return told


def _wait(log: EventLog, things: Things, opened: int, end: int, start: datetime) -> Sentence:
    from_h, to_h = float(log.time_h[opened]), float(log.time_h[end])
    task = TASK_WORDS[log.item[opened]]
    kinds = _kinds_for(log, things, int(log.item[opened]))
    busy = [one for one in (who_is_busy(log, things, kind, (from_h + to_h) / 2) for kind in kinds) if one]
    waited, waited_zh = measured(to_h - from_h, "h")
    sent = log.kind[end] == Kind.ASSIGNED
    english = f"For {waited} nobody is sent for {task[0]}{'' if sent else ', and nobody ever is'}"
    chinese = f"{task[1]}需求{waited_zh}无人可派{'' if sent else '，最终也未派出'}"
    if busy:
        english += "; half way through, " + listed([one for one, _ in busy])
        chinese += "；其间" + "，".join(one for _, one in busy)
    told = (log.kind == Kind.NO_RESPONDER.value) & (log.request == log.request[opened])
    if told.any():
        english += "; whoever was idle could not serve it (no way, night, range or goods)"
        chinese += "；空闲力量因道路、夜间、航程或物资所限无法前往"
    when = span(from_h, to_h, start)
    place = int(log.place[opened])
    return Sentence(from_h, to_h, "WAITS", place, place, english + ".", chinese + "。", *when)


def _kinds_for(log: EventLog, things: Things, task: int) -> list[str]:
    """Kinds of responders that were ever sent for a task, those sent most often first; at most two."""
    sent = np.flatnonzero((log.kind == Kind.ASSIGNED.value) & (log.item == task))
    counts = Counter(things.kinds[one] for one in log.subject[sent].tolist())
    return [kind for kind, _ in counts.most_common(2)]


def who_is_busy(log: EventLog, things: Things, kind: str, at_h: float) -> Words | None:
    """How many of the responders of a kind that are there are on missions at a time, and for what; None for no such.

    A responder is busy from its assignment until it is free again; who rests after a mission is not free yet. Who is
    in maintenance, or set free only later, is not there.
    """
    away = log.subject[log.where(Kind.UNSERVICEABLE)].tolist()
    freed = log.where(Kind.RELEASED)
    away += log.subject[freed[log.time_h[freed] > at_h]].tolist()
    mine = {one for one, its in enumerate(things.kinds) if its == kind}.difference(away)
    if not mine:
        return None
    doing: dict[int, int] = {}
    rows = log.where(Kind.ASSIGNED, Kind.FREE)
    rows = rows[: int(np.searchsorted(log.time_h[rows], at_h, side="right"))]
    for row, subject in zip(rows.tolist(), log.subject[rows].tolist(), strict=True):
        if subject in mine:
            doing[subject] = int(log.item[row]) if log.kind[row] == Kind.ASSIGNED else -1
    tasks = Counter(task for task in doing.values() if task >= 0)
    return _busy_words(kind, len(mine), tuple(tasks.most_common()))


@cache
def _busy_words(kind: str, total: int, tasks: tuple[tuple[int, int], ...]) -> Words:
    busy = sum(number for _, number in tasks)
    _, many, many_zh = COUNTED[kind]
    english, chinese = (
        f"{busy} of the {total} {many} there are out",
        f"在位{total}{many_zh}中{busy}{many_zh[0]}在执行任务",
    )
    if tasks:
        english += f" ({', '.join(f'{number} for {TASK_WORDS[task][0]}' for task, number in tasks)})"
        chinese += f"（{'、'.join(f'{TASK_WORDS[task][1]}{number}{many_zh[0]}' for task, number in tasks)}）"
    return english, chinese
