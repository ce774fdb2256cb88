"""A scenario as the pre-flight looks at it: its roads, the soonest arrivals and who the hazard would come to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simrescue.hazards.kinds import HazardKind, hazard_named, is_foreseen
from simrescue.places import Village
from simrescue.scenario.records import Scenario
from simrescue.scenario.travel_times import BestArrival, Crest, Floats, Ground, best_arrival, crest


@dataclass(frozen=True)
class Look:
    """A scenario with what several checks share."""

    scenario: Scenario
    ground: Ground
    best: BestArrival
    crest: Crest

    @classmethod
    def at(cls, scenario: Scenario) -> Look:
        """Look at a scenario."""
        ground = Ground.of(scenario)
        return cls(scenario, ground, best_arrival(scenario, ground), crest(scenario))

    @property
    def hazard(self) -> HazardKind:
        """By whose words findings are told that are about all hazards: the first that is foreseen, or the first."""
        kinds = [hazard_named(name) for name in self.scenario.settings.hazards]
        return next((kind for kind in kinds if kind.foreseen), kinds[0])

    @property
    def is_foreseen(self) -> bool:
        """Whether there is a hazard of which everybody is warned beforehand."""
        return is_foreseen(self.scenario.settings.hazards)

    @cached_property
    def hit(self) -> list[Village]:
        """Villages that the hazard comes to if nobody stops it."""
        comes = np.isfinite(self.crest.arrival_h)
        return [village for village, is_hit in zip(self.scenario.villages, comes, strict=False) if is_hit]

    @cached_property
    def concerned(self) -> list[Village]:
        """Villages that are hit; if none is, all."""
        return self.hit or list(self.scenario.villages)

    @property
    def first_h(self) -> float:
        """When the hazard comes to the first village; infinite if it never does."""
        return min((float(self.crest.arrival_h[self.ground.index[village.id]]) for village in self.hit), default=np.inf)

    def to_concerned(self, hours: Floats) -> float:
        """The least of some hours to villages (V) over those concerned; infinite if there is none."""
        return min((float(hours[self.ground.index[village.id]]) for village in self.concerned), default=np.inf)
