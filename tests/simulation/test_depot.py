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
from tests.simulation.story import AT_ONCE, NOBODY, Story, by_hand, dry_row, feed, so_far, tell, water_at

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
    assert depot.opens_h is None
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


def test_staff_are_called_with_the_order_to_the_crew_and_not_when_it_stands_at_the_dock() -> None:
    story = tell(relief((lorry(turnout_h=1.0),), (store(opening_h=2.0, load_h=0),)))
    ordered, loaded = story.first(Kind.ASSIGNED), story.first(Kind.LOADED)
    assert ordered.time_h + 0.75 < story.first(Kind.WAITS_DOCK).time_h < ordered.time_h + 2.0
    assert loaded.time_h == pytest.approx(ordered.time_h + 2.0)


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


# ---- planned transport between depots


REVIEW_H = 4.0
KEEPS_H = 17.0
"""Goods of the people in these tests last so long: they ask at 5 h, which falls before what a second review brings."""


def restocked(fleet: float = 1.0, near: tuple[Depot, ...] = (), **crews: Any) -> Scenario:
    """A depot that has had a tenth of its goods left, an upper one, and more depots; nobody needs anything."""
    lower, upper = store(food=1000, upper="upper"), Depot(id="upper", food=50_000, **at(4, 1))
    plain = dry_row().roads[0]
    more = [
        plain.model_copy(update={"id": f"to-{one.id}", "start": "station", "end": one.id}) for one in (upper, *near)
    ]
    settings = Relief(tracked=("food",), replenishment_fleet=fleet, replenishment_review=REVIEW_H)
    scenario = relief((), (lower, upper, *near), persons=0, relief=settings)
    return scenario.model_copy(update={"roads": (*scenario.roads, *more), **crews})


def short(scenario: Scenario, persons: int = 600, until_h: float = 40.0) -> Simulation:
    """So many people in the school have food for a while, and nobody brings any: the depot alone is to have some."""
    sim = by_hand(scenario)
    sim.depots[sim.world.ids.index("depot")].draw([900, 0, 0, 0, 0])
    if persons:
        feed(sim, "school", persons, KEEPS_H)
    sim.env.run(until=until_h)
    return sim


def orders(sim: Simulation, place: str = "depot") -> list[float]:
    """Food that is to be sent to a depot now."""
    index = sim.world.ids.index(place)
    return [one.outstanding[FOOD] for one in sim.command.requests.values() if one.planned and one.place == index]


