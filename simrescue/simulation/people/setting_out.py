"""By which means people who are ready go to a shelter, and their setting out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from simrescue.simulation.people.journey import go_out, knows_way
from simrescue.simulation.places.warning_state import CAR, FOOT, TRANSPORT, TWO_WHEELER

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation


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
