"""How the people of a village leave: each telling reaches some and moves some, who get ready and go by their means.

The word goes round among those who have not decided to leave; officers call on people again at the door and by
loudspeaker (`persuasion`). A village leaves in a few groups; each travels to a shelter while roads still stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.simulation.people.journey import first_shelter
from simrescue.simulation.people.persuasion import Group, Telling, by_cue, by_knock, by_speaker, groups
from simrescue.simulation.people.setting_out import means, set_out

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation


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
    if is_first_order and warning.door_rounds:
        sim.env.process(rounds(sim, village, Kind.KNOCKS, by_knock, warning.door_rounds, warning.door_round_h, row))


def water_seen(sim: Simulation, village: VillageState, cause: int) -> None:
    """Some leave at the sight of it."""
    if village.home:
        hear(sim, village, by_cue(sim, village), cause)


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


def leave(sim: Simulation, village: VillageState, group: Group, cause: int) -> None:
    """A group is ready, and who was held up before joins it."""
    state, going = village.warning_state, group.going
    state.leaving -= going
    if going or state.held:
        again, state.held = state.held, Counter()
        goal = first_shelter(sim, village)
        by = means(sim, village, going, goal)
        set_out(sim, village, again + by if again else by, goal, cause)
    village.report(cause)
    if not state.by_neighbours and 2 * (village.there - village.waiting) <= village.record.population:
        state.by_neighbours = True
        hear(sim, village, by_cue(sim, village), cause)
