"""What a plan can promise of its fires besides times: the first attack, small fires, villages left in time, cost."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from simrescue.events import EventKind, EventLog
from simrescue.hazards.wildfire.kind import WILDFIRE
from simrescue.metrics.base import Cases, Measure, MeasureSettings, Tally, TimedWithin
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import NEVER, at_villages, part_of_whole, rows_of, share_within, village_times
from simrescue.metrics.wildfire import fire, fire_false_alarms, fire_line
from simrescue.metrics.wildfire.fire_summary import FLAMES, exposed, waits_h
from simrescue.responders import SUPPRESSION
from simrescue.units import Number
from simrescue.wording import bilingual

Hectares = Annotated[Number, Field(gt=0, le=10_000_000)]
Yuan = Annotated[Number, Field(ge=0, le=1e9)]
_FIRES = frozenset({WILDFIRE.name})


class FirstAttack(TimedWithin):
    """What counts as success of the first attack: published rates run from 79 to 98 % by its definition alone."""

    area_ha: Hectares
    """Most that it may have burned when it is contained, hectares."""


class Small(MeasureSettings):
    """Up to what size a fire is small."""

    area_ha: Hectares
    """Most that it may have burned in the end, hectares."""


class Prices(MeasureSettings):
    """What an hour costs; the program has no prices of its own for it."""

    person_h_yuan: Yuan
    """Of a person sent to fires and false alarms, from the order until the crew is free, yuan."""
    flight_h_yuan: Yuan
    """Of an aircraft that dropped water, in the air, yuan."""


def share_first_attack(log: EventLog, facts: Facts, settings: FirstAttack) -> float:
    """Share of the fires that began which were contained for good in time and at a small size, 0..1; nan: no fire."""
    return share_within(_cases_first_attack(log, facts, settings), settings.limit_h)


def _cases_first_attack(log: EventLog, facts: Facts, settings: FirstAttack) -> Cases:
    """The fires with their hours to containment; one that was too large by then has failed whatever the limit."""
    small = fire.burned_ha(log, facts, fire.contained_h(log, facts)) <= settings.area_ha
    wait_h = waits_h(log, facts, settings.clock)["contained"]
    return fire.fire_cases(log, facts, np.where(small, wait_h, NEVER))


def share_small(log: EventLog, facts: Facts, settings: Small) -> float:
    """Share of the fires that began which burned no more than an area to the end, 0..1; nan: no fire."""
    return part_of_whole(_fires_small(log, facts, settings))


def _fires_small(log: EventLog, facts: Facts, settings: Small) -> Tally:
    return fire.at_fires(log, facts, fire.burned_ha(log, facts) <= settings.area_ha)


def share_villages_left(log: EventLog, facts: Facts) -> float:
    """Share of the villages that flames came to which nobody was in any more, 0..1; nan: flames came to none.

    Villages without residents do not count.
    """
    return part_of_whole(_villages_left(log, facts, MeasureSettings()))


def _villages_left(log: EventLog, facts: Facts, _: MeasureSettings) -> Tally:
    hit = np.isfinite(village_times(log, facts, EventKind.FIRE_ARRIVES)) & (facts.population > 0)
    return at_villages(facts, np.ones(len(hit)), exposed(log, facts, FLAMES) == 0, hit)


def suppression_cost_yuan(log: EventLog, facts: Facts, settings: Prices) -> float:
    """Cost of the hours of people and aircraft against fires, yuan."""
    sent = rows_of(log, EventKind.ASSIGNED)
    sent = sent[log.item[sent] == SUPPRESSION]
    persons = fire_line.crew_size(log, facts)[log.subject[sent]]
    person_h = float((persons * fire_false_alarms.busy_h(log, facts, sent)).sum())
    return person_h * settings.person_h_yuan + fire_line.flight_h(log, facts) * settings.flight_h_yuan


MEASURES = (
    Measure(
        "share_fires_first_attack", bilingual("fires contained in the first attack"), "share", FirstAttack,
        share_first_attack, hazards=_FIRES, explained="fire_contained", counts="fires", of_cases=_cases_first_attack,
    ),
    Measure(
        "share_fires_small", bilingual("fires that stay small"), "share", Small, share_small, hazards=_FIRES,
        counts="fires", of_places=_fires_small,
    ),
    Measure(
        "share_villages_left", bilingual("villages left before the flames come"), "share", MeasureSettings,
        lambda log, facts, _: share_villages_left(log, facts), hazards=_FIRES, counts="villages",
        of_places=_villages_left,
    ),
    Measure(
        "suppression_cost", bilingual("cost of people and aircraft against the fires"), "yuan", Prices,
        suppression_cost_yuan, hazards=_FIRES,
    ),
)  # fmt: skip
