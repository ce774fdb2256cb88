"""Fires that start by chance in a run: the same whatever the forces do, and spots without a fire leave no trace."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.metrics.summary import summarise
from simrescue.scenario.load import load
from simrescue.simulation.run import simulate
from simrescue.simulation.world import World, compile_world

TINY = Path(__file__).parents[2] / "scenarios/tiny-fire"
TEAMS = ("villagers", "brigade", "detachment")


@cache
def world(days: int = 1, *, fought: bool = True, sure: bool = False) -> World:
    sets: dict[str, Any] = {} if fought else {f"teams.{team}": None for team in TEAMS}
    if sure:
        sets |= {"ignitions.sure": {"lon": 114.016, "lat": 38.1745, "time": "2.5 h"}}
    return compile_world(load(TINY, variant="day-of-fires", sets={"duration": f"{24 * days} h", **sets}))


def ignitions(log: EventLog) -> list[tuple[float, int]]:
    rows = log.where(Kind.IGNITES)
    return list(zip(log.time_h[rows].tolist(), log.subject[rows].tolist(), strict=True))


def with_fires(replications: int, days: int = 1) -> list[int]:
    field = world(days).fields["wildfire"]
    return [r for r in range(replications) if any(np.isfinite([start.time_h for start in field.starts(1, r)]))]


def test_the_log_has_the_fires_that_are_drawn_and_no_others() -> None:
    made = world(3)
    for replication in range(3):
        log = simulate(made, 1, replication)
        starts = made.fields["wildfire"].starts(1, replication)
        first = made.first["ignitions"]
        drawn = sorted((start.time_h, first + n) for n, start in enumerate(starts) if np.isfinite(start.time_h))
        assert ignitions(log) == [pytest.approx(one) for one in drawn]
        unused = set(range(first, first + len(starts))) - {spot for _, spot in drawn}
        assert not unused & {*log.subject.tolist(), *log.place.tolist()}


def test_the_same_fires_start_whether_they_are_fought_or_not() -> None:
    for replication in with_fires(12)[:3]:
        fought, left = (simulate(world(fought=each), 1, replication) for each in (True, False))
        assert {time for time, _ in ignitions(fought)} == {time for time, _ in ignitions(left)}
        assert left.where(Kind.BURNS).size >= fought.where(Kind.BURNS).size > 0


def test_a_sure_fire_burns_beside_those_of_chance() -> None:
    replication = with_fires(12)[0]
    made = world(sure=True)
    log = simulate(made, 1, replication)
    assert (2.5, made.first["ignitions"]) in ignitions(log)
    alone = {time for time, _ in ignitions(simulate(world(), 1, replication))}
    assert {time for time, _ in ignitions(log)} == alone | {2.5}


def test_a_day_without_a_fire_has_nothing_to_measure() -> None:
    replication = next(r for r in range(50) if r not in with_fires(50))
    made = world()
    numbers = summarise(simulate(made, 1, replication), made.facts)
    assert (numbers["fires"], numbers["burned_ha"]) == (0, 0)
    assert np.isnan(numbers["share_fires_found"])
    assert np.isnan(numbers["largest_fire_ha"])
