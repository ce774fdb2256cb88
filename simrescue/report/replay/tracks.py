"""Where each responder was at each time: its legs by road, air and on foot, found again from the log.

The log tells when a leg began, when the driver turned round and at which road, and when he arrived; not the roads
between. They are the shortest way by what command knew closed at that time (the rows ROAD_KNOWN_CLOSED and
ROAD_KNOWN_OPEN) and the driver had met himself: the rule by which drivers choose in the simulation. Along the way the
leg's true duration is shared out by dry travel time. Crews that move by road drive like trucks; aircraft fly
straight. Crews on a fire line stand at the cells that they closed last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.kinds import kind_named
from simrescue.network.closures import DAMAGE, WATER
from simrescue.network.road_network import Network
from simrescue.network.routing import Router
from simrescue.parameters import Parameters, stored

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from simrescue.events import EventLog

WITHDRAWN_FOR_DANGER, NOTHING_TO_DO = 0, 3
_READ = (
    Kind.SETS_OFF, Kind.TURNS_ROUND, Kind.ARRIVES, Kind.GIVES_UP, Kind.ROAD_KNOWN_CLOSED, Kind.ROAD_KNOWN_OPEN,
    Kind.TAKES_POST, Kind.WALKS_IN, Kind.LINE, Kind.WITHDRAWS, Kind.FREE, Kind.OVERRUN,
)  # fmt: skip
Points = tuple[int, ...]


class Tracks(NamedTuple):
    """Legs of all responders in the order in which they end, and the ways that they go along."""

    who: NDArray[np.int64]
    """Thing index, shape (legs,)."""
    from_h: NDArray[np.float64]
    to_h: NDArray[np.float64]
    way: NDArray[np.int64]
    """Number of the way, shape (legs,); a way can serve many legs."""
    first: NDArray[np.int64]
    """Where each way begins in `point`, shape (ways + 1,)."""
    point: NDArray[np.int64]
    """Points of the ways: a place index, or number of places + number of an extra point."""
    part: NDArray[np.float64]
    """Share of the leg's time that has passed at each point, 0 to 1, shape of `point`."""
    extra: NDArray[np.float64]
    """Longitude and latitude of the extra points, shape (extra, 2)."""


@dataclass
class _Walk:
    """A leg under way."""

    from_h: float
    start: int
    goal: int
    links: tuple[int, ...] | None


@dataclass
class _State:
    """All that moves while the log is read."""

    network: Network
    router: Router
    dry: Router
    first_road: int
    places: int
    here: dict[int, int]
    vehicle: dict[int, str]
    grid: dict[str, float] | None
    walks: dict[int, _Walk] = field(default_factory=dict)
    seen: dict[int, set[int]] = field(default_factory=dict)
    on_line: dict[int, tuple[float, int]] = field(default_factory=dict)
    legs: list[tuple[int, float, float, int]] = field(default_factory=list)
    ways: dict[Points, int] = field(default_factory=dict)
    parts: list[tuple[float, ...]] = field(default_factory=list)
    cells: dict[int, int] = field(default_factory=dict)


def tracks(log: EventLog, things: pd.DataFrame, roads: pd.DataFrame, scenario: Mapping[str, Any]) -> Tracks:
    """The legs of all responders in a log. `scenario`: as the manifest has it."""
    grid: dict[str, float] | None = scenario.get("landscape")
    state = _start(log, things, roads, scenario["settings"], grid)
    ahead = _stops(log) | (_drops(log) if grid else {})
    rows = log.where(*_READ)
    columns = zip(
        *(column[rows].tolist() for column in (log.time_h, log.kind, log.subject, log.place, log.amount)), strict=True
    )
    for row, (time_h, kind, who, place, amount) in zip(rows.tolist(), columns, strict=True):
        if kind in (Kind.ROAD_KNOWN_CLOSED, Kind.ROAD_KNOWN_OPEN):
            _news(state, place - state.first_road, amount, closed=kind == Kind.ROAD_KNOWN_CLOSED)
        elif who in state.here:
            _DO[Kind(kind)](state, who, time_h, place, ahead.get(row, int(amount) if amount == amount else 0))
    return _packed(state)


def places_of(things: pd.DataFrame) -> int:
    """Number of places: the things before the first road, responder or command."""
    kinds = things["kind"].tolist()
    return next(i for i, kind in enumerate(kinds) if kind_named(kind).role != "place")


