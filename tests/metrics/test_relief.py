"""Who was affected, when he was relieved, and by which clock."""

from collections.abc import Iterable

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.metrics import measure, measure_from_need, places_table
from simrescue.metrics.people import relief
from tests.metrics.logs import BOAT, COMMAND, HALL, LOWER, SCHOOL, UPPER, facts, log, row

INF = np.inf
FOOD, CLOTHING, WATER, TENTS, MEDICAL = range(5)
EVERY_NEED = range(5)


def goods(
    time_h: float, place: int, number: float, items: Iterable[int] = EVERY_NEED, cause: int = -1
) -> list[tuple[float, ...]]:
    """Goods for all who are at a place and came there before a number."""
    return [row(time_h, Kind.MET, place, place, cause=cause, item=item, amount=number) for item in items]


def gone(time_h: float, place: int, number: float, item: int) -> tuple[float, ...]:
    """An item is left only for those who came before a number."""
    return row(time_h, Kind.LAPSES, place, place, item=item, amount=number)


FLOOD = (
    row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=60),  # row 2
    row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=60),
    *goods(4, SCHOOL, 60),
    row(5, Kind.WATER_ARRIVES, LOWER, LOWER, item=4, amount=1.4),
    row(5, Kind.HOUSES_FLOODED, LOWER, LOWER, item=4),
    row(5, Kind.STRANDED, LOWER, persons=140),
    row(6, Kind.TRAPPED, LOWER, persons=40),
    row(6, Kind.REPORTED, COMMAND, LOWER, item=1, persons=40),
    row(7, Kind.PICKS_UP, BOAT, LOWER, item=0, persons=10),
    row(8, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=1, persons=10),
    *goods(8, SCHOOL, 70),
    row(9, Kind.DIED, LOWER, item=0, persons=3),
    row(15, Kind.FREED, LOWER, item=0, persons=27),
    *goods(16, LOWER, 167),
    gone(20, LOWER, 0, FOOD),
    row(21, Kind.LEAVE, UPPER, HALL, item=0, persons=30),
    row(22, Kind.ARRIVE_SHELTER, UPPER, HALL, item=0, persons=30),
)


def groups(events: EventLog, needs: tuple[int, ...] | None = None) -> list[tuple[float, ...]]:
    """Affected people as (village, site, affected, relieved, persons), in order of time; equal groups put together."""
    found = relief.affected(events, facts(), needs)
    merged: dict[tuple[float, ...], float] = {}
    for *key, persons in zip(*(column.tolist() for column in found[:5]), strict=True):
        merged[tuple(key)] = merged.get(tuple(key), 0) + persons
    return sorted(((*key, persons) for key, persons in merged.items()), key=lambda group: (group[2], group[3]))


def test_each_group_is_relieved_where_it_is() -> None:
    assert groups(log(*FLOOD)) == [
        (1, SCHOOL, 2, 4, 60),
        (1, SCHOOL, 5, 8, 10),
        (1, LOWER, 5, 16, 127),
        (1, -1, 5, INF, 3),
        (0, -1, 21, INF, 30),
    ]


def test_trapped_and_dead_are_told() -> None:
    found = relief.affected(log(*FLOOD), facts())
    assert found.persons[found.trapped].sum() == 40
    assert found.persons[found.dead].sum() == 3


def test_share_relieved_by_each_clock() -> None:
    events = log(*FLOOD)
    assert relief.share_relieved(events, facts(), 3, "village_impact") == 70 / 230
    assert relief.share_relieved(events, facts(), 11, "village_impact") == 197 / 230
    assert relief.share_relieved(events, facts(), 10.9, "village_impact") == 70 / 230
    assert relief.share_relieved(events, facts(), 10, "report") == 197 / 230
    assert relief.share_relieved(events, facts(), 9.9, "report") == 70 / 230
    assert relief.share_relieved(events, facts(), 10.9, "need") == 70 / 230
    assert relief.share_relieved(events, facts(), 15, "scenario_onset") == 70 / 230
    assert relief.share_relieved(events, facts(), 1e9, "scenario_onset") == 197 / 230


