"""What a response level orders besides setting crews free: staff of depots, crews made ready, the order to leave.

Each level adds its orders to those of the levels below it; who has done a thing already does it no second time. When a
level is lowered, crews that it held ready stand down.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simrescue.events import EventKind as Kind
from simrescue.simulation.people import evacuation

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation

READY = {"ready_crews": False, "ready_aircraft": True}
"""Orders to make ready -> whether they are to those that fly."""


class LevelOrders:
    """All such orders of one replication; made when the warnings have been planned."""

    def __init__(self, sim: Simulation) -> None:
        self.sim, self.settings = sim, sim.settings.response
        self.planned = {village.index for village in sim.villages if Kind.ORDERED in village.warning_state.to_come}
        """Villages whose order is to come by the forecast, or at a moment that the scenario states."""
        self.ready_by: dict[str, int] = {}
        """Order to be ready -> the lowest level that gave it."""
        self.orders: dict[str, Callable[[str, int, int], None]] = {
            "open_depots": self._open_depots,
            "evacuate": self._evacuate,
            **dict.fromkeys(READY, self._stand_by),
        }
        sim.command.on_level.append(self.give)
        sim.command.on_lowered = self.take_back

    def give(self, level: int, before: int, row: int) -> None:
        """A level has been raised: its orders, and those of the levels that it skips.

        Args:
            level: its number.
            before: number of the level until now.
            row: of the log.
        """
        # From the lower to the higher: each adds its orders to those of the levels below it.
        for number in range(before - 1, level - 1, -1):
            for order in self.settings.of(number).orders:
                self.orders[order](order, number, row)
        for held, flies in READY.items():
            # Also by a lower level: crews that this one sets free make ready with the others.
            if held in self.ready_by:
                self._make_ready(flies=flies, level=level, row=row)

    def take_back(self, level: int) -> None:
        """A level has been lowered to another (its number), or to none: who was ready by a higher one stands down."""
        for order in [held for held, by in self.ready_by.items() if by < level]:
            del self.ready_by[order]
            for crew in self.sim.crews:
                if crew.member.flies == READY[order]:
                    self.sim.command.stand_down(crew)

    def _open_depots(self, _: str, level: int, row: int) -> None:
        """Staff are called before the first lorry comes."""
        for index, depot in sorted(self.sim.depots.items()):
            if depot.opens_h is None:
                depot.order_staff()
                self.sim.log(Kind.MADE_READY, self.sim.world.command, index, row, item=level)

    def _stand_by(self, order: str, level: int, _: int) -> None:
        """Crews are to be ready from now on, while this level is in force."""
        self.ready_by.setdefault(order, level)

    def _make_ready(self, *, flies: bool, level: int, row: int) -> None:
        """Crews that stand free at their bases begin their turnout: now, or with the level that sets them free."""
        for crew in self.sim.crews:
            if crew.member.flies == flies and self.sim.command.make_ready(crew):
                size = crew.member.size
                self.sim.log(Kind.MADE_READY, self.sim.world.command, crew.here, row, item=level, persons=size)

    def _evacuate(self, _: str, level: int, row: int) -> None:
        """The order to leave comes now where it is still to come, or where people have come home since the last.

        Moments that the scenario states stand.
        """
        zones = self.settings.of(level).zones
        for village in self.sim.villages:
            if village.record.ordered and (not zones or village.record.zone in zones):
                self._order_out(village, row)

    def _order_out(self, village: VillageState, row: int) -> None:
        state = village.warning_state
        if state.is_back and Kind.ORDERED not in state.to_come:
            evacuation.call_out(self.sim, village, Kind.ORDERED, row)
        # Its order is to come by itself: brought forward where it may be, and never given twice.
        elif village.index in self.planned:
            if Kind.ORDERED in state.to_come & state.may_hasten:
                evacuation.take(self.sim, village, Kind.ORDERED, row)
        elif not village.ordered_out:
            village.ordered_out = True
            evacuation.call_out(self.sim, village, Kind.ORDERED, row)
