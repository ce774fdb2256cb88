"""Worse disasters read worse and more help reads better: on pairs of the same seeds, beyond what chance explains."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray
from scipy.stats import t as student

from simrescue import load
from simrescue.events import log_from_rows
from simrescue.metrics import summarise
from simrescue.metrics.people import relief
from simrescue.places import Depot
from simrescue.scenario.records import Command, Relief, Scenario
from simrescue.simulation.run import build, finish, simulate
from simrescue.simulation.world import World, compile_world
from tests.factories import STOCK, at, scenarios
from tests.simulation.story import NOBODY, dry_row

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-flood"
METRICS = ("share_relieved_10h", "share_relieved_12h", "late_person_h", "deaths")
BETTER = np.array([1, 1, -1, -1])
"""Which way each of them goes when things get better."""
REPLICATIONS = range(10)
BEYOND_CHANCE = 0.999
"""A difference must be this sure before it counts against the law: there are some fifty of them."""
NO_FORCES = {f"{kind}.*.count": 0 for kind in ("teams", "boats", "trucks", "helicopters")}
EVERYTHING = ("food", "clothing", "water", "shelter", "medical")

HELP: dict[str, dict[str, Any]] = {
    "more trucks": {"trucks.*.count": 6},
    "more boats": {"boats.*.count": 12},
    "more teams": {"teams.*.count": 4},
    "more stock in depots": {f"depots.*.{item}": 100_000 for item in EVERYTHING},
    "first rations sent ahead": {"relief.pushed": "100 %"},
    "more stock in shelters": {f"shelters.*.{item}": 5000 for item in EVERYTHING},
    "earlier order": {"warning.order": "1 h"},
    "fuller reach": {"warning.reach": "100 %"},
    "nobody refuses": {"evacuation.refuse": "0 %"},
    "no road closed": {"roads.*.elevation": "100 m"},
    "faster news": {"command.report": "2 min"},
    "telephones that hold": {"command.contact_loss": "0 %"},
    "faster decisions": {"command.decision": "1 min"},
    "faster depots": {"depots.*.opening": "0 min", "depots.*.docks": 6},
}


def world(sets: dict[str, Any]) -> World:
    return compile_world(load(TINY, sets=sets))


def numbers(sets: dict[str, Any]) -> NDArray[np.float64]:
    """The metrics of each replication."""
    compiled = world(sets)
    found = (summarise(simulate(compiled, 1, one), compiled.facts) for one in REPLICATIONS)
    return np.array([[one[name] for name in METRICS] for one in found])


@cache
def as_it_is() -> NDArray[np.float64]:
    return numbers({})


def not_worse(before: NDArray[np.float64], after: NDArray[np.float64]) -> None:
    """No metric goes the wrong way by more than the paired differences explain."""
    gain = (after - before) * BETTER
    error = gain.std(axis=0, ddof=1) / math.sqrt(len(gain))
    margin = student.ppf(BEYOND_CHANCE, len(gain) - 1) * error + 1e-9
    assert (gain.mean(axis=0) >= -margin).all(), dict(zip(METRICS, gain.mean(axis=0), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("help_", HELP)
def test_help_never_harms(help_: str) -> None:
    not_worse(as_it_is(), numbers(HELP[help_]))


@pytest.mark.slow
@pytest.mark.parametrize("help_", ["more boats", "more teams", "no road closed"])
def test_the_help_that_matters_is_seen(help_: str) -> None:
    gain = ((numbers(HELP[help_]) - as_it_is()) * BETTER)[:, :3]
    assert (gain.mean(axis=0) > 0).all()


STEPS: dict[str, tuple[str, tuple[int, ...]]] = {
    "boats": ("boats.boats-town.count", (2, 3, 4, 6)),
    "buses": ("teams.bus-town.count", (1, 2, 3, 5)),
    "lorries": ("trucks.*.count", (1, 2, 3)),
}
"""Numbers of crews in the small steps that a bureau buys in."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", STEPS)
def test_one_more_crew_never_harms(kind: str) -> None:
    path, counts = STEPS[kind]
    rungs = [numbers({path: count}) for count in counts]
    for fewer, more in [*pairwise(rungs), (rungs[0], rungs[-1])]:
        not_worse(fewer, more)


SIZES: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {
    "teams": ((2, 6, 20, 60), {}),
    "boats": ((1, 2, 4, 12), {"boats.*.seats": 40}),
    "trucks": ((1, 2, 6), {}),
}
"""People in a crew, from too few for what it rides in to more than that can use, and what else is set."""


@pytest.mark.slow
@pytest.mark.parametrize("table", SIZES)
def test_a_bigger_crew_never_harms(table: str) -> None:
    sizes, also = SIZES[table]
    rungs = [numbers({f"{table}.*.size": size, **also}) for size in sizes]
    for smaller, bigger in [*pairwise(rungs), (rungs[0], rungs[-1])]:
        not_worse(smaller, bigger)
    if table != "trucks":  # what tiny-flood wants of a lorry, one man can nearly stow
        late = METRICS.index("late_person_h")
        assert rungs[-1][:, late].mean() < rungs[0][:, late].mean()


