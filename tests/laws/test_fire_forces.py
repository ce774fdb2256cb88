"""Directions of forces for several fires on common random numbers: more of them never harms, on the mean.

The small fire that comes with the program with its second ignition, the same replications, seed 1: numbers fixed before
the first run. Single replications may go the other way (see "How it is fought" in docs/fire.md).
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from simrescue import load
from simrescue.events import EventKind as Kind
from simrescue.metrics import fires_table
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-fire"
REPLICATIONS = 20
STAGES: list[dict[str, Any]] = [
    {"persons": 60, "helicopters": 1, "level": "IV"},
    {"area_ha": 3, "persons": 120, "helicopters": 2, "level": "III"},
]
ALL_CALLED = [
    {"persons": 500, "helicopters": 1, "level": "IV"},
    {"area_ha": 3, "persons": 500, "helicopters": 1, "level": "III"},
]
FOUND_LATE: tuple[tuple[str, Any], ...] = (("detectors.hill-tower", None), ("detectors.valley-camera", None))


@cache
def hectares(
    changes: tuple[tuple[str, Any], ...], second: bool = True, all_called: bool = False
) -> NDArray[np.float64]:
    """Burned by the first fire and by all fires, shape (replications, 2)."""
    variant = "two-fires" if second else ""
    world = compile_world(
        load(TINY, variant, sets={"hazard.stages": ALL_CALLED if all_called else STAGES, **dict(changes)})
    )
    tables = [fires_table(simulate(world, 1, number), world.facts) for number in range(REPLICATIONS)]
    first = world.scenario.ignitions.index(_first(world))
    return np.array([(table["burned_ha"][first], table["burned_ha"].sum()) for table in tables])


def means(changes: tuple[tuple[str, Any], ...], second: bool = True) -> tuple[float, float]:
    """Hectares of the first fire and of all fires, on the average."""
    first, both = hectares(changes, second).mean(axis=0)
    return float(first), float(both)


def _first(world: Any) -> Any:
    return next(one for one in world.scenario.ignitions if one.id == "grave-field")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "counts"), [("teams.brigade.count", (1, 2, 4)), ("helicopters.heli-city.count", (0, 1, 2, 4))]
)
def test_more_crews_or_aircraft_never_harm_two_fires(row: str, counts: tuple[int, ...]) -> None:
    """By no more than chance, two standard errors of the pairs: one aircraft moves fires of 70 ha by less than that."""
    areas = [hectares(((row, count),))[:, 1] for count in counts]
    for fewer, more in pairwise(areas):
        harm = more - fewer
        assert harm.mean() <= 2 * harm.std(ddof=1) / math.sqrt(REPLICATIONS)
    assert areas[0].mean() > areas[-1].mean()


@pytest.mark.slow
def test_more_villagers_never_harm_where_all_are_called() -> None:
    """Where a stage wants so many heads, villagers who are there first take the place of trained crews."""
    counts = ((("teams.villagers.count", count), *FOUND_LATE) for count in (0, 1, 3))
    areas = [hectares(changes, second=False, all_called=True)[:, 1] for changes in counts]
    for fewer, more in pairwise(areas):
        harm = more - fewer
        assert harm.mean() <= 2 * harm.std(ddof=1) / math.sqrt(REPLICATIONS)
    assert areas[0].mean() > areas[-1].mean()


@pytest.mark.slow
def test_a_second_fire_with_forces_of_its_own_does_not_harm_the_first() -> None:
    """Forces doubled: the first fire burns no more than alone with half of them."""
    doubled = tuple((f"{row}.count", count) for row, count in (
        ("teams.villagers", 2), ("teams.brigade", 4), ("teams.detachment", 4), ("helicopters.heli-city", 2),
    ))  # fmt: skip
    assert means(doubled)[0] <= means((), second=False)[0]


@pytest.mark.slow
def test_both_fires_get_hands_in_every_replication() -> None:
    world = compile_world(load(TINY, "two-fires", sets={"hazard.stages": STAGES}))
    for number in range(REPLICATIONS):
        log = simulate(world, 1, number)
        begun, worked = (set(log.place[log.where(kind)].tolist()) for kind in (Kind.IGNITES, Kind.TAKES_POST))
        reported = set(log.place[log.where(Kind.REPORTED)].tolist()) & begun
        assert reported <= worked or len(log.where(Kind.FIRE_OUT)) == len(begun)
