"""Posts lose their rooms and their power: what waits meanwhile, and who comes unasked and is registered."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.communication.channels import OUTAGES
from simrescue.events import EventKind as Kind
from simrescue.places import Base
from simrescue.scenario.records import Scenario
from tests.factories import at
from tests.simulation.story import Story, tell
from tests.simulation.test_channels import county as with_channels
from tests.simulation.test_channels import room
from tests.simulation.test_mutual_aid import neighbour, with_aid
from tests.simulation.test_posts import post, with_posts

CELLAR = Base(id="cellar", zone="river", elevation_m=0.0, **at(2, 1))
"""A building in the river's flood: water from the tenth hour on."""


def flooded(**fields: Any) -> Scenario:
    seat: dict[str, Any] = {"place": "cellar", "move_h": 5.0}
    office = post("office", "county", command=True, **(seat | fields))
    plain = with_posts((office,))
    return plain.model_copy(update={"bases": (*plain.bases, CELLAR)})


def stood(story: Story) -> tuple[float, float]:
    return story.one(Kind.POST_DOWN).time_h, story.one(Kind.POST_UP).time_h


def test_nothing_is_handled_while_the_rooms_are_lost() -> None:
    story = tell(flooded())
    down_h, up_h = stood(story)
    assert story.one(Kind.POST_DOWN).item == OUTAGES.index("water")
    assert story.one(Kind.POST_DOWN).place == story.index["cellar"]
    assert down_h < up_h
    taken = story.times(Kind.POST_TAKES)
    assert not [hour for hour in taken if down_h < hour < up_h]
    assert up_h in taken, "what came meanwhile is taken up as soon as it works elsewhere"
    assert tell(flooded(place="")).times(Kind.POST_TAKES) != taken


def test_a_post_above_the_water_works_on() -> None:
    assert not tell(flooded(depth_limit_m=5.0)).rows(Kind.POST_DOWN)
    assert not tell(flooded(place="station")).rows(Kind.POST_DOWN)


def test_a_post_moves_once_and_is_out_of_the_waters_reach_then() -> None:
    story = tell(flooded(move_h=0.1))
    down_h, up_h = stood(story)
    assert up_h - down_h < 1.0


def test_a_post_that_any_water_drives_out_moves_once_too() -> None:
    story = tell(flooded(depth_limit_m=0.0))
    assert len(story.rows(Kind.POST_DOWN)) == 1


@pytest.mark.parametrize(("battery_h", "down_h"), [(0.0, 5.0), (4.0, 9.0), (30.0, None)])
def test_without_mains_it_works_on_its_battery_and_then_waits_for_them(battery_h: float, down_h: float | None) -> None:
    office = post("office", "county", command=True, place="station", battery_h=battery_h)
    plain = with_channels("public", power=room(cut=5.0, restored=20.0), posts=(office,))
    story = tell(plain)
    assert story.times(Kind.POST_DOWN) == ([] if down_h is None else [down_h])
    assert story.times(Kind.POST_UP) == ([] if down_h is None else [20.0])
    taken = story.times(Kind.POST_TAKES)
    assert down_h is None or not [hour for hour in taken if down_h < hour < 20.0]


def test_who_comes_unasked_is_registered_before_he_is_sent() -> None:
    office = post("office", "county", command=True, request_h=2.0)
    by_himself = neighbour(asked_at="II", unasked=True, registered_by="office")
    story = tell(with_aid(by_himself, posts=(office,)))
    assert not story.rows(Kind.PARTNER_ASKED, Kind.AID_GRANTED)
    papers = [row for row in story.rows(Kind.POST_PASSES) if row.place == story.index["neighbour"]]
    assert [row.subject for row in papers] == [story.index["office"]]
    over = story.one(Kind.AID_HANDED_OVER)
    assert story.one(Kind.AID_SETS_OUT).time_h == 11.0
    assert over.time_h == pytest.approx(papers[0].time_h + 0.5)
    assert papers[0].time_h > 13.0


def test_who_comes_unasked_waits_where_the_papers_lie_in_the_water() -> None:
    office = post("office", "county", command=True, place="cellar", move_h=8.0)
    by_himself = neighbour(asked_at="II", unasked=True, registered_by="office")
    plain = with_aid(by_himself, posts=(office,))
    story = tell(plain.model_copy(update={"bases": (*plain.bases, CELLAR)}))
    up_h = story.one(Kind.POST_UP).time_h
    assert up_h > 13.0
    assert story.one(Kind.AID_HANDED_OVER).time_h == pytest.approx(up_h + 0.5)
