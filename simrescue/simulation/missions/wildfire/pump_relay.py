"""Pumps in series up a slope: how much water so many of them bring, and how best to set up those that a crew has.

A pump presses with h0 (1 - (q / q0)^2) metres of head, the parabola of centrifugal pumps, the hose takes k L q^2
(Darcy and Weisbach, k = 8 f / (pi^2 g D^5)), so that n pumps in series that lift water by z over L bring

    q^2 = (n h0 - z) / (n h0 / q0^2 + k L)
"""

from __future__ import annotations

import math
from typing import NamedTuple

from simrescue.parameters import Parameters

GRAVITY_M_S2 = 9.81
LONGEST = 30
"""Pumps in one relay at most."""


class Relay(NamedTuple):
    """Pumps as they are set up: `lines` side by side of `pumps` in series each; none: no water comes up."""

    lines: int
    pumps: int
    flow_t_h: float
    """Of all lines together."""

    @property
    def n_pumps(self) -> int:
        """Pumps at work."""
        return self.lines * self.pumps


NO_RELAY = Relay(0, 0, 0.0)


def flow_t_h(pumps: int, lift_m: float, hose_m: float, parameters: Parameters) -> float:
    """Tonnes an hour that pumps in series bring through hose of that length, m, to a height, m; 0: none."""
    head_m = pumps * parameters.pump_head_m
    if head_m <= lift_m:
        return 0.0
    free = (parameters.pump_flow_t_h / 3600) ** 2
    across_m = parameters.hose_mm / 1000
    drag = 8 * parameters.hose_friction / (math.pi**2 * GRAVITY_M_S2 * across_m**5)
    return 3600 * math.sqrt((head_m - lift_m) / (head_m / free + drag * hose_m))


def person_wants_t_h(parameters: Parameters) -> float:
    """Tonnes an hour that one person at the edge can use."""
    # `water_kg_m` may be set to 0: then the least water is enough, and nothing is divided by 0.
    return max(parameters.hose_line_m_h * parameters.water_kg_m / 1000, 1e-9)


def with_water(persons: int, n_pumps: int, comes_t_h: float, parameters: Parameters) -> float:
    """People of a crew who work with water at the edge, where so many of its pumps work and so much comes."""
    return min(persons - parameters.pump_hands * n_pumps, comes_t_h / person_wants_t_h(parameters))


def best_relay(
    pumps: int, hose_km: float, persons: int, lift_m: float, away_km: float, most_t_h: float, parameters: Parameters
) -> Relay:
    """The way to set up pumps and hose with which most people of a crew work with water; of equals the fewest pumps.

    Args:
        pumps: that the crew has.
        hose_km: all hose that it has; lines side by side share it.
        persons: of the crew; `pump_hands` of them stand at each pump that works.
        lift_m: height from the water to the edge.
        away_km: length of a line.
        most_t_h: more does not come to the first pump for long.
        parameters: of the scenario.
    """
    wants_t_h = person_wants_t_h(parameters)
    laid = int(min(pumps, hose_km / away_km)) if away_km > 0 else pumps
    best, served = NO_RELAY, 0.0
    for in_series in range(1, min(pumps, LONGEST) + 1):
        flow = flow_t_h(in_series, lift_m, 1000 * away_km, parameters)
        most = min(laid, pumps // in_series)
        if flow <= 0 or most < 1:
            continue
        enough = min(most, math.ceil(min(persons * wants_t_h, most_t_h) / flow))
        # One line less may serve more people: each pump keeps some of the crew from the edge.
        for lines in {enough, max(enough - 1, 1)} - {0}:
            people = with_water(persons, lines * in_series, min(lines * flow, most_t_h), parameters)
            if people > served + 1e-9:
                best, served = Relay(lines, in_series, lines * flow), people
    return best
