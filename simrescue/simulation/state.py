"""One replication while it runs: its clock, its log, its streams of chance, and all who live in it."""

from __future__ import annotations

import math
from random import Random

from simrescue.simulation.clock import Clock, Recorder, Silent
from simrescue.simulation.protocols import (
    CommandPost,
    Contact,
    Crew,
    DepotState,
    Fires,
    HazardWatch,
    Hospital,
    Repairs,
    Roads,
    Roadsides,
    ShelterState,
    Site,
    TransferPoints,
    TrueNeeds,
    VillageState,
)
from simrescue.simulation.world import World
from simrescue.streams import stream

WADING_CLASS = 2
"""From this hazard class on (0.3 m) those at home count as stranded, and who leaves by himself wades."""
FRAIL_CLASS = 3
"""From this class on (0.5 m) children, the old, and people without an upper floor are trapped."""
ALL_CLASS = 4
"""From this class on (1.2 m, or depth x velocity above 0.6 m2/s) everybody there is trapped."""


class Replication:
    """What every part of a replication has: the world, the clock, the log, streams of chance, and danger at places."""

    def __init__(self, world: World, seed: int, replication: int, log: bool = True) -> None:
        self.world = world
        self.settings = world.scenario.settings
        self.parameters = world.scenario.parameters
        self.seed = seed
        self.replication = replication
        self.env: Clock = Clock()
        self.recorder = Recorder(self.env) if log else Silent(self.env)
        self.log = self.recorder.write
        self.danger: dict[int, int] = {}
        """Hazard class of places now: that of the water, the highest for flames and lost places, the worst of all."""
        self.dangers: dict[int, dict[str, int]] = {}
        """The same place by place for each thing that endangers it: water, flames, lost."""
        self.depth_m: dict[int, float] = {}
        """Water at places now, m."""
        self.velocity_ms: dict[int, float] = {}
        """Speed of that water, m/s."""
        self.danger_changes = 0
        """How often danger has come to a place or left it."""
        self.crew_changes = 0
        """How often a crew has been set free, or waits again, or has left."""
        self.unsafe: set[int] = set()
        """Places with flames or deep water now, or lost: depots, shelters and landing sites there do not work."""
        self.smoky: set[int] = set()
        """Places under thick smoke now."""

    def stream(self, name: str, index: int) -> Random:
        """The stream of chance of one thing for one purpose."""
        return stream(self.seed, self.replication, name, self.world.ids[index])

    def endanger(self, place: int, by: str, danger: int) -> tuple[int, int]:
        """A place is in this class of danger by one thing from now on; answers its class before and now."""
        was = self.danger.get(place, 0)
        self.dangers.setdefault(place, {})[by] = danger
        now = self.danger[place] = max(self.dangers[place].values())
        # Only at these two bounds can another place be dry or work: what was found among places holds between them.
        self.danger_changes += bool(was) != bool(now) or (was >= WADING_CLASS) != (now >= WADING_CLASS)
        (self.unsafe.add if now >= WADING_CLASS else self.unsafe.discard)(place)
        return was, now

    def is_landable(self, place: int) -> bool:
        """Whether a helicopter may come down at a place: no flames, deep water or thick smoke."""
        return place not in self.smoky and place not in self.unsafe

    def can_come_down(self, place: int) -> bool:
        """Whether a helicopter may come down at a place itself or, of a village, at a landing site that serves it."""
        landing = self.world.landing
        return any(self.is_landable(site) for site in (place, *(landing[place] if place < len(landing) else ())))


class Simulation(Replication):
    """One replication with all its parts, for hazards and for the missions of crews, which may touch any of them.

    The parts themselves are given those others that they need (`run.build`).
    """

    roads: Roads
    command: CommandPost
    repairs: Repairs
    contact: Contact
    true_needs: TrueNeeds
    hospital: Hospital
    points: TransferPoints
    roadsides: Roadsides
    fires: Fires
    """Only where there are forest fires."""

    def __init__(self, world: World, seed: int, replication: int, log: bool = True) -> None:
        super().__init__(world, seed, replication, log)
        self.villages: list[VillageState] = []
        self.shelters: dict[int, ShelterState] = {}
        self.depots: dict[int, DepotState] = {}
        self.sites: dict[int, Site] = {}
        self.crews: list[Crew] = []
        """In the order of the table of things."""
        self.craft_ready: dict[int, int] = {}
        """Loaders and boats of each village that stand ready, from when they are first looked for."""
        self.watches: list[HazardWatch] = []
        """What goes with each hazard."""
        self.airspace: dict[int, float] = {}
        """Until when an aircraft has the air over a place to itself."""
        self.drivers_called_h = math.inf
        """When the first order to leave was given: then the drivers of all buses are called in."""
        self.wet_zones: set[str] = set()
        """Zones from which command has heard of water."""
