"""Warning and evacuation of one village: forecast, order or call-out, the word going round, people leaving.

The word spreads and people act by the curve P(t) = 1 - exp(-a t^b) (Lindell; USACE LifeSim Technical Reference
Manual, eq. 9). A village leaves in a few groups; each travels to a shelter while roads still stand.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.simulation.clock import after
from simrescue.simulation.roads import WAIT_FOR_ROAD_H
from simrescue.simulation.shelter import OWN_MEANS
from simrescue.simulation.state import WADING_CLASS
from simrescue.simulation.village import Village, quantile_h
from simrescue.streams import delay_h

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


@dataclass(frozen=True, slots=True)
class Group:
    """People of a village who hear and act together."""

    warned_h: float
    leaves_h: float
    persons: int
    stays: int
    """Of them those who will not leave."""
    frail: int
    """Of them those who wait for help."""


def start(sim: Simulation) -> None:
    """Set the warning of all villages going, at the times that the scenario's orders give; one timer for one time."""
    due: dict[float, list[tuple[Kind, Village]]] = {}
    for village in sim.villages:
        for at_h, kind in zip(warning_times(sim, village), (Kind.FORECAST, Kind.ORDERED, Kind.CALLED_OUT), strict=True):
            if at_h is not None:
                due.setdefault(at_h, []).append((kind, village))
    for at_h, steps in due.items():
        after(sim.env, at_h, lambda _, steps=steps: _take(sim, steps))  # type: ignore[misc]


def _take(sim: Simulation, steps: list[tuple[Kind, Village]]) -> None:
    for kind, village in steps:
        if kind is Kind.FORECAST:
            sim.log(kind, village.index, village.index)
        else:
            call_out(sim, village, kind)


def warning_times(sim: Simulation, village: Village) -> tuple[float | None, float | None, float | None]:
    """Hours of forecast, order and call-out of a village; None: never.

    Without moments in the scenario they follow the mean flood, which stands for the forecast that was made.
    """
    warning, record = sim.settings.warning, village.record
    arrival = float(sim.world.arrival_h[village.index])
    first = float(sim.world.arrival_h.min()) if len(sim.world.arrival_h) else float("inf")
    forecast = warning.forecast
    if forecast is None and first < float("inf"):
        forecast = first - warning.forecast_lead_h
    order = record.order if record.order is not None else warning.order
    if order is None and forecast is not None:
        order = forecast + warning.order_delay_h
    call = record.call_out if record.call_out is not None else warning.call_out
    if call is None and arrival < float("inf"):
        call = arrival - warning.call_out_lead_h
    if record.call_out is None and arrival == float("inf"):
        call = None
    times = (forecast, order if record.ordered else None, call)
    return tuple(None if t is None or t >= sim.world.duration_h else max(0.0, t) for t in times)  # type: ignore[return-value]


def call_out(sim: Simulation, village: Village, kind: Kind, cause: int = -1) -> None:
    """Its officers are called, under an order (ORDERED) or not (CALLED_OUT)."""
    row = sim.log(kind, village.index, village.index, cause)
    _ring(sim, village, row)


def _ring(sim: Simulation, village: Village, cause: int) -> None:
    delay = delay_h(village.luck, sim.settings.warning.answer_h)
    after(sim.env, delay, lambda _: _answer(sim, village, cause))


def _answer(sim: Simulation, village: Village, cause: int) -> None:
    """The officers answer; where no call gets through they are called again as soon as one does."""
    if not sim.contact.is_up(village.index):
        sim.contact.wait(village.index, lambda _: _ring(sim, village, cause))
        return
    hear(sim, village, sim.log(Kind.ANSWERED, village.index, village.index, cause))


def hear(sim: Simulation, village: Village, cause: int) -> None:
    """The first news of the danger is in the village: from here on the word goes round."""
    if not village.knows:
        village.knows = True
        sim.env.process(spread(sim, village, cause))


