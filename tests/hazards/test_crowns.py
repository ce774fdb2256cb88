"""Crown fire over a landscape, the embers of torching crowns, and the slow beginning of fires that start as points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from simrescue.hazards.base import Floats
from simrescue.hazards.wildfire.behaviour import crown_fire
from simrescue.hazards.wildfire.behaviour.firebrands import PINE, farthest_m, ignition_chance, lofted_m, torching
from simrescue.hazards.wildfire.behaviour.rothermel import Spread
from simrescue.hazards.wildfire.fire_course import FireCourse, FireField
from simrescue.hazards.wildfire.landscape.fire_weather import FireWeather, WeatherPoint, spread_at
from simrescue.hazards.wildfire.landscape.stand import Stand, kinds, stand
from simrescue.hazards.wildfire.landscape.terrain import DEGREE_M, Landscape
from simrescue.hazards.wildfire.settings import FireUncertainty, Wildfire
from simrescue.hazards.wildfire.spread.crowning import MODELS, crown_fuel, with_crowns
from simrescue.hazards.wildfire.spread.front import Burn, Front
from simrescue.hazards.wildfire.spread.spotting import ember_draws, embers, torching_crowns
from simrescue.hazards.wildfire.spread.travel_time import metric
from simrescue.parameters import Parameters
from simrescue.places import Ignition
from simrescue.scenario.records import Scenario, Weather
from tests.factories import settings

DEFAULT = Parameters()
CELL_M, LAT, LAG_H = 60.0, 38.0, 0.145
PINES = 165
"""Timber with understory that burns hot enough to reach crowns."""


def pines(
    base_m: float = 2.0, density: float = 0.12, fuel: int = PINES, size: int = 61, slope: float = 0.0
) -> Landscape:
    """Pines of 12 m over one fuel, the ground rising to the north."""
    degrees, flat = CELL_M / DEGREE_M, np.zeros((size, size))
    rising = flat + slope * CELL_M * np.arange(size)[::-1, None]
    crowns = Stand(flat + base_m, flat + density, np.zeros((size, size), dtype=np.int8))
    numbers = np.full((size, size), fuel, dtype=np.int16)
    north = LAT + size / 2 * degrees
    across = degrees / math.cos(math.radians(LAT))
    return Landscape(114.0, north, across, degrees, numbers, rising, flat + 0.6, flat + 12.0, crowns)


def weather(wind_ms: float = 8.0, humidity: float = 0.2, hours: float = 3.0) -> FireWeather:
    points = [WeatherPoint(hour, wind_ms, 270.0, 26.0, humidity) for hour in (0.0, hours)]
    return FireWeather(points, 0.6, 0.9, DEFAULT)


def fire(land: Landscape, air: FireWeather, model: str = "cruz", foliar: float = 1.0) -> tuple[Spread, Spread]:
    """The surface fire of an hour, and the fire with crowns."""
    surface, of = spread_at(land, air, 0.5), crown_fuel(land, foliar)
    assert of is not None
    return surface, with_crowns(surface, land, air.at(0.5), model, of, DEFAULT.fire_wind_10m_to_20ft)


def scenario(
    land: Landscape, wind_ms: float = 8.0, humidity: float = 0.2, hours: float = 3.0, **rules: Any
) -> Scenario:
    lon, lat = (float(value[0]) for value in land.centre(np.array([land.n_cells // 2])))
    air = [
        Weather(time_h=hour, wind_ms=wind_ms, visibility_km=10, wind_from_deg=270, temperature_c=26, humidity=humidity)
        for hour in (0.0, hours)
    ]
    return Scenario(
        settings=settings(hours, hazard=Wildfire(kind="wildfire", **rules)),
        ignitions=(Ignition(id="fire", time_h=0.0, lon=lon, lat=lat),),
        weather=tuple(air),
        landscape=land,
    )


# ---- by hand


@pytest.mark.parametrize("wind_ms", [3.0, 8.0])
def test_a_surface_fire_hot_enough_runs_as_a_crown_fire(wind_ms: float) -> None:
    """Heat, rate and share of crowns of one cell by the published formulas, step by step."""
    air = weather(wind_ms)
    surface, crowned = fire(pines(base_m=1.0), air)
    heat = surface.intensity_kw_m[0] * 60 / surface.head_m_min[0]
    start = (0.010 * 1.0 * (460 + 25.9 * 100)) ** 1.5 * 60 / heat
    assert surface.head_m_min[0] > start
    active = 11.02 * (wind_ms * 3.6) ** 0.9 * 0.12**0.19 * math.exp(-17 * air.at(0.5).moisture.dead_1h)
    critical = 3.0 / 0.12
    rate = active if active >= critical else max(active * math.exp(-active / critical), surface.head_m_min[0])
    burned = 1.0 if active >= critical else 1 - math.exp(-0.23 * (rate - start))
    assert crowned.head_m_min[0] == pytest.approx(rate)
    assert crowned.crowns is not None
    assert crowned.crowns.burned[0] == pytest.approx(burned)
    canopy = 0.12 * 11.0 * crown_fire.HEAT_KJ_KG
    assert crowned.intensity_kw_m[0] == pytest.approx((heat + burned * canopy) * rate / 60)
    cells = np.array([0])
    slow = np.array([start / 2])
    assert crowned.intensity_at(cells, slow) == pytest.approx([heat * start / 2 / 60]), "a flank is surface fire"
    assert crowned.flame_at(cells, np.array([rate])) > crowned.flame_at(cells, slow)


def test_without_crowns_the_fire_is_the_surface_fire() -> None:
    """Crowns that begin too high, too damp needles, too thin a stand: not one number is another."""
    for land, foliar in ((pines(base_m=11.9), 1.2), (pines(fuel=181), 1.0)):
        surface, same = fire(land, weather(2.0), foliar=foliar)
        assert same is surface
    assert crown_fuel(pines(density=0.0), 1.0) is None


# ---- laws of the field


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("slope", [0.0, 0.4, 1.2])
def test_crowns_hold_no_part_of_a_fire_back(model: str, slope: float) -> None:
    """In no direction is the fire slower than the surface fire, nor cooler at the head."""
    for wind_ms in (0.5, 2.0, 5.0, 9.0, 16.0):
        for base_m in (0.5, 2.0, 5.0):
            surface, crowned = fire(pines(base_m, slope=slope, size=5), weather(wind_ms), model)
            cells = np.arange(25)
            for angle in np.radians(range(0, 360, 15)):
                way = np.full(25, math.sin(angle)), np.full(25, math.cos(angle))
                assert (metric(crowned).hours(cells, *way) <= metric(surface).hours(cells, *way) * (1 + 1e-9)).all()
            assert (crowned.intensity_kw_m >= surface.intensity_kw_m * (1 - 1e-12)).all()


@pytest.mark.parametrize("model", MODELS)
def test_more_wind_drier_and_lower_crowns_never_slow_the_head(model: str) -> None:
    def heads(**changes: Any) -> tuple[float, float]:
        given = {"wind_ms": 6.0, "humidity": 0.25, "base_m": 2.0, "foliar": 1.0} | changes
        land, air = pines(given["base_m"], size=3), weather(given["wind_ms"], given["humidity"])
        _, crowned = fire(land, air, model, given["foliar"])
        return float(crowned.head_m_min[0]), float(crowned.intensity_kw_m[0])

    for name, values in {
        "wind_ms": np.linspace(0.5, 20, 30),
        "humidity": np.linspace(0.9, 0.05, 30),
        "base_m": np.linspace(10, 0.2, 30),
        "foliar": np.linspace(1.6, 0.4, 30),
    }.items():
        found = np.array([heads(**{name: float(value)}) for value in values])
        assert (np.diff(found, axis=0) >= -1e-9).all(), name


def area_ha(land: Landscape, replications: int = 6, **changes: Any) -> float:
    field = FireField(scenario(land, uncertainty=FireUncertainty(shift_h=0), **changes))
    return float(np.mean([field.free_area_ha(1, number) for number in range(replications)]))


def test_lower_crowns_dryness_and_wind_never_make_the_mean_area_smaller() -> None:
    """With embers, on paired draws."""
    by_base = [area_ha(pines(base_m), wind_ms=5.0, hours=2.0) for base_m in (9.0, 3.0, 1.0)]
    by_air = [area_ha(pines(), humidity=humidity, wind_ms=4.0, hours=2.0) for humidity in (0.7, 0.4, 0.15)]
    by_wind = [area_ha(pines(), wind_ms=wind_ms, hours=1.0) for wind_ms in (1.0, 3.0, 6.0)]
    for areas in (by_base, by_air, by_wind):
        assert areas == sorted(areas)
        assert areas[-1] > areas[0]


def test_crown_fire_off_is_the_fire_of_bare_ground() -> None:
    """Off, the stand has no effect: area as on a landscape that tells of none."""
    land = pines()
    bare = Landscape(*land.grid[:4], land.fuel, land.elevation_m, land.canopy_cover, land.canopy_height_m)
    assert area_ha(land, crown="off") == area_ha(bare, crown="cruz") < area_ha(land)


# ---- stands


def test_what_layers_tell_goes_before_the_species_and_that_before_the_fuel() -> None:
    fuel = np.array([[PINES, 189, PINES, PINES]], dtype=np.int16)
    cover, top = np.array([[0.6, 0.6, 0.6, 0.2]]), np.full((1, 4), 10.0)
    plain = stand(fuel, cover, top, {}, DEFAULT)
    assert plain.base_m.tolist() == [[4.0, 4.0, 4.0, 4.0]]
    assert plain.density_kg_m3.tolist() == [[0.1, 0.0, 0.1, 0.0]], "broadleaves, and an open stand, carry no fire"
    species = np.array([[np.nan, 7.0, 7.0, 7.0]])
    base = np.array([[1.0, np.nan, 11.0, np.nan]])
    told = stand(fuel, cover, top, {"species": species, "canopy_base": base}, DEFAULT)
    assert told.base_m.tolist() == [[1.0, kinds()[7].base_m, 11.0, kinds()[7].base_m]]
    assert told.density_kg_m3.tolist() == [[0.1, kinds()[7].density_kg_m3, 0.0, 0.0]], "none above the tops"


# ---- embers of torching crowns


def flights(
    rank: float | None = None, heat: float = 10_000.0, wind_ms: float = 8.0, humidity: float = 0.2
) -> tuple[Floats, Landscape]:
    land, cells = pines(size=101), range(101 * 101)
    draws = ember_draws(land.shape, 1.0, 1, 0, DEFAULT)
    if rank is not None:
        draws = draws._replace(rank=np.full(land.n_cells, rank))
    air = weather(wind_ms, humidity).at(0.5)
    burns = [Burn(1.0, 0, cell) for cell in cells]
    return torching_crowns(draws, burns, np.full(land.n_cells, heat), land, air, DEFAULT), land


def test_embers_come_down_within_the_published_distance_and_as_many_as_their_mean_says() -> None:
    far, _ = flights()
    flame_m, lasts = torching(PINE, 0.15, 5)
    most_m = float(farthest_m(lofted_m(flame_m, lasts, 12.0), 12.0, 8.0 * 1.4 / 1.15))
    assert 0.5 * most_m < np.nanmax(far) < most_m
    assert flights(rank=1 - 1e-16)[0][0] <= most_m * (1 + 1e-9)
    few, _ = flights(heat=100.0)
    # 1e-6 a kJ x 100 kJ/m2 x 3600 m2 x the chance to light: 36 % of a tenth or so of the cells
    light = float(ignition_chance(26.0, 0.6, weather().at(0.5).moisture.dead_1h))
    assert np.mean(~np.isnan(few)) == pytest.approx(1 - math.exp(-0.36 * light), abs=0.02)


def test_more_heat_wind_and_dryness_carry_the_farthest_ember_farther() -> None:
    for rank in (0.1, 0.5, 0.9):
        for name, values in {
            "heat": (10.0, 1e3, 1e5),
            "wind_ms": (2.0, 6.0, 12.0),
            "humidity": (0.9, 0.5, 0.1),
        }.items():
            found = [np.nan_to_num(flights(rank, **{name: value})[0][0]) for value in values]  # type: ignore[arg-type]
            assert found == sorted(found), name
    calm, land = flights(wind_ms=0.0)
    assert {ember.cell for ember in embers_of(calm, land)} <= set(range(land.n_cells))


def embers_of(flight_m: Floats, land: Landscape) -> list[Any]:
    draws = ember_draws(land.shape, 1.0, 1, 0, DEFAULT)
    return embers(draws, [Burn(1.0, 0, cell) for cell in range(land.n_cells)], flight_m, land, 270.0)


def test_a_crown_fire_throws_embers_over_a_break_that_holds_without() -> None:
    """A break of bare ground 180 m wide, 600 m down the wind; the first spot beyond it is told as a spot."""
    land = pines(1.0)
    land.fuel[:, 40:43] = 99

    def beyond(**rules: Any) -> tuple[int, set[int], dict[int, float]]:
        course, spots, crowned = FireCourse(FireField(scenario(land, uncertainty=SURE, **rules)), 1, 0), set(), {}
        for step in range(1, 25):
            course.advance(step / 12)
            spots |= {cell for _, _, cell in course.changes.spots}
            crowned |= course.changes.crowned
        burnt = np.isfinite(course.front.arrival_h).reshape(land.shape)
        return int(burnt[:, 43:].sum()), spots, crowned

    cells, spots, crowned = beyond()
    assert cells > 0
    assert any(cell % 61 >= 43 for cell in spots)
    assert crowned
    assert all(0 < share <= 1 for share in crowned.values())
    assert beyond(spotting=0)[:2] == (0, set())
    assert beyond(crown="off")[1:] == (set(), {})


SURE = FireUncertainty(wind=0.0, direction_deg=0.0, humidity=0.0, shift_h=0.0)


# ---- young fires


def uniform(head: float, size: int) -> Spread:
    flat = np.ones(size * size)
    return Spread(flat * head, flat * math.pi / 2, flat * 0.6, flat * 500)


@pytest.mark.parametrize("turns_h", [(), (0.05, 0.1)])
@pytest.mark.parametrize("head", [2.0, 12.0])
def test_a_young_fire_comes_to_its_rate_as_published(head: float, turns_h: tuple[float, ...]) -> None:
    """R (1 - exp(-a t)) of Forestry Canada (1992): from half an hour on the front is where it says, within 20 s x R."""
    size, rate = 41, 0.115
    front = Front(size, size, CELL_M, CELL_M, np.ones(size * size, dtype=bool), 1 / (60 * rate))
    front.turn(uniform(head, size))
    front.ignite([20 * size + 4], 0, 0.0, young=True)
    for hour in turns_h:
        front.advance(hour)
        front.turn(uniform(head, size))
    front.advance(12.0)
    minutes = front.arrival_h[20 * size + np.arange(5, 40)] * 60
    far_m = (np.arange(5, 40) - 4) * CELL_M
    later = (minutes > 30) & np.isfinite(minutes)
    assert later.any()
    published_m = head * (minutes - (1 - np.exp(-rate * minutes)) / rate)
    assert published_m[later] == pytest.approx(far_m[later], abs=head / 3)


def test_a_spot_that_the_front_soon_takes_is_none() -> None:
    size = 41
    front = Front(size, size, CELL_M, CELL_M, np.ones(size * size, dtype=bool), LAG_H)
    front.turn(uniform(10.0, size))
    front.ignite([20 * size + 4], 0, 0.0)
    front.advance(1.0)
    next_cell = int(front.fringe.cells[np.argmin(front.forecast_h(front.fringe.cells))])
    front.ignite([next_cell, 20 * size + 38], 1, 1.0, young=True)
    assert front.fire_of[next_cell] == -1
    assert front.fire_of[20 * size + 38] == 1
