"""Warning and evacuation of one village: forecast, order or call-out, the word going round, people leaving.

The steps are planned by the forecast (the mean flood), or at moments that the scenario states; water that is seen in
the course that happens brings forward what was planned. Each telling is one more chance for those whom none has
reached and those who have refused (`persuasion`). A village leaves in a few groups; each travels to a shelter while
roads still stand.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.events import EventKind as Kind
from simrescue.simulation.people.journey import first_shelter, go_out, knows_way
from simrescue.simulation.people.persuasion import Group, Telling, by_call, by_cue, by_knock, by_speaker, groups
from simrescue.simulation.places.warning_state import CAR, FOOT, TRANSPORT, TWO_WHEELER
from simrescue.simulation.protocols import VillageState
from simrescue.simulation.villages.institution import carry_upstairs, is_day_school, places_for, ready_h
from simrescue.streams import delay_h

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


class WarningStep(NamedTuple):
    """One step of the warning of a village."""

    at_h: float
    stated: bool
    """Whether the scenario states the moment; else it is planned by the mean flood, the forecast that was made."""


STEPS = (Kind.FORECAST, Kind.ORDERED, Kind.CALLED_OUT)
"""The steps of the warning, in order."""


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
        if village.care and village.home and is_day_school(village):
            sim.env.process(_close_school(sim, village))
    for at_h, steps in due.items():
        sim.env.timeout(at_h).callbacks.append(lambda _, steps=steps: _take(sim, steps))  # type: ignore[misc]


def _close_school(sim: Simulation, village: VillageState) -> Generator[Any, Any, None]:
    """At the end of school pupils go home if nobody has fetched them before."""
    start = sim.settings.start
    yield sim.env.timeout(max(0.0, sim.parameters.school_ends_h - start.hour - start.minute / 60))
    hear(sim, village, by_call(sim, village), -1)


def _take(sim: Simulation, steps: list[tuple[Kind, VillageState]]) -> None:
    for kind, village in steps:
        if kind in village.warning_state.to_come:
            take(sim, village, kind)


def take(sim: Simulation, village: VillageState, kind: Kind, cause: int = -1) -> None:
    """One step of the warning comes to a village."""
    village.warning_state.to_come.discard(kind)
    if kind is Kind.FORECAST:
        sim.command.push_rations(sim.log(kind, village.index, village.index, cause))
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
    if village.home:
        hear(sim, village, by_cue(sim, village), cause)
    if village.care:
        sim.env.process(carry_upstairs(sim, village, cause))
    if village.record.zone not in sim.wet_zones:
        delay = delay_h(sim.stream("sighting", village.index), sim.settings.command.report_h)
        sim.env.timeout(delay).callbacks.append(lambda _: _hear_of_water(sim, village, cause))


def _hear_of_water(sim: Simulation, village: VillageState, cause: int) -> None:
    zone = village.record.zone
    if zone in sim.wet_zones:
        return
    if village.index in sim.contact.dark:
        sim.contact.wait(village.index, lambda row: _hear_of_water(sim, village, row))
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
    if kind is Kind.ORDERED:
        sim.drivers_called_h = min(sim.drivers_called_h, sim.env.now)
        sim.command.send_ahead(village, row)
    _ring(sim, village, kind, row)


def _ring(sim: Simulation, village: VillageState, kind: Kind, cause: int) -> None:
    delay = delay_h(village.rng("answers"), sim.settings.warning.answer_h)
    sim.env.timeout(delay).callbacks.append(lambda _: _answer(sim, village, kind, cause))


def _answer(sim: Simulation, village: VillageState, kind: Kind, cause: int) -> None:
    """The officers answer; where no call gets through they are called again as soon as one does."""
    if village.index in sim.contact.dark:
        sim.contact.wait(village.index, lambda _: _ring(sim, village, kind, cause))
        return
    state, row = village.warning_state, sim.log(Kind.ANSWERED, village.index, village.index, cause)
    is_first = kind is Kind.ORDERED and not state.is_ordered
    state.is_ordered |= is_first
    hear(sim, village, by_call(sim, village), row)
    if village.care:
        return
    warning = sim.settings.warning
    if warning.speaker_rounds and village.record.speakers:
        every = warning.speaker_rounds, warning.speaker_round_h
        sim.env.process(rounds(sim, village, Kind.LOUDSPEAKERS, by_speaker, *every, row))
    if is_first and warning.door_rounds:
        sim.env.process(rounds(sim, village, Kind.KNOCKS, by_knock, warning.door_rounds, warning.door_round_h, row))


def rounds(
    sim: Simulation,
    village: VillageState,
    kind: Kind,
    telling: Callable[[Simulation, VillageState], Telling],
    number: float,
    every_h: float,
    cause: int,
) -> Generator[Any, Any, None]:
    """Officers and militia call on people again, by loudspeaker or at the door (`kind`), a number of times.

    While they can walk there and somebody is left. `cause`: row of their answer, from which the first `every_h` counts.
    """
    for i in range(1, round(number) + 1):
        yield sim.env.timeout(every_h)
        if village.home > village.waiting:
            row = sim.log(kind, village.index, village.index, cause, amount=i)
            hear(sim, village, telling(sim, village), row)


def smoke_seen(sim: Simulation, village: VillageState, cause: int) -> None:
    """Thick smoke tells people to leave, once."""
    if not village.warning_state.by_smoke:
        village.warning_state.by_smoke = True
        hear(sim, village, by_call(sim, village), cause)


def hear(sim: Simulation, village: VillageState, telling: Telling, cause: int) -> None:
    """Something in the village tells people to leave: the word goes round among those who have not decided to.

    In an institution the first word is enough: its staff bring everybody out.
    """
    if village.care is None:
        sim.env.process(spread(sim, village, telling, cause))
    elif not village.care.is_told:
        village.care.is_told = True
        sim.env.process(bring_out(sim, village, cause))


def spread(sim: Simulation, village: VillageState, telling: Telling, cause: int) -> Generator[Any, Any, None]:
    """The word goes round, and one group after the other leaves."""
    state, population = village.warning_state, int(village.record.population)
    plan = groups(sim, village, telling)
    begun = sim.env.now
    rows = [cause] * len(plan)
    # Who hears nothing new leaves no row; whoever was held up may still go with a group of nobody.
    steps = [(one.warned_h, 0, i) for i, one in enumerate(plan) if one.persons or one.persuaded or not state.warned]
    steps += [(group.leaves_h, 1, i) for i, group in enumerate(plan)]
    for at_h, leaving, i in sorted(steps):
        wait = begun + at_h - sim.env.now
        if wait > 0:
            yield sim.env.timeout(wait)
        if leaving:
            leave(sim, village, plan[i], rows[i])
            continue
        new = state.warn(plan[i].persons, population)
        if new or not state.warned:
            rows[i] = sim.log(Kind.WARNED, village.index, village.index, cause, persons=new)
        if plan[i].persuaded:
            rows[i] = sim.log(Kind.PERSUADED, village.index, village.index, rows[i], persons=plan[i].persuaded)
        if plan[i].stays:
            sim.log(Kind.REFUSE, village.index, village.index, rows[i], persons=plan[i].stays)


def bring_out(sim: Simulation, village: VillageState, cause: int) -> Generator[Any, Any, None]:
    """Staff get the people of an institution ready, who then leave, and again whenever the water lets them.

    Pupils of a day school are fetched by their parents.
    """
    record, care = village.record, village.care
    new = village.warning_state.warn(village.home, village.home)
    row = sim.log(Kind.WARNED, village.index, village.index, cause, persons=new)
    is_fetched = is_day_school(village)
    yield sim.env.timeout(sim.parameters.pupils_fetched_h if is_fetched else ready_h(sim, village))
    while village.there:
        if village.home and not village.isolated:
            if is_fetched:
                village.fetch(village.home, row)
            else:
                goal = first_shelter(sim, village)
                set_out(sim, village, means(sim, village, village.home - village.waiting, goal), goal, row)
                village.report(row)
                if record.seats and not care.is_driving:
                    sim.env.process(drive_to_and_fro(sim, village, row))
        care.free_again = care.free_again or sim.env.event()
        yield care.free_again


def drive_to_and_fro(sim: Simulation, village: VillageState, cause: int) -> Generator[Any, Any, None]:
    """Vehicles of an institution bring those who wait to a shelter, all together, and come back for the others."""
    village.care.is_driving = True
    while village.waiting and not village.isolated:
        goal = first_shelter(sim, village)
        if goal is None:
            break
        persons = min(village.waiting, places_for(sim, village, village.record.seats))
        village.drive_off(persons)
        there = yield from go_out(sim, village, CAR, persons, goal, cause)
        if there is None:
            break
        back, _ = yield from sim.roads.travel(CAR, there, village.index, village.index, cause)
        if back != village.index:
            break
    village.care.is_driving = False


def leave(sim: Simulation, village: VillageState, group: Group, cause: int) -> None:
    """A group is ready, and who was held up before joins it."""
    state = village.warning_state
    state.leaving -= group.going
    if group.going or state.held:
        again, state.held = state.held, Counter()
        goal = first_shelter(sim, village)
        by = means(sim, village, group.going, goal)
        set_out(sim, village, again + by if again else by, goal, cause)
    village.report(cause)
    if not state.by_neighbours and 2 * (village.there - village.waiting) <= village.record.population:
        state.by_neighbours = True
        hear(sim, village, by_cue(sim, village), cause)


def means(sim: Simulation, village: VillageState, persons: int, goal: int | None) -> Counter[str]:
    """How people who are ready go to a shelter: by car, on two or three wheels, on foot if it is near.

    The rest, and who cannot help himself, ask for transport. Shares hold over all who have been ready so far.
    """
    record, ready = village.record, village.warning_state.set_out
    everybody = sum(ready.values()) + persons
    on_foot_or_wheels = round(everybody * (1 - record.vulnerable))
    driven = round(on_foot_or_wheels * record.cars)
    wheeled = round((on_foot_or_wheels - driven) * record.two_wheelers)
    cars, wheels = max(0, driven - ready[CAR]), max(0, wheeled - ready[TWO_WHEELER])
    frail = max(0, everybody - on_foot_or_wheels - ready[TRANSPORT])
    walk = max(0, persons - cars - wheels - frail)
    fetched = persons - cars - wheels - walk
    for vehicle, more in ((CAR, cars), (TWO_WHEELER, wheels), (FOOT, walk), (TRANSPORT, fetched)):
        ready[vehicle] += more
    if goal is None:
        return Counter({TRANSPORT: persons})
    if sim.world.distance_km(village.index, goal) > sim.settings.evacuation.max_walk_km:
        walk, fetched = 0, fetched + walk
    return Counter({CAR: cars, TWO_WHEELER: wheels, FOOT: walk, TRANSPORT: fetched})


def set_out(sim: Simulation, village: VillageState, by: Counter[str], goal: int | None, cause: int) -> None:
    """People set out by their means, as many as are still at home; who cannot is held up until others leave.

    Who knows no way stays: what one of the village has seen of the roads, all know who go as he does.
    """
    caught = village.there - (
        0 if village.isolated else village.home
    )  # as many of those who are ready as of all others
    if caught:
        held = Counter({means: round(persons * caught / village.there) for means, persons in by.items()})
        village.warning_state.held += held
        by -= held
    free = village.home - village.waiting
    for vehicle in (CAR, TWO_WHEELER, FOOT):
        persons = min(by[vehicle], free) if goal is not None else 0
        if persons and goal is not None:
            if knows_way(sim, village, vehicle, goal):
                sim.env.process(go_out(sim, village, vehicle, persons, goal, cause))
            else:
                village.warning_state.held[vehicle] += persons
        free -= persons
    gathered = max(0, min(by[TRANSPORT], free))
    village.waiting += gathered
    if gathered:
        village.tell_stop()
