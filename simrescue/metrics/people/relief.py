"""Basic relief: who was affected, when, and when every tracked need had first been met for each person.

A person is affected from the moment he first leaves home or has the water round him. A need is first met for him when
goods for it reach his turn at a place where he is: first come, first served (see `metrics.provision`). He keeps what
he was given when he moves on. He is relieved at the first moment, not before he was affected, at which he is at a
place (not trapped, under way or aboard) and every tracked need has been met for him, there or before, or does not
apply there. While he lives on his own stock in a dry house his clock stands; that is not relief. Who is never
relieved, and whoever dies, has waited for ever; but who lives on his own stock to the end has needed nothing yet,
and counts neither as relieved nor as not. Nor does who comes out of his village and goes on to relatives, friends or a
hotel; whom the public owed something before (stranded, back home, in a shelter) is relieved when he comes there.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Cases, Measure, Within
from simrescue.metrics.facts import Facts
from simrescue.metrics.levels import LevelClock, in_force_h
from simrescue.metrics.people.provision import (
    applies_from,
    first_met,
    own_stock,
    packed,
    reach,
    sites,
    steps,
    unprovided_h,
)
from simrescue.metrics.people.queues import STAYS, Groups, advance, cut, queues
from simrescue.metrics.people.village_news import first_report_h
from simrescue.metrics.people.whereabouts import DEAD, LODGED, NOWHERE, TRAPPED, impact_h, moves
from simrescue.metrics.reading import (
    NEVER,
    add_up,
    pick,
    quantile,
    remembered,
    share_within,
    slowest,
    village_times,
)
from simrescue.places import CLOTHING, NEEDS, SHELTER, Need
from simrescue.responders import LevelOfResponse
from simrescue.units import SAME_H
from simrescue.wording import bilingual

CLOCKS = ("scenario_onset", "village_impact", "report", "need", "level")
"""Moments at which the clock of a person's relief can start (`need`: second reading of `report`); see `waited_h`."""
_BRIEF_H = 1e-6
"""Hours; less than this is lost to rounding."""


class Affected(NamedTuple):
    """Groups of affected people, as columns with one entry a group (G)."""

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
    """Row by which they were relieved: `entered` where it was so already; number of rows of the log for never."""
    met: NDArray[np.intp]
    """Rows by which each of the needs was first met for them, shape (G, needs); number of rows of the log for never."""
    own_from_h: NDArray[np.float64]
    """From when they lived on their own stock before they were relieved; infinite for never."""
    own_h: NDArray[np.float64]
    """For how long."""
    on_own: NDArray[np.bool_]
    """Whether they did so from the first moment to the end, never relieved: they have needed nothing yet."""
    lodged: NDArray[np.bool_]
    """Whether they came out and went to relatives, friends or a hotel before anybody owed them anything."""
    lapsed_h: NDArray[np.float64]
    """Person-hours of the group at places, after relief, without some need that applies there."""

    @property
    def owed(self) -> NDArray[np.bool_]:
        """Who needs anything from the public at all, shape (G,)."""
        answer: NDArray[np.bool_] = ~(self.on_own | self.lodged)
        return answer


class _Story(NamedTuple):
    """What has befallen each group so far; as in `Affected`, but `lapsed_h` is the mean of a person of the group."""

    affected_h: NDArray[np.float64]
    relieved_h: NDArray[np.float64]
    site: NDArray[np.int64]
    trapped: NDArray[np.bool_]
    entered: NDArray[np.intp]
    relieved: NDArray[np.intp]
    met: NDArray[np.intp]
    own_from_h: NDArray[np.float64]
    own_h: NDArray[np.float64]
    lapsed_h: NDArray[np.float64]
    owed: NDArray[np.bool_]
    """Whether they have been at a place where the public owes them relief: stranded, back home, in a shelter."""
    number: NDArray[np.float64]
    """Arrival number of the first of them at the last place where they could be served; nan before the first."""


