"""Counting people by state and moment."""

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.metrics.people import whereabouts as people
from tests.metrics.logs import BOAT, HALL, LOWER, SCHOOL, UPPER, facts, log, row

FLOOD = (
    row(1, Kind.ORDERED, LOWER, LOWER),
    row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=60),
    row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=50),
    row(4, Kind.TURN_BACK, LOWER, persons=10),
    row(5, Kind.WATER_ARRIVES, LOWER, LOWER, amount=0.4),
    row(5, Kind.STRANDED, LOWER, persons=150),
    row(6, Kind.TRAPPED, LOWER, persons=40),
    row(7, Kind.PICKS_UP, BOAT, LOWER, item=0, persons=10),
    row(7, Kind.PICKS_UP, BOAT, LOWER, item=1, persons=5),
    row(8, Kind.ARRIVE_SHELTER, LOWER, HALL, item=1, persons=15),
    row(9, Kind.DIED, LOWER, item=0, persons=2),
    row(10, Kind.FREED, LOWER, item=0, persons=28),
    row(11, Kind.FREED, LOWER, item=1, persons=133),
)


def test_counts_after_each_hour() -> None:
    states = people.counts(log(*FLOOD), facts(), np.array([0.0, 2.0, 4.0, 5.0, 7.0, 12.0]))
    assert states.tolist() == [
        [300, 0, 0, 0, 0, 0, 0, 0, 0],
        [240, 60, 0, 0, 0, 0, 0, 0, 0],
        [250, 0, 50, 0, 0, 0, 0, 0, 0],
        [100, 0, 50, 150, 0, 0, 0, 0, 0],
        [100, 0, 50, 105, 30, 15, 0, 0, 0],
        [233, 0, 65, 0, 0, 0, 2, 0, 0],
    ]


def test_counts_by_village_stop_just_before_the_moment() -> None:
    before = people.counts_by_village(log(*FLOOD), facts(), np.array([np.inf, 4.0]))
    assert before.tolist() == [[100, 0, 0, 0, 0, 0, 0, 0, 0], [140, 10, 50, 0, 0, 0, 0, 0, 0]]


def test_impact_is_water_or_isolation_whichever_is_first() -> None:
    cut = log(row(4, Kind.ISOLATED, LOWER), row(5, Kind.WATER_ARRIVES, LOWER), row(6, Kind.WATER_ARRIVES, UPPER))
    assert people.impact_h(cut, facts()).tolist() == [6, 4]


def test_moved_before_impact_leaves_out_those_who_came_back() -> None:
    assert people.moved_before_impact(log(*FLOOD), facts()).tolist() == [0, 50]
    assert people.share_moved_before_impact(log(*FLOOD), facts(), "ordered") == 0.25
    assert people.share_moved_before_impact(log(*FLOOD), facts(), "impact") == 0.25


def test_who_is_told_to_leave_has_to_move_and_no_others() -> None:
    """Half of the lower village's 200 are meant by its order: 50 are out at its impact, of them 50 count."""
    half = facts(ordered_share=np.array([1.0, 0.5]))
    assert people.share_moved_before_impact(log(*FLOOD), half, "ordered") == 0.5
    assert people.share_moved_before_impact(log(*FLOOD), half, "impact") == 0.25
    fifth = facts(ordered_share=np.array([1.0, 0.2]))
    assert people.share_moved_before_impact(log(*FLOOD), fifth, "ordered") == 1.0, "no more than all of them"
    assert people.order_to_out_h(log(*EVACUATION), facts(ordered_share=0.6), 1.0).tolist() == [2, 2]
    in_time = {one.name: one for one in people.MEASURES}["share_moved_in_time"]
    assert in_time.of_log is not None
    clause = in_time.read({"limit_h": 2.0})
    within = [in_time.of_log(log(*EVACUATION), facts(ordered_share=one), clause) for one in (1.0, 0.6)]
    assert within == pytest.approx([(60 + 150) / 300, (60 + 120) / 180])


