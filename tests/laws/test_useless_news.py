"""News of no use: an island far away, on which much happens, changes nothing for anybody else.

Whatever is told to command about places that nobody else can reach, and about crews that can reach nobody else, brings
no decision forward and puts none off. What the others wait for, light above all, is decided on at its own moment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from simrescue import Scenario, load
from simrescue.events import EventKind as Kind
from simrescue.places import Base, Depot, Junction, LandingSite, Road, Shelter, Village, WaterSource
from simrescue.responders import TASKS, Boat, Helicopter, Team, Truck
from simrescue.scenario.records import Call, Depth, Level
from tests.factories import STOCK, scenarios
from tests.laws.test_metamorphic import Told, told

HOME = Path(__file__).parents[2] / "scenarios"
AWAY: dict[str, Any] = {"lon": 100.0, "lat": 20.0, "elevation_m": 20.0, "zone": "aa-zone"}
"""Out of reach of every aircraft, and with a dawn of its own."""
CRESTS_H = (11.0, 14.0, 17.0, 20.0, 29.0)
WAVES = tuple(
    Level(zone="aa-zone", time_h=hour, level_m=level)
    for crest_h in CRESTS_H
    for hour, level in ((crest_h - 1, 15.0), (crest_h, 24.0), (crest_h + 1, 15.0))
)
"""Water that comes and goes again and again, once the orders have been given."""


def far_roads(places: int) -> tuple[Road, ...]:
    """A chain of roads from aa-0 to the last place, each a little higher than the one before."""
    return tuple(
        Road(id=f"aa-road-{i}", start=f"aa-{i}", end=f"aa-{i + 1}", length_km=3, elevation_m=20 + i / 4, zone="aa-zone")
        for i in range(places - 1)
    )


def far_calls(*places: str) -> tuple[Call, ...]:
    """Calls at odd moments from some places in turn, for all that crews do."""
    tasks = ("rescue", "evacuate", "medical", "reconnaissance")
    asks = ((i, places[i % len(places)], tasks[i % len(tasks)]) for i in range(120))
    return tuple(
        Call(id=f"aa-call-{i:03}", time_h=0.3 + 0.37 * i, place=place, task=task, on_site_h=0.21)
        for i, place, task in asks
    )


EVERY: dict[str, Any] = {"turnout_h": 0.1, "breakdown": 0}
ISLAND: dict[str, dict[str, tuple[Any, ...]]] = {
    "roads": {"junctions": tuple(Junction(id=f"aa-{i}", **AWAY) for i in range(9)), "roads": far_roads(9)},
    "bases": {"bases": tuple(Base(id=f"aa-{i}", **AWAY) for i in range(5)), "roads": far_roads(5)},
    "depots": {"depots": tuple(Depot(id=f"aa-{i}", **AWAY, **STOCK) for i in range(5)), "roads": far_roads(5)},
    "empty village": {"villages": (Village(id="aa-0", population=0, ordered=False, **AWAY),)},
    "village that nobody reaches": {
        "villages": tuple(Village(id=f"aa-{i}", population=40, vulnerable=0.5, **AWAY) for i in range(3)),
        "calls": far_calls("aa-0", "aa-1"),
    },
    "teams": {
        "bases": tuple(Base(id=f"aa-{i}", **AWAY) for i in range(5)),
        "roads": far_roads(5),
        "teams": (Team(id="aa-team", base="aa-0", count=2, tasks=TASKS, **EVERY),),
        "calls": far_calls("aa-1", "aa-3"),
    },
    "helicopters": {
        "bases": tuple(Base(id=f"aa-{i}", **AWAY) for i in range(2)),
        "helicopters": (Helicopter(id="aa-heli", base="aa-0", count=2, serviceable=1, crew_day_h=1.5, **EVERY),),
        "calls": far_calls("aa-1"),
    },
    "everything": {
        "villages": (Village(id="aa-0", population=60, vulnerable=0.5, cars=0.2, **AWAY),),
        "shelters": (Shelter(id="aa-1", capacity=20, **(AWAY | {"elevation_m": 23.0}), **STOCK),),
        "depots": (Depot(id="aa-2", **AWAY, **STOCK),),
        "bases": (Base(id="aa-3", **AWAY),),
        "landing_sites": (LandingSite(id="aa-4", **AWAY),),
        "water_sources": (WaterSource(id="aa-5", depth_m=5, **{key: AWAY[key] for key in ("lon", "lat")}),),
        "roads": far_roads(5),
        "teams": (Team(id="aa-team", base="aa-3", tasks=TASKS, **EVERY),),
        "boats": (Boat(id="aa-boat", base="aa-3", **EVERY),),
        "trucks": (Truck(id="aa-truck", base="aa-3", **EVERY),),
        "helicopters": (Helicopter(id="aa-heli", base="aa-3", serviceable=1, crew_day_h=1.5, **EVERY),),
        "calls": far_calls("aa-0", "aa-2"),
    },
}
"""Things that touch nobody else, of which command hears again and again."""


def beside(plain: Scenario, what: str) -> tuple[Scenario, tuple[str, ...]]:
    """A scenario with an island, and the ids of what is on it."""
    added = dict(ISLAND[what])
    new = tuple(row.id for rows in added.values() for row in rows)
    copies = tuple(f"{row.id}-{i}" for rows in added.values() for row in rows for i in range(1, 3))
    if "wildfire" not in plain.settings.hazards:
        by_level = plain.settings.flood.source == "levels"
        wet = [row.id for table in ("villages", "depots", "bases", "shelters") for row in added.get(table, ())]
        depths = tuple(
            Depth(subject=one, time_h=row.time_h, depth_m=max(0.0, row.level_m - 20)) for one in wet for row in WAVES
        )
        added |= {"levels": WAVES} if by_level else {"depths": depths}
    more = plain.model_copy(update={one: (*getattr(plain, one), *rows) for one, rows in added.items()})
    return more, (*new, *copies)


def changes_nothing(plain: Scenario, what: str, replication: int = 1) -> Told:
    """Answers all rows of the run with the island, after a look at those of everybody else."""
    more, new = beside(plain, what)
    rows, others = told(more, replication), set(new)
    assert [row for row in rows if not set(row[2:4]) & others] == told(plain, replication)
    return rows


@pytest.mark.parametrize("what", ISLAND)
@pytest.mark.parametrize(("name", "hours"), [("tiny-flood", 36), ("tiny-fire", 26)])
def test_news_of_no_use_changes_no_decision(name: str, hours: int, what: str) -> None:
    """Each piece of news is decided on in its own time, whoever else woke command."""
    for replication, (policy, loss) in enumerate((("optimal", 0.5), ("priority", 1.0), ("nearest", 0.0))):
        sets = {
            "duration": f"{hours} h",
            "command.contact_loss": loss,
            "command.contact_restore": "2 h",
            "command.decision": "1 h",
            "command.policy": policy,
        }
        rows = changes_nothing(load(HOME / name, sets=sets), what, replication)
        heard = [row for row in rows if {"aa-0", "aa-1", "aa-3", "aa-road-0", "aa-road-1"} & set(row[2:4])]
        assert heard or name == "tiny-fire", "command has heard of them"
        assert "calls" not in ISLAND[what] or any(row[1] == Kind.REQUEST_OPENED for row in heard)


@given(scenarios(most_villages=4), st.sampled_from(sorted(ISLAND)), st.sampled_from([0.0, 0.1, 1.0]))
@tries(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_news_of_no_use_changes_no_decision_of_any_small_scenario(
    scenario: Scenario, what: str, decision_h: float
) -> None:
    settings = scenario.settings
    command = settings.command.model_copy(update={"decision_h": decision_h})
    warning = settings.warning.model_copy(update={"forecast": 0.0})  # else it is reckoned from the first water of all
    settings = settings.model_copy(update={"command": command, "warning": warning})
    changes_nothing(scenario.model_copy(update={"settings": settings}), what)
