"""Hazards as processes: at their own times they change places and roads, before anything else at that instant.

Each hazard of a scenario is one process on the one clock, in the order in which the scenario names them.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.hazards.base import IDLE, Effort, Hazard
from simrescue.hazards.kinds import HAZARDS, HazardKind
from simrescue.simulation.clock import HAZARD, TimerAt
from simrescue.simulation.hazards import effects
from simrescue.simulation.roads.isolation import Isolation

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


class HazardWatch:
    """What goes with a hazard in the simulation, where it is more than its effects; this one does nothing of its own.

    A kind of hazard that answers to the responders has its own (`HazardKind.watch`), as fires have `fire.FireWatch`.
    """

    def __init__(self, sim: Simulation, hazard: Hazard) -> None:
        self.sim, self.hazard = sim, hazard

    def next_time(self) -> float:
        """Hours at which the hazard is to be advanced next."""
        return self.hazard.next_time()

    def effort(self, now: float) -> Effort:
        """What the responders did to it since the last time, up to hour `now`."""
        del now
        return IDLE

    def before_effects(self, now: float) -> None:
        """The hazard has moved on to now."""

    def after_effects(self) -> None:
        """Its effects on places and roads have been told."""

    def finish(self) -> None:
        """The clock stops."""


def start(sim: Simulation) -> None:
    """Set all hazards of the scenario going. Raises TypeError where one of them has an effect without a handler."""
    isolation = Isolation(sim.roads, sim.contact, sim.villages)
    sim.roads.review_isolation = isolation.review
    for name, field in sim.world.fields.items():
        kind = HAZARDS[name]
        check_effects(kind)
        course = kind.course(field, sim.seed, sim.replication)
        watch = (kind.watch or HazardWatch)(sim, course)
        sim.watches.append(watch)
        sim.env.process(run(sim, course, watch, isolation))


def check_effects(kind: HazardKind) -> None:
    """Raises TypeError where a kind of hazard has an effect that nothing in the simulation handles."""
    unknown = [effect.__name__ for effect in kind.effects if effect not in effects.AT_PLACES.keys() & effects.ON_ROADS]
    if unknown:
        known = ", ".join(effect.__name__ for effect in effects.AT_PLACES)
        raise TypeError(f"the hazard {kind.name} has effects without a handler: {', '.join(unknown)}; known: {known}")


def finish(sim: Simulation) -> None:
    """The clock stops: write down what is under way, and let the hazards go.

    Their arrays are large, and a finished simulation lies about until somebody looks for garbage.
    """
    for watch in sim.watches:
        watch.finish()
    sim.watches.clear()


def run(sim: Simulation, hazard: Hazard, watch: HazardWatch, isolation: Isolation) -> Generator[Any, Any, None]:
    """Ask the hazard when it changes next, and apply what changes then."""
    while (due := watch.next_time()) <= sim.world.duration_h:
        if due > sim.env.now:
            yield TimerAt(sim.env, due, HAZARD)
        now = sim.env.now
        changes = hazard.advance(now, watch.effort(now))
        watch.before_effects(now)
        for effect in changes:
            effects.apply(sim, effect)
        if changes:  # else the hazard has changed nothing, and what others did is not its affair
            isolation.review()
            sim.points.review()
        watch.after_effects()
