"""How far the published curves of deaths lie apart in a run: no figure of deaths stands without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from simrescue.hazards.flood.mortality import CURVE_NAMES, CURVE_WORDS
from simrescue.metrics.renamed import current_name
from simrescue.units import write_share
from simrescue.wording import Words, bilingual, bilingual_as, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

COLUMNS = {name: f"deaths_{name}" for name in CURVE_NAMES}
"""Curve -> metric of the deaths that it gives."""
NOTHING = Words("", "")
_ROUNDING = 1e-9
"""Deaths lost to rounding."""


class StoredDeaths(Protocol):
    """The stored results of a run (`experiment.store.stored_results`), as far as they are read here."""

    @property
    def manifest(self) -> dict[str, Any]:
        """What was run."""

    @property
    def replications(self) -> pd.DataFrame:
        """By replication."""


def by_curve(results: StoredDeaths) -> dict[str, float]:
    """Deaths to be expected by each curve at the middle replication, the curve that the run applied first.

    Empty where there is no flood, nobody was in its water, or older results lack the columns.
    """
    table, health = results.replications, results.manifest["scenario"]["settings"].get("health") or {}
    applied = health.get("mortality")
    if applied not in COLUMNS or not (middle := _middle(table)):
        return {}
    return {applied: middle.pop(applied), **middle}


def spread_of_deaths(results: StoredDeaths) -> Words:
    """What the other curves would have given for the same people in the same water; empty where nobody was in it."""
    if not (found := by_curve(results)):
        return NOTHING
    applied, *others = found
    numbers = [found[name] for name in others]
    each = listed([bilingual("{curve}: {deaths}", curve=CURVE_WORDS[n], deaths=_count(found[n])) for n in others])
    return bilingual(
        "Deaths are by {curve} ({deaths} to be expected at the median); by other published curves, of the same people "
        "in the same water, {low} to {high} ({each}).",
        curve=CURVE_WORDS[applied], deaths=_count(found[applied]), low=_count(min(numbers)), high=_count(max(numbers)),
        each=each,
    )  # fmt: skip


def clause_by_curves(results: StoredDeaths, row: Mapping[Any, Any]) -> Words:
    """How often a clause on deaths would have held by each of the other curves; empty for other clauses.

    Expected deaths are no count: in each replication a Poisson number of that mean stands for them. As many as
    the limit says count as kept (whether it is itself allowed is not in the row).

    Args:
        results: a run.
        row: of its verdicts.
    """
    from scipy.special import pdtr  # heavy, and most clauses are of something else

    residents = (results.manifest["scenario"]["settings"].get("jurisdiction") or {}).get("population") or 0
    found = by_curve(results)
    if row["metric"] != "deaths_per_million" or not found or not residents or np.isnan(row["limit"]):
        return NOTHING
    most = np.floor(row["limit"] * residents / 1e6 + _ROUNDING)
    expected = [results.replications[f"deaths_{name}"].to_numpy(float) for name in list(found)[1:]]
    # The mean over replications, as the share of those in which the clause holds.
    shares = [float(pdtr(most, mean).mean()) for mean in expected]
    low, high = write_share(min(shares)), write_share(max(shares))
    return bilingual("By other published curves of deaths it would hold in {low} to {high}.", low=low, high=high)


def span_of_deaths(metrics: pd.DataFrame | Mapping[str, Any]) -> Words:
    """What stands in brackets behind a figure of deaths: the least and the most that a curve gives at the middle.

    The deaths of the run are one of them: whole persons, drawn around what the curve that it applies gives, so that
    their middle may lie below all that is to be expected.

    Args:
        metrics: name -> values of replications, at least those of `COLUMNS`; `deaths`: those of the run.

    Returns:
        Empty where they are not all there, or nobody was in the water.
    """
    if not (middle := _middle(metrics)):
        return NOTHING
    drawn = np.asarray(metrics.get("deaths", []), dtype=float)
    spanned = [*middle.values(), *([float(np.median(drawn))] if drawn.size else ())]
    low, high = _count(min(spanned)), _count(max(spanned))
    return bilingual("by published curves {low} to {high}", low=low, high=high)


def with_span(figure: Words, span: Words) -> Words:
    """A figure of deaths with what stands behind it."""
    return bilingual_as("a figure and its span", "{figure} ({span})", figure=figure, span=span) if span.en else figure


def beside_record(figure: Words, row: Mapping[Any, Any], results: StoredDeaths) -> Words:
    """The simulated figure that stands beside a recorded one, where it is of deaths with the span of the whole run.

    Args:
        figure: as it is written.
        row: of recorded.csv.
        results: the run.
    """
    if current_name(row["metric"]) != "deaths" or not (span := span_of_deaths(results.replications)).en:
        return figure
    return with_span(figure, span if np.isnan(row["at_h"]) else bilingual("in the end {span}", span=span))


def _middle(metrics: pd.DataFrame | Mapping[str, Any]) -> dict[str, float]:
    """Median of each curve; empty where one is missing, or all give nothing."""
    if not all(column in metrics for column in COLUMNS.values()):
        return {}
    values = {name: np.asarray(metrics[column], dtype=float) for name, column in COLUMNS.items()}
    if not any(one.size and one.max() > 0 for one in values.values()):
        return {}
    return {name: float(np.median(one)) for name, one in values.items()}


def _count(number: float) -> str:
    # Not "0": somebody may die all the same.
    if 0 < number < 0.01:
        return "<0.01"
    return f"{number:,.0f}" if number >= 10 or not number else f"{number:.1g}"
