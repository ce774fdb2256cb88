"""What a flood costs: houses that fall; direct loss of houses, contents, crops; that against a year's product."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.hazards.kinds import extend
from simrescue.metrics.base import Measure, MeasureSettings, Tally
from simrescue.metrics.facts import Facts
from simrescue.metrics.people.deaths import expected_deaths
from simrescue.metrics.reading import add_up, at_villages, rows_of, with_whole
from simrescue.wording import bilingual

PATIENTS = {"worsened": EventKind.WORSENS, "admitted": EventKind.ADMITTED, "without_bed": EventKind.NO_BED}
"""Metric -> event whose persons it adds up: injured who got worse, had a hospital bed, found none free at first."""


def _amounts(log: EventLog, facts: Facts, kind: EventKind) -> NDArray[np.float64]:
    """Amounts of a kind of event added up by village, shape (V,)."""
    rows = rows_of(log, kind)
    return add_up(facts.row_of[log.subject[rows]], log.amount[rows], len(facts.villages))


def houses_collapsed(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Houses of each village that fell in the water, shape (V,)."""
    return _amounts(log, facts, EventKind.HOUSES_COLLAPSE)


def direct_loss_yuan(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Direct loss of houses, of what was in them and of crops, of each village, yuan, shape (V,)."""
    return _amounts(log, facts, EventKind.HOUSES_DAMAGED) + crop_loss_yuan(log, facts)


def crop_loss_yuan(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Direct loss of crops of each village, yuan, shape (V,)."""
    return _amounts(log, facts, EventKind.CROPS_DAMAGED)


def direct_loss_of_gdp(log: EventLog, facts: Facts) -> float:
    """Direct loss of houses, contents and crops against a year's product of the jurisdiction; nan where it is unknown.

    A lower bound of the whole loss: roads, works and trade are not counted.
    """
    if not facts.jurisdiction_gdp_yuan > 0:
        return float("nan")
    return float(direct_loss_yuan(log, facts).sum() / facts.jurisdiction_gdp_yuan)


def _columns(log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    return {"houses_collapsed": houses_collapsed(log, facts), "direct_loss_yuan": direct_loss_yuan(log, facts)}


def _numbers(log: EventLog, facts: Facts) -> dict[str, float]:
    return {
        **expected_deaths(log, facts),
        "houses_collapsed": float(houses_collapsed(log, facts).sum()),
        "direct_loss_yuan": float(direct_loss_yuan(log, facts).sum()),
        "crop_loss_yuan": float(crop_loss_yuan(log, facts).sum()),
        "direct_loss_of_gdp": direct_loss_of_gdp(log, facts),
        **{name: float(log.persons[rows_of(log, kind)].sum()) for name, kind in PATIENTS.items()},
    }


def _places_lost(log: EventLog, facts: Facts, _: MeasureSettings) -> Tally:
    lost = direct_loss_yuan(log, facts)
    return with_whole(at_villages(facts, np.zeros(len(lost)), lost), facts.jurisdiction_gdp_yuan)


def _of_gdp(log: EventLog, facts: Facts, _: MeasureSettings) -> float:
    return direct_loss_of_gdp(log, facts)


MEASURES = (
    Measure(
        "direct_loss_of_gdp",
        bilingual("direct loss of houses, contents and crops against a year's GDP"),
        "share",
        MeasureSettings,
        _of_gdp,
        hazards=frozenset({"flood"}),
        against="gdp_yuan",
        is_harm=True,
        counts="yuan",
        of_places=_places_lost,
    ),
)
extend("flood", village_columns=_columns, metrics=_numbers)
