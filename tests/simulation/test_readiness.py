"""Teams of the plans: part-time, by request, loaded for another hazard; by hand on one road of 10 km."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.responders import SUPPRESSION
from simrescue.simulation.responders.moving import LEAST_TURNOUT, TURNOUT_SPREAD
from simrescue.simulation.state import Simulation
from tests.simulation.fake_fire import burning_hills, crews, fake, run
from tests.simulation.story import Story

LEAST, MOST = LEAST_TURNOUT, LEAST_TURNOUT + TURNOUT_SPREAD


def one(later_h: float = 0.0, hours: float = 48.0, **fields: Any) -> Simulation:
    """One crew of 20 with a turnout of an hour; a fire at 08:00, another so much later that nobody but it fights."""
    sim = burning_hills(hours, ignitions=2 if later_h else 1, later_h=later_h, teams=crews(1, **fields))
    fake(sim).growth_kmh = 0.0
    return sim


def turned_out_h(story: Story) -> float:
    """From the first order to leaving."""
    return story.first(Kind.TURNS_OUT).time_h - story.first(Kind.ASSIGNED, item=SUPPRESSION).time_h


def test_who_comes_by_request_waits_until_it_is_granted() -> None:
    story = run(one(turnout_h=0.5, request_h=3), 6)
    assert 3 + 0.5 * LEAST <= turned_out_h(story) <= 3 + 0.5 * MOST
    asked = story.one(Kind.AID_ASKED)
    assert (asked.amount, asked.persons, asked.place) == (3, 20, story.index["station"])


@pytest.mark.parametrize(
    ("kind", "stated_h", "granted_h"),
    [("military", None, 2.0), ("military", 0.0, 0.0), ("militia", None, 0.0), ("militia", 1.0, 1.0)],
)
def test_only_army_units_come_by_request_where_the_row_says_nothing(
    kind: str, stated_h: float | None, granted_h: float
) -> None:
    story = run(one(turnout_h=0.5, kind=kind, request_h=stated_h), 6)
    assert [row.amount for row in story.rows(Kind.AID_ASKED)] == [granted_h] * (granted_h > 0)
    assert granted_h + 0.5 * LEAST <= turned_out_h(story) <= granted_h + 0.5 * MOST


def test_it_is_asked_for_once() -> None:
    story = run(one(turnout_h=0.5, request_h=3, shift_h=8, rest_h=4, hours=96), 90)
    assert len(story.rows(Kind.TURNS_OUT)) > 2
    assert len(story.rows(Kind.AID_ASKED)) == 1


@pytest.mark.parametrize(("night_h", "least_h"), [(None, 0.5), (2.0, 2.0)])
def test_part_time_people_take_longer_by_night(night_h: float | None, least_h: float) -> None:
    """The fire begins at midnight: the detector sees it at once."""
    sim = burning_hills(48, teams=crews(1, turnout_h=0.5, turnout_night_h=night_h), ignitions=2, later_h=16.0)
    fake(sim).states[0] = 3  # out from the start
    story = run(sim, 22)
    assert least_h * LEAST <= turned_out_h(story) <= least_h * MOST


def test_a_force_that_is_loaded_for_floods_changes_first_and_once() -> None:
    """It sets off with the change of an hour and a half behind it; to the next fire it goes as it is."""
    as_it_is, changed = (
        run(one(loaded_for=load, changeover_h=1.5, shift_h=8, rest_h=2, hours=72), 60) for load in ("fire", "flood")
    )
    first = [story.first(Kind.SETS_OFF).time_h for story in (as_it_is, changed)]
    assert first[1] - first[0] == pytest.approx(1.5)
    for kind in (Kind.TURNS_OUT,):
        rows = changed.rows(kind)
        drives = changed.rows(Kind.SETS_OFF)
        second = rows[1].time_h
        assert min(row.time_h - second for row in drives if row.time_h >= second) == pytest.approx(0)


@pytest.mark.parametrize(
    ("fields", "factor"),
    [
        ({"kind": "forest_fire"}, 1.0),
        ({"kind": "semi_professional"}, 0.8),
        ({"kind": "semi_professional", "line_rate": 0.6}, 0.6),
        ({"kind": "forest_fire", "line_rate": 1.2}, 1.2),
    ],
)
def test_what_hands_do_goes_by_their_training(fields: dict[str, Any], factor: float) -> None:
    def metres(**how: Any) -> float:
        sim = one(**how)
        run(sim, 4)
        return fake(sim).built_m[0]

    assert metres(**fields) == pytest.approx(factor * metres(kind="forest_fire"))
