"""False alarms: as many as the rate says, each sends one crew, which looks, finds nothing and is free again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.metrics.summary import summarise
from simrescue.scenario.load import load
from simrescue.simulation.hazards.false_alarms import places_near
from simrescue.simulation.run import build, simulate
from simrescue.simulation.world import World, compile_world

TINY = Path(__file__).parents[2] / "scenarios/tiny-fire"
LOOK_H, SATELLITE_H = 0.5, 1 / 3


def world(hours: float = 240.0, quiet: bool = True, per_day: float = 2) -> World:
    """The tiny fire's country with a satellite that is wrong twice a day; quiet: with no fire before the end."""
    late = {"ignitions.grave-field.time": f"{hours + 1} h"} if quiet else {}
    changes: dict[str, Any] = {"duration": f"{hours} h", "teams.*.breakdown": 0}
    return compile_world(load(TINY, sets=changes | late | {"detectors.satellite.false_per_day": per_day}))


def times(log: EventLog, kind: Kind) -> np.ndarray:
    return log.time_h[log.where(kind)]


def test_a_crew_goes_looks_and_is_free_again() -> None:
    made = world()
    log = simulate(made, 1, 0)
    alarms = log.where(Kind.FALSE_ALARM)
    reported, finds = log.where(Kind.REPORTED), log.where(Kind.FINDS_NO_FIRE)
    assert len(alarms) > 5
    assert times(log, Kind.REPORTED) == pytest.approx(log.time_h[alarms] + SATELLITE_H)
    assert log.cause[reported].tolist() == alarms.tolist()
    for row in finds.tolist():
        crew, request = log.subject[row], log.request[row]
        own = (log.subject == crew) & (log.request == request)
        arrives = np.flatnonzero(own & (log.kind == Kind.ARRIVES))
        assert log.place[row] == log.place[arrives[0]]
        assert log.time_h[row] == pytest.approx(log.time_h[arrives[0]] + LOOK_H)
    # One crew an alarm, and nothing else is done in this country.
    assert len(log.where(Kind.ASSIGNED)) == len(finds) == len(alarms)
    assert not log.where(Kind.TAKES_POST, Kind.NEVER_REPORTED).size


def test_hours_spent_by_hand() -> None:
    made = world()
    log = simulate(made, 1, 0)
    spent, busy = 0.0, dict[int, float]()
    for kind, crew, hour in zip(log.kind.tolist(), log.subject.tolist(), log.time_h.tolist(), strict=True):
        if kind == Kind.ASSIGNED:
            busy[crew] = hour
        elif kind == Kind.FREE and crew in busy:
            spent += hour - busy.pop(crew)
    spent += sum(made.duration_h - since for since in busy.values())
    numbers = summarise(log, made.facts)
    assert numbers["fire_false_alarm_h"] == pytest.approx(spent)
    assert numbers["fire_false_alarm_h"] > LOOK_H * len(log.where(Kind.FINDS_NO_FIRE))
    assert numbers["fire_false_alarms"] == len(log.where(Kind.FALSE_ALARM))


def test_as_many_as_the_rate_says() -> None:
    made = world(per_day=40)
    counts = [len(simulate(made, 1, r).where(Kind.FALSE_ALARM)) for r in range(3)]
    assert abs(sum(counts) - 1200) < 4 * 1200**0.5


@pytest.mark.parametrize("factor", [1.5, 4])
def test_a_higher_rate_takes_none_away_and_each_stays_where_it_was(factor: float) -> None:
    few, many = (simulate(world(per_day=2 * f), 1, 3) for f in (1.0, factor))
    places = [log.place[log.where(Kind.FALSE_ALARM)].tolist() for log in (few, many)]
    assert len(places[0]) < len(places[1])
    assert places[1][: len(places[0])] == places[0]


def test_a_detector_is_wrong_only_where_it_sees() -> None:
    made = world()
    sim = build(made, 1, 0)
    satellite = next(one for one in made.scenario.detectors if one.id == "satellite")
    camera = next(one for one in made.scenario.detectors if one.id == "valley-camera")
    anywhere, near = places_near(sim, satellite), places_near(sim, camera.model_copy(update={"range_km": 1.5}))
    assert len(anywhere) == made.scenario.landscape.burns.sum()
    assert 0 < len(near) < len(anywhere)
    assert set(near) < set(anywhere)
    assert places_near(sim, camera.model_copy(update={"lon": 100.0, "range_km": 1.0})) == []


def test_without_false_alarms_nothing_is_different() -> None:
    made, told = world(36.0, quiet=False, per_day=0), compile_world(load(TINY))
    assert not simulate(made, 1, 0).where(Kind.FALSE_ALARM).size
    assert summarise(simulate(told, 1, 0), told.facts)["fire_false_alarm_h"] == 0


def test_they_keep_crews_from_a_fire() -> None:
    """Fewer people come to its line in the first hours; in the end there may be more, at a fire that has grown."""
    people = []
    for per_day in (0, 60):
        made = world(36.0, quiet=False, per_day=per_day)
        logs = [simulate(made, 1, replication) for replication in range(4)]
        posts = [(log, log.where(Kind.TAKES_POST)) for log in logs]
        people.append(np.mean([log.persons[rows][log.time_h[rows] < 4].sum() for log, rows in posts]))
    assert people[1] < people[0]
