"""Water for pumps and buckets: relays up a slope, sources that run dry, tanks that lorries fill."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import DIRECT, WATER
from simrescue.parameters import Parameters
from simrescue.places import Base, WaterSource
from simrescue.responders import Helicopter
from simrescue.simulation.missions.wildfire.pump_relay import NO_RELAY, best_relay, flow_t_h
from simrescue.simulation.missions.wildfire.pump_water import DRY, OUT_OF_REACH
from simrescue.simulation.state import Simulation
from tests.simulation.fake_fire import burning_hills, crews, fake, run, spot
from tests.simulation.story import Story

DEFAULT = Parameters()


# ---- relays


def test_a_pump_that_lifts_nothing_moves_what_its_maker_says() -> None:
    assert flow_t_h(1, 0.0, 0.0, DEFAULT) == pytest.approx(17.06)


def test_a_relay_by_hand() -> None:
    """Two pumps press 300 m; 100 m of lift leave 200.

    Hose of 40 mm takes 8 x 0.02 / (pi2 x 9.81 x 0.04^5) = 16138 a metre; over 500 m, with 300 / 0.004739^2 = 1.336e7
    for the pumps: q = sqrt(200 / 2.143e7) = 3.055 L/s = 11.0 t/h.
    """
    assert flow_t_h(2, 100.0, 500.0, DEFAULT) == pytest.approx(11.0, rel=1e-3)


def test_above_its_head_nothing_comes_and_another_pump_brings_it_up() -> None:
    assert flow_t_h(1, 150.0, 100.0, DEFAULT) == 0.0
    assert flow_t_h(2, 150.0, 100.0, DEFAULT) > 0.0
    assert best_relay(1, 1.5, 20, 150.0, 0.1, math.inf, DEFAULT) == NO_RELAY
    assert best_relay(3, 1.5, 20, 320.0, 0.5, math.inf, DEFAULT).pumps == 3


def test_lines_side_by_side_share_the_hose() -> None:
    wide = best_relay(8, 1.6, 200, 0.0, 0.2, math.inf, DEFAULT)
    long = best_relay(8, 1.6, 200, 0.0, 0.9, math.inf, DEFAULT)
    assert wide.lines > 1
    assert (long.lines, long.pumps > wide.pumps) == (1, True)


def test_a_small_crew_mans_no_more_pumps_than_it_can_use() -> None:
    relay = best_relay(10, 1.5, 20, 0.0, 0.1, math.inf, DEFAULT)
    assert relay.n_pumps == 1
    assert best_relay(10, 1.5, 2, 0.0, 0.1, math.inf, DEFAULT) == NO_RELAY


@given(st.integers(0, 12), st.integers(2, 200), st.floats(0, 900), st.floats(0, 3), st.floats(0, 100))
def test_one_more_pump_never_gives_less_people_water(
    pumps: int, persons: int, lift_m: float, away_km: float, most_t_h: float
) -> None:
    def served(count: int) -> float:
        relay = best_relay(count, 1.5, persons, lift_m, away_km, most_t_h, DEFAULT)
        assert relay.n_pumps <= count
        assert relay.lines * away_km <= 1.5 + 1e-9
        wants_t_h = DEFAULT.hose_line_m_h * DEFAULT.water_kg_m / 1000
        hands = persons - DEFAULT.pump_hands * relay.n_pumps
        return min(hands, min(relay.flow_t_h, most_t_h) / wants_t_h)

    assert served(pumps + 1) >= served(pumps) - 1e-9


# ---- crews


def at_lake(holds_t: float | None, inflow_t_h: float = 0.0, lake_km: float = 2.3, **fields: Any) -> Simulation:
    """A crew of 20 with two pumps and no tanks at a fire that stands still, a lake beside it."""
    lake = WaterSource(id="lake", holds_t=holds_t, inflow_t_h=inflow_t_h, depth_m=5, **spot(10, lake_km))
    plain: dict[str, Any] = {"pumps": 2, "hose_km": 1.5, "tank_t": 0.0}
    sim = burning_hills(water_sources=(lake,), teams=crews(**({"count": 1} | plain | fields)))
    fake(sim).growth_kmh = 0.0
    return sim


def used_t(sim: Simulation, story: Story) -> float:
    """Water told of, and of the assignments under way."""
    told = sum(row.amount for row in story.rows(Kind.WATER_USED))
    return float(told + sum(one.water.used_t for one in sim.fires.assignments.values()))


def test_water_ends_when_the_pond_is_empty_and_they_go_on_by_hand() -> None:
    """20 people less 2 at the pump build 180 m an hour and use 2.7 t; 5.4 t last two hours."""
    sim = at_lake(5.4)
    story = run(sim, 8)
    post, empty = story.one(Kind.TAKES_POST), story.one(Kind.SOURCE_EMPTY)
    assert post.item == WATER
    assert story.one(Kind.PUMPS).item == 1
    assert empty.place == story.index["lake"]
    assert empty.time_h - post.time_h == pytest.approx(2.0, abs=0.26)
    fails = story.one(Kind.WATER_FAILS)
    assert fails.item == DRY
    assert empty.time_h <= fails.time_h <= empty.time_h + 0.25
    assert used_t(sim, story) == pytest.approx(5.4)
    assert sim.fires.assignments


def test_no_post_is_taken_for_water_that_does_not_come_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they ask there is water, at the post that they would take with it there is none."""
    sim = at_lake(None)
    hazard, beyond = fake(sim), spot(10, 6)
    take = hazard.take_post

    def far_off(*asked: Any) -> Any:
        post, tools = take(*asked), asked[4]
        return post._replace(**beyond) if tools.water else post

    monkeypatch.setattr(hazard, "take_post", far_off)
    story = run(sim, 6)
    assert hazard.asked_water[:2] == [True, False]
    assert story.first(Kind.TAKES_POST).item == DIRECT


