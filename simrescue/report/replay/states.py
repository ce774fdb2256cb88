"""How things stand at each time, as steps: villages, roads, water, stocks, shelters, the tasks of responders."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.metrics.people import village_news, whereabouts
from simrescue.metrics.people.silence import CUTS
from simrescue.network.closures import CAUSES, CLOSING
from simrescue.wording import Words, bilingual

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simrescue.events import EventLog
    from simrescue.metrics.facts import Facts

Floats = NDArray[np.float64]

WHAT = (
    "state", "depth", "road", "inside", "stock", "task", "fire", "state_command", "state_township", "road_command",
    "cuts", "cuts_command", "cuts_township",
)  # fmt: skip
"""What a step is about: state of a village, water at a place, state of a road, people in a shelter, stock left of a
depot (share of the most it had), task of a responder (-1: none), flames (2) or smoke (1) at a place; then the state
of a village as command, and the townships, know it (one step for each word), whether command knows a road shut, and
which of `CUTS` a village is without (one bit each, the first the lowest), as it is and by its last word."""
VIEWS = ("command", "township")
"""Whose picture the map can show besides what is true."""
VILLAGE_STATES = ("quiet", "warned", "left", "waiting", "trapped", "relieved", "flames")
QUIET, WARNED, LEFT, WAITING, TRAPPED, RELIEVED, FLAMES = range(len(VILLAGE_STATES))
"""Of a village; of several that are true the gravest is shown: flames, trapped, waiting, relieved, left, warned."""
SILENT = len(VILLAGE_STATES)
"""Of a village as a post knows it: no word for so long that it is missed."""
FEW = 0.05
"""A village has been left when at most this share of its people is still there."""
OPEN, KNOWN_CLOSED, BY_CAUSE = range(3)
"""Of a road: passable; closed, and command knows; from here on: closed by the cause of that place in `CAUSES`."""


class StateSteps(NamedTuple):
    """What changed, in order of time; all arrays have one entry a change."""

    time_h: Floats
    what: NDArray[np.int64]
    """Index into `WHAT`."""
    thing: NDArray[np.int64]
    value: Floats


Row = tuple[float, int, int, float]


def steps(log: EventLog, facts: Facts, silence_h: float = math.inf) -> StateSteps:
    """All changes of a log that a map shows. `silence_h`: hours after which the word of a silent place is missed."""
    parts: list[Row] = [*_depths(log), *_roads(log), *_inside(log), *_stocks(log), *_tasks(log), *_fires(log)]
    villages = _villages(log, facts)
    cuts = _cuts(log, facts)
    parts += [*villages, *cuts]
    if village_news.has_views(log, facts):
        parts += _known_roads(log)
        for post in VIEWS:
            told = _known(log, facts, villages, post, WHAT.index(f"state_{post}"))
            missed = _missed(log, facts, silence_h) if told else []
            parts += [*told, *((time_h, WHAT.index(f"state_{post}"), place, float(SILENT)) for time_h, place in missed)]
            if cuts:
                parts += _known(log, facts, cuts, post, WHAT.index(f"cuts_{post}"))
    parts.sort(key=lambda row: row[0])
    table = np.array(parts, dtype=float).reshape(-1, 4)
    return StateSteps(table[:, 0], table[:, 1].astype(np.int64), table[:, 2].astype(np.int64), table[:, 3])


def _of(log: EventLog, *kinds: Kind) -> Iterable[tuple[int, float, int, int, int]]:
    rows = log.where(*kinds)
    columns = (log.kind, log.time_h, log.subject, log.place, log.item)
    return zip(*(column[rows].tolist() for column in columns), strict=True)


def _depths(log: EventLog) -> list[Row]:
    rows = log.where(Kind.WATER_ARRIVES, Kind.WATER_RISES, Kind.WATER_DEEPENS, Kind.WATER_FALLS, Kind.WATER_LEAVES)
    depth = np.where(log.kind[rows] == Kind.WATER_LEAVES.value, 0.0, log.amount[rows])
    columns = zip(log.time_h[rows].tolist(), log.place[rows].tolist(), depth.tolist(), strict=True)
    return [(time_h, WHAT.index("depth"), place, depth_m) for time_h, place, depth_m in columns]


def _roads(log: EventLog) -> list[Row]:
    """What nobody at all gets through, then what command knows, then the first other cause that closes a road."""
    causes, known, found = dict[int, set[int]](), set[int](), list[Row]()
    number = {cause: i for i, cause in enumerate(CAUSES)}
    impassable = {number[cause.name] for cause in CAUSES.values() if not cause.open_to}
    for kind, time_h, subject, place, item in _of(log, *CLOSING, Kind.ROAD_KNOWN_CLOSED, Kind.ROAD_KNOWN_OPEN):
        if (event := Kind(kind)) in CLOSING:
            road, (cause, closes) = subject, CLOSING[event]
            here = causes.setdefault(road, set())
            (here.add if closes else here.discard)(number[cause] if cause else item)
        else:
            road = place
            (known.add if event is Kind.ROAD_KNOWN_CLOSED else known.discard)(road)
        here = causes.get(road, set())
        state = KNOWN_CLOSED if road in known else BY_CAUSE + min(here) if here else OPEN
        if worst := here & impassable:
            state = BY_CAUSE + min(worst)
        found.append((time_h, WHAT.index("road"), road, float(state)))
    return found


def road_looks() -> list[tuple[Words, str]]:
    """Words and colour of a road by its state: open, closed and known, closed by each of `CAUSES`."""
    looks = [(bilingual("open"), "#c4c4be"), (bilingual("closed, known"), "#8a2f2f")]
    for cause in CAUSES.values():
        unknown = bilingual("{cause}, not yet known", cause=cause.words)
        looks.append((unknown if cause.open_to else cause.words, cause.colour))
    return looks


def _inside(log: EventLog) -> list[Row]:
    """People in each shelter: who enters it, less who is sent on, finds another roof or goes home."""
    inside, found = dict[int, float](), list[Row]()
    for row in log.where(Kind.ARRIVE_SHELTER, Kind.LEAVE, Kind.LODGES, Kind.RETURN_HOME).tolist():
        entered = log.kind[row] == Kind.ARRIVE_SHELTER.value
        leaves = log.kind[row] == Kind.LEAVE.value
        from_inside = 0 if log.kind[row] == Kind.RETURN_HOME.value else 2
        if not entered and (log.item[row] != from_inside or (leaves and log.cause[row] < 0)):
            continue
        shelter = int(log.place[log.cause[row]] if leaves else log.place[row])
        change = float(log.persons[row]) * (1 if entered else -1)
        inside[shelter] = max(0.0, inside.get(shelter, 0.0) + change)
        found.append((float(log.time_h[row]), WHAT.index("inside"), shelter, inside[shelter]))
    return found


def _stocks(log: EventLog) -> list[Row]:
    """Stock left of a depot: the mean over its goods of the share of the most that it had of each."""
    rows = log.where(Kind.STOCKED, Kind.LOADED, Kind.FETCHED, Kind.DELIVERS)
    held, most, found = dict[int, dict[int, float]](), dict[int, dict[int, float]](), list[Row]()
    for row in rows.tolist():
        place, item, kind = int(log.place[row]), int(log.item[row]), log.kind[row]
        if kind == Kind.DELIVERS.value and place not in held:
            continue
        goods, peak = held.setdefault(place, {}), most.setdefault(place, {})
        taken = kind in (Kind.LOADED.value, Kind.FETCHED.value)
        goods[item] = max(0.0, goods.get(item, 0.0) + float(log.amount[row]) * (-1 if taken else 1))
        peak[item] = max(peak.get(item, 0.0), goods[item])
        shares = [goods[one] / peak[one] for one in goods if peak[one] > 0]
        found.append((float(log.time_h[row]), WHAT.index("stock"), place, sum(shares) / len(shares) if shares else 0.0))
    return found


def _tasks(log: EventLog) -> list[Row]:
    rows = _of(log, Kind.ASSIGNED, Kind.FREE)
    return [
        (time_h, WHAT.index("task"), subject, float(item if kind == Kind.ASSIGNED else -1))
        for kind, time_h, subject, _, item in rows
    ]


def _fires(log: EventLog) -> list[Row]:
    smoke, flames, found = set[int](), set[int](), list[Row]()
    kinds = (Kind.FIRE_ARRIVES, Kind.FIRE_LEAVES, Kind.SMOKE_ARRIVES, Kind.SMOKE_LEAVES)
    for kind, time_h, subject, _, _ in _of(log, *kinds):
        which = flames if kind in (Kind.FIRE_ARRIVES, Kind.FIRE_LEAVES) else smoke
        (which.add if kind in (Kind.FIRE_ARRIVES, Kind.SMOKE_ARRIVES) else which.discard)(subject)
        found.append((time_h, WHAT.index("fire"), subject, 2.0 if subject in flames else float(subject in smoke)))
    return found


def _cuts(log: EventLog, facts: Facts) -> list[Row]:
    """What each village is without of road, power and network; nothing where none ever loses power or network."""
    if not len(log.where(Kind.POWER_LOST, Kind.NETWORK_LOST)):
        return []
    cut, found = defaultdict[int, int](int), list[Row]()
    bit = {kind: (1 << i, kind is begins) for i, (begins, ends) in enumerate(CUTS) for kind in (begins, ends)}
    for kind, time_h, subject, _, _ in _of(log, *bit):
        if facts.row_of[subject] >= 0:
            which, is_lost = bit[Kind(kind)]
            cut[subject] = cut[subject] | which if is_lost else cut[subject] & ~which
            found.append((time_h, WHAT.index("cuts"), subject, float(cut[subject])))
    return found


# ---- what posts know


def _known_roads(log: EventLog) -> list[Row]:
    rows = log.where(Kind.ROAD_KNOWN_CLOSED, Kind.ROAD_KNOWN_OPEN)
    columns = zip(log.time_h[rows].tolist(), log.place[rows].tolist(), log.kind[rows].tolist(), strict=True)
    closed = Kind.ROAD_KNOWN_CLOSED.value
    return [(time_h, WHAT.index("road_command"), road, float(kind == closed)) for time_h, road, kind in columns]


def _known(log: EventLog, facts: Facts, changes: list[Row], post: str, what: int) -> list[Row]:
    """At each word of a village that comes to a post how it stood then.

    Args:
        log: the event log.
        facts: its fixed side.
        changes: of what is true of villages; 0 before the first.
        post: of `VIEWS`.
        what: index into `WHAT` of what the post knows by it.
    """
    rows = village_news.word_of_villages(log, facts, post)
    true = defaultdict[int, list[tuple[float, float]]](lambda: [(-1.0, 0.0)])
    for time_h, _, village, value in sorted(changes, key=lambda row: row[0]):
        true[village].append((time_h, value))
    told = zip(log.time_h[rows].tolist(), village_news.village_of(log, rows).tolist(), strict=True)
    return [
        (time_h, what, village, true[village][bisect_right(true[village], (time_h, math.inf)) - 1][1])
        for time_h, village in told
    ]


def _missed(log: EventLog, facts: Facts, silence_h: float) -> list[tuple[float, int]]:
    """When and of which village word is missed: silent for so long."""
    since, missed = dict[int, float](), list[tuple[float, int]]()
    rows = log.where(Kind.CONTACT_LOST, Kind.CONTACT_RESTORED)
    columns = zip(log.kind[rows].tolist(), log.time_h[rows].tolist(), log.subject[rows].tolist(), strict=True)
    ends = [(Kind.CONTACT_RESTORED.value, facts.duration_h, place) for place in np.unique(log.subject[rows]).tolist()]
    for kind, time_h, place in [*columns, *ends]:
        if kind == Kind.CONTACT_LOST.value:
            since[place] = time_h
        elif (lost_h := since.pop(place, None)) is not None and time_h - lost_h > silence_h:
            missed.append((lost_h + silence_h, place))
    return [(time_h, place) for time_h, place in missed if facts.row_of[place] >= 0]


# ---- villages


def _villages(log: EventLog, facts: Facts) -> list[Row]:
    """A new state of a village at each row that can change it."""
    count = len(facts.villages)
    persons = np.zeros((count, len(whereabouts.PERSON_STATES)))
    marks = np.zeros((count, 3), dtype=bool)
    """Warned, cut off, in flames."""
    served = np.zeros(count)
    """Persons who last had all that they needed there at once."""
    switch = {
        Kind.ORDERED: (0, True), Kind.CALLED_OUT: (0, True), Kind.WARNED: (0, True), Kind.ISOLATED: (1, True),
        Kind.REACHABLE: (1, False), Kind.FIRE_ARRIVES: (2, True), Kind.FIRE_LEAVES: (2, False),
    }  # fmt: skip
    moves = whereabouts.moves(log, facts)
    moved = {row: i for i, row in enumerate(moves.row.tolist())}
    rows = np.union1d(moves.row, log.where(Kind.RELIEVED, Kind.LAPSES, *switch))
    last, found = np.full(count, QUIET), list[Row]()
    for row in rows.tolist():
        village = int(moves.village[moved[row]]) if row in moved else int(facts.row_of[log.place[row]])
        if village < 0:
            continue
        if row in moved:
            _move(persons[village], moves, moved[row])
        if (change := switch.get(Kind(int(log.kind[row])))) is not None:
            marks[village, change[0]] = change[1]
        if log.kind[row] in (Kind.RELIEVED.value, Kind.LAPSES.value):
            served[village] = log.persons[row] if log.kind[row] == Kind.RELIEVED.value else 0.0
        relieved = 0 < served[village] >= persons[village, whereabouts.STRANDED]  # who comes later may still wait
        state = _state(persons[village], marks[village], bool(relieved), facts.population[village])
        if state != last[village]:
            last[village] = state
            found.append((float(log.time_h[row]), WHAT.index("state"), int(facts.villages[village]), float(state)))
    return found


def _move(persons: Floats, moves: whereabouts.Moves, move: int) -> None:
    if moves.source[move] != whereabouts.NOWHERE:
        persons[moves.source[move]] -= moves.persons[move]
    persons[moves.target[move]] += moves.persons[move]


def _state(persons: Floats, marks: NDArray[np.bool_], relieved: bool, population: float) -> int:
    warned, cut_off, flames = marks.tolist()
    there = persons[whereabouts.HOME] + persons[whereabouts.STRANDED] + persons[whereabouts.TRAPPED]
    if flames:
        return FLAMES
    if persons[whereabouts.TRAPPED] > 0.5:
        return TRAPPED
    if there > FEW * population and (persons[whereabouts.STRANDED] > 0.5 or cut_off):
        return RELIEVED if relieved else WAITING
    if there <= FEW * population:
        return LEFT
    return WARNED if warned else QUIET
