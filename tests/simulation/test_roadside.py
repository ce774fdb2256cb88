"""People who left by their own means and are caught on the road: they are fetched, or go on when a road opens.

village -near- fork -bridge- town -street- school: 5 and 5 km. They leave at 1 h; water comes to the bridge
before they are there, and to the near road behind them; the fork stays dry.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics.people import whereabouts
from simrescue.parameters import Parameters
from simrescue.places import Base, Junction, Road, Shelter, Village
from simrescue.responders import Boat, Team
from simrescue.scenario.records import Air, Command, Depth, Evacuation, Health, Scenario, Warning
from tests.factories import CERTAIN, at, settings
from tests.laws.ledger import Ledger
from tests.simulation.story import NEVER_H, NOBODY, Story, dry_row, tell

DEFAULT = Parameters()
ONCE = Warning(order=1.0, answer_h=0, diffusion_t50_h=0, door_rounds=0, reach=1.0, speaker_rounds=0)
ALL_AT_ONCE = Evacuation(refuse=0, act_t50_h=0, act_t50_day_h=0, leave_by_cue=0, batches=1)
PERSONS = 30
TO_FORK_H = 5 / (DEFAULT.speed_class3_kmh * DEFAULT.car_speed_factor)
REPORT_H = 0.25
BRIDGE = ("bridge", 1.03, 1.0)
BEHIND = ("near", 1.05, 1.0)
"""Those who leave at 1 h are on the near road then."""


def caught(
    *depths: tuple[str, float, float],
    roads: tuple[tuple[str, str, str, float], ...] = (),
    hours: float = 24.0,
    staff_h: float = NEVER_H,
    more_shelters: tuple[Shelter, ...] = (),
    **crews: Any,
) -> Scenario:
    """`depths`: (road, hour, metres) in order of time; `staff_h`: until road staff have reported a change."""
    lengths = (
        ("near", "village", "fork", 5),
        ("bridge", "fork", "town", 5),
        ("street", "town", "school", 0.01),
        *roads,
    )
    water = [row for subject in dict.fromkeys(one[0] for one in depths) for row in _course(subject, depths, hours)]
    sections = {
        "hazard": Flood(source="depths", uncertainty=CERTAIN, road_damage=0, bridge_damage=0, bridges_lost_per_km=0),
        "command": Command(report_h=0, decision_h=0, contact_loss=0, driver_report_h=REPORT_H, road_report_h=staff_h),
        "warning": ONCE, "evacuation": ALL_AT_ONCE, "air": Air(sunrise_h=0, sunset_h=24), "health": Health(injured=0),
    }  # fmt: skip
    tables: dict[str, Any] = {
        "settings": settings(hours, **sections),
        "villages": (Village(id="village", population=PERSONS, cars=1, vulnerable=0, public_shelter=1, **at(0, 0)),),
        "junctions": (Junction(id="fork", **at(1, 0)),),
        "bases": (Base(id="town", **at(2, 0)),),
        "shelters": (Shelter(id="school", capacity=1000, **at(3, 0)), *more_shelters),
        "roads": tuple(Road(id=one, start=a, end=b, length_km=km) for one, a, b, km in lengths),
        "depots": (), "landing_sites": (), "depths": tuple(sorted(water, key=lambda row: row.time_h)), **NOBODY,
    }  # fmt: skip
    return dry_row(**(tables | crews))


def _course(subject: str, depths: tuple[tuple[str, float, float], ...], hours: float) -> list[Depth]:
    """Each depth stands until the next one, and the last to the end."""
    own = [(time_h, depth_m) for one, time_h, depth_m in depths if one == subject]
    rows, last = [] if own[0][0] == 0 else [Depth(subject=subject, time_h=0, depth_m=0)], 0.0
    for time_h, depth_m in own:
        if time_h > 0:
            rows.append(Depth(subject=subject, time_h=time_h - 0.01, depth_m=last))
        rows.append(Depth(subject=subject, time_h=time_h, depth_m=depth_m))
        last = depth_m
    return [*rows, Depth(subject=subject, time_h=hours, depth_m=last)]


def boat(**fields: Any) -> Boat:
    plain: dict[str, Any] = {
        "id": "boat", "base": "town", "breakdown": 0, "turnout_h": 0, "seats": 20, "size": 10, "puncture": 0,
        "tasks": ("rescue",), "shift_h": 1000,
    }  # fmt: skip
    return Boat(**(plain | fields))


def states(story: Story, at_h: float) -> dict[str, float]:
    """Persons in each state that anybody is in."""
    counts = whereabouts.counts(story.log, story.world.facts, _array(at_h))[0]
    return {name: n for name, n in zip(whereabouts.PERSON_STATES, counts.tolist(), strict=True) if n}


def _array(at_h: float) -> Any:
    import numpy as np

    return np.array([at_h])


def test_nobody_comes() -> None:
    """They are in need to the end, and command knows it; nobody tries the closed roads again and again."""
    story = tell(caught(BRIDGE, BEHIND))
    row = story.one(Kind.CAUGHT)
    assert (row.subject, row.place, row.persons) == (story.index["village"], story.index["fork"], PERSONS)
    assert row.time_h == pytest.approx(1 + TO_FORK_H, abs=0.01)
    assert states(story, 20) == {"caught": PERSONS}
    asked = story.one(Kind.REQUEST_OPENED, place="fork")
    assert (asked.time_h, asked.amount) == (row.time_h, row.time_h), "they ring, and the need was true since then"
    assert story.one(Kind.UNMET, place="fork").persons == PERSONS
    assert len(story.rows(Kind.GIVES_UP)) <= 2
    assert story.one(Kind.ENDS).item == whereabouts.CAUGHT
    assert whereabouts.away(story.log, story.world.facts, 24).sum() == 0, "not out of danger"


def test_a_boat_fetches_them() -> None:
    story = tell(caught(BRIDGE, BEHIND, boats=(boat(),)))
    first, second = story.rows(Kind.TAKEN_FROM_ROAD, subject="boat", place="fork")
    assert (first.persons, second.persons) == (20, 10)
    assert (first.item, first.request) == (story.index["village"], story.one(Kind.REQUEST_OPENED, place="fork").request)
    assert story.persons(Kind.ARRIVE_SHELTER, place="school", item=3) == PERSONS, "with the bag that they left with"
    assert states(story, 24) == {"sheltered": PERSONS}
    assert story.one(Kind.REQUEST_CLOSED, place="fork").time_h >= second.time_h
    Ledger(story.world).keep(story.log)
    assert whereabouts.rescued(story.log, story.world.facts).tolist() == [PERSONS]


def test_a_road_opens_before_anybody_comes() -> None:
    story = tell(caught(BRIDGE, BEHIND, ("bridge", 5.0, 0.0), staff_h=0.001))
    if not story.rows(Kind.CAUGHT):
        pytest.fail("staff were faster than the water")
    on = story.one(Kind.GOES_ON, subject="village", place="fork")
    assert on.time_h == pytest.approx(5, abs=0.1)
    assert story.one(Kind.ARRIVE_SHELTER, place="school", item=0).time_h == pytest.approx(
        on.time_h + TO_FORK_H, abs=0.01
    )
    assert not story.rows(Kind.UNMET, place="fork")
    Ledger(story.world).keep(story.log)


def test_the_way_to_another_shelter_is_taken() -> None:
    hall = Shelter(id="hall", capacity=1000, **at(1, 1))
    made = caught(BRIDGE, BEHIND, roads=(("lane", "fork", "hall", 9),), more_shelters=(hall,))
    village = made.villages[0].model_copy(update={"shelter": "school"})
    story = tell(made.model_copy(update={"villages": (village,)}))
    assert not story.rows(Kind.CAUGHT)
    assert story.one(Kind.ARRIVE_SHELTER).place == story.index["hall"]


def test_with_the_way_back_open_they_go_home() -> None:
    story = tell(caught(BRIDGE))
    assert not story.rows(Kind.CAUGHT)
    assert story.one(Kind.TURN_BACK).persons == PERSONS


def test_whom_a_crew_cannot_bring_anywhere_it_sets_down_again() -> None:
    """The school goes under when they are aboard: nowhere else is a shelter."""
    drowned = (("school", 1.2, 2.0),)
    story = tell(caught(BRIDGE, BEHIND, *drowned, boats=(boat(seats=40, launch_h=0.01),)))
    Ledger(story.world).keep(story.log)
    if story.rows(Kind.TAKEN_FROM_ROAD):
        assert states(story, 24).keys() <= {"caught", "aboard", "sheltered"}


def test_others_of_the_village_hear_of_it() -> None:
    """Ten groups on two wheels, for whom the bridge is too deep: who leaves after the first have met it does not."""
    made = caught(("bridge", 0.0, 0.25), hours=12)
    slow = made.settings.evacuation.model_copy(update={"batches": 10, "act_t50_h": 4.0})
    command = made.settings.command.model_copy(update={"driver_report_h": NEVER_H})
    village = made.villages[0].model_copy(update={"cars": 0.0, "two_wheelers": 1.0})
    sections = made.settings.model_copy(update={"evacuation": slow, "command": command})
    story = tell(made.model_copy(update={"settings": sections, "villages": (village,)}))
    assert len(story.rows(Kind.TURNS_ROUND)) == 1
    assert len(story.rows(Kind.LEAVE)) == 1, "the others stay"
    assert states(story, 12) == {"home": PERSONS}


def test_teams_on_wheels_fetch_them_where_they_can_drive() -> None:
    """Water too deep for cars and not for high vehicles."""
    team = Team(id="team", base="town", breakdown=0, turnout_h=0, seats=40, size=10, vehicle="high_clearance")
    story = tell(caught(("bridge", 1.03, 0.45), ("near", 1.05, 0.45), teams=(team,)))
    assert story.persons(Kind.TAKEN_FROM_ROAD, subject="team") == PERSONS
    assert story.persons(Kind.ARRIVE_SHELTER, item=3) == PERSONS


def in_water(*depths: tuple[str, float, float], **more: Any) -> Scenario:
    """Who is caught at the fork stands in water there from 3 h on; everybody of ten is hurt where `health` says so."""
    health = more.pop("health", Health(injured=0))
    made = caught(BRIDGE, BEHIND, *depths, **more)
    return made.model_copy(update={"settings": made.settings.model_copy(update={"health": health})})


DEEP, SHALLOW = ("fork", 3.0, 1.5), ("fork", 3.0, 0.45)


def test_water_that_carries_cars_off_kills() -> None:
    """1.5 m carry off a car: high danger, 0.9145 over the hours of a flood. After 6 h of 24 it is 0.459: 13.8 of 30."""
    story = tell(in_water(DEEP, hours=9.0, health=Health(injured=0, mortality="lifesim", exposure_h=24)))
    reached = story.one(Kind.REACHED_ON_ROAD, subject="village", place="fork")
    assert (reached.time_h, reached.persons) == (pytest.approx(3, abs=0.3), PERSONS)
    died = story.persons(Kind.DIED, subject="village", place="fork", item=5)
    share = 1 - (1 - DEFAULT.high_danger_fatality) ** ((9 - reached.time_h) / 24)
    assert story.one(Kind.EXPECTED_DEATHS, subject="village", item=0).amount == pytest.approx(PERSONS * share)
    assert 8 <= died <= 20
    assert states(story, 9) == {"caught": PERSONS - died, "dead": died}
    Ledger(story.world).keep(story.log)


def test_in_water_that_they_can_stand_in_nobody_dies() -> None:
    """H2: cars stall in it and are not carried off."""
    story = tell(in_water(SHALLOW, health=Health(injured=1.0)))
    assert not story.rows(Kind.REACHED_ON_ROAD, Kind.DIED, Kind.INJURED)
    assert states(story, 24) == {"caught": PERSONS}


def test_whoever_is_fetched_dies_no_more_and_the_hurt_are_cared_for() -> None:
    """All are hurt when the water comes; the boat has them out within an hour."""
    health = Health(injured=1.0, mortality="lifesim", exposure_h=24)
    story = tell(in_water(DEEP, health=health, boats=(boat(seats=40, available=3.1, launch_h=0.01),)))
    assert story.one(Kind.INJURED, place="fork").persons == PERSONS
    alive = PERSONS - story.persons(Kind.DIED)
    assert story.persons(Kind.TAKEN_FROM_ROAD) == alive > 0.7 * PERSONS
    assert story.persons(Kind.TREATED, place="school") == alive, "the injured get care where they are set down"
    Ledger(story.world).keep(story.log)


def test_the_hurt_who_go_on_by_themselves_are_cared_for_where_they_come_to() -> None:
    made = in_water(
        ("fork", 3.0, 0.7), ("fork", 4.0, 0.0), ("bridge", 6.0, 0.0), health=Health(injured=1.0), staff_h=0.001
    )
    story = tell(made)
    assert story.one(Kind.GOES_ON, place="fork").persons == story.persons(Kind.TREATED, place="school")
    Ledger(story.world).keep(story.log)


@pytest.mark.parametrize("curve", ["lifesim", "jonkman", "boyd", "screening"])
def test_deeper_water_kills_no_fewer(curve: Any) -> None:
    """By each curve, in deaths to be expected; rising water goes on where the water before it left off."""
    died = []
    for depth_m in (0.45, 0.8, 1.5, 3.0):
        story = tell(in_water(("fork", 3.0, depth_m), health=Health(injured=0, mortality=curve)))
        died.append([story.persons(Kind.DIED), *(row.amount for row in story.rows(Kind.EXPECTED_DEATHS))])
    assert sum(died[0]) == 0
    assert all(sum(less[1:]) <= sum(more[1:]) for less, more in pairwise(died))
    assert sum(died[-1][1:]) > 10


def test_badly_hurt_on_the_road_die_there_untreated() -> None:
    """Slow water of 0.7 m drowns hardly anybody; all are badly hurt by it, live for an hour, and nobody comes."""
    made = in_water(("fork", 3.0, 0.7), health=Health(injured=1.0, mortality="lifesim"), hours=48.0)
    numbers = Parameters(severe_share=1.0, low_danger_fatality=0.0, severe_untreated_h=1.0)
    settings_ = made.settings.model_copy(update={"parameters": numbers})
    story = tell(made.model_copy(update={"settings": settings_}))
    assert story.persons(Kind.DIED, place="fork", item=5) == PERSONS
    assert states(story, 48) == {"dead": PERSONS}
    Ledger(story.world).keep(story.log)
