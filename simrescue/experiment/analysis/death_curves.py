"""How far the published curves of deaths lie apart in a run: no figure of deaths stands without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from simrescue.hazards.flood.mortality import CURVE_NAMES
from simrescue.units import write_share
from simrescue.wording import Words, bilingual, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

CURVE_WORDS: dict[str, Words] = {
    "lifesim": bilingual("LifeSim, by house and person"),
    "jonkman": bilingual("Jonkman 2008, by zone of the flood"),
    "boyd": bilingual("Boyd 2005, by depth"),
    "screening": bilingual("World Bank screening fit, by depth"),
}
NOTHING = Words("", "")


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
    columns = {name: f"died_{name}" for name in CURVE_NAMES}
    applied = health.get("mortality")
    if applied not in columns or not set(columns.values()) <= set(table):
        return {}
    middle = {name: float(np.median(table[column])) for name, column in columns.items()}
    if not any(table[column].max() for column in columns.values()):
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
        "Deaths are by {curve} ({deaths} at the middle); by other published curves, of the same people in the same "
        "water, {low} to {high} ({each}).",
        curve=CURVE_WORDS[applied], deaths=_count(found[applied]), low=_count(min(numbers)), high=_count(max(numbers)),
        each=each,
    )  # fmt: skip


def clause_by_curves(results: StoredDeaths, row: Mapping[Any, Any]) -> Words:
    """In how many replications a clause on deaths would have held by each of the other curves; empty for other clauses.

    Args:
        results: a run.
        row: of its verdicts.
    """
    residents = (results.manifest["scenario"]["settings"].get("jurisdiction") or {}).get("population") or 0
    found = by_curve(results)
    if row["metric"] != "deaths_per_million" or not found or not residents or np.isnan(row["limit"]):
        return NOTHING
    shares = [
        float((results.replications[f"died_{name}"] / residents * 1e6 < row["limit"]).mean())
        for name in list(found)[1:]
    ]
    low, high = write_share(min(shares)), write_share(max(shares))
    return bilingual("By other published curves of deaths it would hold in {low} to {high}.", low=low, high=high)


def _count(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 or not number else f"{number:.1g}"
