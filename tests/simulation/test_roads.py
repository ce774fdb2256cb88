"""Known and true: who meets water nobody knew of turns round, tells, and takes the next way; news takes its time."""

from __future__ import annotations

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.depth_effects import WADING_LOSS, flooded_speed_kmh
from simrescue.hazards.flood.settings import Flood
from simrescue.parameters import Parameters
from simrescue.places import Junction, Village
from simrescue.responders import TASKS, Team
from simrescue.scenario.records import Command
from simrescue.simulation.clock import after
from simrescue.simulation.state import Simulation
from tests.factories import CERTAIN, at
from tests.simulation.story import NEVER_H, NOBODY, Drive, ask, by_hand, dry_row, flood_road, ring, so_far

KMH = 35.0
"""A loaded truck on the third-class roads of the ring."""
DRIVER_REPORT_H = 10 / 60


def quiet(**hazard: float) -> Simulation:
    """The ring, with road staff who never report and drivers who do after ten minutes."""
    command = Command(road_report_h=NEVER_H, driver_report_h=DRIVER_REPORT_H)
    return by_hand(ring({"command": command, "hazard": Flood(uncertainty=CERTAIN, **hazard)}))


def test_dry_roads_take_the_planned_time() -> None:
    sim = quiet()
    drive = Drive(sim, "village", "town")
    sim.env.run(until=5)
    assert drive.at_h == pytest.approx(10 / KMH)


def test_water_nobody_knew_of_turns_the_driver_round_at_the_near_end() -> None:
    sim = quiet()
    flood_road(sim, "bridge", 1.0)
    drive = Drive(sim, "village", "town")
    sim.env.run(until=5)
    met = so_far(sim).one(Kind.TURNS_ROUND, place="bridge")
    assert met.time_h == pytest.approx(5 / KMH)
    assert met.amount == 1.0
    assert drive.reached == "town"
    assert drive.at_h == pytest.approx((5 + 5 + 20) / KMH)


def test_command_hears_of_it_after_the_driver_reported() -> None:
    sim = quiet()
    flood_road(sim, "bridge", 1.0)
    Drive(sim, "village", "town")
    sim.env.run(until=5)
    story = so_far(sim)
    known = story.one(Kind.ROAD_KNOWN_CLOSED, place="bridge")
    assert known.time_h == pytest.approx(5 / KMH + DRIVER_REPORT_H)
    assert known.cause == story.one(Kind.TURNS_ROUND).number


def test_until_then_others_run_into_it_too_and_afterwards_nobody_does() -> None:
    sim = quiet()
    flood_road(sim, "bridge", 1.0)
    first = Drive(sim, "village", "town")
    second = Drive(sim, "village", "town", after_h=DRIVER_REPORT_H / 2)
    third = Drive(sim, "village", "town", after_h=1.0)
    sim.env.run(until=6)
    assert len(so_far(sim).rows(Kind.TURNS_ROUND)) == 2
    assert {first.reached, second.reached, third.reached} == {"town"}


def test_the_crew_alone_keeps_off_until_command_has_heard() -> None:
    sim = quiet()
    seen: set[int] = set()
    flood_road(sim, "bridge", 1.0)
    Drive(sim, "village", "town", seen=seen)
    link = sim.world.ids.index("bridge") - sim.world.first["roads"]
    sim.env.run(until=5 / KMH + DRIVER_REPORT_H / 2)
    assert seen == {link}
    assert not sim.roads.router.is_closed("truck", link)
    sim.env.run(until=5 / KMH + DRIVER_REPORT_H + 0.01)
    assert not seen
    assert sim.roads.router.is_closed("truck", link)


@pytest.mark.parametrize(("at_h", "stopped"), [(4.9 / KMH, True), (5.1 / KMH, False)])
def test_water_under_way_stops_only_before_the_link_is_entered(at_h: float, stopped: bool) -> None:
    sim = quiet()
    flood_road(sim, "bridge", 1.0, at_h)
    drive = Drive(sim, "village", "town")
    sim.env.run(until=5)
    assert bool(so_far(sim).rows(Kind.TURNS_ROUND)) == stopped
    assert drive.at_h == pytest.approx((30 if stopped else 10) / KMH)


