"""One replication from the first row to the last: how things stand at the start, and what is written at the end."""

from __future__ import annotations

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics.people.whereabouts import PERSON_STATES
from simrescue.parameters import Parameters
from simrescue.places import NEEDS
from simrescue.scenario.records import Command, Health, Level
from simrescue.simulation.run import replicate, simulate
from simrescue.simulation.world import compile_world
from tests.factories import CERTAIN, STOCK, flooded_row, settings
from tests.simulation.story import dry_row, tell


def test_the_first_rows_say_how_things_stand() -> None:
    story = tell(flooded_row(length=2, persons=300, boat_count=2))
    rows = [row for row in story.rows() if row.time_h == 0]
    assert [row.persons for row in rows if row.kind is Kind.LIVES] == [300, 300]
    stocked = {(row.place, NEEDS[row.item]): row.amount for row in rows if row.kind is Kind.STOCKED}
    expected = {(story.index[place], need): STOCK[need] for place in ("school", "depot") for need in NEEDS}
    assert stocked == expected
    members = {member.index for member in story.world.members}
    assert {row.subject for row in rows if row.kind is Kind.STANDS} == members


def test_the_last_rows_count_everybody_and_stop_the_clock() -> None:
    story = tell(flooded_row(length=4, hours=20.0))
    last = story.rows()[-1]
    assert (last.kind, last.subject, last.time_h) == (Kind.CLOCK_STOPS, story.world.command, 20.0)
    ends = story.rows(Kind.ENDS)
    assert {row.time_h for row in ends} == {20.0}
    for village in range(4):
        assert sum(row.persons for row in ends if row.subject == village) == 300
    assert {row.item for row in ends} <= set(range(len(PERSON_STATES)))
    assert {"stranded", "trapped", "sheltered"} & {PERSON_STATES[row.item] for row in ends}


def test_every_request_still_open_is_unmet() -> None:
    story = tell(flooded_row(length=4, hours=14.0))
    opened = {row.request for row in story.rows(Kind.REQUEST_OPENED)}
    closed = {row.request for row in story.rows(Kind.REQUEST_CLOSED)}
    unmet = story.rows(Kind.UNMET)
    assert unmet
    assert {row.request for row in unmet} == opened - closed


def test_nothing_happens_after_the_end() -> None:
    story = tell(flooded_row(hours=11.0))
    assert story.log.time_h.max() == 11.0
    assert (np.diff(story.log.time_h) >= 0).all()


def test_what_falls_on_the_last_moment_still_happens() -> None:
    from tests.simulation.story import ask

    story = tell(dry_row(6.0, calls=(ask("school", 6.0),)))
    assert story.one(Kind.CALL).time_h == 6.0
    assert story.one(Kind.ASSIGNED).time_h == 6.0


def test_a_scenario_or_its_world() -> None:
    scenario = flooded_row()
    for a, b in zip(simulate(scenario, 2, 1), simulate(compile_world(scenario), 2, 1), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("restored_h", [0.5, 36.0])
@pytest.mark.parametrize("injured", [0.0106, 0.5])
def test_without_a_log_the_same_things_happen(restored_h: float, injured: float) -> None:
    """Rows of the log are all alike without it: nobody may tell two things apart by them, or take -1 for no cause."""
    course = ((0.0, -1.0), (10.0, -0.1), (12.0, 1.5), (20.0, 1.5), (22.0, 0.1), (26.0, 1.5), (50.0, 1.5))
    sections = {
        "hazard": Flood(uncertainty=CERTAIN), "health": Health(injured=injured),
        "command": Command(contact_loss=0.8, contact_restore_h=restored_h),
        "parameters": Parameters(severe_share=1.0, adobe_share=0.5, adobe_soak_h=20.0),
    }  # fmt: skip
    levels = tuple(Level(zone="river", time_h=time_h, level_m=level_m) for time_h, level_m in course)
    world = compile_world(flooded_row(settings=settings(60.0, **sections), levels=levels))
    told, silent = replicate(world, 1, 0), replicate(world, 1, 0, log=False)
    assert len(silent.log.time_h) == 0
    assert (silent.missions, silent.kernel_events) == (told.missions, told.kernel_events)
    assert told.missions == len(told.log.where(Kind.ASSIGNED)) > 0
