"""Guides of a village who fetch households: each has some households, and stands at one door after the other.

They set out when an order has been answered, beside the officers' rounds from door to door. Whom a guide finds at home
has the word at once, face to face.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.simulation.people.persuasion import HOUSEHOLD, Telling, by_guide

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation

Hear = Callable[["Simulation", "VillageState", Telling, int], None]
"""What people do whom something tells to leave, by the row that tells of it."""


def fetch(sim: Simulation, village: VillageState, hear: Hear, cause: int) -> Generator[Any, Any, None]:
    """Door after door of all guides together, in steps of a household each; the last may be a part of one.

    Args:
        sim: the replication.
        village: whose guides.
        hear: called for each step.
        cause: row of the officers' answer.
    """
    parameters, guides = sim.parameters, village.record.guides or 0
    households = village.record.population / HOUSEHOLD
    each = min(parameters.guide_households, households / guides) if guides and households else 0.0
    visited = 0.0
    # Less a hair: a quotient that ought to be whole must not make one more step.
    for step in range(math.ceil(each - 1e-9)):
        yield sim.env.timeout(parameters.guide_household_h)
        doors = guides * min(1.0, each - step)
        # Of the doors at which no guide has been yet: together they are all that the guides have.
        share = min(1.0, doors / (households - visited))
        visited += doors
        if village.home + village.walkers > village.waiting:
            row = sim.log(Kind.GUIDES_FETCH, village.index, village.index, cause, amount=doors)
            hear(sim, village, by_guide(sim, village, share), row)
