"""Slips of zones: a place whose water is that of another spot."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simrescue.network import great_circle_km
from simrescue.scenario.preflight.findings import distance, named, shown
from simrescue.scenario.preflight.slips.flood_slips import zoned, zones
from simrescue.scenario.preflight.slips.slip import Slip, Slips
from simrescue.scenario.records import Scenario
from simrescue.wording import bilingual

LEAST_MEMBERS, FAR_FROM_ZONE, FAR_FROM_ZONE_KM = 4, 6.0, 20.0
"""Of so many members, one is far off beyond so many times their usual distance from the middle and so many km."""
AMID, AMID_TIMES = 3, 3.0
"""A place amid so many of another zone, its own so many times farther than the farthest of them (assumed)."""


def far_from_its_zone(scenario: Scenario) -> Slips:
    """Villages and buildings far from all others whose water rises with theirs."""
    known = zones(scenario)
    for name, members in zoned(scenario).items():
        if name not in known or len(members) < LEAST_MEMBERS:
            continue
        lon, lat = (np.array([getattr(place, axis) for _, _, place in members]) for axis in ("lon", "lat"))
        away = great_circle_km(float(np.median(lon)), float(np.median(lat)), lon, lat)
        limit = max(FAR_FROM_ZONE_KM, FAR_FROM_ZONE * float(np.median(away)))
        for (table, row, place), km in zip(members, away.tolist(), strict=True):
            if km > limit:
                says = bilingual(
                    "{place} lies {away} from the middle of zone {zone}: another zone?",
                    place=shown(place),
                    away=distance(km, f"{km:,.0f}"),
                    zone=name,
                )
                yield Slip(table, row, "zone", name, says)


def amid_another_zone(scenario: Scenario) -> Slips:
    """Villages all of whose nearest neighbours lie in one other zone, and those of their own zone far behind them."""
    known = zones(scenario)
    villages = [(row, village) for row, village in enumerate(scenario.villages) if village.zone in known]
    lon, lat = (np.array([getattr(village, axis) for _, village in villages]) for axis in ("lon", "lat"))
    names = np.array([village.zone for _, village in villages])
    for at, (row, village) in enumerate(villages):
        away = great_circle_km(village.lon, village.lat, lon, lat)
        near = [other for other in np.argsort(away, kind="stable").tolist() if other != at][:AMID]
        own = away[(names == village.zone) & (np.arange(len(villages)) != at)]
        beside = set(names[near].tolist())
        if len(near) < AMID or len(beside) > 1 or village.zone in beside or not own.size:
            continue
        if own.min() > AMID_TIMES * away[near].max():
            says = bilingual(
                "the villages beside {place} ({names}) lie in zone {zone}, the nearest of its own zone {away} away:"
                " another zone?",
                place=shown(village), names=named([villages[other][1] for other in near]), zone=beside.pop(),
                away=distance(float(own.min()), f"{own.min():.1f}"),
            )  # fmt: skip
            yield Slip("villages", row, "zone", village.zone, says)


ZONE_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (far_from_its_zone, amid_another_zone)
"""Asked of floods."""
