"""Who works at a place has arrived there: two routes to one figure, from the rows of work and from those of arrival."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.metrics.requests.response import Responded, requests, share_responded
from simrescue.responders import TASKS
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.factories import scenarios
from tests.laws.ledger import rows_of
from tests.simulation.story import NOBODY, Story, ask, dry_row, tell
from tests.simulation.test_command import team

WORK = (Kind.PICKS_UP, Kind.DELIVERS, Kind.SEES, Kind.SERVED)


def all_work_follows_an_arrival(log: EventLog, work: tuple[Kind, ...] = WORK) -> int:
    """Check it row by row; answers how many rows of work there were."""
    arrived, count = set[tuple[int, int, int]](), 0
    for row in rows_of(log):
        if row.kind is Kind.ARRIVES:
            arrived.add((row.subject, row.place, row.request))
        elif row.kind in work and not (row.kind is Kind.SEES and row.request < 0):  # seen in passing
            count += 1
            assert (row.subject, row.place, row.request) in arrived, f"{row} by a crew that never arrived"
    return count


@tries(max_examples=40, deadline=None)
@given(scenario=scenarios(), data=st.data())
def test_every_piece_of_work_follows_an_arrival_for_its_request(scenario: Scenario, data: st.DataObject) -> None:
    places = [one.id for one in (*scenario.villages, *scenario.bases)]
    calls = tuple(
        ask(data.draw(st.sampled_from(places)), float(hour), data.draw(st.sampled_from(["rescue", "medical"])), hour)
        for hour in range(4)
    )
    all_work_follows_an_arrival(simulate(scenario.model_copy(update={"calls": calls})))


@pytest.mark.parametrize("places", [["station"] * 3, ["village-1"] * 3, ["station", "village-2", "village-2"]])
def test_the_share_of_the_served_is_the_share_of_the_reached(places: list[str]) -> None:
    calls = [ask(place, 1.0 + 3 * i, number=i, on_site_h=0) for i, place in enumerate(places)]
    story = tell(dry_row(calls=calls, **(NOBODY | {"teams": (team(turnout_h=0, count=2),)})))
    opened = requests(story.log).reported_h
    for limit_h in (0.0, 0.05, 1.0):
        served = sum(row.time_h <= opened[row.request] + limit_h for row in story.rows(Kind.SERVED))
        value = share_responded(story.log, story.world.facts, Responded(limit_h=limit_h))
        assert value == pytest.approx(served / len(places))
    assert len(story.rows(Kind.SERVED)) == len(places)


def test_a_crew_that_stands_at_the_place_is_there_after_its_turnout() -> None:
    calls = (ask("station", 1.0), ask("station", 5.0, number=1))
    story = tell(dry_row(calls=calls, **(NOBODY | {"teams": (team(turnout_h=1),)})))
    first, second = story.rows(Kind.ARRIVES)
    assert 1.75 <= first.time_h <= 2.35
    assert 5.75 <= second.time_h <= 6.35  # back at its base it has to turn out again
    assert not story.rows(Kind.SETS_OFF)


@pytest.mark.parametrize("task", ["reconnaissance", "suppression"])
def test_a_call_for_a_look_or_a_small_fire_is_one_job_for_one_crew(task: str) -> None:
    calls = (ask("village-1", 1.0, task, persons=5),)
    story = tell(dry_row(calls=calls, **(NOBODY | {"teams": (team(size=1, count=3),)})))
    assert len(story.rows(Kind.ASSIGNED)) == len(story.rows(Kind.SERVED)) == 1
    assert story.one(Kind.REQUEST_CLOSED).time_h == story.one(Kind.SERVED).time_h


def test_crews_at_a_fire_and_aircraft_over_it_have_arrived() -> None:
    from simrescue.scenario.load import load

    story = Story(world := compile_world(load("scenarios/tiny-fire")), simulate(world))
    assert all_work_follows_an_arrival(story.log, (*WORK, Kind.DROPS)) > 0
    came = {(row.subject, row.request) for row in story.rows(Kind.ARRIVES)}
    posts = {(row.subject, row.request) for row in story.rows(Kind.TAKES_POST)}
    assert posts
    assert posts <= came
    assert "suppression" in {TASKS[row.item] for row in story.rows(Kind.ASSIGNED)}


@pytest.mark.parametrize("start_h", [0.1, 1.1, 2.3, 7.7])
def test_who_comes_exactly_at_the_limit_is_in_time(start_h: float) -> None:
    """3.1 - 1.1 is not 2 to a computer: moments that fall together are told by a tolerance."""
    calls = tuple(ask("station", start_h + 0.1 * i, number=i, on_site_h=0.3) for i in range(6))
    story = tell(dry_row(calls=calls, **(NOBODY | {"teams": (team(turnout_h=0),)})))
    waits = sorted(requests(story.log).arrived_h - requests(story.log).reported_h)
    for kept, limit_h in enumerate((0.0, 0.2, 0.4, 0.6, 0.8, 1.0), 1):
        assert waits[kept - 1] == pytest.approx(limit_h)
        assert share_responded(story.log, story.world.facts, Responded(limit_h=limit_h)) == pytest.approx(kept / 6)