def test_a_pond_that_holds_nothing_is_as_none() -> None:
    story = run(at_lake(0.0), 6)
    assert story.one(Kind.TAKES_POST).item == DIRECT
    assert story.one(Kind.WATER_FAILS).item == OUT_OF_REACH
    assert not story.rows(Kind.PUMPS, Kind.SOURCE_EMPTY)


def test_what_comes_in_is_pumped_again() -> None:
    dry, fed = at_lake(1.0), at_lake(1.0, inflow_t_h=1.0)
    assert used_t(fed, run(fed, 8)) > used_t(dry, run(dry, 8)) + 3.0


@pytest.mark.parametrize("holds_t", [3.0, 50.0, None])
def test_what_sources_gave_is_what_was_used(holds_t: float | None) -> None:
    sim = at_lake(holds_t)
    story = run(sim, 7)
    assert sim.fires.water.stock.taken_t[0] == pytest.approx(used_t(sim, story))
    if holds_t is not None:
        assert sim.fires.water.stock.left_t(0) == pytest.approx(holds_t - used_t(sim, story))


def test_two_crews_share_a_pond() -> None:
    sim = at_lake(4.0, count=2)
    story = run(sim, 8)
    assert used_t(sim, story) == pytest.approx(4.0)
    assert len(story.rows(Kind.WATER_FAILS)) == 2


def test_lorries_bring_what_the_way_allows() -> None:
    """No source: tanks of 2 t are filled at the station.

    The edge is 0.9 km from the road, which is there 10 km from the station: 2 x 10 x 1.3 / 25 = 1.04 h of driving and
    1 t / 17.06 t/h of filling: 1.82 t an hour.
    """
    sim = burning_hills(north_km=1.0, water_sources=(), teams=crews(1, pumps=2, hose_km=1.5, tank_t=1.0))
    fake(sim).growth_kmh = 0.0
    fake(sim).water_t_m = 1.0  # as much as comes
    story = run(sim, 5)
    began_h = story.one(Kind.TAKES_POST).time_h
    fetched_t_h = 2.0 / (2 * 10 * 1.3 / 25 + 1.0 / 17.06)
    hours = sim.fires.assignments[sim.crews[0].index].since_h - began_h
    assert used_t(sim, story) == pytest.approx(2.0 + fetched_t_h * hours, rel=0.02)


def test_without_tanks_a_road_gives_no_water() -> None:
    sim = burning_hills(north_km=1.0, water_sources=(), teams=crews(1, pumps=2, hose_km=1.5, tank_t=0.0))
    assert run(sim, 4).first(Kind.TAKES_POST).item == DIRECT


def test_lorries_empty_the_source_that_they_fetch_from() -> None:
    lake = WaterSource(id="lake", holds_t=3.0, **spot(10, -1))
    sim = burning_hills(north_km=1.0, water_sources=(lake,), teams=crews(1, pumps=2, hose_km=1.5, tank_t=1.0))
    fake(sim).growth_kmh = 0.0
    fake(sim).water_t_m = 1.0
    story = run(sim, 8)
    stock, water = sim.fires.water.stock, sim.fires.assignments[sim.crews[0].index].water
    assert story.one(Kind.SOURCE_EMPTY).place == story.index["lake"]
    assert stock.taken_t[0] == pytest.approx(3.0)
    assert used_t(sim, story) > 2.0 + 3.0  # then from the station
    assert 0.0 <= water.tank_t <= water.tanks_t


# ---- aircraft


def bombers(sources: tuple[WaterSource, ...], count: int = 1, **fields: Any) -> Simulation:
    """Aircraft 20 km west of a fire."""
    plain: dict[str, Any] = {
        "id": "bomber", "base": "field", "serviceable": 1, "breakdown": 0, "turnout_h": 0.25, "bucket_t": 3.0,
        "tasks": ("water_drop",), "count": count,
    }  # fmt: skip
    return burning_hills(
        teams=(),
        bases=(Base(id="station", **spot(0, 0)), Base(id="field", **spot(-10, 2))),
        water_sources=sources,
        helicopters=(Helicopter(**(plain | fields)),),
    )


def lake(name: str, north_km: float, **fields: Any) -> WaterSource:
    return WaterSource(id=name, depth_m=5, **spot(10, north_km), **fields)


def test_a_pond_of_two_loads_gives_two_and_the_next_source_the_rest() -> None:
    story = run(bombers((lake("pond", 4, holds_t=7.0), lake("far", 12))), 8)
    fills = story.rows(Kind.FILLS)
    assert [row.place for row in fills[:2]] == [story.index["pond"]] * 2
    assert {row.place for row in fills[2:]} == {story.index["far"]}
    assert len(fills) > 3


def test_an_aircraft_with_a_snorkel_fills_where_a_bucket_does_not() -> None:
    shallow = WaterSource(id="pond", depth_m=1, **spot(10, 4))
    assert not run(bombers((shallow,)), 8).rows(Kind.FILLS)
    assert run(bombers((shallow,), dip_depth_m=0.5), 8).rows(Kind.FILLS)


@pytest.mark.parametrize("count", [1, 3])
def test_water_taken_by_aircraft_is_what_the_source_gave(count: int) -> None:
    sim = bombers((lake("pond", 4, holds_t=20.0, inflow_t_h=2.0),), count)
    story = run(sim, 9)
    filled_t = sum(row.amount for row in story.rows(Kind.FILLS))
    assert sim.fires.water.stock.taken_t[0] == pytest.approx(filled_t)
    assert filled_t <= 20.0 + 2.0 * 9
    assert sum(row.amount for row in story.rows(Kind.DROPS)) <= filled_t
