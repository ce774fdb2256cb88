"""The crews and aircraft that there are for fires, and the part of each fire where several want them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.responders import COVERS, SUPPRESSION, WATER_DROP
from simrescue.simulation.command.decision import left
from simrescue.simulation.command.wildfire import fire_division
from simrescue.simulation.command.wildfire.fire_division import Claim
from simrescue.simulation.command.wildfire.fire_reserve import FireReserve
from simrescue.simulation.command.wildfire.fire_stages import CLOSED, Known
from simrescue.simulation.missions.wildfire import staging
from simrescue.simulation.requests import SMALL, FireRequest, fire_key

if TYPE_CHECKING:
    from simrescue.simulation.missions.wildfire.line_assignment import LineAssignment
    from simrescue.simulation.protocols import Crew
    from simrescue.simulation.state import Simulation

TASKS = (SUPPRESSION, WATER_DROP)
"""What fires have divided among them, in the order of the `item` of DIVIDES."""


class FireForces:
    """Who there is for the fires of one replication."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.lost: set[int] = set()
        """Crews (indexes of things) that the front has reached."""
        self.reserve = FireReserve(sim)
        self.told: dict[tuple[int, int], float] = {}
        """Part of each fire as last told, by fire and task."""

    def crews(self, task: int) -> list[Crew]:
        """Crews with a task that are free, or on a fire or on their way there or back with time left in their shift."""
        idle = self.sim.command.roster.candidates
        return [
            crew
            for crew in self.sim.crews
            if task in crew.member.tasks
            and COVERS[task](crew.member) > 0
            and (crew.number in idle or (self._is_at_a_fire(crew, task) and not is_spent(crew)))
        ]

    def _is_at_a_fire(self, crew: Crew, task: int) -> bool:
        if crew.index in self.lost:
            return False
        # Who has just been sent does not know it yet.
        order: Any = crew.wake.value if crew.wake.triggered else (crew.mission, None)
        mission = order[0]
        return mission is not None and isinstance(mission.request, FireRequest) and mission.request.task == task

    # ---- among several fires

    def divide(self, fires: Sequence[Known], cause: int) -> None:
        """Say what each fire may have of what there is: how much (`Known.quota`) and whom not (`Known.refused`).

        One fire that alone wants it may have all but the reserve and those whom its stage does not call.
        """
        is_open = [fire for fire in fires if any(fire.wants) and fire.state not in CLOSED]
        for item, task in enumerate(TASKS):
            asking = [fire for fire in fires if fire.wants[item] > 0]
            if self.reserve.rules:
                self.reserve.review(is_open, item, task, self.crews(task))
            for fire in fires:
                fire.quota[item] = float("inf")
                fire.refused[item] = self.reserve.kept_from(fire, is_open, item)
                if task == SUPPRESSION:
                    fire.refused[item] |= self._not_called(fire)
            if len(asking) > 1:
                self._divide(asking, item, task, cause)

    def _not_called(self, fire: Known) -> AbstractSet[int]:
        """Crews whom no stage that a fire has reached calls."""
        passed = self.sim.settings.wildfire.stages[: fire.stage + 1]
        if not any(stage.tiers or stage.kinds for stage in passed):
            return frozenset()
        crews = (crew for crew in self.sim.crews if SUPPRESSION in crew.member.tasks)
        return {
            crew.index
            for crew in crews
            if not any(stage.calls(crew.record.level, crew.record.kind) for stage in passed)
        }

    def _divide(self, fires: Sequence[Known], item: int, task: int, cause: int) -> None:
        claims = [self._claim(fire, item, task) for fire in fires]
        crews = [crew for crew in self.crews(task) if not all(crew.index in fire.refused[item] for fire in fires)]
        kept = self.reserve.held[item].keys()
        # Without the reserve: it is not divided, but comes on top for the one fire that may draw on it.
        pool = math.fsum(COVERS[task](crew.member) for crew in crews if crew.index not in kept)
        if not crews:
            return
        if task == SUPPRESSION:
            shares = fire_division.people(claims, pool)
        else:
            shares = fire_division.aircraft(claims, round(pool), self.sim.parameters.fire_division_slack)
        for fire, claim in zip(fires, claims, strict=True):
            own = [crew for crew in crews if crew.index in kept and crew.index not in fire.refused[item]]
            fire.quota[item] = shares[claim.id] + math.fsum(COVERS[task](crew.member) for crew in own)
            self._tell(fire, item, claim.wanted, cause)

    def _claim(self, fire: Known, item: int, task: int) -> Claim:
        ignitions = self.sim.world.scenario.ignitions
        need = self.sim.command.open.get(fire_key(fire.number, task))
        edge_km = fire.edge_km
        if fire.threatens and fire.state not in CLOSED:
            edge_km *= self.sim.parameters.fire_threat_weight
        if task == WATER_DROP and not self._takes_water(fire):
            edge_km = 0.0
        return Claim(ignitions[fire.number].id, fire.wants[item], 0.0 if need is None else need.coming, edge_km)

    def _takes_water(self, fire: Known) -> bool:
        point = self.sim.fires.hazard.water_point(-1, fire.number)
        return point is not None and not staging.is_smoked_in(self.sim, point)

    def _tell(self, fire: Known, item: int, wanted: float, cause: int) -> None:
        """Write down a part that is less than wanted, and what has become of it, when it has changed by much."""
        part, key = fire.quota[item], (fire.number, item)
        last = self.told.get(key, wanted)
        if abs(part - last) > self.sim.parameters.fire_division_slack * max(last, SMALL):
            self.told[key] = part
            self.sim.log(Kind.DIVIDES, self.sim.world.command, fire.place, cause, item=item, amount=round(part))

    # ---- from fire to fire

    def may_spare(self, need: FireRequest) -> bool:
        """Whether a fire has so much more than its part that crews are taken off its line."""
        return need.coming > need.quota * (1 + self.sim.parameters.fire_division_slack) + SMALL

    def is_worth_moving(self, assignment: LineAssignment, fires: Sequence[Known]) -> bool:
        """Whether a crew would work longer at the nearest fire that lacks people than its way there takes."""
        crew, ways_h = assignment.crew, [self._way_h(assignment, fire) for fire in fires if self._lacks(fire)]
        left_h = crew.record.shift_h - (self.sim.env.now - crew.on_duty_h)
        # The way takes its part of what is left of the shift, and the rest has to be longer than the way.
        return bool(ways_h) and left_h > 2 * min(ways_h)

    def _lacks(self, fire: Known) -> bool:
        need = self.sim.command.open.get(fire_key(fire.number))
        return need is not None and left(need) > SMALL and fire.staging is not None

    def _way_h(self, assignment: LineAssignment, fire: Known) -> float:
        """Hours out of the line on foot, by road to where the crews of another fire gather, and in on foot."""
        crew, gathering = assignment.crew, fire.staging
        assert gathering is not None
        place = self.sim.world.places[gathering.place]
        on_foot_h = staging.walk_h(self.sim, assignment.at, assignment.start)
        start = place.lon, place.lat
        on_foot_h += staging.walk_h(self.sim, start, gathering.point)
        on_foot_h += self.sim.fires.paths.passing_h(crew.member.size, start, gathering.point) / 2
        drive_h = crew.moves.hours(crew.here, gathering.place) / crew.moves.drive_pace()
        return float(on_foot_h / crew.moves.pace() + drive_h)


def is_spent(crew: Crew) -> bool:
    """Whether a crew's shift is over; those who fly have none, they go by their hours in the air."""
    return not crew.moves.flies and bool(crew.sim.env.now - crew.on_duty_h >= crew.record.shift_h)