class _Stay(NamedTuple):
    """Where groups are between two moves."""

    place: NDArray[np.int64]
    """Thing index of the place where they can be served; -1: they cannot, or are not affected yet."""
    enter: NDArray[np.intp]
    """Row of the log with which the stay begins."""
    leave: NDArray[np.intp]
    """Row with which it ends; number of rows for the end of the scenario."""


def affected(log: EventLog, facts: Facts, needs: tuple[int, ...] | None = None) -> Affected:
    """All affected people in groups that went the same way, with the time of their relief.

    `needs` are indexes of `places.NEEDS`; by default those that the scenario tracks.
    """
    return _affected(log, facts, tuple(sorted(facts.tracked if needs is None else needs)))


@remembered
def _affected(log: EventLog, facts: Facts, needs: tuple[int, ...]) -> Affected:
    move, line = moves(log, facts), queues(log, facts)
    start = np.flatnonzero(move.source == NOWHERE)
    groups = Groups(start, np.zeros(len(start)), move.persons[start])
    story = _untouched(len(start), len(needs), len(log.kind))
    ended: list[Affected] = [_ended(log, facts, groups, story)]
    # Ends because every move leads to a later row of the log; groups only split, and each split follows a row of it.
    while len(groups.move):
        parts, ahead = advance(line, groups)
        here = Groups(groups.move[parts.origin], groups.start[parts.origin] + parts.offset, parts.persons)
        story = pick(story, parts.origin)._replace(number=story.number[parts.origin] + parts.offset)
        here, ahead, story = _stay(log, facts, needs, here, ahead, story)
        last, onward = ahead.move == STAYS, ahead.move != STAYS
        ended.append(_ended(log, facts, pick(here, last), pick(story, last)))
        groups, story = pick(ahead, onward), pick(story, onward)
    columns: list[Any] = [np.concatenate(parts) for parts in zip(*ended, strict=True)]
    return Affected(*columns)


def _untouched(groups: int, needs: int, never: int) -> _Story:
    """People at home before anything has happened."""
    hours, zero, row = np.full(groups, NEVER), np.zeros(groups), np.full(groups, never, dtype=np.intp)
    # Row numbers and not hours: of two things at the same hour the log knows which came first.
    met = np.full((groups, needs), never, dtype=np.intp)
    nowhere, free = np.full(groups, -1), np.zeros(groups, dtype=bool)
    return _Story(hours, hours, nowhere, free, row, row, met, hours, zero, zero, free, np.full(groups, np.nan))


def _stay(
    log: EventLog, facts: Facts, needs: tuple[int, ...], here: Groups, ahead: Groups, story: _Story
) -> tuple[Groups, Groups, _Story]:
    """After a stay between the moves `here` and `ahead`; in parts that are served alike."""
    move, site, rows = moves(log, facts), sites(log, facts), len(log.kind)
    leave = np.where(ahead.move == STAYS, rows, move.row[ahead.move])
    place = np.where(np.isfinite(story.affected_h), site.place[here.move], -1)
    stay = _Stay(place, move.row[here.move], leave)
    # Who was taken off and set down again stands at the end of the line; who was only cut off keeps his number.
    fresh = (place >= 0) & (site.arrives[here.move] | np.isnan(story.number))
    story = story._replace(number=np.where(fresh, site.number[here.move] + here.start, story.number))
    for column, need in enumerate(needs):
        reached = reach(log, facts, need)
        # Who cannot be served stands on a stretch of the line where no place is.
        low = np.where(stay.place >= 0, stay.place * reached.width + story.number, -2 * reached.width)
        parts = cut(reached.line, low, here.persons)
        origin = parts.origin
        here = Groups(here.move[origin], here.start[origin] + parts.offset, parts.persons)
        ahead = Groups(ahead.move[origin], ahead.start[origin] + parts.offset, parts.persons)
        stay, story = pick(stay, origin), pick(story, origin)._replace(number=story.number[origin] + parts.offset)
        row = first_met(reached, low[origin], parts.section, rows)
        met = story.met.copy()
        met[:, column] = np.where(row < stay.leave, np.minimum(row, met[:, column]), met[:, column])
        story = story._replace(met=met)
    if CLOTHING in needs:
        met, column = story.met.copy(), needs.index(CLOTHING)
        bag = packed(log, facts)[here.move]
        met[bag, column] = np.minimum(met[bag, column], move.row[here.move[bag]])
        story = story._replace(met=met)
    return here, ahead, _after(log, facts, needs, stay, here, story)


