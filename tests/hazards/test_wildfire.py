import math

import numpy as np
import pytest

from simrescue.hazards.base import (
    BURNING,
    CONTAINED,
    CONTROLLED,
    ESCAPED,
    OUT,
    Drop,
    Effort,
    Flames,
    Smoke,
    Tools,
    Work,
)
from simrescue.hazards.wildfire.fire_course import FireCourse, FireField
from simrescue.hazards.wildfire.landscape.terrain import DEGREE_M, Landscape
from simrescue.hazards.wildfire.settings import FireUncertainty
from simrescue.hazards.wildfire.settings import Wildfire as Rules
from simrescue.hazards.wildfire.spread.front import Burn
from simrescue.hazards.wildfire.spread.reached_sites import SitesInFlames, plume, site_cells
from simrescue.hazards.wildfire.spread.spotting import ember_draws, embers, long_flames
from simrescue.parameters import Parameters
from simrescue.places import Ignition, Junction, Road, Village
from simrescue.scenario.records import Scenario, Weather
from tests.factories import settings

DEFAULT = Parameters()

CELL_M = 60.0
LAT = 38.0
SURE = FireUncertainty(wind=0.0, direction_deg=0.0, humidity=0.0, shift_h=0.0)


def ground(rows=61, columns=61, fuel=2):
    degrees = CELL_M / DEGREE_M
    north = LAT + rows / 2 * degrees
    flat = np.zeros((rows, columns))
    numbers = np.full((rows, columns), fuel, dtype=np.int16)
    return Landscape(114.0, north, degrees / math.cos(math.radians(LAT)), degrees, numbers, flat, flat, flat)


def spot(land, row, column):
    lon, lat = land.centre(np.array([row * land.shape[1] + column]))
    return {"lon": float(lon[0]), "lat": float(lat[0])}


def burning(
    land=None, hours=6.0, wind_ms=4.0, fires=((30, 30, 0.5),), villages=(), junctions=(), roads=(), rules=None, **tables
):
    land = land or ground()
    rules = {"uncertainty": SURE, "spotting": 0.0} | (rules or {})
    weather = [
        Weather(time_h=hour, wind_ms=wind_ms, visibility_km=10, wind_from_deg=270, temperature_c=22, humidity=0.25)
        for hour in (0.0, hours)
    ]
    return Scenario(
        settings=settings(hours, hazard=Rules(kind="wildfire", **rules)),
        ignitions=tuple(
            Ignition(id=f"fire-{number}", time_h=time_h, **spot(land, row, column))
            for number, (row, column, time_h) in enumerate(fires)
        ),
        villages=tuple(Village(id=name, population=100, **spot(land, row, column)) for name, row, column in villages),
        junctions=tuple(Junction(id=name, **spot(land, row, column)) for name, row, column in junctions),
        roads=tuple(Road(id=f"{a}-{b}", start=a, end=b, width_m=0) for a, b in roads),
        weather=tuple(weather),
        landscape=land,
        **tables,
    )


def course(scenario, replication=0, effort=None, hours=None, step_h=1 / 12):
    """All changes of one course, step by step, and the fire at its end."""
    fire, told, hour = FireCourse(FireField(scenario), 1, replication), [], 0.0
    while hour < (hours or scenario.settings.duration_h) - 1e-9:
        hour += step_h
        effects = fire.advance(hour, effort(fire, hour) if effort else Effort())
        told.append((hour, fire.changes, effects))
    return told, fire


def burnt(told):
    return [burn for _, changes, _ in told for burn in changes.burns]


def crew(fire, hour, persons=60.0, since_h=1.5, step_h=1 / 12, **fields):
    """Effort of one strong crew, which keeps asking for a post."""
    lon, lat = (float(figure[0]) for figure in fire.field.landscape.centre(np.array([fire.field.given[0].cell])))
    if hour < since_h or not (fire.post(0) or fire.take_post(0, 0, lon, lat, Tools(3.0, True, True, hands=20.0))):
        return Effort()
    return Effort((Work(0, persons * step_h),), **fields)


# ---- growth


