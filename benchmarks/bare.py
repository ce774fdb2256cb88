"""The yardstick: the same number of missions in a bare SimPy model, written as a textbook would.

One process a mission (call, nearest idle responder or wait, stock from a depot, travel, load, travel, unload,
return), straight-line travel times from a matrix made once, one row a step in a list. No roads, no water, no
villages, no warning, no policy: what is left is what SimPy itself and the missions cost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import simpy
from numpy.typing import NDArray

SPEED_KMH = 35.0
TURNOUT_H, LOAD_H, UNLOAD_H = 0.5, 1.0, 0.5
LOAD_T = 10.0

Row = tuple[float, str, int, int]


@dataclass(frozen=True)
class Map:
    """Travel hours made once: lists, because scalar reads from arrays are slow in Python."""

    village_to_responder: list[list[float]]
    village_to_depot: list[list[float]]
    depot_order: list[list[int]]
    responder_to_depot: list[list[float]]


class Ran(NamedTuple):
    """What one replication did."""

    rows: list[Row]
    kernel_events: int
    missions: int


def bare_map(villages: int, responders: int, depots: int, seed: int = 1) -> Map:
    """A map of the same size and density as the generated province."""
    rng = np.random.default_rng(seed)
    width_km = 180.0 * np.sqrt(villages / 2000)
    at, home, store = (rng.uniform(0, width_km, (count, 2)) for count in (villages, responders, depots))
    to_depot = _hours(at, store)
    return Map(
        _hours(at, home).tolist(),
        to_depot.tolist(),
        np.argsort(to_depot, axis=1)[:, :10].tolist(),
        _hours(home, store).tolist(),
    )


def _hours(these: NDArray[np.float64], those: NDArray[np.float64]) -> NDArray[np.float64]:
    hours: NDArray[np.float64] = np.linalg.norm(these[:, None] - those[None], axis=2) * 1.3 / SPEED_KMH
    return hours


class Bare:
    """One replication."""

    def __init__(self, world: Map, missions: int, hours: float, seed: int, log: bool = True) -> None:
        self.env = simpy.Environment()
        self.world, self.hours, self.log = world, hours, log
        rng = np.random.default_rng(seed)
        self.calls = np.sort(rng.uniform(0, hours * 0.6, missions)).tolist()
        self.places = rng.integers(0, len(world.village_to_responder), missions).tolist()
        self.service = rng.exponential(UNLOAD_H, missions).tolist()
        self.depots = [simpy.Container(self.env, init=1e6) for _ in world.village_to_depot[0]]
        self.idle = list(range(len(world.village_to_responder[0])))
        self.waiting: deque[simpy.Event] = deque()
        self.rows: list[Row] = []
        self.done = 0

    def run(self) -> Ran:
        """All calls, and every mission to its end."""
        self.env.process(self.source())
        self.env.run()
        events = next(self.env._eid)  # noqa: SLF001 (SimPy has no public count)
        return Ran(self.rows, events, self.done)

    def source(self) -> Generator[simpy.Event, Any, None]:
        """One mission for each call."""
        for number, at in enumerate(self.calls):
            yield self.env.timeout(at - self.env.now)
            self.env.process(self.mission(number, self.places[number]))

    def note(self, kind: str, subject: int, place: int) -> None:
        """One row of the log."""
        if self.log:
            self.rows.append((self.env.now, kind, subject, place))

    def mission(self, number: int, village: int) -> Generator[simpy.Event, Any, None]:
        """One call from asking to the responder's return."""
        env, world = self.env, self.world
        self.note("asked", number, village)
        if not self.idle:
            turn = env.event()
            self.waiting.append(turn)
            yield turn
        responder = min(self.idle, key=world.village_to_responder[village].__getitem__)
        self.idle.remove(responder)
        self.note("sent", responder, village)
        yield env.timeout(TURNOUT_H)
        depot = world.depot_order[village][0]
        yield env.timeout(world.responder_to_depot[responder][depot])
        yield self.depots[depot].get(LOAD_T)
        yield env.timeout(LOAD_H)
        self.note("loaded", responder, depot)
        yield env.timeout(world.village_to_depot[village][depot])
        self.note("arrived", responder, village)
        yield env.timeout(self.service[number])
        self.note("done", responder, village)
        yield env.timeout(world.village_to_responder[village][responder])
        self.note("home", responder, village)
        self.done += 1
        self.idle.append(responder)
        if self.waiting:
            self.waiting.popleft().succeed()


def run_bare(world: Map, missions: int, hours: float, seed: int = 1, log: bool = True) -> Ran:
    """One replication of the bare model."""
    return Bare(world, missions, hours, seed, log).run()
