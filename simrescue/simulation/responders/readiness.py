"""What a team needs before it can set out besides its turnout: leave to be sent, people called in at night, other kit.

Army and militia come by request: the first order to such a crew is a request, granted after `request` (columns of
teams.csv). By night people of part-time teams are at home (`turnout_night`). A force that fights both fires and floods
is loaded for one of them, and changes its load in `changeover` when it is sent to the other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.parameters import Parameters
from simrescue.responders import RESCUE, SUPPRESSION

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Crew

LOADS = {SUPPRESSION: "fire", RESCUE: "flood"}
"""Tasks that ask for a load of their own; others are done with any."""


class Turnout:
    """Of one crew in one replication."""

    def __init__(self, crew: Crew) -> None:
        self.crew, self.record, self.sim = crew, crew.record, crew.sim
        self.granted_h = math.inf
        self.request_h = requested_h(crew.record, crew.sim.parameters)
        self.load: str = self.record.loaded_for

    def turnout_h(self, is_light: bool) -> float:
        """Stated turnout, hours, by the light at the base."""
        night_h = self.record.turnout_night_h
        return float(self.record.turnout_h if is_light or night_h is None else night_h)

    def least_turnout_h(self) -> float:
        """The shorter of the two, hours."""
        return min(self.turnout_h(is_light=True), self.turnout_h(is_light=False))

    def grant_left_h(self) -> float:
        """Hours until it may be sent: all of them until somebody has asked."""
        if self.granted_h == math.inf:
            return self.request_h
        return max(0.0, self.granted_h - float(self.sim.env.now))

    def ask(self) -> None:
        """The first order to it is the request."""
        if self.granted_h < math.inf:
            return
        self.granted_h = float(self.sim.env.now) + self.request_h
        if self.request_h:
            command, size = self.sim.world.command, self.crew.member.size
            self.sim.log(Kind.AID_ASKED, command, self.crew.here, persons=size, amount=self.request_h)

    def changeover_h(self, mission: Any) -> float:
        """Hours to load for a mission, hours of daylight or night alike."""
        wanted = LOADS.get(mission.request.task, "")
        return float(self.record.changeover_h) if self.load and wanted and wanted != self.load else 0.0

    def change(self, mission: Any) -> None:
        """It is loaded for a mission from now on."""
        wanted = LOADS.get(mission.request.task, "")
        if self.load and wanted:
            self.load = wanted


def requested_h(record: Any, parameters: Parameters) -> float:
    """Hours from the request for a responder (its row) until it is granted; army units by default `military_request_h`.

    None for one whose partner has granted it before it came.

    In urgent danger the government may ask the garrison directly, and it acts at once; else the request goes by way of
    the county's military department (Order 436 of the State Council and the Central Military Commission, 2005, art. 4).
    """
    if record.partner:
        return 0.0
    # Kinds without the column ask nobody; where it is left empty it goes by the kind.
    stated = getattr(record, "request_h", 0.0)
    if stated is not None:
        return float(stated)
    return float(parameters.military_request_h) if record.kind == "military" else 0.0


def of(crew: Crew) -> Turnout | None:
    """Of a crew whose row states any of it; None where its turnout is all."""
    record = crew.record
    night_h, request_h = getattr(record, "turnout_night_h", None), requested_h(record, crew.sim.parameters)
    # Most have none of it: what is reckoned for one then holds for all who are alike (`Dispatcher._way_eta_h`).
    if night_h is None and not request_h and not getattr(record, "loaded_for", ""):
        return None
    return Turnout(crew)
