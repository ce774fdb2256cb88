"""How much the flood differs between its courses, as it comes out at the villages, beside what the scenario states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.flood.flood_course import FloodField
from simrescue.scenario.records import Scenario
from simrescue.wording import Words, bilingual

Floats = NDArray[np.float64]
COURSES, SEED = 200, 1
"""Courses of the hazard alone that `check` draws."""


class Deviation(NamedTuple):
    """Standard deviations over courses of one thing at V villages: the median village and the least sure one."""

    median: float
    worst: float
    where: int
    """Which village (0 to V - 1) the worst one is."""


class FloodSpread(NamedTuple):
    """What comes out, first water in hours and crest in metres, of the villages that most courses reach."""

    villages: int
    first_water: Deviation
    crest: Deviation


def spread_of(first_water_h: Floats, crest_m: Floats) -> FloodSpread | None:
    """The spread over C courses at V villages (C, V); first water is infinite where a course does not reach one.

    Only villages count that at least half of the courses reach, over those courses; None: there is none, or one course.
    """
    comes = np.isfinite(first_water_h)
    often = np.flatnonzero((comes.mean(axis=0) >= 0.5) & (comes.sum(axis=0) >= 2)) if len(comes) else np.zeros(0, int)
    if not often.size:
        return None
    first, crest = (
        np.array([table[comes[:, village], village].std(ddof=1) for village in often])
        for table in (first_water_h, crest_m)
    )
    return FloodSpread(len(often), _spread(first, often), _spread(crest, often))


def _spread(deviations: Floats, villages: NDArray[np.intp]) -> Deviation:
    return Deviation(float(np.median(deviations)), float(deviations.max()), int(villages[deviations.argmax()]))


def drawn_spread(scenario: Scenario) -> FloodSpread | None:
    """The spread over courses of the hazard alone."""
    field, villages = FloodField(scenario), len(scenario.villages)
    courses = [field.water(field.draws(SEED, number)) for number in range(COURSES)]
    first, crest = (np.stack([course[side][:villages] for course in courses]) for side in (0, 1))
    return spread_of(first, crest)


def sentences(spread: FloodSpread, stated: Mapping[str, Any], names: Sequence[tuple[str, str]]) -> Words:
    """The spread in words, English and Chinese; `stated` as `hazard.uncertainty`, names of the villages by row."""
    water, crest = spread.first_water, spread.crest
    return bilingual(
        "Standard deviation of the first water: {water:.1f} h at the median village, {worst:.1f} h at {where} (stated:"
        " arrival {arrival:g} h, duration {duration:g}); of the crest: {crest:.2f} m, {worst_crest:.2f} m at"
        " {where_crest} (stated: level {level:g} m).",
        water=water.median,
        worst=water.worst,
        where=names[water.where],
        arrival=stated["arrival_h"],
        duration=stated["duration"],
        crest=crest.median,
        worst_crest=crest.worst,
        where_crest=names[crest.where],
        level=stated["level_m"],
    )