def _after(log: EventLog, facts: Facts, needs: tuple[int, ...], stay: _Stay, here: Groups, story: _Story) -> _Story:
    """The stories after a stay during which needs were met as `story.met` tells."""
    rows, target = len(log.kind), moves(log, facts).target[here.move]
    at_h, end_h = np.append(log.time_h, NEVER), np.append(log.time_h, facts.duration_h)
    row = np.where(stay.place >= 0, stay.enter, rows)
    # In the order in which needs begin to apply: one that begins while another is still open has to be met as well.
    for column, need in _by_class(needs):
        wanted = (applies_from(log, facts, need)[stay.place] <= row) & (story.met[:, column] > row)
        row = np.where(wanted, story.met[:, column], row)
    row = np.where(row < stay.leave, row, rows)
    # With relatives nobody is short any more: whom the public owed something until then owes it to them.
    row = np.where((target == LODGED) & story.owed, stay.enter, row)
    # Relief is the first moment; what comes after it is counted as lapsed, never as late.
    first = at_h[row] < story.relieved_h
    affected_h = np.where(np.isfinite(story.affected_h), story.affected_h, at_h[stay.leave])
    relieved_h = np.minimum(story.relieved_h, at_h[row])
    own = own_stock(log, facts)
    begin = np.maximum(end_h[stay.enter], own.start_h[stay.place])
    own_h = np.minimum(np.minimum(end_h[stay.leave], own.end_h[stay.place]), relieved_h) - begin
    # The clock stands only for hours that are both of this stay and before relief.
    own_h = np.where(stay.place >= 0, np.maximum(own_h, 0.0), 0.0)
    return _Story(
        affected_h,
        relieved_h,
        np.where(first, stay.place, story.site),
        story.trapped | (target == TRAPPED),
        np.where(np.isfinite(story.relieved_h), story.entered, stay.enter),
        np.where(first, row, story.relieved),
        story.met,
        np.where(own_h > 0, np.minimum(begin, story.own_from_h), story.own_from_h),
        story.own_h + own_h,
        story.lapsed_h + _lapsed_h(log, facts, needs, stay, here, story._replace(relieved_h=relieved_h)) / here.persons,
        story.owed | (stay.place >= 0),
        story.number,
    )


def _by_class(needs: tuple[int, ...]) -> list[tuple[int, int]]:
    """Columns and needs in the order in which they begin to apply: always, after deep water, after deeper."""
    order = {CLOTHING: 1, SHELTER: 2}
    return sorted(enumerate(needs), key=lambda pair: order.get(pair[1], 0))


def _lapsed_h(
    log: EventLog, facts: Facts, needs: tuple[int, ...], stay: _Stay, here: Groups, story: _Story
) -> NDArray[np.float64]:
    """Person-hours of a stay after relief without some need that applies; clothing is a person's own once he has it."""
    end_h = np.append(log.time_h, facts.duration_h)
    answer = np.zeros(len(stay.place))
    which = np.flatnonzero((stay.place >= 0) & (story.relieved_h < end_h[stay.leave]))
    place, persons, number = stay.place[which], here.persons[which], story.number[which]
    own = own_stock(log, facts)
    start = np.maximum(end_h[stay.enter[which]], story.relieved_h[which])
    # Own stock that lasts is no lack, even after relief.
    start = np.where(start >= own.start_h[place], np.maximum(start, own.end_h[place]), start)
    end = np.maximum(end_h[stay.leave[which]], start)
    bare, clad = start, start
    if CLOTHING in needs:
        met_h = end_h[story.met[which, needs.index(CLOTHING)]]
        bare = np.clip(end_h[applies_from(log, facts, CLOTHING)[place]], start, end)
        clad = np.clip(met_h, bare, end)
    step = steps(log, facts, needs)
    answer[which] = (clad - bare) * persons
    for low, high in ((start, bare), (clad, end)):
        answer[which] += unprovided_h(step, place, number, persons, low, high)
    return answer


