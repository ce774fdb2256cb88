"""A place that is no village becomes unsafe, by deep water or flames, or is safe again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simrescue.responders import EVACUATE, MEDICAL, RELIEF, RESCUE, WATER_DROP
from simrescue.simulation.contact import CAN_BE_CALLED

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation

WAITS_FOR = {
    "shelter": (EVACUATE, RESCUE),
    "landing_site": (EVACUATE, RESCUE, MEDICAL, RELIEF),
    "water_source": (WATER_DROP,),
}
"""Kind of place -> tasks that may have waited for it to be safe: people to be brought there, aircraft to come down."""


def becomes_unsafe(sim: Simulation, place: int, cause: int) -> None:
    """Water or flames: who is inside leaves, and the telephones may fail."""
    if place in sim.shelters and sim.shelters[place].persons:
        sim.shelters[place].close_down()
    if sim.world.kinds[place] in CAN_BE_CALLED:
        sim.contact.may_fail(place, cause)


def is_safe_again(sim: Simulation, place: int) -> None:
    """All who waited for the place are told."""
    if place in sim.shelters:
        sim.shelters[place].works_again()
    if place in sim.depots:
        sim.command.learn_stock(sim.depots[place].in_stock())
        sim.depots[place].tell_next_door()
    sim.command.look_again(*WAITS_FOR.get(sim.world.kinds[place], ()))