def test_nothing_before_the_ignition_and_then_growth():
    scenario = burning(fires=((30, 30, 1.5),))
    fire = FireCourse(FireField(scenario), 1, 0)
    assert fire.next_time() == 1.5
    assert fire.advance(1.4) == []
    assert fire.changes.burns == ()
    assert fire.state(0).area_ha == 0
    assert fire.edge_point(0, 114.0, LAT) is None
    fire.advance(1.5)
    first = fire.changes.burns
    assert [(burn[0], burn[1]) for burn in first] == [(1.5, 0)]
    told = []
    for hour in (2.0, 2.5, 3.0):
        fire.advance(hour)
        told.append(fire.changes)
    state = fire.state(0)
    assert state.area_ha == pytest.approx((1 + sum(len(one.burns) for one in told)) * 0.36, rel=1e-6)
    assert state.state == BURNING
    assert state.perimeter_km > 2 * math.sqrt(math.pi * state.area_ha / 100)
    assert 0 < state.open_km <= 1.2 * state.perimeter_km


def test_burns_are_those_of_the_free_course():
    scenario = burning()
    field = FireField(scenario)
    told, fire = course(scenario)
    assert field.free_area_ha(1, 0) == pytest.approx(fire.state(0).area_ha)
    arrival = field.free_arrival_h(1, 0)
    assert all(arrival[cell] == pytest.approx(hour, abs=1e-3) for hour, _, cell in burnt(told))
    assert fire.next_time() > scenario.settings.duration_h


def test_same_inputs_same_course():
    scenario = burning(rules={"uncertainty": FireUncertainty(), "spotting": 0.2})
    first, _ = course(scenario, 3, crew)
    again, _ = course(scenario, 3, crew)
    other, _ = course(scenario, 4, crew)
    assert repr(first) == repr(again)
    assert repr(first) != repr(other)


def test_less_wind_never_burns_more():
    areas = [FireField(burning(wind_ms=wind)).free_area_ha(1, 0) for wind in (1.0, 3.0, 5.0, 7.0)]
    assert areas == sorted(areas)
    assert areas[0] < areas[-1]


def test_fire_that_runs_off_the_landscape_escapes():
    _, fire = course(burning(ground(21, 41), wind_ms=8.0, fires=((10, 4, 0.1),)))
    assert fire.state(0).state == ESCAPED


def test_ignition_on_bare_ground_is_out_at_once():
    land = ground()
    land.fuel[30, 30] = 99
    told, fire = course(burning(land, fires=((30, 30, 0.5), (10, 10, 0.5))), hours=1.0)
    assert [changes.states for _, changes, _ in told if changes.states] == [((0, OUT),)]
    assert fire.state(0).state == OUT
    assert fire.state(1).state == BURNING
    assert fire.edge_point(0, 114.0, LAT) is None


def test_two_fires_that_meet_share_the_ground():
    told, fire = course(burning(fires=((30, 20, 0.0), (30, 32, 0.0)), hours=4.0))
    cells = [cell for _, _, cell in burnt(told)]
    assert len(set(cells)) == len(cells)
    assert fire.state(0).area_ha > 0 < fire.state(1).area_ha
    assert fire.state(0).area_ha + fire.state(1).area_ha == pytest.approx(len(cells) * 0.36, rel=1e-6)


# ---- fought


def test_crews_hold_a_fire_and_it_goes_out():
    scenario = burning(hours=40.0, wind_ms=1.0)
    told, fire = course(scenario, effort=crew)
    states = [state for _, changes, _ in told for _, state in changes.states]
    assert states[:1] == [CONTAINED]
    assert CONTROLLED in states
    assert fire.state(0).area_ha < FireField(scenario).free_area_ha(1, 0) / 2
    lined = {cell for _, changes, _ in told for _, _, cell, _ in changes.lines}
    assert lined
    assert not lined & {cell for _, _, cell in burnt(told)}


def test_more_hands_and_earlier_never_mean_more_area():
    def mean_area(persons, since_h, drops=0):
        def effort(fire, hour):
            loads = tuple(Drop(9, 0, 3.0) for _ in range(drops) if hour > since_h)
            return crew(fire, hour, persons, since_h, drops=loads) if persons else Effort((), loads)

        rules = {"uncertainty": FireUncertainty()}
        scenario = burning(rules=rules, wind_ms=3.0)
        return np.mean([course(scenario, number, effort)[1].state(0).area_ha for number in range(6)])

    nobody, some, many, early = mean_area(0, 2.0), mean_area(30, 2.0), mean_area(120, 2.0), mean_area(120, 1.0)
    wet = mean_area(30, 2.0, drops=2)
    assert nobody > some > many > early
    assert wet <= some


# ---- sites


