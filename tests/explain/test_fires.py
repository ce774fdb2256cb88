"""A fire found, reached and held: each hour from the report on in the bin that it belongs in."""

from __future__ import annotations

import pytest

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog, log_from_rows
from simrescue.explain.critical_path.bins import BINS, NOTES
from simrescue.explain.critical_path.cases import Case
from simrescue.responders import SUPPRESSION, WATER_DROP
from tests.explain.chains_of import check, explained, fitting
from tests.metrics.fire_logs import COMMAND, HELICOPTER, NORTH, START, TEAM, TOWN, both, facts, north, quiet
from tests.metrics.logs import row

FIRST = len(START)


def one_fire(*more: tuple[float, ...]) -> EventLog:
    """A fire that begins at 1 h, is seen at 1.5 h and reported at 2 h, with a request for hands; then other rows."""
    return log_from_rows([
        *START,
        row(1, Kind.IGNITES, NORTH, NORTH),
        row(1.5, Kind.DETECTED, NORTH, NORTH, cause=FIRST, item=5, amount=2),
        row(2, Kind.REPORTED, COMMAND, NORTH, cause=FIRST + 1, item=SUPPRESSION, persons=20),
        row(2, Kind.REPORTED, COMMAND, NORTH, cause=FIRST + 1, item=SUPPRESSION, request=0, persons=20),
        row(2, Kind.REQUEST_OPENED, COMMAND, TOWN, cause=FIRST + 3, item=SUPPRESSION, request=0, persons=20),
        *more,
    ])  # fmt: skip


def reached() -> EventLog:
    """The team turns round once on its way, walks in and works; the fire is contained at 12 h."""
    sent = FIRST + 6
    return one_fire(
        row(3.95, Kind.FREE, TEAM, TOWN),
        row(4, Kind.ASSIGNED, TEAM, TOWN, cause=sent - 2, request=0, item=SUPPRESSION, persons=20, amount=20),
        row(4.5, Kind.TURNS_OUT, TEAM, TOWN, cause=sent, request=0),
        row(4.5, Kind.SETS_OFF, TEAM, TOWN, cause=sent + 1, request=0),
        row(5, Kind.TURNS_ROUND, TEAM, 6, cause=sent + 2, request=0),
        row(6, Kind.ARRIVES, TEAM, TOWN, cause=sent + 3, request=0),
        row(6, Kind.WALKS_IN, TEAM, NORTH, cause=sent + 4, request=0),
        row(7, Kind.TAKES_POST, TEAM, NORTH, cause=sent + 5, request=0),
        row(10, Kind.WITHDRAWS, TEAM, NORTH, cause=sent + 6, request=0, item=0),
        row(11, Kind.TAKES_POST, TEAM, NORTH, cause=sent + 7, request=0),
        row(12, Kind.CONTAINED, NORTH, NORTH, amount=8),
    )


def bins(case: Case) -> list[tuple[str, float]]:
    return [(list(BINS)[piece.bin], pytest.approx(piece.end_h - piece.start_h)) for piece in case.pieces]


def only(log: EventLog, name: str) -> Case:
    (case,) = check(log, facts(), name, fitting(name, {"limit_h": 1.0})).cases
    return case


def test_found() -> None:
    assert bins(only(reached(), "share_fires_found")) == [("found", 0.5), ("report", 0.5)]


def test_attacked() -> None:
    assert [key for key, _ in bins(only(reached(), "share_fires_attacked"))] == [
        "free_team", "decision", "turnout", "travel", "closed", "walking",
    ]  # fmt: skip
    case = only(reached(), "share_fires_attacked")
    assert (case.start_h, case.end_h) == (2, 7)
    hours = dict(bins(case))
    assert (hours["turnout"], hours["travel"], hours["closed"], hours["walking"]) == (0.5, 0.5, 1.0, 1.0)


def test_contained_goes_on_with_the_work_and_the_gaps_in_it() -> None:
    assert bins(only(reached(), "share_fires_contained"))[-3:] == [("working", 3), ("walking", 1), ("working", 1)]