def _start(
    log: EventLog,
    things: pd.DataFrame,
    roads: pd.DataFrame,
    settings: Mapping[str, Any],
    grid: dict[str, float] | None,
) -> _State:
    kinds = things["kind"].tolist()
    first_road = int(roads["index"].iloc[0]) if len(roads) else len(kinds)
    places = places_of(things)
    parameters, walk_kmh = stored(settings), float(settings["evacuation"]["walk_kmh"])
    length_km = roads["length_km"].to_numpy(float)
    speeds = _speeds(roads, length_km, walk_kmh, parameters)
    back = _speeds(roads, length_km, walk_kmh, parameters, "truck_back_h") if "truck_back_h" in roads else None
    if back is not None:
        del back["foot"]
    network = Network(places, roads["from"], roads["to"], length_km, speeds, parameters, speed_back_kmh=back)
    stands = log.where(Kind.STANDS)
    here = dict(zip(log.subject[stands].tolist(), log.place[stands].tolist(), strict=True))
    vehicle = {who: kind_named(kinds[who]).vehicle for who in here}
    return _State(network, Router(network), Router(network), first_road, places, here, vehicle, grid)


def _speeds(
    roads: pd.DataFrame, length_km: NDArray[np.float64], walk_kmh: float, parameters: Parameters, of: str = "truck_h"
) -> dict[str, NDArray[np.float64]]:
    """Speeds by profile: stored where roads have speeds of their own (`of`: which way), else by class."""
    if of in roads:
        truck = length_km / roads[of].to_numpy(float)
    else:
        truck = np.array([parameters.speed_kmh(kind) for kind in roads["kind"]])
    return {"truck": truck, "car": truck, "two_wheeler": truck, "foot": np.full(len(roads), walk_kmh)}


def _drops(log: EventLog) -> dict[int, int]:
    """Row of a flight to a fire -> the cell that its drop wets, as an amount: where the aircraft really goes."""
    found, under_way = dict[int, int](), dict[int, int]()
    for row in log.where(Kind.SETS_OFF, Kind.WETS, Kind.FILLS, Kind.FREE).tolist():
        who, kind = int(log.subject[row]), log.kind[row]
        if kind == Kind.SETS_OFF:
            under_way[who] = row
        elif kind == Kind.WETS and who in under_way:
            found[under_way.pop(who)] = -1 - int(log.amount[row])
        else:
            under_way.pop(who, None)
    return found


def _stops(log: EventLog) -> dict[int, int]:
    """Row of a turn before giving up -> where the crew stands then (by the row that sets it free), as an amount."""
    found, turned, given_up = dict[int, int](), dict[int, int](), dict[int, int]()
    for row in log.where(Kind.TURNS_ROUND, Kind.GIVES_UP, Kind.FREE, Kind.SETS_OFF).tolist():
        who, kind = int(log.subject[row]), log.kind[row]
        if kind == Kind.TURNS_ROUND:
            turned[who] = row
        elif kind == Kind.GIVES_UP and who in turned:
            given_up[who] = turned.pop(who)
        elif kind == Kind.FREE and who in given_up:
            found[given_up.pop(who)] = -1 - int(log.place[row])
        else:
            turned.pop(who, None)
            given_up.pop(who, None)
    return found


def _news(state: _State, link: int, depth_m: float, *, closed: bool) -> None:
    """Command learns of a road; a closed one that is not deep is damaged or burning."""
    was = state.router.is_closed("truck", link)
    state.router.learn(link, {WATER: depth_m} if depth_m else {})
    if closed and not state.router.is_closed("truck", link):
        state.router.learn(link, {WATER: depth_m, DAMAGE: 1.0})
    if was and not closed:
        for seen in state.seen.values():
            seen.discard(link)


# ---- rows


def _sets_off(state: _State, who: int, time_h: float, place: int, amount: int) -> None:
    _leave_line(state, who, time_h, time_h)
    goal = _cell(state, -1 - amount) if amount < 0 and state.grid else place
    state.walks[who] = _Walk(time_h, state.here[who], goal, _way(state, who, state.here[who], goal))


def _turns_round(state: _State, who: int, time_h: float, place: int, amount: int) -> None:
    walk, link = state.walks.get(who), place - state.first_road
    if walk is None:
        return
    state.seen.setdefault(who, set()).add(link)
    if amount < 0 or walk.links is None or link not in walk.links:
        near = min(state.network.ends[link], key=lambda node: state.dry.hours("truck", walk.start, node))
        stop = -1 - amount if amount < 0 else near
        walk.links = _way(state, who, walk.start, stop)
    else:
        walk.links = walk.links[: walk.links.index(link)]
        stop = state.network.nodes_along(walk.start, walk.links)[-1]
    _end(state, who, time_h, stop)
    state.walks[who] = _Walk(time_h, stop, walk.goal, _way(state, who, stop, walk.goal))


def _arrives(state: _State, who: int, time_h: float, place: int, _: int) -> None:
    walk = state.walks.get(who)
    if walk is not None:
        _end(state, who, time_h, walk.goal if walk.goal >= state.places else place)


