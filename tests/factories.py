"""Scenarios made in Python: one that a test can change field by field, and any small one (hypothesis)."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from simrescue.dispatch import POLICIES
from simrescue.hazards.flood.settings import Flood, Uncertainty
from simrescue.parameters import Parameters
from simrescue.places import Base, Depot, Institution, LandingSite, Road, Shelter, Village
from simrescue.responders import Boat, Helicopter, Team, Truck
from simrescue.scenario.records import (
    Command,
    Depth,
    Jurisdiction,
    Level,
    ResponseLevel,
    Scenario,
    Settings,
    Warning,
    Weather,
)

START = datetime.fromisoformat("2023-07-29T08:00+08:00")
STEP_DEGREES = 0.05
"""About 5 km between neighbours of the grid that small scenarios stand on."""
CERTAIN = Uncertainty(arrival_h=0.0, level_m=0.0, duration=0.0)
NOT_UP = Parameters(upstairs_share=0, to_neighbours_share=0, taken_along_share=0)
"""Nobody goes upstairs or to neighbours, or is taken along by them, instead of waiting: for stories of other things."""
ALL_STAY = Parameters(
    public_shelter_share=1.0,
    shelter_half_life_h=87600,
    ground_spread_m=0,
    upstairs_share=0,
    to_neighbours_share=0,
    taken_along_share=0,
)
"""Whoever comes to a shelter stays, and all houses of a village are at one height: for stories of other things."""
STOCK = {"food": 5000.0, "clothing": 2000.0, "water": 5000.0, "shelter": 2000.0, "medical": 5000.0}


def settings(hours: float = 48.0, **sections: Any) -> Settings:
    """scenario.yaml of a test, with any section replaced."""
    plain: dict[str, Any] = {
        "simrescue": 1,
        "name": "test",
        "start": START,
        "duration_h": hours,
        "jurisdiction": Jurisdiction(name="Test County"),
        "parameters": NOT_UP,
    }
    return Settings(**(plain | sections))


def at(column: int, row: int) -> dict[str, float]:
    """A spot on the grid."""
    return {"lon": 116.0 + STEP_DEGREES * column, "lat": 39.0 + STEP_DEGREES * row}


def chain(ids: list[str], **fields: Any) -> tuple[Road, ...]:
    """Roads from each id to the next."""
    return tuple(Road(id=f"{a}-{b}", start=a, end=b, **fields) for a, b in pairwise(ids))


def flooded_row(
    length: int = 3, persons: int = 300, depth_m: float = 1.5, boat_count: int = 2, hours: float = 48.0, **changes: Any
) -> Scenario:
    """Villages in a row that a river floods after 10 h for a day, with one town (shelter, depot, base) above them.

    `depth_m`: water in every village at the height of the flood. `changes` replace whole tables or the settings.
    """
    names = [f"village-{i}" for i in range(length)]
    course = ((0.0, -1.0), (10.0, -0.1), (12.0, depth_m), (36.0, depth_m), (44.0, -0.5))
    tables: dict[str, Any] = {
        "settings": settings(hours, hazard=Flood(uncertainty=CERTAIN)),
        "villages": tuple(
            Village(id=name, population=persons, zone="river", **at(i, 0)) for i, name in enumerate(names)
        ),
        "shelters": (Shelter(id="school", capacity=10 * persons, elevation_m=30, **STOCK, **at(0, 1)),),
        "depots": (Depot(id="depot", elevation_m=30, **STOCK, **at(1, 1)),),
        "bases": (Base(id="station", elevation_m=30, **at(2, 1)),),
        "landing_sites": (LandingSite(id="field", elevation_m=30, **at(0, 1)),),
        "roads": (*chain(["village-0", "school", "depot", "station"]), *chain(names)),
        "teams": (Team(id="team", base="station", tasks=("evacuate", "rescue", "medical", "reconnaissance")),),
        "boats": (Boat(id="boat", base="station", count=boat_count),),
        "trucks": (Truck(id="truck", base="station", count=2),),
        "helicopters": (Helicopter(id="helicopter", base="station"),),
        "levels": tuple(Level(zone="river", time_h=time_h, level_m=level_m) for time_h, level_m in course),
    }
    return ALL_STAY.follow(Scenario(**(tables | changes)))


shares = st.sampled_from([0.0, 0.1, 0.5, 1.0])
stocks = st.fixed_dictionaries({item: st.sampled_from([0.0, 50.0, 5000.0]) for item in STOCK})
heights = st.sampled_from([0.0, 1.0, 2.0, 30.0])
STORM = (Weather(time_h=0, wind_ms=20, visibility_km=1), Weather(time_h=9, wind_ms=3, visibility_km=9))
zones = st.sampled_from(["", "east", "west"])


@st.composite
def scenarios(draw: st.DrawFn, most_villages: int = 6, most_institutions: int = 0) -> Scenario:
    """Any small valid scenario: places on a grid, a connected road net with a few loops, every kind of responder."""
    names: dict[str, list[str]] = {
        kind: [f"{kind}-{i}" for i in range(draw(st.integers(least, most)))]
        for kind, least, most in (
            ("village", 2, most_villages), ("institution", 0, most_institutions),
            ("shelter", 0, 2), ("depot", 0, 2), ("base", 1, 2), ("site", 0, 1),
        )
    }  # fmt: skip
    ids = [one for group in names.values() for one in group]
    spots = draw(st.permutations([(column, row) for column in range(4) for row in range(4)]))
    where = {one: at(*spot) for one, spot in zip(ids, spots, strict=False)}

    def ground(one: str) -> dict[str, Any]:
        return {"id": one, **where[one], "elevation_m": draw(heights), "zone": draw(zones)}

    depots = tuple(
        Depot(**ground(one), **draw(stocks), docks=draw(st.integers(1, 2)), upper="" if i == 0 else names["depot"][0])
        for i, one in enumerate(names["depot"])
    )
    by_levels = draw(st.booleans())
    return Scenario(
        settings=draw(any_settings(by_levels)),
        villages=tuple(
            Village(**ground(one), population=draw(st.sampled_from([0, 1, 7, 120, 900])), vulnerable=draw(shares),
                    upper_floor=draw(shares), cars=draw(shares), ordered=draw(st.booleans()),
                    public_shelter=draw(shares), ground_spread_m=draw(st.sampled_from([0.0, 1.5, 6.0])))
            for one in names["village"]
        ),
        institutions=tuple(
            Institution(**ground(one), kind=draw(st.sampled_from(["care_home", "school", "hospital"])),
                        persons=draw(st.sampled_from([0, 1, 40])), helpless=draw(st.none() | shares),
                        staff_day=draw(st.integers(0, 9)), storeys=draw(st.integers(1, 2)),
                        seats=draw(st.sampled_from([0, 1, 12])))
            for one in names["institution"]
        ),
        shelters=tuple(
            Shelter(**ground(one), **draw(stocks), capacity=draw(st.sampled_from([0, 20, 3000])))
            for one in names["shelter"]
        ),
        depots=depots,
        bases=tuple(Base(**ground(one)) for one in names["base"]),
        landing_sites=tuple(LandingSite(**ground(one), serves_km=8.0) for one in names["site"]),
        roads=draw(road_nets(ids)),
        levels=draw(water_levels()) if by_levels else (),
        depths=() if by_levels else draw(water_depths(names["village"])),
        weather=draw(st.sampled_from([(), STORM])),
        **draw(forces(names["base"])),
    )  # fmt: skip


@st.composite
def any_settings(draw: st.DrawFn, by_levels: bool) -> Settings:
    """Sections that change what happens most: policy, order times, uncertainty, damage, contact."""
    return settings(
        draw(st.sampled_from([12.0, 30.0, 60.0])),
        hazard=Flood(
            source="levels" if by_levels else "depths",
            uncertainty=draw(st.sampled_from([CERTAIN, Uncertainty()])),
            road_damage=draw(shares),
        ),
        warning=Warning(order=draw(st.sampled_from([None, 0.0, 9.0])), reach=draw(shares)),
        command=Command(
            policy=draw(st.sampled_from(list(POLICIES))),
            levels=(ResponseLevel(level="III", time_h=0.0), ResponseLevel(level="I", time_h=8.0)),
            contact_loss=draw(shares),
        ),
    )


@st.composite
def road_nets(draw: st.DrawFn, ids: list[str]) -> tuple[Road, ...]:
    """A tree over all places, and up to three roads more."""
    ends = [(ids[draw(st.integers(0, i - 1))], ids[i]) for i in range(1, len(ids))]
    more = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=3))
    ends += [(a, b) for a, b in more if a != b]
    return tuple(
        Road(id=f"road-{i}", start=a, end=b, bridge=draw(st.booleans()), elevation_m=draw(st.none() | heights))
        for i, (a, b) in enumerate(ends)
    )


@st.composite
def water_levels(draw: st.DrawFn) -> tuple[Level, ...]:
    """A rise and a fall in each zone."""
    rows: list[Level] = []
    for zone in ("east", "west"):
        begin, rise, stay = (draw(st.sampled_from([1.0, 4.0, 10.0])) for _ in range(3))
        peak = draw(st.sampled_from([-1.0, 0.5, 1.4, 3.5]))
        for time_h, level_m in (
            (0.0, -2.0),
            (begin, -1.5),
            (begin + rise, peak),
            (begin + rise + stay, peak),
            (50.0, -2.0),
        ):
            rows.append(Level(zone=zone, time_h=time_h, level_m=level_m, velocity_ms=draw(st.sampled_from([0.0, 1.0]))))
    return tuple(rows)


@st.composite
def water_depths(draw: st.DrawFn, villages: list[str]) -> tuple[Depth, ...]:
    """A rise and a fall at some villages."""
    rows: list[Depth] = []
    for one in villages:
        peak = draw(st.sampled_from([0.0, 0.2, 0.6, 2.5]))
        rows += [Depth(subject=one, time_h=t, depth_m=d) for t, d in ((0.0, 0.0), (3.0, 0.0), (5.0, peak), (20.0, 0.0))]
    return tuple(rows)


@st.composite
def forces(draw: st.DrawFn, bases: list[str]) -> dict[str, Any]:
    """A few responders of each kind, some released late, some that break down."""

    def crew(kind: str) -> dict[str, Any]:
        return {
            "id": kind,
            "base": draw(st.sampled_from(bases)),
            "count": draw(st.integers(1, 3)),
            "release": draw(st.sampled_from(["", "III", "I", "II"])),
            "available": draw(st.sampled_from([None, 5.0])),
            "breakdown": draw(st.sampled_from([0.0, 0.3])),
            "shift_h": draw(st.sampled_from([4.0, 12.0])),
        }

    def some(record: type, kind: str, **fields: Any) -> tuple[Any, ...]:
        return (record(**crew(kind), **fields),) if draw(st.booleans()) else ()

    every_task = ("evacuate", "rescue", "relief", "medical", "reconnaissance")
    vehicle = draw(st.sampled_from(["truck", "high_clearance", "bus"]))
    return {
        "teams": some(Team, "team", tasks=every_task[: draw(st.integers(1, 5))], vehicle=vehicle),
        "boats": some(Boat, "boat", tasks=draw(st.sampled_from([("rescue",), ("rescue", "relief", "evacuate")]))),
        "trucks": some(Truck, "truck"),
        "helicopters": some(Helicopter, "helicopter", serviceable=draw(shares)),
    }