def test_a_depot_is_restocked_with_what_will_be_asked_of_it_and_no_more() -> None:
    """600 people ask for 2.5 days, 1,500 person-days; 100 are there, and there is room for 900: 900 are ordered."""
    lorries = {"trucks": (lorry(payload_t=0.1, available=90.0),)}
    for persons, ordered in ((0, []), (20, []), (60, [50]), (600, [900])):
        sim = short(restocked(**lorries), persons, until_h=REVIEW_H + 0.1)
        sim.command.replenishment.held.add(sim.world.ids.index("depot"))
        assert sum(orders(sim)) == pytest.approx(sum(ordered) // 100 * 100), persons


def test_less_than_a_lorry_takes_waits_for_one_review() -> None:
    """60 people ask for 150 person-days, of which 100 are there; a lorry takes 100 and is sent for 50 only at 8 h."""
    sim = short(restocked(trucks=(lorry(payload_t=0.1, available=90.0),)), 60, until_h=REVIEW_H + 0.1)
    assert not orders(sim)
    sim.env.run(until=2 * REVIEW_H + 0.1)
    assert orders(sim) == pytest.approx([50])
    sim.env.run(until=3 * REVIEW_H + 0.1)
    assert orders(sim) == pytest.approx([50]), "still the same 50"


@pytest.mark.parametrize(("food", "ordered"), [(50_000, 0), (1_000, 400), (0, 900)])
def test_what_a_neighbour_has_comes_before_what_the_upper_depot_has(food: int, ordered: float) -> None:
    """Of 1,500 person-days 100 are in the depot; what a neighbour as near has is taken off the order."""
    near = Depot(id="near", food=food, **at(2, 2))
    sim = short(restocked(near=(near,), trucks=(lorry(payload_t=0.1, available=90.0),)), until_h=REVIEW_H + 0.1)
    assert sum(orders(sim)) == pytest.approx(ordered)


def test_a_chain_of_depots_is_restocked_from_its_end() -> None:
    """The upper depot has 300 of the 900 that the lower one wants: it orders the other 600 from the one above it."""
    lower, middle = store(food=1000, upper="middle"), Depot(id="middle", food=2000, upper="top", **at(3, 1))
    top = Depot(id="top", food=50_000, **at(4, 1))
    plain = dry_row().roads[0]
    roads = [
        plain.model_copy(update={"id": f"to-{b}", "start": a, "end": b})
        for a, b in (("station", "middle"), ("middle", "top"))
    ]
    base = restocked(trucks=(lorry(payload_t=0.1, available=90.0),))
    scenario = base.model_copy(update={"depots": (lower, middle, top), "roads": (*relief((), ()).roads, *roads)})
    sim = short(scenario, until_h=0.5)
    sim.depots[sim.world.ids.index("middle")].draw([1700, 0, 0, 0, 0])
    sim.env.run(until=REVIEW_H + 0.1)
    assert (orders(sim), orders(sim, "middle")) == (pytest.approx([300]), pytest.approx([600]))


def test_only_the_upper_depot_restocks() -> None:
    other = Depot(id="other", **at(2, 2))
    story = so_far(short(restocked(near=(other,), trucks=(lorry(count=3, payload_t=0.1),))))
    requests = {row.request for row in story.rows(Kind.REQUEST_OPENED, place="depot")}
    loads = [row for row in story.rows(Kind.LOADED) if row.request in requests]
    assert {row.place for row in loads} == {story.index["upper"]}
    assert sum(row.amount for row in story.rows(Kind.DELIVERS, place="depot")) == pytest.approx(
        sum(row.amount for row in loads)
    )


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


# ---- who goes between depots


@pytest.mark.parametrize(
    ("crew", "goes"),
    [
        ({"trucks": (lorry(payload_t=0.1),)}, True),
        ({"trucks": (lorry(payload_t=0.1, tasks=("relief", "evacuate")),)}, False),
        ({"boats": (Boat(id="boat", base="station", tasks=("relief",)),)}, False),
        ({"helicopters": (Helicopter(id="air", base="station", serviceable=1, tasks=("relief",)),)}, False),
    ],
    ids=["a lorry", "a lorry for people too", "a boat", "a helicopter"],
)
def test_only_lorries_that_bring_nothing_but_goods_go_between_depots(crew: dict[str, Any], goes: bool) -> None:
    away = lorry(available=90.0, payload_t=0.1).model_copy(update={"id": "away"})
    story = so_far(short(restocked(**(crew | {"trucks": (away, *crew.get("trucks", ()))}))))
    assert story.rows(Kind.REQUEST_OPENED, place="depot")
    assert bool(story.rows(Kind.DELIVERS, place="depot")) == goes


def most_between_depots(story: Story) -> int:
    """The most lorries that were on their way to restock the depot, or home from it, at one time."""
    away, most = set[int](), 0
    for row in story.rows(Kind.ASSIGNED, Kind.FREE):
        away.discard(row.subject)
        if row.kind is Kind.ASSIGNED and row.place == story.index["depot"]:
            away.add(row.subject)
        most = max(most, len(away))
    return most


@pytest.mark.parametrize(("fleet", "most"), [(0.0, 0), (0.25, 1), (0.26, 2), (1.0, 4)])
def test_no_more_lorries_than_their_share_go_between_depots_at_one_time(fleet: float, most: int) -> None:
    story = so_far(short(restocked(fleet, trucks=(lorry(count=4, payload_t=0.1),))))
    assert most_between_depots(story) == most


def test_lorries_that_are_not_there_or_on_another_island_let_no_other_go_between_depots() -> None:
    trucks = (
        lorry(count=2, payload_t=0.1),
        lorry(count=20, payload_t=0.1).model_copy(update={"id": "late", "available": 9000.0}),
        lorry(count=20, payload_t=0.1).model_copy(update={"id": "far", "base": "island"}),
    )
    scenario = restocked(0.5, trucks=trucks)
    bases = (*scenario.bases, Base(id="island", **at(9, 9)))
    story = so_far(short(scenario.model_copy(update={"bases": bases})))
    assert most_between_depots(story) == 1


def test_people_are_served_before_stores_even_where_stores_asked_first() -> None:
    """One lorry, from 6 h on: goods for the depot were ordered at 4 h, and those who ask at 5 h are served first."""
    story = so_far(short(restocked(trucks=(lorry(payload_t=0.4, available=6.0),))))
    opened = [row.place for row in story.rows(Kind.REQUEST_OPENED)]
    assert opened[:2] == [story.index["depot"], story.index["school"]]
    assert story.first(Kind.ASSIGNED).place == story.index["school"]


# ---- drivers change


@pytest.mark.parametrize(("drivers", "rests_h"), [(1, 8.0), (2, 2.0), (3, 0.0)])
def test_a_lorry_stands_only_until_the_first_of_its_drivers_has_rested(drivers: int, rests_h: float) -> None:
    """Shifts of 6 h and rests of 8 h: with two drivers the first has rested 6 h when the second is tired."""
    truck = lorry(drivers=drivers, shift_h=6, rest_h=8, payload_t=0.02)
    story = tell(relief((truck,), (store(),), persons=300))
    assert {row.amount for row in story.rows(Kind.RESTS)} == ({rests_h} if rests_h else set())


# ---- several stops of one load


def schools(payload_t: float, food: float = 5000.0, **others: tuple[str, float]) -> Story:
    """100 people in each of several schools have nothing; the lorry is there when all have asked.

    `others`: of each besides the first to which place the road from it goes, and how many km.
    """
    scenario = relief((lorry(payload_t=payload_t, available=3.0),), (store(food=food),), persons=0)
    more = tuple(Shelter(id=name, capacity=1000, **at(0, 2 + i)) for i, name in enumerate(others))
    plain = dry_row().roads[0]
    ways = tuple(
        plain.model_copy(update={"id": f"to-{name}", "start": beside, "end": name, "length_km": km})
        for name, (beside, km) in others.items()
    )
    shelters, roads = (*scenario.shelters, *more), (*scenario.roads, *ways)
    sim = by_hand(scenario.model_copy(update={"shelters": shelters, "roads": roads}))
    for name in ("school", *others):
        feed(sim, name, 100, 0.0)
    sim.env.run(until=20)
    return so_far(sim)


def amounts(story: Story, kind: Kind) -> list[tuple[str, float]]:
    """Where goods came or were loaded, in order, with how much."""
    return [(story.world.ids[row.place], round(row.amount)) for row in story.rows(kind)]


def test_a_lorry_with_room_left_goes_on_to_the_next_place_that_has_asked() -> None:
    """Both ask for three days, 300 person-days: one load of 600, one way out, and each stop is an order of its own."""
    story = schools(10.0, second=("school", 10))
    loaded, orders = story.rows(Kind.LOADED), story.rows(Kind.ASSIGNED)
    assert amounts(story, Kind.LOADED) == [("depot", 300), ("depot", 300)]
    assert loaded[0].time_h == loaded[1].time_h
    assert amounts(story, Kind.DELIVERS) == [("school", 300), ("second", 300)]
    assert [row.request for row in orders] == [row.request for row in loaded]
    assert orders[1].time_h == story.rows(Kind.DELIVERS)[0].time_h
    assert len(story.rows(Kind.FREE)) == 1
    assert not story.rows(Kind.NO_STOCK)


@pytest.mark.parametrize(
    ("payload_t", "food", "brought"),
    [
        (0.3, 5000, [("school", 300), ("second", 300)]),
        (0.4, 5000, [("school", 300), ("second", 100)]),
        (10.0, 450, [("school", 300), ("second", 150)]),
        (10.0, 200, [("school", 200)]),
    ],
    ids=["no room left", "room for part", "goods for part", "goods for one"],
)
def test_what_goes_on_is_what_there_is_room_and_stock_for(
    payload_t: float, food: float, brought: list[tuple[str, float]]
) -> None:
    story = schools(payload_t, food, second=("school", 10))
    assert amounts(story, Kind.DELIVERS)[: len(brought)] == brought
    out, brought_t = (sum(row.amount for row in story.rows(kind)) for kind in (Kind.LOADED, Kind.DELIVERS))
    assert out == pytest.approx(brought_t)
    assert brought_t <= food


def test_a_lorry_goes_on_only_where_that_is_nearer_than_from_the_depot() -> None:
    story = schools(10.0, second=("depot", 10))
    first, second, *_ = story.rows(Kind.LOADED)
    assert first.time_h < second.time_h


def test_a_place_that_is_passed_over_takes_nothing_of_the_load() -> None:
    """It is nearer than the other, and nearer still from the depot: the other gets all that it asks for."""
    story = schools(10.0, food=700, passed=("depot", 1), second=("school", 90))
    assert amounts(story, Kind.LOADED)[:2] == [("depot", 300), ("depot", 300)]
    assert amounts(story, Kind.DELIVERS)[:2] == [("school", 300), ("second", 300)]