def _ended(log: EventLog, facts: Facts, groups: Groups, story: _Story) -> Affected:
    """The affected among groups that stay where they are to the end."""
    move = moves(log, facts)
    dead = move.target[groups.move] == DEAD
    relieved_h = np.where(dead, NEVER, story.relieved_h)
    everyone = Affected(
        move.village[groups.move],
        np.where(dead, -1, story.site),
        story.affected_h,
        relieved_h,
        groups.persons,
        story.trapped,
        dead,
        story.entered,
        story.relieved,
        story.met,
        story.own_from_h,
        story.own_h,
        # Own stock from the first hour to the end: nothing was ever needed, so neither a success nor a failure is
        # counted.
        ~dead & np.isinf(relieved_h) & (story.affected_h + story.own_h >= facts.duration_h - _BRIEF_H),
        (move.target[groups.move] == LODGED) & ~story.owed,
        story.lapsed_h * groups.persons,
    )
    return pick(everyone, np.isfinite(story.affected_h))


def waited_h(
    log: EventLog, facts: Facts, people: Affected, clock: str = "village_impact", level: LevelOfResponse | None = None
) -> NDArray[np.float64]:
    """Hours from the start of the clock to the relief of each group; infinite for never, 0 for relief before it.

    The clock starts, by setting: `scenario_onset` at time 0; `village_impact` when the hazard reaches the village or,
    for those who left before, when they left home; `report` when command first has a report of the village; `need` as
    `village_impact`. By the last two, the people of a village that was never reported have waited for ever. By `level`
    it starts as by `village_impact`, but not before the response `level`, or a higher one, is in force. The clock
    stands while people live on their own stock. Raises ValueError for another clock.
    """
    since = _since_h(log, facts, people, clock, people.relieved_h, level)
    # By these clocks whoever was never reported has failed, also where he was relieved by chance: nobody kept the
    # promise.
    if clock in ("report", "need"):
        since = np.where(np.isfinite(_reported_h(log, facts, people)), since, NEVER)
    return since


def _since_h(
    log: EventLog, facts: Facts, people: Affected, clock: str, end_h: NDArray[np.float64],
    level: LevelOfResponse | None = None,
) -> NDArray[np.float64]:  # fmt: skip
    """Hours for which the clock of each group has run at some moment."""
    start = clock_start_h(log, facts, people, clock, level)
    since: NDArray[np.float64] = np.maximum(end_h - start - stood_h(people, start), 0.0)
    return since


def _reported_h(log: EventLog, facts: Facts, people: Affected) -> NDArray[np.float64]:
    """When command first had a report of the village of each group; infinite for never."""
    times: NDArray[np.float64] = first_report_h(log, facts)[people.village]
    return times


