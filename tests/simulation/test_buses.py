"""Buses need their drivers, who are called in with the first order to leave, before anybody asks for a seat."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.places import Village
from simrescue.responders import Team
from simrescue.scenario.records import Evacuation, Warning
from simrescue.simulation.responders.moving import LEAST_TURNOUT, TURNOUT_SPREAD
from simrescue.simulation.state import Simulation
from tests.factories import at
from tests.simulation.story import AT_ONCE, NOBODY, Story, by_hand, dry_row, flood_road, so_far, water_at


def first_bus(
    order_h: float, vehicle: str = "bus", mobilisation_h: float = 2.0, ordered: bool = True
) -> tuple[Story, float]:
    """A village whose people all wait for a bus, told at that hour; and the spread that the bus draws for turnout."""
    village = Village(id="village-0", population=40, vulnerable=1.0, ordered=ordered, call_out=order_h, **at(0, 0))
    rest = [Village(id=f"village-{i}", population=0, ordered=False, **at(i, 0)) for i in (1, 2)]
    team = Team(
        id="bus", base="station", vehicle=vehicle, seats=45, size=4, turnout_h=0.5, breakdown=0, tasks=("evacuate",)
    )
    warning = Warning(order=order_h, answer_h=0, reach=1.0, diffusion_t50_h=0, door_rounds=0)
    going = Evacuation(refuse=0, act_t50_h=0, leave_by_cue=0)
    tables: dict[str, Any] = NOBODY | {"teams": (team,)}
    made = dry_row(villages=(village, *rest), sections={"warning": warning, "evacuation": going}, **tables)
    numbers = made.settings.parameters.model_copy(update={"bus_mobilisation_h": mobilisation_h})
    made = made.model_copy(update={"settings": made.settings.model_copy(update={"parameters": numbers})})
    sim, twin = by_hand(made), by_hand(made)
    sim.env.run(until=40)
    return so_far(sim), LEAST_TURNOUT + TURNOUT_SPREAD * twin.crews[0].rng.random()


def test_a_bus_leaves_when_its_drivers_are_there() -> None:
    """Ordered and asked for at 5:00; turnout takes half an hour, the drivers two."""
    story, spread = first_bus(5.0)
    assert story.first(Kind.ASSIGNED, subject="bus").time_h == 5.0
    assert story.first(Kind.TURNS_OUT, subject="bus").time_h == pytest.approx(5 + 2 * spread)
    assert story.persons(Kind.PICKS_UP, subject="bus") == 40


def test_other_teams_need_no_drivers() -> None:
    story, spread = first_bus(5.0, vehicle="truck")
    assert story.first(Kind.TURNS_OUT, subject="bus").time_h == pytest.approx(5 + 0.5 * spread)


def test_turnout_counts_where_the_drivers_are_there_sooner() -> None:
    story, spread = first_bus(5.0, mobilisation_h=0.1)
    assert story.first(Kind.TURNS_OUT, subject="bus").time_h == pytest.approx(5 + 0.5 * spread)


def test_without_an_order_the_drivers_are_called_when_the_bus_is_sent() -> None:
    story, spread = first_bus(5.0, ordered=False)
    assert story.first(Kind.TURNS_OUT, subject="bus").time_h == pytest.approx(5 + 2 * spread)


def test_an_order_elsewhere_calls_them_in_before() -> None:
    """Another village was ordered at 2:00: the drivers have had three hours when somebody asks."""
    story, spread = first_bus(5.0)
    village = Village(id="village-0", population=40, vulnerable=1.0, order=5.0, **at(0, 0))
    early = [Village(id=f"village-{i}", population=0, order=2.0, **at(i, 0)) for i in (1, 2)]
    made = story.world.scenario.model_copy(update={"villages": (village, *early)})
    sim = by_hand(made)
    sim.env.run(until=40)
    assert so_far(sim).first(Kind.TURNS_OUT, subject="bus").time_h == pytest.approx(5 + 0.5 * spread)


# ---- sent ahead of people's asking


def ahead(
    seats: int = 30, buses: int = 1, wait_h: float = 0.5, share: float = 1.0, people: tuple[int, ...] = (20, 10, 0),
    act_t50_h: float = 4.0, vehicle: str = "bus", seed: int = 1, **warning: Any,
) -> Simulation:  # fmt: skip
    """Villages 0 to 2 in a row, 5 km apart, whose people all need a seat; the school is 5 km from village-0 alone.

    Ordered at 1:00 and told at once; who is ready when is drawn, half of them after `act_t50_h`.
    """
    villages = tuple(
        Village(id=f"village-{i}", population=n, vulnerable=1.0, ordered=n > 0, **at(i, 0))
        for i, n in enumerate(people)
    )
    team = Team(
        id="bus", base="station", vehicle=vehicle, seats=seats, size=4, count=buses, turnout_h=0, breakdown=0,
        tasks=("evacuate",), shift_h=999,
    )  # fmt: skip
    told = Warning(**({"order": 1.0, "answer_h": 0, "reach": 1.0, "diffusion_t50_h": 0, "door_rounds": 0,
                       "speaker_rounds": 0} | warning))  # fmt: skip
    going = Evacuation(refuse=0, act_t50_h=act_t50_h, leave_by_cue=0)
    command = AT_ONCE.model_copy(update={"buses_ahead": share, "report_h": 1.0})
    sections = {"warning": told, "evacuation": going, "command": command}
    made = dry_row(villages=villages, sections=sections, **(NOBODY | {"teams": (team,)}))
    numbers = made.settings.parameters.model_copy(update={"bus_mobilisation_h": 0.0, "bus_wait_h": wait_h})
    return by_hand(made.model_copy(update={"settings": made.settings.model_copy(update={"parameters": numbers})}), seed)


def told_of(sim: Simulation, until_h: float = 47.0) -> Story:
    sim.env.run(until=until_h)
    return so_far(sim)


def test_buses_set_off_with_the_order_and_not_when_somebody_asks() -> None:
    """30 people in two villages; a bus for each is on its way at 1:00, and nobody has asked by then."""
    story = told_of(ahead(buses=2))
    assert [(row.time_h, row.persons) for row in story.rows(Kind.BUSES_ORDERED)] == [(1.0, 20), (1.0, 10)]
    assert [row.time_h for row in story.rows(Kind.ASSIGNED)][:2] == [1.0, 1.0]
    asked = told_of(ahead(buses=2, share=0.0))
    assert not asked.rows(Kind.BUSES_ORDERED)
    assert min(asked.times(Kind.ASSIGNED)) > 1.5
    for one in (story, asked):
        assert one.persons(Kind.PICKS_UP) == one.persons(Kind.ARRIVE_SHELTER) == 30


def test_a_bus_waits_its_time_and_leaves_half_filled() -> None:
    """20 people, ready in five groups of 4; with nobody to come in half an hour it goes with those whom it has."""
    story = told_of(ahead(people=(20, 0, 0)))
    first = story.first(Kind.SETS_DOWN)
    assert 0 < first.persons < 20
    waits = story.first(Kind.WAITS_FOR_MORE)
    came = [row.time_h for row in story.rows(Kind.PICKS_UP) if row.time_h <= first.time_h]
    assert all(waits.time_h <= hour <= waits.time_h + 0.5 + 1e-9 for hour in came[1:])
    assert story.persons(Kind.ARRIVE_SHELTER) == 20


def test_a_full_bus_does_not_wait() -> None:
    """All 20 are at the stop when it comes: 15 seats, and 5 for the next round."""
    story = told_of(ahead(seats=15, people=(20, 0, 0), act_t50_h=0))
    assert [row.persons for row in story.rows(Kind.PICKS_UP)] == [15, 5]
    assert not story.rows(Kind.WAITS_FOR_MORE)


def test_a_bus_with_free_seats_stops_in_the_next_village() -> None:
    """20 and 10 people at their stops: one bus of 30 takes both on one tour, and none of them stays where he is not."""
    story = told_of(ahead(people=(20, 10, 0), act_t50_h=0, order=0.0))
    assert [(row.place, row.persons) for row in story.rows(Kind.PICKS_UP)] in ([(0, 20), (1, 10)], [(1, 10), (0, 20)])
    assert [row.persons for row in story.rows(Kind.SETS_DOWN)] == [30]
    assert story.persons(Kind.ARRIVE_SHELTER, subject="village-1") == 10
    far = told_of(ahead(people=(20, 10, 0), act_t50_h=0, wait_h=0.1))  # 10 km more take longer than that
    assert [row.persons for row in far.rows(Kind.SETS_DOWN)] in ([20, 10], [10, 20])


def test_who_finds_nobody_ends_it_and_who_is_ready_later_asks() -> None:
    story = told_of(ahead(people=(20, 0, 0), reach=0.0, call_out=12.0), 11.0)
    nobody = story.one(Kind.FINDS_NOBODY)
    assert nobody.time_h == pytest.approx(story.first(Kind.WAITS_FOR_MORE).time_h + 0.5)
    assert story.one(Kind.REQUEST_CLOSED).time_h == nobody.time_h


def test_only_buses_are_sent_unasked() -> None:
    story = told_of(ahead(vehicle="truck"))
    assert not story.rows(Kind.BUSES_ORDERED)
    mixed = ahead(buses=0)
    assert not told_of(mixed).rows(Kind.BUSES_ORDERED)


def test_a_bus_leaves_when_water_comes() -> None:
    sim = ahead(people=(20, 0, 0), wait_h=10.0)
    sim.env.run(until=2.5)
    assert so_far(sim).rows(Kind.WAITS_FOR_MORE)
    water_at(sim, 0, 0.4, 2)
    story = told_of(sim, 3.5)
    assert not [row for row in story.rows(Kind.PICKS_UP) if row.time_h > 2.5]
    assert story.rows(Kind.SETS_DOWN) or story.rows(Kind.FINDS_NOBODY)


def test_with_all_ways_cut_each_village_gets_its_own_people_back() -> None:
    """Two villages aboard when the road to the school is cut: 20 get off in one, 10 in the other."""
    sim = ahead(people=(20, 10, 0), act_t50_h=0)
    while not sim.env.now > 40 and so_far(sim).persons(Kind.PICKS_UP) < 30:
        sim.env.run(until=sim.env.now + 0.05)
    flood_road(sim, "village-0-school", 2.0, 0.001)
    story = told_of(sim)
    assert [row.persons for row in story.rows(Kind.TURN_BACK, subject="village-0")] == [20]
    assert [row.persons for row in story.rows(Kind.TURN_BACK, subject="village-1")] == [10]


# ---- laws


SEEDS = range(1, 7)


def person_hours(**how: Any) -> float:
    """Hours at which 190 people of three villages came to the school, summed over some replications."""
    total = 0.0
    for seed in SEEDS:
        story = told_of(ahead(people=(90, 60, 40), seats=20, seed=seed, **how))
        assert story.persons(Kind.ARRIVE_SHELTER) == 190
        total += sum(row.time_h * row.persons for row in story.rows(Kind.ARRIVE_SHELTER))
    return total / len(SEEDS)


@pytest.mark.parametrize("act_t50_h", [0.0, 1.0, 4.0])
@pytest.mark.parametrize("buses", [1, 2, 5])
def test_buses_sent_ahead_are_never_later_than_asked_ones(buses: int, act_t50_h: float) -> None:
    """But for one bus where people take hours to get ready: it stands where few are, and others wait elsewhere."""
    asked, sent = (person_hours(buses=buses, act_t50_h=act_t50_h, share=share) for share in (0.0, 1.0))
    assert sent <= asked * (1.06 if buses == 1 and act_t50_h > 1 else 1)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_more_buses_never_harm(share: float) -> None:
    """Three times as many: where three are enough nine gain nothing, and the hours of other drivers count."""
    hours = [person_hours(buses=buses, share=share) for buses in (1, 3, 9)]
    assert hours[1] < hours[0]
    assert hours[2] <= hours[1] * 1.002