@pytest.mark.parametrize("clock", ["report", "need"])
def test_a_village_never_reported_has_failed_by_both_clocks(clock: str) -> None:
    silent = log(*(one for one in FLOOD if one[1] != Kind.REPORTED))
    assert relief.share_relieved(silent, facts(), 1e9, clock) == 0
    assert relief.relief_quantile_h(silent, facts(), 0.01, clock) == INF
    assert relief.share_relieved(silent, facts(), 1e9) == 197 / 230
    late = relief.late_person_h(silent, facts(), 10, clock)
    assert late.tolist() == [30 * (48 - 21 - 10), 60 * (48 - 2 - 10) + 140 * (48 - 5 - 10)]


def test_the_second_reading_of_relief_by_reports() -> None:
    events, given = log(*FLOOD), {"limit_h": 10.0, "clock": "report"}
    assert measure(events, facts(), "share_relieved", given) == 197 / 230
    assert measure_from_need(events, facts(), "share_relieved", given) == 70 / 230
    assert np.isnan(measure_from_need(events, facts(), "share_relieved", {"limit_h": 10.0}))


def test_a_clock_that_starts_with_a_response_level_concerns_who_was_not_relieved_before() -> None:
    events = log(*FLOOD, row(6, Kind.LEVEL_RAISED, COMMAND, item=2))
    for level in ("II", "III"):
        given = {"limit_h": 10.0, "clock": "level", "level": level}
        assert measure(events, facts(), "share_relieved", given) == 137 / 170, "60 had all before the level"
        assert measure(events, facts(), "share_relieved", given | {"limit_h": 9.9}) == 10 / 170
    assert measure(events, facts(), "relief_last_h", {"clock": "level", "level": "II"}) == INF
    never = {"limit_h": 10.0, "clock": "level", "level": "I"}
    assert np.isnan(measure(events, facts(), "share_relieved", never)), "never in force: nobody is concerned"
    at_once = log(row(0, Kind.LEVEL_RAISED, COMMAND, item=2), *FLOOD)
    by_level = measure(at_once, facts(), "share_relieved", {"limit_h": 11.0, "clock": "level", "level": "II"})
    assert by_level == relief.share_relieved(at_once, facts(), 11.0), "from the first hour on it is the impact"


def test_share_among_some_only() -> None:
    assert relief.share_relieved(log(*FLOOD), facts(), 11, who="trapped") == 37 / 40
    assert np.isnan(relief.share_relieved(log(*FLOOD), facts(), 11, who="isolated"))
    with pytest.raises(ValueError, match="none of affected, trapped, isolated"):
        relief.share_relieved(log(*FLOOD), facts(), 11, who="everybody")


def test_an_unknown_clock_is_refused() -> None:
    with pytest.raises(ValueError, match="none of scenario_onset"):
        relief.share_relieved(log(*FLOOD), facts(), 11, "midnight")


def test_quantiles_keep_the_unrelieved_whole() -> None:
    events = log(*FLOOD)
    assert relief.relief_quantile_h(events, facts(), 0.26) == 2
    assert relief.relief_quantile_h(events, facts(), 0.27) == 3
    assert relief.relief_quantile_h(events, facts(), 0.5) == 11
    assert relief.relief_quantile_h(events, facts(), 1.0) == INF


def test_curve_of_share_relieved() -> None:
    curve = relief.share_relieved_curve(log(*FLOOD), facts(), np.array([0, 2, 3, 11, 48.0]))
    assert curve == pytest.approx(np.array([0, 60, 70, 197, 197]) / 230)


def test_late_hours_run_to_the_end_for_the_unrelieved() -> None:
    late = relief.late_person_h(log(*FLOOD), facts(), 10)
    assert late.tolist() == [30 * (48 - 21 - 10), 127 * 1 + 3 * (48 - 5 - 10)]


