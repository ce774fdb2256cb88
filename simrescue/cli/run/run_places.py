"""The tables of places after a run: fires, villages that flames came to, where people wait longest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simrescue.cli.language import between, figure_text, on_screen, pick
from simrescue.cli.show.tables import figure, name_of, percent, plain_table, with_note
from simrescue.metrics.amounts import mean_text
from simrescue.metrics.summary import LATE_AFTER_H
from simrescue.units import write_hours, write_metres
from simrescue.wording import bilingual

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike
    from rich.table import Table

    from simrescue import Results

MOST_FIRES = 6
"""Fires shown by name, the largest; fires.parquet has all that began."""
WORST = 5
"""Places shown by name; places.parquet has them all."""

STEPS = {
    "on_line_h": bilingual("Crew on the line"),
    "by_air_h": bilingual("Aircraft"),
    "dropped_h": bilingual("First drop"),
    "contained_h": bilingual("Contained"),
    "out_h": bilingual("Out"),
}
"""Moment whose wait since the report is shown -> column of the table of fires."""


SHORT = ("on_line_h", "contained_h")
"""Of these, those that one screen has room for."""


def fires_table(results: Results, each: bool = True) -> Table:
    """Medians over the replications in which each began; waits run from the report, but the first.

    `each`: every step, for a wide screen; else those of `SHORT`.
    """
    moments = tuple(STEPS) if each else SHORT
    steps = (pick(STEPS[moment]) for moment in moments)
    numbers = (
        on_screen("Found after"), *steps, on_screen("Contained in"),
        on_screen("Burned ({low} to {high})", low=figure_text("5 %"), high=figure_text("95 %")),
    )  # fmt: skip
    burned_ha = results.fires.groupby("fire")["burned_ha"].mean()
    largest = sorted(burned_ha.nlargest(MOST_FIRES).index)
    title = on_screen("Fires, hours after the report")
    if len(largest) < len(burned_ha):
        title = on_screen(
            "The {shown} largest of {all} fires, hours after the report", shown=len(largest), all=len(burned_ha)
        )
    table = plain_table(title, on_screen("Fire"), *numbers, right=numbers)
    table.columns[0].no_wrap = True
    names = results.things.set_index("index")[["name", "name_zh", "id"]]
    for fire, rows in results.fires[results.fires["fire"].isin(largest)].groupby("fire"):
        reported = rows["reported_h"]
        low, mid, high = (occurring(rows["burned_ha"], q) for q in (0.05, 0.5, 0.95))
        waits = [_wait(rows[moment], reported) for moment in moments]
        burned = figure_text(f"{figure(mid)} ha")
        table.add_row(
            name_of(names.loc[fire].to_dict()), _wait(reported, rows["began_h"]), *waits,
            percent(float(np.isfinite(rows["contained_h"]).mean())),
            with_note(burned, between(figure(low), figure(high))),
        )  # fmt: skip
    return table


def _wait(moment: pd.Series[float], start: pd.Series[float]) -> str:
    """The middle wait, as it occurs; what never came waits for ever."""
    waits = np.where(np.isfinite(moment), np.maximum(moment - start.where(np.isfinite(start), moment), 0.0), np.inf)
    return figure_text(write_hours(_to_the_hour(occurring(waits))))


def threatened_table(results: Results) -> Table:
    """Villages that flames came to, most people caught first; means over the replications in which they did."""
    numbers = (
        on_screen("Flames in"), on_screen("Residents"), on_screen("Moved before"), on_screen("Still there"),
        on_screen("Houses"),
    )  # fmt: skip
    table = plain_table(on_screen("Villages that flames came to"), on_screen("Village"), *numbers, right=numbers)
    places = results.places
    names = results.things.set_index("index")[["name", "name_zh", "id"]]
    hit = places[np.isfinite(places["flames_h"])].groupby("village")
    means = hit[["population", "moved_before", "exposed_to_flames", "houses_exposed"]].mean()
    means["share"] = hit.size() / results.manifest["finished"]
    means = means.sort_values(["exposed_to_flames", "share"], ascending=False, kind="stable").head(WORST)
    for row in means.join(names).to_dict("records"):
        counts = (row[name] for name in ("population", "moved_before", "exposed_to_flames", "houses_exposed"))
        table.add_row(name_of(row), percent(row["share"]), *map(mean_text, counts))
    return table


def worst_places_table(results: Results, *, with_water: bool, each: bool = True) -> Table:
    """Where people wait longest.

    `with_water`: how deep it gets there too; `each`: every column, for a wide screen, else those of the waiting.
    """
    more = (on_screen("Trapped"), *((on_screen("Deepest water"),) if with_water else ())) if each else ()
    waiting = (on_screen("Late person-hours"), on_screen("95 % relieved after (median)"), on_screen("Never in"))
    numbers = (on_screen("Affected"), *more, *waiting)
    title = on_screen("Where people wait longest (means; late: beyond {limit:g} h)", limit=LATE_AFTER_H)
    table = plain_table(title, on_screen("Village"), *numbers, right=numbers)
    table.columns[0].no_wrap = True
    for row in worst_places(results).to_dict("records"):
        cells = (mean_text(row["trapped"]), figure_text(write_metres(row["max_depth_m"])))[: len(more)]
        table.add_row(
            name_of(row), mean_text(row["affected"]), *cells, mean_text(row["late_person_h"]),
            figure_text(write_hours(_to_the_hour(row["relief_p95_h"]))), percent(row["never"]),
        )  # fmt: skip
    return table


def occurring(values: ArrayLike, q: float = 0.5) -> float:
    """A quantile as it occurs: the median of an even number of replications is the lower one, as in the report."""
    return float(np.quantile(np.asarray(values, float), q, method="inverted_cdf"))


def _to_the_hour(hours: float) -> float:
    return float(np.round(hours)) if hours > 3 else hours


def worst_places(results: Results, number: int = WORST) -> pd.DataFrame:
    """The villages with most person-hours of waiting beyond the limit, one row each; none where nobody waits so long.

    Means over the replications in which the village was affected; `relief_p95_h` is a median (infinite: never) and
    `never` the share of those replications in which more than 5 % of its people saw no relief.
    """
    places = results.places
    hit = places[places["affected"] > 0].assign(never=lambda rows: np.isinf(rows["relief_p95_h"]))
    villages = hit.groupby("village")
    means = villages[["affected", "trapped", "max_depth_m", "late_person_h", "never"]].mean()
    means["relief_p95_h"] = villages["relief_p95_h"].median()
    means = means[(means["late_person_h"] > 0) | (means["never"] > 0)]
    worst = means.sort_values(["late_person_h", "affected"], ascending=False, kind="stable").head(number)
    return worst.join(results.things.set_index("index")[["name", "name_zh", "id"]]).reset_index()