def test_flames_come_to_a_village_and_leave_it_and_its_road():
    scenario = burning(
        villages=(("east", 30, 45), ("far", 2, 2)),
        junctions=(("cross", 20, 40), ("bend", 40, 40)),
        roads=(("cross", "bend"), ("far", "cross")),
        hours=12.0,
        wind_ms=6.0,
    )
    told, fire = course(scenario)
    east, road = 0, len(scenario.places)
    found = [(hour, *one) for hour, _, effects in told for one in effects if isinstance(one, Flames)]
    came = {site: hour for hour, site, on in reversed(found) if on}
    left = {site: hour for hour, site, on in found if not on}
    arrival = FireField(scenario).mean_arrival_h
    assert came[east] == pytest.approx(arrival[east], abs=0.09)
    assert came[road] == pytest.approx(arrival[road], abs=0.09)
    assert came[road] < came[east] < left[east]
    assert 1 not in came
    assert math.isinf(arrival[1])
    assert fire.expected_h(1) > 1.0


def test_expected_time_is_about_right_in_even_country():
    scenario = burning(villages=(("east", 30, 55),), hours=8.0)
    fire = FireCourse(FireField(scenario), 1, 0)
    assert fire.expected_h(0) == math.inf
    fire.advance(1.5)
    lon, lat = scenario.villages[0].lon, scenario.villages[0].lat
    land = scenario.landscape
    cell = int(land.cell_of(lon, lat))
    arrival = FireField(scenario).free_arrival_h(1, 0)[cell]
    assert fire.expected_h(0) == pytest.approx(arrival - 1.5, rel=0.15)


def test_each_fire_is_expected_by_itself():
    scenario = burning(villages=(("east", 30, 55),), fires=((30, 5, 0.0), (30, 45, 0.0)), hours=8.0)
    fire = FireCourse(FireField(scenario), 1, 0)
    fire.advance(1.0)
    far_h, near_h = fire.expected_h(0, 0), fire.expected_h(0, 1)
    assert near_h < far_h
    assert fire.expected_h(0) == near_h


def test_edge_point_is_the_nearest_of_the_edge():
    scenario = burning()
    _, fire = course(scenario, hours=3.0)
    lon, lat = scenario.landscape.centre(np.array([30 * 61 + 60]))
    east = fire.edge_point(0, float(lon[0]), float(lat[0]))
    lon, lat = scenario.landscape.centre(np.array([30 * 61]))
    west = fire.edge_point(0, float(lon[0]), float(lat[0]))
    assert west[0] < scenario.ignitions[0].lon < east[0]
    assert east[1] == pytest.approx(scenario.ignitions[0].lat, abs=0.002)


def test_smoke_goes_with_the_wind():
    scenario = burning(villages=(("lee", 30, 50), ("luff", 30, 12)), hours=3.0)
    told, fire = course(scenario)
    smoked = {one.site for _, _, effects in told for one in effects if isinstance(one, Smoke) and one.thick}
    assert 0 in smoked
    assert 1 not in smoked
    assert fire.smoke_at(scenario.villages[0].lon, scenario.villages[0].lat)
    assert not fire.smoke_at(scenario.villages[1].lon, scenario.villages[1].lat)


def test_plume_by_hand():
    land = ground()
    burning_cells = np.arange(100)
    calm = plume(land, burning_cells, 4.0, 180.0, DEFAULT)
    # 36 ha in 4 m/s, 1 km for 1 ha in 1 m/s; a south wind carries it north
    assert calm.length_m == pytest.approx(1000 * math.sqrt(36 / 4), rel=1e-6)
    assert calm.towards == pytest.approx((0.0, 1.0), abs=1e-9)
    x, y = land.xy_m(50)
    ahead = calm.covers(np.array([x, x, x]), np.array([y + 2900, y + 3200, y - 500]))
    assert ahead.tolist() == [True, False, False]


def test_cells_of_sites():
    land = ground()
    scenario = burning(
        land,
        villages=(("village", 30, 30),),
        junctions=(("west", 10, 10), ("east", 10, 20), ("out", 30, 0)),
        roads=(("west", "east"),),
    )
    sites = site_cells(land, scenario.places, scenario.roads)
    of = {number: sites.cells[sites.sites == number] for number in range(sites.n_sites)}
    # 200 m of village and the cells beside it
    off = np.hypot(*np.array(np.divmod(of[0], 61)) - 30) * CELL_M
    assert off.max() <= 200 + math.sqrt(2) * CELL_M
    assert len(of[0]) > math.pi * 200**2 / CELL_M**2
    assert len(of[1]) == len(of[2]) == 9
    assert len(of[3]) == 6
    # the line between its ends, and the cells beside it
    assert sorted(of[5]) == [row * 61 + column for row in (9, 10, 11) for column in range(9, 22)]


