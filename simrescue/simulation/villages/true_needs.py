"""What is truly needed and since when, whether command knows of it or not.

Command acts on what it hears; how well it did is judged against what was there. A request says in the log since when
its need was true, and a need that ends, or lasts to the end, without any request is written as never reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simrescue.events import EventKind as Kind
from simrescue.simulation.requests import Key

if TYPE_CHECKING:
    from simrescue.simulation.state import Replication


@dataclass(slots=True)
class TrueNeed:
    """One need that stands."""

    since_h: float
    task: int
    place: int
    persons: float
    heard: bool = False


class TrueNeeds:
    """All needs of one replication that stand now."""

    def __init__(self, sim: Replication) -> None:
        self.sim = sim
        self.standing: dict[Key, TrueNeed] = {}

    def tell(self, key: Key, task: int, place: int, persons: float, by_crew: bool = False) -> None:
        """So many people at a place are truly in need (0: none any more, `by_crew`: since a crew has helped)."""
        need = self.standing.get(key)
        if persons > 0:
            if need is None:
                self.standing[key] = TrueNeed(self.sim.env.now, task, place, persons)
            else:
                # What was never reported is told by the most who were in need at once.
                need.persons = max(need.persons, persons)
        elif need is not None:
            del self.standing[key]
            if not by_crew:
                self._never_reported(need)

    def hear(self, key: Key) -> float:
        """Command learns of a need: the hour since which it is true (now, where it only foresees it)."""
        need = self.standing.get(key)
        if need is None:
            return float(self.sim.env.now)
        need.heard = True
        return need.since_h

    def since_h(self, key: Key) -> float:
        """The hour since which a need is true (now, where it is not yet), of which command has not heard."""
        need = self.standing.get(key)
        return float(self.sim.env.now) if need is None else need.since_h

    def forget(self, key: Key) -> None:
        """Command holds a need to be over: if it is not, what is left of it is unknown from now on."""
        need = self.standing.get(key)
        if need is not None:
            need.since_h, need.heard = self.sim.env.now, False

    def finish(self) -> None:
        """The scenario ends: write the needs of which nobody ever heard."""
        for need in sorted(self.standing.values(), key=lambda need: (need.task, need.place)):
            self._never_reported(need)

    def _never_reported(self, need: TrueNeed) -> None:
        if not need.heard:
            self.sim.log(Kind.NEVER_REPORTED, need.place, need.place, -1, -1, need.task, need.persons, need.since_h)
