"""Requests and missions: from the report to the first responder on the spot."""

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.metrics import response, supply
from simrescue.metrics.measures import measure
from simrescue.metrics.summary import responses_table
from simrescue.metrics.wildfire import air
from tests.metrics.logs import BOAT, COMMAND, DEPOT, HELICOPTER, LOWER, TEAM, TRUCK, UPPER, facts, log, row

INF = np.inf
RESCUE, RELIEF = 1, 2
EVENTS = log(
    row(5, Kind.REPORTED, COMMAND, LOWER, item=RESCUE, persons=40),  # row 2
    row(5.5, Kind.REQUEST_OPENED, COMMAND, LOWER, cause=2, request=0, item=RESCUE, persons=40),
    row(5.5, Kind.REQUEST_OPENED, COMMAND, LOWER, request=1, item=RELIEF, persons=40),
    row(5.5, Kind.ASSIGNED, BOAT, LOWER, cause=3, request=0),
    row(5.6, Kind.ASSIGNED, TRUCK, LOWER, cause=4, request=1),
    row(6, Kind.ASSIGNED, HELICOPTER, LOWER, cause=3, request=0),
    row(6.5, Kind.ARRIVES, TRUCK, DEPOT, request=1),
    row(7, Kind.ARRIVES, HELICOPTER, LOWER, request=0),
    row(8, Kind.ARRIVES, BOAT, LOWER, request=0),
    row(8.5, Kind.ARRIVES, TRUCK, LOWER, request=1),
    row(9, Kind.DELIVERS, TRUCK, LOWER, request=1, item=0, amount=30),
    row(9, Kind.DELIVERS, TRUCK, LOWER, request=1, item=2, amount=20),
    row(9, Kind.REQUEST_CLOSED, COMMAND, LOWER, request=0),
    row(10, Kind.REQUEST_OPENED, COMMAND, UPPER, request=2, item=RESCUE, persons=3),
    row(10, Kind.ASSIGNED, TEAM, UPPER, request=2),
    row(11, Kind.GIVES_UP, TEAM, UPPER, request=2),
    row(12, Kind.REQUEST_OPENED, COMMAND, UPPER, request=3, item=RELIEF, persons=3),
    row(12, Kind.NO_STOCK, COMMAND, UPPER, request=3, item=0),
    row(13, Kind.NO_STOCK, COMMAND, UPPER, request=3, item=2),
    row(48, Kind.UNMET, COMMAND, UPPER, request=2, item=RESCUE, persons=3),
    row(48, Kind.UNMET, COMMAND, UPPER, request=3, item=RELIEF, persons=3),
)


def test_course_of_each_request() -> None:
    asked = response.requests(EVENTS)
    assert asked.task.tolist() == [1, 2, 1, 2]
    assert asked.reported_h.tolist() == [5, 5.5, 10, 12]
    assert asked.opened_h.tolist() == [5.5, 5.5, 10, 12]
    assert asked.assigned_h.tolist() == [5.5, 5.6, 10, INF]
    assert asked.arrived_h.tolist() == [7, 8.5, INF, INF]
    assert asked.delivered_h.tolist() == [INF, 9, INF, INF]
    assert asked.closed_h.tolist() == [9, INF, INF, INF]


def test_missions_arrive_at_the_place_of_the_request_only() -> None:
    sent = response.missions(EVENTS)
    assert sent.responder.tolist() == [BOAT, TRUCK, HELICOPTER, TEAM]
    assert sent.request.tolist() == [0, 1, 0, 2]
    assert sent.arrived_h.tolist() == [8, 8.5, 7, INF]


def test_response_by_kind_of_responder() -> None:
    assert response.response_h(EVENTS, facts(), ("boat",)).tolist() == [3, INF, INF, INF]
    assert response.response_quantile_h(EVENTS, facts(), "helicopter", 0.5) == 2
    assert response.response_quantile_h(EVENTS, facts(), "team", 0.5) == INF


def test_share_responded_counts_nobody_came_as_failed() -> None:
    assert response.share_responded(EVENTS, facts(), 2.0) == 0.25
    assert response.share_responded(EVENTS, facts(), 3.0) == 0.5
    assert response.share_responded(EVENTS, facts(), 3.0, tasks=("rescue",)) == 0.5
    assert response.share_responded(EVENTS, facts(), 3.0, tasks=("relief",)) == 0.5
    assert response.share_responded(EVENTS, facts(), 1e9, levels=("township",)) == 0.0
    assert np.isnan(response.share_responded(EVENTS, facts(), 3.0, tasks=("medical",)))


def test_air_clock_starts_with_the_request() -> None:
    assert air.share_air_arrivals(EVENTS, facts(), 1.5) == 1.0
    assert air.share_air_arrivals(EVENTS, facts(), 1.4) == 0.0
    assert np.isnan(air.share_air_arrivals(log(), facts(), 2.0))


def test_supply() -> None:
    assert supply.share_supplied(EVENTS, 3.5) == 0.5
    assert supply.share_supplied(EVENTS, 3.4) == 0.0
    assert supply.delivered(EVENTS).tolist() == [30, 0, 20, 0, 0]
    assert supply.requests_short_of_stock(EVENTS) == 1


@pytest.mark.parametrize(
    ("name", "settings", "value"),
    [
        ("share_responded", {"limit_h": 3.0, "tasks": ["rescue"]}, 0.5),
        ("share_air_arrivals", {"limit_h": 2.0}, 1.0),
        ("share_supplied", {"limit_h": 3.0}, 0.0),
        ("requests_short_of_stock", {}, 1.0),
        ("deaths_per_million", {}, 0.0),
    ],
)
def test_measures_by_name(name: str, settings: dict[str, object], value: float) -> None:
    assert measure(EVENTS, facts(), name, settings) == value


def test_responses_name_who_came_first() -> None:
    table = responses_table(EVENTS, facts())
    assert table["responder_kind"].tolist() == ["helicopter", "truck", "", ""]
    assert table["task"].tolist() == ["rescue", "relief", "rescue", "relief"]
    assert table["assigned_h"].tolist() == [6, 5.6, 10, INF]
    assert table["arrived_h"].tolist() == [7, 8.5, INF, INF]


def test_the_same_responder_sent_again() -> None:
    events = log(
        row(5, Kind.REQUEST_OPENED, COMMAND, LOWER, request=7, item=RESCUE, persons=40),
        row(5, Kind.ASSIGNED, BOAT, LOWER, request=7),
        row(6, Kind.ARRIVES, BOAT, LOWER, request=7),
        row(8, Kind.ASSIGNED, BOAT, LOWER, request=7),
        row(9, Kind.ARRIVES, BOAT, LOWER, request=7),
    )
    assert response.missions(events).arrived_h.tolist() == [6, 9]
