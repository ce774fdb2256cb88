"""A generated province: villages on a plain with rivers that rise one after the other, and forces spread over it.

Not a real place. It has the size of one (180 x 180 km at 2,000 villages) so that the cost of a run can be measured;
smaller ones keep the same density of villages, roads, depots and responders.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay, cKDTree

from simrescue.hazards.flood.settings import Flood, Uncertainty
from simrescue.places import Base, Depot, LandingSite, Road, Shelter, Village
from simrescue.responders import Boat, Helicopter, Team, Truck
from simrescue.scenario.records import Command, Jurisdiction, Level, Relief, ResponseLevel, Scenario, Settings, Warning

KM_PER_DEGREE = 111.2
WEST, SOUTH = 114.0, 37.0
WHOLE, WIDTH_KM = 2000, 180.0
"""Villages of the whole province and its width."""
RIVERS = 9
FLOODPLAIN_SHARE = 0.27
"""Share of villages that lie in the zone of a river."""
LOWEST_M, SLOPE_M = 20.0, 3.0
"""Ground at the river, and how much higher it lies at the rim of its zone."""

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Ground:
    """Where the villages are: xy in km, river zone by number (-1: none), height in m."""

    xy: Points
    zone: NDArray[np.int64]
    height_m: NDArray[np.float64]


def province(villages: int = WHOLE, seed: int = 1, hours: float = 72.0, people: float = 150.0) -> Scenario:
    """A whole scenario held in memory, with responders and depots in proportion to its villages.

    At 2,000 villages: 550 responders, 800 depots, 100 shelters, 60 bases. `people`: median of a village.
    """
    rng = np.random.default_rng(seed)
    part = villages / WHOLE
    width = WIDTH_KM * math.sqrt(part)
    ground = _ground(rng, villages, width, rivers=max(2, round(RIVERS * math.sqrt(part))))
    dry = np.flatnonzero(ground.zone < 0)
    depot_at, shelter_at, base_at, site_at = (
        rng.choice(dry, size=max(2, round(count * part)), replace=count > len(dry)) for count in (800, 100, 60, 30)
    )
    bases = [Base(id=f"base-{i}", assumed=True, **_beside(ground, at, 0.5)) for i, at in enumerate(base_at)]
    return Scenario(
        settings=_settings(hours, villages, people),
        villages=tuple(_villages(rng, ground, people)),
        depots=tuple(_depots(ground, depot_at)),
        shelters=tuple(_shelters(ground, shelter_at)),
        bases=tuple(bases),
        landing_sites=tuple(
            LandingSite(id=f"site-{i}", serves_km=5.0, assumed=True, **_beside(ground, at, -0.5))
            for i, at in enumerate(site_at)
        ),
        roads=tuple(_roads(rng, ground, {"depot": depot_at, "shelter": shelter_at, "base": base_at, "site": site_at})),
        levels=tuple(_levels(rng, int(ground.zone.max()) + 1, hours)),
        **_responders(part, [base.id for base in bases]),
    )


def _settings(hours: float, villages: int, people: float) -> Settings:
    return Settings(
        simrescue=1,
        name=f"province-{villages}",
        title="Generated province",
        start=datetime.fromisoformat("2023-07-29T08:00+08:00"),
        duration_h=hours,
        jurisdiction=Jurisdiction(name="Generated province", population=int(villages * people * 1.2)),
        hazard=Flood(source="levels", uncertainty=Uncertainty()),
        warning=Warning(),
        command=Command(
            policy="priority", levels=(ResponseLevel(level="IV", time_h=0.0), ResponseLevel(level="II", time_h=6.0))
        ),
        relief=Relief(tracked=("food", "water", "shelter")),
    )


def _ground(rng: np.random.Generator, villages: int, width: float, rivers: int) -> Ground:
    """Villages on a jittered grid; the `FLOODPLAIN_SHARE` nearest to a river lie in its zone."""
    side = math.ceil(math.sqrt(villages))
    cells = rng.permutation(side * side)[:villages]
    xy = (np.column_stack((cells % side, cells // side)) + rng.uniform(0.1, 0.9, (villages, 2))) * (width / side)
    along = np.linspace(0, width, 200)
    courses = [_course(rng, along, width * (i + 0.5) / rivers) for i in range(rivers)]
    away = np.column_stack([cKDTree(course).query(xy)[0] for course in courses])
    nearest, distance = away.argmin(axis=1), away.min(axis=1)
    rim = np.quantile(distance, FLOODPLAIN_SHARE)
    zone = np.where(distance <= rim, nearest, -1)
    height = LOWEST_M + SLOPE_M * np.minimum(distance / rim, 4.0) + rng.uniform(-0.3, 0.3, villages)
    return Ground(xy, zone, height)


def _course(rng: np.random.Generator, along: Points, middle: float) -> Points:
    bends = sum(rng.uniform(0, 6) * np.sin(along / rng.uniform(8, 40) + rng.uniform(0, 6.3)) for _ in range(3))
    return np.column_stack((along, middle + bends))


def _spot(x_km: float, y_km: float) -> dict[str, float]:
    lat = SOUTH + y_km / KM_PER_DEGREE
    return {"lon": WEST + x_km / (KM_PER_DEGREE * math.cos(math.radians(SOUTH))), "lat": lat}


def _beside(ground: Ground, at: int, shift_km: float) -> dict[str, float]:
    x, y = ground.xy[at]
    return {**_spot(x + shift_km, y + shift_km), "elevation_m": round(float(ground.height_m[at]), 2)}


def _villages(rng: np.random.Generator, ground: Ground, people: float) -> list[Village]:
    population = np.maximum(10, rng.lognormal(math.log(people), 0.6, len(ground.xy))).astype(int)
    return [
        Village(
            id=f"village-{i}",
            population=int(population[i]),
            zone="" if ground.zone[i] < 0 else f"river-{ground.zone[i]}",
            elevation_m=round(float(ground.height_m[i]), 2),
            ordered=bool(ground.zone[i] >= 0),
            assumed=True,
            **_spot(*ground.xy[i]),
        )
        for i in range(len(ground.xy))
    ]


def _depots(ground: Ground, places: NDArray[np.intp]) -> list[Depot]:
    """One depot in twenty is the city's; the others are restocked from it by turns."""
    city = max(1, len(places) // 20)
    stock = {"food": 3000.0, "water": 3000.0, "clothing": 800.0, "shelter": 800.0, "medical": 1500.0}
    return [
        Depot(
            id=f"depot-{i}",
            tier="city" if i < city else "county",
            upper="" if i < city else f"depot-{i % city}",
            assumed=True,
            **{item: amount * (20 if i < city else 1) for item, amount in stock.items()},
            **_beside(ground, at, 0.3),
        )
        for i, at in enumerate(places)
    ]


def _shelters(ground: Ground, places: NDArray[np.intp]) -> list[Shelter]:
    stock = {"food": 500.0, "water": 500.0, "clothing": 300.0, "shelter": 600.0, "medical": 300.0}
    return [
        Shelter(id=f"shelter-{i}", capacity=3000, assumed=True, **stock, **_beside(ground, at, -0.3))
        for i, at in enumerate(places)
    ]


def _roads(rng: np.random.Generator, ground: Ground, spurs: dict[str, NDArray[np.intp]]) -> list[Road]:
    """Links between neighbouring villages, and one spur to each thing that stands beside a village."""
    kinds = np.array(["class1", "class2", "class3", "class4"])
    links = gabriel(ground.xy)
    drawn = rng.choice(kinds, len(links), p=[0.1, 0.3, 0.45, 0.15])
    roads = [
        Road(id=f"road-{i}", start=f"village-{a}", end=f"village-{b}", kind=str(kind), assumed=True)
        for i, ((a, b), kind) in enumerate(zip(links, drawn, strict=True))
    ]
    roads += [
        Road(id=f"spur-{kind}-{i}", start=f"{kind}-{i}", end=f"village-{at}", length_km=0.8, assumed=True)
        for kind, places in spurs.items()
        for i, at in enumerate(places)
    ]
    return roads


def gabriel(xy: Points) -> list[tuple[int, int]]:
    """Pairs of points with no third one inside the circle over them as diameter (Gabriel and Sokal 1969).

    About two links a point, always connected: what a road network between villages looks like.
    """
    corners = Delaunay(xy).simplices
    pairs = np.unique(np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1), axis=0)
    middle = (xy[pairs[:, 0]] + xy[pairs[:, 1]]) / 2
    radius = np.linalg.norm(xy[pairs[:, 0]] - xy[pairs[:, 1]], axis=1) / 2
    nearest = cKDTree(xy).query(middle)[0]
    return [(int(a), int(b)) for a, b in pairs[nearest >= radius * (1 - 1e-9)]]


