"""The flood as a kind of hazard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.hazards.base import Hazard, WaterDepth
from simrescue.hazards.flood.settings import Flood
from simrescue.hazards.kinds import Course, Expected, HazardKind, ScenarioTemplate
from simrescue.records import BY_DEPTHS, BY_LEVELS, BY_RASTERS
from simrescue.records import FLOOD as A_FLOOD
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from simrescue.hazards.flood.flood_course import FloodField

# The field and its courses are imported when the first is made: reading a scenario needs none of it.


def _compile(scenario: Any) -> FloodField:
    from simrescue.hazards.flood.flood_course import FloodField

    return FloodField(scenario)


def _course(field: FloodField, seed: int, replication: int) -> Hazard:
    from simrescue.hazards.flood.flood_course import FloodCourse

    return FloodCourse(field, seed, replication)


def _expected(field: FloodField, _: int) -> Expected:
    water = field.water()
    return Expected(water.arrival_h, water.crest_m)


def _forecast(field: FloodField, sites: int) -> tuple[Course, ...]:
    return field.forecast(sites)


BY_SOURCE = {"levels": {BY_LEVELS}, "depths": {BY_DEPTHS}, "rasters": {BY_DEPTHS, BY_RASTERS}}
"""Who reads fields and tables for one source of depth only."""

FLOOD = HazardKind(
    name="flood",
    words=bilingual("flood"),
    events=bilingual("floods"),
    settings=Flood,
    course=_course,
    effects=(WaterDepth,),
    compile=_compile,
    expected=_expected,
    forecast=_forecast,
    foreseen=True,
    village_hit=bilingual("village that floods"),
    people_hit=bilingual("get wet"),
    topic="flood",
    readers=lambda settings: frozenset({A_FLOOD, *BY_SOURCE[settings.source]}),
    colour="#5aa9e6",
    template=ScenarioTemplate("flood", "tiny-flood", "data/new"),
)
