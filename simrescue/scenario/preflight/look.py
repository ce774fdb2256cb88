"""A scenario as the pre-flight looks at it: its roads, the soonest arrivals and who the hazard would come to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from simrescue.places import Village
from simrescue.scenario.records import Scenario
from simrescue.scenario.travel_times import BestArrival, Crest, Floats, Ground, best_arrival, crest


class Words(NamedTuple):
    """How a hazard is put in the messages that floods and fires share."""

    topic: str
    villages_hit: str
    """"no road to any village that ..."."""
    villages_hit_zh: str
    people_hit: str
    """"1,200 people ..."."""
    people_hit_zh: str


WORDS = {
    "flood": Words("flood", "that floods", "受淹村庄", "get wet", "进水村庄"),
    "wildfire": Words(
        "fire", "in the way of the fire", "受火威胁的村庄", "live in the way of the fire", "受火威胁村庄"
    ),
}


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
    def words(self) -> Words:
        """The words for its hazard."""
        return WORDS[self.scenario.settings.hazard.kind]

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