@pytest.mark.slow
def test_bigger_teams_never_let_a_fire_grow() -> None:
    burned = []
    for size in (2, 8, 30):
        compiled = compile_world(load(TINY.parent / "tiny-fire", sets={"teams.*.size": size}))
        burned.append([summarise(simulate(compiled, 1, one), compiled.facts)["burned_ha"] for one in range(6)])
    for smaller, bigger in pairwise(burned):
        assert np.mean(bigger) <= np.mean(smaller) + 1e-9
    assert np.mean(burned[-1]) < np.mean(burned[0])


def more_crews(scenario: Scenario, table: str) -> Scenario:
    return scenario.model_copy(
        update={table: tuple(row.model_copy(update={"count": 3 * row.count}) for row in getattr(scenario, table))}
    )


def more_goods(scenario: Scenario) -> Scenario:
    full = dict.fromkeys(EVERYTHING, 50_000.0)
    depots = tuple(depot.model_copy(update=full) for depot in scenario.depots)
    return scenario.model_copy(update={"depots": depots})


CHANGES: dict[str, Callable[[Scenario], Scenario]] = {
    "trucks": lambda scenario: more_crews(scenario, "trucks"),
    "boats": lambda scenario: more_crews(scenario, "boats"),
    "teams": lambda scenario: more_crews(scenario, "teams"),
    "goods": more_goods,
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
@settings(max_examples=8, deadline=None, derandomize=True)
@given(scenario=scenarios(most_villages=4))
def test_help_never_harms_anywhere(change: str, scenario: Scenario) -> None:
    both = []
    for one in (scenario, CHANGES[change](scenario)):
        compiled = compile_world(one)
        found = (summarise(simulate(compiled, 1, number), compiled.facts) for number in range(6))
        both.append(np.nan_to_num(np.array([[run[name] for name in METRICS] for run in found])))
    not_worse(*both)


@pytest.mark.slow
def test_less_water_is_never_worse() -> None:
    """Deaths as expected by the curve: of those drawn there is one in fifteen replications."""
    deep = load(TINY)
    shallow = tuple(level.model_copy(update={"level_m": level.level_m - 0.4}) for level in deep.levels)
    names, means = ("late_person_h", "trapped", "deaths_jonkman"), []
    for levels in (deep.levels, shallow):
        compiled = compile_world(deep.model_copy(update={"levels": levels}))
        found = [summarise(simulate(compiled, 1, number), compiled.facts) for number in REPLICATIONS]
        means.append([np.mean([run[name] for run in found]) for name in names])
    assert (np.array(means[1]) < means[0]).all(), means


def test_a_drowned_county_without_any_force_is_not_relieved() -> None:
    """Every road under water, nobody to help: who lived on his own stock had needed nothing yet, then he waits."""
    before = as_it_is()
    compiled = world({"roads.*.elevation": "-500 m", **NO_FORCES})
    for one in range(3):
        log = simulate(compiled, 1, one)
        after = summarise(log, compiled.facts)
        assert after["share_relieved_10h"] == after["share_relieved_12h"] == 0
        assert after["late_person_h"] > 4 * before[one, METRICS.index("late_person_h")]
        people = relief.affected(log, compiled.facts)
        assert people.persons[np.isinf(people.relieved_h)].sum() == people.persons.sum() > 3000


@pytest.mark.parametrize("trucks", [0, 2])
@pytest.mark.parametrize("own_days", [0.0, 1.0])
def test_goods_next_door_relieve_with_or_without_a_truck(trucks: int, own_days: float) -> None:
    """A dry village without road and telephone, 100 m beside a full store."""
    spot = at(0, 0) | {"lat": at(0, 0)["lat"] + 0.1 / 111.2}
    scenario = dry_row(
        96.0,
        command=Command(contact_loss=1.0, contact_restore_h=999.0),
        sections={"relief": Relief(household_days=own_days)},
        depots=(Depot(id="depot", **STOCK, **spot),),
        roads=tuple(road.model_copy(update={"elevation_m": 1.0}) for road in dry_row().roads),
        **(NOBODY | {"trucks": dry_row().trucks * (trucks > 0)}),
    )
    compiled = compile_world(scenario)
    for one in range(4):
        sim = build(compiled, 1, one)
        sim.villages[0].cut_off()
        sim.env.run(until=95.0)
        finish(sim)
        log = log_from_rows(sim.recorder.rows)
        people = relief.affected(log, compiled.facts)
        there = people.village == 0
        assert people.persons[there].sum() == compiled.facts.population[0]
        assert (relief.waited_h(log, compiled.facts, people)[there] <= 10.0).all()
