"""Who was affected, when he was relieved, and by which clock."""

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.metrics import relief
from simrescue.metrics.spells import relieved_spells
from tests.metrics.logs import BOAT, COMMAND, HALL, LOWER, SCHOOL, UPPER, facts, log, row

INF = np.inf
FLOOD = (
    row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=60),  # row 2
    row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=60),
    row(4, Kind.RELIEVED, SCHOOL, SCHOOL, persons=60),
    row(5, Kind.WATER_ARRIVES, LOWER, LOWER, amount=1.4),
    row(5, Kind.STRANDED, LOWER, persons=140),
    row(6, Kind.TRAPPED, LOWER, persons=40),
    row(6, Kind.REPORTED, COMMAND, LOWER, item=1, persons=40),
    row(7, Kind.PICKS_UP, BOAT, LOWER, item=0, persons=10),
    row(8, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=1, persons=10),
    row(9, Kind.DIED, LOWER, item=0, persons=3),
    row(16, Kind.RELIEVED, LOWER, LOWER, persons=127),
    row(20, Kind.LAPSES, LOWER, LOWER, item=0),
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
    assert relief.share_relieved(events, facts(), 15, "scenario_onset") == 70 / 230
    assert relief.share_relieved(events, facts(), 1e9, "scenario_onset") == 197 / 230


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


def test_relief_missed_by_an_hour_is_no_relief() -> None:
    events = log(
        row(1, Kind.RELIEVED, SCHOOL, SCHOOL, persons=1),
        row(2, Kind.LAPSES, SCHOOL, SCHOOL, item=2),
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=60),
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=60),
        row(9, Kind.RELIEVED, SCHOOL, SCHOOL, persons=60),
    )
    assert groups(events) == [(1, SCHOOL, 2, 9, 60)]


def test_a_lapse_of_an_untracked_need_changes_nothing() -> None:
    events = log(
        row(1, Kind.RELIEVED, SCHOOL, SCHOOL, persons=1),
        row(2, Kind.LAPSES, SCHOOL, SCHOOL, item=4),
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=60),
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=60),
    )
    found = relief.affected(events, facts(tracked=(0, 1, 2, 3)))
    assert found.relieved_h.tolist() == [3]


def test_needs_of_the_clause_instead_of_the_scenarios() -> None:
    events = log(
        row(2, Kind.STRANDED, LOWER, persons=200),
        row(3, Kind.MET, LOWER, LOWER, item=0),
        row(4, Kind.MET, LOWER, LOWER, item=2),
        row(5, Kind.LAPSES, LOWER, LOWER, item=0),
        row(6, Kind.MET, LOWER, LOWER, item=4),
        row(7, Kind.MET, LOWER, LOWER, item=0),
    )
    assert groups(events, (0,)) == [(1, LOWER, 2, 3, 200)]
    assert groups(events, (0, 2)) == [(1, LOWER, 2, 4, 200)]
    assert groups(events, (0, 2, 4)) == [(1, LOWER, 2, 7, 200)]
    assert groups(events, (1,)) == [(1, -1, 2, INF, 200)]
    spells = relieved_spells(events, facts(), (0, 2))
    assert (spells.start.tolist(), spells.end.tolist()) == ([4, 7], [5, 8])


def test_the_relieved_stay_so_when_they_move_on() -> None:
    events = log(
        row(2, Kind.STRANDED, LOWER, persons=200),
        row(3, Kind.RELIEVED, LOWER, LOWER, persons=200),
        row(4, Kind.PICKS_UP, BOAT, LOWER, item=1, persons=10),
        row(5, Kind.ARRIVE_SHELTER, LOWER, HALL, item=1, persons=10),
    )
    assert groups(events) == [(1, LOWER, 2, 3, 200)]


def test_people_who_turned_back_wait_at_home() -> None:
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=50),
        row(3, Kind.TURN_BACK, LOWER, persons=50),
        row(4, Kind.STRANDED, LOWER, persons=200),
        row(5, Kind.RELIEVED, LOWER, LOWER, persons=200),
    )
    assert groups(events) == [(1, LOWER, 2, 5, 50), (1, LOWER, 4, 5, 150)]


def test_a_flooded_shelter_sends_its_own_people_on() -> None:
    events = log(
        row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=50),
        row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=20),
        row(3, Kind.ARRIVE_SHELTER, LOWER, HALL, item=0, persons=30),
        row(4, Kind.SHELTER_CLOSES, HALL, HALL, persons=30),
        row(4, Kind.LEAVE, LOWER, SCHOOL, cause=5, item=2, persons=30),
        row(5, Kind.RELIEVED, SCHOOL, SCHOOL, persons=20),
        row(6, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=30),
    )
    assert groups(events) == [(1, SCHOOL, 2, 5, 20), (1, SCHOOL, 2, 6, 30)]


def test_an_unreported_village_has_no_excuse() -> None:
    events = log(row(5, Kind.STRANDED, LOWER, persons=200), row(9, Kind.RELIEVED, LOWER, LOWER, persons=200))
    assert relief.relief_quantile_h(events, facts(), 1.0, "report") == 4


def test_nobody_affected() -> None:
    assert groups(log()) == []
    assert np.isnan(relief.share_relieved(log(), facts(), 10))
    assert np.isnan(relief.relief_quantile_h(log(), facts(), 0.95))
    assert np.isnan(relief.share_relieved_curve(log(), facts(), np.arange(3.0))).all()
