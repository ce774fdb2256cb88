"""The tables and numbers kept of a replication, on one small flood; and figures to lay beside the record."""

from pathlib import Path

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.kinds import HAZARDS
from simrescue.metrics import (
    MEASURES,
    curves,
    figures,
    fires_table,
    places_table,
    recorded_value,
    recorded_waits,
    summarise,
)
from tests.metrics import fire_logs
from tests.metrics.logs import BOAT, COMMAND, LOWER, SCHOOL, TRUCK, UPPER, facts, log, row

INF = np.inf
EVENTS = log(
    row(1, Kind.ORDERED, LOWER),
    row(2, Kind.WARNED, LOWER, persons=150),
    row(2, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=60),
    row(3, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=0, persons=60),
    row(3, Kind.SLOWED, LOWER, SCHOOL, persons=60, amount=0.5),
    row(4, Kind.MET, SCHOOL, SCHOOL, item=0, persons=60, amount=60),
    row(5, Kind.WATER_ARRIVES, LOWER, LOWER, amount=0.4),
    row(5, Kind.ISOLATED, LOWER, LOWER),
    row(5, Kind.STRANDED, LOWER, persons=140),
    row(6, Kind.WATER_RISES, LOWER, LOWER, amount=1.8),
    row(6, Kind.TRAPPED, LOWER, persons=40),
    row(6, Kind.INJURED, LOWER, persons=4),
    row(6.5, Kind.REPORTED, COMMAND, LOWER, item=1, persons=40),  # row 14
    row(6.5, Kind.REQUEST_OPENED, COMMAND, LOWER, cause=14, request=0, item=1, persons=40),
    row(6.5, Kind.ASSIGNED, BOAT, LOWER, request=0),
    row(6.9, Kind.TURNS_ROUND, BOAT, 5, request=0),
    row(7.5, Kind.ARRIVES, BOAT, LOWER, request=0),
    row(7.5, Kind.SLOWED, BOAT, LOWER, request=0, amount=0.2),
    row(8, Kind.PICKS_UP, BOAT, LOWER, request=0, item=0, persons=40),
    row(9, Kind.ARRIVE_SHELTER, LOWER, SCHOOL, item=1, persons=40),
    row(9, Kind.MET, SCHOOL, SCHOOL, item=0, persons=40, amount=100),
    row(15, Kind.REACHABLE, LOWER, LOWER),
    row(16, Kind.DELIVERS, TRUCK, LOWER, item=0, amount=100),
    row(17, Kind.MET, LOWER, LOWER, item=0, persons=100, amount=140),
)


def test_one_row_a_village() -> None:
    table = places_table(EVENTS, facts(tracked=(0,)))
    expected = {
        "village": [UPPER, LOWER],
        "population": [100, 200],
        "affected": [0, 200],
        "warned": [0, 150],
        "warned_before": [0, 150],
        "moved_before": [0, 60],
        "evacuated": [0, 100],
        "trapped": [0, 40],
        "rescued": [0, 40],
        "deaths": [0, 0],
        "injured": [0, 4],
        "traffic_person_h": [0, 30],
        "impact_h": [INF, 5],
        "water_h": [INF, 5],
        "max_depth_m": [0, 1.8],
        "isolated_h": [INF, 5],
        "cut_off_h": [0, 10],
        "silent_h": [0, 0],
        "first_word_h": [0, 0],
        "without_power_h": [0, 0],
        "without_network_h": [0, 0],
        "forecast_h": [INF, INF],
        "order_h": [INF, 1],
        "out_95_h": [INF, INF],
        "call_out_h": [INF, INF],
        "answered_h": [INF, INF],
        "first_report_h": [INF, 6.5],
        "first_response_h": [INF, 7.5],
        "first_relief_h": [INF, 16],
        "first_rescue_h": [INF, 8],
        "relief_last_h": [np.nan, 12],
        "relief_p95_h": [np.nan, 12],
        "share_relieved_10h": [np.nan, 0.5],
        "share_relieved_12h": [np.nan, 1],
        "late_person_h": [0, 200],
        "lapsed_person_h": [0, 0],
        "houses_collapsed": [0, 0],
        "direct_loss_yuan": [0, 0],
    }
    assert list(table) == list(expected)
    for name, column in expected.items():
        np.testing.assert_array_equal(table[name], column, err_msg=name)


def test_numbers_of_a_replication() -> None:
    numbers = summarise(EVENTS, facts(tracked=(0,)))
    expected = {
        "villages_reached": 1, "residents_reached": 200, "affected": 200, "moved_before_impact": 60, "trapped": 40,
        "rescued": 40, "injured": 4, "share_warned_before_impact": 0.75, "share_moved_before_impact": 0.3,
        "share_relieved_10h": 0.5, "share_relieved_12h": 1, "share_relieved_12h_from_onset": 0.5, "relief_p50_h": 4,
        "relief_p95_h": 12, "relief_last_h": 12, "requests": 1, "requests_unmet": 1, "missions": 1, "turned_round": 1,
        "response_rescue_p50_h": 1, "response_boat_p95_h": 1, "share_answered_rescue": 1, "events": 26,
        "lead_order_p50_h": 4, "lead_forecast_p50_h": -INF, "delivered_food": 100,
        "traffic_person_h": 30, "traffic_crew_h": 0.2,
    }  # fmt: skip
    assert {name: numbers[name] for name in expected} == expected
    assert np.isnan(numbers["response_team_p50_h"])


def test_the_same_names_in_every_replication() -> None:
    assert list(summarise(log(), facts())) == list(summarise(EVENTS, facts(tracked=(0,))))