def test_goods_go_to_those_who_came_first() -> None:
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=60),
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=60),
        *goods(4, SCHOOL, 25, (WATER,)),
        *goods(5, SCHOOL, 45, (FOOD, CLOTHING, TENTS, MEDICAL)),
        *goods(6, SCHOOL, 60),
    )
    assert groups(events) == [(1, SCHOOL, 2, 5, 25), (1, SCHOOL, 2, 6, 35)]


def test_who_comes_later_waits_and_undoes_nothing() -> None:
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=60),
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=60),
        *goods(4, SCHOOL, 60, (FOOD, WATER, CLOTHING, TENTS)),
        row(5, Kind.LEAVE, UPPER, SCHOOL, item=0, persons=20),
        row(6, Kind.ARRIVE_SHELTER, UPPER, SCHOOL, item=0, persons=20),
        *goods(7, SCHOOL, 60, (MEDICAL,)),
        *goods(9, SCHOOL, 80),
    )
    assert groups(events) == [(1, SCHOOL, 2, 7, 60), (0, SCHOOL, 5, 9, 20)]


def test_a_need_that_lapsed_before_the_last_was_met_had_been_met() -> None:
    """Hours without provision before relief are waiting already; after it they are counted apart."""
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=60),
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=60),
        *goods(4, SCHOOL, 60, (FOOD,)),
        gone(5, SCHOOL, 0, FOOD),
        *goods(6, SCHOOL, 60, (WATER, MEDICAL, CLOTHING, TENTS)),
        *goods(9, SCHOOL, 40, (FOOD,)),
        *goods(10, SCHOOL, 60, (FOOD,)),
        gone(20, SCHOOL, 50, TENTS),
        *goods(21, SCHOOL, 60, (TENTS,)),
    )
    assert groups(events) == [(1, SCHOOL, 2, 6, 60)]
    assert relief.lapsed_person_h(events, facts()).tolist() == [0, 40 * 3 + 20 * 4 + 10 * 1]


def test_what_was_met_once_stays_met_however_little_comes_later() -> None:
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=60),
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=60),
        *goods(4, SCHOOL, 50, (FOOD,)),
        gone(5, SCHOOL, 0, FOOD),
        *goods(6, SCHOOL, 20, (FOOD,)),
        *goods(7, SCHOOL, 30, (FOOD,)),
        *goods(8, SCHOOL, 55, (FOOD,)),
    )
    assert groups(events, (FOOD,)) == [(1, SCHOOL, 2, 4, 50), (1, SCHOOL, 2, 8, 5), (1, -1, 2, INF, 5)]


def test_the_trapped_are_not_relieved_until_they_are_free() -> None:
    events = log(
        row(1, Kind.WATER_ARRIVES, LOWER, LOWER, item=4),
        row(1, Kind.HOUSES_FLOODED, LOWER, LOWER, item=4),
        row(2, Kind.STRANDED, LOWER, persons=200),
        row(3, Kind.TRAPPED, LOWER, persons=50),
        *goods(4, LOWER, 200),
        row(8, Kind.FREED, LOWER, item=0, persons=50),
        *goods(9, LOWER, 250),
    )
    assert groups(events) == [(1, LOWER, 2, 4, 150), (1, LOWER, 2, 9, 50)]


def test_who_had_all_before_he_was_trapped_was_relieved_then() -> None:
    events = log(
        row(1, Kind.WATER_ARRIVES, LOWER, LOWER, item=3),
        row(1, Kind.HOUSES_FLOODED, LOWER, LOWER, item=3),
        row(2, Kind.STRANDED, LOWER, persons=200),
        *goods(3, LOWER, 200),
        row(4, Kind.TRAPPED, LOWER, persons=50),
        row(6, Kind.FREED, LOWER, item=0, persons=50),
        *goods(7, LOWER, 250, (FOOD, WATER, MEDICAL, TENTS)),
    )
    assert groups(events) == [(1, LOWER, 2, 3, 200)]
    assert relief.lapsed_person_h(events, facts())[1] == 50, "from their freeing to the goods; clothing is their own"


