"""Depots: staff, docks and their queue, stock that is never made of nothing, restocking from the upper depot."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.places import Base, Depot, Shelter, Village
from simrescue.responders import Boat, Helicopter, Truck
from simrescue.scenario.records import Evacuation, Relief, Scenario, Warning
from simrescue.simulation.places.depot import DepotState, load_plan, tonnes
from simrescue.simulation.state import Simulation
from tests.factories import at
from tests.simulation.story import AT_ONCE, NOBODY, Story, by_hand, dry_row, so_far, tell, water_at

KG = (1.0, 3.0, 3.0, 10.0, 0.1)
FOOD = 0


def a_depot(**fields: Any) -> tuple[Simulation, DepotState]:
    plain: dict[str, Any] = {"docks": 1, "opening_h": 0, "food": 1000}
    depots = (Depot(id="depot", **(plain | fields), **at(1, 1)), Depot(id="upper", **at(3, 1)))
    sim = by_hand(dry_row(depots=depots, **NOBODY))
    return sim, sim.depots[sim.world.ids.index("depot")]


def visit(sim: Simulation, depot: DepotState, at_h: float, stay_h: float, done: list[tuple[float, float]]) -> None:
    """A truck comes, takes a dock, and leaves it; `done` gets when it began and ended."""

    def truck() -> Generator[Any, Any, None]:
        yield sim.env.timeout(at_h)
        yield from depot.take_dock(sim.world.command, -1, -1)
        began = sim.env.now
        yield sim.env.timeout(stay_h)
        depot.docks.leave()
        done.append((began, sim.env.now))

    sim.env.process(truck())


# ---- docks


@pytest.mark.parametrize(("docks", "begun"), [(1, [1, 3, 5]), (2, [1, 1.1, 3]), (3, [1, 1.1, 1.2])])
def test_trucks_queue_for_docks_in_order_of_arrival(docks: int, begun: list[float]) -> None:
    sim, depot = a_depot(docks=docks)
    done: list[tuple[float, float]] = []
    for at_h in (1, 1.1, 1.2):
        visit(sim, depot, at_h, 2.0, done)
    sim.env.run(until=20)
    assert sorted(began for began, _ in done) == pytest.approx(begun)
    assert len(so_far(sim).rows(Kind.WAITS_DOCK)) == 3 - docks
    assert depot.docks.busy == 0


def test_staff_come_after_the_first_order_and_stay() -> None:
    sim, depot = a_depot(opening_h=2.0, docks=2)
    done: list[tuple[float, float]] = []
    visit(sim, depot, 1.0, 0.5, done)
    visit(sim, depot, 2.0, 0.5, done)
    visit(sim, depot, 9.0, 0.5, done)
    assert (depot.wait_h, depot.opens_h) == (2.0, 0.0)
    sim.env.run(until=20)
    assert [began for began, _ in done] == [3.0, 3.0, 9.0]


def test_a_wet_depot_serves_nobody() -> None:
    sim, depot = a_depot()
    assert depot.has((FOOD,))
    water_at(sim, depot.index, 0.4, 2)
    assert not depot.has((FOOD,))


# ---- stock


def test_no_more_goes_out_than_is_there() -> None:
    _, depot = a_depot(food=100, water=50)
    assert depot.draw([80, 0, 80, 5, 0]) == [80, 0, 50, 0, 0]
    assert depot.draw([80, 0, 80, 0, 0]) == [20, 0, 0, 0, 0]
    assert depot.stock == [0, 0, 0, 0, 0]
    assert not depot.has((0, 2))


def test_a_small_truck_takes_of_everything_in_proportion() -> None:
    needs = [3000.0, 100.0, 3000.0, 100.0, 3000.0]
    load = load_plan(needs, 5.0, KG)
    assert tonnes(load, KG) == pytest.approx(5.0)
    assert len({round(part / whole, 9) for part, whole in zip(load, needs, strict=True)}) == 1
    assert load_plan(needs, 50.0, KG) == needs


# ---- relief with trucks


def relief(trucks: tuple[Truck, ...], depots: tuple[Depot, ...], persons: int = 100, **sections: Any) -> Scenario:
    """All people of a village drive to a school without stock at the start; they need food, and nothing else counts."""
    villages = [Village(id="village-0", population=persons, vulnerable=0, cars=1.0, **at(0, 0))]
    villages += [Village(id=f"village-{i}", population=0, ordered=False, **at(i, 0)) for i in (1, 2)]
    plain = {
        "warning": Warning(order=0.0, answer_h=0, reach=1, diffusion_t50_h=0),
        "evacuation": Evacuation(refuse=0, act_t50_h=0, batches=1),
        "relief": Relief(tracked=("food",)),
        "command": AT_ONCE,
    }
    school = Shelter(id="school", capacity=1000, **at(0, 1))
    return dry_row(
        villages=tuple(villages), shelters=(school,), sections=plain | sections,
        **(NOBODY | {"trucks": trucks, "depots": depots}),
    )  # fmt: skip


def lorry(**fields: Any) -> Truck:
    plain: dict[str, Any] = {"id": "truck", "base": "station", "breakdown": 0, "shift_h": 999}
    return Truck(**(plain | fields))


def store(**fields: Any) -> Depot:
    plain: dict[str, Any] = {"id": "depot", "food": 5000}
    return Depot(**(plain | fields), **at(1, 1))


def test_what_is_loaded_is_delivered() -> None:
    story = tell(relief((lorry(),), (store(),)))
    loaded, delivered = story.one(Kind.LOADED), story.one(Kind.DELIVERS)
    assert loaded.amount == delivered.amount == pytest.approx(300, rel=0.02)
    assert (loaded.place, delivered.place) == (story.index["depot"], story.index["school"])
    assert story.one(Kind.RELIEVED, place="school").cause == delivered.number


def test_part_loads_bring_the_rest_by_and_by() -> None:
    story = tell(relief((lorry(payload_t=0.1),), (store(),)))
    amounts = [row.amount for row in story.rows(Kind.DELIVERS)]
    assert amounts[:2] == pytest.approx([100, 100])
    assert sum(amounts) > 290
    first, *_ = story.rows(Kind.DELIVERS)
    assert story.first(Kind.MET, place="school").cause == first.number, "one meal each is enough to count"


def test_an_empty_depot_is_passed_over() -> None:
    far = Depot(id="far", food=5000, **at(2, 2))
    roads = dry_row().roads
    more = roads[0].model_copy(update={"id": "to-far", "start": "station", "end": "far"})
    scenario = relief((lorry(),), (store(food=0), far)).model_copy(update={"roads": (*roads, more)})
    story = tell(scenario)
    assert {row.place for row in story.rows(Kind.LOADED)} == {story.index["far"]}


def test_a_truck_that_finds_nothing_left_says_so() -> None:
    story = tell(relief((lorry(count=2, payload_t=0.2),), (store(food=150, docks=1),)))
    assert sum(row.amount for row in story.rows(Kind.LOADED)) == pytest.approx(150)
    assert story.first(Kind.NO_STOCK).request >= 0
    assert story.one(Kind.UNMET, place="school").amount > 0


# ---- restocking


def tiers() -> Story:
    """A village depot with little, its upper depot, and another depot that is nearer to the trucks."""
    lower = store(food=300, upper="upper")
    upper = Depot(id="upper", food=5000, **at(3, 1))
    other = Depot(id="other", food=5000, **at(2, 2))
    roads = dry_row().roads
    link = {"length_km": 5.0}
    more = [
        roads[0].model_copy(update={"id": f"to-{one}", "start": "station", "end": one} | link)
        for one in ("upper", "other")
    ]
    scenario = relief((lorry(count=3),), (lower, other, upper), persons=90)
    near = [Truck(id="near", base="depot", breakdown=0, tasks=("relief",))]
    return tell(scenario.model_copy(update={"roads": (*roads, *more), "trucks": (*near, *scenario.trucks)}))


def test_only_the_upper_depot_restocks() -> None:
    story = tiers()
    assert story.rows(Kind.LOADED, place="depot"), "the nearest depot serves the school"
    request = story.first(Kind.REQUEST_OPENED, place="depot").request
    loads = [row for row in story.rows(Kind.LOADED) if row.request == request]
    assert {row.place for row in loads} == {story.index["upper"]}
    assert sum(row.amount for row in story.rows(Kind.DELIVERS, place="depot")) == pytest.approx(
        sum(row.amount for row in loads)
    )


def test_a_depot_above_three_tenths_asks_for_nothing() -> None:
    sim, depot = a_depot(food=1000, upper="upper")
    depot.draw([600, 0, 0, 0, 0])
    assert not so_far(sim).rows(Kind.REQUEST_OPENED)
    depot.draw([200, 0, 0, 0, 0])
    assert so_far(sim).one(Kind.REQUEST_OPENED, place="depot").item == 2


# ---- stock is promised once


def test_what_is_set_aside_for_one_is_there_for_no_other() -> None:
    _, depot = a_depot(food=100, water=50)
    assert depot.reserve([80, 0, 10, 0, 0]) == [80, 0, 10, 0, 0]
    assert depot.reserve([80, 0, 0, 0, 0]) == [20, 0, 0, 0, 0]
    assert not depot.has((FOOD,)), "all of it is promised"
    assert depot.draw([5, 0, 5, 0, 0]) == [0, 0, 5, 0, 0], "people on foot do not take it either"
    depot.release([20, 0, 0, 0, 0])
    assert depot.has((FOOD,))
    depot.hand_over([80, 0, 10, 0, 0])
    assert (depot.stock[FOOD], depot.stock[2], depot.free()[FOOD]) == (20, 35, 20)


def test_two_lorries_at_a_small_store_do_not_both_go_there() -> None:
    """150 rations at the near depot: one lorry goes there for 150, the next to the other depot for the rest."""
    far = Depot(id="far", food=5000, **at(2, 2))
    more = dry_row().roads[0].model_copy(update={"id": "to-far", "start": "station", "end": "far"})
    scenario = relief((lorry(count=2, payload_t=0.2),), (store(food=150), far))
    story = tell(scenario.model_copy(update={"roads": (*scenario.roads, more)}))
    loads = story.rows(Kind.LOADED)
    assert not story.rows(Kind.NO_STOCK)
    assert sum(row.amount for row in loads if row.place == story.index["depot"]) == pytest.approx(150)
    assert {row.place for row in loads} == {story.index["depot"], story.index["far"]}


def test_where_no_goods_are_left_command_says_so_and_sends_nobody() -> None:
    story = tell(relief((lorry(count=3),), (store(food=0),)))
    assert story.one(Kind.NO_STOCK, place="school").subject == story.world.command
    assert not story.rows(Kind.ASSIGNED)


# ---- planned transport between depots


def restocked(fleet: float = 1.0, **crews: Any) -> Scenario:
    """A depot that has had a tenth of its goods left, and an upper one; nobody needs anything."""
    lower, upper = store(food=1000, upper="upper"), Depot(id="upper", food=50_000, **at(3, 1))
    more = dry_row().roads[0].model_copy(update={"id": "to-upper", "start": "station", "end": "upper"})
    scenario = relief((), (lower, upper), persons=0, relief=Relief(tracked=("food",), replenishment_fleet=fleet))
    return scenario.model_copy(update={"roads": (*scenario.roads, more), **crews})


def short(scenario: Scenario) -> Story:
    sim = by_hand(scenario)
    sim.depots[sim.world.ids.index("depot")].draw([900, 0, 0, 0, 0])
    sim.env.run(until=40)
    return so_far(sim)


@pytest.mark.parametrize(
    ("crew", "goes"),
    [
        ({"trucks": (lorry(),)}, True),
        ({"trucks": (lorry(tasks=("relief", "evacuate")),)}, False),
        ({"boats": (Boat(id="boat", base="station", tasks=("relief",)),)}, False),
        ({"helicopters": (Helicopter(id="air", base="station", serviceable=1, tasks=("relief",)),)}, False),
    ],
    ids=["a lorry", "a lorry for people too", "a boat", "a helicopter"],
)
def test_only_lorries_that_bring_nothing_but_goods_go_between_depots(crew: dict[str, Any], goes: bool) -> None:
    story = short(restocked(**crew))
    assert story.rows(Kind.REQUEST_OPENED, place="depot")
    assert bool(story.rows(Kind.DELIVERS, place="depot")) == goes


@pytest.mark.parametrize(("fleet", "most"), [(0.0, 0), (0.25, 1), (0.26, 2), (1.0, 4)])
def test_no_more_lorries_than_their_share_go_between_depots_at_one_time(fleet: float, most: int) -> None:
    story = short(restocked(fleet, trucks=(lorry(count=4, payload_t=0.1),)))
    away, found = 0, [0]
    for row in story.rows(Kind.ASSIGNED, Kind.FREE):
        away += 1 if row.kind is Kind.ASSIGNED else -1
        found.append(away)
    assert max(found) == most


def test_lorries_that_are_not_there_or_on_another_island_let_no_other_go_between_depots() -> None:
    trucks = (
        lorry(count=2, payload_t=0.1),
        lorry(count=20, payload_t=0.1).model_copy(update={"id": "late", "available": 9000.0}),
        lorry(count=20, payload_t=0.1).model_copy(update={"id": "far", "base": "island"}),
    )
    scenario = restocked(0.5, trucks=trucks)
    story = short(scenario.model_copy(update={"bases": (*scenario.bases, Base(id="island", **at(9, 9)))}))
    away, found = 0, [0]
    for row in story.rows(Kind.ASSIGNED, Kind.FREE):
        away += 1 if row.kind is Kind.ASSIGNED else -1
        found.append(away)
    assert max(found) == 1


def test_people_are_served_before_stores_even_where_stores_asked_first() -> None:
    """One lorry: the depot has asked for hours when the school's people come, and they are served first."""
    scenario = restocked(trucks=(lorry(available=6.0),))
    villages = (scenario.villages[0].model_copy(update={"population": 90}), *scenario.villages[1:])
    warning = Warning(order=5.0, answer_h=0, reach=1, diffusion_t50_h=0)
    settings = scenario.settings.model_copy(update={"warning": warning})
    sim = by_hand(scenario.model_copy(update={"villages": villages, "settings": settings}))
    sim.depots[sim.world.ids.index("depot")].draw([900, 0, 0, 0, 0])
    sim.env.run(until=20)
    places = [row.place for row in so_far(sim).rows(Kind.ASSIGNED)]
    assert places[0] == sim.world.ids.index("school")
    assert sim.world.ids.index("depot") in places


# ---- drivers change


@pytest.mark.parametrize(("drivers", "rests_h"), [(1, 8.0), (2, 2.0), (3, 0.0)])
def test_a_lorry_stands_only_until_the_first_of_its_drivers_has_rested(drivers: int, rests_h: float) -> None:
    """Shifts of 6 h and rests of 8 h: with two drivers the first has rested 6 h when the second is tired."""
    truck = lorry(drivers=drivers, shift_h=6, rest_h=8, payload_t=0.02)
    story = tell(relief((truck,), (store(),), persons=300))
    assert {row.amount for row in story.rows(Kind.RESTS)} == ({rests_h} if rests_h else set())
