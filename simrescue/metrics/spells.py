"""When each place is relieved: from RELIEVED to LAPSES, or for chosen needs from the last MET to LAPSES."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import rows_of


class Spells(NamedTuple):
    """Spells during which places are relieved, as rows of the log; sorted by place, then row."""

    place: NDArray[np.int64]
    start: NDArray[np.intp]
    """Row from which the place is relieved."""
    end: NDArray[np.intp]
    """Row at which it no longer is (number of rows of the log, where it stays so)."""


def relieved_spells(log: EventLog, facts: Facts, needs: tuple[int, ...]) -> Spells:
    """Spells in which all given needs (indexes of `places.NEEDS`) are met (the tracked ones: rows RELIEVED)."""
    lapses = rows_of(log, EventKind.LAPSES)
    if set(needs) == set(facts.tracked):
        lapses = lapses[np.isin(log.item[lapses], facts.tracked)]
        return _spells(log, rows_of(log, EventKind.RELIEVED), lapses, np.zeros_like(log.item), 1)
    met = rows_of(log, EventKind.MET)
    met, lapses = met[np.isin(log.item[met], needs)], lapses[np.isin(log.item[lapses], needs)]
    return _spells(log, met, lapses, log.item, len(set(needs)))


def _spells(log: EventLog, on: NDArray[np.intp], off: NDArray[np.intp], part: NDArray[np.int16], parts: int) -> Spells:
    """Spells in which all `parts` of a place are on; each row of `on` and `off` switches the part of its row."""
    row = np.concatenate((on, off))
    state = np.repeat([1, 0], [len(on), len(off)])
    switch = log.place[row].astype(np.int64) * (int(part.max(initial=0)) + 2) + part[row]
    order = np.lexsort((row, switch))
    row, state = row[order], state[order]
    change = np.where(_firsts(switch[order]), state, np.diff(state, prepend=0))
    row, change = row[change != 0], change[change != 0]
    place = log.place[row].astype(np.int64)
    order = np.lexsort((row, place))
    row, change, place = row[order], change[order], place[order]
    first = _firsts(place)
    running = np.cumsum(change)
    on_now = running - (running - change)[first][np.cumsum(first) - 1]
    end = np.append(row[1:], len(log.kind))[: len(row)]
    end[np.append(first[1:], True)[: len(row)]] = len(log.kind)
    whole = on_now == parts
    return Spells(place[whole], row[whole], end[whole])


def _firsts(key: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each entry of a sorted key is the first of its value."""
    different = np.ones(len(key), dtype=bool)
    different[1:] = key[1:] != key[:-1]
    return different


def first_relieved_row(
    spells: Spells, rows: int, place: NDArray[np.int64], enter: NDArray[np.intp], leave: NDArray[np.intp]
) -> NDArray[np.intp]:
    """First row at which someone who is at `place` from row `enter` to row `leave` finds it relieved; `rows` for never.

    All arrays have one entry a stay; `rows` is the number of rows of the log; place -1 is never relieved.
    """
    if not len(spells.place):
        return np.full(len(place), rows)
    stretch = rows + 1
    spell = np.searchsorted(spells.place * stretch + spells.end, place * stretch + enter, side="right")
    spell = np.minimum(spell, len(spells.place) - 1)
    row = np.maximum(spells.start[spell], enter)
    fits = (spells.place[spell] == place) & (spells.end[spell] > enter) & (row < leave)
    return np.where(fits, row, rows)
