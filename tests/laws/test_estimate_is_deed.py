"""What command reckons is what happens: with mean draws and undisturbed roads, work starts when it was expected to.

One law for every mission and way of moving: the hours that a mission gave when the crew was sent against those until
its work began. Turnout is drawn at its mean here; that the mean of the draws is reckoned with is a law of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from simrescue import load
from simrescue.communication.channels import Station
from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.places import NEEDS, Depot
from simrescue.responders import TASKS, Boat, Helicopter, Team, Truck
from simrescue.scenario.records import Air
from simrescue.simulation.command import decision
from simrescue.simulation.command.command_post import CommandPost
from simrescue.simulation.hazards import false_alarms
from simrescue.simulation.missions import MISSIONS, Mission
from simrescue.simulation.missions.call import AnswerCall, CheckFalseAlarm
from simrescue.simulation.missions.evacuate import Evacuate
from simrescue.simulation.missions.medical import Medical
from simrescue.simulation.missions.reconnaissance import FireReconnaissance, Reconnaissance
from simrescue.simulation.missions.relief_delivery import DeliverRelief, Replenish
from simrescue.simulation.missions.repair import Repair
from simrescue.simulation.missions.rescue import Rescue
from simrescue.simulation.missions.roadside_rescue import RoadsideRescue
from simrescue.simulation.missions.transfer import Transfer
from simrescue.simulation.missions.wildfire.helitack import Helitack
from simrescue.simulation.missions.wildfire.line import BuildLine
from simrescue.simulation.missions.wildfire.water_drop import WaterDrop
from simrescue.simulation.places.transfer_point import embark
from simrescue.simulation.requests import ReconnaissanceRequest
from simrescue.simulation.responders.crew import Crew
from simrescue.simulation.run import simulate
from simrescue.simulation.state import Simulation
from simrescue.simulation.world import compile_world
from tests.factories import STOCK, at
from tests.simulation.fake_fire import burning_hills, crews
from tests.simulation.story import NOBODY, ask, by_hand, dry_row, feed, so_far, trap
from tests.simulation.test_buses import ahead
from tests.simulation.test_roadside import BEHIND, BRIDGE, boat, caught

STARTS: dict[type[Mission[Any]], str] = {
    Rescue: "board", Evacuate: "board", Medical: "treat", DeliverRelief: "unload", Reconnaissance: "look",
    FireReconnaissance: "look", Replenish: "unload", Transfer: "board", RoadsideRescue: "board", AnswerCall: "serve",
    CheckFalseAlarm: "serve", Repair: "work",
    BuildLine: "hold_line",
    WaterDrop: "drop", Helitack: "pick_up",
}  # fmt: skip
"""The deed with which the work of each mission begins."""
SCENARIOS = Path(__file__).parents[2] / "scenarios"
DAY, NIGHT = Air(sunrise_h=0, sunset_h=24), Air(sunrise_h=1, sunset_h=2)
MEAN_TURNOUT = 0.5


class MeanLuck(Random):
    """Draws that are all at their middle."""

    def random(self) -> float:
        return MEAN_TURNOUT


class Watch:
    """What was expected of each mission, and what came of it: hours from the order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.expected: dict[Mission[Any], tuple[float, float]] = {}
        self.real: dict[Mission[Any], float] = {}
        take_on = CommandPost._take_on

        def watched(desk: CommandPost, crew: Any, number: int) -> Mission[Any] | None:
            # As command asks: before goods are set aside, after which none of them are wanted any more.
            need = desk.requests[number]
            eta_h = crew.moves.eta_h(MISSIONS[type(need)](crew.sim, crew, need))
            mission = take_on(desk, crew, number)
            if mission is not None:
                self.expected[mission] = desk.sim.env.now, eta_h
                assert crew.moves.eta_h(mission) == pytest.approx(eta_h), "the same with its goods set aside"
            return mission

        monkeypatch.setattr(CommandPost, "_take_on", watched)
        monkeypatch.setattr(Crew, "rng", MeanLuck())
        for kind, name in STARTS.items():
            monkeypatch.setattr(kind, name, self._noting(getattr(kind, name)))

    def _noting(self, deed: Callable[..., Any]) -> Callable[..., Any]:
        def noted(mission: Mission[Any], row: int) -> Any:
            self.real.setdefault(mission, mission.sim.env.now)
            return deed(mission, row)

        return noted

    def agree(self, kind: type[Mission[Any]], most: float = 1e-6) -> int:
        """All missions of a kind began when they were expected to; answers how many there were."""
        mine = [mission for mission in self.expected if type(mission) is kind]
        assert mine, "nobody was sent"
        for mission in mine:
            sent_h, eta_h = self.expected[mission]
            assert mission in self.real, "its work never began"
            assert self.real[mission] - sent_h == pytest.approx(eta_h, abs=most)
        return len(mine)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


