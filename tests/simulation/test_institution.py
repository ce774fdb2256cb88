"""Care homes, schools and hospitals: who is brought out, carried upstairs, fetched, and what command does first."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.parameters import Parameters
from simrescue.places import Institution, Road
from simrescue.scenario.records import Health, Warning
from simrescue.simulation.state import Simulation
from tests.factories import at
from tests.simulation.story import AT_ONCE, NOBODY, by_hand, dry_row, so_far, tell, water_at

NUMBERS = {"ready_staff_h": 0.25, "carry_up_staff_h": 0.2, "lying_seats": 2.0, "severe_share": 0.0}
HOME: dict[str, Any] = {"kind": "care_home", "persons": 50, "helpless": 0.8, "staff_day": 10, "staff_night": 4}
ORDER = Warning(forecast=0.0, order=1.0, answer_h=0.0, reach=0.0)


def scene(warning: Warning | None = None, numbers: dict[str, float] | None = None, **fields: Any) -> dict[str, Any]:
    """Three dry villages, and beside the first of them an institution; nobody to help."""
    own = Institution(id="home", **{**HOME, "radius_km": 0.3, **at(0, 3), **fields})
    plain = dry_row(command=AT_ONCE, **NOBODY)
    lane = Road(id="lane", start="home", end="village-0", length_km=1.0)
    sections = {
        "health": Health(injured=0.0),
        "parameters": Parameters(**(NUMBERS | (numbers or {}))),
        **({"warning": warning} if warning else {}),
    }
    return {
        "command": AT_ONCE,
        "institutions": (own,),
        "roads": (*plain.roads, lane),
        "sections": sections,
        **NOBODY,
    }


def place(sim: Simulation) -> int:
    return sim.world.ids.index("home")


def test_staff_get_people_ready_and_nobody_refuses_however_few_the_warning_reaches() -> None:
    """40 of 50 cannot walk: 40 x 0.25 h of 10 staff is 1 h after the order; the ten able are beyond a walk of 2 km."""
    story = tell(dry_row(**scene(ORDER)))
    ordered = story.one(Kind.ORDERED, subject="home").time_h
    assert story.one(Kind.WARNED, subject="home").persons == 50
    asked = story.one(Kind.REPORTED, place="home", item=0)
    assert (asked.time_h - ordered, asked.persons) == pytest.approx((1.0, 50))
    assert not story.rows(Kind.REFUSE, subject="home")


def test_fewer_staff_by_night_take_longer() -> None:
    """An order at 22:00 with four on duty: 40 x 0.25 / 4 = 2.5 h."""
    late = Warning(forecast=0.0, order=14.0, answer_h=0.0, reach=0.0)
    story = tell(dry_row(**scene(late)))
    assert story.one(Kind.REPORTED, place="home", item=0).time_h == pytest.approx(16.5)


def test_vehicles_of_its_own_go_to_and_fro_with_lying_people_on_two_seats() -> None:
    """18 seats take ten of whom eight lie: 18 / (1 + 0.8); five trips bring out all fifty."""
    story = tell(dry_row(**scene(ORDER, seats=18)))
    trips = story.rows(Kind.LEAVE, subject="home")
    assert trips[0].persons == 10
    assert sum(row.persons for row in trips) == 50
    gaps = [b.time_h - a.time_h for a, b in pairwise(trips)]
    assert min(gaps) > 0
    assert story.persons(Kind.ARRIVE_SHELTER, subject="home") == 50


def test_staff_carry_people_upstairs_while_the_water_is_shallow() -> None:
    """Ten staff at 0.2 h each carry 50 an hour, in lots of five: at 0.41 h twenty are up, and then it is too deep."""
    sim = by_hand(dry_row(**scene(storeys=2)))
    water_at(sim, place(sim), 0.2, 1)
    sim.env.run(until=0.41)
    assert so_far(sim).persons(Kind.CARRIED_UP) == 20
    water_at(sim, place(sim), 1.6, 4)
    sim.env.run(until=5.0)
    assert so_far(sim).persons(Kind.CARRIED_UP) == 20
    assert sim.villages[place(sim)].ground.middle.exposure.persons == [20, 0, 0, 20, 0, 10]


def test_those_carried_up_after_the_water_trapped_them_are_upstairs() -> None:
    sim = by_hand(dry_row(**scene(storeys=3)))
    water_at(sim, place(sim), 0.8, 3)
    home = sim.villages[place(sim)]
    assert home.trapped == 40
    assert home.ground.middle.exposure.persons[0] == 40
    sim.env.run(until=1.0)
    assert home.ground.middle.exposure.persons[:4] == [0, 0, 0, 40]
    for expected in home.ground.middle.exposure.expected.values():
        assert sum(expected.alive) == pytest.approx(40, abs=1)


def test_one_storey_is_a_trap_and_two_are_refuge() -> None:
    """On record 31 of 77 died in a home of one storey in 2 m of water within hours; who is carried up lives."""

    def dead(storeys: int) -> float:
        sim = by_hand(dry_row(**scene(storeys=storeys, persons=1000, staff_day=500)))
        water_at(sim, place(sim), 0.2, 1)
        sim.env.run(until=1.0)
        water_at(sim, place(sim), 2.0, 4)
        sim.env.run(until=3.0)
        sim.villages[place(sim)].lose_lives()
        return so_far(sim).persons(Kind.DIED)

    assert dead(2) < 0.05 * dead(1)
    assert 0.2 * 1000 < dead(1) < 0.6 * 1000


def test_more_staff_and_more_seats_never_harm() -> None:
    """The same water, that is too deep 1.5 h after the first of it; with no staff at all the run ends, too."""

    def dead(staff: int, seats: int) -> float:
        own = scene(ORDER, storeys=2, persons=400, staff_day=staff, seats=seats)
        total = 0.0
        for seed in range(3):
            sim = by_hand(dry_row(**own), seed)
            for at_h, depth_m, danger in ((2.0, 0.2, 1), (3.5, 2.0, 4)):
                sim.env.run(until=at_h)
                water_at(sim, place(sim), depth_m, danger)
            sim.env.run(until=6.0)
            sim.villages[place(sim)].lose_lives()
            total += so_far(sim).persons(Kind.DIED)
        return total

    by_staff = [dead(staff, 0) for staff in (0, 5, 20, 80)]
    assert by_staff == sorted(by_staff, reverse=True)
    assert by_staff[-1] < 0.1 * by_staff[0]
    by_seats = [dead(80, seats) for seats in (0, 100, 1000)]
    assert by_seats == sorted(by_seats, reverse=True)


def test_requests_of_institutions_go_first() -> None:
    """Two requests of one hour: that of the home counts as waiting for a day."""
    sim = by_hand(dry_row(**scene(numbers={"institution_head_start_h": 24.0})))
    for index in (0, place(sim)):
        water_at(sim, index, 1.5, 4)
    sim.env.run(until=0.1)
    waited = {sim.world.ids[need.place]: need.head_start_h for need in sim.command.open.values()}
    assert (waited["home"], waited["village-0"]) == (24.0, 0.0)


@pytest.mark.parametrize(("start", "pupils"), [("2023-07-28T10:00+08:00", 200), ("2023-07-29T10:00+08:00", 0)])
def test_a_day_school_has_pupils_in_school_hours_whom_parents_fetch(start: str, pupils: int) -> None:
    """A Friday and a Saturday; an hour after the order the school is empty."""
    scenario = dry_row(**scene(ORDER, {"pupils_fetched_h": 1.0}, kind="school", persons=200, helpless=0.0))
    scenario = scenario.model_copy(
        update={"settings": type(scenario.settings).model_validate(scenario.settings.model_dump() | {"start": start})}
    )
    story = tell(scenario)
    assert story.persons(Kind.LIVES, subject="home") == pupils
    fetched = [(row.time_h, row.persons) for row in story.rows(Kind.PUPILS_FETCHED)]
    assert fetched == ([(2.0, 200)] if pupils else [])
    assert story.persons(Kind.ENDS, subject="home", item=7) == pupils