def _gives_up(state: _State, who: int, _: float, __: int, ___: int) -> None:
    state.walks.pop(who, None)


def _walks_in(state: _State, who: int, time_h: float, _: int, __: int) -> None:
    state.on_line[who] = (time_h, state.here[who])


def _line(state: _State, who: int, time_h: float, _: int, cell: int) -> None:
    """A cell closed: the crew has come there since the cell before."""
    if not state.grid:
        return
    since, at = state.on_line.get(who, (time_h, state.here[who]))
    goal = _cell(state, cell)
    _add(state, who, since, time_h, (at, goal), (0.0, 1.0))
    state.on_line[who] = (time_h, goal)


def _withdraws(state: _State, who: int, time_h: float, _: int, __: int) -> None:
    if who in state.on_line:
        state.on_line[who] = (time_h, state.on_line[who][1])


def _free(state: _State, who: int, time_h: float, _: int, __: int) -> None:
    since = state.on_line.get(who, (time_h, 0))[0]
    _leave_line(state, who, since, time_h)


def _overrun(state: _State, who: int, _: float, __: int, ___: int) -> None:
    state.on_line.pop(who, None)


_DO = {
    Kind.SETS_OFF: _sets_off, Kind.TURNS_ROUND: _turns_round, Kind.ARRIVES: _arrives, Kind.GIVES_UP: _gives_up,
    Kind.WALKS_IN: _walks_in, Kind.LINE: _line, Kind.WITHDRAWS: _withdraws, Kind.FREE: _free,
    Kind.OVERRUN: _overrun, Kind.TAKES_POST: _gives_up,
}  # fmt: skip


# ---- ways


def _way(state: _State, who: int, start: int, goal: int) -> tuple[int, ...] | None:
    """Links of the way that the responder takes by what is known; None: straight over."""
    vehicle = state.vehicle[who]
    if not vehicle or max(start, goal) >= state.places:
        return None
    path = state.router.path(vehicle, start, goal, frozenset(state.seen.get(who, ())))
    return path if path is not None else state.dry.path(vehicle, start, goal)


def _end(state: _State, who: int, time_h: float, stop: int) -> None:
    walk = state.walks.pop(who)
    state.here[who] = stop
    if not walk.links:
        _add(state, who, walk.from_h, time_h, (walk.start, stop), (0.0, 1.0))
        return
    points = tuple(state.network.nodes_along(walk.start, walk.links))
    # Of a way on foot against a one-way road a lorry has no hours: any will do, they only share out the time.
    hours = state.network.profiles["truck"].hours_along(walk.start, walk.links)
    hours = [own_h if np.isfinite(own_h) else 1e-9 for own_h in hours]
    ends = np.concatenate(([0.0], np.cumsum([max(own_h, 1e-9) for own_h in hours])))
    _add(state, who, walk.from_h, time_h, points, tuple((ends / ends[-1]).tolist()))


def _leave_line(state: _State, who: int, since: float, until: float) -> None:
    """From the line back to where the vehicles stand."""
    if who in state.on_line:
        at = state.on_line.pop(who)[1]
        _add(state, who, since, max(until, since + 1e-3), (at, state.here[who]), (0.0, 1.0))


def _add(state: _State, who: int, from_h: float, to_h: float, points: Points, part: tuple[float, ...]) -> None:
    if to_h <= from_h or all(a == b for a, b in pairwise(points)):
        return
    way = state.ways.setdefault(points, len(state.ways))
    if way == len(state.parts):
        state.parts.append(part)
    state.legs.append((who, from_h, to_h, way))


def _cell(state: _State, cell: int) -> int:
    return state.places + state.cells.setdefault(cell, len(state.cells))


def _packed(state: _State) -> Tracks:
    legs = np.array(state.legs, dtype=float).reshape(-1, 4)
    sizes = [len(points) for points in state.ways]
    extra = np.zeros((len(state.cells), 2))
    if state.grid:
        row, column = np.divmod(np.array(list(state.cells), dtype=np.int64), int(state.grid["columns"]))
        extra[:, 0] = state.grid["west"] + (column + 0.5) * state.grid["dlon"]
        extra[:, 1] = state.grid["north"] - (row + 0.5) * state.grid["dlat"]
    return Tracks(
        who=legs[:, 0].astype(np.int64),
        from_h=legs[:, 1],
        to_h=legs[:, 2],
        way=legs[:, 3].astype(np.int64),
        first=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        point=np.fromiter((point for points in state.ways for point in points), np.int64, sum(sizes)),
        part=np.fromiter((part for parts in state.parts for part in parts), float, sum(sizes)),
        extra=extra,
    )
