"""The moments that a time bar marks: levels, first water or fire, trapped, rescue, relief, deaths, danger, held."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simrescue.events import EventKind as Kind
from simrescue.explain.stories.naming import people as persons_in_words
from simrescue.explain.stories.sentences import ITEM_WORDS
from simrescue.metrics.wildfire.fire_line import DANGER
from simrescue.network.closures import words_of
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simrescue.events import EventLog
    from simrescue.explain import Names

LEVELS_EN, LEVELS_ZH = zip(*ITEM_WORDS["level"], strict=True)


class Moment(NamedTuple):
    """One mark on the time bar."""

    time_h: float
    thing: int
    """Where, a thing index; -1: nowhere."""
    grave: bool
    text_en: str
    text_zh: str


class _Mark(NamedTuple):
    """Which rows of a kind are marked, and how they are told; `{who}`, `{where}`, `{cause}`, `{level}`, `{ha}`."""

    kind: Kind
    every: bool
    grave: bool
    text_en: str
    text_zh: str
    items: tuple[int, ...] = ()
    """Only rows of one of these items; empty: all."""


MARKS = (
    _Mark(Kind.LEVEL_DUE, True, False, *bilingual("Response level {level} is due")),
    _Mark(Kind.LEVEL_RAISED, True, False, *bilingual("Response level {level}")),
    _Mark(Kind.LEVEL_LOWERED, True, False, *bilingual("Response level lowered to {level}")),
    _Mark(Kind.PARTNER_ASKED, True, False, *bilingual("Aid asked for: {where}")),
    _Mark(Kind.AID_REFUSED, True, True, *bilingual("Aid refused: {where}")),
    _Mark(Kind.AID_HANDED_OVER, True, False, *bilingual("Aid handed over: {where}")),
    _Mark(Kind.FORECAST, False, False, *bilingual("First forecast: {where}")),
    _Mark(Kind.ORDERED, False, False, *bilingual("First evacuation order: {where}")),
    _Mark(Kind.WATER_ARRIVES, False, True, *bilingual("Water reaches the first village: {where}")),
    _Mark(Kind.ISOLATED, False, True, *bilingual("First village cut off: {where}")),
    _Mark(Kind.TRAPPED, False, True, *bilingual("First people trapped: {who}")),
    _Mark(Kind.PICKS_UP, False, False, *bilingual("First people picked up: {where}")),
    _Mark(Kind.DELIVERS, False, False, *bilingual("First relief delivered: {where}")),
    _Mark(Kind.NO_STOCK, False, True, *bilingual("A request finds no stock: {where}")),
    _Mark(Kind.SHELTER_CLOSES, True, True, *bilingual("Shelter closes: {who}")),
    _Mark(Kind.DIED, False, True, *bilingual("First death: {who}")),
    _Mark(Kind.IGNITES, True, True, *bilingual("Fire starts: {who}")),
    _Mark(Kind.DETECTED, True, False, *bilingual("Fire found: {who}")),
    _Mark(Kind.TAKES_POST, False, False, *bilingual("First crew on the line: {who}")),
    _Mark(Kind.DROPS, False, False, *bilingual("First drop of water: {who}")),
    _Mark(Kind.FIRE_ARRIVES, True, True, *bilingual("Flames reach {where}")),
    _Mark(Kind.ROAD_CLOSES, False, True, *bilingual("First road {cause}: {who}")),
    _Mark(Kind.PLACE_LOST, True, True, *bilingual("Lost: {where}")),
    _Mark(Kind.CUT_OFF, True, True, *bilingual("Crew cut off: {who}")),
    _Mark(Kind.ENTRAPPED, True, True, *bilingual("Crew entrapped: {who}")),
    _Mark(Kind.CROWNS, False, True, *bilingual("Fire takes hold of crowns: {who}")),
    _Mark(Kind.SPOTS, False, True, *bilingual("First fire lit by an ember: {who}")),
    _Mark(Kind.LINE_BREACHED, False, True, *bilingual("Fire crosses line for the first time: {who}")),
    _Mark(Kind.WITHDRAWS, False, True, *bilingual("First crew leaves in danger: {who}"), DANGER),
    _Mark(Kind.DRIVEN_OFF, False, True, *bilingual("First crew on foot gets out of the way of flames: {who}")),
    _Mark(Kind.OVERRUN, True, True, *bilingual("Crew overrun: {who}")),
    _Mark(Kind.ESCAPED, True, True, *bilingual("Fire escapes: {who}")),
    _Mark(Kind.CONTAINED, True, False, *bilingual("Fire contained: {who}, {ha} ha")),
    _Mark(Kind.CONTROLLED, True, False, *bilingual("Fire under control: {who}")),
    _Mark(Kind.FIRE_OUT, True, False, *bilingual("Fire out: {who}")),
)  # fmt: skip
MOST = 12
"""Moments of one kind that are marked at most, the first ones."""


def moments(log: EventLog, names: Names, at_h: NDArray[np.float64], trapped: NDArray[np.float64]) -> list[Moment]:
    """The marks of a log in order of time. `trapped`: people trapped at the times `at_h`, for the worst moment."""
    found = [moment for mark in MARKS for moment in _of(log, names, mark)]
    if trapped.max(initial=0.0) >= 1:
        most = int(trapped.argmax())
        many, many_zh = persons_in_words(float(trapped[most]))
        found.append(
            Moment(float(at_h[most]), -1, True, *bilingual("Most people trapped: {many}", many=(many, many_zh)))
        )
    return sorted(found, key=lambda moment: moment.time_h)


def _of(log: EventLog, names: Names, mark: _Mark) -> list[Moment]:
    first: dict[int, int] = {}
    for row in log.where(mark.kind).tolist():
        if mark.items and log.item[row] not in mark.items:
            continue
        first.setdefault(_key(log, mark.kind, row) if mark.every else 0, row)
    return [_told(log, names, mark, row) for row in list(first.values())[:MOST]]


def _key(log: EventLog, kind: Kind, row: int) -> int:
    """Each level, each partner, each place, each fire is marked once."""
    by_level = kind in (Kind.LEVEL_DUE, Kind.LEVEL_RAISED, Kind.LEVEL_LOWERED)
    by_partner = kind in (Kind.PARTNER_ASKED, Kind.AID_REFUSED, Kind.AID_HANDED_OVER)
    return int(log.item[row] if by_level else log.place[row] if by_partner else log.subject[row])


def _told(log: EventLog, names: Names, mark: _Mark, row: int) -> Moment:
    who, where, item = int(log.subject[row]), int(log.place[row]), int(log.item[row])
    hectares = f"{log.amount[row]:,.1f}"

    def fill(text: str, lang: int, levels: tuple[str, ...]) -> str:
        level = levels[item] if 0 <= item < len(levels) else ""
        cause = words_of(item)[lang] if mark.kind is Kind.ROAD_CLOSES else ""
        return text.format(who=names.of(who)[lang], where=names.of(where)[lang], level=level, ha=hectares, cause=cause)

    told: Callable[[str, int, tuple[str, ...]], str] = fill
    thing = where if where >= 0 else who
    return Moment(
        float(log.time_h[row]), thing, mark.grave, told(mark.text_en, 0, LEVELS_EN), told(mark.text_zh, 1, LEVELS_ZH)
    )
