"""How the people of a village leave: each telling reaches some and moves some, who get ready and go by their means.

The word goes round among those who have not decided to leave; officers call on people again at the door and by
loudspeaker (`persuasion`). Whoever is ready in the same quarter of an hour leaves together, while roads still stand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.simulation.clock import TimerAt
from simrescue.simulation.people import guides
from simrescue.simulation.people.journey import leave
from simrescue.simulation.people.persuasion import (
    NOWCAST,
    Telling,
    by_cue,
    by_knock,
    by_nowcast,
    by_speaker,
    groups,
    heard_h,
)

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation

STEP_H = 0.25
"""Steps of time in which a village leaves: within one it is all the same who of those who are ready goes first."""


def begin(sim: Simulation, village: VillageState) -> None:
    """Nothing is due by itself."""
    del sim, village


def hear(sim: Simulation, village: VillageState, telling: Telling, cause: int) -> None:
    """Something tells people to leave: the word goes round among those who have not decided to."""
    sim.env.process(spread(sim, village, telling, cause))


def answered(sim: Simulation, village: VillageState, is_first_order: bool, row: int) -> None:
    """The officers have answered (`row`): they go round with the loudspeaker, and under an order from door to door."""
    warning = sim.settings.warning
    if warning.speaker_rounds and village.record.speakers:
        every = warning.speaker_rounds, warning.speaker_round_h
        sim.env.process(rounds(sim, village, Kind.LOUDSPEAKERS, by_speaker, *every, row))
    if is_first_order and village.record.guides:
        sim.env.process(guides.fetch(sim, village, hear, row))
    if is_first_order and warning.door_rounds:
        sim.env.process(rounds(sim, village, Kind.KNOCKS, by_knock, warning.door_rounds, warning.door_round_h, row))


def inform(sim: Simulation, village: VillageState, row: int) -> None:
    """A short-term warning goes round, without an order: all who hear it know, and some leave by themselves."""
    hear(sim, village, by_nowcast(sim, village), row)
    sim.env.process(_inform(sim, village, row))


def _inform(sim: Simulation, village: VillageState, cause: int) -> Generator[Any, Any, None]:
    state, begun_h, count = village.warning_state, sim.env.now, sim.settings.evacuation.batches
    reach, leaving = sim.contact.reach(village.index), sim.settings.evacuation.leave_by_cue
    # Who leaves at once is told of where he sets out (`spread`).
    new_share = reach * (1 - leaving) / (1 - reach * leaving) * (1 - state.noticed) if reach * leaving < 1 else 0.0
    reached = village.home * (1 - reach * leaving) * new_share
    for i in range(count):
        yield sim.env.timeout(max(0.0, begun_h + heard_h(sim.settings.warning, (i + 0.5) / count) - sim.env.now))
        state.noticed += new_share / count
        if new := state.warn(reached / count, int(village.record.population)):
            sim.log(Kind.WARNED, village.index, village.index, cause, persons=new)


def water_seen(sim: Simulation, village: VillageState, cause: int) -> None:
    """Some leave at the sight of it."""
    if village.home:
        hear(sim, village, by_cue(sim, village), cause)


def wade(sim: Simulation, village: VillageState, cause: int) -> None:
    """Who had decided to leave and was held up goes on foot through the water that has come, while he can."""
    if village.walkers:
        leave(sim, village, 0, cause)


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
        if village.home + village.walkers > village.waiting:
            row = sim.log(kind, village.index, village.index, cause, amount=i)
            hear(sim, village, telling(sim, village), row)


def spread(sim: Simulation, village: VillageState, telling: Telling, cause: int) -> Generator[Any, Any, None]:
    """The word goes round, and one group after the other gets ready."""
    state, population, begun_h = village.warning_state, int(village.record.population), sim.env.now
    for group in groups(sim, village, telling):
        row = cause
        # Who hears nothing new leaves no row; whoever was held up may still go with a group of nobody.
        if group.persons or group.aware or group.persuaded or not state.warned:
            wait = begun_h + group.warned_h - sim.env.now
            if wait > 0:
                yield sim.env.timeout(wait)
            # Who has had a short-term warning knows already, but for those whom that itself makes leave.
            knowing = 0.0 if telling.by == NOWCAST else state.noticed
            new = state.warn((group.persons + group.aware) * (1 - knowing), population)
            if new or not state.warned:
                row = sim.log(Kind.WARNED, village.index, village.index, cause, persons=new)
            if group.persuaded:
                row = sim.log(Kind.PERSUADED, village.index, village.index, row, persons=group.persuaded)
            if group.stays:
                sim.log(Kind.REFUSE, village.index, village.index, row, persons=group.stays)
        _get_ready(sim, village, departure_h(begun_h + group.warned_h, begun_h + group.leaves_h), group.going, row)


def departure_h(heard_h: float, ready_h: float) -> float:
    """When people leave who heard and were ready at these hours: at the nearest step that is not before they heard."""
    if ready_h == math.inf:
        return ready_h
    # To the nearest step and not the next: on average nobody leaves later than he is ready.
    at_h = round(ready_h / STEP_H) * STEP_H
    return at_h if at_h >= heard_h else at_h + STEP_H


def _get_ready(sim: Simulation, village: VillageState, at_h: float, going: int, cause: int) -> None:
    """So many will leave at an hour, with all others of the village who are ready then."""
    if at_h >= sim.world.duration_h:
        return
    departures = village.warning_state.departures
    if at_h not in departures:
        departures[at_h] = []
        TimerAt(sim.env, at_h).callbacks.append(lambda _: _leave(sim, village, departures.pop(at_h)))
    departures[at_h].append((going, cause))


def _leave(sim: Simulation, village: VillageState, ready: list[tuple[int, int]]) -> None:
    """Groups are ready, and who was held up before joins them; the largest (persons, row) tells why."""
    state, going, cause = village.warning_state, sum(persons for persons, _ in ready), max(ready)[1]
    state.leaving -= going
    if going or state.held:
        leave(sim, village, going, cause)
    # Who asks for transport is a need from now on.
    village.report(cause)
    if not state.by_neighbours and 2 * (village.there - village.waiting) <= village.record.population:
        state.by_neighbours = True
        hear(sim, village, by_cue(sim, village), cause)