@pytest.mark.parametrize("comes_h", [0.0, 2 / KMH])
def test_a_link_that_reopens_before_he_gets_there_does_not_stop_him(comes_h: float) -> None:
    sim = quiet()
    flood_road(sim, "bridge", 1.0, comes_h)
    flood_road(sim, "bridge", 0.0, 4 / KMH)
    drive = Drive(sim, "village", "town")
    sim.env.run(until=5)
    assert not so_far(sim).rows(Kind.TURNS_ROUND)
    assert drive.at_h == pytest.approx(10 / KMH)


def test_no_way_left_is_given_up_where_he_stands() -> None:
    sim = quiet()
    flood_road(sim, "bridge", 1.0)
    flood_road(sim, "pass", 1.0)
    drive = Drive(sim, "village", "town")
    sim.env.run(until=5)
    story = so_far(sim)
    assert [story.world.ids[row.place] for row in story.rows(Kind.TURNS_ROUND)] == ["bridge", "pass"]
    assert story.one(Kind.GIVES_UP, place="town").time_h == drive.at_h == pytest.approx(10 / KMH)
    assert drive.reached == "hills"


def test_known_closed_roads_are_not_tried() -> None:
    sim = quiet()
    flood_road(sim, "bridge", 1.0)
    sim.env.run(until=0.01)
    sim.roads.learn(sim.world.ids.index("bridge") - sim.world.first["roads"])
    drive = Drive(sim, "village", "town")
    sim.env.run(until=5)
    assert not so_far(sim).rows(Kind.TURNS_ROUND)
    assert drive.at_h == pytest.approx(0.01 + 30 / KMH)


def test_road_staff_report_by_themselves() -> None:
    sim = by_hand(ring({"command": Command(road_report_h=1.0), "hazard": Flood(uncertainty=CERTAIN, road_damage=0)}))
    flood_road(sim, "bridge", 1.0, 1.0)
    flood_road(sim, "bridge", 0.0, 12.0)
    sim.env.run(until=24)
    story = so_far(sim)
    link = sim.world.ids.index("bridge") - sim.world.first["roads"]
    closed, opened = story.one(Kind.ROAD_KNOWN_CLOSED), story.one(Kind.ROAD_KNOWN_OPEN)
    assert closed.time_h == pytest.approx(1.0 + sim.roads.draws(link).known_closed_h)
    assert opened.time_h == pytest.approx(12.0 + sim.roads.draws(link).known_open_h)


def test_a_damaged_link_stays_shut_until_it_is_repaired() -> None:
    sim = quiet(road_damage=1.0, road_repair_h=2.0, bridges_lost_per_km=0.0)
    flood_road(sim, "bridge", 1.0)
    flood_road(sim, "bridge", 0.0, 3.0)
    wheels = Drive(sim, "fork", "town", after_h=3.1, vehicle="truck")
    feet = Drive(sim, "fork", "town", after_h=3.1, vehicle="foot")
    sim.env.run(until=20)
    story = so_far(sim)
    damaged, repaired = story.one(Kind.ROAD_DAMAGED), story.one(Kind.ROAD_REPAIRED)
    assert repaired.time_h == pytest.approx(3.0 + damaged.amount)
    assert wheels.at_h == pytest.approx(3.1 + 25 / KMH), "wheels go round"
    assert feet.at_h == pytest.approx(3.1 + 5 / sim.settings.evacuation.walk_kmh), "feet get through"
    assert story.one(Kind.ROAD_CLEARS).time_h == 3.0


def test_water_that_comes_back_puts_an_end_to_a_repair_and_it_begins_anew() -> None:
    sim = quiet(road_damage=1.0, road_repair_h=2.0, bridges_lost_per_km=0.0)
    repair_h = sim.roads.damage(sim.world.ids.index("bridge") - sim.world.first["roads"]).repair_h
    flood_road(sim, "bridge", 1.0)
    dry_h = 3.0 + 0.7 * repair_h
    for hour, depth_m in ((3.0, 0.0), (3.0 + 0.5 * repair_h, 1.0), (dry_h, 0.0)):
        flood_road(sim, "bridge", depth_m, hour)
    sim.env.run(until=40)
    assert so_far(sim).one(Kind.ROAD_REPAIRED).time_h == pytest.approx(dry_h + repair_h)


