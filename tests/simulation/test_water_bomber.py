"""Helicopters with water: rounds between a source and the front, within fuel, light, weather and smoke."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.places import Base, WaterSource
from simrescue.responders import WATER_DROP, Helicopter, Team
from simrescue.scenario.records import Weather
from simrescue.simulation.missions.wildfire.water_drop import WaterDrop
from simrescue.simulation.state import Simulation
from tests.simulation.fake_fire import burning_hills, fake, run, spot
from tests.simulation.story import Story, so_far

NO_TEAMS: tuple[Team, ...] = ()
NIGHT, WEATHER = 0, 1


def bombers(
    source_km: float = 10.0, base_km: float = 30.0, hours: float = 24.0, depth_m: float = 5.0, count: int = 1,
    hazard: dict[str, Any] | None = None, weather: tuple[Weather, ...] = (), **fields: Any,
) -> Simulation:  # fmt: skip
    """Aircraft at a field west of a fire, and a lake north of it; the scenario starts at 08:00."""
    plain: dict[str, Any] = {
        "id": "bomber", "base": "field", "serviceable": 1, "breakdown": 0, "turnout_h": 0.25, "bucket_t": 3.0,
        "tasks": ("water_drop",), "count": count,
    }  # fmt: skip
    return burning_hills(
        hours,
        hazard=hazard,
        teams=NO_TEAMS,
        bases=(Base(id="station", **spot(0, 0)), Base(id="field", **spot(10 - base_km, 2))),
        water_sources=(WaterSource(id="lake", depth_m=depth_m, **spot(10, 2 + source_km)),),
        helicopters=(Helicopter(**(plain | fields)),),
        weather=weather,
    )  # fmt: skip


def flown_h(story: Story) -> float:
    """Hours in the air."""
    return sum(row.amount for row in story.rows(Kind.SETS_OFF))


@pytest.mark.parametrize(("model", "endurance_h"), [("Ka-32", 4.0), ("Mi-171", 3.0)])
@pytest.mark.parametrize("source_km", [5.0, 10.0, 15.0])
@pytest.mark.parametrize("base_km", [20.0, 60.0])
def test_drops_per_flight_hour_are_in_the_range_of_the_records(
    model: str, endurance_h: float, source_km: float, base_km: float
) -> None:
    """Records: Mi-171 Wuyishan 1.5 an hour, Ka-32 Yajiang 2.2, Mi-26 Dali 3.2 (5 in 94 min)."""
    story = run(bombers(source_km, base_km, model=model, endurance_h=endurance_h), 10)
    assert 1.5 <= len(story.rows(Kind.DROPS)) / flown_h(story) <= 3.2


def test_every_load_is_filled_once_and_reaches_the_fire() -> None:
    sim = bombers()
    story = run(sim, 12)
    fills, drops = story.rows(Kind.FILLS), story.rows(Kind.DROPS)
    assert len(fills) - len(drops) in (0, 1)
    assert {row.place for row in fills} == {story.index["lake"]}
    assert {row.place for row in drops} == {story.index["fire-0"]}
    assert fake(sim).dropped_t == pytest.approx(3.0 * len(drops))


def test_a_nearer_source_gives_more_water() -> None:
    tonnes = []
    for source_km in (25.0, 15.0, 5.0, 1.0):
        sim = bombers(source_km)
        run(sim, 10)
        tonnes.append(fake(sim).dropped_t)
    assert tonnes == sorted(tonnes)
    assert tonnes[0] < tonnes[-1]


def test_between_sorties_it_refuels_and_comes_again_on_one_order() -> None:
    story = run(bombers(), 10)
    assert len(story.rows(Kind.REFUELS)) >= 2
    assert len(story.rows(Kind.ASSIGNED, item=WATER_DROP)) == 1


@pytest.mark.parametrize("full", [False, True])
def test_called_off_it_drops_what_is_in_the_bucket_and_flies_home(full: bool) -> None:
    sim = bombers()
    crew = sim.crews[0]
    while not (isinstance(crew.mission, WaterDrop) and crew.under_way and crew.mission.is_bound == full):
        sim.env.step()
    called_h = sim.env.now
    assert sim.command.call_off(crew)
    while crew.mission is not None:
        sim.env.step()
    rows = [row for row in so_far(sim).rows(Kind.FILLS, Kind.DROPS, Kind.REFUELS) if row.time_h > called_h]
    assert [row.kind for row in rows] == ([Kind.DROPS] if full else []) + [Kind.REFUELS]


def test_fuel_lasts_to_the_base() -> None:
    sim = bombers(base_km=80.0, endurance_h=2.0)
    assert min(lowest_fuel(run(sim, 10))) >= -1e-9


def lowest_fuel(story: Story) -> list[float]:
    """Hours of fuel left, beyond the reserve, at each landing for fuel."""
    left, found = 2.0 - 1 / 3, []
    for row in story.rows(Kind.SETS_OFF, Kind.REFUELS):
        if row.kind == Kind.REFUELS:
            found.append(left)
            left = 2.0 - 1 / 3
        else:
            left -= row.amount
    assert found
    return found


def test_no_water_falls_by_night_and_it_comes_back_in_the_morning() -> None:
    story = run(bombers(hours=48, crew_day_h=20), 40)
    sky = story.world.sky
    assert not [
        row for row in story.rows(Kind.SETS_OFF, Kind.DROPS, Kind.ARRIVES) if sky.is_night(row.time_h, row.place)
    ]
    sunset = sky.daylight_left_h(0.0, story.index["field"])
    assert [row for row in story.rows(Kind.DROPS) if sunset - 2 < row.time_h < sunset]
    assert [row for row in story.rows(Kind.DROPS) if row.time_h > sunset + 8]
    assert NIGHT in {row.item for row in story.rows(Kind.HELD)}


def test_a_storm_sends_it_home() -> None:
    storm = (Weather(time_h=0, wind_ms=5, visibility_km=10), Weather(time_h=3, wind_ms=25, visibility_km=10),
             Weather(time_h=5, wind_ms=5, visibility_km=10))  # fmt: skip
    drops = run(bombers(weather=storm), 9).times(Kind.DROPS)
    assert not [at_h for at_h in drops if 3.5 < at_h < 5]
    assert [at_h for at_h in drops if at_h > 5]
    assert [at_h for at_h in drops if at_h < 3]


def test_smoke_over_the_front_keeps_the_water_in_the_bucket() -> None:
    sim = bombers()
    run(sim, 2)
    fake(sim).smoky = True
    story = run(sim, 4)
    assert story.first(Kind.SMOKED_OUT).time_h < 2.5
    assert max(story.times(Kind.DROPS)) <= 2.0
    fake(sim).smoky = False
    assert max(run(sim, 7).times(Kind.DROPS)) > 4.5


@pytest.mark.parametrize("change", [{"depth_m": 2.0}, {"bucket_t": 0.0}, {"tasks": ("reconnaissance",)}])
def test_without_bucket_task_or_deep_water_nobody_drops(change: dict[str, Any]) -> None:
    story = run(bombers(hazard={"stages": ({"persons": 20, "helicopters": 1},)}, **change), 6)
    assert not story.rows(Kind.FILLS, Kind.DROPS)
    assert story.rows(Kind.NO_RESPONDER, item=WATER_DROP)


def test_a_source_under_flames_is_left_alone() -> None:
    sim = bombers()
    sim.endanger(sim.world.ids.index("lake"), "flames", 4)
    assert not run(sim, 6).rows(Kind.FILLS)


def test_as_many_fly_as_are_wanted_and_none_to_a_contained_fire() -> None:
    sim = bombers(count=4, hazard={"stages": ({"persons": 20, "helicopters": 2},)})
    story = run(sim, 4)
    assert len({row.subject for row in story.rows(Kind.DROPS)}) == 2
    fake(sim).built_m[0], fake(sim).needed_m = 1.0, 1.0
    assert max(run(sim, 9).times(Kind.DROPS)) < 4.7
    assert len(sim.command.roster.candidates) == 4


def test_in_smoke_it_waits_at_the_landing_site_nearest_to_the_fire_and_goes_home_before_dark() -> None:
    sim = bombers(base_km=60.0)
    run(sim, 2)
    fake(sim).smoky = True
    story = run(sim, 20)
    waits = {row.place for row in story.rows(Kind.SETS_OFF) if row.time_h > 2}
    assert waits == {story.index["station"], story.index["field"]}
    assert story.rows(Kind.ARRIVES)[-1].place == story.index["field"]
    assert not [
        row for row in story.rows(Kind.SETS_OFF) if story.world.sky.is_night(row.time_h + row.amount, row.place)
    ]
    assert len(story.rows(Kind.ARRIVES, place="station")) == 1
