"""A change in one helicopter leaves the flood, the warnings and every other responder's draws as they were."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.hazards.flood.settings import Flood
from simrescue.parameters import Parameters
from simrescue.responders import TASKS, Boat, Helicopter, Team, Truck
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import World, compile_world
from tests.factories import flooded_row, settings
from tests.laws.ledger import rows_of

FLOOD = (
    Kind.WATER_ARRIVES, Kind.WATER_RISES, Kind.WATER_DEEPENS, Kind.WATER_FALLS, Kind.WATER_LEAVES, Kind.ROAD_FLOODS,
    Kind.ROAD_CLEARS, Kind.ROAD_DAMAGED, Kind.ROAD_REPAIRED,
)  # fmt: skip
WARNING = (Kind.FORECAST, Kind.ORDERED, Kind.CALLED_OUT, Kind.ANSWERED, Kind.WARNED, Kind.REFUSE)


def uncertain_flood(**helicopter: Any) -> Scenario:
    """A flood with all its chance; one helicopter that each test changes."""
    return flooded_row(
        settings=settings(hazard=Flood(road_damage=0.5)),
        teams=(Team(id="team", base="station", breakdown=0.5),),
        boats=(Boat(id="boat", base="station", count=4, breakdown=0.5),),
        trucks=(Truck(id="truck", base="station", count=2, breakdown=0.5),),
        helicopters=(Helicopter(id="helicopter", base="station", **helicopter),),
    )


def run(scenario: Scenario, replication: int) -> tuple[World, EventLog]:
    world = compile_world(scenario)
    return world, simulate(world, 7, replication)


def told(run_of: tuple[World, EventLog], kinds: tuple[Kind, ...]) -> list[tuple[Any, ...]]:
    """Rows of these kinds by name of thing, without row numbers (which count everything that happens)."""
    world, log = run_of
    rows = (row for row in rows_of(log) if row.kind in kinds)
    return [(row.time_h, row.kind, world.ids[row.subject], row.item, row.persons, row.amount) for row in rows]


def first_turnouts(run_of: tuple[World, EventLog]) -> dict[str, float]:
    """Hours from the first order to leaving the base, by responder: each is a draw of the responder's own."""
    world, log = run_of
    ordered: dict[int, float] = {}
    took: dict[str, float] = {}
    for row in rows_of(log):
        if row.kind == Kind.ASSIGNED:
            ordered.setdefault(row.subject, row.time_h)
        elif row.kind == Kind.TURNS_OUT and world.ids[row.subject] not in took:
            took[world.ids[row.subject]] = round(row.time_h - ordered[row.subject], 9)
    return took


CHANGES = [{"seats": 27}, {"cruise_kmh": 120.0}, {"serviceable": 0.0}, {"count": 3}]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
@pytest.mark.parametrize("replication", range(3))
def test_the_flood_and_the_warnings_stay(change: dict[str, Any], replication: int) -> None:
    before, after = run(uncertain_flood(), replication), run(uncertain_flood(**change), replication)
    for kinds in (FLOOD, WARNING):
        assert told(before, kinds)
        assert told(before, kinds) == told(after, kinds)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_the_draws_of_others_stay(change: dict[str, Any]) -> None:
    shared = 0
    for replication in range(3):
        before = first_turnouts(run(uncertain_flood(), replication))
        after = first_turnouts(run(uncertain_flood(**change), replication))
        for one in before.keys() & after.keys():
            if not one.startswith("helicopter"):
                shared += 1
                assert before[one] == after[one], one
    assert shared > 5


@pytest.mark.parametrize("replication", range(3))
def test_one_more_helicopter_that_never_flies_changes_nothing(replication: int) -> None:
    def story(scenario: Scenario) -> list[tuple[Any, ...]]:
        world, log = run(scenario, replication)
        named = ((world.ids[row.subject], world.ids[row.place], row) for row in rows_of(log))
        return [
            (row.time_h, row.kind, subject, place, row.request, row.item, row.persons, row.amount)
            for subject, place, row in named
            if subject != "grounded"
        ]

    alone = uncertain_flood()
    grounded = Helicopter(id="grounded", base="station", serviceable=0.0)
    both = alone.model_copy(update={"helicopters": (*alone.helicopters, grounded)})
    assert story(both) == story(alone)


@pytest.mark.parametrize("replication", range(1, 5))
def test_each_purpose_of_a_village_has_its_own_draws(replication: int) -> None:
    """Whether anybody is hurt leaves its news, its people's going and its dead as they were; nobody comes to help.

    So long as nobody is hurt so badly that he dies of it: he is no longer there to drown.
    """
    nobody: dict[str, Any] = {"teams": (), "boats": (), "trucks": (), "helicopters": ()}
    kept = (*WARNING, Kind.LEAVE, Kind.TRAPPED, Kind.DIED)
    deep = uncertain_flood().settings

    def story(injured: float) -> tuple[World, EventLog]:
        health = deep.health.model_copy(update={"injured": injured, "mortality": "screening"})
        changed = {"health": health, "parameters": Parameters(severe_share=0, worsening_share=0)}
        return run(flooded_row(settings=deep.model_copy(update=changed), depth_m=3.0, **nobody), replication)

    def news(of: tuple[World, EventLog]) -> list[tuple[Any, ...]]:
        asked = {TASKS.index("rescue"), TASKS.index("evacuate")}
        return [row[:4] for row in told(of, (Kind.REQUEST_OPENED,)) if row[3] in asked]

    well, hurt = story(0.0), story(0.5)
    assert told(hurt, (Kind.DIED,)), "the law needs dead"
    assert told(hurt, (Kind.INJURED,))
    assert told(hurt, kept) == told(well, kept)
    assert news(hurt) == news(well)


def test_replications_differ() -> None:
    assert told(run(uncertain_flood(), 0), FLOOD) != told(run(uncertain_flood(), 1), FLOOD)