TEAM = Team(id="team", base="station", tasks=tuple(t for t in TASKS if t != "water_drop"), turnout_h=0.8, size=30)
BOAT = Boat(id="boat", base="station", tasks=("rescue", "evacuate", "relief", "medical", "reconnaissance"), size=30)
TRUCK = Truck(id="truck", base="station", turnout_h=0.4)
HELI = Helicopter(
    id="heli", base="station", serviceable=1, turnout_h=0.6, size=30,
    tasks=("rescue", "evacuate", "relief", "medical", "reconnaissance"),
)  # fmt: skip
FORCES: dict[str, dict[str, Any]] = {
    "wheels": {"teams": (TEAM,)}, "boat": {"boats": (BOAT,)}, "air": {"helicopters": (HELI,)},
    "lorry": {"trucks": (TRUCK,)},
}  # fmt: skip


def world(by: str, air: Air = DAY, **tables: Any) -> Simulation:
    return by_hand(dry_row(sections={"air": air}, **(NOBODY | FORCES[by] | tables)))


def rescue(sim: Simulation) -> None:
    trap(sim.villages[1], 12)
    sim.command.learn(sim.villages[1], -1)


def evacuate(sim: Simulation) -> None:
    sim.villages[1].waiting = 12
    sim.command.learn(sim.villages[1], -1)


def medical(sim: Simulation) -> None:
    sim.villages[1].hurt = 3
    sim.command.learn(sim.villages[1], -1)


def relief(sim: Simulation, village: int = 1) -> None:
    sim.command.learn_needs(village, [60.0] * len(NEEDS), 200, -1)


def look(sim: Simulation) -> None:
    need = sim.command._open(ReconnaissanceRequest(1), 10, -1)
    need.amount = 1.0
    sim.command._changed(need)


CASES: list[tuple[Callable[[Simulation], None], type[Mission[Any]]]] = [
    (rescue, Rescue), (evacuate, Evacuate), (medical, Medical), (look, Reconnaissance), (relief, DeliverRelief),
]  # fmt: skip


def test_every_mission_is_watched() -> None:
    """Each has a test here that its estimate agrees with what happens."""
    assert set(MISSIONS.values()) == set(STARTS)
    text = Path(__file__).read_text("utf-8")
    held = set(re.findall(r"agree\((\w+)", text)) | {kind.__name__ for _, kind in CASES}
    assert {kind.__name__ for kind in STARTS} <= held


@pytest.mark.parametrize(
    ("by", "air"), [("wheels", DAY), ("wheels", NIGHT), ("boat", DAY), ("boat", NIGHT), ("air", DAY)]
)
@pytest.mark.parametrize(("asks", "kind"), CASES)
def test_a_mission_starts_when_it_was_expected_to(
    asks: Callable[[Simulation], None], kind: type[Mission[Any]], by: str, air: Air, watch: Watch
) -> None:
    sim = world(by, air)
    sim.env.run(until=3)
    asks(sim)
    sim.env.run(until=24)
    assert watch.agree(kind)