def test_nobody_had_to_move() -> None:
    assert np.isnan(people.share_moved_before_impact(log(), facts(), "ordered"))


def test_rescued_counts_only_people_taken_out_of_the_water() -> None:
    by_bus = log(*FLOOD, row(12, Kind.PICKS_UP, BOAT, LOWER, item=2, persons=7))
    assert people.rescued(by_bus, facts()).tolist() == [0, 15]


@pytest.mark.parametrize(("place", "mask"), [("", [True, True]), ("upper", [True, False]), ("basin", [False, True])])
def test_villages_by_id_or_zone(place: str, mask: list[bool]) -> None:
    assert facts().chosen(place).tolist() == mask


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(ValueError, match="neither a village nor a zone"):
        facts().chosen("atlantis")


EVACUATION = (
    row(1, Kind.ORDERED, UPPER, UPPER),
    row(2, Kind.ORDERED, LOWER, LOWER),
    row(3, Kind.LEAVE, UPPER, SCHOOL, item=0, persons=60),
    row(4, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=150),
    row(5, Kind.TURN_BACK, LOWER, item=0, persons=20),
    row(6, Kind.PICKS_UP, BOAT, LOWER, item=2, persons=40),
    row(8, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=20),
    row(9, Kind.LEAVE, UPPER, SCHOOL, item=0, persons=36),
)


def test_hours_from_the_order_until_all_are_out() -> None:
    """Of 200 below 150 leave, 20 come back, 40 are fetched, 20 leave again: 190 at 8:00; of 100 above 96 at 9:00."""
    events = log(*EVACUATION)
    assert people.out_h(events, facts(), 0.95).tolist() == [9, 8]
    assert people.order_to_out_h(events, facts(), 0.95).tolist() == [8, 6]
    assert people.order_to_out_h(events, facts(), 0.6).tolist() == [2, 2]
    assert people.order_to_out_h(events, facts(), 1.0).tolist() == [np.inf, np.inf]
    assert people.order_to_out_h(log(), facts(), 0.95).tolist() == []
    by_name = {one.name: one for one in people.MEASURES}
    measure = by_name["order_to_out_h"]
    assert measure.of_log is not None
    assert measure.of_log(events, facts(), measure.read({})) == 8
    assert measure.of_log(events, facts(), measure.read({"villages": 0.5})) == 6


def test_who_is_moved_in_vain_is_of_a_village_that_stayed_dry() -> None:
    """Water comes to the lower village at 7:00, when 170 are out; 96 of the upper one are out at the end."""
    wet = log(*EVACUATION[:6], row(7, Kind.WATER_ARRIVES, LOWER, LOWER, amount=0.4), *EVACUATION[6:])
    assert people.share_moved_in_vain(wet, facts()) == pytest.approx(96 / (96 + 170))
    assert people.share_moved_in_vain(log(*EVACUATION), facts()) == 1.0
    assert np.isnan(people.share_moved_in_vain(log(), facts()))


def test_who_is_home_again_where_nothing_came_was_moved_all_the_same() -> None:
    """Of the upper village 90 come to the school at 10:00 and go home at 30:00; nothing ever comes there."""
    back = log(
        *EVACUATION,
        row(10, Kind.ARRIVE_SHELTER, UPPER, SCHOOL, item=0, persons=90),
        row(30, Kind.RETURN_HOME, UPPER, SCHOOL, item=0, persons=90),
        row(31, Kind.COMES_HOME, UPPER, persons=90),
    )
    assert people.moved_before_impact(back, facts()).tolist() == [90, 190]
    wet = log(*EVACUATION[:6], row(7, Kind.WATER_ARRIVES, LOWER, LOWER, amount=0.4), *EVACUATION[6:])
    assert people.moved_before_impact(wet, facts()).tolist() == [96, 170], "under way at the end"
    assert people.share_moved_in_vain(back, facts()) == 1.0
