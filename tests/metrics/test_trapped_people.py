"""Hours in need until nobody is, people out of their village in time, and villages of which command heard in time."""

import numpy as np
import pytest

from simrescue.communication.messages import MessageKind
from simrescue.communication.posts import POST_LEVELS
from simrescue.events import EventKind as Kind
from simrescue.metrics import measure
from simrescue.metrics.people.trapped_people import in_need
from simrescue.metrics.people.village_news import first_report_h
from simrescue.metrics.people.whereabouts import rescued
from simrescue.responders import EVACUATE, RECONNAISSANCE, RESCUE, RESPONSE_LEVELS
from tests.metrics.logs import BOAT, COMMAND, LOWER, SCHOOL, UPPER, facts, log, row
from tests.metrics.test_people import EVACUATION, FLOOD

LEVEL_II = row(6.5, Kind.LEVEL_RAISED, COMMAND, item=RESPONSE_LEVELS["II"])


def test_trapped_people_are_out_when_they_are_taken_off_or_the_water_is_gone() -> None:
    """Of 40 who are trapped at 6:00 a boat takes 10 at 7:00, 2 die at 9:00, and 28 can leave their house at 11:00."""
    events = log(*FLOOD)
    for limit, share in ((0.9, 0.0), (1.0, 0.25), (4.9, 0.25), (5.0, 0.95), (48.0, 0.95)):
        assert measure(events, facts(), "share_rescued", {"limit_h": limit}) == share
    assert measure(events, facts(), "share_rescued", {"limit_h": 2.0, "clock": "village_impact"}) == 0.25
    assert measure(events, facts(), "share_rescued", {"limit_h": 1.9, "clock": "village_impact"}) == 0
    assert np.isnan(measure(log(), facts(), "share_rescued", {"limit_h": 1.0}))


def test_those_who_were_only_cut_off_did_not_need_rescue() -> None:
    people = in_need(log(*FLOOD), facts())
    assert people.persons.sum() == 40 < rescued(log(*FLOOD), facts()).sum() + 28
    assert set(people.trapped_h) == {6}


def test_who_is_trapped_again_has_waited_since_the_first_time() -> None:
    again = log(
        row(5, Kind.STRANDED, LOWER, persons=30),
        row(6, Kind.TRAPPED, LOWER, persons=30),
        row(7, Kind.FREED, LOWER, item=0, persons=30),
        row(8, Kind.TRAPPED, LOWER, persons=30),
        row(9, Kind.PICKS_UP, BOAT, LOWER, item=0, persons=30),
    )
    people = in_need(again, facts())
    assert (people.persons.tolist(), people.trapped_h.tolist(), people.out_h.tolist()) == ([30], [6], [9])


def test_a_response_level_starts_the_clock_of_those_who_are_still_in_need() -> None:
    events = log(*FLOOD[:7], LEVEL_II, *FLOOD[7:])
    by_level = {"clock": "level", "level": "II"}
    assert measure(events, facts(), "share_rescued", {"limit_h": 0.5, **by_level}) == 0.25
    assert measure(events, facts(), "share_rescued", {"limit_h": 4.5, **by_level}) == 0.95
    assert np.isnan(measure(log(*FLOOD), facts(), "share_rescued", {"limit_h": 4.5, **by_level})), "never in force"


def test_people_out_so_soon_after_the_order_agree_with_the_hours_of_the_slowest_village() -> None:
    """Two routes to one figure: within the hours of the slowest village the share `out` is out everywhere."""
    events = log(*EVACUATION)
    slowest = measure(events, facts(), "order_to_out_h", {"out": 0.95})
    assert measure(events, facts(), "share_moved_in_time", {"limit_h": slowest}) >= 0.95 - 1 / 300
    assert measure(events, facts(), "share_moved_in_time", {"limit_h": 0.5}) < 0.95
    shares = [measure(events, facts(), "share_moved_in_time", {"limit_h": hours}) for hours in (0.1, 24.0)]
    assert shares[0] == 0 < shares[1] <= 1


def test_people_who_had_to_move_count_from_the_level_too() -> None:
    """The order of 1:00 is for the lower village: 60 of 200 are on the way at 2:00, 10 of them come back at 4:00."""
    events = log(row(0.5, Kind.LEVEL_RAISED, COMMAND, item=RESPONSE_LEVELS["II"]), *FLOOD)
    by_level = {"clock": "level", "level": "III"}
    for limit, share in ((1.4, 0.0), (1.5, 0.3), (3.5, 0.25)):
        assert measure(events, facts(), "share_moved_in_time", {"limit_h": limit, **by_level}) == share
    assert np.isnan(measure(events, facts(), "share_moved_in_time", {"limit_h": 9.0, "clock": "level", "level": "I"}))
    hit = {"limit_h": 48.0, "who": "impact", "clock": "village_impact"}
    assert measure(events, facts(), "share_moved_in_time", hit) == pytest.approx(65 / 200)


def test_word_of_a_village_counts_from_its_impact_and_what_was_said_before_does_not() -> None:
    events = log(
        row(1, Kind.REPORTED, COMMAND, LOWER, persons=5),
        row(5, Kind.WATER_ARRIVES, LOWER, LOWER, amount=0.4),
        row(5, Kind.WATER_ARRIVES, UPPER, UPPER, amount=0.4),
        row(5.5, Kind.REPORTED, COMMAND, LOWER, persons=5),
        row(6, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=0),
    )
    for limit, share in ((0.4, 0.0), (0.5, 0.5), (40.0, 0.5)):
        assert measure(events, facts(), "share_villages_reported", {"limit_h": limit}) == share
    assert np.isnan(measure(log(), facts(), "share_villages_reported", {"limit_h": 1.0}))


def test_answers_of_partners_through_the_city_are_no_word_of_villages_and_hide_none() -> None:
    """The county is command's own post; a partner that is asked through the city answers by it too."""
    county, city = POST_LEVELS.index("county"), POST_LEVELS.index("city")
    reports = (
        row(5, Kind.WATER_ARRIVES, LOWER, LOWER, amount=0.4),
        row(6, Kind.POST_PASSES, COMMAND, LOWER, item=county, amount=MessageKind.REPORT),
    )
    partner = (
        row(7, Kind.POST_PASSES, COMMAND, BOAT, item=city, amount=MessageKind.ANSWER),
        row(8, Kind.POST_PASSES, COMMAND, BOAT, item=county, amount=MessageKind.ANSWER),
    )
    for events in (log(*reports), log(*reports, *partner)):
        assert measure(events, facts(), "share_villages_reported", {"limit_h": 1.0}) == 1
    assert measure(log(reports[0], *partner), facts(), "share_villages_reported", {"limit_h": 24.0}) == 0


def test_a_look_that_command_wants_and_people_of_others_ashore_are_no_report_of_a_village() -> None:
    rows = (
        row(4, Kind.CONTACT_LOST, LOWER, LOWER),
        row(6, Kind.REPORTED, COMMAND, LOWER, cause=2, item=RECONNAISSANCE, persons=200),
        row(7, Kind.LANDED, BOAT, LOWER, item=UPPER, persons=4),
        row(7, Kind.REPORTED, COMMAND, LOWER, cause=4, item=EVACUATE, persons=4),
    )
    assert first_report_h(log(*rows), facts()).tolist() == [np.inf, np.inf]
    reported = log(*rows, row(9, Kind.REPORTED, COMMAND, LOWER, item=RESCUE, persons=5))
    assert first_report_h(reported, facts()).tolist() == [np.inf, 9]
