"""Requests and missions: from the report to the first responder on the spot."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from simrescue.errors import ResultsError
from simrescue.events import COLUMNS, EventLog, log_from_rows
from simrescue.events import EventKind as Kind
from simrescue.metrics.facts import KINDS_OF_TEAMS, Facts
from simrescue.metrics.measures import measure
from simrescue.metrics.requests import response, supply
from simrescue.metrics.requests.response import Responded
from simrescue.metrics.requests.supply import Supplied
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


def test_teams_of_one_service_alone() -> None:
    """消防救援队伍 within a limit: what other teams, boats and aircraft reach is none of theirs."""
    came = log(
        row(5, Kind.REQUEST_OPENED, COMMAND, UPPER, request=0, item=RESCUE, persons=3),
        row(5, Kind.ASSIGNED, TEAM, UPPER, request=0),
        row(5.4, Kind.ARRIVES, TEAM, UPPER, request=0),
    )
    teams = np.array([KINDS_OF_TEAMS.index("fire" if thing == TEAM else "") for thing in range(11)], dtype=np.int8)
    shares = {kind: measure(came, facts(teams=teams), "share_responded", {"limit_h": 0.5, "kinds": [kind]})
              for kind in ("fire", "team", "militia", "boat")}  # fmt: skip
    assert shares == {"fire": 1.0, "team": 1.0, "militia": 0.0, "boat": 0.0}
    with pytest.raises(ResultsError, match="run it again"):
        measure(came, facts(), "share_responded", {"limit_h": 0.5, "kinds": ["fire"]})
    with pytest.raises(ValidationError, match="militia"):
        Responded(limit_h=0.5, kinds=("firemen",))


def test_response_by_kind_of_responder() -> None:
    assert response.response_h(EVENTS, facts(), ("boat",)).tolist() == [3, INF, INF, INF]
    assert response.response_quantile_h(EVENTS, facts(), "helicopter", 0.5) == 2
    assert response.response_quantile_h(EVENTS, facts(), "team", 0.5) == INF


def test_share_responded_counts_nobody_came_as_failed() -> None:
    assert response.share_responded(EVENTS, facts(), Responded(limit_h=2.0)) == 0.25
    assert response.share_responded(EVENTS, facts(), Responded(limit_h=3.0)) == 0.5
    assert response.share_responded(EVENTS, facts(), Responded(limit_h=3.0, tasks=("rescue",))) == 0.5
    assert response.share_responded(EVENTS, facts(), Responded(limit_h=3.0, tasks=("relief",))) == 0.5
    assert response.share_responded(EVENTS, facts(), Responded(limit_h=1000, levels=("township",))) == 0.0
    assert np.isnan(response.share_responded(EVENTS, facts(), Responded(limit_h=3.0, tasks=("medical",))))


def with_rows(*rows: tuple[float, ...]) -> EventLog:
    """The events, with others of which no cause is asked at the end."""
    return log_from_rows([*zip(*(getattr(EVENTS, column) for column in COLUMNS), strict=True), *rows])


def waits(story: EventLog, **settings: object) -> list[float]:
    return response.response_cases(story, facts(), Responded.model_validate({"limit_h": 1.0, **settings})).took.tolist()


def test_a_clock_that_starts_with_the_order_counts_from_the_first_crew_that_counts() -> None:
    assert waits(EVENTS, clock="order") == pytest.approx([1.5, 2.9, INF, INF])
    assert waits(EVENTS, clock="order", kinds=("boat",), tasks=("rescue",)) == pytest.approx([2.5, INF])
    assert waits(EVENTS, clock="order", kinds=("helicopter",), tasks=("rescue",)) == pytest.approx([1.0, INF])


def test_a_clock_that_starts_with_a_response_level_concerns_what_is_open_then_or_comes_later() -> None:
    early = with_rows(row(6, Kind.LEVEL_RAISED, COMMAND, item=2))
    assert waits(early, clock="level", level="II") == pytest.approx([1.0, 2.5, INF, INF])
    assert waits(early, clock="level", level="III") == pytest.approx([1.0, 2.5, INF, INF]), "a higher level counts too"
    assert waits(early, clock="level", level="I") == [], "never in force: nobody is concerned"
    late = with_rows(row(9.5, Kind.LEVEL_RAISED, COMMAND, item=2))
    assert waits(late, clock="level", level="II") == pytest.approx([0.0, INF, INF]), "the first was over before"


def test_a_need_never_heard_of_fails_by_the_level_that_was_in_force_before_it_was_over() -> None:
    missed = row(20, Kind.NEVER_REPORTED, COMMAND, UPPER, item=RESCUE, persons=2, amount=3)
    before = with_rows(row(19, Kind.LEVEL_RAISED, COMMAND, item=2), missed)
    after = with_rows(missed, row(21, Kind.LEVEL_RAISED, COMMAND, item=2))
    assert len(waits(before, clock="level", level="II")) == len(waits(after, clock="level", level="II")) + 1


def test_a_clock_that_starts_with_the_impact_is_the_need_s_where_none_comes() -> None:
    hit = with_rows(row(4, Kind.WATER_ARRIVES, LOWER, LOWER))
    assert waits(hit, clock="village_impact", tasks=("rescue",)) == pytest.approx([3.0, INF])
    assert waits(EVENTS, clock="village_impact") == waits(EVENTS, clock="need")


def test_a_level_and_its_clock_come_together() -> None:
    for given in ({"clock": "level"}, {"level": "II"}, {"clock": "order", "level": "II"}):
        with pytest.raises(ValidationError):
            Responded.model_validate({"limit_h": 1.0, **given})


def test_goods_are_in_the_township_when_they_are_at_any_of_its_places() -> None:
    things = ["Linxi"] * 2 + [""] * 9
    together = replace(facts(), townships=tuple(things))
    apart = replace(facts(), townships=("Linxi", "Xihe", *[""] * 9))

    more = with_rows(row(15, Kind.DELIVERS, TRUCK, LOWER, request=1, amount=1))

    def at(limit_h: float, fixed: Facts, stage: str) -> float:
        return supply.share_supplied(more, fixed, Supplied.model_validate({"limit_h": limit_h, "stage": stage}))

    assert at(3.5, together, "village") == 0.5
    assert at(3.5, together, "township") == 1.0, "3 h after the report of the upper village goods were in its township"
    assert at(2.9, together, "township") == 0.0, "what came before somebody asked is not for him"
    assert at(3.5, apart, "township") == at(3.5, apart, "village") == at(3.5, facts(), "township")


def test_air_clock_starts_with_the_request() -> None:
    assert air.share_air_arrivals(EVENTS, facts(), 1.5) == 1.0
    assert air.share_air_arrivals(EVENTS, facts(), 1.4) == 0.0
    assert np.isnan(air.share_air_arrivals(log(), facts(), 2.0))


def test_supply() -> None:
    assert supply.share_supplied(EVENTS, facts(), Supplied(limit_h=3.5)) == 0.5
    assert supply.share_supplied(EVENTS, facts(), Supplied(limit_h=3.4)) == 0.0
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
