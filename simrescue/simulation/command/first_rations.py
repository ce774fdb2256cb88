"""First rations that are sent before anybody asks: for how many people at which places, by register and forecast.

They go where stock is needed and cannot be brought later: to villages that the forecast cuts off, for those who stay,
and to shelters for those who are to come. What people use up after that is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from simrescue.simulation.state import ALL_CLASS, WADING_CLASS

if TYPE_CHECKING:
    from simrescue.simulation.command.estimates import Estimates
    from simrescue.simulation.world import World


def expected_eaters(world: World, estimates: Estimates, share: float) -> dict[int, int]:
    """How many people are to be fed at each village and shelter where nobody could bring goods, or has yet.

    In a village that the forecast floods (H2) or cuts off these are whoever is not ordered out, and of the others
    those who refuse; none where it is so deep (H4) that nobody could be handed anything. In the first shelter of a
    village that stays dry: of those who follow the order the share that has no other roof.

    Args:
        world: with the forecast.
        estimates: what command knows of the villages.
        share: for how many of these people anything is sent, 0..1.

    Returns:
        Index of the place -> persons, where there are any.
    """
    refuse = world.scenario.settings.evacuation.refuse
    persons = defaultdict[int, float](float)
    for village, record in enumerate(world.scenario.settlements):
        persons_there = estimates.there[village]
        worst = max((danger for _, danger in world.forecast[village]), default=0)
        # Of whom nobody refuses.
        is_cared_for = world.kinds[village] == "institution"
        leave = (
            persons_there * world.told_share[village] * (1 - (0 if is_cared_for else refuse)) if record.ordered else 0.0
        )
        if ALL_CLASS > worst >= WADING_CLASS or (village in world.foreseen_cut and worst < WADING_CLASS):
            persons[village] += (persons_there - leave) * share
        shelter = next((place for place in world.shelter_order[village] if place not in world.foreseen_wet), None)
        if shelter is not None:
            persons[shelter] += leave * record.public_shelter * share
    return {place: round(number) for place, number in persons.items() if round(number)}
