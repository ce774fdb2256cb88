"""The people whom the water has trapped in a village: where in the house they are, and how many die.

Each curve of deaths gives a share of people for a whole flood. It is spread over `exposure_h` in such water at a
constant rate, and never exceeded: who has been through it dies no more until the water does worse.
"""

from __future__ import annotations

from operator import le
from random import Random
from typing import TYPE_CHECKING

from simrescue.hazards.flood.houses import HELPLESS_ABOVE, HELPLESS_BELOW, MOBILE_BELOW, Houses, refuges
from simrescue.hazards.flood.mortality import (
    CURVES,
    REFUGES,
    CurveName,
    ExpectedDeaths,
    Water,
    hazards_by_curve,
)
from simrescue.streams import binomial

if TYPE_CHECKING:
    from simrescue.parameters import Parameters


class Exposure:
    """The trapped of one village, by refuge."""

    __slots__ = (
        "expected",
        "exposure_h",
        "hazards",
        "houses",
        "mortality",
        "parameters",
        "persons",
        "settled_h",
        "survived",
        "water",
    )

    def __init__(
        self, houses: Houses, parameters: Parameters, mortality: CurveName, exposure_h: float, now_h: float
    ) -> None:
        self.houses, self.parameters = houses, parameters
        self.mortality, self.exposure_h = mortality, exposure_h
        self.persons = [0] * REFUGES
        """Those in the water, in the order in which it reaches them; nobody in flames."""
        self.expected = {name: ExpectedDeaths() for name in CURVES}
        self.settled_h = now_h
        self.water: Water | None = None
        self.survived: Water | None = None
        """Water that all who are in it have been through, by every curve: nothing that is no worse kills any more."""
        self.hazards: dict[CurveName, list[float]] = {}
        """Of dying in this water by each curve, as `hazards_by_curve` tells."""

    @property
    def helpless(self) -> int:
        """Of those, who cannot help themselves."""
        return self.persons[HELPLESS_BELOW] + self.persons[HELPLESS_ABOVE]

    def enter(self, helpless: int, mobile: int, all_caught: bool) -> None:
        """People are trapped from now on.

        Args:
            helpless: who cannot help themselves.
            mobile: the others.
            all_caught: whether the water takes everybody; else only the able without a refuge.
        """
        if all_caught:
            found = refuges(helpless, mobile, self.persons[MOBILE_BELOW], self.houses, self.parameters.roof_share)
        else:
            # In H3 the able are caught for want of an upper floor or roof, so all of them are below.
            with_none = self.houses._replace(below=1.0, flat_roof=0.0, above=0.0)
            upstairs = refuges(helpless, 0, 0, self.houses, 0.0)
            found = tuple(a + b for a, b in zip(upstairs, refuges(0, mobile, 0, with_none, 0.0), strict=True))
        self.survived = None
        for refuge, persons in enumerate(found):
            if persons:
                self.persons[refuge] += persons
                for expected in self.expected.values():
                    expected.enter(refuge, persons)

    def carry_up(self, persons: int) -> None:
        """People who cannot help themselves are on an upper floor from now on."""
        self._move(HELPLESS_BELOW, HELPLESS_ABOVE, persons)

    def leave_below(self, carried: int) -> None:
        """Of those who cannot help themselves none is on an upper floor but who was carried there."""
        self._move(HELPLESS_ABOVE, HELPLESS_BELOW, self.persons[HELPLESS_ABOVE] - carried)

    def _move(self, source: int, target: int, persons: int) -> None:
        there = self.persons[source]
        if (moved := min(persons, there)) <= 0:
            return
        self.survived = None
        self.persons[source] -= moved
        self.persons[target] += moved
        for expected in self.expected.values():
            # Expected deaths run in parts of persons: the same share of those moves, with what they have been through.
            alive, before = expected.alive[source] * moved / there, expected.alive[target]
            dose = expected.dose[source] * alive + expected.dose[target] * before
            expected.alive[source] -= alive
            expected.alive[target] += alive
            expected.dose[target] = dose / (alive + before) if alive + before else 0.0

    def take(self, persons: int) -> None:
        """Crews take those first whom the water reaches first."""
        for refuge, there in enumerate(self.persons):
            if gone := min(there, persons):
                self.persons[refuge] -= gone
                persons -= gone
                for expected in self.expected.values():
                    # As large a share as of the living: each curve leaves another number of them alive.
                    expected.alive[refuge] *= 1 - gone / there

    def release(self) -> None:
        """The water lets all of them go."""
        self.persons = [0] * REFUGES
        for expected in self.expected.values():
            expected.release()

    def settle(self, now_h: float, water: Water, rng: Random) -> int:
        """How many have died since the last look, in water that has stood so since then."""
        hours, self.settled_h = now_h - self.settled_h, now_h
        if hours <= 0 or not any(self.expected["lifesim"].alive):
            return 0
        # Every field of it is worse the larger it is: no worse in each is no worse.
        if self.survived is not None and all(map(le, water, self.survived)):
            return 0
        # Each change makes a new one, so identity tells, and the four curves are reckoned once for each water.
        if water is not self.water:
            self.water = water
            self.hazards = hazards_by_curve(water, self.parameters)
        lost, part, can_die = 0, hours / self.exposure_h, False
        for name, expected in self.expected.items():
            chances = expected.suffer(self.hazards[name], part)
            can_die = can_die or any(chances)
            if name == self.mortality:
                for refuge, chance in enumerate(chances):
                    if chance and (persons := self.persons[refuge]):
                        dead = binomial(rng, persons, chance)
                        self.persons[refuge] -= dead
                        lost += dead
        if not can_die:
            self.survived = water
        return lost
