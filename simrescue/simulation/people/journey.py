"""The way out of those who are ready: by which means, setting out, and what becomes of those who go by their own.

To a shelter, to another where the way is cut, home again, or caught on the road.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.house_heights import shared
from simrescue.network.traffic_flow import cars_of
from simrescue.simulation.people.persuasion import HOUSEHOLD
from simrescue.simulation.places.caught import Stopped
from simrescue.simulation.places.roadside import Ways
from simrescue.simulation.places.shelter import OWN_MEANS, WADED
from simrescue.simulation.places.transfer_point import take_in
from simrescue.simulation.places.warning_state import CAR, FOOT, TRANSPORT, TWO_WHEELER
from simrescue.simulation.protocols import Convoy

if TYPE_CHECKING:
    from simrescue.places import Institution, Village
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
    order, shelters, roof = sim.world.shelter_order[village.index], sim.shelters, None
    here, seen = village.index if start is None else start, frozenset(village.warning_state.seen[vehicle])
    for i in sim.roads.router.reached(vehicle, here, order, seen):
        if shelters[i].is_known_safe:
            if not shelters[i].is_known_full:
                return i
            roof = i if roof is None else roof
    if known or roof is not None:
        return roof
    beds = (i for i in order if shelters[i].is_known_safe and not shelters[i].is_known_full)
    return next(beds, next(iter(order), None))


# ---- setting out


def leave(sim: Simulation, village: VillageState, persons: int, cause: int) -> None:
    """People are ready and set out for the first shelter, and with them who was held up before; `cause`: row of why."""
    goal = first_shelter(sim, village)
    by = means(sim, village, persons, goal)
    if held := village.warning_state.held:
        village.warning_state.held = Counter()
        for vehicle, waiting in held.items():
            by[vehicle] += waiting
    set_out(sim, village, by, goal, cause)


def means(sim: Simulation, village: VillageState, persons: int, goal: int | None) -> dict[str, int]:
    """How people who are ready go to a shelter: by car, on two or three wheels, on foot if it is near.

    Who cannot help himself goes with those who take him along. The rest ask for transport. Households stay together;
    shares hold over all who were ready so far.
    """
    ready = village.warning_state.set_out
    now = _ready_by(village.record, sum(ready.values()) + persons, taken_along(sim, village))
    car, wheels, walk, fetched = (now[vehicle] - ready.get(vehicle, 0) for vehicle in now)
    village.warning_state.set_out = now
    if goal is None:
        return {CAR: 0, TWO_WHEELER: 0, FOOT: 0, TRANSPORT: persons}
    if walk and sim.world.distance_km(village.index, goal) > sim.settings.evacuation.max_walk_km:
        walk, fetched = 0, fetched + walk
    return {CAR: car, TWO_WHEELER: wheels, FOOT: walk, TRANSPORT: fetched}


def _ready_by(record: Village | Institution, persons: int, taken_along: float) -> dict[str, int]:
    """The means of the first so many who are ready, household by household."""
    households, others = divmod(persons, HOUSEHOLD)
    by = _households_by(record, households, taken_along)
    if not others:
        return {vehicle: HOUSEHOLD * number for vehicle, number in by.items()}
    # Of the household that is not all ready yet: its part goes by the means of the whole.
    following = _households_by(record, households + 1, taken_along)
    return {vehicle: HOUSEHOLD * number + others * (following[vehicle] - number) for vehicle, number in by.items()}


def _households_by(record: Village | Institution, households: int, taken_along: float) -> dict[str, int]:
    """The means of the first so many households; one more is one more of one of them."""
    by_themselves = round(households * (1 - record.vulnerable))
    with_others = round((households - by_themselves) * taken_along)
    driven, wheeled, on_foot = _by_wheels(record, by_themselves)
    driven_along, wheeled_along, waiting = _by_wheels(record, with_others)
    return {
        CAR: driven + driven_along,
        TWO_WHEELER: wheeled + wheeled_along,
        FOOT: on_foot,
        TRANSPORT: households - by_themselves - with_others + waiting,
    }


def _by_wheels(record: Village | Institution, households: int) -> tuple[int, int, int]:
    """How many households have a car, how many two or three wheels, and how many neither."""
    driven = round(households * record.cars)
    wheeled = round((households - driven) * record.two_wheelers)
    return driven, wheeled, households - driven - wheeled


def taken_along(sim: Simulation, village: VillageState) -> float:
    """Of the households with somebody who cannot help himself the share that is taken along where it has wheels."""
    return 0.0 if village.care else float(sim.parameters.taken_along_share)


def helpless_on_wheels(sim: Simulation, village: VillageState) -> float:
    """Of the people who leave on wheels of their own the share who cannot help themselves."""
    taken = village.record.vulnerable * taken_along(sim, village)
    return float(taken / (1 - village.record.vulnerable + taken)) if taken else 0.0


def set_out(sim: Simulation, village: VillageState, by: dict[str, int], goal: int | None, cause: int) -> None:
    """People set out by their means, as many as are still at home; who cannot is held up until others leave.

    Who knows no way stays: what one of the village has seen of the roads, all know who go as he does.
    """
    caught = village.stranded + village.trapped + (village.home if village.isolated else 0)
    if caught:  # as many of those who are ready as of all others
        there = village.there
        held = Counter({means: round(persons * caught / there) for means, persons in by.items()})
        by = {means: persons - held[means] for means, persons in by.items()}
        village.warning_state.held += held - _wade(sim, village, held, caught, there, cause)
    # Those who wait for a vehicle are at home too, and do not drive off any more.
    free = village.home - village.waiting
    for vehicle in (CAR, TWO_WHEELER, FOOT):
        persons = min(by[vehicle], free) if goal is not None else 0
        if persons and goal is not None:
            if knows_way(sim, village, vehicle, goal):
                sim.env.process(go_out(sim, village, vehicle, persons, goal, cause))
            else:
                village.warning_state.held[vehicle] += persons
        # Also those who know no way: they are held up, and nobody may count them for a bus.
        free -= persons
    gathered = max(0, min(by[TRANSPORT], free))
    village.waiting += gathered
    if gathered:
        village.tell_stop()


def _wade(
    sim: Simulation, village: VillageState, held: Counter[str], caught: int, there: int, cause: int
) -> Counter[str]:
    """Of those who would leave and are held up the able go on foot, where the water lets them and a shelter is near.

    They leave their vehicles behind, and in the houses whom they would have taken along in them. Those in houses that
    can be walked out of are among them as among all who are `caught`, of those who are `there`. Answers who goes, by
    the means that they would have gone by.
    """
    if village.care or not village.stranded:
        return Counter()
    walkers, mobile = village.walkers, 1 - helpless_on_wheels(sim, village)
    going = [
        int(held[means] * share * walkers / caught)
        for means, share in ((CAR, mobile), (TWO_WHEELER, mobile), (FOOT, 1.0))
    ]
    # Means are rounded one by one, so that more may be held up than are caught.
    if (persons := min(sum(going), walkers, there - village.frail)) <= 0:
        return Counter()
    goal = first_shelter(sim, village, FOOT, known=True)
    if goal is None or sim.world.distance_km(village.index, goal) > sim.settings.evacuation.max_walk_km:
        return Counter()
    sim.env.process(wade_out(sim, village, persons, goal, cause))
    return Counter(dict(zip((CAR, TWO_WHEELER, FOOT), shared(persons, going), strict=True)))


def go_out(
    sim: Simulation, village: VillageState, vehicle: str, persons: int, goal: int, cause: int
) -> Generator[Any, Any, int | None]:
    """A group sets out from home for a shelter, at once; answers its journey, which is still to be gone through."""
    village.leave_home(persons)
    _take_along(sim, village, vehicle, persons)
    village.moving += persons
    row = sim.log(Kind.LEAVE, village.index, goal, cause, item=OWN_MEANS, persons=persons)
    return journey(sim, Stopped(village, vehicle, village.index, persons, row), goal)


def _take_along(sim: Simulation, village: VillageState, vehicle: str, persons: int) -> None:
    """Among those who leave (below 0: come back) on wheels are some who cannot help themselves."""
    share = helpless_on_wheels(sim, village) if vehicle != FOOT else 0.0
    if share:
        before = village.warning_state.on_wheels
        village.warning_state.on_wheels += persons
        # Of running totals the difference, so that rounding does not add up over many small groups.
        village.lead_away(round((before + persons) * share) - round(before * share))


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
        _come_home(sim, group)
        return None
    take_in(sim.shelters[aim], [group.party(group.persons, OWN_MEANS, group.cause)], group.cause)
    return aim


def _come_home(sim: Simulation, group: Stopped) -> None:
    """Of their own will, or since they found no way."""
    village, persons = group.village, group.persons
    if group.returns:
        village.return_home(persons, group.cause, group.is_safe)
    else:
        _take_along(sim, village, group.vehicle, -persons)
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
