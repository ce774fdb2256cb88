"""Which share of the people exposed to a flood die in it: published curves as structural alternatives.

They differ by a factor of a hundred in the same water, and no record decides between them; so one is applied, and what
the others would have given stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, get_args

from simrescue.hazards.flood.houses import refuge_limits_m
from simrescue.parameters import Parameters
from simrescue.wording import Words, bilingual

CurveName = Literal["lifesim", "jonkman", "boyd", "screening"]
CURVE_NAMES: tuple[CurveName, ...] = get_args(CurveName)
CURVE_WORDS: dict[str, Words] = {
    "lifesim": bilingual("LifeSim, by house and person"),
    "jonkman": bilingual("Jonkman 2008, by zone of the flood"),
    "boyd": bilingual("Boyd 2005, by depth"),
    "screening": bilingual("World Bank screening fit, by depth"),
}
REFUGES = 6
# A share of 1 would be an infinite hazard, of which no part can be taken.
ALL_BUT_CERTAIN = 1 - 1e-9

BREACH = (2.0, 7.0)
"""Zone near a breach: velocity, m/s, and depth x velocity, m2/s, from which on all exposed die (Jonkman et al.)."""
RAPID = (2.1, 0.5)
"""Zone of rapid rise: depth, m, and rate of rise, m/h, from which on (Jonkman et al.)."""

RISE_FROM_M, RISE_TO_M = 0.3, 1.5
"""Depths between which the rate of rise is measured: from where people can no longer walk out (H2; a film of water in
the street is no onset) to where the first 1.5 m end, over which Jonkman et al. take its mean (from memory)."""


class Water(NamedTuple):
    """The water at a village, as far as deaths depend on it."""

    depth_m: float
    velocity_ms: float = 0.0
    rise_m_h: float = 0.0
    """Mean rate of the last rise from `RISE_FROM_M` to `RISE_TO_M`; 0 where it has not got so deep."""
    fallen: float = 0.0
    """Share of houses that have fallen."""


Shares = tuple[float, ...]


def lifesim(water: Water, parameters: Parameters) -> Shares:
    """Two states: high danger where the water is over the refuge or the house has fallen, else low danger.

    Source: USACE LifeSim Technical Reference Manual v1.0, ch. 5 and 10.
    """
    high, low = parameters.high_danger_fatality, parameters.low_danger_fatality
    beside_fallen = water.fallen * high + (1 - water.fallen) * low
    return tuple(high if water.depth_m > limit_m else beside_fallen for limit_m in refuge_limits_m(parameters))


def jonkman(water: Water, parameters: Parameters) -> Shares:
    """Breach, rapid rise or remaining zone, the latter two lognormal in depth.

    From a rate of rise of 0.5 m/h to `rapid_rise_full_m_per_h` the rapid zone takes over in proportion. It contains all
    refuges, so nobody is left out for having one.

    Source: Jonkman, Vrijling and Vrouwenvelder 2008, Natural Hazards 46.
    """
    depth_m, velocity_ms = water.depth_m, water.velocity_ms
    if velocity_ms >= BREACH[0] and depth_m * velocity_ms >= BREACH[1]:
        return (1.0,) * REFUGES
    share = _lognormal(depth_m, parameters.remaining_zone_mu, parameters.remaining_zone_sigma)
    if depth_m >= RAPID[0] and water.rise_m_h >= RAPID[1]:
        span = parameters.rapid_rise_full_m_per_h - RAPID[1]
        weight = min((water.rise_m_h - RAPID[1]) / span, 1.0) if span > 0 else 1.0
        rapid = _lognormal(depth_m, parameters.rapid_zone_mu, parameters.rapid_zone_sigma)
        # The two curves cross: a rapid rise must not kill fewer than the same water rising slowly.
        share += weight * max(rapid - share, 0.0)
    return (share,) * REFUGES


def boyd(water: Water, parameters: Parameters) -> Shares:
    """0.34 / (1 + exp(20.37 - 6.18 h)), for people who have not left; it contains all refuges.

    Source: Boyd et al. 2005, as equation 3 of Jonkman, Vrijling and Vrouwenvelder 2008.
    """
    del parameters
    return (0.34 / (1 + math.exp(min(20.37 - 6.18 * water.depth_m, 700.0))),) * REFUGES


def screening(water: Water, parameters: Parameters) -> Shares:
    """0.985 / (1 + exp(6.32 - 1.412 h)), for a population by depth; it contains all refuges.

    Source: fit used in the World Bank's climate and development reports, which attribute it to Jonkman 2008.
    """
    del parameters
    return (0.985 / (1 + math.exp(6.32 - 1.412 * water.depth_m)),) * REFUGES


CURVES: dict[CurveName, Callable[[Water, Parameters], Shares]] = {
    "lifesim": lifesim, "jonkman": jonkman, "boyd": boyd, "screening": screening,
}  # fmt: skip
"""Name -> share of exposed people who die in a whole flood, by refuge (`houses.HELPLESS_BELOW` to `HIGH_ROOF`)."""


def shares_outside(water: Water, in_car: bool, parameters: Parameters) -> dict[CurveName, float]:
    """Share of people without any refuge who die, by each curve: caught in their cars, or in the open.

    LifeSim's high danger is where the water carries off a low vehicle (by depth, velocity or depth x velocity), or
    who stands in it (by depth or depth x velocity); the other curves contain people in all kinds of places.

    Args:
        water: where they stand.
        in_car: or on foot; two-wheelers carry nobody through.
        parameters: the limits.

    Source: USACE LifeSim Technical Reference Manual v1.0, ch. 7, table 17 (vehicles); limits of people as their
    parameters say.
    """
    depth_m, velocity_ms = water.depth_m, water.velocity_ms
    if in_car:
        limits = parameters.car_stable_depth_m, parameters.car_stable_flow_m2_s, parameters.car_stable_velocity_ms
    else:
        limits = parameters.wading_depth_m, parameters.wading_flow_m2_s, math.inf
    swept = depth_m > limits[0] or depth_m * velocity_ms > limits[1] or velocity_ms > limits[2]
    shares = {name: curve(water, parameters)[0] for name, curve in CURVES.items()}
    shares["lifesim"] = parameters.high_danger_fatality if swept else parameters.low_danger_fatality
    return shares


class ExpectedDeaths:
    """Deaths to be expected by one curve, of the same people in the same water."""

    __slots__ = ("alive", "died", "dose", "released", "released_dose")

    def __init__(self) -> None:
        self.alive = [0.0] * REFUGES
        self.dose = [0.0] * REFUGES
        """Hazard of dying that those alive have been through, summed over time."""
        self.released = [0.0] * REFUGES
        """Whom the water has let go, and who may come into it again."""
        self.released_dose = [0.0] * REFUGES
        self.died = 0.0

    def enter(self, refuge: int, persons: int) -> None:
        """People come: those first whom the water has let go, with what they have been through, then new ones."""
        again = min(float(persons), self.released[refuge])
        both = self.alive[refuge] + persons
        dose = self.dose[refuge] * self.alive[refuge] + self.released_dose[refuge] * again
        self.dose[refuge], self.alive[refuge] = dose / both, both
        self.released[refuge] -= again

    def release(self) -> None:
        """The water lets all go who are in it; a share is of a whole flood, so nobody begins anew at its next crest."""
        for refuge, alive in enumerate(self.alive):
            if alive:
                both = self.released[refuge] + alive
                dose = self.released_dose[refuge] * self.released[refuge] + self.dose[refuge] * alive
                self.released_dose[refuge], self.released[refuge] = dose / both, both
        self.alive, self.dose = [0.0] * REFUGES, [0.0] * REFUGES

    def suffer(self, hazards: Sequence[float], part: float) -> list[float]:
        """Time passes, `part` of the hours over which the hazards stand; the chance of each person to die in it."""
        chances, alive, dose = [0.0] * REFUGES, self.alive, self.dose
        for refuge, living in enumerate(alive):
            if living and (left := hazards[refuge] - dose[refuge]) > 0:  # else they have been through as much
                step = hazards[refuge] * part
                if step > left:
                    step = left
                chances[refuge] = chance = -math.expm1(-step)
                dose[refuge] += step
                lost = living * chance
                alive[refuge] = living - lost
                self.died += lost
        return chances


def hazards_by_curve(water: Water, parameters: Parameters) -> dict[CurveName, list[float]]:
    """Hazard of dying in this water by each curve, for each refuge, as `hazards_of` tells."""
    return {name: hazards_of(curve(water, parameters)) for name, curve in CURVES.items()}


def hazards_of(shares: Shares) -> list[float]:
    """Hazard of dying, summed over all of a flood, by the share that dies in it, for each refuge."""
    if shares.count(shares[0]) == len(shares):  # mostly one for all refuges
        return [-math.log1p(-min(shares[0], ALL_BUT_CERTAIN))] * len(shares)
    return [-math.log1p(-min(share, ALL_BUT_CERTAIN)) for share in shares]


def _lognormal(depth_m: float, mu: float, sigma: float) -> float:
    """Distribution function of a lognormal."""
    if depth_m <= 0:
        return 0.0
    return 0.5 * math.erfc((mu - math.log(depth_m)) / (sigma * math.sqrt(2)))