def test_flames_last_while_the_front_crosses_and_burns_out():
    land = ground()
    scenario = burning(land, junctions=(("here", 10, 10),))
    flames = SitesInFlames(site_cells(land, scenario.places, ()), burn_out_h=0.5)
    cell = 10 * 61 + 10
    assert flames.advance(1.0, [Burn(0.9, 0, cell)], np.array([0.25])) == ((0, True),)
    assert flames.advance(1.6, [], np.zeros(0)) == ()
    assert flames.advance(1.7, [], np.zeros(0)) == ((0, False),)


# ---- embers


def test_embers_fly_with_the_wind_and_keep_their_draws():
    land = ground(201, 201)
    draws = ember_draws(land.shape, 1.0, 1, 0, DEFAULT)
    cells = [row * 201 + column for row in range(60, 140) for column in range(60, 140)]
    burns = [Burn(2.0, 0, cell) for cell in cells]
    flight_m = long_flames(draws, burns, np.full(len(burns), 10.0), 5.0, DEFAULT)
    found = embers(draws, burns, flight_m, land, 270.0)
    x0, y0 = land.xy_m(np.array(cells))
    assert len(found) > 0.99 * len(burns)
    x, y = land.xy_m(np.array([ember.cell for ember in found]))
    # 40 s aloft in 5 m/s
    assert x.mean() - x0.mean() == pytest.approx(200, rel=0.1)
    assert abs(y.mean() - y0.mean()) < 10
    assert min(ember.time_h for ember in found) >= 2.0
    assert embers(draws, burns, long_flames(draws, burns, np.ones(len(burns)), 5.0, DEFAULT), land, 270.0) == []
    few = embers(draws, burns[:10], flight_m[:10], land, 270.0)
    assert few == found[: len(few)]


def test_spots_start_new_fires_on_ground_that_burns():
    land = ground(fuel=4)
    land.fuel[:, 40] = 99
    told, _ = course(burning(land, wind_ms=8.0, rules={"embers": "flames", "spotting": 0.5}, hours=3.0))
    spots = [one for _, changes, _ in told for one in changes.spots]
    assert spots
    assert set(spots) <= set(burnt(told))
    assert all(land.burns.ravel()[cell] for _, _, cell in spots)
    beyond = [cell for _, _, cell in burnt(told) if cell % 61 > 40]
    assert beyond
    still, _ = course(burning(land, wind_ms=8.0, hours=3.0))
    assert not [cell for _, _, cell in burnt(still) if cell % 61 > 40]


# ---- another model's arrival times


def test_given_arrival_stands_in_for_growth():
    land = ground()
    rows, columns = np.mgrid[0:61, 0:61]
    given = np.hypot(rows - 30, columns - 30) / 10
    given[given > 2] = np.inf
    scenario = burning(land, arrival_h=given, villages=(("east", 30, 45),))
    field = FireField(scenario)
    assert not field.answers_effort
    idle, fire = course(scenario)
    fought, _ = course(scenario, effort=crew)
    assert burnt(idle) == burnt(fought)
    hours = {cell: hour for hour, _, cell in burnt(idle)}
    assert hours.keys() == set(np.flatnonzero(np.isfinite(given.ravel())).tolist())
    assert all(hour == pytest.approx(given.ravel()[cell] + 0.5) for cell, hour in hours.items())
    assert fire.state(0).area_ha == pytest.approx(len(hours) * 0.36, rel=1e-6)
    assert FireField(burning()).answers_effort
    assert field.mean_arrival_h[0] < 2.5


def test_no_point_of_the_edge_lies_beyond_the_reach():
    """The reach bounds the search for the road end nearest to a fire, embers and all."""
    scenario = burning(ground(), wind_ms=8.0, hours=3.0)
    _, fire = course(scenario)
    land, start = scenario.landscape, scenario.ignitions[0]
    x, y = land.xy_m(land.cell_of(start.lon, start.lat))
    far = []
    for side in range(16):
        lon, lat = start.lon + math.sin(side), start.lat + math.cos(side)
        at_x, at_y = land.xy_m(land.cell_of(*fire.edge_point(0, lon, lat)))
        far.append(math.hypot(at_x - x, at_y - y) / 1000)
    assert 0 < max(far) <= fire.reach_km(0) < max(far) + 0.2
