"""Lives lost, what they are against the people of the jurisdiction, and what other curves would have given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.hazards.flood.mortality import CURVE_NAMES
from simrescue.metrics.base import SCALES, Measure, MeasureSettings, Tally
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import at_villages, rows_of, village_sums, with_whole
from simrescue.wording import bilingual


def died(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Deaths in each village, persons, shape (V,); drawn in the simulation, nothing is reckoned here."""
    return village_sums(log, facts, rows_of(log, EventKind.DIED))


def deaths_per_million(log: EventLog, facts: Facts) -> float:
    """Deaths of this one event per million residents of the jurisdiction; nan where its population is not given.

    It is the event's share in an annual rate, not the rate itself: a year has other events, or none.
    """
    if not facts.jurisdiction_population > 0:
        return float("nan")
    return float(died(log, facts).sum() / facts.jurisdiction_population * SCALES["per million"])


def _places_died(log: EventLog, facts: Facts, _: MeasureSettings) -> Tally:
    died_there = died(log, facts)
    return with_whole(at_villages(facts, np.zeros(len(died_there)), died_there), facts.jurisdiction_population)


def expected_deaths(log: EventLog, _: Facts) -> dict[str, float]:
    """Deaths that each curve gives for the same people in the same water: `died_jonkman` and so on, persons.

    The curve that is applied is one of them; its number is the mean of what is drawn.
    """
    rows = rows_of(log, EventKind.EXPECTED_DEATHS)
    sums = np.bincount(log.item[rows], weights=log.amount[rows], minlength=len(CURVE_NAMES))
    return {f"deaths_{name}": float(number) for name, number in zip(CURVE_NAMES, sums, strict=True)}


def _rate(log: EventLog, facts: Facts, _: MeasureSettings) -> float:
    return deaths_per_million(log, facts)


MEASURES = (
    Measure(
        "deaths_per_million",
        bilingual("deaths per million residents"),
        "per million",
        MeasureSettings,
        _rate,
        counts="persons",
        of_places=_places_died,
    ),
)
