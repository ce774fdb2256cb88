"""What command orders crews to do at a fire: the planner's orders, else the policy of tactics.

An order goes to a crew when it asks for a post, and at once to those on the line when it begins or ends. A crew that
cannot do as ordered says why and works as it sees fit until it asks for a post again; its hands are then those of
another, where the order is for so many. Crews that are ordered to one line judge by the hands of all of them, those on
the road too, whether there is time to build it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import AS_FOUND, HELD, FireHazard, Hands, Order, Post, Refusal, Tactic, Tools
from simrescue.hazards.wildfire.orders import FireOrder
from simrescue.hazards.wildfire.tactics_policies import TACTICS_POLICIES, TacticsView, Threatened
from simrescue.simulation.command.wildfire.fire_stages import CLOSED, Known
from simrescue.simulation.missions.wildfire import crew_safety, staging
from simrescue.simulation.missions.wildfire.line_assignment import UNBOUND, hands_of
from simrescue.simulation.missions.wildfire.staging import Point

if TYPE_CHECKING:
    from simrescue.simulation.missions.wildfire.line_assignment import LineAssignment
    from simrescue.simulation.protocols import Crew
    from simrescue.simulation.state import Simulation


class InForce(NamedTuple):
    """An order as a crew has it."""

    key: str
    """Id of the planner's order; empty: by the policy."""
    order: Order


BY_THEMSELVES = InForce("", AS_FOUND)
ASKS = -1
"""A crew that only asks whether it could take a post."""
BUILT_TOGETHER = (*HELD, Tactic.PARALLEL, Tactic.INDIRECT)
"""What is judged by the hands of all who are ordered to it."""