def test_clothing_from_home_counts_in_the_shelter() -> None:
    events = log(
        row(1, Kind.WATER_ARRIVES, LOWER, LOWER, item=2),
        row(1, Kind.HOUSES_FLOODED, LOWER, LOWER, item=2),
        row(2, Kind.STRANDED, LOWER, persons=200),
        *goods(3, LOWER, 120, (CLOTHING,)),
        row(4, Kind.PICKS_UP, BOAT, LOWER, item=1, persons=150),
        row(5, Kind.ARRIVE_SHELTER, LOWER, HALL, item=1, persons=150),
        *goods(6, HALL, 150, (FOOD, WATER, MEDICAL, TENTS)),
        *goods(8, HALL, 150, (CLOTHING,)),
    )
    assert groups(events) == [(1, HALL, 2, 6, 120), (1, HALL, 2, 8, 30), (1, -1, 2, INF, 50)]


@pytest.mark.parametrize(("danger", "relieved_h"), [(1, 4), (2, 6), (3, 8)])
def test_what_counts_in_a_village_depends_on_the_water_it_had(danger: int, relieved_h: float) -> None:
    events = log(
        row(1, Kind.WATER_ARRIVES, LOWER, LOWER, item=danger),
        row(1, Kind.HOUSES_FLOODED, LOWER, LOWER, item=danger),
        row(2, Kind.STRANDED, LOWER, persons=200),
        *goods(4, LOWER, 200, (FOOD, WATER, MEDICAL)),
        *goods(6, LOWER, 200, (CLOTHING,)),
        *goods(8, LOWER, 200, (TENTS,)),
    )
    assert groups(events) == [(1, LOWER, 2, relieved_h, 200)]


def test_deeper_water_later_undoes_no_relief_but_counts_as_a_lapse() -> None:
    events = log(
        row(2, Kind.STRANDED, LOWER, persons=200),
        *goods(4, LOWER, 200, (FOOD, WATER, MEDICAL)),
        row(10, Kind.HOUSES_FLOODED, LOWER, LOWER, item=2),
        *goods(13, LOWER, 150, (CLOTHING,)),
        *goods(14, LOWER, 200, (CLOTHING,)),
        row(20, Kind.HOUSES_FLOODED, LOWER, LOWER, item=3),
        *goods(21, LOWER, 200, (TENTS,)),
    )
    assert groups(events) == [(1, LOWER, 2, 4, 200)]
    assert relief.lapsed_person_h(events, facts())[1] == 200 * 3 + 50 * 1 + 200 * 1


def test_untracked_needs_do_not_count() -> None:
    events = log(row(2, Kind.STRANDED, LOWER, persons=200), *goods(3, LOWER, 200, (FOOD, WATER)))
    assert np.isinf(relief.affected(events, facts()).relieved_h).all()
    assert relief.affected(events, facts(tracked=(0, 1, 2, 3))).relieved_h.tolist() == [3]


def test_needs_of_the_clause_instead_of_the_scenarios() -> None:
    events = log(
        row(1, Kind.WATER_ARRIVES, LOWER, LOWER, item=2),
        row(1, Kind.HOUSES_FLOODED, LOWER, LOWER, item=2),
        row(2, Kind.STRANDED, LOWER, persons=200),
        *goods(3, LOWER, 200, (FOOD,)),
        *goods(4, LOWER, 200, (WATER,)),
        gone(5, LOWER, 0, FOOD),
        *goods(6, LOWER, 200, (MEDICAL,)),
    )
    assert groups(events, (FOOD,)) == [(1, LOWER, 2, 3, 200)]
    assert groups(events, (FOOD, WATER)) == [(1, LOWER, 2, 4, 200)]
    assert groups(events, (FOOD, WATER, MEDICAL)) == [(1, LOWER, 2, 6, 200)]
    assert groups(events, (CLOTHING,)) == [(1, -1, 2, INF, 200)]


