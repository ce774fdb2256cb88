"""The houses of a village by the height of their ground: how deep they stand, and who is still in them.

The lowest are reached first. Whoever leaves or comes home does so evenly from all houses where that can be; crews take
people from the lowest houses first.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from simrescue.hazards.flood.depth_effects import hazard_class_at, hazard_classes_below
from simrescue.hazards.flood.house_heights import heights_m, shared
from simrescue.hazards.flood.houses import Houses, damage_share, fallen, houses_of
from simrescue.hazards.flood.mortality import RISE_FROM_M, RISE_TO_M, CurveName, Water
from simrescue.simulation.state import ALL_CLASS, FRAIL_CLASS, WADING_CLASS
from simrescue.simulation.villages.exposure import Exposure

if TYPE_CHECKING:
    from simpy import Event

    from simrescue.simulation.state import Replication


HIGH_STOREYS = 3
"""Storeys below the highest floor of a high building, which has four or more."""


class HouseGroup:
    """Houses at one height."""

    __slots__ = (
        "asking", "danger", "deepest_m", "exposure", "has_chosen", "height_m", "high", "newly", "one_up",
        "onset", "residents", "soaking", "there", "trapped", "water", "water_class",
    )  # fmt: skip

    def __init__(self, height_m: float, residents: int, high: int = 0, one_up: int = 0) -> None:
        self.height_m, self.residents, self.high, self.one_up = height_m, residents, high, one_up
        """`high`: people who live in high buildings, `one_up`: who have gone to an upper floor; the last to leave."""
        self.there = residents
        """People in these houses: at home, stranded or trapped."""
        self.trapped = self.asking = 0
        """`asking`: who is above the water and has asked to be taken off."""
        self.newly = 0
        """People whom H3 has come to, or who have come home into it, and of whom some will be trapped by it."""
        self.danger = self.water_class = 0
        self.water = Water(0.0)
        self.deepest_m = 0.0
        self.has_chosen = False
        """Whether people have gone to neighbours, or stayed, since the water came in."""
        self.onset: tuple[float, float] | None = None
        """Hour and depth of the first look at which people could no longer walk out of the water that stands here."""
        self.soaking: Event | None = None  # the moment when houses of adobe will be soaked
        self.exposure: Exposure | None = None
        """The trapped by where they are in the house, from the first water on that traps."""

    @property
    def is_wet(self) -> bool:
        """Whether nobody walks out of these houses."""
        return self.danger >= WADING_CLASS

    @property
    def upstairs(self) -> int:
        """People in the water who stay above it, in high buildings or upstairs at home; flames let nobody stay."""
        by_water = WADING_CLASS <= self.danger <= self.water_class
        return min(self.high + self.one_up, self.there - self.trapped) if by_water else 0

    def walkers(self, limit_m: float) -> int:
        """People who are not trapped, in houses out of which the able get on foot: up to a depth, and class H3."""
        passable = self.danger <= FRAIL_CLASS and self.water.depth_m <= limit_m
        return max(0, self.there - self.trapped - self.upstairs) if passable else 0

    def flows(self, depth_m: float, velocity_ms: float, looked_h: float, now_h: float, step_h: float) -> None:
        """The water is another from now on; `looked_h`: hour of the last look at it."""
        was = self.water
        rise_m_h = was.rise_m_h
        if depth_m <= RISE_FROM_M:
            self.onset, rise_m_h = None, 0.0
        elif self.onset is None:
            self.onset = now_h, depth_m
        if self.onset and depth_m >= RISE_TO_M and not rise_m_h:
            since_h, from_m = self.onset
            part = (RISE_TO_M - was.depth_m) / (depth_m - was.depth_m)
            to_h = looked_h + (now_h - looked_h) * part
            # What rose within one step of the model is known no better.
            rise_m_h = (RISE_TO_M - from_m) / (to_h - since_h) if now_h > since_h else (depth_m - RISE_FROM_M) / step_h
        self.water = Water(depth_m, velocity_ms if depth_m > 0 else 0.0, rise_m_h, was.fallen)
        self.deepest_m = max(self.deepest_m, depth_m)

    def endanger(self, danger: int) -> None:
        """The houses are in another class of danger, by water or anything else."""
        if danger >= FRAIL_CLASS > self.danger:
            self.newly = self.there
        self.danger = danger

    def come_home(self, persons: int) -> None:
        """People are in their houses again."""
        self.there += persons
        if self.danger >= FRAIL_CLASS:
            self.newly += persons

    def to_catch(self, frail: float, ground: HousesByHeight) -> tuple[int, int]:
        """Whom the water traps now: persons, and of them those who cannot help themselves.

        In H3 these are the helpless and whoever has no refuge; that one is helpless tells nothing of his house.

        Args:
            frail: share of people who cannot help themselves.
            ground: of the village.
        """
        if self.danger >= ALL_CLASS:
            caught = self.there - self.trapped - self.upstairs
            # Those of them whom it caught in H3 are counted already.
            known = self.exposure.helpless if self.exposure else 0
            return caught, min(caught, max(0, round(self.there * frail) - known))
        if self.danger >= FRAIL_CLASS:
            newly = min(self.newly, self.there - self.trapped - self.upstairs)
            helpless = round(newly * frail)
            return max(helpless, round(newly * (1 - (1 - frail) * ground.houses.upstairs))), helpless
        return 0, 0

    def free(self) -> int:
        """The water lets all of them go, where it does; answers how many these are."""
        if self.danger >= FRAIL_CLASS:
            return 0
        freed, self.trapped, self.newly = self.trapped, 0, 0
        if freed and self.exposure:
            self.exposure.release()
        return freed

    def take_trapped(self, persons: int) -> int:
        """Some of the trapped are taken off; answers how many there are of so many."""
        persons = min(persons, self.trapped)
        self.trapped -= persons
        self.there -= persons
        if persons and self.exposure:
            self.exposure.take(persons)
        return persons


class HousesByHeight:
    """All houses of one village, the lowest first."""

    __slots__ = (
        "dry", "groups", "have_neighbours", "is_exposed", "known_houses", "middle", "record", "rise_m_h", "safe", "sim",
        "step_h", "street",
    )  # fmt: skip

    def __init__(self, sim: Replication, index: int) -> None:
        record = sim.world.scenario.settlements[index]
        self.sim, self.record = sim, record
        heights = heights_m(record.ground_spread_m) if "flood" in sim.settings.hazards else (0.0,)
        residents = shared(int(record.population), [int(record.population)] * len(heights))
        high, upstairs = (
            shared(round(record.population * share), residents)
            for share in (sim.world.high_share[index], sim.world.upstairs_share[index])
        )
        self.groups = [HouseGroup(*group) for group in zip(heights, residents, high, upstairs, strict=True)]
        self.middle = self.groups[len(self.groups) // 2]
        """The houses that half of the others lie below."""
        self.step_h = sim.settings.flood.step_h if "flood" in sim.settings.hazards else math.inf
        self.have_neighbours = len(self.groups) > 1 and sim.parameters.to_neighbours_share > 0
        """Whether people go to houses higher up; an institution is one building."""
        self.street = 0.0, 0.0
        """Hour of the last look, and depth of the water in the lowest street then, m."""
        self.rise_m_h = 0.0
        """How fast it has risen since the look before that."""
        self.known_houses: Houses | None = None
        self.is_exposed = False
        """Whether water has ever trapped anybody, who may die of it."""
        self.dry = self.safe = 0
        """People in houses that one can walk out of; these and who stays above the water."""
        self._count()

    @property
    def houses(self) -> Houses:
        """How they are built."""
        if self.known_houses is None:
            record, province = self.record, self.sim.settings.jurisdiction.province
            self.known_houses = houses_of(self.sim.parameters, province, record.single_storey, record.upper_floor)
        return self.known_houses

    # ---- water

    def flows(
        self, depth_m: float, velocity_ms: float, water_class: int, soaked: Callable[[HouseGroup, Event], None]
    ) -> float:
        """Water of this depth, speed and class stands in the lowest street from now on: some houses fall.

        Args:
            depth_m: depth, m.
            velocity_ms: speed, m/s.
            water_class: hazard class.
            soaked: called when houses of adobe have stood in deep water for long.

        Returns:
            The share of all houses that have fallen so far.
        """
        now_h, step_h, wet_m = self.sim.env.now, self.step_h, self.sim.parameters.depth_wet_m
        looked_h = self.street[0]
        since_h = min(now_h - looked_h, step_h)  # what rose within one step is known no better
        self.rise_m_h = (depth_m - self.street[1]) / since_h if since_h > 0 else math.inf
        self.street = now_h, depth_m
        classes = [water_class]
        if len(self.groups) > 1:
            classes = hazard_classes_below(depth_m, [group.height_m for group in self.groups], velocity_ms, wet_m)
        for group, water_class in zip(self.groups, classes, strict=True):
            group.water_class, deep_m = water_class, max(0.0, depth_m - group.height_m)
            if deep_m or group.water.depth_m:  # else dry as it was
                group.flows(deep_m, velocity_ms, looked_h, now_h, step_h)
        share = self.let_fall()
        self._soak(soaked)
        return share

    def endanger(self, otherwise: int) -> bool:
        """Each house is in the danger that its water is, or in that of anything else if it is worse (`otherwise`).

        Answers whether any house is in another class than before.
        """
        changed, parameters = False, self.sim.parameters
        for group in self.groups:
            depth_m, storey_m = group.water.depth_m, parameters.upper_floor_height_m
            if group.high and depth_m > HIGH_STOREYS * storey_m:
                group.high, changed = 0, True  # nobody is above such water
            if group.one_up and (depth_m > storey_m or group.water.fallen > parameters.adobe_share):
                group.one_up, changed = 0, True  # nor above this; houses of adobe have no upper floor
            danger = max(group.water_class, otherwise)
            if danger != group.danger:
                group.endanger(danger)
                changed = True
        self._count()  # also who is above other water of the same class
        return changed

    # ---- people

    @property
    def there(self) -> int:
        """People in all houses."""
        return sum(group.there for group in self.groups)

    def _count(self) -> None:
        """Keep who is dry and who is safe: they are asked for at every turn, and change seldom."""
        dry = above = 0
        for group in self.groups:
            if group.danger < WADING_CLASS:
                dry += group.there
                # Out of these one walks: nobody has to be fetched any more.
                group.asking = 0
            elif group.high or group.one_up:
                upstairs = group.upstairs
                group.asking = min(group.asking, upstairs)
                above += upstairs - group.asking
        self.dry, self.safe = dry, dry + above

    def visit_neighbours(self) -> int:
        """Whom the water drives to neighbours on higher ground, whose houses it has not come into; answers how many.

        They go when it comes in, if it rises slowly enough to get there before it is too deep to wade: households as
        they are, who cannot walk carried. They stay there to the end.
        """
        parameters, going = self.sim.parameters, 0
        limit_m = self.sim.settings.evacuation.wading
        has_time = self.rise_m_h * parameters.to_neighbours_h <= limit_m
        for number, group in enumerate(self.groups):
            # Chosen once for each water: who has stayed does not go when it is deeper, but may when it comes again.
            if not group.is_wet or group.has_chosen:
                group.has_chosen = group.is_wet
                continue
            group.has_chosen = True
            water, higher = group.water, [other for other in self.groups[number + 1 :] if not other.is_wet]
            # They went while it could be waded, however deep it is at this look: what can still stop them is its speed.
            on_the_way = hazard_class_at(min(water.depth_m, limit_m), water.velocity_ms, parameters.depth_wet_m)
            if has_time and higher and group.danger <= group.water_class and on_the_way <= FRAIL_CLASS:
                persons = round(parameters.to_neighbours_share * (group.there - group.trapped - group.upstairs))
                for host, part in zip(higher, shared(persons, [persons] * len(higher)), strict=True):
                    host.there += part
                    host.residents += part
                group.there -= persons
                group.residents -= persons
                going += persons
        if going:
            self._count()
        return going

    def leave_dry(self, persons: int, lowest_first: bool = False) -> None:
        """People go out of houses that one can walk out of, evenly or from the lowest first."""
        dry = [group for group in self.groups if not group.is_wet]
        if lowest_first:
            for group in dry:
                part = min(persons, group.there)
                group.there -= part
                persons -= part
        else:
            for group, part in zip(dry, shared(persons, [group.there for group in dry]), strict=True):
                group.there -= part
        self._count()

    def walkers(self, limit_m: float, is_cut_off: bool) -> list[int]:
        """Who could go on foot out of each group of houses and does not go otherwise.

        Args:
            limit_m: depth up to which the able wade.
            is_cut_off: whether no vehicle gets away, so that whoever is dry goes on foot too.
        """
        return [group.walkers(limit_m) if is_cut_off or group.is_wet else 0 for group in self.groups]

    def wade(self, persons: int, limit_m: float, is_cut_off: bool) -> None:
        """So many go out on foot, evenly; as `walkers`."""
        for group, part in zip(self.groups, shared(persons, self.walkers(limit_m, is_cut_off)), strict=True):
            group.there -= part
        self._count()

    def leave_wet(self, persons: int) -> int:
        """People who are not trapped are taken out of the water; answers how many of so many are not in it.

        Who stands in it goes before who asks from above it.
        """
        wet = [group for group in self.groups if group.is_wet]
        for group in wet:
            part = min(persons, group.there - group.trapped - group.upstairs)
            group.there -= part
            persons -= part
        for group in wet:
            part = min(persons, group.asking)
            group.there -= part
            group.asking -= part
            persons -= part
        self._count()
        return persons

    @property
    def above(self) -> int:
        """People above the water who have not asked to be taken off."""
        return self.safe - self.dry

    def ask_out(self, persons: int) -> None:
        """So many of them ask now, evenly."""
        there = [group.upstairs - group.asking for group in self.groups]
        for group, part in zip(self.groups, shared(persons, there), strict=True):
            group.asking += part
        self._count()

    def come_home(self, persons: int) -> None:
        """People are in their houses again."""
        away = [group.residents - group.there for group in self.groups]
        for group, part in zip(self.groups, shared(persons, away), strict=True):
            group.come_home(part)
        self._count()

    def take_trapped(self, persons: int) -> None:
        """So many of the trapped are taken off."""
        for group in self.groups:
            persons -= group.take_trapped(persons)
        self._count()

    def trap(self, frail: int, upstairs: int | None) -> int:
        """Whom the water traps now; answers how many.

        Args:
            frail: people in the village who cannot help themselves, wherever they live in it.
            upstairs: in an institution, of these whom staff have carried up.
        """
        in_danger = [group for group in self.groups if group.danger >= FRAIL_CLASS]
        if not in_danger:
            return 0
        sim, there, trapped = self.sim, self.there, 0
        frail_share = min(1.0, frail / there) if there else 0.0
        for group in in_danger:
            caught, helpless = group.to_catch(frail_share, self)
            # Whom H3 did not trap when it came it does not trap later, until it rises to more or comes again.
            group.newly = 0
            if not caught:
                continue
            if group.water_class >= FRAIL_CLASS:  # of other deaths there is no function that we could use
                if group.exposure is None:
                    health = sim.settings.health
                    # Curves by depth are of whole populations, of whom few are helpless: nothing of a care home.
                    curve: CurveName = health.mortality if upstairs is None else "lifesim"
                    self.is_exposed = True
                    group.exposure = Exposure(self.houses, sim.parameters, curve, health.exposure_h, sim.env.now)
                group.exposure.enter(helpless, caught - helpless, all_caught=group.danger >= ALL_CLASS)
                if upstairs is not None:
                    group.exposure.leave_below(upstairs)
            group.trapped += caught
            trapped += caught
        if trapped:
            self._count()
        return trapped

    def carry_up(self, persons: int) -> None:
        """Staff have carried people upstairs who cannot walk; an institution is one building, at one height."""
        if exposure := self.groups[0].exposure:
            exposure.carry_up(persons)

    def free(self) -> int:
        """How many of the trapped the water lets go now."""
        freed = sum(group.free() for group in self.groups if group.trapped or group.newly)
        if freed:
            self._count()
        return freed

    def lose_lives(self, rng: Random) -> int:
        """Who has died of the trapped since the last look, by the curve that the scenario names."""
        lost, now_h = 0, self.sim.env.now
        for group in self.groups:
            if exposure := group.exposure:
                dead = exposure.settle(now_h, group.water, rng)
                group.trapped -= dead
                group.there -= dead
                lost += dead
        if lost:
            self._count()
        return lost

    def expected_deaths(self, curve: CurveName) -> float:
        """Deaths that a curve gives for those who were trapped."""
        return math.fsum(group.exposure.expected[curve].died for group in self.groups if group.exposure)

    # ---- houses

    def let_fall(self, soaked: HouseGroup | None = None) -> float:
        """Houses that cannot stand this water fall; answers the share of all houses that have fallen so far.

        `soaked`: those that have stood in it for long.
        """
        for group in self.groups:
            water = group.water
            if not water.depth_m and group is not soaked:
                continue
            share = fallen(water.depth_m, water.velocity_ms, group is soaked, self.sim.parameters)
            if share > water.fallen:
                group.water = water._replace(fallen=share)
            elif not share and soaked is None:
                break  # houses higher up stand in less
        return math.fsum(group.water.fallen for group in self.groups) / len(self.groups)

    def _soak(self, soaked: Callable[[HouseGroup, Event], None]) -> None:
        """Houses of adobe begin to soak with deep water, and are dry again when it has gone."""
        for group in self.groups:
            if group.water_class < WADING_CLASS:
                group.soaking = None
            # What has fallen so far are the weakest: once all of adobe has, none is left to soak.
            elif group.soaking is None and self.sim.parameters.adobe_share > group.water.fallen:
                group.soaking = self.sim.env.timeout(self.sim.parameters.adobe_soak_h)
                group.soaking.callbacks.append(partial(soaked, group))

    def damage_share(self) -> float:
        """Share of the most that water can damage of the houses."""
        shares = [damage_share(group.deepest_m, group.water.fallen) for group in self.groups]
        return math.fsum(shares) / len(shares)
