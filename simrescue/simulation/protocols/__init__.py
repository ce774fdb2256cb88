"""What the parts of a replication are to one another: for each the least that others need of it, as protocols.

A part is given the replication as a whole (`state.Simulation`), and may use of it what stands here, and nothing else:
so villages, crews, missions, roads and command know each other's promises and not each other's modules.
"""

from simrescue.simulation.protocols.command_protocols import CommandPost, Fires, Repairs, Roster, Waiting
from simrescue.simulation.protocols.crew_protocols import (
    ON_FOOT,
    Contact,
    Convoy,
    Crew,
    Lookout,
    PostChain,
    Roads,
    Roadsides,
    Steps,
)
from simrescue.simulation.protocols.hazard_protocols import HazardWatch
from simrescue.simulation.protocols.place_protocols import (
    DepotState,
    Fetching,
    Hospital,
    Places,
    ShelterState,
    Site,
    TransferPoints,
    TrueNeeds,
    VillageState,
)

__all__ = [
    "ON_FOOT",
    "CommandPost",
    "Contact",
    "Convoy",
    "Crew",
    "DepotState",
    "Fetching",
    "Fires",
    "HazardWatch",
    "Hospital",
    "Lookout",
    "Places",
    "PostChain",
    "Repairs",
    "Roads",
    "Roadsides",
    "Roster",
    "ShelterState",
    "Site",
    "Steps",
    "TransferPoints",
    "TrueNeeds",
    "VillageState",
    "Waiting",
]