@pytest.mark.parametrize("air", [DAY, NIGHT])
@pytest.mark.parametrize("has_road", [True, False])
def test_a_repair_starts_when_it_was_expected_to(has_road: bool, air: Air, watch: Watch) -> None:
    """Of a road, or of a mast from the road to which the crew walks."""
    sim = world("wheels", air, stations=(Station(id="mast", **at(0, 2)),))
    sim.env.run(until=3)
    thing = sim.world.first["roads"] + 4 if has_road else sim.world.first["stations"]
    sim.repairs.begin(thing, 1.0, lambda _: None)
    sim.env.run(until=24)
    assert watch.agree(Repair)


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_boat_is_launched_where_there_is_water(unsafe: bool, watch: Watch) -> None:
    sim = world("boat")
    sim.endanger(1, "water", 4 if unsafe else 0)
    sim.env.run(until=3)
    rescue(sim)
    sim.env.run(until=24)
    watch.agree(Rescue)


@pytest.mark.parametrize("by", ["wheels", "boat", "air"])
def test_calls_one_after_the_other(by: str, watch: Watch) -> None:
    calls = [ask(place, 1.0 + 3 * i, number=i) for i, place in enumerate(("school", "depot", "village-2", "station"))]
    sim = world(by, calls=calls)
    sim.env.run(until=30)
    assert watch.agree(AnswerCall) == 4


@pytest.mark.parametrize("air", [DAY, NIGHT])
def test_a_look_at_what_is_no_fire(air: Air, watch: Watch) -> None:
    sim = world("wheels", air)
    sim.env.run(until=3)
    false_alarms.send(sim, iter([0]), 1, -1, sim.env.event())
    sim.env.run(until=24)
    assert watch.agree(CheckFalseAlarm) == 1


@pytest.mark.parametrize("turnout_h", [0.0, 0.7])
def test_people_caught_on_the_road_are_fetched_when_it_was_expected(turnout_h: float, watch: Watch) -> None:
    """By a boat that is launched at the edge of water that command knows of."""
    sim = by_hand(caught(BRIDGE, BEHIND, staff_h=0, boats=(boat(turnout_h=turnout_h),)))
    sim.env.run(until=24)
    assert watch.agree(RoadsideRescue)


@pytest.mark.parametrize("opening_h", [0.0, 1.0, 6.0])
@pytest.mark.parametrize("by", ["lorry", "wheels", "boat", "air"])
def test_goods_wait_for_the_staff_of_a_depot_and_only_once(by: str, opening_h: float, watch: Watch) -> None:
    depot = Depot(id="depot", elevation_m=30, opening_h=opening_h, **STOCK, **at(1, 1))
    sim = world(by, depots=(depot,))
    for village, time_h in enumerate((0.5, 2.5, 9.0)):
        sim.env.run(until=time_h)
        relief(sim, village)
    sim.env.run(until=30)
    assert watch.agree(DeliverRelief)


@pytest.mark.parametrize("opening_h", [0.0, 6.0])
def test_a_depot_is_restocked_when_it_was_expected_to_be(opening_h: float, watch: Watch) -> None:
    upper = Depot(id="upper", elevation_m=30, opening_h=opening_h, **STOCK, **at(2, 1))
    depot = Depot(id="depot", elevation_m=30, upper="upper", **STOCK, **at(1, 1))
    road = dry_row().roads[0].model_copy(update={"id": "to-upper", "start": "station", "end": "upper"})
    small = TRUCK.model_copy(update={"payload_t": 0.5, "count": 9})  # orders are in whole lorries
    sim = world("lorry", depots=(depot, upper), roads=(*dry_row().roads, road), trucks=(small,))
    lower = sim.depots[sim.world.ids.index("depot")]
    lower.draw(list(lower.full))
    feed(sim, "school", 300, 30.0)
    sim.env.run(until=24)
    assert watch.agree(Replenish)