@pytest.mark.parametrize("wet_m", [0.01, 0.05, 0.1])
def test_repair_begins_when_the_road_is_no_longer_wet_whatever_counts_as_wet(wet_m: float) -> None:
    """The hazard tells the depth when it comes to another band, and the last of them ends at `depth_wet_m`."""
    hazard = Flood(uncertainty=CERTAIN, road_damage=1.0, road_repair_h=2.0, bridges_lost_per_km=0.0)
    sim = by_hand(ring({"hazard": hazard, "parameters": Parameters(depth_wet_m=wet_m)}))
    flood_road(sim, "bridge", 1.0)
    flood_road(sim, "bridge", 0.9 * wet_m, 3.0)
    sim.env.run(until=20)
    damaged, repaired = (so_far(sim).one(kind) for kind in (Kind.ROAD_DAMAGED, Kind.ROAD_REPAIRED))
    assert repaired.time_h == pytest.approx(3.0 + damaged.amount)


@pytest.mark.parametrize(
    ("bridge", "lost_per_km", "mean_h"), [(False, 0.0, 2.0), (False, 10.0, 200.0), (True, 0.0, 200.0)],
    ids=["all bridges stand", "it has lost one", "it is a bridge itself"],
)  # fmt: skip
def test_a_road_that_has_lost_a_bridge_is_rebuilt(bridge: bool, lost_per_km: float, mean_h: float) -> None:
    """The draw is the same: only its mean differs, and nothing else that was drawn for the road."""
    roads = tuple(road.model_copy(update={"bridge": bridge}) for road in ring().roads)
    hazard = Flood(
        uncertainty=CERTAIN, road_damage=1.0, bridge_damage=1.0, road_repair_h=2.0, road_rebuild_h=200.0,
        bridges_lost_per_km=lost_per_km,
    )  # fmt: skip
    drawn = by_hand(ring({"hazard": hazard}, roads=roads)).roads.damage(1)
    plain = quiet(road_damage=1.0, road_repair_h=1.0, bridges_lost_per_km=0.0).roads.damage(1)
    assert drawn.repair_h == pytest.approx(mean_h * plain.repair_h)
    assert drawn.breaks


@pytest.mark.parametrize(
    ("lost_per_km", "open_h"), [(0.0, 2.0), (10.0, 6.0)], ids=["all bridges stand", "it has lost one"]
)
def test_where_a_bridge_is_gone_walkers_wait_until_the_stream_can_be_waded(lost_per_km: float, open_h: float) -> None:
    """The road is dry from 2 h on; the stream under it is too deep until 6 h, and rises again at 8 h."""
    sim = quiet(road_damage=1.0, road_repair_h=8e4, road_rebuild_h=8e4, bridges_lost_per_km=lost_per_km)
    link = sim.world.ids.index("bridge") - sim.world.first["roads"]
    for hour, depth_m, ford_m in ((0.0, 1.0, 3.0), (2.0, 0.0, 1.9), (6.0, 0.0, 0.5), (8.0, 0.0, 0.7)):
        after(sim.env, hour, lambda _, water=(depth_m, ford_m): sim.roads.water(link, *water))
    opened_h = {}
    for hour in (0.5, 1.5, 2.5, 5.5, 6.5, 8.5):
        sim.env.run(until=hour)
        opened_h[hour] = link not in sim.roads.blocked["foot"]
        assert link in sim.roads.blocked["truck"]
    assert opened_h == {hour: hour > open_h and not (lost_per_km and hour > 8) for hour in opened_h}
    sim.roads.water(link, 0.0, 0.5)
    assert link not in sim.roads.blocked["foot"]


def test_repair_is_known_at_once() -> None:
    sim = quiet(road_damage=1.0, road_repair_h=2.0, bridges_lost_per_km=0.0)
    flood_road(sim, "bridge", 1.0)
    sim.env.run(until=0.5)
    sim.roads.learn(sim.world.ids.index("bridge") - sim.world.first["roads"])
    flood_road(sim, "bridge", 0.0, 1.0)
    sim.env.run(until=20)
    story = so_far(sim)
    assert story.one(Kind.ROAD_KNOWN_OPEN).time_h == story.one(Kind.ROAD_REPAIRED).time_h


