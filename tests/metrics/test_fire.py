"""What is measured of fires, on a log of two of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.events import log_from_rows
from simrescue.metrics import MEASURES, curves, figures, fires_table, measure, places_table, recorded_value, summarise
from simrescue.metrics.people import whereabouts as people
from simrescue.metrics.wildfire import fire_line
from tests.metrics import logs
from tests.metrics.fire_logs import (
    COMMAND,
    HAMLET,
    HELICOPTER,
    MILITIA,
    NORTH,
    NORTH_ROWS,
    SOUTH,
    SOUTH_ROWS,
    START,
    TEAM,
    TOWN,
    both,
    facts,
    north,
    quiet,
)
from tests.metrics.logs import row

INF = math.inf


def test_the_course_of_each_fire() -> None:
    table = fires_table(both(), facts())
    expected = {
        "fire": [NORTH, SOUTH], "began_h": [1, 12], "reported_h": [2, INF], "means": [5, -1], "staged_h": [3, 14],
        "on_line_h": [3.5, 15], "by_air_h": [3.5, INF], "dropped_h": [4, INF], "contained_h": [8, INF],
        "controlled_h": [9, INF], "out_h": [11, INF], "escaped": [False, True],
        "off_map_h": [INF, 21],
    }  # fmt: skip
    assert {name: table[name].tolist() for name in expected} == expected


def test_areas_and_work_of_each_fire() -> None:
    table = fires_table(both(), facts())
    expected = {
        "burned_ha": [8, 4], "perimeter_km": [0.8, 0], "rekindles": [1, 0], "crews": [1, 1], "person_h": [80, 50],
        "line_km": [0.6, 0], "drops": [2, 0], "water_t": [6, 0], "withdrawals": [1, 0], "overrun": [0, 50],
        "cut_off": [0, 0], "stood_down_person_h": [0, 0], "entrapped": [0, 50],
    }  # fmt: skip
    assert {name: table[name].tolist() for name in expected} == expected
    assert table["reported_ha"][0] == 2
    assert table["contained_ha"][0] == 8
    assert np.isnan(table["contained_ha"][1])


def test_water_of_pumps_and_hours_without_it() -> None:
    """Dry from 2 to 3 h, again from 5 h until they leave at 6.5 h; a relay once, a single pump once."""
    rows = [
        *START,
        row(1, Kind.IGNITES, NORTH, NORTH),
        row(2, Kind.TAKES_POST, TEAM, NORTH, item=0),
        row(2, Kind.WATER_FAILS, TEAM, NORTH, item=0),
        row(3, Kind.PUMPS, TEAM, NORTH, item=3, amount=9),
        row(4.5, Kind.WAITS_FOR_WATER, TEAM, NORTH, amount=0.75),
        row(5, Kind.WATER_FAILS, TEAM, NORTH, item=2),
        row(6.5, Kind.WATER_USED, TEAM, NORTH, amount=7.5),
        row(6.5, Kind.WITHDRAWS, TEAM, NORTH, item=1),
        row(7, Kind.PUMPS, MILITIA, NORTH, item=1, amount=9),
        row(8, Kind.WATER_USED, MILITIA, NORTH, amount=1.5),
    ]
    table = fires_table(log_from_rows(rows), facts())
    expected = {"pumped_t": 9.0, "relays": 1, "without_water_h": 2.5, "waited_for_water_h": 0.75}
    assert {name: table[name][0] for name in expected} == expected
    assert not any(table[name][1] for name in expected)


def test_line_that_is_crossed_is_lost_and_undoes_a_containment() -> None:
    """Two cells of line, 1.5 and 4.5 m wide: the front crosses the second at 7 h, and is contained anew at 8 h."""
    rows = [
        *START,
        row(1, Kind.IGNITES, NORTH, NORTH),
        row(2, Kind.LINE, TEAM, NORTH, item=15, amount=20),
        row(3, Kind.LINE, TEAM, NORTH, item=45, amount=21),
        row(3, Kind.LINE_TAKEN, TEAM, NORTH, amount=40),
        row(4, Kind.BURNS_OUT, TEAM, NORTH, amount=22),
        row(6, Kind.CONTAINED, NORTH, NORTH, amount=6),
        row(7, Kind.LINE_BREACHED, NORTH, NORTH, amount=21),
        row(7, Kind.BURNS, NORTH, NORTH, amount=21),
        row(8, Kind.CONTAINED, NORTH, NORTH, amount=8),
    ]
    table = fires_table(log_from_rows(rows), facts())
    expected = {
        "breaches": 1, "line_held": 0.5, "line_width_m": 3.0, "line_taken_km": 0.04, "burned_out": 1, "contained_h": 8,
    }  # fmt: skip
    assert {name: table[name][0] for name in expected} == expected
    assert np.isnan(table["line_held"][1])
    lost = fires_table(log_from_rows(rows[:-1]), facts())
    assert lost["contained_h"][0] == INF
    assert lost["escaped"][0]
    assert summarise(log_from_rows(rows), facts())["breaches"] == 1


def test_numbers_are_those_of_the_slowest_fire() -> None:
    alone, two = summarise(north(), facts()), summarise(both(), facts())
    waits = {"found": 1, "staged": 1, "on_line": 1.5, "by_air": 1.5, "dropped": 2, "contained": 6, "controlled": 7}
    assert {name: alone[f"fire_{name}_h"] for name in waits} == waits
    assert alone["fire_out_h"] == 9
    assert {two[f"fire_{name}_h"] for name in ("found", "by_air", "contained", "out")} == {INF}
    assert (alone["fires"], alone["fires_contained"], alone["fires_escaped"]) == (1, 1, 0)
    assert (two["fires"], two["fires_contained"], two["fires_escaped"]) == (2, 1, 1)
    assert (alone["fires_off_map"], two["fires_off_map"]) == (0, 1)
    assert (two["burned_ha"], two["largest_fire_ha"], two["share_fires_contained"]) == (12, 8, 0.5)


def test_what_is_lit_on_burned_ground_is_no_fire() -> None:
    """Out the moment it is lit, so that nobody can find it: no promise is broken by it, and none is kept."""
    rows = [row(3, Kind.IGNITES, SOUTH, SOUTH), row(3, Kind.FIRE_OUT, SOUTH, SOUTH)]
    for kept, log in ((1.0, log_from_rows([*START, *NORTH_ROWS, *rows])), (np.nan, log_from_rows([*START, *rows]))):
        assert measure(log, facts(), "share_fires_found", {"limit_h": 2}) == pytest.approx(kept, nan_ok=True)
        assert measure(log, facts(), "share_fires_small", {"area_ha": 8}) == pytest.approx(kept, nan_ok=True)
        numbers = summarise(log, facts())
        assert (numbers["fires"], numbers["fires_contained"]) == ((1, 1) if kept == 1 else (0, 0))


def test_a_fire_fought_before_it_is_reported_has_no_wait() -> None:
    late = row(22, Kind.REPORTED, COMMAND, SOUTH, item=5)
    told = log_from_rows([*START, *NORTH_ROWS, *SOUTH_ROWS, late])
    assert summarise(told, facts())["fire_staged_h"] == 1
    assert summarise(told, facts())["fire_staged_need_h"] == 2


def test_a_fire_that_is_never_reported_has_failed_by_both_clocks() -> None:
    for name in ("fire_staged_h", "fire_staged_need_h", "fire_on_line_need_h", "fire_out_need_h"):
        assert summarise(both(), facts())[name] == INF
    out = row(25, Kind.FIRE_OUT, SOUTH, SOUTH, amount=4)
    by_itself = log_from_rows([*START, *NORTH_ROWS, *SOUTH_ROWS, out])
    for settings in ({"limit_h": 80_000.0}, {"limit_h": 80_000.0, "clock": "need"}):
        assert measure(by_itself, facts(), "share_fires_out", settings) == 0.5


def test_harm_to_villages_and_roads() -> None:
    numbers = summarise(both(), facts())
    expected = {
        "villages_in_flames": 1, "villages_in_smoke": 1, "exposed_to_flames": 20, "exposed_to_smoke": 400,
        "houses_exposed": 30, "road_closed_h": 2, "villages_reached": 1, "moved_before_impact": 80,
        "share_moved_before_impact": 0.8,
    }  # fmt: skip
    assert {name: numbers[name] for name in expected} == expected
    table = places_table(both(), facts())
    assert table["flames_h"].tolist() == [4, INF]
    assert table["smoke_h"].tolist() == [INF, 13]
    assert table["houses_exposed"].tolist() == [30, 0]


def test_a_road_that_still_burns_is_closed_to_the_end() -> None:
    burning = log_from_rows([*START, row(10, Kind.ROAD_BURNS, 6, 6)])
    assert summarise(burning, facts())["road_closed_h"] == 20


def test_flames_are_an_impact() -> None:
    assert people.impact_h(both(), facts()).tolist() == [4, INF]


def test_curves_of_the_fires() -> None:
    table = curves(north(), facts())
    assert table["burned_ha"][[0, 1, 2, 3, 4, 7, 30]].tolist() == [0, 2, 2, 4, 6, 8, 8]
    assert table["persons_on_line"][[3, 4, 5, 7, 8]].tolist() == [0, 20, 20, 20, 0]
    assert table["aircraft"][[3, 4, 5, 6]].tolist() == [0, 1, 1, 0]
    assert table["drops"][[3, 4, 5, 30]].tolist() == [0, 1, 2, 2]
    assert table["line_km"][[4, 5, 6]] == pytest.approx([0, 0, 0.6])
    assert table["perimeter_km"][[3, 4, 30]].tolist() == [0, 0.8, 0.8]


def test_a_crew_on_the_line_at_the_end_stays_to_the_end() -> None:
    posted = log_from_rows([*START, row(10, Kind.TAKES_POST, TEAM, NORTH), row(10, Kind.TAKES_POST, MILITIA, SOUTH)])
    assert fire_line.person_h(posted, facts()).tolist() == [20 * 20, 50 * 20]
    assert curves(posted, facts())["persons_on_line"][[9, 10, 30]].tolist() == [0, 70, 70]


def test_a_crew_that_changes_fires_is_on_one_at_a_time() -> None:
    moved = log_from_rows([*START, row(10, Kind.TAKES_POST, TEAM, NORTH), row(15, Kind.TAKES_POST, TEAM, SOUTH)])
    assert fire_line.person_h(moved, facts()).tolist() == [20 * 5, 20 * 15]


def test_crews_that_gather_elsewhere_by_then_have_come() -> None:
    moved = log_from_rows([
        *START,
        row(1, Kind.REPORTED, 10, NORTH, item=5, persons=20),
        row(1, Kind.STAGES, 10, NORTH, amount=1),
        row(1, Kind.REQUEST_OPENED, 10, 1, cause=5, request=0, item=5, persons=20),
        row(1, Kind.ASSIGNED, TEAM, 1, request=0, item=5),
        row(1.2, Kind.STAGES, 10, NORTH, amount=2),
        row(1.4, Kind.ARRIVES, TEAM, 2, request=0),
    ])  # fmt: skip
    for limit_h, value in ((0.3, 0.0), (0.4, 1.0)):
        assert measure(moved, facts(), "share_responded", {"limit_h": limit_h, "tasks": ["suppression"]}) == value


def test_drops_per_hour_in_the_air() -> None:
    numbers = summarise(north(), facts())
    assert numbers["flight_h"] == pytest.approx(1)
    assert numbers["drops_per_flight_h"] == pytest.approx(2)
    assert np.isnan(summarise(quiet(), facts())["drops_per_flight_h"])


def test_an_aircraft_still_out_flies_to_the_end() -> None:
    legs = (row(20, Kind.SETS_OFF, HELICOPTER, NORTH, amount=1), row(29.5, Kind.SETS_OFF, HELICOPTER, 1, amount=2))
    out = log_from_rows([*START, legs[0], row(21, Kind.DROPS, HELICOPTER, NORTH, amount=3), legs[1]])
    assert fire_line.flight_h(out, facts()) == 1.5


def test_a_fire_that_spreads_again_without_a_sign_is_not_contained() -> None:
    ran = log_from_rows([
        *START,
        row(1, Kind.IGNITES, NORTH, NORTH),
        row(2, Kind.CONTAINED, NORTH, NORTH),
        row(3, Kind.AREA, NORTH, NORTH, item=1),
        row(4, Kind.AREA, NORTH, NORTH, item=0),
    ])  # fmt: skip
    assert fires_table(ran, facts())["contained_h"][0] == INF


def test_where_nothing_burns_nothing_is_measured() -> None:
    numbers = summarise(quiet(), facts())
    assert numbers["fires"] == 0
    for name in ("fire_found_h", "fire_contained_h", "share_fires_contained", "largest_fire_ha"):
        assert np.isnan(numbers[name])
    for name, one in MEASURES.items():
        if "fire" in name:
            settings = {key: 1.0 for key in ("limit_h", "area_ha") if key in one.settings.model_fields}
            assert np.isnan(measure(quiet(), facts(), name, settings))


def test_a_flood_has_no_columns_of_fires() -> None:
    flood = logs.log(row(1, Kind.WATER_ARRIVES, HAMLET, HAMLET, amount=1))
    assert not {name for name in summarise(flood, logs.facts()) if "fire" in name or "flames" in name}
    assert "burned_ha" not in curves(flood, logs.facts())
    assert "flames_h" not in places_table(flood, logs.facts())
    assert len(fires_table(flood, logs.facts())["fire"]) == 0


@pytest.mark.parametrize(
    ("name", "limit_h", "value"),
    [
        ("share_fires_found", 1.0, 0.5),
        ("share_fires_found", 0.9, 0.0),
        ("share_fires_staged", 1.0, 0.5),
        ("share_fires_attacked", 1.0, 0.0),
        ("share_fires_attacked", 1.5, 0.5),
        ("share_fires_by_air", 1.5, 0.5),
        ("share_fires_contained", 6.0, 0.5),
        ("share_fires_contained", 5.9, 0.0),
        ("share_fires_out", 24.0, 0.5),
        ("fire_contained_h", None, INF),
        ("burned_ha", None, 12.0),
        ("largest_fire_ha", None, 8.0),
        ("exposed_to_flames", None, 20.0),
        ("overrun", None, 50.0),
        ("entrapped", None, 50.0),
    ],
)
def test_measures_that_clauses_name(name: str, limit_h: float | None, value: float) -> None:
    assert measure(both(), facts(), name, {} if limit_h is None else {"limit_h": limit_h}) == value


@pytest.mark.parametrize(
    ("name", "at_h", "place", "value"),
    [
        ("burned_ha", 3.0, "", 4.0),
        ("burned_ha", None, "south", 4.0),
        ("line_km", 5.5, "", 0.3),
        ("line_km", None, "north", 0.6),
        ("drops", 4.2, "", 1.0),
        ("water_t", None, "north", 6.0),
        ("persons_on_line", 15.5, "", 50.0),
        ("persons_on_line", 15.5, "north", 0.0),
        ("persons_on_line", None, "", 50.0),
        ("fire_contained_h", None, "north", 6.0),
        ("fire_contained_h", 7.9, "north", INF),
        ("fire_contained_h", None, "", INF),
        ("fire_out_h", None, "north", 9.0),
    ],
)
def test_figures_beside_the_record(name: str, at_h: float | None, place: str, value: float) -> None:
    assert recorded_value(both(), facts(), name, at_h, place) == pytest.approx(value)


LOST_LINE = (
    row(3.5, Kind.WALKS_IN, MILITIA, NORTH, amount=0.5),
    row(4, Kind.LINE, TEAM, NORTH, item=15, amount=13),
    row(4, Kind.LINE, TEAM, NORTH, item=15, amount=14),
    row(4.5, Kind.LINE, MILITIA, NORTH, item=15, amount=13),  # two crews at one cell
    row(5, Kind.LINE_TAKEN, TEAM, NORTH, amount=250),
    row(5.5, Kind.FREE, MILITIA, TOWN),
    row(6, Kind.BURNS_OUT, TEAM, NORTH, amount=16),
    row(6.5, Kind.BURNS_OUT, TEAM, NORTH, amount=17),
    row(7, Kind.BURNS, NORTH, NORTH, amount=13),
    row(8, Kind.OVERRUN, TEAM, NORTH, item=0, persons=20),
)


@pytest.mark.parametrize(
    ("name", "at_h", "value"),
    [
        ("persons_at_fire", 3.2, 20.0),
        ("persons_at_fire", 4.0, 70.0),
        ("persons_at_fire", 5.5, 20.0),
        ("persons_at_fire", 8.0, 0.0),
        ("persons_at_fire", None, 70.0),
        ("line_lost_km", 6.0, 0.25),
        ("line_lost_km", None, 0.25 + math.sqrt(20_000) / 1000),
        ("fire_line_lost", None, 5.0),
        ("fire_line_lost", 4.9, INF),
        ("fire_last_burned_out", None, 6.5),
        ("fire_last_burned_out", 6.2, 6.0),
        ("fire_last_burned_out", 5.0, INF),
        ("fire_reported", None, 2.0),
        ("fire_on_line", None, 3.5),
        ("fire_on_line", 3.0, INF),
        ("overrun_by", 7.9, 0.0),
        ("overrun_by", None, 20.0),
        ("caught_by", 7.9, 0.0),
        ("caught_by", None, 20.0),
    ],
)
def test_who_was_there_what_line_was_lost_and_who_was_caught(name: str, at_h: float | None, value: float) -> None:
    early = [one for one in (*START, *NORTH_ROWS) if one[0] <= 4 and one[1] != Kind.LINE_BUILT]
    told = log_from_rows(sorted([*early, *LOST_LINE], key=lambda one: one[0]))
    assert recorded_value(told, facts(), name, at_h, "north") == pytest.approx(value)
    assert recorded_value(log_from_rows(list(START)), facts(), name, at_h, "north") in (0.0, INF)


def test_line_that_has_burned_before_it_was_closed_is_not_lost() -> None:
    told = log_from_rows(
        [*START, row(2, Kind.BURNS, NORTH, NORTH, amount=10), row(3, Kind.LINE, TEAM, NORTH, amount=10)]
    )
    assert recorded_value(told, facts(), "line_lost_km", None, "") == 0
    assert recorded_value(told, facts(), "fire_line_lost", None, "") == INF


def test_a_figure_of_an_unknown_fire_is_refused() -> None:
    with pytest.raises(ValueError, match="no ignition"):
        recorded_value(both(), facts(), "burned_ha", None, "hamlet")
    assert set(figures(("wildfire",))) >= {"burned_ha", "line_km", "drops", "persons_on_line"}


def test_hours_with_nobody_on_the_line() -> None:
    """20 people 3 to 6 h, 50 from 5 to 7 h and 8 to 12 h; contained at 14 h: three hours without anybody."""
    rows = (
        *START,
        row(1, Kind.IGNITES, NORTH, NORTH),
        row(3, Kind.TAKES_POST, TEAM, NORTH, item=0),
        row(5, Kind.TAKES_POST, MILITIA, NORTH, item=0),
        row(6, Kind.WITHDRAWS, TEAM, NORTH, item=1),
        row(7, Kind.WITHDRAWS, MILITIA, NORTH, item=1),
        row(8, Kind.TAKES_POST, MILITIA, NORTH, item=0),
        row(12, Kind.WITHDRAWS, MILITIA, NORTH, item=1),
        row(14, Kind.CONTAINED, NORTH, NORTH),
    )
    table = fires_table(log_from_rows(list(rows)), facts())
    assert table["unmanned_h"].tolist() == [3, 0]
    assert table["crew_h"].tolist() == [9, 0]
    assert table["person_h"].tolist() == [20 * 3 + 50 * 6, 0]


def test_a_crew_that_is_caught_twice_counts_once() -> None:
    """Entrapped, the next day again, then burned over: 20 people; 50 others once."""
    rows = [
        *START,
        row(1, Kind.TAKES_POST, TEAM, NORTH, item=0),
        row(2, Kind.ENTRAPPED, TEAM, NORTH, item=0, persons=20),
        row(3, Kind.CUT_OFF, TEAM, NORTH, persons=20),
        row(4, Kind.CUT_OFF, TEAM, NORTH, persons=20),
        row(20, Kind.ENTRAPPED, TEAM, NORTH, item=1, persons=20),
        row(21, Kind.OVERRUN, TEAM, NORTH, item=1, persons=20),
        row(21, Kind.ENTRAPPED, MILITIA, SOUTH, item=0, persons=50),
    ]
    log = log_from_rows(rows)
    table = fires_table(log, facts())
    told = {name: list(table[name]) for name in ("cut_off", "entrapped", "overrun")}
    assert told == {"cut_off": [20, 0], "entrapped": [20, 50], "overrun": [20, 0]}
    assert measure(log, facts(), "entrapped", {}) == 70


def test_hours_off_the_line_are_told_by_why() -> None:
    """20 people: 3 h by a rule, half an hour for a turn of the wind to come; other reasons to leave do not count."""
    rows = [
        *START,
        row(1, Kind.TAKES_POST, TEAM, NORTH, item=0),
        row(2, Kind.WITHDRAWS, TEAM, NORTH, item=5, persons=20),
        row(2, Kind.STANDS_DOWN, TEAM, NORTH, item=0, persons=20),
        row(5, Kind.TAKES_POST, TEAM, NORTH, item=0),
        row(6, Kind.CUT_OFF, TEAM, NORTH, persons=20),
        row(6, Kind.WITHDRAWS, TEAM, NORTH, item=6, persons=20),
        row(6.25, Kind.ENTRAPPED, TEAM, NORTH, item=1, persons=20),
        row(6.5, Kind.WITHDRAWS, TEAM, NORTH, item=1, persons=20),
    ]
    table = fires_table(log_from_rows(rows), facts())
    expected = {"stood_down_person_h": 60, "fled_person_h": 10, "cut_off": 20, "entrapped": 20, "withdrawals": 1}
    assert {name: table[name][0] for name in expected} == expected
