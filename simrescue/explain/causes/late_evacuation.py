"""Why people were not warned, or not out, before the hazard came: from the forecast to the impact of their village."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.explain.critical_path.bins import BIN_NUMBER
from simrescue.explain.critical_path.cases import Case, Piece
from simrescue.explain.critical_path.chains import Chains
from simrescue.explain.critical_path.log_rows import grouped
from simrescue.explain.critical_path.pieces import join
from simrescue.explain.critical_path.request_waits import open_until
from simrescue.metrics.facts import Facts
from simrescue.metrics.people.silence import feedback_h
from simrescue.metrics.people.warning import WarningLeads, lead_h, steps_behind_h, warned_before_impact
from simrescue.metrics.people.warning import warned as ever_warned
from simrescue.metrics.people.whereabouts import (
    MovedWithin,
    away,
    had_to_move,
    impact_h,
    limit_reached_h,
    moved_before_impact,
    moving_clock,
    ordered,
    out_h,
)
from simrescue.metrics.reading import village_times
from simrescue.responders import EVACUATE
from simrescue.units import SAME_H

ClauseSettings = Mapping[str, Any]
Floats = NDArray[np.float64]
SOME = 0.5
"""Fewer people than this are left over from rounding."""


class Villages:
    """When the steps of the warning came to each village of one log.

    Fields are arrays of shape (V,), hours since the start of the scenario, infinite for never: `forecast_h`, `order_h`
    (the order or the call-out, whichever came first), `answered_h` (the officers answered their telephone), `impact_h`
    (first water or flames).
    """

    def __init__(self, log: EventLog, facts: Facts) -> None:
        self.log, self.facts = log, facts
        times = {kind: village_times(log, facts, kind) for kind in (Kind.FORECAST, Kind.ORDERED, Kind.CALLED_OUT)}
        self.forecast_h = times[Kind.FORECAST]
        self.order_h = np.minimum(times[Kind.ORDERED], times[Kind.CALLED_OUT])
        self.answered_h = village_times(log, facts, Kind.ANSWERED)
        self.impact_h = impact_h(log, facts)

    def start_h(self, village: int, end_h: float) -> float:
        """Start of the clock of a village, hours since the start of the scenario.

        Args:
            village: its row in `Facts.villages`.
            end_h: end of the wait that is explained, hours.

        Returns:
            When the forecast came, or the order where there was none or it came first; 0 where neither came before
            `end_h`, so that a place nobody thought of has waited from the beginning.
        """
        known = min(float(self.forecast_h[village]), float(self.order_h[village]))
        return known if known < end_h else 0.0

    def until_word(self, village: int, end_h: float) -> list[Piece]:
        """How the time until the warning went: forecast, then decision, then the word going round.

        Args:
            village: its row in `Facts.villages`.
            end_h: when the word was there, or could no longer help, hours.

        Returns:
            Pieces from 0 to `end_h` without gap, the latest first: time after the order and before the forecast is
            warning, time between the two is decision.
        """
        forecast, order = (min(float(times[village]), end_h) for times in (self.forecast_h, self.order_h))
        return [
            Piece(order, end_h, BIN_NUMBER["warning"]),
            Piece(min(forecast, order), order, BIN_NUMBER["decision"]),
            Piece(0.0, min(forecast, order), BIN_NUMBER["warning"]),
        ]


def step_cases(_: Chains, log: EventLog, facts: Facts, settings: ClauseSettings) -> list[Case]:
    """Villages that the hazard reached: the step of the warning that was farthest behind; as `share_warned_in_steps`.

    The clock runs from the start of the scenario to that step, or to the impact where it never came before it.
    """
    all_ = Villages(log, facts)
    reached = np.flatnonzero(np.isfinite(all_.impact_h))
    # The step that fell short by most is the one whose mending would help: the others follow from it or hold.
    steps = steps_behind_h(log, facts, WarningLeads.model_validate(settings))
    behind = np.stack(list(steps.values()))
    came = np.stack([_came_h(all_, log, facts, step)[reached] for step in steps])
    cases = []
    for column, village in enumerate(reached.tolist()):
        step = int(np.argmax(behind[:, column]))
        impact, short = float(all_.impact_h[village]), float(behind[step, column])
        came_h = float(came[step, column])
        served = came_h < impact
        end = min(came_h, impact)
        last = Piece(float(min(all_.answered_h[village], end)), end, BIN_NUMBER["never"])
        pieces = join([*all_.until_word(village, end)] if served else [last, *all_.until_word(village, end)],
                      0.0, end, BIN_NUMBER["hazard"])  # fmt: skip
        weight = float(facts.population[village])
        cases.append(Case(int(facts.villages[village]), 0.0, end, weight, served, short > SAME_H, pieces))
    return cases


def _came_h(all_: Villages, log: EventLog, facts: Facts, step: str) -> NDArray[np.float64]:
    """Hour at which a step came to each village, shape (V,); infinite for never or where the hazard came to none."""
    if step == "feedback":
        called = np.minimum(village_times(log, facts, Kind.ORDERED), village_times(log, facts, Kind.CALLED_OUT))
        return called + np.nan_to_num(feedback_h(log, facts), nan=np.inf)
    hours = np.full(len(facts.villages), np.inf)
    reached = np.isfinite(all_.impact_h)
    hours[reached] = all_.impact_h[reached] - lead_h(log, facts, step)
    return hours


def warned_cases(_: Chains, log: EventLog, facts: Facts, __: ClauseSettings) -> list[Case]:
    """People of villages that the hazard reached, until they had the warning; as `share_warned_before_impact`.

    Returns:
        One case for each row WARNED before the impact, served at that row, and one for those of the village whom no
        warning reached by then, which is late at the impact. Weights are persons.
    """
    all_, warned = Villages(log, facts), warned_before_impact(log, facts)
    rows = log.where(Kind.WARNED)
    of_village = grouped(log.subject[rows], rows)
    cases = []
    for village in np.flatnonzero(np.isfinite(all_.impact_h)).tolist():
        thing, impact = int(facts.villages[village]), float(all_.impact_h[village])
        for row in of_village.get(thing, []):
            if log.time_h[row] < impact - SAME_H:
                end = float(log.time_h[row])
                cases.append(_unwarned(all_, village, end, float(log.persons[row]), served=True))
        if (missed := float(facts.population[village] - warned[village])) > SOME:
            cases.append(_unwarned(all_, village, impact, missed, served=False))
    return cases


def _unwarned(all_: Villages, village: int, end: float, persons: float, *, served: bool) -> Case:
    begin = all_.start_h(village, end)
    pieces = join(all_.until_word(village, end), begin, end, BIN_NUMBER["warning"])
    return Case(int(all_.facts.villages[village]), begin, end, persons, served, not served, pieces)


def moved_cases(chains: Chains, log: EventLog, facts: Facts, settings: ClauseSettings) -> list[Case]:
    """People who were still in their village at its impact: unwarned, unwilling, waiting for transport, or not ready.

    Settings as of `share_moved_before_impact`. The log counts people and does not name them: refusals and requests for
    transport are taken as told, in this order; who is left was not ready.
    """
    all_ = Villages(log, facts)
    had_to = had_to_move(log, facts, settings.get("who", "ordered"))
    moved, warned = np.minimum(moved_before_impact(log, facts), had_to), warned_before_impact(log, facts)
    cases = []
    for village in np.flatnonzero(had_to > 0).tolist():
        end = min(float(all_.impact_h[village]), facts.duration_h)
        begin = all_.start_h(village, end)
        thing, left = int(facts.villages[village]), float(had_to[village] - moved[village])
        # Who is out needs no warning any more: the unwarned are all looked for among those who are left.
        unwarned = min(left, max(0.0, float(had_to[village] - warned[village])))
        cases += _still_there(chains, all_, village, (begin, end), (unwarned, left))
        if moved[village] > SOME:
            until_impact = join([], begin, end, BIN_NUMBER["hazard"])
            cases.append(Case(thing, begin, end, float(moved[village]), True, False, until_impact))
    return cases


def moved_in_time_cases(chains: Chains, log: EventLog, facts: Facts, settings: ClauseSettings) -> list[Case]:
    """People who were still in their village at the limit, as in `moved_cases`; settings as of `share_moved_in_time`.

    Where the clock never started in a village, its people have waited from the forecast, or from the beginning, to the
    end. Without a limit those are told who are still there at the end.
    """
    clause = MovedWithin.model_validate({"limit_h": np.inf, **settings})
    all_, (counted, start_h) = Villages(log, facts), moving_clock(log, facts, clause)
    until_h = limit_reached_h(start_h, clause)
    out, warned = away(log, facts, until_h), log.where(Kind.WARNED)
    cases = []
    for village in np.flatnonzero(counted > 0).tolist():
        thing, end = int(facts.villages[village]), float(min(until_h[village], facts.duration_h))
        begin = float(start_h[village])
        if not np.isfinite(begin):
            end = facts.duration_h
            begin = all_.start_h(village, end)
        moved = min(float(out[village]), float(counted[village]))
        left = float(counted[village]) - moved
        in_time = warned[(log.subject[warned] == thing) & (log.time_h[warned] <= end)]
        unwarned = min(left, max(0.0, float(counted[village] - log.persons[in_time].sum())))
        cases += _still_there(chains, all_, village, (begin, max(begin, end)), (unwarned, left))
        if moved > SOME:
            whole = join([], begin, max(begin, end), BIN_NUMBER["hazard"])
            cases.append(Case(thing, begin, max(begin, end), moved, True, False, whole))
    return cases


def out_cases(chains: Chains, log: EventLog, facts: Facts, settings: ClauseSettings) -> list[Case]:
    """Villages from the order until all are out, or those who never leave; as `order_to_out_h`.

    Returns:
        Of a village that is out one case, served then: the word, and the last people getting ready and coming away. Of
        another those who are still there at the end, as in `moved_cases`. Weights are persons.
    """
    all_, out = Villages(log, facts), out_h(log, facts, settings.get("out", 0.95))
    meant, told = facts.told_to_leave, ever_warned(log, facts)
    left = meant - np.minimum(away(log, facts, np.inf), meant)
    order_h = village_times(log, facts, Kind.ORDERED)
    cases = []
    for village in np.flatnonzero(ordered(log, facts) & (meant > 0)).tolist():
        begin, end = float(order_h[village]), float(out[village])
        if np.isfinite(end):
            answered = min(float(all_.answered_h[village]), end)
            last = [Piece(answered, end, BIN_NUMBER["leaving"])]
            pieces = join(last, begin, max(begin, end), BIN_NUMBER["warning"])
            persons = float(meant[village])
            # Who was out before the order has not waited for it.
            cases.append(Case(int(facts.villages[village]), begin, max(begin, end), persons, True, False, pieces))
        else:
            persons = float(left[village])
            unwarned = min(persons, max(0.0, float(meant[village] - told[village])))
            cases += _still_there(chains, all_, village, (begin, facts.duration_h), (unwarned, persons))
    return cases


def _still_there(
    chains: Chains, all_: Villages, village: int, time_h: tuple[float, float], persons: tuple[float, float]
) -> list[Case]:
    """Those who are still in a village at the end of a time: `persons` whom no warning reached, and all together."""
    (begin, end), (unwarned, left) = time_h, persons
    cases = []
    parts = [(unwarned, all_.until_word(village, end))]
    parts += _of_the_warned(chains, all_, village, end, left - unwarned)
    for number, pieces in parts:
        if number > SOME:
            covered = join(pieces, begin, end, BIN_NUMBER["hazard"])
            cases.append(Case(int(all_.facts.villages[village]), begin, end, number, False, True, covered))
    return cases


def _of_the_warned(
    chains: Chains, all_: Villages, village: int, end: float, left: float
) -> list[tuple[float, list[Piece]]]:
    """Parts of those who had the warning and were still there: persons and pieces, the latest first."""
    log, rows, thing = all_.log, chains.rows, int(all_.facts.villages[village])
    answered = min(float(all_.answered_h[village]), end)
    before = [Piece(min(float(all_.order_h[village]), answered), answered, BIN_NUMBER["warning"])]
    before += all_.until_word(village, before[0].start_h)
    said_no, changed = (_persons(log, thing, kind, end) for kind in (Kind.REFUSE, Kind.PERSUADED))
    refused = min(left, max(0.0, said_no - changed))
    # Refusals come first because they are told by number; transport is asked for those who are left, and may count some
    # twice.
    parts = [(refused, [Piece(answered, end, BIN_NUMBER["refused"]), *before])]
    for request in rows.open_at(thing, end):
        opened = rows.opened[request]
        if rows.item[opened] == EVACUATE:
            waiting = min(left - refused, float(log.persons[opened]))
            row, made = open_until(rows, request, end)
            # From the beginning: `join` cuts off what lies before the clock of a clause.
            parts.append((waiting, [*made, *chains.walk(row, 0.0)[0]]))
            refused += waiting
    parts.append((left - refused, [Piece(answered, end, BIN_NUMBER["leaving"]), *before]))
    return parts


def _persons(log: EventLog, thing: int, kind: Kind, end: float) -> float:
    """Persons of a village in the rows of a kind before a time."""
    rows = log.where(kind)
    return float(log.persons[rows[(log.subject[rows] == thing) & (log.time_h[rows] < end)]].sum())