class FireOrders:
    """All orders of one replication."""

    def __init__(self, sim: Simulation, hazard: FireHazard, known: Sequence[Known]) -> None:
        self.sim, self.hazard, self.known = sim, hazard, known
        self.policy = TACTICS_POLICIES[sim.settings.wildfire.tactics]
        # The latest first: it takes the place of those before it.
        self.rows = sorted(sim.world.scenario.fire_orders, key=lambda row: (-row.time_h, row.id))
        self.fires = {row.id: number for number, row in enumerate(sim.world.scenario.ignitions)}
        self.under: dict[int, tuple[InForce, int]] = {}
        """Crew -> its order, and its people, from where it gathers until it leaves the fire."""
        self.told: dict[int, InForce] = {}
        """Crew -> its order as it last heard it."""
        self.places = {place.id: number for number, place in enumerate(sim.world.scenario.settlements)}
        self.expected: dict[int, list[tuple[float, int]]] = {}
        """Fire -> villages that it is expected at, as (hours, place), the soonest first."""
        self.refused: dict[int, tuple[InForce, Refusal]] = {}
        """Crew -> the order that it last found it cannot do, and why."""

    def way_in(self, assignment: LineAssignment, row: int) -> tuple[Point | None, int]:
        """Where a crew that gathers goes on foot: to the line that it is to hold, else to the edge of its fire.

        Whether there is time for that line its leaders judge before they go.

        Returns:
            The point, None where nothing burns; and the last row of the log.
        """
        fire, in_force = assignment.need.fire, self._in_force(assignment)
        self.under[assignment.crew.index] = in_force, assignment.crew.member.size
        edge = self.hazard.edge_point(fire, *assignment.start)
        line = self.hazard.line_point(in_force.order, *assignment.start)
        if edge is None or line is None or self.known[fire].state in CLOSED:
            return edge, row
        refused = self._refusal(assignment, in_force)
        return (line, row) if refused is None else (edge, self._refuse(assignment, in_force, refused, row))

    def _refusal(self, assignment: LineAssignment, in_force: InForce) -> Refusal | None:
        """Why a crew cannot go to a line that it is to hold from where it is now; None: it can."""
        own = hands_of(self.sim, assignment.crew)
        together = own.number, self.hands_together(assignment)
        limit_m = assignment.crew.record.flame_limit_m
        tools = Tools(limit_m, own.trained, False, own.machines, UNBOUND.slope, UNBOUND.flame_m, *together)
        post = self.hazard.take_post(ASKS, assignment.need.fire, *assignment.at, tools, in_force.order)
        self.hazard.leave(ASKS)
        return Refusal.NOTHING_TO_DO if post is None else post.refused

    def _refuse(self, assignment: LineAssignment, in_force: InForce, refused: Refusal, row: int) -> int:
        """A crew says why it cannot do as ordered, once; answers the last row of the log."""
        row, index = self._tell(assignment, in_force, row), assignment.crew.index
        # It asks again and again, and would say the same each time.
        if self.refused.get(index) == (in_force, refused):
            return row
        self.refused[index] = in_force, refused
        return self._log(Kind.ORDER_REFUSED, assignment, row, int(refused))

    def take_post(self, assignment: LineAssignment, tools: Tools, row: int) -> tuple[Post | None, int]:
        """A crew asks where to work: it is ordered, and takes its post or says why it cannot.

        No leader takes a post that the crew would have to leave at once.

        Returns:
            The post and the last row of the log.
        """
        index, fire = assignment.crew.index, assignment.need.fire
        if self.known[fire].state in CLOSED:  # there is nothing to do but to mop up
            return self.hazard.take_post(index, fire, *assignment.at, tools), row
        in_force = self._in_force(assignment)
        row = self._tell(assignment, in_force, row)
        post = self.hazard.take_post(index, fire, *assignment.at, tools, in_force.order)
        if post is not None and in_force.order != AS_FOUND:
            refused = post.refused
            if refused is None and crew_safety.why_leave(self.sim, assignment) is not None:
                refused = Refusal.TOO_DANGEROUS
                post = self.hazard.take_post(index, fire, *assignment.at, tools)
            if refused is None:
                self.refused.pop(index, None)
            else:
                row = self._refuse(assignment, in_force, refused, row)
        if post is not None and crew_safety.why_leave(self.sim, assignment) is not None:
            # It would have to leave at once: it waits, and asks again.
            self.hazard.leave(index)
            post = None
        return post, row

    def has_changed(self, assignment: LineAssignment) -> bool:
        """Whether a crew on the line is ordered otherwise now than when it took its post, and goes.

        Nobody leaves his post for a line for which there is no time.
        """
        if not self.rows and not self.policy.sees_villages:  # then nothing can change
            return False
        if self.known[assignment.need.fire].state in CLOSED:
            return False
        index = assignment.crew.index
        held, _ = self.under.get(index, (BY_THEMSELVES, 0))
        in_force = self._in_force(assignment)
        if in_force == held:
            return False
        # From now on it counts there: no more crews than an order is for leave their post at once.
        self.under[index] = in_force, assignment.crew.member.size
        refused = self._refusal(assignment, in_force) if in_force.order.tactic in HELD else None
        if refused is not None:
            assignment.row = self._refuse(assignment, in_force, refused, assignment.row)
        return refused is None

    def hands_together(self, assignment: LineAssignment) -> tuple[Hands, ...]:
        """Who is to build the line that a crew is ordered to, the crew among them; nobody: it is ordered to none.

        Of a line to hold these are all at the fire or on their way to it who are ordered there; of one in front of the
        edge those who have no post yet and begin where the crew does. Each counts from when he can be there. Who has
        said that he cannot or is called off does not count, nor do crews beyond those that the order is for.
        """
        own, fire = self._in_force(assignment), assignment.need.fire
        if own.order.tactic not in BUILT_TOGETHER:
            return ()
        where = self.hazard.line_point(own.order, *assignment.start) or assignment.at
        fires, begun = self.sim.fires, own.order.tactic not in HELD
        at_fire = [
            (other.crew, staging.walk_h(self.sim, other.at, where) / other.crew.moves.pace())
            for other in fires.assignments.values()
            if other is assignment or not (begun and other.works)
            if other.need.fire == fire and not other.dismissed and not other.entrapped
        ]
        walk_h = staging.walk_h(self.sim, assignment.start, where)
        coming = [
            (mission.crew, mission.gathers_in_h() + walk_h / mission.crew.moves.pace())
            for mission in fires.on_the_road(fire)
        ]
        ordered = [
            (crew, in_h)
            for crew, in_h in (*at_fire, *coming)
            if not self._cannot(crew.index, own) and self._in_force_of(crew, fire) == own
        ]
        most = self._most(own)
        index = assignment.crew.index
        # The crew itself first, then whoever has the order, then those who would still get it; they go whole.
        ordered.sort(
            key=lambda entry: (entry[0].index != index, not self._holds(entry[0], own), entry[1], entry[0].index)
        )
        people = accumulate((crew.member.size for crew, _ in ordered), initial=0)
        within = (entry for entry, before in zip(ordered, people, strict=False) if before < most)
        return tuple(hands_of(self.sim, crew, in_h) for crew, in_h in within)

    def _most(self, in_force: InForce) -> float:
        """For how many people an order is: of the planner's as it says, of the policy's those wanted at a village."""
        row = next((row for row in self.rows if row.id == in_force.key), None)
        if row is not None:
            return row.persons or math.inf
        return float(self.sim.parameters.protect_hands) if in_force.order.tactic == Tactic.PROTECT else math.inf

    def _holds(self, crew: Crew, in_force: InForce) -> bool:
        return self.under.get(crew.index, (BY_THEMSELVES, 0))[0] == in_force

    def _cannot(self, crew: int, in_force: InForce) -> bool:
        """Whether a crew has said that it cannot do as ordered; where nothing is left to do others cannot either."""
        held, why = self.refused.get(crew, (None, Refusal.NOTHING_TO_DO))
        return held == in_force and why != Refusal.NOTHING_TO_DO

    def look(self, fire: int) -> None:
        """Command learns how a fire stands: at which villages it expects it from now on."""
        if not self.policy.sees_villages:
            return
        lead_h = self.sim.settings.wildfire.order_lead_h
        places = range(len(self.sim.world.scenario.settlements))
        expected = ((self.hazard.expected_h(place, fire), place) for place in places)
        self.expected[fire] = [(hours, place) for hours, place in sorted(expected) if hours <= lead_h]

    def _view(self, index: int, fire: int) -> TacticsView:
        """What command sees when a crew (`index`) asks at a fire."""
        hands = [(held.order.place, n) for crew, (held, n) in self._doing() if crew != index]
        villages = tuple(
            Threatened(place, hours, sum(n for where, n in hands if where == place))
            for hours, place in self.expected.get(fire, ())
        )
        return TacticsView(villages, self.sim.parameters.protect_hands)

    def leave(self, crew: int) -> None:
        """A crew has left its fire."""
        for known in (self.under, self.told, self.refused):
            known.pop(crew, None)

    def _doing(self) -> Iterator[tuple[int, tuple[InForce, int]]]:
        """Crews with their order and people, without those who have said that they cannot do as ordered."""
        for crew, (held, people) in self.under.items():
            if not self._cannot(crew, held):
                yield crew, (held, people)

    def _tell(self, assignment: LineAssignment, in_force: InForce, row: int) -> int:
        """Give the crew its order, if it is another than it has."""
        index = assignment.crew.index
        self.under[index] = in_force, assignment.crew.member.size
        # Who has had no order does as he sees fit already: to be told so first is none.
        if in_force == self.told.get(index, BY_THEMSELVES):
            return row
        self.told[index] = in_force
        order = in_force.order
        row = self._log(Kind.CREW_ORDERED, assignment, row, int(order.tactic), order.distance_m)
        if order.tactic == Tactic.PROTECT:
            size, request = assignment.crew.member.size, assignment.need.number
            row = self.sim.log(Kind.PROTECTS, index, order.place, row, request, persons=size)
        return row

    def _log(self, kind: Kind, assignment: LineAssignment, row: int, item: int, amount: float = 0.0) -> int:
        crew = assignment.crew
        return self.sim.log(
            kind, crew.index, assignment.place, row, assignment.need.number, item, crew.member.size, amount=amount
        )

    def _in_force(self, assignment: LineAssignment) -> InForce:
        """What a crew is ordered to do now."""
        return self._in_force_of(assignment.crew, assignment.need.fire)

    def _in_force_of(self, crew: Crew, fire: int) -> InForce:
        """The same of a crew that is at a fire or on its way there."""
        row = next((row for row in self._rows_for(crew, fire) if self._has_room(row, crew.index)), None)
        if row is None:
            return InForce("", self.policy.choose(self._view(crew.index, fire)))
        place = self.places[row.place] if row.place else -1
        return InForce(row.id, Order(Tactic[row.tactic.upper()], row.distance_m, row.line, place, row.width_m))

    def _rows_for(self, crew: Crew, fire: int) -> Iterator[FireOrder]:
        now, record = self.sim.env.now, crew.record
        for row in self.rows:
            in_time = row.time_h <= now < (math.inf if row.until_h is None else row.until_h)
            of_fire = not row.fire or self.fires[row.fire] == fire
            of_crew = (not row.crews or record.id in row.crews) and (not row.kinds or record.kind in row.kinds)
            # Stages count from 1 in the table and from 0 here, with -1 for none.
            if in_time and of_fire and of_crew and self.known[fire].stage + 1 >= row.stage:
                yield row

    def _has_room(self, row: FireOrder, index: int) -> bool:
        """Whether an order is for more hands than the others have it for."""
        if not row.persons:
            return True
        others = math.fsum(hands for crew, (held, hands) in self._doing() if held.key == row.id and crew != index)
        return others < row.persons
