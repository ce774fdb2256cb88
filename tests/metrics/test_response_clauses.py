"""Clauses of the response system, each on a log short enough to be counted by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from simrescue.communication.channels import CHANNEL_NUMBER
from simrescue.communication.messages import MessageKind
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.explain.clauses import explain
from simrescue.metrics import MEASURES, measure
from simrescue.responders import RELIEF
from simrescue.scenario.load import load
from simrescue.scenario.new import create
from simrescue.scenario.plans.plans_file import load_plan
from simrescue.scenario.plans.static_measures import measured
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.metrics.logs import BOAT, COMMAND, DEPOT, LOWER, SCHOOL, TEAM, TRUCK, UPPER, facts, log, row

PUBLIC = CHANNEL_NUMBER["public"]


def value(events: EventLog, name: str, **settings: Any) -> float:
    return measure(events, facts(), name, settings)


def warned(answered_h: float, *more: tuple[float, ...]) -> EventLog:
    """Forecast at 1 h, order at 4 h, its answer, and water at 8 h in the lower village."""
    return log(
        row(1, Kind.FORECAST, LOWER), row(4, Kind.ORDERED, LOWER), row(answered_h, Kind.ANSWERED, LOWER), *more,
        row(8, Kind.WATER_ARRIVES, LOWER, LOWER, amount=0.5),
    )  # fmt: skip


@pytest.mark.parametrize(("answered_h", "lead", "duration"), [(4.5, 1, 1), (6.5, 1, 0), (7.5, 0, 0), (8.5, 0, 0)])
def test_a_call_out_in_time_by_both_readings(answered_h: float, lead: float, duration: float) -> None:
    """An hour before the water it is in time by its lead; by its duration an hour after the call."""
    events = warned(answered_h)
    assert value(events, "share_warned_in_steps") == lead
    assert value(events, "share_warned_in_steps", reading="duration") == duration


def test_an_hours_warning_is_enough_where_figures_are_durations() -> None:
    late = log(
        row(6, Kind.FORECAST, LOWER), row(6.5, Kind.ORDERED, LOWER), row(7, Kind.ANSWERED, LOWER),
        row(8, Kind.WATER_ARRIVES, LOWER, LOWER, amount=0.5),
    )  # fmt: skip
    assert value(late, "share_warned_in_steps") == 0
    assert value(late, "share_warned_in_steps", reading="duration") == 1


def test_without_channels_the_answer_is_the_feedback() -> None:
    events = warned(4.5)
    assert value(events, "share_warned_in_steps", feedback_h=0.5) == 1
    assert value(events, "share_warned_in_steps", feedback_h=0.4) == 0


def test_with_channels_the_feedback_must_come_back_to_command() -> None:
    """The word came by emergency broadcast, one way, and people acted on it; command knows nothing of it."""
    sent = row(4, Kind.SENT, COMMAND, LOWER, item=PUBLIC, amount=MessageKind.CALL_OUT)
    back = row(5, Kind.ACKNOWLEDGED, LOWER, COMMAND, item=PUBLIC, amount=MessageKind.CALL_OUT)
    silent, heard = warned(4.5, sent), warned(4.5, sent, back)
    for events in (silent, heard):
        assert value(events, "share_warned_in_steps") == 1
    assert value(silent, "share_warned_in_steps", feedback_h=24.0) == 0
    assert value(heard, "share_warned_in_steps", feedback_h=1.0) == 1
    assert value(heard, "share_warned_in_steps", feedback_h=0.9) == 0


def test_late_feedback_is_explained_as_warning() -> None:
    reasons = explain(warned(6.5), facts(), "share_warned_in_steps", {"feedback_h": 1.0}, 0.0)
    (case,) = reasons.cases
    assert (case.start_h, case.end_h, case.served, case.late) == (0.0, 6.5, True, True)
    assert math.isclose(sum(piece.end_h - piece.start_h for piece in case.pieces), 6.5)


SILENCES = log(
    row(2, Kind.CONTACT_LOST, UPPER, UPPER), row(5, Kind.CONTACT_RESTORED, UPPER, UPPER),
    row(7, Kind.CONTACT_LOST, UPPER, UPPER), row(9, Kind.CONTACT_RESTORED, UPPER, UPPER),
    row(44, Kind.CONTACT_LOST, LOWER, LOWER),
)  # fmt: skip
"""The upper village is silent for 3 and 2 h, the lower for the last 4 of 48 h."""


@pytest.mark.parametrize(("limit_h", "share"), [(5.0, 1.0), (4.0, 0.5), (3.9, 0.0)])
def test_hours_of_silence_add_up(limit_h: float, share: float) -> None:
    assert value(SILENCES, "share_silence_within", limit_h=limit_h) == share


def test_the_longest_silence() -> None:
    assert value(SILENCES, "longest_silence_h") == 5
    assert math.isnan(value(log(), "longest_silence_h"))


def test_only_neighbours_are_neighbours() -> None:
    """In the lower village they take somebody aboard after 6 min, in the upper a team does."""
    events = log(
        row(3, Kind.TRAPPED, UPPER, UPPER, persons=5), row(3.05, Kind.PICKS_UP, TEAM, UPPER, item=0, persons=5),
        row(4, Kind.TRAPPED, LOWER, LOWER, persons=5), row(4.1, Kind.PICKS_UP, LOWER, LOWER, item=0, persons=5),
    )  # fmt: skip
    assert value(events, "share_helped_by_neighbours", limit_h=0.1) == 0.5
    assert value(events, "share_helped_by_neighbours", limit_h=5 / 60) == 0
    assert math.isnan(value(log(), "share_helped_by_neighbours", limit_h=1.0))


def test_goods_in_full_come_with_the_last_delivery() -> None:
    """Two lorries for one request, the second with the rest; the other request is never served in full."""
    events = log(
        row(1, Kind.REPORTED, LOWER, LOWER),
        row(1, Kind.REQUEST_OPENED, COMMAND, LOWER, cause=2, request=0, item=RELIEF),
        row(1, Kind.REPORTED, UPPER, UPPER),
        row(1, Kind.REQUEST_OPENED, COMMAND, UPPER, cause=4, request=1, item=RELIEF),
        row(3, Kind.DELIVERS, TRUCK, LOWER, request=0, item=0, amount=50),
        row(4, Kind.DELIVERS, TRUCK, UPPER, request=1, item=0, amount=50),
        row(6, Kind.DELIVERS, TRUCK, LOWER, request=0, item=2, amount=50),
        row(6.5, Kind.REQUEST_CLOSED, COMMAND, LOWER, request=0),
    )  # fmt: skip
    assert value(events, "share_supplied", limit_h=3.0) == 1
    assert value(events, "share_supplied", limit_h=5.0, until="all") == 0.5
    assert value(events, "share_supplied", limit_h=4.9, until="all") == 0


def test_the_template_of_county_plans_judges_a_new_county(tmp_path: Path) -> None:
    """The sentences on the response system are put to the test by the tables that `new --response` writes."""
    folder = create(tmp_path / "county", response=True)
    scenario = load(folder, sets={"plan": "county-template"})
    plan = load_plan("county-template")
    world = compile_world(scenario)
    run = simulate(world)
    numbers = {
        clause.id: measured(scenario, clause.measure, clause.settings)
        if MEASURES[clause.measure].is_static
        else measure(run, world.facts, clause.measure, clause.settings)
        for clause in plan.clauses
        if clause.id in ("K8", "K11", "K12", "K14", "K15", "K16")
    }
    assert all(0 <= number <= 1 for number in numbers.values()), numbers


def test_who_has_turned_out_has_left_the_base_in_time() -> None:
    """Orders at 1 h: the team leaves 15 min later and the lorry after an hour; the boat is called off, and never goes.

    An order to the team while it is out is none to turn out; its last one finds it at its base, and it never leaves.
    """
    sent = [row(1, Kind.ASSIGNED, crew, LOWER, request=crew) for crew in (TEAM, TRUCK, BOAT)]
    rows = (
        *sent, row(1.1, Kind.CALLED_OFF, BOAT, LOWER, request=BOAT),
        row(1.25, Kind.TURNS_OUT, TEAM, SCHOOL, request=TEAM),
        row(1.25, Kind.SETS_OFF, TEAM, LOWER), row(2, Kind.TURNS_OUT, TRUCK, DEPOT, request=TRUCK),
        row(2, Kind.SETS_OFF, TRUCK, LOWER), row(3, Kind.ASSIGNED, TEAM, UPPER, request=9),
        row(3, Kind.SETS_OFF, TEAM, UPPER),
    )  # fmt: skip
    events = log(*rows)
    assert value(events, "share_turned_out", limit_h=0.5) == 0.5
    assert value(events, "share_turned_out", limit_h=0.5, kinds=("team",)) == 1.0
    assert value(events, "share_turned_out", limit_h=1.0) == 1.0
    events = log(*rows, row(5, Kind.SETS_OFF, TEAM, SCHOOL), row(6, Kind.ASSIGNED, TEAM, UPPER, request=10))
    assert value(events, "share_turned_out", limit_h=0.5, kinds=("team",)) == 0.5