def test_a_village_is_reached_again_at_the_very_moment_of_the_repair() -> None:
    """Whether or not any hazard changes anything from then on."""
    few, many = Village(id="village", population=9, **at(0, 0)), Village(id="hills", population=99, **at(1, 1))
    sections = {"hazard": Flood(uncertainty=CERTAIN, road_damage=1.0, road_repair_h=2.0, bridges_lost_per_km=0.0)}
    sim = by_hand(ring(sections, villages=(few, many), junctions=(Junction(id="fork", **at(1, 0)),)))
    flood_road(sim, "near", 1.0)
    flood_road(sim, "near", 0.0, 3.0)
    for hour in (0.1, 3.1):
        after(sim.env, hour, lambda _: sim.roads.review_isolation())
    sim.env.run(until=20)
    story = so_far(sim)
    assert story.one(Kind.ISOLATED, subject="village").time_h == 0.1
    assert story.one(Kind.REACHABLE, subject="village").time_h == story.one(Kind.ROAD_REPAIRED).time_h > 3.1


@pytest.mark.parametrize("depth_m", [0.1, 0.2, 0.3])
def test_wet_but_passable_slows_by_the_published_curve(depth_m: float) -> None:
    sim = quiet()
    flood_road(sim, "bridge", depth_m)
    drive = Drive(sim, "village", "town")
    sim.env.run(until=10)
    slow = max(flooded_speed_kmh("truck", depth_m, KMH, Parameters().depth_limit_truck_m), 1.0)
    assert drive.at_h == pytest.approx(5 / KMH + 5 / slow)


def test_wading_slows_walkers() -> None:
    sim = quiet()
    flood_road(sim, "bridge", 0.35)
    drive = Drive(sim, "village", "town", vehicle="foot")
    sim.env.run(until=12)
    walk_kmh = sim.settings.evacuation.walk_kmh
    assert drive.at_h == pytest.approx(5 / walk_kmh + 5 / (walk_kmh * (1 - WADING_LOSS)))


@pytest.mark.parametrize(
    ("vehicle", "depth_m", "passes"),
    [
        ("car", 0.31, False), ("bus", 0.31, False), ("truck", 0.31, False), ("truck", 0.3, True),
        ("high_clearance", 0.5, True), ("high_clearance", 0.61, False), ("foot", 0.6, True), ("foot", 0.62, False),
        ("boat", 0.2, True), ("boat", 3.0, True),
    ],
)  # fmt: skip
def test_depths_that_stop_each_vehicle(vehicle: str, depth_m: float, passes: bool) -> None:
    sim = quiet()
    flood_road(sim, "bridge", depth_m)
    drive = Drive(sim, "fork", "town", vehicle=vehicle)
    sim.env.run(until=20)
    assert drive.reached == "town"
    assert bool(so_far(sim).rows(Kind.TURNS_ROUND)) != passes


def test_a_boat_goes_by_its_hull_on_deep_water() -> None:
    sim = quiet()
    flood_road(sim, "bridge", 2.0)
    drive = Drive(sim, "village", "town", vehicle="boat", boat_kmh=10.0)
    sim.env.run(until=10)
    assert drive.at_h == pytest.approx(5 / KMH + 5 / 10)


def test_pace_stretches_the_whole_drive() -> None:
    sim = quiet()
    drive = Drive(sim, "village", "town", pace=0.5)
    sim.env.run(until=5)
    assert drive.at_h == pytest.approx(2 * 10 / KMH)


def test_a_road_that_only_a_driver_knew_closed_and_that_is_open_again_lets_requests_be_served() -> None:
    command = Command(decision_h=0, driver_report_h=1, road_report_h=NEVER_H)
    crew = Team(id="team", base="station", tasks=TASKS, turnout_h=0, breakdown=0)
    whole = {"hazard": Flood(uncertainty=CERTAIN, road_damage=0)}
    sim = by_hand(
        dry_row(sections=whole, command=command, calls=(ask("village-0", 2.0),), **(NOBODY | {"teams": (crew,)}))
    )
    flood_road(sim, "village-0-school", 3.0, 1.9)
    flood_road(sim, "village-0-school", 0.0, 2.9)
    sim.env.run(until=40)
    story = so_far(sim)
    turned = story.one(Kind.TURNS_ROUND)
    assert story.one(Kind.GIVES_UP).time_h < 2.9 < turned.time_h + 1
    assert story.times(Kind.ASSIGNED) == [2.0, pytest.approx(turned.time_h + 1)]
    assert story.one(Kind.SERVED)
