"""What plans can promise of fires, by hand on the log of two fires, and in one direction as the promise gets looser."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from simrescue.events import EventKind as Kind
from simrescue.events import log_from_rows
from simrescue.metrics import measure, summarise
from simrescue.metrics.wildfire.fire_false_alarms import busy_h
from simrescue.responders import MEDICAL, SUPPRESSION
from tests.metrics.fire_logs import COMMAND, DURATION_H, MILITIA, NORTH, START, TEAM, TOWN, both, facts, north, quiet
from tests.metrics.logs import row

FIRST, SMALL, COST = "share_fires_first_attack", "share_fires_small", "suppression_cost"


@pytest.mark.parametrize(
    ("limit_h", "area_ha", "clock", "value"),
    [
        # The north is contained for good at 8 h, 6 h after its report and 7 h after its beginning, with 8 ha.
        (6, 8, "report", 0.5), (5.9, 8, "report", 0), (6, 7.9, "report", 0), (6, 8, "need", 0), (7, 8, "need", 0.5),
        (1000, 1000, "report", 0.5),
    ],
)  # fmt: skip
def test_the_first_attack_by_its_definition(limit_h: float, area_ha: float, clock: str, value: float) -> None:
    settings = {"limit_h": limit_h, "area_ha": area_ha, "clock": clock}
    assert measure(both(), facts(), FIRST, settings) == value
    assert measure(north(), facts(), FIRST, settings) == 2 * value


@pytest.mark.parametrize(("area_ha", "value"), [(3.9, 0), (4, 0.5), (7.9, 0.5), (8, 1)])
def test_small_fires(area_ha: float, value: float) -> None:
    assert measure(both(), facts(), SMALL, {"area_ha": area_ha}) == value


def test_villages_that_flames_find_empty() -> None:
    assert measure(both(), facts(), "share_villages_left", {}) == 0
    rows = [*START, row(4, Kind.FIRE_ARRIVES, TOWN, TOWN)]
    assert measure(log_from_rows(rows), facts(), "share_villages_left", {}) == 1
    empty = facts(population=np.array([100.0, 0.0]))
    assert np.isnan(measure(log_from_rows(rows), empty, "share_villages_left", {}))
    assert np.isnan(measure(quiet(), facts(), "share_villages_left", {}))


ORDERS = (
    *START,  # rows 0 to 4
    row(1, Kind.ASSIGNED, TEAM, NORTH, item=SUPPRESSION),  # 20 people: to its next order at 3 h
    row(2, Kind.ASSIGNED, MILITIA, NORTH, item=SUPPRESSION),  # 50 people: to the end
    row(3, Kind.ASSIGNED, TEAM, NORTH, item=SUPPRESSION),  # free at 7 h
    row(7, Kind.FREE, TEAM, TOWN),
    row(8, Kind.ASSIGNED, TEAM, TOWN, item=MEDICAL),
    row(9, Kind.FREE, TEAM, TOWN),
)


def test_cost_by_hand() -> None:
    log = log_from_rows(list(ORDERS))
    sent = log.where(Kind.ASSIGNED)
    assert busy_h(log, facts(), sent).tolist() == [2, DURATION_H - 2, 4, 1]
    person_h = 20 * 6 + 50 * (DURATION_H - 2)
    assert measure(log, facts(), COST, {"person_h_yuan": 30, "flight_h_yuan": 1e5}) == 30 * person_h
    # The north has an hour in the air, and no orders.
    assert measure(north(), facts(), COST, {"person_h_yuan": 30, "flight_h_yuan": 1e5}) == pytest.approx(1e5)
    assert measure(quiet(), facts(), COST, {"person_h_yuan": 30, "flight_h_yuan": 1e5}) == 0


def test_hours_on_false_alarms_by_hand() -> None:
    rows = [
        *START,
        row(1, Kind.FALSE_ALARM, TOWN, TOWN, item=0),  # row 5
        row(2, Kind.REPORTED, COMMAND, TOWN, cause=5, request=7, item=SUPPRESSION),
        row(3, Kind.ASSIGNED, TEAM, TOWN, request=7, item=SUPPRESSION),
        row(3, Kind.ASSIGNED, MILITIA, NORTH, request=8, item=SUPPRESSION),
        row(5, Kind.FINDS_NO_FIRE, TEAM, TOWN, request=7, item=SUPPRESSION),
        row(6, Kind.FREE, TEAM, TOWN),
        row(9, Kind.FALSE_ALARM, TOWN, TOWN, item=0),
    ]
    numbers = summarise(log_from_rows(rows), facts())
    assert (numbers["fire_false_alarms"], numbers["fire_false_alarm_h"]) == (2, 3)


@pytest.mark.parametrize(
    ("name", "settings"),
    [(FIRST, {"limit_h": 1.0}), (FIRST, {"area_ha": 1.0}), (SMALL, {}), (COST, {"person_h_yuan": 1.0})],
)
def test_a_definition_is_the_clauses_own(name: str, settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        measure(both(), facts(), name, settings)
