"""How much the flood differs between its courses, as it comes out at the villages, beside what the scenario states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.flood.flood import FloodField
from simrescue.scenario.records import Scenario

Floats = NDArray[np.float64]
COURSES, SEED = 200, 1
"""Courses of the hazard alone that `check` draws."""


class Spread(NamedTuple):
    """Standard deviations over courses of one thing at V villages: the median village and the least sure one."""

    median: float
    worst: float
    where: int
    """Which village (0 to V - 1) the worst one is."""


class FloodSpread(NamedTuple):
    """What comes out, first water in hours and crest in metres, of the villages that most courses reach."""

    villages: int
    first_water: Spread
    crest: Spread


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
    return FloodSpread(len(often), *(_spread(one, often) for one in (first, crest)))


def _spread(deviations: Floats, villages: NDArray[np.intp]) -> Spread:
    return Spread(float(np.median(deviations)), float(deviations.max()), int(villages[deviations.argmax()]))


def drawn_spread(scenario: Scenario) -> FloodSpread | None:
    """The spread over courses of the hazard alone."""
    field, villages = FloodField(scenario), len(scenario.villages)
    courses = [field.water(field.draws(SEED, number)) for number in range(COURSES)]
    first, crest = (np.stack([course[side][:villages] for course in courses]) for side in (0, 1))
    return spread_of(first, crest)


def sentences(found: FloodSpread, stated: Mapping[str, Any], names: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The spread in words, English and Chinese; `stated` as `hazard.uncertainty`, names of the villages by row."""
    water, crest = found.first_water, found.crest
    (at, at_zh), (high, high_zh) = names[water.where], names[crest.where]
    text = (
        f"Standard deviation of the first water: {water.median:.1f} h at the median village, {water.worst:.1f} h at"
        f" {at} (stated: arrival {stated['arrival_h']:g} h, duration {stated['duration']:g}); of the crest:"
        f" {crest.median:.2f} m, {crest.worst:.2f} m at {high} (stated: level {stated['level_m']:g} m)."
    )
    text_zh = (
        f"首次进水时间的标准差：中位村庄 {water.median:.1f} 小时，最大 {water.worst:.1f} 小时（{at_zh}）；设定：到达"
        f" {stated['arrival_h']:g} 小时、历时 {stated['duration']:g}。最高水深的标准差：{crest.median:.2f} 米，最大"
        f" {crest.worst:.2f} 米（{high_zh}）；设定：水位 {stated['level_m']:g} 米。"
    )
    return text, text_zh
