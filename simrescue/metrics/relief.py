"""Basic relief: who was affected, when, and when all tracked needs were first met where he then was.

A person is affected from the moment he first leaves home or has the water round him. A person is relieved at the
first moment, not before he was affected, at which the place where he is (his village, or the shelter he is in) is
relieved; under way and aboard nobody is. Who is never relieved, and whoever dies, has waited for ever.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.people import (
    DEAD,
    HOME,
    NOWHERE,
    SHELTERED,
    STRANDED,
    TRAPPED,
    Moves,
    impact_h,
    moves,
)
from simrescue.metrics.queues import STAYS, Groups, advance, queues
from simrescue.metrics.reading import NEVER, SAME_H, add_up, pick, quantile, remembered, share, village_times
from simrescue.metrics.spells import Spells, first_relieved_row, relieved_spells

CLOCKS = ("scenario_onset", "village_impact", "report")
"""Moments at which the clock of a person's relief can start; see `waited_h`."""


class Affected(NamedTuple):
    """Groups of affected people, as columns with one entry a group."""

    village: NDArray[np.intp]
    """Village row."""
    site: NDArray[np.int64]
    """Thing index of the place where the group was relieved; -1 for never."""
    affected_h: NDArray[np.float64]
    relieved_h: NDArray[np.float64]
    """Infinite for people never relieved and for the dead."""
    persons: NDArray[np.float64]
    trapped: NDArray[np.bool_]
    """Whether they were ever trapped."""
    dead: NDArray[np.bool_]
    entered: NDArray[np.intp]
    """Row of the move by which they came into the stay in which they were relieved; for never, into the last one."""
    relieved: NDArray[np.intp]
    """Row at which they found it relieved: `entered` where it was so already; number of rows of the log for never."""


class _Story(NamedTuple):
    """What has befallen each group so far."""

    affected_h: NDArray[np.float64]
    relieved_h: NDArray[np.float64]
    site: NDArray[np.int64]
    trapped: NDArray[np.bool_]
    entered: NDArray[np.intp]
    relieved: NDArray[np.intp]


def affected(log: EventLog, facts: Facts, needs: tuple[int, ...] | None = None) -> Affected:
    """All affected people in groups that went the same way, with the time of their relief.

    `needs` are indexes of `places.NEEDS`; by default those that the scenario tracks.
    """
    return _affected(log, facts, tuple(sorted(facts.tracked if needs is None else needs)))


@remembered
def _affected(log: EventLog, facts: Facts, needs: tuple[int, ...]) -> Affected:
    move, line, spells = moves(log, facts), queues(log, facts), relieved_spells(log, facts, needs)
    start = np.flatnonzero(move.source == NOWHERE)
    nothing = np.full(len(start), NEVER)
    groups = Groups(start, np.zeros(len(start)), move.persons[start])
    no_row = np.full(len(start), len(log.kind), dtype=np.intp)
    story = _Story(nothing, nothing, np.full(len(start), -1), np.zeros(len(start), dtype=bool), no_row, no_row)
    ended: list[Affected] = [_ended(move, groups, story)]
    while len(groups.move):
        origin, ahead = advance(line, groups)
        here = Groups(groups.move[origin], ahead.start, ahead.persons)
        story = _stay(log, facts, spells, pick(story, origin), here.move, ahead.move)
        last, onward = ahead.move == STAYS, ahead.move != STAYS
        ended.append(_ended(move, pick(here, last), pick(story, last)))
        groups, story = pick(ahead, onward), pick(story, onward)
    columns: list[Any] = [np.concatenate(parts) for parts in zip(*ended, strict=True)]
    return Affected(*columns)


def _stay(
    log: EventLog, facts: Facts, spells: Spells, story: _Story, here: NDArray[np.intp], ahead: NDArray[np.intp]
) -> _Story:
    """The stories after a stay that began with the moves `here` and ended with the moves `ahead`."""
    move, rows = moves(log, facts), len(log.kind)
    state, enter = move.target[here], move.row[here]
    leave = np.where(ahead == STAYS, rows, move.row[ahead])
    time_h = np.append(log.time_h, NEVER)
    at_home = np.isin(state, (HOME, STRANDED, TRAPPED))
    place = np.where(at_home, facts.villages[move.village[here]], np.where(state == SHELTERED, log.place[enter], -1))
    place = np.where(np.isfinite(story.affected_h), place, -1).astype(np.int64)
    row = first_relieved_row(spells, rows, place, enter, leave)
    relieved = time_h[row]
    first = relieved < story.relieved_h
    return _Story(
        np.where(np.isfinite(story.affected_h), story.affected_h, time_h[leave]),
        np.minimum(story.relieved_h, relieved),
        np.where(first, place, story.site),
        story.trapped | (state == TRAPPED),
        np.where(np.isfinite(story.relieved_h), story.entered, enter),
        np.where(first, row, story.relieved),
    )


