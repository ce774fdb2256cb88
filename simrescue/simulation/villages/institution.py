"""What sets care homes, schools and hospitals apart: people who cannot walk, and staff who bring them to safety.

An institution is a place with people like a village (`village.VillageState`); nobody in it refuses to leave. Here is
what its staff do in the building: get people ready, carry them upstairs from the water. How they leave is `evacuation`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simpy import Event

from simrescue.simulation.state import ALL_CLASS

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Replication

MOST_LOTS = 12
"""Lots in which people are carried upstairs at most, however many they are."""


@dataclass(slots=True)
class Care:
    """How the people of one institution are cared for, besides what is true of every village."""

    is_told: bool = False
    """Whether its staff know that it has to be cleared."""
    is_driving: bool = False
    """Whether its own vehicles go back and forth."""
    is_carrying: bool = False
    """Whether staff carry people upstairs."""
    upstairs: int = 0
    """Whom they have carried, of those who cannot walk and are still there."""
    free_again: Event | None = None
    """Succeeds when people who were stranded can go about again."""

    def settle(self) -> None:
        """People who were stranded can go about again, and so leave."""
        if self.free_again:
            free_again, self.free_again = self.free_again, None
            free_again.succeed()


def is_day_school(village: VillageState) -> bool:
    """Whether parents fetch its people."""
    return bool(village.record.kind == "school" and not village.record.boarding)


def staff(sim: Replication, village: VillageState) -> int:
    """How many are on duty now, by daylight or in the dark."""
    record = village.record
    # Light begins and ends in turn, the first a beginning: after an odd number of them it is day.
    if bisect_right(sim.world.sky.light_changes[village.index], sim.env.now) % 2:
        return int(record.staff_day)
    if record.staff_night is not None:
        return int(record.staff_night)
    return round(float(record.staff_day * sim.parameters.night_staff_share))


def ready_h(sim: Replication, village: VillageState) -> float:
    """Hours until everybody is ready to be taken away: work on each who cannot walk, by those on duty now.

    With nobody on duty as with one.
    """
    work_h: float = sim.parameters.ready_staff_h * village.frail
    return work_h / max(1, staff(sim, village))


def places_for(sim: Replication, village: VillageState, seats: int) -> int:
    """How many of its people so many seats take: who cannot walk needs `lying_seats`; one goes in any vehicle.

    They are taken in the proportion in which they are there.
    """
    there = village.there
    lying = village.frail / there if there else 0.0
    persons = math.floor(seats / (1 + lying * (sim.parameters.lying_seats - 1)))
    return max(persons, 1) if seats >= 1 else 0


def carry_upstairs(sim: Replication, village: VillageState, cause: int) -> Generator[Any, Any, None]:
    """With water at the door those on duty carry upstairs who cannot walk, until it is as deep as takes everybody."""
    care, record, parameters = village.care, village.record, sim.parameters
    if record.storeys < 2 or care.is_carrying:
        return
    care.is_carrying, lot = True, math.ceil(village.frail / MOST_LOTS)
    while 0 < village.danger < ALL_CLASS and village.frail > care.upstairs and (on_duty := staff(sim, village)):
        persons = min(village.frail - care.upstairs, max(lot, on_duty // 2, 1))
        yield sim.env.timeout(persons * parameters.carry_up_staff_h / on_duty)
        # On the stairs meanwhile: the water may have come up, or crews have taken some of them away.
        if village.danger < ALL_CLASS and (persons := min(persons, village.frail - care.upstairs)) > 0:
            village.carry_up(persons, cause)
    care.is_carrying = False
