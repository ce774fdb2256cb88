"""A hand-made scenario: three villages on a line, 10 km apart by road, with everything that help needs at the first.

a (30 m, base, depot, shelter) --10 km-- b (20 m, zone z) --10 km-- c (20 m, zone z)
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from simrescue.places import Base, Depot, Road, Shelter, Village
from simrescue.responders import Team, Truck
from simrescue.scenario.records import Jurisdiction, Level, Scenario, Settings

DEGREE_KM = 111.195
"""One degree along a meridian."""


def at(km: float) -> dict[str, float]:
    """A spot that far north of the first village."""
    return {"lon": 116.0, "lat": 39.0 + km / DEGREE_KM}


def village(name: str, km: float, **more: Any) -> Village:
    given = {
        "elevation_m": 20.0,
        "zone": "z",
        "population": 1000,
        "public_shelter": 1.0,
        "county": "K",
        "township": f"T{name}",
        **more,
    }
    return Village(id=name, **at(km), **given)


def road(start: str, end: str, length_km: float = 10.0, **more: Any) -> Road:
    return Road(id=f"{start}-{end}", start=start, end=end, length_km=length_km, kind="class2", **more)


def scenario(settings: dict[str, Any] | None = None, **tables: Any) -> Scenario:
    """The scenario above, with tables put in place of its own."""
    made: dict[str, Any] = {
        "villages": (village("a", 0, elevation_m=30.0), village("b", 10), village("c", 20)),
        "bases": (Base(id="base", **at(0), elevation_m=30.0),),
        "depots": (
            Depot(id="depot", **at(0), elevation_m=30.0, food=6e3, clothing=2e3, water=6e3, shelter=2e3, medical=6e3),
        ),
        "shelters": (Shelter(id="shelter", **at(0), elevation_m=30.0, capacity=3000),),
        "roads": (
            road("a", "b"),
            road("b", "c"),
            road("base", "a", 0.0),
            road("depot", "a", 0.0),
            road("shelter", "a", 0.0),
        ),
        "teams": (Team(id="team", base="base", turnout_h=0.0, size=50, level="county", county="K"),),
        "trucks": (Truck(id="truck", base="depot"),),
        "levels": tuple(Level(zone="z", time_h=t, level_m=m) for t, m in [(0, 19.0), (10, 19.0), (14, 23.0)]),
    }
    base = {
        "simrescue": 1,
        "name": "small",
        "start": datetime(2024, 7, 1, tzinfo=UTC),
        "duration_h": 48,
        "jurisdiction": Jurisdiction(name="K"),
    }
    return Scenario(settings=Settings(**(base | (settings or {}))), **(made | tables))