def _levels(rng: np.random.Generator, zones: int, hours: float) -> list[Level]:
    """Each river rises over a few hours, stays high, and falls; one after the other."""
    rows = []
    for zone in range(zones):
        begins = rng.uniform(0.1, 0.45) * hours
        rise, high, fall = rng.uniform(4, 9), rng.uniform(8, 20), rng.uniform(20, 40)
        peak = LOWEST_M + SLOPE_M * rng.uniform(0.85, 1.25)
        course = ((0.0, LOWEST_M - 2), (begins, LOWEST_M - 1), (begins + rise, peak), (begins + rise + high, peak))
        for time_h, level_m in (*course, (begins + rise + high + fall, LOWEST_M - 1)):
            rows.append(Level(zone=f"river-{zone}", time_h=time_h, level_m=round(level_m, 2), velocity_ms=0.3))
    return rows


def _responders(part: float, bases: list[str]) -> dict[str, tuple[Team | Boat | Truck | Helicopter, ...]]:
    def at(count: int) -> list[str]:
        return [bases[i % len(bases)] for i in range(max(1, round(count * part)))]

    return {
        "teams": tuple(
            Team(id=f"team-{i}", base=base, tasks=("evacuate", "rescue", "medical", "reconnaissance"))
            for i, base in enumerate(at(170))
        ),
        "boats": tuple(Boat(id=f"boat-{i}", base=base) for i, base in enumerate(at(150))),
        "trucks": tuple(Truck(id=f"truck-{i}", base=base) for i, base in enumerate(at(215))),
        "helicopters": tuple(Helicopter(id=f"helicopter-{i}", base=base) for i, base in enumerate(at(15))),
    }