# ---- own stock


def cut_off(*more: tuple[float, ...]) -> EventLog:
    """A dry village that lives on its own stock from hour 2 to hour 26."""
    return log(
        row(2, Kind.ISOLATED, LOWER, LOWER),
        row(2, Kind.STRANDED, LOWER, persons=200),
        row(2, Kind.OWN_STOCK, LOWER, LOWER, persons=200, amount=24),
        *more,
    )


USED_UP = row(26, Kind.OWN_STOCK_ENDS, LOWER, LOWER, item=0)
EATABLES = (FOOD, WATER, MEDICAL)


def test_the_clock_stands_while_own_stock_lasts() -> None:
    events = cut_off(USED_UP, *goods(30, LOWER, 150, EATABLES))
    assert groups(events) == [(1, LOWER, 2, 30, 150), (1, -1, 2, INF, 50)]
    people = relief.affected(events, facts())
    assert sorted(relief.waited_h(events, facts(), people)) == [4, INF]
    assert sorted(relief.waited_h(events, facts(), people, "scenario_onset")) == [6, INF]
    assert relief.share_relieved(events, facts(), 4) == 0.75
    assert relief.late_person_h(events, facts(), 10)[1] == 50 * (48 - 26 - 10)


def test_goods_before_own_stock_has_run_out_come_without_waiting() -> None:
    events = cut_off(*goods(20, LOWER, 200, EATABLES), USED_UP)
    assert relief.relief_quantile_h(events, facts(), 1.0) == 0
    assert relief.share_relieved(events, facts(), 0) == 1
    assert relief.lapsed_person_h(events, facts())[1] == 0


def test_own_stock_is_no_relief_and_no_failure_while_it_lasts() -> None:
    events = cut_off(row(3, Kind.STRANDED, UPPER, persons=100), *goods(5, UPPER, 40, EATABLES))
    people = relief.affected(events, facts())
    assert people.persons[people.on_own].sum() == 200
    assert people.persons.sum() == 300, "they are affected all the same"
    assert relief.share_relieved(events, facts(), 10) == 0.4
    assert relief.late_person_h(events, facts(), 10).tolist() == [60 * (48 - 3 - 10), 0]
    assert np.isnan(places_table(events, facts())["share_relieved_10h"][1])


def test_own_stock_that_the_water_takes_is_gone() -> None:
    events = cut_off(
        row(8, Kind.WATER_ARRIVES, LOWER, LOWER, item=2),
        row(8, Kind.HOUSES_FLOODED, LOWER, LOWER, item=2),
        row(8, Kind.OWN_STOCK_ENDS, LOWER, LOWER, item=1),
        *goods(10, LOWER, 200, EATABLES),
        *goods(13, LOWER, 200, (CLOTHING,)),
    )
    assert relief.relief_quantile_h(events, facts(), 1.0) == 13 - 8


def test_who_is_taken_away_leaves_his_stock_behind() -> None:
    events = cut_off(
        row(6, Kind.PICKS_UP, BOAT, LOWER, item=1, persons=50),
        row(7, Kind.ARRIVE_SHELTER, LOWER, HALL, item=1, persons=50),
        *goods(9, HALL, 50),
        USED_UP,
        *goods(27, LOWER, 200, EATABLES),
    )
    people = relief.affected(events, facts())
    waits = dict(zip(people.site.tolist(), relief.waited_h(events, facts(), people).tolist(), strict=True))
    assert waits == {HALL: 9 - 6, LOWER: 1}


def test_a_report_after_own_stock_began_starts_a_clock_that_stands() -> None:
    events = cut_off(row(10, Kind.REPORTED, COMMAND, LOWER, item=2), USED_UP, *goods(30, LOWER, 200, EATABLES))
    assert relief.relief_quantile_h(events, facts(), 1.0, "report") == 4


