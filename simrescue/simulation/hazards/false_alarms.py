"""False alarms: a satellite or a camera takes smoke of a kiln, a hot roof or dust for a fire, and a crew goes to look.

Those of one detector are a Poisson process with its rate, each at a cell with fuel in its range, all alike. A crew that
can fight fires is sent to the place on a road that is nearest to it, as to an emergency call.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from simpy import Event

from simrescue.events import EventKind as Kind
from simrescue.hazards.wildfire.danger.danger_days import DAY_H
from simrescue.network import great_circle_km
from simrescue.scenario.records import Call, Detector
from simrescue.simulation.clock import TimerAt
from simrescue.simulation.hazards.detection import MEANS
from simrescue.simulation.requests import FalseAlarmRequest
from simrescue.streams import exponential, stream

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


def start(sim: Simulation) -> None:
    """Set the false alarms of all detectors going."""
    # Behind the calls of the scenario: the number is what a request of a call is known by.
    numbers = count(len(sim.world.scenario.calls))
    for detector in sim.world.scenario.detectors:
        if detector.false_per_day and (places := places_near(sim, detector)):
            sim.env.process(alarms(sim, detector, places, numbers))


def places_near(sim: Simulation, detector: Detector) -> list[int]:
    """Of each cell with fuel that a detector sees, the place on a road that is nearest; empty without any."""
    world, ground = sim.world, sim.world.scenario.landscape
    neighbours = world.network.profiles["truck"].neighbours
    on_roads = [place for place in range(world.n_places) if neighbours[place]]
    lon, lat = ground.centre(np.flatnonzero(ground.burns))
    if detector.lon is not None and detector.lat is not None and detector.range_km is not None:
        seen = great_circle_km(detector.lon, detector.lat, lon, lat) <= detector.range_km
        lon, lat = lon[seen], lat[seen]
    if not on_roads or not lon.size:
        return []
    nearest, least_km = np.zeros(len(lon), dtype=np.intp), np.full(len(lon), np.inf)
    # Place by place: all cells by all places at once would not fit into memory.
    for place in on_roads:
        away_km = great_circle_km(world.places[place].lon, world.places[place].lat, lon, lat)
        nearer = away_km < least_km
        nearest[nearer], least_km[nearer] = place, away_km[nearer]
    answer: list[int] = nearest.tolist()
    return answer


def alarms(sim: Simulation, detector: Detector, places: list[int], numbers: Iterator[int]) -> Generator[Any, Any, None]:
    """The false alarms of one detector, one after the other.

    Args:
        sim: the replication.
        detector: whose they are.
        places: as of `places_near`; each is as likely as there are cells for it.
        numbers: of calls that are free.
    """
    rng, expected = stream(sim.seed, sim.replication, "false-alarms", detector.id), 0.0
    while True:
        # A higher rate brings each alarm forward, at the same place.
        expected += exponential(rng.random())
        place = places[int(rng.random() * len(places))]
        seen_h = expected / detector.false_per_day * DAY_H
        if seen_h >= sim.world.duration_h:
            return
        yield TimerAt(sim.env, seen_h)
        row = sim.log(Kind.FALSE_ALARM, place, place, item=MEANS.index(detector.kind))
        reported = sim.env.timeout(detector.delay_h)
        reported.callbacks.append(partial(send, sim, numbers, place, row))


def send(sim: Simulation, numbers: Iterator[int], place: int, cause: int, _: Event) -> None:
    """Command hears of it, as of a fire, and wants one crew to look."""
    number, look_h = next(numbers), sim.parameters.false_alarm_look_h
    call = Call(
        id=f"false-alarm-{number}", time_h=sim.env.now, place=sim.world.ids[place], task="suppression",
        persons=0, on_site_h=look_h,
    )  # fmt: skip
    sim.command.call(FalseAlarmRequest(number, call, place), cause)
