"""Relief on the line: who is asked for ahead of the end of a shift, and until when those relieved stay.

Command asks for the relief of a crew so long before the end of its shift as the way of its relief takes: turnout and
road from the crew's own base, the way in on foot, and the time that both stay together. From then on the crew's hands
are open again and whoever is free is sent. Those relieved leave when as many hands have come to the line after they
were asked for and both have been there for `relief_overlap`, at the latest `relief_stay` after the end of their shift.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simrescue.events import EventKind as Kind
from simrescue.simulation.requests import SMALL

if TYPE_CHECKING:
    from simrescue.simulation.missions.wildfire.line_assignment import LineAssignment
    from simrescue.simulation.state import Simulation


class LineRelief:
    """Relief at all fires of one replication."""

    def __init__(self, sim: Simulation) -> None:
        rules = sim.settings.wildfire
        self.sim = sim
        self.stay_h, self.overlap_h = rules.relief_stay_h, rules.relief_overlap_h
        self.waiting: dict[int, LineAssignment] = {}
        """Crews whose relief has been asked for, by their index, the first asked first."""
        self.leaves_h: dict[int, float] = {}
        """When those leave whose relief has come."""
        self.come: dict[int, float] = {}
        """Hands that have come to each fire and do not make up a whole crew that waits yet."""

    def is_over(self, assignment: LineAssignment) -> bool:
        """Whether a crew at work leaves now, at the end of its shift or relieved; asks for its relief in time."""
        if not self.stay_h:
            return assignment.is_over
        index, now, end_h = assignment.crew.index, self.sim.env.now, self._end_h(assignment)
        if index not in self.waiting and now >= end_h - self._lead_h(assignment):
            self._ask(assignment)
        return now >= min(self.leaves_h.get(index, math.inf), end_h + self.stay_h)

    def _end_h(self, assignment: LineAssignment) -> float:
        return float(assignment.crew.on_duty_h + assignment.crew.record.shift_h)

    def _lead_h(self, assignment: LineAssignment) -> float:
        crew, fires = assignment.crew, self.sim.fires
        drive_h = crew.moves.hours(crew.member.base, assignment.need.place)
        on_foot_h = fires.walk_in_h(assignment.need, crew.member.size)
        way_h = crew.moves.mean_turnout_h + drive_h / crew.moves.drive_pace() + on_foot_h / crew.moves.pace()
        # With no way known the relief would be asked for at once, and the crew's hands be open for a whole shift.
        return float(way_h if way_h < math.inf else 0.0) + self.overlap_h

    def _ask(self, assignment: LineAssignment) -> None:
        """The hands of a crew are open again while it still works."""
        crew, share = assignment.crew, assignment.share
        self.waiting[crew.index] = assignment
        self.sim.log(
            Kind.RELIEF_ASKED, self.sim.world.command, assignment.place, assignment.row, assignment.need.number,
            persons=crew.member.size,
        )  # fmt: skip
        assignment.share = 0.0
        self.sim.command.withdraw(assignment.need, share)

    def comes(self, assignment: LineAssignment) -> None:
        """A crew begins to work on the line: with it may have come the relief of those who wait longest."""
        fire, crew = assignment.need.fire, assignment.crew
        relieved = [
            waits
            for waits in self.waiting.values()
            if waits.need.fire == fire and waits.crew.index not in self.leaves_h
        ]
        # Each crew relieves once, though it takes one post after another; and who waits himself relieves nobody.
        if crew.index in self.waiting or assignment.has_relieved or not relieved:
            return
        assignment.has_relieved = True
        hands = self.come.get(fire, 0.0) + assignment.share
        for waits in relieved:
            # First asked, first relieved: a smaller crew further back does not leave before.
            if hands < waits.crew.member.hands - SMALL:
                break
            hands -= waits.crew.member.hands
            self.leaves_h[waits.crew.index] = self.sim.env.now + self.overlap_h
            self.sim.log(
                Kind.RELIEF_COMES, self.sim.world.command, waits.place, assignment.row, waits.need.number,
                persons=waits.crew.member.size,
            )  # fmt: skip
        self.come[fire] = hands

    def is_replaced(self, assignment: LineAssignment) -> bool:
        """Whether others at work are enough without a crew that still waits for its relief."""
        if assignment.crew.index in self.leaves_h:
            return False
        fires, need = self.sim.fires, assignment.need
        at_work = (other for other in fires.assignments.values() if other.need.fire == need.fire and other.works)
        return bool(math.fsum(other.share for other in at_work) >= need.amount - SMALL)

    def forget(self, assignment: LineAssignment) -> None:
        """A crew leaves the fire for good."""
        index = assignment.crew.index
        self.waiting.pop(index, None)
        self.leaves_h.pop(index, None)
        if not any(waits.need.fire == assignment.need.fire for waits in self.waiting.values()):
            self.come.pop(assignment.need.fire, None)