def test_curves_by_the_hour() -> None:
    table = curves(EVENTS, facts(duration_h=18.0, tracked=(0,)))
    assert table["hour"].tolist() == list(range(19))
    assert table["share_relieved"][[0, 1, 2, 4, 11, 12]].tolist() == [0, 0, 0.3, 0.5, 0.5, 1]
    assert table["trapped"][[5, 6, 8]].tolist() == [0, 40, 0]
    assert table["sheltered"][-1] == 100


@pytest.mark.parametrize(
    ("metric", "at_h", "place", "value"),
    [
        ("moved_before_impact", None, "", 60),
        ("evacuated_by", 2.5, "basin", 60),
        ("evacuated_by", 48, "", 100),
        ("affected_by", 3, "", 60),
        ("affected_by", 5, "lower", 200),
        ("directly_affected_by", 3, "", 60),
        ("directly_affected_by", 5, "lower", 200),
        ("villages_affected_by", 3, "", 1),
        ("residents_reached_by", 5, "", 200),
        ("residents_reached_by", 4, "", 0),
        ("residents_exposed_by", 5, "", 200),
        ("first_relief_h", None, "lower", 11),
        ("first_relief_h", 12, "lower", INF),
        ("first_rescue_h", None, "basin", 3),
        ("rescued", 7, "", 0),
        ("rescued", None, "", 40),
        ("deaths", None, "", 0),
    ],
)
def test_figures_beside_the_record(metric: str, at_h: float | None, place: str, value: float) -> None:
    assert recorded_value(EVENTS, facts(), metric, at_h, place) == value


SILENT = log(
    row(5, Kind.CONTACT_LOST, LOWER, LOWER),
    row(6, Kind.CONTACT_LOST, UPPER, UPPER),
    row(7, Kind.CONTACT_LOST, SCHOOL, SCHOOL),
    row(8, Kind.RECEIVED, COMMAND, LOWER),
    row(12, Kind.CONTACT_RESTORED, LOWER, LOWER),
)


@pytest.mark.parametrize(
    ("metric", "at_h", "place", "value"),
    [
        ("villages_silent_at", 4, "", 0),
        ("villages_silent_at", 6, "", 2),
        ("villages_silent_at", 11, "lower", 1),
        ("villages_silent_at", 12, "", 1),
        ("villages_silent_at", None, "lower", 0),
        ("first_word_h", None, "lower", 3),
        ("first_word_h", 7, "lower", INF),
        ("first_word_h", None, "", INF),
        ("first_word_h", 5.5, "lower", INF),
    ],
)
def test_silence_beside_the_record(metric: str, at_h: float | None, place: str, value: float) -> None:
    assert recorded_value(SILENT, facts(), metric, at_h, place) == value


def test_a_village_in_contact_has_no_first_word() -> None:
    assert np.isnan(recorded_value(SILENT, facts(), "first_word_h", 5.5, "upper"))
    assert np.isnan(recorded_value(EVENTS, facts(), "first_word_h", None, ""))


def test_one_house_is_set_beside_all_persons_of_its_village() -> None:
    hours, persons = recorded_waits(EVENTS, facts(), "rescue_h", None, "lower")
    assert [(hour, count) for hour, count in zip(hours, persons, strict=True) if count] == [(3, 40), (INF, 100)]
    hours, persons = recorded_waits(EVENTS, facts(), "rescue_h", 7.9, "basin")
    assert persons[np.isinf(hours)].sum() == 140, "not yet taken off"
    hours, persons = recorded_waits(EVENTS, facts(tracked=(0,)), "relief_h", None, "lower")
    waits = {hour: persons[hours == hour].sum() for hour in hours.tolist()}
    assert waits == {2.0: 60.0, 4.0: 40.0, 12.0: 100.0}
    assert not recorded_waits(EVENTS, facts(tracked=(0,)), "relief_h", None, "upper")[1].sum()
    with pytest.raises(ValueError, match="neither a village"):
        recorded_waits(EVENTS, facts(), "rescue_h", None, "atlantis")


def test_a_place_never_reached_has_no_wait() -> None:
    assert np.isnan(recorded_value(EVENTS, facts(), "first_relief_h", None, "upper"))
    with pytest.raises(KeyError):
        recorded_value(EVENTS, facts(), "happiness")


def test_the_docs_page_names_every_metric() -> None:
    page = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")
    families = ("response_", "share_answered_", "share_relieved_", "lead_", "delivered_")
    burning, ground = fire_logs.both(), fire_logs.facts()
    names = [name for name in summarise(burning, ground) if not name.startswith(families)]
    names += [*fires_table(burning, ground), *curves(burning, ground), *places_table(burning, ground)]
    plain = {"population", "villages_reached", "residents_reached", "affected", "moved_before_impact", "trapped"}
    plain |= {"rescued", "deaths", "injured", "events", "hour"}
    for name in [*names, *MEASURES, *figures(HAZARDS), *places_table(log(), facts())]:
        assert f"`{name}`" in page or name in plain, name


def test_who_is_only_cut_off_is_affected_and_not_directly() -> None:
    events = log(
        row(1, Kind.LEAVE, LOWER, SCHOOL, item=0, persons=60),
        row(2, Kind.ISOLATED, LOWER, LOWER),
        row(2, Kind.STRANDED, LOWER, persons=140),
        row(5, Kind.WATER_ARRIVES, LOWER, LOWER, amount=0.4),
    )
    affected = [recorded_value(events, facts(), "affected_by", at_h) for at_h in (3, 5)]
    directly = [recorded_value(events, facts(), "directly_affected_by", at_h) for at_h in (3, 5)]
    assert (affected, directly) == ([200, 200], [60, 200])
