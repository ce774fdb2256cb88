"""Crews and aircraft that command keeps back for the next fire, by the fire danger of the day (`hazard.reserve`).

While a fire is fought, as many whole crews as fit into the share, and as many aircraft as the rule says, are not sent
to it: of those that are free, the farthest from all fires. Nobody is taken off a fire for the reserve. A fire that is
reported while another is open may draw on it until the first crew is there, and every fire may once a stage says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from simrescue.events import EventKind as Kind
from simrescue.responders import COVERS
from simrescue.simulation.command.wildfire.fire_stages import CLOSED, Known
from simrescue.simulation.requests import SMALL

if TYPE_CHECKING:
    from simrescue.hazards.wildfire.settings import Reserve
    from simrescue.simulation.protocols import Crew
    from simrescue.simulation.state import Simulation


class FireReserve:
    """What is kept back in one replication."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.rules, self.stages = sim.settings.wildfire.reserve, sim.settings.wildfire.stages
        self.held: list[dict[int, Crew]] = [{}, {}]
        """People, then aircraft: crews by their index."""

    def rule(self, fires: Sequence[Known]) -> Reserve | None:
        """The rule of the day; None where nothing is kept back, or a fire has reached a stage that lets all go."""
        grade = self.sim.fires.hazard.danger_grade(self.sim.env.now)
        rules = [rule for rule in self.rules if rule.danger <= grade]
        passed = (stage for fire in fires for stage in self.stages[: fire.stage + 1])
        if not (rules and fires) or any(stage.uses_reserve for stage in passed):
            return None
        return max(rules, key=lambda rule: rule.danger)

    def review(self, fires: Sequence[Known], item: int, task: int, crews: Sequence[Crew]) -> None:
        """Keep back those whom the rule of the day wants, of those who are free now.

        Args:
            fires: those that are open, as command knows.
            item: 0 people, 1 aircraft.
            task: what they do.
            crews: all who are there for it.
        """
        rule = self.rule(fires)
        if rule is None:
            wanted = 0.0
        elif item == 0:
            wanted = rule.persons * math.fsum(COVERS[task](crew.member) for crew in crews)
        else:
            wanted = float(rule.helicopters)
        held = self._chosen(fires, task, crews, wanted)
        for kind, now, before in ((Kind.FREED_BACK, self.held[item], held), (Kind.HELD_BACK, held, self.held[item])):
            # In order: the rows of the log must not go by how a set happens to lie.
            for index in sorted(now.keys() - before.keys()):
                size = now[index].member.size
                self.sim.log(kind, self.sim.world.command, now[index].here, item=item, persons=size)
        self.held[item] = held

    def _chosen(self, fires: Sequence[Known], task: int, crews: Sequence[Crew], wanted: float) -> dict[int, Crew]:
        if wanted < SMALL:
            return {}
        world, idle = self.sim.world, self.sim.command.roster.candidates
        free = [crew for crew in crews if crew.number in idle]
        far = {crew.index: min(world.distance_km(fire.place, crew.here) for fire in fires) for crew in free}
        chosen: dict[int, Crew] = {}
        for crew in sorted(free, key=lambda crew: (-far[crew.index], world.ids[crew.index])):
            # Whole crews: one too large for what is still wanted is passed over, and a smaller one nearer by may fit.
            if COVERS[task](crew.member) <= wanted + SMALL:
                chosen[crew.index] = crew
                wanted -= COVERS[task](crew.member)
        return chosen

    def kept_from(self, fire: Known, fires: Sequence[Known], item: int) -> AbstractSet[int]:
        """Crews (indexes of things) of the reserve that a fire may not have."""
        return frozenset() if is_next(fire, fires) else self.held[item].keys()


def is_next(fire: Known, fires: Sequence[Known]) -> bool:
    """Whether a fire is one for which the reserve was kept: reported while another is open, nobody there yet."""
    newest = max((other.reported_h for other in fires), default=fire.reported_h)
    return len(fires) > 1 and fire.reported_h == newest and not fire.is_attacked and fire.state not in CLOSED
