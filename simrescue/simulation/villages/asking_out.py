"""Who stays above the water asks to be taken off in time: power, water and food run short upstairs.

Of those who stay there every hour takes the same share, whoever has gone before: half of them have asked after
`ask_out_t50_h`. Households ask as a whole. They wait for a crew where they are, out of danger.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Replication

STEP_H = 6.0
"""Steps of time in which people ask: a village that calls all day is one request that grows."""


def ask_out(sim: Replication, village: VillageState) -> Generator[Any, Any, None]:
    """Step by step a share of those who are still above the water; parts of households are carried on."""
    share, owed = 1 - 0.5 ** (STEP_H / sim.parameters.ask_out_t50_h), 0.0
    household = sim.parameters.persons_per_house
    while there := village.ground.above:
        yield sim.env.timeout(STEP_H)
        there = min(there, village.ground.above)  # who has come since then has not been there for a step
        owed += there * share
        asking = min(there, round(owed // household * household))
        if asking:
            owed -= asking
            village.ask_out(asking)
    village.has_upstairs = False
