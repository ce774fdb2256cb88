"""People on foot to a fire go one behind the other: a crew takes its time to pass, and the next one waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simrescue.simulation.missions.wildfire.staging import Point, straight_km, walk_h
from simrescue.simulation.requests import SuppressionRequest

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


class SingleFile:
    """The path to each fire from each place where its crews gather, in one replication."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._free_h: dict[tuple[int, int], float] = {}

    def passing_h(self, persons: float, start: Point, goal: Point) -> float:
        """Hours by daylight that people take to pass one spot of the way between two points, at its mean speed.

        Args:
            persons: who keep `file_spacing_m` from one another.
            start: of the way.
            goal: its end.
        """
        parameters, hours = self.sim.parameters, walk_h(self.sim, start, goal)
        way_m = 1000 * straight_km(start, goal) * parameters.walk_in_detour
        return persons * parameters.file_spacing_m * hours / way_m if way_m > 0 else 0.0

    def opens_h(self, need: SuppressionRequest) -> float:
        """The hour from which the path that a request leads to is free of those who have set out on it so far."""
        return self._free_h.get((need.fire, need.place), 0.0)

    def set_out(self, need: SuppressionRequest, passing_h: float) -> float:
        """A crew takes its turn on the path of its request, for as long as it passes; answers its hours of waiting."""
        now = self.sim.env.now
        # Behind all who have set out: nobody overtakes on a path.
        start_h = max(now, self.opens_h(need))
        self._free_h[need.fire, need.place] = start_h + passing_h
        return start_h - now
