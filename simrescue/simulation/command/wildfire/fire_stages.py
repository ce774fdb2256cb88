"""What command wants at a fire, by the stages of its response and by how the fire stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from simrescue.hazards.base import BURNING, CONTAINED, CONTROLLED, ESCAPED, OUT, FireState
from simrescue.hazards.wildfire.settings import Stage
from simrescue.parameters import Parameters
from simrescue.simulation.missions.wildfire.staging import Staging

CLOSED = (CONTAINED, CONTROLLED, OUT)
"""States of a fire that cannot spread any more."""
Wanted = tuple[float, float]
"""People on the line and aircraft with water, in all."""


@dataclass(slots=True)
class Known:
    """One fire as command knows it."""

    number: int
    place: int
    """Thing index of the ignition."""
    reported_h: float = math.inf
    again_h: float = -math.inf
    """When it last burned anew after it had been out."""
    state: int = BURNING
    """As at the last step."""
    stage: int = -1
    """Highest stage reached."""
    staging: Staging | None = None
    wants: Wanted = (0.0, 0.0)
    """As at the last report."""
    edge_km: float = 0.0
    """Edge that needs hands, as at the last report: open, or to be mopped up and watched."""
    threatens: bool = False
    """Whether a village has been ordered out before it."""
    is_attacked: bool = False
    """Whether any crew has come to where its crews gather."""
    refused: list[AbstractSet[int]] = field(default_factory=lambda: [frozenset(), frozenset()])
    """Crews and aircraft (indexes of things) that are not sent to it: of the reserve, or not called by its stage."""
    quota: list[float] = field(default_factory=lambda: [math.inf, math.inf])
    """People and aircraft that it may have, where other fires want them too."""
    held_by: float = 0.0
    """People who were at it when it was last contained."""
    mopped: int = 0
    """Tenths of its edge that are mopped up, as last told."""
    clear: bool = False
    """Whether water could be dropped at the last step, where more of it is wanted."""
    roads: list[tuple[float, int]] = field(default_factory=list)
    """Places where crews may gather, by distance."""

    def stands(self, state: int, hour: float) -> None:
        """Its state is this from an hour on."""
        if self.state == OUT != state:
            self.again_h = hour
        self.state = state

    @property
    def since_h(self) -> float:
        """Since when command has it as burning: its report, or when it burned anew."""
        return max(self.reported_h, self.again_h)

    @property
    def is_known(self) -> bool:
        """Whether command has heard of it."""
        return self.reported_h < math.inf


def highest_stage(stages: Sequence[Stage], area_ha: float, since_h: float, danger: int) -> int:
    """The last stage that the area, the time since the report, or the grade of danger has reached; -1: none.

    A stage without area, time and grade is reached with the report.
    """
    for number in range(len(stages) - 1, -1, -1):
        stage = stages[number]
        # 0 is what is not stated, and must start nothing: every fire has reached it.
        by_area, by_time = 0 < stage.area_ha <= area_ha, 0 < stage.after_h <= since_h
        by_danger = 0 < stage.danger <= danger
        if by_area or by_time or by_danger or not (stage.area_ha or stage.after_h or stage.danger):
            return number
    return -1


def wanted(state: FireState, open_edge: Wanted, held_by: float, parameters: Parameters) -> Wanted:
    """What a fire needs: `open_edge` while it can spread, then people for mopping up and watching, nobody in the end.

    Of the `held_by` people who were there when it was contained, `contained_stay_share` stay until its edge is mopped
    up. An escaped fire with no open edge left asks for nobody: of what it does off the map nothing is known.
    """
    if state.state == OUT or (state.state == ESCAPED and not state.open_km):
        return 0.0, 0.0
    if state.state in CLOSED:
        contained = state.state == CONTAINED
        per_km = parameters.mop_up_persons_per_km if contained else parameters.watch_persons_per_km
        # Those who are there; a fire that is held asks for no more than it did against its open edge.
        stay = parameters.contained_stay_share * held_by if contained else 0.0
        return min(open_edge[0], float(math.ceil(max(per_km * state.perimeter_km, stay)))), 0.0
    return open_edge
