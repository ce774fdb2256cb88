"""The way out by own means: to a shelter, to another where the way is cut, home again, or caught on the road."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.network.traffic_flow import cars_of
from simrescue.simulation.places.caught import Stopped
from simrescue.simulation.places.roadside import Ways
from simrescue.simulation.places.shelter import OWN_MEANS, WADED
from simrescue.simulation.places.transfer_point import take_in
from simrescue.simulation.places.warning_state import CAR, FOOT
from simrescue.simulation.protocols import Convoy

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation


def knows_way(sim: Simulation, village: VillageState, vehicle: str, goal: int, start: int | None = None) -> bool:
    """Whether people of a village know a way: command's news of the roads, and what others of the village have seen."""
    seen = frozenset(village.warning_state.seen[vehicle])
    return sim.roads.router.reaches(vehicle, village.index if start is None else start, goal, seen)


def first_shelter(
    sim: Simulation, village: VillageState, vehicle: str = CAR, start: int | None = None, known: bool = False
) -> int | None:
    """The shelter that people of a village make for: the first of their list that works, with room and a known way.

    Where there is none, one with a known way but no room (a roof without a bed); unless the way must be `known`, then
    one with room, then the first.
    """
    order, roof, bed = sim.world.shelter_order[village.index], None, None
    here, seen = village.index if start is None else start, frozenset(village.warning_state.seen[vehicle])
    reaches = sim.roads.router.reaches
    for i in order:
        shelter = sim.shelters[i]
        if not shelter.is_known_safe:
            continue
        is_full = shelter.is_known_full
        if is_full and roof is not None:
            continue
        if reaches(vehicle, here, i, seen):
            if not is_full:
                return i
            roof = i
        elif not is_full and bed is None:
            bed = i
    if known:
        return roof
    return next((i for i in (roof, bed, *order[:1]) if i is not None), None)


def go_out(
    sim: Simulation, village: VillageState, vehicle: str, persons: int, goal: int, cause: int
) -> Generator[Any, Any, int | None]:
    """A group sets out from home for a shelter, at once; answers its journey, which is still to be gone through."""
    village.leave_home(persons)
    village.moving += persons
    row = sim.log(Kind.LEAVE, village.index, goal, cause, item=OWN_MEANS, persons=persons)
    return journey(sim, Stopped(village, vehicle, village.index, persons, row), goal)


def wade_out(
    sim: Simulation, village: VillageState, persons: int, goal: int, cause: int
) -> Generator[Any, Any, int | None]:
    """Able people who are stranded set out on foot, through the water; as `go_out`."""
    village.wade_off(persons)
    village.moving += persons
    row = sim.log(Kind.LEAVE, village.index, goal, cause, item=WADED, persons=persons)
    return journey(sim, Stopped(village, FOOT, village.index, persons, row), goal)


def journey(sim: Simulation, group: Stopped, goal: int) -> Generator[Any, Any, int | None]:
    """A group on its way: to the shelter, or where that cannot be reached to another, or home, or no farther.

    Answers the shelter reached, None where they came to none.
    """
    village, vehicle, seen = group.village, group.vehicle, group.village.warning_state.seen[group.vehicle]
    convoy, home = Convoy(cars_of(vehicle, group.persons, sim.parameters), group.persons), village.index
    aim: int | None = goal
    while aim is not None:
        group.place, group.cause = yield from sim.roads.travel(
            vehicle, group.place, aim, home, group.cause, seen=seen, convoy=convoy
        )
        if group.place == aim:
            break
        aim = next_goal(sim, group)
    if aim is None:
        sim.roadsides.stop(group)
        return None
    village.moving -= group.persons
    if aim == home:
        _come_home(group)
        return None
    take_in(sim.shelters[aim], [group.party(group.persons, OWN_MEANS, group.cause)], group.cause)
    return aim


def _come_home(group: Stopped) -> None:
    """Of their own will, or since they found no way."""
    village, persons = group.village, group.persons
    if group.returns:
        village.return_home(persons, group.cause)
    else:
        village.warning_state.held[group.vehicle] += persons
        village.come_home(persons, OWN_MEANS, group.cause)
    village.join_hurt(group.harm.hurt, group.harm.patients)


def next_goal(sim: Simulation, group: Stopped) -> int | None:
    """Where a group can go from where it stands: to a shelter, or home; None: no way is known."""
    village, vehicle, here = group.village, group.vehicle, group.place
    shelter = first_shelter(sim, village, vehicle, here, known=True)
    if shelter is not None:
        return shelter
    return village.index if knows_way(sim, village, vehicle, village.index, here) else None


def ways(sim: Simulation) -> Ways:
    """How people who are caught on the road go on."""
    return Ways(partial(next_goal, sim), lambda group, goal: sim.env.process(journey(sim, group, goal)))
