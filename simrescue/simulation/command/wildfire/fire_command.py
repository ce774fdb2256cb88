"""What command knows of each fire and wants there, and who is there: the link between the fire and its fighters.

Command sends by stages (`Stage`): the first with the report, a higher one once the fire is so large or has burned so
long. A contained fire needs hands to mop up, one mopped up some to watch it, one that is out nobody. Who is more than
is wanted goes: from a fire that is held the highest tier first, since those from elsewhere do not stay to clear and
watch (national plan for forest and grassland fires of 2020, section on clearing and watching, from memory); then those
longest at the fire.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, get_args

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import CONTAINED, CONTROLLED, Drop, Effort, FireChanges, FireHazard
from simrescue.responders import RECONNAISSANCE, RESPONSE_LEVELS, SUPPRESSION, WATER_DROP, LevelOfGovernment
from simrescue.simulation.command.decision import left
from simrescue.simulation.command.wildfire.fire_orders import FireOrders
from simrescue.simulation.command.wildfire.fire_stages import CLOSED, Known, Wanted, highest_stage, wanted
from simrescue.simulation.command.wildfire.forces_divided import TASKS, FireForces
from simrescue.simulation.missions.wildfire import crew_safety, staging, work_rules
from simrescue.simulation.missions.wildfire.helitack import Lift
from simrescue.simulation.missions.wildfire.line import BuildLine
from simrescue.simulation.missions.wildfire.line_assignment import (
    FLIGHT,
    LOST,
    OVERRUN,
    RELEASED,
    RULE,
    SHIFT,
    LineAssignment,
)
from simrescue.simulation.missions.wildfire.line_relief import LineRelief
from simrescue.simulation.missions.wildfire.pump_water import WaterSupply
from simrescue.simulation.missions.wildfire.single_file import SingleFile
from simrescue.simulation.requests import FIRE_REQUESTS, SMALL, OpenRequest, SuppressionRequest, fire_key

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Crew
    from simrescue.simulation.state import Simulation

TIERS = ("", *get_args(LevelOfGovernment))
PERSONS, AIRCRAFT = 0, 1
"""What command wants more of, as in the `item` of REINFORCES."""


class Fires:
    """All fires of one replication."""

    def __init__(self, sim: Simulation, hazard: FireHazard) -> None:
        self.sim, self.hazard = sim, hazard
        first = sim.world.first["ignitions"]
        self.known = [Known(i, first + i) for i in range(len(sim.world.scenario.ignitions))]
        self.stages = sim.settings.wildfire.stages
        self.assignments: dict[int, LineAssignment] = {}
        self.leaving: dict[int, LineAssignment] = {}
        """Crews that have left their fire and are on foot on their way back to the road."""
        self.drops: list[Drop] = []
        self.lifts: dict[int, Lift] = {}
        self.forces = FireForces(sim)
        self.relief = LineRelief(sim)
        sim.command.when_ready = self.divide_among_asking
        self.hands = sum(member.hands for member in sim.world.members if SUPPRESSION in member.tasks)
        flyers = [member for member in sim.world.members if member.flies]
        self.buckets = sum(WATER_DROP in flyer.tasks and flyer.record.bucket_t > 0 for flyer in flyers)  # type: ignore[attr-defined]
        self.lookouts = sum(RECONNAISSANCE in flyer.tasks for flyer in flyers)
        self.water = WaterSupply(sim)
        self.paths = SingleFile(sim)
        self.orders = FireOrders(sim, hazard, self.known)

    @property
    def active(self) -> bool:
        """Whether somebody is at a fire or water is on its way down."""
        return bool(self.assignments or self.drops)

    def place_of(self, fire: int) -> int:
        """Thing index of the ignition of a fire."""
        return self.known[fire].place

    # ---- news

    def report(self, fire: int, cause: int) -> None:
        """Command learns how a fire stands now: it says where crews gather, and what it wants there."""
        known = self.known[fire]
        if not known.is_known:
            known.reported_h = self.sim.env.now
            self.sim.true_needs.hear(fire_key(fire))
            if self.lookouts:
                self._ask(RECONNAISSANCE, known, known.place, 1, cause)
        self._raise_stage(known, cause)
        self.orders.look(fire)
        self._review(known, cause)

    def _raise_stage(self, known: Known, cause: int) -> None:
        state = self.hazard.state(known.number)
        known.stands(state.state, self.sim.env.now)
        danger = self.hazard.danger_grade(self.sim.env.now)
        number = highest_stage(self.stages, state.area_ha, self.sim.env.now - known.since_h, danger)
        if number > known.stage and state.state not in CLOSED:
            self._enter_stage(known, number, cause)

    def _enter_stage(self, known: Known, number: int, cause: int) -> None:
        old, stage = known.stage, self.stages[number]
        known.stage = number
        if old >= 0:
            log, command = self.sim.log, self.sim.world.command
            if stage.persons > self.stages[old].persons:
                log(Kind.REINFORCES, command, known.place, cause, item=PERSONS, amount=stage.persons)
            if stage.helicopters > self.stages[old].helicopters:
                log(Kind.REINFORCES, command, known.place, cause, item=AIRCRAFT, amount=stage.helicopters)
        # The stages passed over count too: one of them may have named the level.
        named = [passed.level for passed in self.stages[old + 1 : number + 1] if passed.level]
        highest = min(named, key=RESPONSE_LEVELS.__getitem__, default="")
        if highest and RESPONSE_LEVELS[highest] < self.sim.command.level:
            self.sim.command.raise_level(highest, cause)

    def _gather(self, known: Known, cause: int) -> None:
        """Where crews gather: elsewhere when that place has become unsafe, or much is saved on foot."""
        sim, was = self.sim, known.staging
        # Once: their distances are from where the fire began, and that stays.
        known.roads = known.roads or staging.on_roads(sim, known.place)
        best = staging.best(sim, known.number, known.roads)
        if best is None:
            return
        # Those on the road would have to turn, so that a place that still serves is kept unless much is saved.
        if was is not None and staging.is_joined(sim, was.place) and staging.is_safe(sim, was.place):
            now = staging.way_from(sim, known.number, was.place)
            if now is not None and now.km - best.km <= sim.parameters.staging_nearer_km:
                known.staging = now
                return
        known.staging = best
        if was is None or was.place != best.place:
            sim.log(Kind.STAGES, sim.world.command, known.place, cause, amount=best.place)

    # ---- what is wanted

    def _reckon(self, known: Known) -> None:
        """What a fire needs by how it stands now."""
        state = self.hazard.state(known.number)
        known.wants = wanted(state, self._against_open_edge(known), known.held_by, self.sim.parameters)
        known.edge_km = state.perimeter_km if state.state in CLOSED else state.open_km

    def _want(self, known: Known, cause: int) -> None:
        self._ask_for_forces(known, cause)
        if known.state in CLOSED:
            self._ask(RECONNAISSANCE, known, known.place, 0, cause)

    def _ask_for_forces(self, known: Known, cause: int) -> None:
        persons, aircraft = known.wants
        if known.staging is not None:
            self._ask(SUPPRESSION, known, known.staging.place, persons, cause)
        self._ask(WATER_DROP, known, known.place, aircraft, cause)

    def _ask(self, task: int, known: Known, place: int, amount: float, cause: int) -> None:
        """Have command send so many for a task at a fire to a place."""
        need = FIRE_REQUESTS[task](known.number, place)
        if task in TASKS:
            item = TASKS.index(task)
            need.quota, need.refused = known.quota[item], known.refused[item]
        self.sim.command.ask_for_fire(need, known.place, amount, cause)

    def _let_go(self, known: Known) -> None:
        """Crews that a fire does not want any more leave, and those that others need more."""
        at_fire = [assignment for assignment in self.assignments.values() if assignment.need.fire == known.number]
        may_spare = bool(at_fire) and self.forces.may_spare(at_fire[0].need)
        is_held = known.state in CLOSED
        for assignment in sorted(at_fire, key=partial(_first_to_go, is_held)):
            need, share = assignment.need, assignment.share
            # Its share is open already (`LineRelief`), so that neither part nor surplus hangs on it.
            if assignment.crew.index in self.relief.waiting:
                if self.relief.is_replaced(assignment):
                    self.dismiss(assignment)
                continue
            is_spared = may_spare and self.is_spared(need, share)
            if self.is_surplus(need, share) or (is_spared and self.forces.is_worth_moving(assignment, self.known)):
                self.dismiss(assignment)

    def divide_among_asking(self, crew: Crew) -> None:
        """Somebody has come free: where several fires want crews or aircraft, the part of each is another."""
        asking = [known for known in self.known if known.is_known and any(known.wants)]
        competes = len(asking) > 1 or (asking and self.forces.reserve.rules)
        if competes and not crew.member.tasks.isdisjoint(TASKS):
            self.forces.divide(asking, -1)
            for known in asking:
                self._ask_for_forces(known, -1)

    def _against_open_edge(self, known: Known) -> Wanted:
        """As the stages say; without stages all there are."""
        if self.stages:
            stage = self.stages[known.stage] if known.stage >= 0 else None
            return (float(stage.persons), float(stage.helicopters)) if stage else (0.0, 0.0)
        return float(self.hands), float(self.buckets)

    def is_surplus(self, need: OpenRequest, share: float) -> bool:
        """Whether the others at a fire or on their way there are enough without a crew's `share` (hands)."""
        return need.coming - share >= need.amount - SMALL

    def is_spared(self, need: OpenRequest, share: float) -> bool:
        """Whether a fire has its part without a crew's or an aircraft's `share` where others want it too."""
        return left(need) + share <= SMALL

    def dismiss(self, assignment: LineAssignment) -> None:
        """A crew is not wanted at its fire any more; from one that is held it goes to rest if it has worked long."""
        assignment.dismissed = True
        crew = assignment.crew
        rests_from_h = self.sim.parameters.release_rest_share * crew.record.shift_h
        if self.known[assignment.need.fire].state in CLOSED and self.sim.env.now - crew.on_duty_h >= rests_from_h:
            crew.end_shift()
        share, assignment.share = assignment.share, 0.0
        self.sim.command.withdraw(assignment.need, share)
        self._end(assignment, RELEASED)

    # ---- crews at the fires

    def walk_in_h(self, need: SuppressionRequest, persons: float) -> float:
        """Hours on foot by daylight from where crews gather to the edge, as at the last report.

        Until half of so many persons are there, who come one after another.
        """
        gathering = self.known[need.fire].staging
        if gathering is None:
            return 0.0
        record = self.sim.world.places[gathering.place]
        start = record.lon, record.lat
        hours = staging.walk_h(self.sim, start, gathering.point)
        return hours + self.paths.passing_h(persons, start, gathering.point) / 2

    def join(self, crew: Crew, need: SuppressionRequest, share: float) -> LineAssignment:
        """A crew has come to where the crews of a fire gather, with its `share` (hands) of the request."""
        self.known[need.fire].is_attacked = True
        assignment = self.assignments[crew.index] = LineAssignment(self.sim, crew, need, share)
        if self.is_surplus(need, share) or self.is_spared(need, share):
            self.dismiss(assignment)
        return assignment

    def on_the_road(self, fire: int) -> list[BuildLine]:
        """Missions of crews that are on their way to where the crews of a fire gather, in the order of the crews."""
        missions = (crew.mission for crew in self.sim.crews)
        to_fires = (mission for mission in missions if isinstance(mission, BuildLine) and mission.assignment is None)
        return [mission for mission in to_fires if mission.request.fire == fire and not mission.is_called_off]

    def part(self, assignment: LineAssignment) -> None:
        """A crew leaves the fire for good: what it was wanted for is open again."""
        if self.assignments.pop(assignment.crew.index, None) is None:
            return
        self.leaving[assignment.crew.index] = assignment
        self.relief.forget(assignment)
        self.hazard.leave(assignment.crew.index)
        self.orders.leave(assignment.crew.index)
        if assignment.share:
            self.sim.command.withdraw(assignment.need, assignment.share)

    def be_gone(self, assignment: LineAssignment) -> None:
        """A crew is back on the road, or lost."""
        del self.leaving[assignment.crew.index]
        self.hazard.leave(assignment.crew.index)

    def drop(self, crew: Crew, fire: int, tonnes: float) -> None:
        """Water has been dropped on the front of a fire."""
        self.drops.append(Drop(crew.index, fire, tonnes))

    def effort(self, now: float) -> Effort:
        """What has been done since the last call, up to hour `now`.

        Person-hours of the crews on the line, and drops.
        """
        on_line = [assignment for _, assignment in sorted(self.assignments.items()) if assignment.works]
        for assignment in on_line:
            self._locate(assignment)
        works = [assignment.put_in(now, assignment.at) for assignment in on_line]
        drops, self.drops = tuple(self.drops), []
        return Effort(tuple(work for work in works if work.person_h > 0), drops)

    def _locate(self, assignment: LineAssignment) -> None:
        """Keep where a crew works now."""
        post = self.hazard.post(assignment.crew.index)
        if post is not None:
            assignment.at = (post.lon, post.lat)

    def apply(self, changes: FireChanges, rows: Mapping[int, int]) -> None:
        """The fires have moved on: write down what crews have done; who is in danger or not needed any more leaves.

        `rows`: for fires whose state has changed, the row that tells of it.
        """
        for fire, state in changes.states:
            self.known[fire].stands(state, self.sim.env.now)
            if state == CONTAINED:
                self.known[fire].held_by = math.fsum(
                    assignment.share for assignment in self.assignments.values() if assignment.need.fire == fire
                )
        self._write_down(changes)
        crew_safety.tell_entrapped(self.sim, changes.entrapped)
        for index in changes.overrun:
            self._overrun(index)
        for fire, state in changes.states:
            if state not in (CONTAINED, CONTROLLED):  # a fire just held keeps its crews until the next report
                self._review(self.known[fire], rows.get(fire, -1))
        for known in self.known:
            if known.staging is not None and known.staging.place in self.sim.unsafe:
                self._review(known, -1)
        for known in self.known:
            self._look_for_gaps(known)
        for _, assignment in sorted((self.leaving | self.assignments).items()):
            self._look(assignment)

    def _look_for_gaps(self, known: Known) -> None:
        """The smoke over the front may let aircraft through that are wanted and could not drop before."""
        need = self.sim.command.open.get(fire_key(known.number, WATER_DROP))
        # Nobody waits there for a gap: water is not wanted, or enough is on its way.
        if need is None or need.entry is None:
            known.clear = False
            return
        was, point = known.clear, self.hazard.water_point(-1, known.number)
        known.clear = point is not None and not staging.is_smoked_in(self.sim, point)
        if known.clear and not was:
            self.sim.command.look_again({known.place}, WATER_DROP)

    def _review(self, known: Known, cause: int) -> None:
        """What is wanted at a fire now; what it gets, the others that want the same do not."""
        if not known.is_known:
            return
        self._gather(known, cause)
        self._tell_mop_up(known)
        # Others that want something too: what this one gets they do not.
        reviewed = [fire for fire in self.known if fire is known or any(fire.wants)]
        # All at one moment, so that no fire gets more only because its report comes first.
        for fire in reviewed:
            self._reckon(fire)
        self.forces.divide(reviewed, cause)
        for fire in reviewed:
            self._want(fire, cause)
        for fire in reviewed:
            self._let_go(fire)

    def _write_down(self, changes: FireChanges) -> None:
        log = self.sim.log
        for index, fire, cell, width_m in changes.lines:
            log(Kind.LINE, index, self.place_of(fire), self._row_of(index), item=round(10 * width_m), amount=cell)
        for index, metres in changes.taken:
            if index in self.assignments:
                log(Kind.LINE_TAKEN, index, self.assignments[index].place, self._row_of(index), amount=metres)
        for index, fire, cell in changes.lit:
            log(Kind.BURNS_OUT, index, self.place_of(fire), self._row_of(index), amount=cell)
        for index, fire, cell in changes.wets:
            log(Kind.WETS, index, self.place_of(fire), amount=cell)
        for index, metres, _ in changes.built:
            if index in self.assignments:
                self.assignments[index].metres += metres
        poured = {index: (used_t, waited_h) for index, used_t, waited_h in changes.poured}
        for index, assignment in self.assignments.items():
            assignment.water.settle(*poured.get(index, (0.0, 0.0)))

    def _row_of(self, index: int) -> int:
        return self.assignments[index].row if index in self.assignments else -1

    def _tell_mop_up(self, known: Known) -> None:
        """With each report, the tenths of the edge that are mopped up by now, by the first of the crews there."""
        in_order = (assignment for _, assignment in sorted(self.assignments.items()))
        assignment = next((crew for crew in in_order if crew.works and crew.need.fire == known.number), None)
        if assignment is None:
            return
        closed = known.state in CLOSED
        # A hair more: seven tenths added up from cells may be a digit short of it.
        tenths = math.floor(10 * self.hazard.state(known.number).mopped + 1e-9) if closed else 0
        if tenths > known.mopped:
            self.sim.log(Kind.MOPS_UP, assignment.crew.index, known.place, assignment.row, item=10 * tenths)
        known.mopped = tenths

    def _overrun(self, index: int) -> None:
        self.hazard.leave(index)
        self.forces.lost.add(index)
        assignment = self.assignments.get(index) or self.leaving.get(index)
        if assignment is not None:
            assignment.be_caught()
            self._end(assignment, OVERRUN)

    def _look(self, assignment: LineAssignment) -> None:
        """Danger first, then the end of the shift, then whether there is still something to do where they stand."""
        if assignment.on_foot:
            crew_safety.look_on_foot(self.sim, assignment)
        if not assignment.works:
            return
        index = assignment.crew.index
        danger = crew_safety.why_leave(self.sim, assignment)
        if danger is not None:
            self._end(assignment, danger)
        elif work_rules.must_stop(assignment):
            self._end(assignment, RULE)
        elif assignment.entrapped or self.relief.is_over(assignment):
            self._end(assignment, SHIFT)
        elif self.hazard.post(index) is None or self.orders.has_changed(assignment):
            self._end(assignment, LOST)

    def _end(self, assignment: LineAssignment, why: int) -> None:
        if assignment.works:
            self._locate(assignment)
            assignment.call_off(why)
            if why in FLIGHT:
                crew_safety.flee(self.sim, assignment)
            elif why != LOST:
                self.hazard.leave(assignment.crew.index)

    def finish(self) -> None:
        """The scenario ends: line that crews have built in the assignment under way is written down."""
        for _, assignment in sorted(self.assignments.items()):
            assignment.tell_line()


def _first_to_go(is_held: bool, assignment: LineAssignment) -> tuple[int, float, int]:
    """Sort key of those at a fire by who leaves it first, for `sorted`."""
    tier = TIERS.index(assignment.crew.record.level) if is_held else 0
    return -tier, assignment.joined_h, assignment.crew.index