@pytest.mark.parametrize("opening_h", [0.0, 6.0])
@pytest.mark.parametrize("air", [DAY, NIGHT])
def test_each_stop_of_a_load_is_reached_when_its_legs_say(opening_h: float, air: Air, watch: Watch) -> None:
    """One lorry takes goods for two villages, and loads for both; to ask for its legs changes nothing."""
    depot = Depot(id="depot", elevation_m=30, opening_h=opening_h, **STOCK, **at(1, 1))
    sim = world("lorry", air, depots=(depot,))
    sim.env.run(until=3)
    relief(sim, 0)
    relief(sim, 1)
    lorry = sim.crews[0]
    while lorry.mission is None:
        sim.env.step()
    mission, due_h = lorry.mission, {}
    sent_h, eta_h = watch.expected[mission]
    asked, written = mission.request, len(sim.recorder.rows)
    legs = [(leg.place, leg) for leg in mission.legs() if leg.place is not None]
    assert (mission.request, len(sim.recorder.rows)) == (asked, written)
    assert [leg.starts for _, leg in legs] == [False, True, False], "depot and two stops"
    hour, here = sent_h + eta_h, legs[1][0]
    for place, leg in legs[1:]:
        hour += lorry.moves.hours(here, place) / lorry.moves.drive_pace() + leg.hours / lorry.moves.pace()
        due_h[place], here = hour, place
    sim.env.run(until=30)
    assert watch.agree(DeliverRelief) == 1
    handed_over = {row.place: row.time_h for row in so_far(sim).rows(Kind.DELIVERS)}
    assert handed_over == {place: pytest.approx(hour) for place, hour in due_h.items()}


@pytest.mark.parametrize("act_t50_h", [0.0, 4.0])
@pytest.mark.parametrize("people", [(20, 10, 0), (20, 0, 0), (5, 5, 5)])
def test_a_bus_sent_ahead_is_at_its_first_stop_when_it_was_expected_to_be(
    people: tuple[int, ...], act_t50_h: float, watch: Watch
) -> None:
    """Half-filled or full, with one stop or several: it starts with the first."""
    sim = ahead(people=people, act_t50_h=act_t50_h)
    sim.env.run(until=47)
    assert watch.agree(Evacuate)
    assert so_far(sim).persons(Kind.ARRIVE_SHELTER) == sum(people)


@pytest.mark.parametrize("persons", [12, 100])
def test_vehicles_take_people_on_at_the_waters_edge_when_they_were_expected_to(persons: int, watch: Watch) -> None:
    sim = world("wheels")
    sim.env.run(until=3)
    village = sim.villages[1]
    trap(village, persons)
    groups, row = village.take(-1, persons, -1, -1)
    sim.points.set_ashore(2, embark(village, groups), village.index, row)
    sim.env.run(until=24)
    assert watch.agree(Transfer) == math.ceil(persons / TEAM.size)


@pytest.mark.parametrize("sunrise_h", [8.5, 8.9, 9.3])
def test_an_aircraft_waits_for_light_while_its_crew_gets_ready(sunrise_h: float, watch: Watch) -> None:
    sim = world("air", Air(sunrise_h=sunrise_h, sunset_h=20), calls=(ask("school", 0.2),))
    sim.env.run(until=10)
    assert watch.agree(AnswerCall) == 1


def test_an_aircraft_short_of_fuel_refuels_first(watch: Watch) -> None:
    calls = tuple(ask("school", 1.0 + 2 * i, number=i, on_site_h=0.1) for i in range(6))
    heli = HELI.model_copy(update={"endurance_h": 0.75, "refuel_h": 0.3})
    sim = world("air", helicopters=(heli,), calls=calls)
    sim.env.run(until=30)
    assert watch.agree(AnswerCall) >= 4


@pytest.mark.parametrize("north_km", [0.5, 2.0])
def test_crews_on_foot_to_a_fire(north_km: float, watch: Watch) -> None:
    sim = burning_hills(north_km=north_km, teams=crews(count=1, turnout_h=0.7))  # two would queue on the path
    sim.fires.hazard.growth_kmh = 0.0  # type: ignore[attr-defined]
    sim.env.run(until=10)
    assert watch.agree(BuildLine) == 1


