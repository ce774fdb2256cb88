"""The forest fire as a kind of hazard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simrescue.hazards.base import Flames, Hazard, Smoke
from simrescue.hazards.kinds import Expected, HazardKind, ScenarioTemplate
from simrescue.hazards.wildfire.settings import Wildfire
from simrescue.records import FIRE
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from simrescue.hazards.wildfire.fire_course import FireField

# The field and its courses are imported when the first is made: reading a scenario needs none of it.


def _compile(scenario: Any) -> FireField:
    from simrescue.hazards.wildfire.fire_course import FireField

    return FireField(scenario)


def _course(field: FireField, seed: int, replication: int) -> Hazard:
    from simrescue.hazards.wildfire.fire_course import FireCourse

    return FireCourse(field, seed, replication)


def _expected(field: FireField, sites: int) -> Expected:
    arrival_h = field.mean_arrival_h
    border_h = field.border_h if field.border_h <= field.duration_h else np.inf
    return Expected(np.where(arrival_h > field.duration_h, np.inf, arrival_h), np.zeros(sites), border_h)


WILDFIRE = HazardKind(
    name="wildfire",
    words=bilingual("forest fire"),
    events=bilingual("forest fires"),
    settings=Wildfire,
    course=_course,
    effects=(Flames, Smoke),
    compile=_compile,
    expected=_expected,
    village_hit=bilingual("village in the way of the fire"),
    people_hit=bilingual("live in the way of the fire"),
    topic="fire",
    topic_words=bilingual("fire"),
    readers=lambda _: frozenset({FIRE}),
    key_numbers=("burned_ha", "fire_on_line_h", "fire_contained_h", "exposed_to_flames"),
    harm="burned_ha",
    colour="#c2402a",
    template=ScenarioTemplate("fire", "tiny-fire", "data/new-fire"),
)
