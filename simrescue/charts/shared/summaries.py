"""What the charts show, computed from the stored tables: medians, intervals and shares over the replications.

Times can be infinite (never); quantiles are therefore always values that occur, never interpolated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from simrescue.experiment.store.run_writer import Results


class Band(NamedTuple):
    """A quantity over a grid of hours, pointwise over the replications."""

    hour: NDArray[np.float64]
    low: NDArray[np.float64]
    """5 % quantile, shape of `hour`."""
    median: NDArray[np.float64]
    high: NDArray[np.float64]
    """95 % quantile, shape of `hour`."""


def occurring(values: NDArray[np.float64], q: float) -> float:
    """Quantile `q` (0..1) of values of which some may be infinite, as one of them; nan where there are none."""
    return float(np.quantile(values, q, method="inverted_cdf")) if len(values) else float("nan")


def band(results: Results, column: str) -> Band:
    """Median and 5 % to 95 % of a column of the curves; replications without the quantity are left out."""
    table = results.curves.dropna(subset=[column])
    groups = table.groupby("hour")[column]
    low, median, high = (groups.quantile(q, interpolation="nearest").to_numpy(float) for q in (0.05, 0.5, 0.95))
    return Band(np.array(list(groups.groups), float), low, median, high)


def villages(results: Results) -> pd.DataFrame:
    """One row a village, by its index in the table of things.

    `relief_h`: median over the replications in which it was affected of the hours until 95 % of its affected people
    were relieved (nan: affected in fewer than half, infinite: never); `affected`: median persons affected;
    `depth_m`: median of the deepest water.
    """
    places = results.places
    hit = places["affected"] > 0
    groups = places.groupby("village")
    table = groups[["affected", "population"]].median()
    table["depth_m"] = groups["max_depth_m"].median()
    relief = places[hit].groupby("village")["relief_p95_h"].quantile(0.5, interpolation="lower")
    often = hit.groupby(places["village"]).mean() >= 0.5
    table["relief_h"] = relief.reindex(table.index).where(often)
    return table.join(results.things.set_index("index")[["name", "name_zh", "lon", "lat", "township"]])


class Limit(NamedTuple):
    """A time limit of the plan for the relief of people."""

    hours: float
    kind: str
    """obligation or comparison"""
    verdict: str


def relief_limits(results: Results) -> list[Limit]:
    """Limits for the share of people relieved, shortest first; of equal ones the obligation."""
    if not (results.path / "verdicts.csv").exists():
        return []
    table = results.verdicts
    rows = table[(table["metric"] == "share_relieved") & (table["unit"] == "h") & (table["verdict"] != "not measured")]
    rows = rows.sort_values(["limit", "kind"], ascending=[True, False], kind="stable").drop_duplicates("limit")
    return [Limit(float(row["limit"]), str(row["kind"]), str(row["verdict"])) for row in rows.to_dict("records")]