def test_water_from_the_air(watch: Watch) -> None:
    heli = Helicopter(id="bomber", base="station", tasks=("water_drop",), bucket_t=2, serviceable=1, turnout_h=0.5)
    sim = burning_hills(teams=(), helicopters=(heli,))
    sim.env.run(until=6)
    assert watch.agree(WaterDrop) >= 1


def test_a_look_at_a_fire(watch: Watch) -> None:
    heli = Helicopter(id="eye", base="station", tasks=("reconnaissance",), serviceable=1, turnout_h=0.5)
    sim = burning_hills(teams=(), helicopters=(heli,))
    sim.env.run(until=6)
    assert watch.agree(FireReconnaissance) >= 1


def test_a_crew_is_fetched_at_the_road_end(watch: Watch) -> None:
    heli = Helicopter(id="carrier", base="station", tasks=("evacuate",), serviceable=1, turnout_h=0.2, seats=10)
    sim = burning_hills(north_km=12.0, teams=crews(count=1), helicopters=(heli,))
    sim.fires.hazard.growth_kmh = 0.0  # type: ignore[attr-defined]
    sim.env.run(until=12)
    assert watch.agree(Helitack) == 1


def test_the_mean_of_the_turnouts_is_what_is_reckoned_with() -> None:
    teams = tuple(TEAM.model_copy(update={"id": f"team-{i}"}) for i in range(1))
    real = []
    for seed in range(200):
        sim = by_hand(dry_row(sections={"air": DAY}, calls=(ask("school", 1.0),), **(NOBODY | {"teams": teams})), seed)
        crew = sim.crews[0]
        expected = crew.moves.turnout_left_h()
        while not crew.out:
            sim.env.run(until=sim.env.now + 0.01)
        real.append(sim.env.now - 1.0)
    mean = sum(real) / len(real)
    assert mean == pytest.approx(expected, abs=3 * 0.6 * 0.8 / 12**0.5 / len(real) ** 0.5 + 0.01)


@pytest.mark.parametrize("seats", [4, 7, 20])
def test_all_flights_that_bring_a_crew_to_the_line_are_reckoned_with(seats: int, watch: Watch) -> None:
    heli = Helicopter(id="carrier", base="station", tasks=("evacuate",), serviceable=1, turnout_h=0.2, seats=seats)
    sim = burning_hills(north_km=12.0, teams=crews(count=1, size=20), helicopters=(heli,))
    sim.fires.hazard.growth_kmh = 0.0  # type: ignore[attr-defined]
    carrier = next(one for one in sim.crews if one.member.flies)
    while not isinstance(carrier.mission, Helitack):
        sim.env.step()
    flight = carrier.moves.flight(carrier.mission)
    while isinstance(carrier.mission, Helitack):
        sim.env.step()
    sim.env.run(until=sim.env.now + 1)
    flown = [row.amount for row in so_far(sim).rows(Kind.SETS_OFF, subject="carrier")]
    assert len(flown) == 2 * math.ceil(20 / seats) + 1, "out, in and back for each load, and home"
    assert sum(flown) == pytest.approx(flight.airborne_h)


def test_who_is_left_out_before_ways_are_looked_for_could_not_have_been_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Water that does not let a crew in, or a deed for aircraft only: the estimate says the same, only later."""
    suits, left_out = decision.suits, list[float]()

    def watched(crew: Any, need: Any) -> bool:
        fits = suits(crew, need)
        if not (fits or need.skill or need.planned or need.is_unasked):
            left_out.append(crew.moves.eta_h(MISSIONS[type(need)](crew.sim, crew, need)))
        return fits

    monkeypatch.setattr(decision, "suits", watched)
    world = compile_world(load(SCENARIOS / "tiny-flood"))
    for replication in range(3):
        simulate(world, 1, replication)
    assert len(left_out) > 10
    assert set(left_out) == {INFINITE}
