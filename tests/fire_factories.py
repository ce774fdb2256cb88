"""Small forest fires for hypothesis: ground, wind and forces of any kind that the files could hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from hypothesis import strategies as st

from simrescue.dispatch import POLICIES
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.settings import FireUncertainty, Stage, Wildfire
from simrescue.places import Base, Depot, Ignition, Junction, LandingSite, Road, Shelter, Village, WaterSource
from simrescue.responders import Boat, Helicopter, Team, Truck
from simrescue.scenario.records import Air, Command, Detector, ResponseLevel, Scenario, Settings, Warning, Weather
from tests.factories import settings

WEST, NORTH, CELL_DEGREES = 116.0, 39.0, 0.001
"""Cells of some 86 by 111 m."""
SURE = FireUncertainty(wind=0.0, direction_deg=0.0, humidity=0.0, shift_h=0.0)
STAGES = (Stage(persons=20), Stage(area_ha=5, persons=60, helicopters=1, level="III"), Stage(after_h=6, persons=200))
Shape = tuple[int, int]

shares = st.sampled_from([0.0, 0.1, 0.5, 1.0])


def spot(column: float, row: float) -> dict[str, float]:
    """The point so many cells east and south of the north-west corner of the landscape."""
    return {"lon": WEST + CELL_DEGREES * column, "lat": NORTH - CELL_DEGREES * row}


def ground(fuel: np.ndarray, elevation_m: np.ndarray | None = None, cover: float = 0.0) -> Landscape:
    """A landscape of these fuels (R, C)."""
    flat = np.zeros(fuel.shape)
    height = flat if elevation_m is None else elevation_m
    return Landscape(WEST, NORTH, CELL_DEGREES, CELL_DEGREES, fuel.astype(np.int16), height, flat + cover, flat + 10.0)


@st.composite
def landscapes(draw: st.DrawFn) -> Landscape:
    """12 to 25 cells each way: one fuel or patches, bare ground between them or not, flat or hilly."""
    shape = draw(st.integers(12, 25)), draw(st.integers(12, 25))
    fuels = draw(st.sampled_from([(8,), (9,), (10,), (1,), (8, 10, 5), (1, 4, 8, 98), (2, 102, 165, 0), (98,)]))
    noise = np.random.default_rng(draw(st.integers(0, 9)))
    fuel = noise.choice(fuels, size=shape)
    if draw(st.booleans()):
        fuel[:, shape[1] // 2] = 98
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    hills = draw(st.sampled_from([0.0, 20.0, 60.0]))
    height = hills * (np.sin(rows / 3) + np.cos(columns / 4)) + noise.normal(0, hills / 20, shape)
    return ground(fuel, height, draw(st.sampled_from([0.0, 0.6])))


@st.composite
def fire_scenarios(draw: st.DrawFn) -> Scenario:
    """Any small valid fire scenario."""
    land = draw(landscapes())
    rows, columns = land.shape
    names: dict[str, list[str]] = {
        kind: [f"{kind}-{i}" for i in range(draw(st.integers(least, most)))]
        for kind, least, most in (
            ("village", 1, 3), ("shelter", 0, 2), ("depot", 0, 1), ("base", 1, 2), ("site", 0, 1), ("junction", 0, 2),
        )
    }  # fmt: skip
    ids = [one for group in names.values() for one in group]
    anywhere = st.tuples(st.integers(-4, columns + 3), st.integers(-4, rows + 3))
    spots = draw(st.lists(anywhere, min_size=len(ids), max_size=len(ids), unique=True))
    where = {one: spot(*at) for one, at in zip(ids, spots, strict=True)}
    stock = draw(st.sampled_from([0.0, 500.0]))
    goods = dict.fromkeys(("food", "clothing", "water", "shelter", "medical"), stock)
    return Scenario(
        settings=draw(fire_settings()),
        landscape=land,
        villages=tuple(
            Village(id=one, **where[one], population=draw(st.sampled_from([0, 1, 30, 400])), vulnerable=draw(shares),
                    cars=draw(shares), ordered=draw(st.booleans()), radius_km=draw(st.sampled_from([0.0, 0.3])))
            for one in names["village"]
        ),
        shelters=tuple(
            Shelter(id=one, **where[one], **goods, capacity=draw(st.sampled_from([0, 20, 3000])))
            for one in names["shelter"]
        ),
        depots=tuple(Depot(id=one, **where[one], **goods) for one in names["depot"]),
        bases=tuple(Base(id=one, **where[one]) for one in names["base"]),
        landing_sites=tuple(LandingSite(id=one, **where[one]) for one in names["site"]),
        junctions=tuple(Junction(id=one, **where[one]) for one in names["junction"]),
        ignitions=draw(ignitions(land.shape)),
        water_sources=draw(water_sources(land.shape)),
        roads=draw(roads(ids)),
        detectors=draw(detectors()),
        weather=draw(weathers()),
        **draw(fire_forces(names["base"])),
    )  # fmt: skip


@st.composite
def fire_settings(draw: st.DrawFn) -> Settings:
    """Sections that change what happens most: stages, embers, orders, levels, the hour of the day."""
    stages = draw(st.sampled_from([(), STAGES, (Stage(area_ha=3, persons=30),)]))
    levels = draw(st.sampled_from([(), (ResponseLevel(level="III", time_h=2.0),)]))
    return settings(
        draw(st.sampled_from([7.0, 15.0, 30.0, 1.0])),
        start=datetime.fromisoformat(f"2024-04-04T{draw(st.sampled_from(['08', '17', '23']))}:00+08:00"),
        hazard=Wildfire(
            kind="wildfire",
            stages=stages,
            step_h=draw(st.sampled_from([1 / 12, 0.25])),
            spotting=draw(st.sampled_from([0.0, 0.2])),
            burn_out_h=draw(st.sampled_from([0.1, 1.0])),
            uncertainty=draw(st.sampled_from([SURE, FireUncertainty()])),
            reports_h=draw(st.sampled_from([0.25, 1.0])),
        ),
        warning=Warning(order=draw(st.sampled_from([None, 1.0])), reach=draw(shares)),
        command=Command(policy=draw(st.sampled_from(list(POLICIES))), levels=levels),
        air=draw(st.sampled_from([Air(), Air(sunrise_h=0.0, sunset_h=24.0)])),
    )


@st.composite
def ignitions(draw: st.DrawFn, shape: Shape) -> tuple[Ignition, ...]:
    """One to three, anywhere on the landscape, its border and bare ground included; some together, some late."""
    columns, rows = (st.sampled_from([n // 2, n // 3, n // 2 + 2, 1, n - 1]) for n in reversed(shape))
    return tuple(
        Ignition(id=f"fire-{i}", time_h=draw(st.sampled_from([0.0, 0.4, 3.0, 20.0])),
                 **spot(draw(columns) + 0.5, draw(rows) + 0.5))
        for i in range(draw(st.integers(1, 3)))
    )  # fmt: skip


@st.composite
def water_sources(draw: st.DrawFn, shape: Shape) -> tuple[WaterSource, ...]:
    """None, one deep enough for buckets or not, or both."""
    depths = draw(st.sampled_from([(), (6.0,), (0.5,), (0.5, 6.0)]))
    return tuple(
        WaterSource(id=f"water-{i}", depth_m=depth_m, **spot(draw(st.integers(0, shape[1])), 3 * i))
        for i, depth_m in enumerate(depths)
    )


@st.composite
def roads(draw: st.DrawFn, ids: list[str]) -> tuple[Road, ...]:
    """No roads, or most of a tree over all places."""
    if draw(st.sampled_from([True, False, False, False])):
        return ()
    ends = [(ids[draw(st.integers(0, i - 1))], ids[i]) for i in range(1, len(ids))]
    missing = draw(st.sampled_from([None, None, 0]))
    return tuple(Road(id=f"road-{i}", start=a, end=b) for i, (a, b) in enumerate(ends) if i != missing)


@st.composite
def detectors(draw: st.DrawFn) -> tuple[Detector, ...]:
    """Nobody, people who live there, or a satellite that may miss a fire."""
    residents = Detector(id="residents", kind="residents", revisit_h=0.25, delay_h=0.1, chance=0.9, night_factor=0.5)
    satellite = Detector(id="satellite", kind="satellite", revisit_h=1.0, delay_h=0.5, smallest_ha=4)
    lookout = Detector(id="tower", kind="lookout", revisit_h=0.1, delay_h=0, chance=1, range_km=1.0, **spot(0, 0))
    return draw(st.sampled_from([(residents,), (residents, satellite), (residents, lookout), (satellite,), ()]))


@st.composite
def weathers(draw: st.DrawFn) -> tuple[Weather, ...]:
    """Calm or windy, dry or wet, with turns of the wind; the first point may come late."""
    times = draw(st.sampled_from([(0.0,), (0.0, 2.0, 5.5), (1.0, 10.0)]))
    return tuple(
        Weather(time_h=time_h, wind_ms=draw(st.sampled_from([0.0, 2.0, 3.0, 8.0, 20.0])),
                wind_from_deg=draw(st.sampled_from([0.0, 90.0, 200.0, 360.0])), temperature_c=20,
                humidity=draw(st.sampled_from([0.05, 0.3, 1.0])), rain_mm=draw(st.sampled_from([0.0, 0.0, 10.0])),
                visibility_km=draw(st.sampled_from([1.0, 20.0])))
        for time_h in times
    )  # fmt: skip


@st.composite
def fire_forces(draw: st.DrawFn, bases: list[str]) -> dict[str, Any]:
    """Crews with and without pumps, aircraft with and without buckets; some free late, some that break down."""

    def crew(name: str) -> dict[str, Any]:
        return {
            "id": name,
            "base": draw(st.sampled_from(bases)),
            "count": draw(st.integers(1, 3)),
            "release": draw(st.sampled_from(["", "", "", "III"])),
            "available": draw(st.sampled_from([None, None, 2.0])),
            "breakdown": draw(st.sampled_from([0.0, 0.3])),
            "turnout_h": draw(st.sampled_from([0.0, 0.5])),
            "shift_h": draw(st.sampled_from([12.0, 3.0, 0.0])),
            "rest_h": draw(st.sampled_from([0.5, 8.0])),
        }

    def some(record: type, name: str, **fields: Any) -> tuple[Any, ...]:
        return (record(**crew(name), **fields),) if draw(st.sampled_from([True, True, False])) else ()

    line = some(
        Team, "line", tasks=draw(st.sampled_from([("suppression",), ("suppression", "evacuate", "rescue")])),
        kind=draw(st.sampled_from(["forest_fire", "local"])), size=draw(st.sampled_from([1, 20, 90])),
        pumps=draw(st.integers(0, 1)), vehicle=draw(st.sampled_from(["truck", "foot"])),
    )  # fmt: skip
    bucket = some(
        Helicopter, "bucket", bucket_t=draw(st.sampled_from([0.0, 3.0])), seats=draw(st.sampled_from([0, 8])),
        tasks=draw(st.sampled_from([("water_drop",), ("water_drop", "reconnaissance", "evacuate", "rescue")])),
        refuel_h=draw(st.sampled_from([0.0, 0.5])), serviceable=draw(st.sampled_from([0.5, 1.0])),
    )  # fmt: skip
    return {
        "teams": (*line, *some(Team, "medics", tasks=("medical", "rescue", "evacuate"))),
        "boats": some(Boat, "boat"),
        "trucks": some(Truck, "truck"),
        "helicopters": bucket,
    }
