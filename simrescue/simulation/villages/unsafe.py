"""A place that is no village becomes unsafe, by deep water or flames, or is safe again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simrescue.responders import WATER_DROP

if TYPE_CHECKING:
    from simrescue.simulation.protocols import CommandPost
    from simrescue.simulation.state import Simulation
    from simrescue.simulation.world import World


def becomes_unsafe(sim: Simulation, place: int, cause: int) -> None:
    """Water or flames: who is inside leaves, and the telephones may fail."""
    if shelter := sim.shelters.get(place):
        shelter.report()
        if shelter.persons:
            shelter.close_down()
    if place in sim.world.staffed:
        sim.contact.may_fail(place, cause)


def is_safe_again(sim: Simulation, place: int, cause: int) -> None:
    """All who waited for the place are told, as soon as word gets out of it."""
    if place in sim.shelters:
        sim.shelters[place].works_again(cause)
    if depot := sim.depots.get(place):
        depot.tell_next_door()
    _tell_command(sim, place)


def _tell_command(sim: Simulation, place: int) -> None:
    if place in sim.contact.dark:
        sim.contact.wait(place, lambda _: _tell_command(sim, place))
        return
    if depot := sim.depots.get(place):
        sim.command.learn_stock(depot, depot.in_stock)
    may_land_again(sim.world, sim.command, place)


def may_land_again(world: World, desk: CommandPost, place: int) -> None:
    """Aircraft may come down at a place again, and fill their buckets there: whom it serves is told."""
    served = {village for village, sites in enumerate(world.landing) if place in sites}
    desk.look_again(served | {place})
    if world.kinds[place] == "water_source":
        desk.look_again({need.place for need in desk.waiting.of(WATER_DROP)}, WATER_DROP)
