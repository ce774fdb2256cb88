"""Rules of response levels: what does not trigger changes nothing, order means nothing, and earlier never harms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.metrics.people.relief import late_person_h
from simrescue.scenario.load import load
from simrescue.scenario.records import Scenario
from simrescue.scenario.response_records import GaugeReading, Measured, Trigger
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.scenario.conftest import TINY

PAIRS = 12
WITHOUT: dict[str, Any] = {"command.levels": []}
AT_23 = Trigger(id="a-bank", level="II", kind="reading", of="river", at_least=Measured(23.0, "m"))


def log_rows(scenario: Scenario, replication: int = 0, but: tuple[Kind, ...] = ()) -> list[tuple[float, ...]]:
    """Rows of a log without their causes, and without some kinds."""
    log = simulate(scenario, seed=1, replication=replication)
    columns = (log.time_h, log.kind, log.subject, log.place, log.item, log.persons, log.amount)
    keep = ~np.isin(log.kind, but)
    return list(zip(*(column[keep].tolist() for column in columns), strict=True))


def with_rows(*triggers: Trigger, **tables: Any) -> Scenario:
    free = {f"{table}.*.release": None for table in ("teams", "trucks", "helicopters")}
    first = {"triggers.a-bank": {"level": "II", "kind": "reading", "of": "river", "at_least": "23 m"}}
    sets = {**WITHOUT, **free, **first, "boats.*.release": "II"}
    return load(TINY, sets=sets).model_copy(update={"triggers": triggers, **tables})


def test_without_triggers_readings_change_nothing() -> None:
    scenario = load(TINY)
    readings = (GaugeReading(gauge="post", time_h=1, value=Measured(4, "colour")),)
    assert log_rows(scenario) == log_rows(scenario.model_copy(update={"readings": readings}))


never = st.sampled_from(
    [
        {"kind": "reading", "of": "river", "at_least": Measured(99.0, "m")},
        {"kind": "reading", "of": "nowhere", "at_least": Measured(1.0, "")},
        {"kind": "loss", "of": "moved", "at_least": Measured(1e6, "")},
        {"kind": "count", "of": "silent", "at_least": Measured(100, "")},
        {"kind": "age", "of": "request", "at_least": Measured(1000, "h")},
        {"kind": "judgement", "chance": 0.5, "together": "z"},
    ]
)


@hypothesis_settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(more=st.lists(never, max_size=3), level=st.sampled_from(["I", "II", "III", "IV"]))
def test_a_trigger_more_that_is_never_met_changes_nothing(more: list[dict[str, Any]], level: str) -> None:
    rows = [Trigger(id=f"z{number}", level=level, **fields) for number, fields in enumerate(more)]
    rows = [row for row in rows if row.kind != "judgement" or len(rows) > 1]
    assert log_rows(with_rows(AT_23)) == log_rows(with_rows(AT_23, *rows))


def test_the_order_of_rows_means_nothing() -> None:
    rows = load(TINY, "by-rule").triggers
    one, other = (log_rows(load(TINY, "by-rule").model_copy(update={"triggers": r})) for r in (rows, rows[::-1]))
    assert one == other


@pytest.mark.parametrize(("field", "early", "late"), [("threshold", 22.0, 24.3), ("consultation", 0.0, 6.0)])
def test_a_level_that_is_declared_earlier_never_harms(field: str, early: float, late: float) -> None:
    """On the mean of pairs: hours without relief beyond the limit."""

    def late_hours(value: float) -> float:
        threshold, consultation = (value, 1.0) if field == "threshold" else (23.0, value)
        made = {"level": "II", "kind": "reading", "of": "river", "at_least": f"{threshold} m"}
        sets = {
            **WITHOUT, "triggers.bank": made, "response.II.consultation": f"{consultation} h",
            "boats.*.release": "II", "trucks.*.release": "II",
            "teams.*.release": None, "helicopters.*.release": None,
        }  # fmt: skip
        world = compile_world(load(TINY, sets=sets))
        logs = [simulate(world, 1, replication) for replication in range(PAIRS)]
        return float(np.mean([late_person_h(log, world.facts, 10.0).sum() for log in logs]))

    assert late_hours(early) <= late_hours(late)


def test_a_level_by_rule_at_the_hour_of_the_record_does_as_the_record() -> None:
    """A forecast that is known at the hour, with no consultation: the same rows but those of the rule itself."""
    stated = load(TINY)
    hours = {change.level: change.time_h for change in stated.settings.command.levels}
    readings = tuple(
        GaugeReading(gauge="post", time_h=hour, value=Measured(number, "level"))
        for number, hour in zip((2, 3, 4), (hours["III"], hours["II"], hours["I"]), strict=True)
    )
    sets: dict[str, Any] = WITHOUT | {f"response.{level}.consultation": "0 h" for level in hours}
    triggers = tuple(
        Trigger(id=f"t{number}", level=level, kind="order", of="post", at_least=Measured(number, "level"))
        for number, level in ((2, "III"), (3, "II"), (4, "I"))
    )
    first = {
        f"triggers.{row.id}": {"level": row.level, "kind": "count", "of": "flooded", "at_least": 1} for row in triggers
    }
    ruled = load(TINY, sets=sets | first).model_copy(update={"triggers": triggers, "readings": readings})
    own = (Kind.TRIGGER_MET, Kind.TRIGGER_OVER, Kind.LEVEL_DUE)
    # At one moment a level by rule is declared after all else, and one on record before: the same rows either way.
    assert sorted(log_rows(stated)) == sorted(log_rows(ruled, but=own))
