"""What has failed and can be repaired by now: its work, the request for it, and from where crews get to it.

Everything comes back by itself at its own time too, as it does where nobody is sent: by the staff of roads, grid and
telephone companies whom no scenario names. Crews with the task `repair` only shorten that; what is done first counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from simrescue.network import great_circle_km
from simrescue.responders import REPAIR
from simrescue.simulation.command.decision import BOUND_BY
from simrescue.simulation.requests import RepairRequest

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Crew
    from simrescue.simulation.state import Simulation


class Repairs:
    """All repairs of one replication that crews could do; none where nobody has the task."""

    def __init__(self, sim: Simulation) -> None:
        self.sim, world = sim, sim.world
        self.members = [member for member in world.members if REPAIR in member.tasks]
        self.standing: dict[int, RepairRequest] = {}
        """Thing -> the request for it, open, or to be opened when command has heard of it."""
        trucks = world.network.profiles["truck"].neighbours
        self.on_roads = [place for place in range(world.n_places) if trucks[place]] if self.members else []

    def begin(self, thing: int, crew_h: float, repaired: Callable[[int], Any], known_after_h: float = 0.0) -> None:
        """Work can be done at a road, a station or a power area from now on.

        Args:
            thing: its index.
            crew_h: hours that the crew takes that the parameters are for (`repair_crew`).
            repaired: what follows when crews have done it, from the row that tells of it.
            known_after_h: until command hears that it has failed.
        """
        if not self.members or thing in self.standing:
            return
        need = RepairRequest(thing, *self._access(thing), crew_h * self.sim.parameters.repair_crew, repaired)
        self.standing[thing] = need
        if known_after_h > 0:
            self.sim.env.timeout(known_after_h).callbacks.append(lambda _: self._open(need))
        else:
            self._open(need)

    def _open(self, need: RepairRequest) -> None:
        # It may work again by itself before command hears that it failed, or have failed anew.
        if self.standing.get(need.thing) is need:
            self.sim.command.ask_for_repair(need)

    def end(self, thing: int, cause: int = -1, crew: Crew | None = None) -> None:
        """Nothing is left to do there: it works again, or the water is back. Who works at it is free.

        Args:
            thing: its index.
            cause: row of the log that tells of it.
            crew: whose work it was, and who tells command; None: whoever runs it sees it at once.
        """
        need = self.standing.pop(thing, None)
        if need is None:
            return
        need.is_over = True
        if crew is None:
            self._put_down(need, cause)
        else:
            self.sim.contact.hear_crew(crew, cause, lambda heard: self._put_down(need, heard))

    def _put_down(self, need: RepairRequest, cause: int) -> None:
        need.amount = 0.0
        self.sim.command.close(need, cause)
        for member in self.members:
            crew = self.sim.crews[member.number]
            if crew.mission is None or crew.mission.request is not need:
                continue
            # Who is at work when it is done ends by himself; all others are on their way for nothing.
            if not need.is_done or crew.index not in need.at_work:
                self.sim.command.call_off(crew, cause)

    # ---- the way there

    def _access(self, thing: int) -> tuple[int, float]:
        """The place on a road from which a thing is repaired, and km from there over land.

        Of a road that end which crews get to by what is known, the nearer to their bases if they get to both or none;
        of a place without a road the nearest place that has one.
        """
        world, first = self.sim.world, self.sim.world.first["roads"]
        if thing >= first:
            ends = sorted(world.network.ends[thing - first], key=self._dry_h)
            return next((end for end in ends if self._is_reached(end)), ends[0]), 0.0
        if world.network.profiles["truck"].neighbours[thing] or not self.on_roads:
            return thing, 0.0
        spot, places = world.places[thing], [world.places[place] for place in self.on_roads]
        far_km = great_circle_km(
            spot.lon, spot.lat, np.array([place.lon for place in places]), np.array([place.lat for place in places])
        )
        nearest = int(np.argmin(far_km))
        return self.on_roads[nearest], float(far_km[nearest])

    def _dry_h(self, place: int) -> float:
        """Hours on dry roads from the nearest base of a crew."""
        profiles = self.sim.world.network.profiles
        ways = {(member.vehicle or "truck", member.base) for member in self.members}
        return min(float(profiles[vehicle].hours_out(base)[place]) for vehicle, base in sorted(ways))

    def _is_reached(self, place: int) -> bool:
        picture = self.sim.command.picture
        ways = {(BOUND_BY[member.vehicle], self.sim.crews[member.number].here) for member in self.members}
        return any(picture.reaches(picture.group(like, here), place) for like, here in ways)

    def look_for_ways(self) -> None:
        """A road is known open again: crews may get now to the other end of one that they could not get to."""
        first = self.sim.world.first["roads"]
        for thing, need in list(self.standing.items()):
            # Only roads have a second end, and nobody who is on his way is sent to the other one.
            if thing < first or need.number < 0 or need.coming or self._is_reached(need.place):
                continue
            place, _ = self._access(thing)
            if place != need.place:
                self._put_down(need, -1)
                moved = RepairRequest(thing, place, 0.0, need.work_h, need.repaired)
                self.standing[thing] = moved
                self._open(moved)
