"""Beds regained: the one door by which people without a bed hear that there may be one for them in another shelter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simrescue.simulation.clock import DECISIONS, after

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


def look_for_beds(sim: Simulation, cause: int) -> None:
    """At the end of the moment all who are without a bed look again, shelter by shelter in the order of the table."""
    if any(shelter.persons > shelter.beds for shelter in sim.shelters.values()):
        after(sim.env, 0, lambda _: _look(sim, cause), DECISIONS)


def _look(sim: Simulation, cause: int) -> None:
    for shelter in sim.shelters.values():
        shelter.look_elsewhere(cause)
