"""Repair crews: they work at roads, stations and power beside what comes back by itself, and never make it later."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from simrescue.communication.channels import Station
from simrescue.communication.messages import MessageKind
from simrescue.events import EventKind as Kind
from simrescue.hazards.base import Flames, WaterDepth
from simrescue.hazards.flood.settings import Flood
from simrescue.kinds import made_for_task
from simrescue.metrics import measure, summarise
from simrescue.network.closures import DAMAGE
from simrescue.parameters import Parameters
from simrescue.responders import REPAIR, RESPONSE_TASKS, Team
from simrescue.scenario.records import Air, Command, Scenario
from simrescue.simulation.hazards import effects
from simrescue.simulation.run import simulate
from simrescue.simulation.state import Simulation
from simrescue.simulation.world import World, compile_world
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.simulation.story import NOBODY, by_hand, dry_row, so_far
from tests.simulation.test_channels import ALL, channels, county, mast, room, times_of

DAY = Air(sunrise_h=0, sunset_h=24)
WORK = Parameters(repair_road_h=10)


def crew(**fields: Any) -> Team:
    plain = {"kind": "repair", "base": "station", "size": 30, "turnout_h": 0, "breakdown": 0, "tasks": ("repair",)}
    return Team(id="menders", **(plain | fields))


def dry(*teams: Team, sections: dict[str, Any] | None = None, **tables: Any) -> Simulation:
    """A dry county with a mast that takes very long to come back by itself, and who mends it."""
    masts = (Station(id="mast", elevation_m=30, repair_h=8e4, **at(1, 1)), TOWN)
    sections = {"air": DAY, "command": Command(report_h=0, road_report_h=0), "parameters": WORK} | (sections or {})
    return by_hand(dry_row(sections=sections, stations=masts, **(NOBODY | {"teams": teams} | tables)))


TOWN = Station(id="town", elevation_m=30, radius_km=1, backup_h=8e4, **at(2, 1))
"""What lets the base of the crews be rung up, whatever becomes of the mast."""


def done_h(sim: Simulation) -> list[float]:
    return [row.time_h for row in so_far(sim).rows(Kind.REPAIR_ENDS) if row.amount == 0]


def test_a_generator_runs_a_station_until_the_mains_are_back() -> None:
    powerless: dict[str, Any] = {"power": room(cut=2.0, restored=40.0), "stations": (mast(), TOWN)}
    alone, mended = simulate(county(*ALL, **powerless)), simulate(county(*ALL, **powerless, teams=(crew(),)))
    assert times_of(alone, Kind.STATION_UP) == [40.0]
    assert times_of(mended, Kind.STATION_DOWN) == [6.0]
    (up_h,) = times_of(mended, Kind.STATION_UP)
    assert 6.5 < up_h < 9
    up = mended.where(Kind.STATION_UP)[0]
    assert mended.kind[mended.cause[up]] == Kind.REPAIR_ENDS
    assert up_h in times_of(mended, Kind.CONTACT_RESTORED)


@pytest.mark.parametrize("radio", [True, False])
def test_what_a_crew_has_mended_command_hears_from_it(radio: bool) -> None:
    """By its radio at once; without one from where it comes to a channel, though the station works from then on."""
    nowhere = room(cut=2.0, restored=8e4)
    stations = (mast(radius_km=0.1).model_copy(update=at(2, -1)), TOWN)  # beside no village
    log = simulate(county(*ALL, power=nowhere, stations=stations, teams=(crew(radio=radio),)))
    (up_h,) = times_of(log, Kind.STATION_UP)
    closed = [log.time_h[row] for row in log.where(Kind.REQUEST_CLOSED) if log.item[row] == REPAIR]
    sent = [
        row for row in log.where(Kind.SENT) if log.amount[row] == MessageKind.REPORT and log.time_h[row] > up_h - 0.01
    ]
    assert (closed[0] < up_h + 0.01) == radio
    assert Kind.REPAIR_ENDS in {log.kind[log.cause[row]] for row in sent}


def test_flames_have_to_be_gone_first() -> None:
    sim = dry(crew(), channels=channels("public"))
    station = sim.world.first["stations"]
    sim.env.run(until=1)
    effects.apply(sim, Flames(station, arrive=True))
    sim.env.run(until=5)
    assert not so_far(sim).rows(Kind.REQUEST_OPENED, item=REPAIR)
    effects.apply(sim, Flames(station, arrive=False))
    sim.env.run(until=12)
    (begun,) = so_far(sim).rows(Kind.REPAIR_BEGINS)
    (ended,) = so_far(sim).rows(Kind.REPAIR_ENDS)
    assert begun.amount == pytest.approx(45)
    assert ended.time_h - begun.time_h == pytest.approx(1.5)
    assert so_far(sim).one(Kind.STATION_UP).time_h == ended.time_h


def test_hands_and_light_decide_how_long_it_takes() -> None:
    took = {}
    for size, air in ((30, DAY), (15, DAY), (30, Air(sunrise_h=1, sunset_h=2))):
        sim = dry(crew(size=size, night_factor=0.5), sections={"air": air})
        sim.env.run(until=3)
        sim.repairs.begin(sim.world.first["stations"], 2.0, lambda _: None)
        sim.env.run(until=20)
        begun, ended = so_far(sim).one(Kind.REPAIR_BEGINS), so_far(sim).one(Kind.REPAIR_ENDS)
        took[size, air] = ended.time_h - begun.time_h
    assert list(took.values()) == [pytest.approx(2), pytest.approx(4), pytest.approx(4)]


def test_long_work_goes_on_after_the_rest_or_with_another_crew() -> None:
    def shifts(count: int) -> list[float]:
        sim = dry(crew(count=count, shift_h=8, rest_h=8))
        sim.env.run(until=1)
        sim.repairs.begin(sim.world.first["stations"], 20.0, lambda _: None)
        sim.env.run(until=47)
        left = [row.amount for row in so_far(sim).rows(Kind.REPAIR_ENDS)]
        assert left == sorted(left, reverse=True)
        assert left[-1] == 0
        assert len(left) > count
        return done_h(sim)

    assert shifts(2) < shifts(1)


@pytest.mark.parametrize(("count", "room_for"), [(2, 100), (4, 100), (4, 60), (4, 45)])
def test_crews_work_side_by_side_as_long_as_there_is_room(count: int, room_for: int) -> None:
    """600 person-hours; whoever comes takes part with all hands."""
    limits = Parameters(repair_hands=room_for)
    sim = dry(crew(count=count, shift_h=30), sections={"parameters": limits})
    sim.env.run(until=1)
    sim.repairs.begin(sim.world.first["stations"], 20.0, lambda _: None)
    sim.env.run(until=47)
    begun = so_far(sim).rows(Kind.REPAIR_BEGINS)
    assert done_h(sim)[0] - begun[0].time_h == pytest.approx(600 / (30 * len(begun)))
    assert len(begun) == min(count, math.ceil(room_for / 30))
    assert not sim.command.requests


def test_who_comes_later_joins_and_who_is_tired_leaves_the_rest_to_others() -> None:
    sim = dry(crew(shift_h=30), crew(shift_h=30).model_copy(update={"id": "late", "available": 8.0}))
    sim.env.run(until=1)
    sim.repairs.begin(sim.world.first["stations"], 20.0, lambda _: None)
    sim.env.run(until=47)
    first, second = (row.time_h for row in so_far(sim).rows(Kind.REPAIR_BEGINS))
    assert second > 8
    alone_h = second - first
    assert done_h(sim)[0] == pytest.approx(second + (20 - alone_h) / 2)


def damaged(sim: Simulation, road: str) -> int:
    """Water comes over a road, damages it and goes; answers its number."""
    link = [row.id for row in sim.world.scenario.roads].index(road)
    site = sim.world.n_places + link
    for depth_m in (1.0, 0.0):
        effects.apply(sim, WaterDepth(site, depth_m, 0.0, 0))
    return link


BREAKS = {"air": DAY, "hazard": Flood(uncertainty=CERTAIN, road_damage=1, bridge_damage=1, bridges_lost_per_km=0,
                                      road_repair_h=8e4, road_rebuild_h=8e4)}  # fmt: skip


def test_a_damaged_road_is_repaired_from_its_end_on_this_side() -> None:
    sim = dry(crew(), sections=BREAKS)
    sim.env.run(until=1)
    link = damaged(sim, "school-depot")
    assert sim.roads.closures.amount(link, DAMAGE)
    sim.env.run(until=47)
    story = so_far(sim)
    assert story.one(Kind.ASSIGNED).place == story.index["depot"]
    repaired = story.one(Kind.ROAD_REPAIRED)
    assert story.one(Kind.REPAIR_ENDS).time_h == repaired.time_h
    assert not sim.roads.closures.amount(link, DAMAGE)
    assert not sim.command.requests


def test_water_that_comes_back_ends_the_work() -> None:
    sim = dry(crew(), sections=BREAKS)
    sim.env.run(until=1)
    link = damaged(sim, "school-depot")
    sim.env.run(until=8)
    assert so_far(sim).rows(Kind.REPAIR_BEGINS)
    effects.apply(sim, WaterDepth(sim.world.n_places + link, 1.0, 0.0, 0))
    sim.env.run(until=9)
    assert so_far(sim).one(Kind.REPAIR_ENDS).amount > 0
    assert not so_far(sim).rows(Kind.ROAD_REPAIRED)
    assert not sim.command.requests


def test_what_lies_behind_a_damaged_road_waits_for_it() -> None:
    sim = dry(crew(), sections=BREAKS)
    sim.env.run(until=1)
    near, far = damaged(sim, "depot-station"), damaged(sim, "school-depot")
    sim.env.run(until=47)
    repaired = [row.subject - sim.world.first["roads"] for row in so_far(sim).rows(Kind.ROAD_REPAIRED)]
    assert repaired == [near, far]


def flooded(*teams: Team, **fields: Any) -> Scenario:
    """A flood that damages all its roads, which take long to open again by themselves."""
    rules = {"road_damage": 1, "bridges_lost_per_km": 0, "road_repair_h": 200} | fields
    return flooded_row(
        settings=settings(160.0, hazard=Flood(uncertainty=CERTAIN, **rules), parameters=WORK),
        teams=(Team(id="team", base="station"), *teams),
    )  # fmt: skip


def test_crews_never_make_it_later_and_without_the_task_nothing_changes() -> None:
    def closed_h(world: World, number: int) -> float:
        return summarise(simulate(world, 1, number), world.facts)["road_damaged_h"]

    worlds = [compile_world(flooded(*teams)) for teams in ((), (crew(),), (crew(count=4),))]
    hours = np.array([[closed_h(world, number) for world in worlds] for number in range(4)])
    assert (hours[:, 1] <= hours[:, 0] + 1e-9).all()
    assert hours[:, 0].mean() > hours[:, 1].mean() >= hours[:, 2].mean()
    assert not len(simulate(flooded(crew(tasks=("evacuate",))), 1, 0).where(Kind.REPAIR_BEGINS))


def test_repairs_are_no_answers_to_people() -> None:
    log, facts = simulate(flooded(crew()), 1, 0), compile_world(flooded(crew())).facts
    assert len(log.where(Kind.REPAIR_ENDS))
    opened = log.where(Kind.REQUEST_OPENED)
    of_people = int((log.item[opened] != REPAIR).sum())
    settings_of = {"limit_h": 100.0, "tasks": list(RESPONSE_TASKS)}
    assert of_people < len(opened)
    assert measure(log, facts, "share_responded", {"limit_h": 100.0}) == measure(
        log, facts, "share_responded", settings_of
    )
    assert [kind.name for kind in made_for_task("repair")] == ["team"]


def test_what_is_counted_of_repairs() -> None:
    log, facts = simulate(flooded(crew()), 1, 0), compile_world(flooded(crew())).facts
    numbers = summarise(log, facts)
    repaired = log.where(Kind.ROAD_REPAIRED)
    by_crews = log.kind[log.cause[repaired]] == Kind.REPAIR_ENDS
    assert numbers["roads_repaired"] == len(repaired) > 0
    assert numbers["roads_repaired_by_crews"] == by_crews.sum() > 0
    assert measure(log, facts, "share_roads_repaired", {"limit_h": 1000.0}) == len(repaired) / len(
        log.where(Kind.ROAD_DAMAGED)
    )
    powerless = county(*ALL, power=room(cut=2.0, restored=40.0), stations=(mast(), TOWN), teams=(crew(),))
    log, facts = simulate(powerless), compile_world(powerless).facts
    assert summarise(log, facts)["stations_repaired_by_crews"] == 1
    assert summarise(log, facts)["without_power_village_h"] == pytest.approx(3 * 38)
    assert measure(log, facts, "share_power_back", {"limit_h": 37.0}) == 0
    assert measure(log, facts, "share_power_back", {"limit_h": 39.0}) == 1
    assert measure(log, facts, "share_network_back", {"limit_h": 4.0}) == 1


def test_crews_begin_at_what_is_left_when_another_cause_ends_by_itself() -> None:
    """A line that the wind has torn, in an area that is cut for safety from 2 h to 10 h."""
    areas = room(cut=2.0, restored=10.0, line_repair_h=8e4)
    sim: Any = by_hand(county(*ALL, power=areas, stations=(mast(), TOWN), teams=(crew(),)))
    (area,) = sim.contact.outages.areas.values()
    sim.env.run(until=3.0)
    area.strike("wind", -1)
    area.mend("wind")
    sim.env.run(until=9.5)
    assert not so_far(sim).rows(Kind.REPAIR_BEGINS, place="room"), "nobody works at what is cut on purpose"
    sim.env.run(until=40.0)
    assert 10.0 < so_far(sim).one(Kind.POWER_BACK, subject="room").time_h < 40.0