def groups(sim: Simulation, village: Village) -> list[Group]:
    """The groups of a village in order of hearing: who hears when, acts when, stays, or waits for help."""
    warning, evacuation, luck = sim.settings.warning, sim.settings.evacuation, village.luck
    count = evacuation.batches
    reached = round(village.home * warning.reach)
    act_order = luck.sample(range(count), count)
    made, counted = [], 0
    for i in range(count):
        upto = round(reached * (i + 1) / count)
        persons, counted = upto - counted, upto
        stays = round(persons * evacuation.refuse)
        frail = round((persons - stays) * village.record.vulnerable)
        heard = quantile_h((i + 0.5) / count, warning.diffusion_t50_h, warning.diffusion_b)
        acts = quantile_h((act_order[i] + 0.5) / count, evacuation.act_t50_h, evacuation.act_b)
        made.append(Group(heard, heard + acts, persons, stays, frail))
    return made


def spread(sim: Simulation, village: Village, cause: int) -> Generator[Any, Any, None]:
    """The word goes round, and one group after the other leaves."""
    plan = groups(sim, village)
    steps = [(group.warned_h, 0, i) for i, group in enumerate(plan)]
    steps += [(group.leaves_h, 1, i) for i, group in enumerate(plan)]
    begun = sim.env.now
    rows = [cause] * len(plan)
    for at_h, leaving, i in sorted(steps):
        wait = begun + at_h - sim.env.now
        if wait > 0:
            yield sim.env.timeout(wait)
        if leaving:
            leave(sim, village, plan[i], rows[i])
        else:
            rows[i] = sim.log(Kind.WARNED, village.index, village.index, cause, persons=plan[i].persons)
            if plan[i].stays:
                sim.log(Kind.REFUSE, village.index, village.index, rows[i], persons=plan[i].stays)


def leave(sim: Simulation, village: Village, group: Group, cause: int) -> None:
    """A group sets out: by car, on foot if the shelter is near, the rest ask for transport."""
    if village.danger >= WADING_CLASS or village.isolated:
        return
    free = village.home - village.waiting
    going = min(group.persons - group.stays, free)
    frail = min(group.frail, going)
    goal = first_shelter(sim, village)
    by_car = 0 if goal is None else round((going - frail) * village.record.cars)
    near = goal is not None and sim.world.distance_km(village.index, goal) <= sim.settings.evacuation.max_walk_km
    on_foot = going - frail - by_car if near else 0
    for vehicle, persons in (("car", by_car), ("foot", on_foot)):
        if persons and goal is not None:
            sim.env.process(journey(sim, village, vehicle, persons, goal, cause))
    village.waiting += going - by_car - on_foot
    village.report(cause)


def first_shelter(sim: Simulation, village: Village) -> int | None:
    """The shelter that people of a village make for: the nearest of their list that works and has room."""
    order = sim.world.shelter_order[village.index]
    return next((i for i in order if sim.shelters[i].has_room()), order[0] if order else None)


def journey(
    sim: Simulation, village: Village, vehicle: str, persons: int, goal: int, cause: int
) -> Generator[Any, Any, None]:
    """A group on its way from home to a shelter, and home again where the roads are cut."""
    village.home -= persons
    village.affected_home = min(village.affected_home, village.home)
    village.moving += persons
    row = sim.log(Kind.LEAVE, village.index, goal, cause, item=OWN_MEANS, persons=persons)
    reached, row = yield from sim.roads.travel(vehicle, village.index, goal, village.index, row)
    if reached == goal:
        village.moving -= persons
        sim.shelters[goal].receive(village, persons, OWN_MEANS, row)
    else:
        while reached != village.index:
            reached, row = yield from sim.roads.travel(vehicle, reached, village.index, village.index, row)
            if reached != village.index:
                yield sim.env.timeout(WAIT_FOR_ROAD_H)
        village.moving -= persons
        village.home += persons
        row = sim.log(Kind.TURN_BACK, village.index, village.index, row, item=OWN_MEANS, persons=persons)
        village.come_home(row)