def _ended(move: Moves, groups: Groups, story: _Story) -> Affected:
    """The affected among groups that stay where they are to the end."""
    dead = move.target[groups.move] == DEAD
    everyone = Affected(
        move.village[groups.move],
        np.where(dead, -1, story.site),
        story.affected_h,
        np.where(dead, NEVER, story.relieved_h),
        groups.persons,
        story.trapped,
        dead,
        story.entered,
        story.relieved,
    )
    return pick(everyone, np.isfinite(story.affected_h))


def waited_h(log: EventLog, facts: Facts, people: Affected, clock: str = "village_impact") -> NDArray[np.float64]:
    """Hours from the start of the clock to the relief of each group; infinite for never, 0 for relief before it.

    The clock starts, by setting: `scenario_onset` at time 0; `village_impact` when the flood reaches the village or,
    for those who left before, when they left home; `report` when command first learns of the village (for a village
    never reported as under `village_impact`: not to be reported is no excuse). Raises ValueError for another clock.
    """
    start = clock_start_h(log, facts, people, clock)
    return np.maximum(people.relieved_h - start, 0.0)


def clock_start_h(log: EventLog, facts: Facts, people: Affected, clock: str = "village_impact") -> NDArray[np.float64]:
    """When the clock of each group starts, hours since the start of the scenario; see `waited_h`."""
    if clock not in CLOCKS:
        raise ValueError(f"clock {clock!r} is none of {', '.join(CLOCKS)}")
    if clock == "scenario_onset":
        return np.zeros(len(people.village))
    start: NDArray[np.float64] = np.minimum(impact_h(log, facts)[people.village], people.affected_h)
    if clock == "report":
        reported = village_times(log, facts, EventKind.REPORTED, by_place=True)[people.village]
        start = np.where(np.isfinite(reported), reported, start)
    return start


def counted(log: EventLog, facts: Facts, people: Affected, who: str = "affected") -> NDArray[np.bool_]:
    """Which groups count: `affected` all, `trapped` those ever trapped, `isolated` those of villages ever cut off."""
    if who == "affected":
        return np.ones(len(people.village), dtype=bool)
    if who == "trapped":
        return people.trapped
    if who == "isolated":
        return np.isfinite(village_times(log, facts, EventKind.ISOLATED))[people.village]
    raise ValueError(f"who {who!r} is none of affected, trapped, isolated")


def share_relieved(
    log: EventLog,
    facts: Facts,
    limit_h: float,
    clock: str = "village_impact",
    needs: tuple[int, ...] | None = None,
    who: str = "affected",
) -> float:
    """Share of the affected people whose relief came within the limit; nan where nobody is affected."""
    people = affected(log, facts, needs)
    among = counted(log, facts, people, who)
    persons, wait = people.persons[among], waited_h(log, facts, people, clock)[among]
    return share(persons[wait <= limit_h].sum(), persons.sum())


def relief_quantile_h(log: EventLog, facts: Facts, q: float, clock: str = "village_impact") -> float:
    """Person-weighted quantile of the time to relief; q = 1 is the last person; infinite where it is never."""
    people = affected(log, facts)
    return quantile(waited_h(log, facts, people, clock), q, people.persons)


def share_relieved_curve(
    log: EventLog, facts: Facts, grid_h: NDArray[np.float64], clock: str = "village_impact"
) -> NDArray[np.float64]:
    """Share of the affected people relieved within each number of hours on the clock; shape of `grid_h`."""
    people = affected(log, facts)
    wait = waited_h(log, facts, people, clock)
    order = np.argsort(wait, kind="stable")
    total = np.concatenate(([0.0], np.cumsum(people.persons[order])))
    within = total[np.searchsorted(wait[order], grid_h + SAME_H, side="right")]
    return within / total[-1] if total[-1] > 0 else np.full(len(grid_h), np.nan)


def late_person_h(log: EventLog, facts: Facts, limit_h: float, clock: str = "village_impact") -> NDArray[np.float64]:
    """Person-hours of waiting beyond the limit in each village, shape (V,); the never relieved wait to the end."""
    people = affected(log, facts)
    wait = waited_h(log, facts, people, clock)
    to_end = waited_h(log, facts, people._replace(relieved_h=np.full(len(wait), facts.duration_h)), clock)
    late = np.maximum(np.minimum(wait, to_end) - limit_h, 0.0)
    return add_up(people.village, people.persons * late, len(facts.villages))
