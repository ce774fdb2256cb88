"""Crews on the ground: turnout, the drive by day and night, work on scene, shift and rest, breakdown and repair."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.parameters import Parameters
from simrescue.places import Shelter, Village
from simrescue.responders import TASKS, Boat, Team
from simrescue.scenario.records import Air, Depth, Health
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.simulation.story import AT_ONCE, NOBODY, Story, ask, dry_row, tell

DEFAULT = Parameters()

DAY = Air(sunrise_h=0, sunset_h=24)
"""The sun never sets."""


def team(**fields: Any) -> Team:
    plain: dict[str, Any] = {"id": "team", "base": "station", "tasks": TASKS, "breakdown": 0, "turnout_h": 0}
    return Team(**(plain | fields))


def crew(*calls: Any, air: Air = DAY, hours: float = 48.0, **fields: Any) -> Story:
    """One team at the station and calls for it, on dry roads."""
    return tell(dry_row(hours, calls=calls, sections={"air": air}, **(NOBODY | {"teams": (team(**fields),)})))


def way_h(story: Story, *roads: str) -> float:
    """Hours of a truck over some roads."""
    first = story.world.first["roads"]
    return sum(float(story.world.network.hours["truck"][story.index[road] - first]) for road in roads)


# ---- the mission


def test_order_turnout_drive_work_free() -> None:
    story = crew(ask("depot", 1.0, on_site_h=2.0), turnout_h=0.5)
    told = [row.kind for row in story.rows(subject="team")]
    assert told == [Kind.STANDS, Kind.ASSIGNED, Kind.TURNS_OUT, Kind.SETS_OFF, Kind.ARRIVES, Kind.SERVED, Kind.FREE]
    out, there, done = (story.one(kind).time_h for kind in (Kind.TURNS_OUT, Kind.ARRIVES, Kind.SERVED))
    assert 1 + 0.75 * 0.5 <= out <= 1 + 1.35 * 0.5
    assert there - out == pytest.approx(way_h(story, "depot-station"))
    assert done - there == pytest.approx(2.0)


def test_every_row_of_a_mission_has_its_cause() -> None:
    story = crew(ask("depot", 1.0))
    rows = story.rows(subject="team")[2:]
    assert [row.cause for row in rows[1:]] == [row.number for row in rows[:-1]]


def test_turnout_once_then_it_goes_on_from_where_it_is() -> None:
    story = crew(ask("depot", 1.0), ask("school", 1.0, number=1), turnout_h=0.5)
    assert len(story.rows(Kind.TURNS_OUT)) == 1
    second = story.rows(Kind.SETS_OFF)[1]
    assert second.time_h == story.rows(Kind.FREE)[0].time_h
    assert story.rows(Kind.ARRIVES)[1].time_h - second.time_h == pytest.approx(way_h(story, "school-depot"))


@pytest.mark.parametrize(("vehicle", "pace"), [("truck", DEFAULT.night_driving_factor), ("foot", 0.5)])
def test_darkness_slows_the_drive_less_than_who_walks(vehicle: str, pace: float) -> None:
    night, day = (
        crew(ask("depot", 1.0), air=air, night_factor=0.5, vehicle=vehicle)
        for air in (Air(sunrise_h=1, sunset_h=2), DAY)
    )
    by_night, by_day = (story.one(Kind.ARRIVES).time_h - story.one(Kind.SETS_OFF).time_h for story in (night, day))
    assert by_night == pytest.approx(by_day / pace)


@pytest.mark.parametrize(("skills", "served"), [(("mountain",), 0), (("water", "mountain"), 1)])
def test_a_call_that_asks_for_a_skill_gets_a_crew_that_has_it(skills: tuple[str, ...], served: int) -> None:
    story = crew(ask("depot", 1.0, skill="water"), skills=skills)
    assert len(story.rows(Kind.SERVED)) == served
    assert len(story.rows(Kind.UNMET)) == 1 - served


# ---- shift and rest


def test_after_the_shift_it_goes_home_and_rests() -> None:
    calls = (ask("depot", 1.0, on_site_h=5.0), ask("depot", 1.5, number=1))
    story = crew(*calls, shift_h=4, rest_h=6)
    rest = story.first(Kind.RESTS)
    assert (rest.place, rest.amount) == (story.index["station"], 6)
    assert story.first(Kind.RETURNS, place="station").time_h <= rest.time_h
    assert story.rows(Kind.ASSIGNED)[1].time_h == pytest.approx(rest.time_h + 6)


def test_before_the_end_of_the_shift_it_stays_forward() -> None:
    story = crew(ask("depot", 1.0))
    assert not story.rows(Kind.RETURNS)
    assert story.one(Kind.FREE).place == story.index["depot"]


def test_duty_counts_from_leaving_the_base_over_several_missions() -> None:
    calls = [ask("depot", 1.0 + i / 100, number=i, on_site_h=1.5) for i in range(4)]
    story = crew(*calls, shift_h=4, rest_h=6)
    began = story.first(Kind.ASSIGNED).time_h
    served = [time_h for time_h in story.times(Kind.SERVED) if time_h < story.first(Kind.RESTS).time_h]
    assert len(served) == 3
    assert served[1] - began < 4 <= served[2] - began


def test_work_at_the_base_counts_for_the_shift_too() -> None:
    calls = [ask("station", 1.0, number=i, on_site_h=1.5) for i in range(4)]
    assert crew(*calls, shift_h=4, rest_h=6).rows(Kind.RESTS)


# ---- breaking down


def test_breakdown_and_repair() -> None:
    story = crew(ask("depot", 1.0), ask("depot", 1.0, number=1), breakdown=1.0, repair_h=2.0)
    broken, repaired = story.rows(Kind.BREAKS_DOWN)[0], story.rows(Kind.REPAIRED)[0]
    assert broken.time_h == story.rows(Kind.SERVED)[0].time_h
    assert repaired.time_h > broken.time_h
    assert story.rows(Kind.ASSIGNED)[1].time_h == repaired.time_h


def test_never_where_the_chance_is_none() -> None:
    assert not crew(*(ask("depot", 1.0, number=i, on_site_h=0.1) for i in range(20))).rows(Kind.BREAKS_DOWN)


def test_luck_of_a_mission_does_not_depend_on_what_is_done_there() -> None:
    short = crew(ask("depot", 1.0), breakdown=1.0, turnout_h=0.5)
    long = crew(ask("school", 1.0, on_site_h=5), breakdown=1.0, turnout_h=0.5)
    repair_h = [story.one(Kind.REPAIRED).time_h - story.one(Kind.BREAKS_DOWN).time_h for story in (short, long)]
    assert repair_h[0] == pytest.approx(repair_h[1])
    assert short.times(Kind.TURNS_OUT) == long.times(Kind.TURNS_OUT)


# ---- carrying people


def trapped(depth_m: float = 1.5, persons: int = 60, **changes: Any) -> Story:
    """A single village in deep water from the start of the day, all of it trapped, and the given crews."""
    villages = tuple(
        Village(id=f"village-{i}", population=persons if i == 0 else 0, ordered=False, upper_floor=1, **at(i, 0))
        for i in range(3)
    )
    depths = tuple(Depth(subject="village-0", time_h=time_h, depth_m=depth_m) for time_h in (0.0, 48.0))
    sections = {
        "hazard": Flood(source="depths", uncertainty=CERTAIN), "command": AT_ONCE, "air": DAY,
        "health": changes.pop("health", Health(injured=0)),
    }  # fmt: skip
    tables = {"settings": settings(48.0, **sections), "villages": villages, "levels": (), "depths": depths}
    return tell(flooded_row(**(tables | NOBODY | changes)))


def boat(**fields: Any) -> Boat:
    plain: dict[str, Any] = {"id": "boat", "base": "station", "breakdown": 0, "turnout_h": 0, "seats": 8}
    return Boat(**(plain | fields))


def test_a_trip_takes_as_many_as_there_are_seats() -> None:
    story = trapped(boats=(boat(),))
    picked = [row.persons for row in story.rows(Kind.PICKS_UP, place="village-0")]
    assert picked == [8] * 7 + [4]
    assert story.persons(Kind.SETS_DOWN, place="school") == 60
    assert story.persons(Kind.ARRIVE_SHELTER, place="school", item=1) == 60
    assert story.rows(Kind.REQUEST_CLOSED, place="village-0", item=TASKS.index("rescue"))


def test_boats_are_launched_and_people_come_aboard_one_by_one() -> None:
    story = trapped(boats=(boat(launch_h=0.4),))
    there = story.first(Kind.ARRIVES, place="village-0")
    assert story.rows(Kind.PICKS_UP)[0].time_h - there.time_h == pytest.approx(0.4)
    off = next(row for row in story.rows(Kind.SETS_OFF, place="school") if row.number > there.number)
    search_h = DEFAULT.search_h_per_house * 8 / DEFAULT.persons_per_house
    assert off.time_h - there.time_h == pytest.approx(0.4 + search_h + 8 * DEFAULT.boarding_h_per_person)


def by_boats_of_its_own(**fields: Any) -> Team:
    """A team that gets about in the water, too deep for its lorries."""
    return team(vehicle="boat", **fields)


def test_vehicles_of_a_convoy_board_side_by_side_after_a_search_in_parties() -> None:
    story = trapped(teams=(by_boats_of_its_own(seats=120, size=15),))
    there = story.first(Kind.ARRIVES, place="village-0")
    off = story.first(Kind.SETS_OFF, place="school")
    search_h = DEFAULT.search_h_per_house * 60 / DEFAULT.persons_per_house / (15 // int(DEFAULT.search_party))
    assert off.time_h - there.time_h == pytest.approx(search_h + DEFAULT.boarding_h_per_vehicle * 60 / 120)


def test_the_injured_are_treated_where_they_are_set_down() -> None:
    story = trapped(boats=(boat(seats=60, size=8),), health=Health(injured=1))
    treated = story.one(Kind.TREATED)
    assert (treated.place, treated.persons) == (story.index["school"], 60)
    assert treated.time_h == story.first(Kind.SETS_DOWN).time_h


def test_medical_teams_treat_on_the_spot() -> None:
    story = trapped(teams=(by_boats_of_its_own(tasks=("medical",), size=30),), health=Health(injured=1))
    treated = story.rows(Kind.TREATED, place="village-0")
    assert sum(row.persons for row in treated) == 60
    assert treated[0].time_h - story.first(Kind.ARRIVES).time_h == pytest.approx(DEFAULT.treatment_h * 30 / 10)


def test_a_crew_goes_to_the_nearest_shelter_that_works_and_has_room() -> None:
    shelters = (
        Shelter(id="school", capacity=8, **at(0, 1)),
        Shelter(id="hall", capacity=500, **at(1, 2)),
    )
    roads = dry_row().roads
    more = roads[0].model_copy(update={"id": "to-hall", "start": "depot", "end": "hall"})
    story = trapped(boats=(boat(),), shelters=shelters, roads=(*roads, more))
    assert [story.world.ids[row.place] for row in story.rows(Kind.SETS_DOWN)][:3] == ["school", "hall", "hall"]


def test_nobody_is_sent_for_people_who_can_be_brought_nowhere() -> None:
    roads = dry_row().roads
    past_the_school = roads[0].model_copy(update={"end": "depot"})
    story = trapped(boats=(boat(tasks=("rescue",)),), shelters=(), roads=(past_the_school, *roads[2:]))
    assert not story.rows(Kind.ASSIGNED, item=TASKS.index("rescue"))
    assert story.first(Kind.NO_RESPONDER, place="village-0").item == TASKS.index("rescue")


# ---- water on the road


@pytest.mark.parametrize(("vehicle", "arrives"), [("truck", False), ("high_clearance", True)])
def test_high_clearance_passes_half_a_metre_where_trucks_do_not(vehicle: str, arrives: bool) -> None:
    depths = tuple(Depth(subject="school-depot", time_h=time_h, depth_m=0.5) for time_h in (0.0, 48.0))
    sections = {"hazard": Flood(source="depths", uncertainty=CERTAIN, road_damage=0), "air": DAY}
    scenario = dry_row(
        depths=depths, calls=(ask("school", 0.5),), sections=sections,
        **(NOBODY | {"teams": (team(vehicle=vehicle),)}),
    )  # fmt: skip
    story = tell(scenario)
    assert bool(story.rows(Kind.ARRIVES, place="school")) == arrives
    assert bool(story.rows(Kind.TURNS_ROUND, place="school-depot")) != arrives
    if not arrives:
        assert story.one(Kind.GIVES_UP, place="school").cause == story.one(Kind.TURNS_ROUND).number
        assert story.one(Kind.UNMET, place="school").request == 0