def test_while_nobody_is_there_the_fire_is_contained_or_the_next_crew_is_on_its_way() -> None:
    """Contained from 10 to 15 h; the crew rests until 18 h, rides and walks in by 20 h; the line is lost as it goes."""
    sent = FIRST + 5
    log = one_fire(
        row(7, Kind.TAKES_POST, TEAM, NORTH, request=0),
        row(10, Kind.CONTAINED, NORTH, NORTH, amount=8),
        row(10, Kind.WITHDRAWS, TEAM, NORTH, cause=sent, request=0, item=2),
        row(15, Kind.REKINDLES, NORTH, NORTH, amount=13),
        row(18, Kind.FREE, TEAM, TOWN, cause=sent + 2),
        row(18, Kind.ASSIGNED, TEAM, TOWN, cause=sent - 1, request=0, item=SUPPRESSION, persons=20, amount=20),
        row(18.5, Kind.TURNS_OUT, TEAM, TOWN, cause=sent + 5, request=0),
        row(18.5, Kind.SETS_OFF, TEAM, TOWN, cause=sent + 6, request=0),
        row(19, Kind.ARRIVES, TEAM, TOWN, cause=sent + 7, request=0),
        row(19, Kind.WALKS_IN, TEAM, NORTH, cause=sent + 8, request=0),
        row(20, Kind.TAKES_POST, TEAM, NORTH, cause=sent + 9, request=0),
        row(21, Kind.WITHDRAWS, TEAM, NORTH, cause=sent + 10, request=0, item=2),
    )
    assert bins(only(log, "share_fires_contained"))[-7:] == [
        ("hazard", 5), ("free_team", 3), ("turnout", 0.5), ("travel", 0.5), ("walking", 1), ("working", 1),
        ("never", 9),
    ]  # fmt: skip


def test_time_before_flames_that_take_more_water_than_comes_is_a_wait_for_water() -> None:
    """The only crew on the line works from 7 to 10 h, and waits from 8 to 9.5 h."""
    rows = [tuple(one) for one in zip(*reached(), strict=True)]
    at = next(i for i, one in enumerate(rows) if one[1] == Kind.WITHDRAWS)
    log = log_from_rows([*rows[:at], row(9.5, Kind.WAITS_FOR_WATER, TEAM, NORTH, amount=1.5), *rows[at:]])
    assert bins(only(log, "share_fires_contained"))[-5:] == [
        ("working", 1), ("water", 1.5), ("working", 0.5), ("walking", 1), ("working", 1),
    ]  # fmt: skip


def test_a_fire_that_nobody_is_asked_for_is_never_served() -> None:
    assert bins(only(reached(), "share_fires_by_air")) == [("never", 28)]


def test_aircraft_wanted_late_is_waiting_for_decision() -> None:
    asked = FIRST + 6
    log = one_fire(
        row(5, Kind.PERIMETER, NORTH, NORTH, cause=FIRST, amount=3),
        row(5, Kind.REPORTED, COMMAND, NORTH, cause=asked - 1, item=WATER_DROP, request=1),
        row(5, Kind.REQUEST_OPENED, COMMAND, NORTH, cause=asked, item=WATER_DROP, request=1),
        row(6, Kind.NO_RESPONDER, COMMAND, NORTH, cause=asked + 1, item=WATER_DROP, request=1),
    )
    assert bins(only(log, "share_fires_by_air")) == [("decision", 3), ("free_helicopter", 1), ("free_helicopter", 24)]
    assert [NOTES[piece.note] for piece in only(log, "share_fires_by_air").pieces] == ["", "busy", "unable"]


def test_flown_at_last() -> None:
    asked = FIRST + 6
    log = one_fire(
        row(5, Kind.PERIMETER, NORTH, NORTH, cause=FIRST, amount=3),
        row(5, Kind.REPORTED, COMMAND, NORTH, cause=asked - 1, item=WATER_DROP, request=1),
        row(5, Kind.REQUEST_OPENED, COMMAND, NORTH, cause=asked, item=WATER_DROP, request=1),
        row(5, Kind.ASSIGNED, HELICOPTER, NORTH, cause=asked + 1, item=WATER_DROP, request=1),
        row(5.5, Kind.TURNS_OUT, HELICOPTER, TOWN, cause=asked + 2, request=1),
        row(5.5, Kind.HELD, HELICOPTER, TOWN, cause=asked + 3, request=1, item=0, amount=10),
        row(15.5, Kind.SETS_OFF, HELICOPTER, NORTH, cause=asked + 4, request=1, amount=0.5),
        row(16, Kind.ARRIVES, HELICOPTER, NORTH, cause=asked + 5, request=1),
    )
    assert bins(only(log, "share_fires_by_air")) == [
        ("decision", 3), ("turnout", 0.5), ("held", 10), ("travel", 0.5),
    ]  # fmt: skip


@pytest.mark.parametrize("name", [name for name in explained() if "fire" in name])
@pytest.mark.parametrize("log", [north(), both(), quiet(), reached()], ids=["north", "both", "quiet", "reached"])
def test_sums(name: str, log: EventLog) -> None:
    check(log, facts(), name, fitting(name, {"limit_h": 1.0}))
