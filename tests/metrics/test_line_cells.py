"""How cells of line fare in a log written by hand, and where crews were that fled."""

from __future__ import annotations

from simrescue.events import EventKind as Kind
from simrescue.events import log_from_rows
from simrescue.hazards.base import AWAY, ON_FOOT, ZONE
from simrescue.metrics.wildfire.line_cells import DANGERS, danger_marks, line_cells
from tests.metrics.fire_logs import MILITIA, NORTH, TEAM
from tests.metrics.logs import row

INF = float("inf")
ROWS = (
    row(0.5, Kind.BURNS, NORTH, NORTH, amount=33),
    row(1, Kind.TAKES_POST, TEAM, NORTH, item=0),
    row(1, Kind.TAKES_POST, MILITIA, NORTH, item=0),
    row(2, Kind.LINE, TEAM, NORTH, item=15, amount=30),
    row(2.5, Kind.LINE, TEAM, NORTH, item=60, amount=31),
    row(3, Kind.LINE, MILITIA, NORTH, item=250, amount=30),
    row(3.5, Kind.TAKES_POST, TEAM, NORTH, item=0),
    row(4, Kind.BURNS, NORTH, NORTH, amount=31),
    row(4.5, Kind.WITHDRAWS, TEAM, NORTH, item=1),  # end of shift: no danger
    row(5, Kind.CONTROLLED, NORTH, NORTH, amount=8),
    row(6, Kind.LINE, MILITIA, NORTH, item=15, amount=33),
    row(7, Kind.WITHDRAWS, MILITIA, NORTH, item=0, persons=50),
    row(7.5, Kind.CUT_OFF, MILITIA, NORTH, persons=50),
    row(7.6, Kind.ENTRAPPED, MILITIA, NORTH, item=0, persons=50),
    row(8, Kind.FIRE_OUT, NORTH, NORTH, amount=8),
    row(9, Kind.OVERRUN, TEAM, NORTH, item=0, persons=20),
)


def test_each_cell_is_closed_left_mopped_up_or_lost() -> None:
    found = line_cells(log_from_rows(list(ROWS)))
    assert found.cell.tolist() == [30, 31, 33]
    assert found.fire.tolist() == [NORTH] * 3
    assert found.width_m.tolist() == [25.0, 6.0, 1.5]  # the greatest of two crews
    assert found.closed_h.tolist() == [2.0, 2.5, 6.0]
    assert found.left_h.tolist() == [3.5, 3.5, 7.0]
    assert found.mopped_h.tolist() == [5.0, 5.0, 8.0]
    assert found.lost_h.tolist() == [INF, 4.0, INF]  # 33 had burned before anybody closed it


def test_crews_in_danger_stand_where_they_last_closed_a_cell() -> None:
    found = danger_marks(log_from_rows(list(ROWS)))
    assert found.time_h.tolist() == [7.0, 7.5, 7.6, 9.0]
    assert found.crew.tolist() == [MILITIA, MILITIA, MILITIA, TEAM]
    assert found.cell.tolist() == [33, 33, 33, 31]
    assert [list(DANGERS)[what] for what in found.what] == ["fled", "cut off", "entrapped", "overrun"]
    early = danger_marks(log_from_rows([row(1, Kind.WITHDRAWS, TEAM, NORTH, item=0), ROWS[3]]))
    assert early.cell.tolist() == [-1]


def test_without_line_there_is_none() -> None:
    nothing = log_from_rows([])
    assert line_cells(nothing).cell.shape == (0,)
    assert danger_marks(nothing).what.shape == (0,)


def test_a_safety_zone_that_a_crew_makes_for_is_marked_where_it_is_and_other_ways_out_are_not() -> None:
    zone, away = (row(5, Kind.SEEKS_SAFETY, TEAM, NORTH, item=refuge, amount=77) for refuge in (ZONE, AWAY))
    marks = danger_marks(log_from_rows([zone, away]))
    assert (marks.cell.tolist(), [list(DANGERS)[what] for what in marks.what]) == ([77], ["safety zone"])


def test_who_was_caught_on_foot_is_not_marked_at_line_that_it_built_before() -> None:
    caught = row(8, Kind.OVERRUN, MILITIA, NORTH, item=ON_FOOT)
    assert danger_marks(log_from_rows([*ROWS[:4], caught])).cell.tolist()[-1] == -1
