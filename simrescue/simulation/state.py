"""One replication while it runs: its clock, its log, its streams of chance, and all who live in it."""

from __future__ import annotations

from random import Random

from simrescue.kinds import kind_named
from simrescue.simulation.clock import Clock, Recorder, Silent
from simrescue.simulation.protocols import (
    CommandPost,
    Contact,
    Crew,
    DepotState,
    Fires,
    HazardWatch,
    Roads,
    ShelterState,
    Site,
    TrueNeeds,
    VillageState,
)
from simrescue.simulation.world import World
from simrescue.streams import stream

WADING_CLASS = 2
"""From this hazard class on (0.3 m) nobody leaves by themselves and those at home count as stranded."""
FRAIL_CLASS = 3
"""From this class on (0.5 m) children, the old, and people without an upper floor are trapped."""
ALL_CLASS = 4
"""From this class on (1.2 m, or depth x velocity above 0.6 m2/s) everybody there is trapped."""


class Simulation:
    """Holds the parts of one replication together; each part knows its own rules."""

    roads: Roads
    command: CommandPost
    villages: list[VillageState]
    shelters: dict[int, ShelterState]
    depots: dict[int, DepotState]
    contact: Contact
    true_needs: TrueNeeds
    sites: dict[int, Site]
    crews: list[Crew]
    """In the order of the table of things."""
    danger: dict[int, int]
    """Hazard class of places now: that of the water, the highest for flames and lost places, the worst of all."""
    dangers: dict[int, dict[str, int]]
    """The same place by place for each thing that endangers it: water, flames, lost."""
    watches: list[HazardWatch]
    """What goes with each hazard."""
    unsafe: set[int]
    """Places with flames or deep water now, or lost: depots, shelters and landing sites there do not work."""
    smoky: set[int]
    """Places under thick smoke now."""
    wet_zones: set[str]
    """Zones from which command has heard of water."""
    fires: Fires
    """Only where there are forest fires."""

    def __init__(self, world: World, seed: int, replication: int, log: bool = True) -> None:
        self.world = world
        self.settings = world.scenario.settings
        self.parameters = world.scenario.parameters
        self.seed = seed
        self.replication = replication
        self.env: Clock = Clock()
        self.log = Recorder(self.env) if log else Silent(self.env)
        self.missions = 0
        self.airspace: dict[int, float] = {}
        self.danger = {}
        self.dangers = {}
        self.unsafe = set()
        self.watches = []
        self.smoky = set()
        self.wet_zones = set()

    def stream(self, name: str, index: int) -> Random:
        """The stream of chance of one thing for one purpose."""
        return stream(self.seed, self.replication, name, self.world.ids[index])

    def persons_at(self, place: int) -> int:
        """People who need looking after at a place: in a village cut off or in the water, in a shelter all."""
        site = self.sites.get(place)
        return 0 if site is None else site.persons

    def endanger(self, place: int, by: str, danger: int) -> tuple[int, int]:
        """A place is in this class of danger by one thing from now on; answers its class before and now."""
        was = self.danger.get(place, 0)
        self.dangers.setdefault(place, {})[by] = danger
        now = self.danger[place] = max(self.dangers[place].values())
        (self.unsafe.add if now >= WADING_CLASS else self.unsafe.discard)(place)
        return was, now

    def is_of_hazard(self, site: int) -> bool:
        """Whether a place is nothing but the point where a fire began."""
        return kind_named(self.world.kinds[site]).of_hazard

    def is_landable(self, place: int) -> bool:
        """Whether a helicopter may come down at a place: no flames, deep water or thick smoke."""
        return place not in self.smoky and place not in self.unsafe
