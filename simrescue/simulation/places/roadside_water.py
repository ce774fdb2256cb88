"""Water that reaches people who are caught on the road: how many are hurt, and how many die.

They have no house to go up in: from the class on in which people without a refuge are trapped (H3) all of them are
exposed, by the curve of deaths that the scenario names, as long as they stand there.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.mortality import Water, hazards_of, shares_outside
from simrescue.simulation.places.hospital import newly_hurt
from simrescue.simulation.places.warning_state import CAR
from simrescue.simulation.state import FRAIL_CLASS
from simrescue.streams import binomial

if TYPE_CHECKING:
    from simrescue.simulation.places.caught import Stopped
    from simrescue.simulation.protocols import Hospital
    from simrescue.simulation.state import Replication

ON_ROAD = 5
"""Where people die, as in the `item` of DIED."""


class RoadsideWater:
    """The water that people of one replication who are caught on the road stand in."""

    def __init__(self, sim: Replication, hospital: Hospital) -> None:
        self.sim, self.hospital = sim, hospital
        self.rngs: dict[tuple[str, int, int, str], Random] = {}

    def _rng(self, purpose: str, group: Stopped) -> Random:
        """The stream of one group: others who are caught shift none of its draws."""
        key = purpose, group.place, group.village.index, group.vehicle
        if key not in self.rngs:
            name = f"road {purpose} {group.village.record.id} {group.vehicle}"
            self.rngs[key] = self.sim.stream(name, group.place)
        return self.rngs[key]

    def reach(self, group: Stopped) -> None:
        """The water where a group stands is what it is now, or more people have joined it; up to now it is settled."""
        sim, harm, place = self.sim, group.harm, group.place
        danger = sim.dangers.get(place, {}).get("water", 0)
        if danger < FRAIL_CLASS:
            harm.end()
            return
        harm.water = Water(sim.depth_m.get(place, 0.0), sim.velocity_ms.get(place, 0.0))
        newly = group.persons - harm.reached
        if newly <= 0:
            return
        index, depth_m = group.village.index, harm.water.depth_m
        harm.row = sim.log(Kind.REACHED_ON_ROAD, index, place, group.cause, item=danger, persons=newly, amount=depth_m)
        harm.enter(newly)
        self._hurt(group, newly)

    def _hurt(self, group: Stopped, newly: int) -> None:
        sim, harm, rng = self.sim, group.harm, self._rng("injuries", group)
        hurt = min(binomial(rng, newly, sim.settings.health.injured), group.persons - harm.hurt)
        if not hurt:
            return
        village, harm.hurt = group.village, harm.hurt + hurt
        row = sim.log(Kind.INJURED, village.index, group.place, harm.row, persons=hurt)
        severe = binomial(rng, hurt, sim.parameters.severe_share)
        worsening = binomial(rng, hurt - severe, sim.parameters.worsening_share)
        for persons, badly in ((severe, True), (worsening, False)):
            for patients in newly_hurt(sim, village, persons, village.all_patients, row):
                patients.place = group.place
                harm.patients.append(patients)
                self.hospital.injure(patients, severe=badly)
            village.all_patients += persons

    def settle(self, group: Stopped) -> int:
        """How many have died since the last look, in water that has stood so since then; they are no more in the group.

        Each curve gives a share for a whole flood, as of the trapped (`villages.exposure`).
        """
        harm, now = group.harm, self.sim.env.now
        hours, harm.since_h = now - harm.since_h, now
        if harm.water is None or hours <= 0 or not harm.expected:
            return 0
        health, village, dead = self.sim.settings.health, group.village, 0
        for name, share in shares_outside(harm.water, group.vehicle == CAR, self.sim.parameters).items():
            expected = harm.expected[name]
            # Of all curves, so that what the others would have given is told of those on the road too.
            before = expected.died
            chance = expected.suffer(hazards_of((share,)), hours / health.exposure_h)[0]
            village.expected_on_road[name] += expected.died - before
            if name == health.mortality:
                dead = binomial(self._rng("deaths", group), group.persons, chance)
        if dead:
            self.lose(group, dead, harm.row)
        return dead

    def lose(self, group: Stopped, dead: int, cause: int) -> None:
        """So many of a group are dead."""
        group.persons -= dead
        group.harm.lose(dead, group.persons)
        group.village.caught -= dead
        group.village.die(group.place, ON_ROAD, dead, cause)