# ---- people who move


def test_the_relieved_stay_so_when_they_move_on() -> None:
    events = log(
        row(2, Kind.STRANDED, LOWER, persons=200),
        *goods(3, LOWER, 200),
        row(4, Kind.PICKS_UP, BOAT, LOWER, item=1, persons=10),
        row(5, Kind.ARRIVE_SHELTER, LOWER, HALL, item=1, persons=10),
    )
    assert groups(events) == [(1, LOWER, 2, 3, 200)]
    assert relief.lapsed_person_h(events, facts())[1] == 10 * (48 - 5)


def test_goods_that_come_after_one_has_left_are_not_his() -> None:
    events = log(
        row(2, Kind.STRANDED, LOWER, persons=200),
        row(4, Kind.PICKS_UP, BOAT, LOWER, item=1, persons=10),
        *goods(5, LOWER, 200),
    )
    assert groups(events) == [(1, LOWER, 2, 5, 190), (1, -1, 2, INF, 10)]


def test_freed_and_stranded_again_keeps_ones_turn() -> None:
    """30 who turned back came before the others were stranded, and are served before them."""
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=30),
        row(3, Kind.TURN_BACK, LOWER, persons=30),
        row(4, Kind.STRANDED, LOWER, persons=200),
        *goods(5, LOWER, 40),
        row(6, Kind.FREED, LOWER, item=1, persons=200),
        row(7, Kind.STRANDED, LOWER, persons=200),
        *goods(8, LOWER, 100),
    )
    assert groups(events) == [
        (1, LOWER, 2, 5, 30), (1, LOWER, 4, 5, 10), (1, LOWER, 4, 8, 60), (1, -1, 4, INF, 100),
    ]  # fmt: skip


def test_people_of_two_villages_share_one_line_in_a_shelter() -> None:
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=50),
        row(2, Kind.LEAVE, UPPER, SCHOOL, item=0, persons=40),
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=20),
        row(4, Kind.ARRIVE_SHELTER, UPPER, SCHOOL, item=0, persons=40),
        row(5, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=30),
        *goods(6, SCHOOL, 50),
        *goods(7, SCHOOL, 90),
    )
    assert sorted(groups(events)) == [
        (0, SCHOOL, 2, 6, 30), (0, SCHOOL, 2, 7, 10), (1, SCHOOL, 2, 6, 20), (1, SCHOOL, 2, 7, 30),
    ]  # fmt: skip


def test_who_is_turned_away_at_the_door_takes_nobodys_turn() -> None:
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=50),
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=20),
        row(3, Kind.TURNED_AWAY, LOWER, SCHOOL, persons=30),  # row 4
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, cause=4, item=0, persons=30),
        row(3, Kind.LEAVE, LOWER, HALL, cause=4, item=2, persons=30),
        row(4, Kind.LEAVE, UPPER, SCHOOL, item=0, persons=10),
        row(5, Kind.ARRIVE_SHELTER, UPPER, SCHOOL, item=0, persons=10),
        row(5, Kind.ARRIVE_SHELTER, LOWER, HALL, item=0, persons=30),
        *goods(6, SCHOOL, 30),
        *goods(7, HALL, 30),
    )
    assert groups(events) == [(1, SCHOOL, 2, 6, 20), (1, HALL, 2, 7, 30), (0, SCHOOL, 4, 6, 10)]


def test_people_who_turned_back_wait_at_home() -> None:
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=50),
        row(3, Kind.TURN_BACK, LOWER, persons=50),
        row(4, Kind.STRANDED, LOWER, persons=200),
        *goods(5, LOWER, 200),
    )
    assert groups(events) == [(1, LOWER, 2, 5, 50), (1, LOWER, 4, 5, 150)]


