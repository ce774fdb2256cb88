"""Warning and evacuation of one village: forecast, order or call-out, the word going round, people leaving.

The steps are planned by the forecast (the mean flood), or at moments that the scenario states; water that is seen in
the course that happens brings forward what was planned. What people do then goes by the kind of place: `households`
of a village are told again and again, and those `cared_for` in an institution are brought out by its staff.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from simrescue.communication.messages import Message, MessageKind
from simrescue.events import EventKind as Kind
from simrescue.simulation.clock import TimerAt
from simrescue.simulation.people import acts_alone, cared_for, households
from simrescue.simulation.people.feedback import await_answer
from simrescue.simulation.people.persuasion import Telling, by_call
from simrescue.simulation.places.officers import Officers
from simrescue.simulation.places.warning_state import WarningCall
from simrescue.simulation.protocols import VillageState
from simrescue.streams import delay_h

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


class Leaving(Protocol):
    """How the people of one kind of place leave."""

    def begin(self, sim: Simulation, village: VillageState, /) -> None:
        """What is due by itself, from the start."""

    def hear(self, sim: Simulation, village: VillageState, telling: Telling, cause: int, /) -> None:
        """Something tells people to leave."""

    def answered(self, sim: Simulation, village: VillageState, is_first_order: bool, row: int, /) -> None:
        """The officers have answered, under a first order or not (`row`), and the word is out."""

    def inform(self, sim: Simulation, village: VillageState, row: int, /) -> None:
        """The officers have had a short-term warning (`row`) and no order."""

    def water_seen(self, sim: Simulation, village: VillageState, cause: int, /) -> None:
        """There is water at the place."""


LEAVING: dict[str, Leaving] = {"village": households, "institution": cared_for}
"""Kind of place -> how its people leave."""


def _leaving(sim: Simulation, village: VillageState) -> Leaving:
    return LEAVING[sim.world.kinds[village.index]]


class WarningStep(NamedTuple):
    """One step of the warning of a village."""

    at_h: float
    stated: bool
    """Whether the scenario states the moment; else it is planned by the mean flood, the forecast that was made."""


STEPS = (Kind.FORECAST, Kind.ORDERED, Kind.CALLED_OUT)
"""The steps of the warning, in order."""
NOTICES = (Kind.FORECAST_TOLD, Kind.NOWCAST)
"""Steps before them of which officers are told, where the scenario has them; the place is the number in logs."""


def start(sim: Simulation) -> None:
    """Set the warning of all villages going; one timer for one time."""
    due: dict[float, list[tuple[Kind, VillageState]]] = {}
    for village in sim.villages:
        for kind, step in zip(STEPS, warning_steps(sim, village), strict=True):
            if step is None:
                continue
            village.warning_state.to_come.add(kind)
            if not step.stated:
                village.warning_state.may_hasten.add(kind)
            if step.at_h < sim.world.duration_h:
                due.setdefault(step.at_h, []).append((kind, village))
        for kind, at_h in _notices(sim, village):
            village.warning_state.to_come.add(kind)
            due.setdefault(at_h, []).append((kind, village))
        _begin(sim, village)
    acts_alone.start(sim, _order_alone)
    for at_h in sim.settings.warning.order_again:
        TimerAt(sim.env, max(0.0, at_h)).callbacks.append(lambda _: _order_again(sim))
    for at_h, steps in due.items():
        sim.env.timeout(at_h).callbacks.append(lambda _, steps=steps: _take(sim, steps))  # type: ignore[misc]


def _begin(sim: Simulation, village: VillageState) -> None:
    """Its officers stand ready to be called, and what is due by itself begins."""
    if village.record.officers is not None:
        village.warning_state.officers = Officers(sim, village, partial(_tell, sim, village))
    _leaving(sim, village).begin(sim, village)


def _order_again(sim: Simulation) -> None:
    """A further order to leave, in all villages that have had the first one: for who has come home, or has stayed."""
    for village in sim.villages:
        if village.record.ordered and Kind.ORDERED in village.warning_state.calls:
            call_out(sim, village, Kind.ORDERED)


def _notices(sim: Simulation, village: VillageState) -> list[tuple[Kind, float]]:
    """Steps of which its officers are told before any call-out, with their hours by the forecast."""
    warning, arrival_h = sim.settings.warning, float(sim.world.arrival_h[village.index])
    leads = zip(NOTICES, (warning.forecast_told_h, warning.nowcast_lead_h), strict=True)
    return [(kind, max(0.0, arrival_h - lead)) for kind, lead in leads if lead is not None and arrival_h < math.inf]


def _take(sim: Simulation, steps: list[tuple[Kind, VillageState]]) -> None:
    for kind, village in steps:
        # Water that was seen may have brought it forward: then it has come already.
        if kind in village.warning_state.to_come:
            take(sim, village, kind)


def take(sim: Simulation, village: VillageState, kind: Kind, cause: int = -1) -> None:
    """One step of the warning comes to a village."""
    village.warning_state.to_come.discard(kind)
    if kind is Kind.FORECAST:
        sim.command.push_rations(sim.log(kind, village.index, village.index, cause))
    elif kind in NOTICES:
        _call(sim, village, kind, sim.log(kind, village.index, village.index, cause))
    else:
        call_out(sim, village, kind, cause)


def warning_steps(
    sim: Simulation, village: VillageState
) -> tuple[WarningStep | None, WarningStep | None, WarningStep | None]:
    """Forecast, order and call-out of a village by plan; None: never. What lies before the start is due at the start.

    Without moments in the scenario they follow the mean flood, which stands for the forecast that was made.
    """
    warning, record, never = sim.settings.warning, village.record, math.inf
    arrival, first = float(sim.world.arrival_h[village.index]), float(sim.world.arrival_h.min(initial=never))
    forecast = _stated_or(first - warning.forecast_lead_h if first < never else never, warning.forecast)
    order = _stated_or(forecast.at_h + warning.order_delay_h, record.order, warning.order)
    call = _stated_or(
        arrival - warning.call_out_lead_h if arrival < never else never, record.call_out, warning.call_out
    )
    return (
        forecast if forecast.at_h < never else None,
        order if record.ordered and order.at_h < never else None,
        call if record.call_out is not None or arrival < never else None,
    )


def _stated_or(planned_h: float, *moments: float | None) -> WarningStep:
    stated = next((moment for moment in moments if moment is not None), None)
    return WarningStep(max(0.0, planned_h if stated is None else stated), stated is not None)


def water_seen(sim: Simulation, village: VillageState, cause: int) -> None:
    """There is water in a village: some leave at the sight of it, and word of it goes to command once there is contact.

    When it is there, what was still to come by the forecast comes at once: the general order to all, the call-out to
    the villages of the same zone. Moments that the scenario states are the record, and stand.
    """
    _leaving(sim, village).water_seen(sim, village, cause)
    acts_alone.see_danger(sim, _order_alone, village, cause)
    if village.record.zone not in sim.wet_zones:
        delay = delay_h(sim.stream("sighting", village.index), sim.settings.command.report_h)
        if officers := village.warning_state.officers:
            delay += officers.until_public_calls_h()
        # Heard or lost it comes to the same: nobody sends it anew, it is told as soon as somebody gets through.
        heard = partial(_hear_of_water, sim, village)
        sim.contact.insist(Message(MessageKind.SIGHTING, village.index, sim.world.command, cause), delay, heard)


def _hear_of_water(sim: Simulation, village: VillageState, cause: int) -> None:
    if officers := village.warning_state.officers:
        cause = officers.heard_from(cause)
    zone = village.record.zone
    # Others of the zone may have got through while this word was on its way.
    if zone in sim.wet_zones:
        return
    sim.wet_zones.add(zone)
    for other in sim.villages:
        state = other.warning_state
        for kind in STEPS:
            if kind in state.to_come & state.may_hasten and (kind is not Kind.CALLED_OUT or other.record.zone == zone):
                take(sim, other, kind, cause)


def call_out(sim: Simulation, village: VillageState, kind: Kind, cause: int = -1) -> None:
    """Its officers are called, under an order (ORDERED: buses are called in) or not (CALLED_OUT)."""
    row = sim.log(kind, village.index, village.index, cause)
    village.warning_state.called_h = sim.env.now
    if kind is Kind.ORDERED:
        village.warning_state.is_back = False
        sim.drivers_called_h = min(sim.drivers_called_h, sim.env.now)
        sim.command.send_ahead(village, row)
    _call(sim, village, kind, row)


def _call(sim: Simulation, village: VillageState, kind: Kind, row: int) -> None:
    call = village.warning_state.calls[kind] = WarningCall(kind, row)
    await_answer(sim, village, call, _answer)
    _ring(sim, village, kind, row)


def _ring(sim: Simulation, village: VillageState, kind: Kind, cause: int) -> None:
    if officers := village.warning_state.officers:
        officers.call(kind, cause)
    else:
        _tell(sim, village, kind, cause)


def _tell(sim: Simulation, village: VillageState, kind: Kind, cause: int, officer: int = -1, in_round: int = 0) -> None:
    """Somebody is at the telephone: a step of the warning goes to him, and is answered after a while."""
    is_notice, call = kind in NOTICES, village.warning_state.calls[kind]
    # Notices have draws of their own: with them orders and call-outs are answered as without.
    delay = delay_h(village.rng("answers to notices" if is_notice else "answers"), sim.settings.warning.answer_h)
    what = MessageKind.NOTICE if is_notice else MessageKind.CALL_OUT
    message = Message(what, sim.world.command, village.index, cause)
    sim.contact.send(
        message,
        delay,
        heard=lambda row: None if call.by_messenger else _answer(sim, village, kind, row, officer, in_round),
        again=lambda _: None if call.by_messenger else _ring(sim, village, kind, cause),
    )


def _order_alone(sim: Simulation, village: VillageState, row: int) -> None:
    """The officers of a silent village order people to leave by themselves, as under an order that they have answered.

    `row` tells of it.
    """
    village.warning_state.is_ordered = True
    leaving = _leaving(sim, village)
    leaving.hear(sim, village, by_call(sim, village), row)
    leaving.answered(sim, village, True, row)


def _answer(
    sim: Simulation, village: VillageState, kind: Kind, cause: int, officer: int = -1, in_round: int = 0
) -> None:
    """The officers answer, called by telephone or otherwise; `officer` as of ANSWERED, -1: it is not told who."""
    state = village.warning_state
    state.calls[kind].is_answered = True
    if kind in NOTICES:
        _note(sim, village, kind, cause, in_round)
        return
    row = sim.log(Kind.ANSWERED, village.index, village.index, cause, item=officer, amount=in_round)
    # Guides and rounds from door to door set out once: a further order must not double them.
    is_first = kind is Kind.ORDERED and not state.is_ordered
    state.is_ordered |= is_first
    leaving = _leaving(sim, village)
    leaving.hear(sim, village, by_call(sim, village), row)
    leaving.answered(sim, village, is_first, row)


def _note(sim: Simulation, village: VillageState, kind: Kind, cause: int, in_round: int) -> None:
    """The officers have had a notice: they keep their telephones at hand, and tell people of a short-term warning."""
    state = village.warning_state
    row = sim.log(Kind.NOTED, village.index, village.index, cause, item=NOTICES.index(kind), amount=in_round)
    if state.officers:
        state.officers.is_alert = True
    if kind is Kind.NOWCAST and not state.is_ordered:
        _leaving(sim, village).inform(sim, village, row)


def flames_seen(sim: Simulation, village: VillageState, cause: int) -> None:
    """Flames come to a village: where it is on its own, its officers order people to leave."""
    acts_alone.see_danger(sim, _order_alone, village, cause)


def smoke_seen(sim: Simulation, village: VillageState, cause: int) -> None:
    """Thick smoke tells people to leave, once."""
    if not village.warning_state.by_smoke:
        village.warning_state.by_smoke = True
        _leaving(sim, village).hear(sim, village, by_call(sim, village), cause)
