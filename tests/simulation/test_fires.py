"""Command and the fires: stages, reinforcement, where crews gather, mop-up, release, looks from the air."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import OUT
from simrescue.parameters import Parameters
from simrescue.places import Junction
from simrescue.responders import RECONNAISSANCE, RESPONSE_LEVELS, SUPPRESSION, WATER_DROP, Helicopter
from simrescue.simulation.missions.wildfire.line_assignment import RELEASED
from simrescue.simulation.state import Simulation
from tests.factories import chain
from tests.simulation.fake_fire import STEP_H, burning_hills, crews, fake, run, spot
from tests.simulation.story import Story

DEFAULT = Parameters()

REPORTS_H = DEFAULT.fire_report_h


def staged(*stages: dict[str, Any], **how: Any) -> Simulation:
    """Ten crews of 20 and a response in stages."""
    return burning_hills(hazard={"stages": stages}, **({"teams": crews(10)} | how))


def sent(story: Story, until_h: float = 99.0) -> int:
    """Crews sent to the line by a time."""
    return len([row for row in story.rows(Kind.ASSIGNED, item=SUPPRESSION) if row.time_h <= until_h])


# ---- stages


def test_the_first_stage_is_sent_with_the_report() -> None:
    story = run(staged({"persons": 60}), 3)
    assert story.first(Kind.ASSIGNED).time_h == story.one(Kind.DETECTED).time_h
    assert (sent(story), story.one(Kind.REQUEST_OPENED).persons) == (3, 60)
    assert {row.place for row in story.rows(Kind.REPORTED)} == {story.index["fire-0"]}


def test_without_stages_everybody_able_goes() -> None:
    others = crews(3, id="medics", tasks=("medical",))
    story = run(burning_hills(teams=(*crews(10), *others)), 3)
    assert sent(story) == 10


def test_a_larger_fire_is_reinforced_at_the_next_report() -> None:
    sim = staged({"persons": 40}, {"area_ha": 100, "persons": 120})
    fake(sim).growth_kmh = 0.25
    story = run(sim, 6)
    large_h = next(row.time_h for row in story.rows(Kind.AREA) if row.amount >= 100)
    more = story.one(Kind.REINFORCES)
    assert (more.time_h, more.amount, more.item) == (large_h, 120, 0)
    assert (sent(story, large_h - 0.01), sent(story)) == (2, 6)


def test_a_fire_that_burns_long_is_reinforced() -> None:
    sim = staged({"persons": 40}, {"after_h": 3, "persons": 80})
    fake(sim).growth_kmh = 0.0
    story = run(sim, 6)
    assert story.one(Kind.REINFORCES).time_h == pytest.approx(3, abs=REPORTS_H)
    assert sent(story) == 4


def test_a_stage_declares_a_level_that_frees_crews() -> None:
    far = crews(2, id="province", release="II")
    stages = ({"persons": 200, "level": "III"}, {"after_h": 2, "persons": 400, "level": "II"})
    story = run(staged(*stages, teams=(*crews(2), *far), levels=True), 5)
    assert [row.item for row in story.rows(Kind.LEVEL_RAISED)] == [RESPONSE_LEVELS["III"], RESPONSE_LEVELS["II"]]
    raised_h = story.rows(Kind.LEVEL_RAISED)[1].time_h
    assert {row.time_h for row in story.rows(Kind.RELEASED)} == {raised_h}
    assert (sent(story, raised_h - 0.01), sent(story)) == (2, 4)


def test_a_lower_level_does_not_follow_a_higher_one() -> None:
    stages = ({"persons": 20, "level": "II"}, {"after_h": 2, "persons": 40, "level": "IV"})
    story = run(staged(*stages), 5)
    assert [row.item for row in story.rows(Kind.LEVEL_RAISED)] == [RESPONSE_LEVELS["II"]]


# ---- several fires


def test_each_fire_has_its_own_request_and_its_share() -> None:
    nobody_ordered = {"order_within_km": 0, "order_lead_h": 0}
    story = run(burning_hills(ignitions=2, teams=crews(10), hazard=nobody_ordered), 3)
    assert len({row.request for row in story.rows(Kind.REQUEST_OPENED)}) == 2
    assert {row.place for row in story.rows(Kind.STAGES)} == {story.index["fire-0"], story.index["fire-1"]}
    assert sorted(len(story.rows(Kind.TAKES_POST, place=fire)) for fire in ("fire-0", "fire-1")) == [5, 5]


def test_crews_that_one_fire_can_spare_go_to_another() -> None:
    sim = burning_hills(ignitions=2, teams=crews(4, shift_h=24))
    run(sim, 6)
    fake(sim).states[0] = OUT
    fake(sim).needed_m = 1e9
    sim.fires.report(0, -1)
    story = run(sim, 12)
    released = [row.subject for row in story.rows(Kind.WITHDRAWS, item=RELEASED) if row.time_h >= 6]
    assert len(released) == 2
    assert {row.subject for row in story.rows(Kind.ASSIGNED) if row.time_h > 6} == set(released)


# ---- after containment


def held(**how: Any) -> tuple[Simulation, Story, float]:
    """Ten crews close a fire that does not grow; the story until 3 h, and the hour at which it is contained."""
    sim = burning_hills(**({"teams": crews(10)} | how))
    script = fake(sim)
    script.growth_kmh, script.needed_m, script.mopped_m = 0.0, 300.0, 1e9
    story = run(sim, 3)
    return sim, story, story.one(Kind.CONTAINED).time_h


def test_of_those_who_held_a_fire_half_stay_to_mop_up() -> None:
    sim, story, contained_h = held()
    gone = story.rows(Kind.WITHDRAWS, item=RELEASED)
    assert len(gone) == 10 * (1 - DEFAULT.contained_stay_share) == 5
    released_h = {row.time_h for row in gone}
    assert len(released_h) == 1
    assert contained_h < min(released_h) <= contained_h + REPORTS_H
    assert sim.fires.known[0].held_by == 200


def test_without_that_a_crew_a_kilometre_stays() -> None:
    sim = burning_hills(teams=crews(10))
    sim.parameters = sim.parameters.model_copy(update={"contained_stay_share": 0.0})
    script = fake(sim)
    script.growth_kmh, script.needed_m, script.mopped_m = 0.0, 300.0, 1e9
    story = run(sim, 3)
    stay = -(-DEFAULT.mop_up_persons_per_km * script.state(0).perimeter_km // 20)
    assert len(story.rows(Kind.WITHDRAWS, item=RELEASED)) == 10 - stay


def test_the_highest_tier_goes_home_first_from_a_fire_that_is_held() -> None:
    """Those of the county come half an hour before the others: were it by time, they would go."""
    county = crews(5, id="county", level="county")
    others = (
        *crews(3, id="province", level="province", turnout_h=0.5),
        *crews(2, id="city", level="city", turnout_h=0.5),
    )
    _, story, _ = held(teams=(*county, *others))
    gone = sorted(row.subject for row in story.rows(Kind.WITHDRAWS, item=RELEASED))
    names = [next(name for name, index in story.index.items() if index == one) for one in gone]
    assert {name.rsplit("-", 1)[0] for name in names} == {"province", "city"}
    assert len(gone) == 5


@pytest.mark.parametrize(("shift_h", "rests"), [(12.0, False), (2.0, True)])
def test_who_has_worked_half_a_shift_rests_at_once_and_others_stand_by(shift_h: float, rests: bool) -> None:
    sim, _, contained_h = held(teams=crews(10, shift_h=shift_h))
    assert contained_h < 2
    story = run(sim, 6)
    gone = {row.subject for row in story.rows(Kind.WITHDRAWS, item=RELEASED)}
    rested = {row.subject for row in story.rows(Kind.RESTS)}
    assert len(gone) == 5
    assert gone <= rested if rests else not gone & rested


def test_mop_up_is_told_by_tenths_and_once() -> None:
    sim = burning_hills(teams=crews(2))
    fake(sim).growth_kmh, fake(sim).needed_m = 0.0, 500.0
    told = [row.item for row in run(sim, 24).rows(Kind.MOPS_UP)]
    assert told == sorted(set(told))
    assert told[-1] == 100
    assert all(item % 10 == 0 for item in told)


def test_a_fire_that_breaks_out_again_is_fought_again() -> None:
    sim = burning_hills(teams=crews(10))
    fake(sim).growth_kmh, fake(sim).needed_m = 0.0, 500.0
    run(sim, 3)
    fake(sim).states[0], fake(sim).needed_m = 0, 1e9
    story = run(sim, 8)
    assert len(sim.fires.assignments) == 10
    assert sent(story) > 10


# ---- where crews gather


def hut(east_km: float, north_km: float) -> dict[str, Any]:
    """A second road end near the fire, on a branch from the fork."""
    places = (Junction(id="fork", **spot(5, 0)), Junction(id="hut", **spot(east_km, north_km)))
    roads = (*chain(["station", "fork", "hamlet"], length_km=5.0), *chain(["fork", "hut"], length_km=9.0))
    return {"junctions": places, "roads": roads}


def test_crews_gather_where_the_way_on_foot_is_shortest() -> None:
    sim = burning_hills(**hut(10, 3.0))
    assert run(sim, 1).one(Kind.STAGES).amount == sim.world.ids.index("hut")


def test_nobody_gathers_where_it_burns() -> None:
    sim = burning_hills(**hut(10, 3.0))
    place = sim.world.ids.index("hut")
    sim.endanger(place, "flames", 4)
    assert run(sim, 1).one(Kind.STAGES).amount == sim.world.ids.index("hamlet")


def test_when_it_burns_there_they_gather_elsewhere_at_once() -> None:
    sim = burning_hills(teams=crews(2, turnout_h=1.5), **hut(10, 3.0))
    fake(sim).growth_kmh = 0.0
    fake(sim).flames.append((0.3, sim.world.ids.index("hut"), True))
    story = run(sim, 6)
    first, second = story.rows(Kind.STAGES)
    assert (first.amount, second.amount) == (sim.world.ids.index("hut"), sim.world.ids.index("hamlet"))
    assert second.time_h == pytest.approx(0.3, abs=STEP_H)
    assert {row.place for row in story.rows(Kind.ARRIVES)} == {story.index["hamlet"]}
    assert story.rows(Kind.TAKES_POST)


def test_crews_under_way_drive_on_to_the_new_place() -> None:
    sim = burning_hills(teams=crews(1), **hut(10, 3.0))
    fake(sim).growth_kmh = 0.0
    need = sim.command.requests
    run(sim, 0.2)
    next(iter(need.values())).place = sim.world.ids.index("hamlet")
    sim.fires.known[0].staging = None
    sim.endanger(sim.world.ids.index("hut"), "flames", 4)
    story = run(sim, 6)
    assert [row.place for row in story.rows(Kind.ARRIVES)] == [story.index["hut"], story.index["hamlet"]]
    assert story.rows(Kind.TAKES_POST)


def test_a_place_that_no_road_is_known_to_lead_to_is_no_place_to_gather() -> None:
    sim = burning_hills(**hut(10, 3.0))
    link = sim.world.ids.index("fork-hut") - sim.world.first["roads"]
    sim.roads.router.learn(link, {"damage": 1.0})
    assert run(sim, 1).one(Kind.STAGES).amount == sim.world.ids.index("hamlet")


# ---- from the air


def scout(**fields: Any) -> tuple[Helicopter, ...]:
    """An aircraft for looks."""
    plain: dict[str, Any] = {
        "id": "scout", "base": "station", "serviceable": 1, "breakdown": 0, "turnout_h": 0,
        "tasks": ("reconnaissance",),
    }  # fmt: skip
    return (Helicopter(**(plain | fields)),)


def test_a_look_from_the_air_tells_command_the_size_at_once() -> None:
    sim = staged({"persons": 40}, {"area_ha": 4, "persons": 120}, helicopters=scout(turnout_h=0.25))
    story = run(sim, 3)
    seen = story.one(Kind.SEES)
    assert seen.place == story.index["fire-0"]
    assert story.one(Kind.REINFORCES).time_h == seen.time_h < REPORTS_H
    assert story.rows(Kind.REQUEST_CLOSED, item=RECONNAISSANCE)
    assert story.rows(Kind.RETURNS, subject="scout")


def test_without_aircraft_nobody_asks_for_them() -> None:
    story = run(staged({"persons": 40, "helicopters": 0}), 3)
    assert {row.item for row in story.rows(Kind.REQUEST_OPENED)} == {SUPPRESSION}


def test_aircraft_are_asked_for_by_stage_even_where_there_are_none() -> None:
    story = run(staged({"persons": 40, "helicopters": 2}), 3)
    assert story.one(Kind.REQUEST_OPENED, item=WATER_DROP).persons == 2
    assert story.rows(Kind.NO_RESPONDER, item=WATER_DROP)


def test_a_fire_nobody_has_reported_asks_for_nothing() -> None:
    story = run(burning_hills(detectors=()), 6)
    assert story.rows(Kind.AREA)
    assert not story.rows(Kind.REQUEST_OPENED, Kind.STAGES)
