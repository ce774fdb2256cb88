"""The moments that a time bar marks: levels, first water or fire, trapped, rescue, relief, deaths, the fire held."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simrescue.events import EventKind as Kind
from simrescue.explain.stories.naming import people as persons_in_words
from simrescue.network.closures import words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simrescue.events import EventLog
    from simrescue.explain import Names

LEVELS = ("", "I", "II", "III", "IV")
LEVELS_ZH = ("", "Ⅰ级", "Ⅱ级", "Ⅲ级", "Ⅳ级")


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


MARKS = (
    _Mark(Kind.LEVEL_RAISED, True, False, "Response level {level}", "启动{level}应急响应"),
    _Mark(Kind.FORECAST, False, False, "First forecast: {where}", "首次预报：{where}"),
    _Mark(Kind.ORDERED, False, False, "First evacuation order: {where}", "首次下达转移命令：{where}"),
    _Mark(Kind.WATER_ARRIVES, False, True, "Water reaches the first village: {where}", "洪水首次进村：{where}"),
    _Mark(Kind.ISOLATED, False, True, "First village cut off: {where}", "首个村庄道路中断：{where}"),
    _Mark(Kind.TRAPPED, False, True, "First people trapped: {who}", "首次出现被困群众：{who}"),
    _Mark(Kind.PICKS_UP, False, False, "First people picked up: {where}", "首次接出群众：{where}"),
    _Mark(Kind.DELIVERS, False, False, "First relief delivered: {where}", "首批救助物资送达：{where}"),
    _Mark(Kind.NO_STOCK, False, True, "A request finds no stock: {where}", "首次物资不足：{where}"),
    _Mark(Kind.SHELTER_CLOSES, True, True, "Shelter closes: {who}", "避难场所关闭：{who}"),
    _Mark(Kind.DIED, False, True, "First death: {who}", "首次出现死亡：{who}"),
    _Mark(Kind.IGNITES, True, True, "Fire starts: {who}", "起火：{who}"),
    _Mark(Kind.DETECTED, True, False, "Fire found: {who}", "发现火情：{who}"),
    _Mark(Kind.TAKES_POST, False, False, "First crew on the line: {who}", "首支队伍到达火线：{who}"),
    _Mark(Kind.DROPS, False, False, "First drop of water: {who}", "首次吊桶洒水：{who}"),
    _Mark(Kind.FIRE_ARRIVES, True, True, "Flames reach {where}", "火烧到{where}"),
    _Mark(Kind.ROAD_CLOSES, False, True, "First road {cause}: {who}", "首条道路{cause}：{who}"),
    _Mark(Kind.PLACE_LOST, True, True, "Lost: {where}", "损毁：{where}"),
    _Mark(Kind.OVERRUN, True, True, "Crew overrun: {who}", "队伍被火围困：{who}"),
    _Mark(Kind.ESCAPED, True, True, "Fire escapes: {who}", "火势失控：{who}"),
    _Mark(Kind.CONTAINED, True, False, "Fire contained: {who}, {ha} ha", "火场合围：{who}，{ha}公顷"),
    _Mark(Kind.CONTROLLED, True, False, "Fire under control: {who}", "火势得到控制：{who}"),
    _Mark(Kind.FIRE_OUT, True, False, "Fire out: {who}", "火灾扑灭：{who}"),
)  # fmt: skip
MOST = 12
"""Moments of one kind that are marked at most, the first ones."""


def moments(log: EventLog, names: Names, at_h: NDArray[np.float64], trapped: NDArray[np.float64]) -> list[Moment]:
    """The marks of a log in order of time. `trapped`: people trapped at the times `at_h`, for the worst moment."""
    found = [moment for mark in MARKS for moment in _of(log, names, mark)]
    if trapped.max(initial=0.0) >= 1:
        most = int(trapped.argmax())
        many, many_zh = persons_in_words(float(trapped[most]))
        found.append(Moment(float(at_h[most]), -1, True, f"Most people trapped: {many}", f"被困人数最多：{many_zh}"))
    return sorted(found, key=lambda moment: moment.time_h)


def _of(log: EventLog, names: Names, mark: _Mark) -> list[Moment]:
    first: dict[int, int] = {}
    for row in log.where(mark.kind).tolist():
        first.setdefault(_key(log, mark.kind, row) if mark.every else 0, row)
    return [_told(log, names, mark, row) for row in list(first.values())[:MOST]]


def _key(log: EventLog, kind: Kind, row: int) -> int:
    """Each level, each place, each fire is marked once."""
    return int(log.item[row] if kind is Kind.LEVEL_RAISED else log.subject[row])


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
        float(log.time_h[row]), thing, mark.grave, told(mark.text_en, 0, LEVELS), told(mark.text_zh, 1, LEVELS_ZH)
    )
