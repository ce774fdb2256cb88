"""How the people of an institution leave: at the first word its staff bring everybody out, and nobody refuses.

Staff get ready who cannot walk; vehicles of its own go to and fro; parents fetch the pupils of a day school. What staff
do in the building is in `villages.institution`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.simulation.people.journey import first_shelter, go_out, means, set_out
from simrescue.simulation.people.persuasion import Telling
from simrescue.simulation.places.warning_state import CAR
from simrescue.simulation.villages.institution import carry_upstairs, is_day_school, places_for, ready_h

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation


def begin(sim: Simulation, village: VillageState) -> None:
    """A day school closes."""
    if village.home and is_day_school(village):
        sim.env.process(_close_school(sim, village))


def hear(sim: Simulation, village: VillageState, telling: Telling | None, cause: int) -> None:
    """The first word is enough, whatever tells it."""
    del telling
    if not village.care.is_told:
        village.care.is_told = True
        sim.env.process(bring_out(sim, village, cause))


def answered(sim: Simulation, village: VillageState, is_first_order: bool, row: int) -> None:
    """Nobody has to be called on again."""
    del sim, village, is_first_order, row


def inform(sim: Simulation, village: VillageState, row: int) -> None:
    """Its staff know, and wait for the order."""
    del sim, village, row


def water_seen(sim: Simulation, village: VillageState, cause: int) -> None:
    """It has to be cleared, and who cannot walk is carried upstairs meanwhile."""
    if village.home:
        hear(sim, village, None, cause)
    sim.env.process(carry_upstairs(sim, village, cause))


def _close_school(sim: Simulation, village: VillageState) -> Generator[Any, Any, None]:
    """At the end of school pupils go home if nobody has fetched them before."""
    start = sim.settings.start
    yield sim.env.timeout(max(0.0, sim.parameters.school_ends_h - start.hour - start.minute / 60))
    hear(sim, village, None, -1)


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
