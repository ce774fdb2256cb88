"""First rations sent before anybody asks: to whom the forecast cuts off and to shelters, and never before people.

village -lane- town with a depot and a lorry, 10 km; school in the town, 1 km. Water comes to the lane at 8 h and stays.
"""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics.people.relief import share_relieved
from simrescue.places import Depot, Road, Shelter, Village
from simrescue.responders import Boat, Truck
from simrescue.scenario.records import Command, Depth, Evacuation, Relief, Scenario, Warning
from tests.factories import CERTAIN, at, settings
from tests.laws.ledger import Ledger
from tests.simulation.story import NOBODY, Story, dry_row, tell

PERSONS, REFUSE, PUBLIC = 1000, 0.2, 0.25
STAY, COME = PERSONS * REFUSE, PERSONS * (1 - REFUSE) * PUBLIC
"""200 stay in the village, and 200 of those who leave have no other roof."""
LORRY = Truck(id="lorry", base="town", breakdown=0, turnout_h=0, payload_t=10, tasks=("relief",))


def cut(
    pushed: float = 1.0,
    depth_m: float = 1.0,
    village_m: float = 0.0,
    school_m: float = 0.0,
    hours: float = 96.0,
    crews: dict[str, Any] | None = None,
    **relief: Any,
) -> Scenario:
    """`depth_m`, `village_m`, `school_m`: the water on the lane, in the village and at the school from 8 h on."""
    depths = {"lane": depth_m, "village": village_m, "school": school_m}
    rows = [
        Depth(subject=subject, time_h=time_h, depth_m=deep)
        for subject, depth in depths.items() if depth
        for time_h, deep in ((0.0, 0.0), (7.99, 0.0), (8.0, depth), (hours, depth))
    ]  # fmt: skip
    sections = {
        "hazard": Flood(source="depths", uncertainty=CERTAIN, road_damage=0, bridge_damage=0, bridges_lost_per_km=0),
        "command": Command(report_h=0, decision_h=0, contact_loss=0, driver_report_h=0, road_report_h=0.01),
        "warning": Warning(
            forecast=1.0, order=2.0, answer_h=0, diffusion_t50_h=0, door_rounds=0, reach=1, speaker_rounds=0
        ),
        "evacuation": Evacuation(
            refuse=REFUSE, act_t50_h=0, act_t50_day_h=0, leave_by_cue=0, batches=1, shelter_half_life_h=87600
        ),
        "relief": Relief(
            **({"tracked": ("food", "water"), "pushed": pushed, "pushed_days": 2.0, "household_days": 1} | relief)
        ),
    }  # fmt: skip
    return dry_row(**({
        "settings": settings(hours, **sections),
        "villages": (Village(
            id="village", population=PERSONS, cars=1, vulnerable=0, public_shelter=PUBLIC, ordered=True,
            ground_spread_m=0, **at(0, 0),
        ),),
        "bases": (), "junctions": (), "landing_sites": (),
        "shelters": (Shelter(id="school", capacity=1000, **at(3, 0)),),
        "depots": (Depot(id="town", opening_h=0, food=5000, water=5000, **at(2, 0)),),
        "roads": (Road(id="lane", start="village", end="town", length_km=10),
                  Road(id="street", start="town", end="school", length_km=1)),
        "depths": tuple(sorted(rows, key=lambda row: row.time_h)), **NOBODY, "trucks": (LORRY,),
    } | (crews or {})))  # fmt: skip


def pushed_to(story: Story) -> dict[str, float]:
    """Persons for whom first rations were ordered, by place."""
    return {story.world.ids[row.place]: row.persons for row in story.rows(Kind.RATIONS_ORDERED)}


def came(story: Story, place: str, until_h: float = 1000.0) -> float:
    """Person-days of food brought to a place by an hour."""
    return sum(row.amount for row in story.rows(Kind.DELIVERS, place=place, item=0) if row.time_h <= until_h)


def test_those_who_will_be_cut_off_and_the_shelter_have_food_before_they_need_it() -> None:
    story = tell(cut())
    assert pushed_to(story) == {"village": STAY, "school": COME}
    assert {row.time_h for row in story.rows(Kind.RATIONS_ORDERED)} == {1.0}, "with the forecast"
    assert came(story, "village", 8) == pytest.approx(2 * STAY)
    assert came(story, "school", 8) == pytest.approx(2 * COME)
    Ledger(story.world).keep(story.log)


def test_nothing_goes_anywhere_unasked_by_default() -> None:
    story = tell(cut(pushed=Relief().pushed))
    assert not story.rows(Kind.RATIONS_ORDERED)
    assert not came(story, "village"), "the lane is closed when they ask"


def test_who_is_cut_off_eats_what_was_sent_ahead() -> None:
    with_push, without = tell(cut()), tell(cut(pushed=0))
    shares = [share_relieved(story.log, story.world.facts, 36) for story in (without, with_push)]
    assert shares[0] < shares[1] == 1.0


def test_what_came_ahead_is_not_asked_for_again() -> None:
    """Rations for two days of 200 are in the school when people come: they ask when they have six hours left."""
    story = tell(cut(reorder_h=6))
    first = min(row.time_h for row in story.rows(Kind.NEEDS, place="school"))
    arrived = story.one(Kind.ARRIVE_SHELTER, place="school")
    assert first == pytest.approx(arrived.time_h + 2 * COME / arrived.persons * 24 - 6, abs=0.6)


@pytest.mark.parametrize(
    ("water", "expected"),
    [
        ({"depth_m": 0.1}, {"school": COME}),
        ({"village_m": 0.4}, {"village": STAY, "school": COME}),
        ({"village_m": 2.5}, {"school": COME}),
        ({"school_m": 1.0}, {"village": STAY}),
        ({"pushed": 0.5}, {"village": STAY / 2, "school": COME / 2}),
    ],
    ids=["the lane stays open", "the village is wet", "too deep to hand out", "the shelter is wet", "half of it"],
)
def test_where_need_is_expected(water: dict[str, float], expected: dict[str, float]) -> None:
    assert pushed_to(tell(cut(**water, hours=12.0))) == expected  # type: ignore[arg-type]


def test_no_boat_and_no_lorry_that_takes_people_brings_them() -> None:
    boat = Boat(id="boat", base="town", breakdown=0, turnout_h=0, puncture=0, tasks=("rescue", "relief"))
    both = LORRY.model_copy(update={"id": "both", "tasks": ("evacuate", "relief"), "seats": 20})
    story = tell(cut(crews={"trucks": (both,), "boats": (boat,)}, hours=7.0))
    assert not pushed_to(story)
    assert min(story.times(Kind.LOADED)) > min(story.times(Kind.NEEDS)), "they come when people ask, and not before"


def test_what_cannot_be_brought_in_time_is_asked_for_and_comes_as_ever() -> None:
    """The only lorry is there when the lane is closed: what was to be sent ahead is what the people then ask for."""
    late = LORRY.model_copy(update={"available": 20.0})
    story = tell(cut(crews={"trucks": (late,)}))
    assert not came(story, "village")
    assert came(story, "school") > 0
    assert story.rows(Kind.REPORTED, place="school")
    Ledger(story.world).keep(story.log)