def test_a_flooded_shelter_sends_its_own_people_on() -> None:
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=50),
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=20),
        row(3, Kind.ARRIVE_SHELTER, LOWER, HALL, item=0, persons=30),
        row(4, Kind.SHELTER_CLOSES, HALL, HALL, persons=30),
        row(4, Kind.LEAVE, LOWER, SCHOOL, cause=5, item=2, persons=30),
        *goods(5, SCHOOL, 20),
        row(6, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=30),
        *goods(6, SCHOOL, 50),
    )
    assert groups(events) == [(1, SCHOOL, 2, 5, 20), (1, SCHOOL, 2, 6, 30)]


def test_nobody_affected() -> None:
    assert groups(log()) == []
    assert np.isnan(relief.share_relieved(log(), facts(), 10))
    assert np.isnan(relief.relief_quantile_h(log(), facts(), 0.95))
    assert np.isnan(relief.share_relieved_curve(log(), facts(), np.arange(3.0))).all()


# ---- another roof


def test_who_goes_straight_to_relatives_is_counted_neither_as_relieved_nor_as_not() -> None:
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=60),
        row(3, Kind.LODGES, LOWER, SCHOOL, item=0, persons=50),
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=10),
        *goods(5, SCHOOL, 10),
    )
    people = relief.affected(events, facts())
    assert (people.persons.sum(), people.persons[people.lodged].sum()) == (60, 50)
    assert relief.share_relieved(events, facts(), 2.9) == 0
    assert relief.share_relieved(events, facts(), 3.0) == 1
    assert relief.late_person_h(events, facts(), 1).tolist() == [0, 10 * (5 - 2 - 1)]


def test_whom_the_public_owed_something_is_relieved_when_he_comes_to_relatives() -> None:
    """Stranded at 5 h, taken off at 10 h, there at 12 h: he has waited for 7 h."""
    events = log(
        row(5, Kind.WATER_ARRIVES, LOWER, LOWER, item=2),
        row(5, Kind.HOUSES_FLOODED, LOWER, LOWER, item=2),
        row(5, Kind.STRANDED, LOWER, persons=200),
        row(10, Kind.PICKS_UP, BOAT, LOWER, item=1, persons=20),
        row(12, Kind.LODGES, LOWER, SCHOOL, item=1, persons=20),
    )
    people = relief.affected(events, facts())
    assert sorted(relief.waited_h(events, facts(), people)) == [7, INF]
    assert not people.lodged.any()
    assert relief.share_relieved(events, facts(), 7) == 0.1


def test_who_leaves_a_shelter_before_anything_came_has_waited_until_then() -> None:
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=40),
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=40),
        row(9, Kind.LODGES, LOWER, SCHOOL, item=2, persons=10),
        *goods(20, SCHOOL, 40),
    )
    people = relief.affected(events, facts())
    assert sorted(zip(relief.waited_h(events, facts(), people), people.persons, strict=True)) == [(7, 10), (18, 30)]


@pytest.mark.parametrize(
    ("left", "item", "relieved_h"), [(Kind.LEAVE, 0, 6), (Kind.PICKS_UP, 3, 6), (Kind.PICKS_UP, 1, 9)]
)
def test_a_bag_is_clothing_enough(left: Kind, item: int, relieved_h: float) -> None:
    """Everything but clothing comes at 6 h, clothing at 9 h: only who was taken off waits for it."""
    who = (
        row(2, left, LOWER, SCHOOL, item=0, persons=40)
        if left == Kind.LEAVE
        else row(2, left, BOAT, LOWER, item=2, persons=40)
    )
    events = log(
        who,
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=item, persons=40),
        *goods(6, SCHOOL, 40, (FOOD, WATER, TENTS, MEDICAL)),
        *goods(9, SCHOOL, 40, (CLOTHING,)),
    )
    assert relief.affected(events, facts()).relieved_h.tolist() == [relieved_h]
    assert relief.lapsed_person_h(events, facts()).sum() == 0
