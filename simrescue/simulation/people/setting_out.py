"""By which means people who are ready go to a shelter, and their setting out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from simrescue.hazards.flood.house_heights import shared
from simrescue.simulation.people.journey import first_shelter, go_out, knows_way, wade_out
from simrescue.simulation.people.persuasion import HOUSEHOLD
from simrescue.simulation.places.warning_state import CAR, FOOT, TRANSPORT, TWO_WHEELER

if TYPE_CHECKING:
    from simrescue.places import Institution, Village
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation


def leave(sim: Simulation, village: VillageState, persons: int, cause: int) -> None:
    """People are ready and set out for the first shelter, and with them who was held up before; `cause`: row of why."""
    held, village.warning_state.held = village.warning_state.held, Counter()
    goal = first_shelter(sim, village)
    by = means(sim, village, persons, goal)
    for vehicle, waiting in held.items():
        by[vehicle] += waiting
    set_out(sim, village, by, goal, cause)


def means(sim: Simulation, village: VillageState, persons: int, goal: int | None) -> dict[str, int]:
    """How people who are ready go to a shelter: by car, on two or three wheels, on foot if it is near.

    The rest, and who cannot help himself, ask for transport. Households stay together; shares hold over all who were
    ready so far.
    """
    ready = village.warning_state.set_out
    now = _ready_by(village.record, sum(ready.values()) + persons)
    car, wheels, walk, fetched = (now[vehicle] - ready.get(vehicle, 0) for vehicle in now)
    village.warning_state.set_out = now
    if goal is None:
        return {CAR: 0, TWO_WHEELER: 0, FOOT: 0, TRANSPORT: persons}
    if walk and sim.world.distance_km(village.index, goal) > sim.settings.evacuation.max_walk_km:
        walk, fetched = 0, fetched + walk
    return {CAR: car, TWO_WHEELER: wheels, FOOT: walk, TRANSPORT: fetched}


def _ready_by(record: Village | Institution, persons: int) -> dict[str, int]:
    """The means of the first so many who are ready, household by household."""
    households, others = divmod(persons, HOUSEHOLD)
    by = _households_by(record, households)
    if not others:
        return {vehicle: HOUSEHOLD * number for vehicle, number in by.items()}
    following = _households_by(record, households + 1)
    return {vehicle: HOUSEHOLD * number + others * (following[vehicle] - number) for vehicle, number in by.items()}


def _households_by(record: Village | Institution, households: int) -> dict[str, int]:
    """The means of the first so many households; one more is one more of one of them."""
    by_themselves = round(households * (1 - record.vulnerable))
    driven = round(by_themselves * record.cars)
    wheeled = round((by_themselves - driven) * record.two_wheelers)
    on_foot = by_themselves - driven - wheeled
    return {CAR: driven, TWO_WHEELER: wheeled, FOOT: on_foot, TRANSPORT: households - by_themselves}


def set_out(sim: Simulation, village: VillageState, by: dict[str, int], goal: int | None, cause: int) -> None:
    """People set out by their means, as many as are still at home; who cannot is held up until others leave.

    Who knows no way stays: what one of the village has seen of the roads, all know who go as he does.
    """
    there = village.there
    caught = there - (0 if village.isolated else village.home)  # as many of those who are ready as of all others
    if caught:
        held = Counter({means: round(persons * caught / there) for means, persons in by.items()})
        by = {means: persons - held[means] for means, persons in by.items()}
        village.warning_state.held += held - _wade(sim, village, held, caught, cause)
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


def _wade(sim: Simulation, village: VillageState, held: Counter[str], caught: int, cause: int) -> Counter[str]:
    """Of those who would leave and are held up the able go on foot, where the water lets them and a shelter is near.

    They leave their vehicles behind. Those in houses that can be walked out of are among them as among all who are
    `caught` there. Answers who goes, by the means that they would have gone by.
    """
    walkers = 0 if village.care else village.walkers
    going = [held[means] * walkers // caught for means in (CAR, TWO_WHEELER, FOOT)]
    # Means are rounded one by one, so that more may be held up than are caught.
    if (persons := min(sum(going), walkers, village.there - village.frail)) <= 0:
        return Counter()
    goal = first_shelter(sim, village, FOOT, known=True)
    if goal is None or sim.world.distance_km(village.index, goal) > sim.settings.evacuation.max_walk_km:
        return Counter()
    sim.env.process(wade_out(sim, village, persons, goal, cause))
    return Counter(dict(zip((CAR, TWO_WHEELER, FOOT), shared(persons, going), strict=True)))