def stood_h(people: Affected, start_h: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hours for which the clock of each group stood while they lived on their own stock, shape (G,).

    Args:
        people: the groups.
        start_h: when the clock of each started, hours since the start of the scenario, shape (G,).
    """
    begun = np.maximum(np.where(people.own_h > 0, people.own_from_h, 0.0), start_h)
    end = np.where(people.own_h > 0, people.own_from_h + people.own_h, 0.0)
    stood: NDArray[np.float64] = np.maximum(end - begun, 0.0)
    return stood


def clock_start_h(
    log: EventLog, facts: Facts, people: Affected, clock: str = "village_impact", level: LevelOfResponse | None = None
) -> NDArray[np.float64]:
    """When the clock of each group starts, hours since the start of the scenario, shape (G,); see `waited_h`.

    By the clock `report` that of a village never reported starts as by `village_impact`: all its hours are seen.

    Raises:
        ValueError: for a clock that is none of `CLOCKS`.
    """
    if clock not in CLOCKS:
        raise ValueError(f"clock {clock!r} is none of {', '.join(CLOCKS)}")
    if clock == "scenario_onset":
        return np.zeros(len(people.village))
    start: NDArray[np.float64] = np.minimum(impact_h(log, facts)[people.village], people.affected_h)
    if clock == "report":
        reported = _reported_h(log, facts, people)
        # Without a report the hours still have to start somewhere, to be seen as late person-hours.
        start = np.where(np.isfinite(reported), reported, start)
    since_h = in_force_h(log, level) if level else NEVER
    return np.maximum(start, since_h) if since_h < NEVER else start  # never in force: it concerns nobody


def counted(log: EventLog, facts: Facts, people: Affected, who: str = "affected") -> NDArray[np.bool_]:
    """Which groups count, shape (G,).

    `affected` all, `trapped` those ever trapped, `isolated` those of villages ever cut off.

    Who has lived on his own stock from the first moment to the end, or came out and went straight to relatives, friends
    or a hotel, is in none of them: the public owes him nothing.

    Raises:
        ValueError: for another `who`.
    """
    if who == "affected":
        return people.owed
    if who == "trapped":
        return people.trapped & people.owed
    if who == "isolated":
        return np.isfinite(village_times(log, facts, EventKind.ISOLATED))[people.village] & people.owed
    raise ValueError(f"who {who!r} is none of affected, trapped, isolated")


def concerned(log: EventLog, people: Affected, level: LevelOfResponse | None) -> NDArray[np.bool_]:
    """Whom a clause concerns that counts from a response level, shape (G,); all where it counts from something else.

    Nobody where neither the level nor a higher one was ever in force, nor who was relieved before it was.

    Args:
        log: the event log.
        people: the groups.
        level: the response level; None: none.
    """
    since_h = in_force_h(log, level) if level else -np.inf
    among: NDArray[np.bool_] = (people.relieved_h >= since_h) & bool(since_h < NEVER)
    return among


def share_relieved(
    log: EventLog,
    facts: Facts,
    limit_h: float,
    clock: str = "village_impact",
    needs: tuple[int, ...] | None = None,
    who: str = "affected",
    level: LevelOfResponse | None = None,
) -> float:
    """Share of the affected people whose relief came within the limit.

    Args:
        log: the event log.
        facts: its fixed side.
        limit_h: hours from the start of each person's clock.
        clock: one of `CLOCKS`.
        needs: indexes of `places.NEEDS` that must be met; None: those that the scenario tracks.
        who: "affected", "trapped" (ever) or "isolated" (of villages ever cut off).
        level: the response level of the clock `level`.

    Returns:
        The share by persons, 0..1; nan where nobody counts. The never relieved and the dead have failed.
    """
    return share_within(relief_cases(log, facts, clock, needs, who, level), limit_h)


@remembered
def relief_cases(
    log: EventLog,
    facts: Facts,
    clock: str = "village_impact",
    needs: tuple[int, ...] | None = None,
    who: str = "affected",
    level: LevelOfResponse | None = None,
) -> Cases:
    """Those who count, with the hours until they were relieved, at their villages; arguments as of `share_relieved`."""
    people = affected(log, facts, needs)
    among = counted(log, facts, people, who) & concerned(log, people, level)
    wait = waited_h(log, facts, people, clock, level)
    return Cases(facts.villages[people.village[among]].astype(np.int64), people.persons[among], wait[among])


def relief_quantile_h(log: EventLog, facts: Facts, q: float, clock: str = "village_impact") -> float:
    """Person-weighted quantile of the time to relief, hours.

    Args:
        log: the event log.
        facts: its fixed side.
        q: 0..1; 1 is the last person.
        clock: one of `CLOCKS`.

    Returns:
        The smallest wait that at least the share q of the people have had, or stayed below (an order statistic);
        infinite where those were never relieved, nan where nobody was affected.
    """
    cases = relief_cases(log, facts, clock)
    return quantile(cases.took, q, cases.number)


def waiting(log: EventLog, facts: Facts) -> Affected:
    """The affected people who count: all but those who needed nothing from the public."""
    people = affected(log, facts)
    return pick(people, people.owed)


def share_relieved_curve(
    log: EventLog, facts: Facts, grid_h: NDArray[np.float64], clock: str = "village_impact"
) -> NDArray[np.float64]:
    """Share of the affected people relieved within each of some numbers of hours on the clock.

    An empirical distribution.

    Args:
        log: the event log.
        facts: its fixed side.
        grid_h: hours on the clock, in any order.
        clock: one of `CLOCKS`.

    Returns:
        Shares 0..1 in the shape of `grid_h`; nan where nobody was affected.
    """
    people = waiting(log, facts)
    wait = waited_h(log, facts, people, clock)
    order = np.argsort(wait, kind="stable")
    total = np.concatenate(([0.0], np.cumsum(people.persons[order])))
    within = total[np.searchsorted(wait[order], grid_h + SAME_H, side="right")]
    return within / total[-1] if total[-1] > 0 else np.full(len(grid_h), np.nan)


def late_person_h(log: EventLog, facts: Facts, limit_h: float, clock: str = "village_impact") -> NDArray[np.float64]:
    """Person-hours of waiting beyond a limit in each village, shape (V,).

    The never relieved and the dead wait to the end of the scenario. `limit_h`: hours; `clock`: one of `CLOCKS`.
    """
    people = waiting(log, facts)
    wait = waited_h(log, facts, people, clock)
    # The never relieved wait to the end and no longer: an infinite sum would hide how many they are.
    to_end = _since_h(log, facts, people, clock, np.full(len(wait), facts.duration_h))
    late = np.maximum(np.minimum(wait, to_end) - limit_h, 0.0)
    return add_up(people.village, people.persons * late, len(facts.villages))


def lapsed_person_h(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Person-hours at places, after relief, without some tracked need that applies there, by village, shape (V,).

    Relief is judged by its first moment; this tells what became of it where no second delivery came.
    """
    people = affected(log, facts)
    return add_up(people.village, people.lapsed_h, len(facts.villages))


# ---- what clauses can name


class ReliefClock(LevelClock):
    """Settings of a time to relief."""

    clock: Literal["village_impact", "scenario_onset", "report", "need", "level"] = "village_impact"
    """When a person's time starts: when the hazard reached the village (or the person, if sooner), with the scenario,
    with the first report of the village to command, (`need`) as `village_impact` but only where it was reported, or
    (`level`) as `village_impact`, or when a response level came into force where that is later."""


class Relieved(ReliefClock, Within):
    """Settings of the share of people relieved in time."""

    needs: tuple[Need, ...] | None = None
    """Needs that must be met; by default those that the scenario tracks."""
    who: Literal["affected", "trapped", "isolated"] = "affected"
    """People counted: all who were affected, who were ever trapped, or those of villages ever cut off."""


def _cases_relieved(log: EventLog, facts: Facts, settings: Relieved) -> Cases:
    needs = tuple(sorted(NEEDS.index(need) for need in settings.needs)) if settings.needs else None
    return relief_cases(log, facts, settings.clock, needs, settings.who, settings.level)


def _relieved(log: EventLog, facts: Facts, settings: Relieved) -> float:
    return share_within(_cases_relieved(log, facts, settings), settings.limit_h)


def _cases_waiting(log: EventLog, facts: Facts, settings: ReliefClock) -> Cases:
    return relief_cases(log, facts, settings.clock, None, "affected", settings.level)


def _last(log: EventLog, facts: Facts, settings: ReliefClock) -> float:
    return slowest(_cases_waiting(log, facts, settings))


MEASURES = (
    Measure(
        "share_relieved", bilingual("affected people who got basic relief in time"),
        "share", Relieved, _relieved, explained="relief", bounded="relief", counts="persons", of_cases=_cases_relieved,
    ),
    Measure(
        "relief_last_h", bilingual("wait of the last affected person for basic relief"),
        "h", ReliefClock, _last, explained="relief", counts="persons", of_cases=_cases_waiting,
    ),
)  # fmt: skip
