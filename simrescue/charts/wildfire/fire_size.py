"""How the fires grow and are held: area and edge over the local time, and the steps of the response under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simrescue.charts.shared.bands import draw_band, legend_above, local_time
from simrescue.charts.shared.chart import Chart
from simrescue.charts.shared.style import QUIET, figure, nothing
from simrescue.charts.shared.summaries import band
from simrescue.charts.shared.words import say, with_verdict
from simrescue.charts.wildfire.danger_strip import draw_danger
from simrescue.charts.wildfire.fire_steps import draw_steps, first_h, last_h
from simrescue.hazards.wildfire.kind import WILDFIRE
from simrescue.plans import VERDICT_COLOURS
from simrescue.wording import LANGUAGES, bilingual
from simrescue.wording.unit_words import measure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

AREA, EDGE = WILDFIRE.colour, "#7b5aa6"
NAME_HEIGHT = 0.09
"""Height of the name of a limit above its line, as a share of the axes."""


def draw(results: Results, lang: Language) -> Figure:
    """Draw area, edge and steps on one time axis."""
    drawn = figure(10.0, 8.6)
    upper, middle, lower = drawn.subplots(3, 1, height_ratios=(4, 2.4, 2.6), sharex=True)
    burned, edge = band(results, "burned_ha"), band(results, "perimeter_km")
    for axes, title in ((upper, "burned area"), (middle, "fire edge"), (lower, "steps")):
        axes.set_title(say(title, lang))
    if not len(burned.hour) or not burned.high.any():
        for axes in (upper, middle, lower):
            nothing(axes, say("no data", lang))
        return drawn
    end = last_h(results, burned.hour)
    draw_band(upper, burned, AREA, results, lang)
    draw_band(middle, edge, EDGE, results, lang)
    draw_steps(lower, results, end, lang)
    _limits(upper, results, float(burned.high.max()), lang)
    at = LANGUAGES.index(lang)
    upper.yaxis.set_major_formatter(
        lambda hectares, _: measure(f"{hectares:,.0f} ha" if hectares >= 10 else f"{hectares:g} ha")[at]
    )
    middle.yaxis.set_major_formatter(lambda km, _: measure(f"{km:g} km")[at])
    for axes in (upper, middle):
        axes.set_ylim(bottom=0)
    draw_danger(upper, results, first_h(results), end, lang)
    legend_above(upper)
    local_time(lower, results, first_h(results), end, lang)
    return drawn


def _limits(axes: Axes, results: Results, highest: float, lang: Language) -> None:
    """Areas that clauses set for the largest fire, where the chart reaches them, each named above its line.

    Lines that lie close to one another have their names at the two ends and in the middle; above the highest is room.
    """
    if not (results.path / "verdicts.csv").exists():
        return
    table = results.verdicts
    rows = table[table["metric"].isin(("largest_fire_ha", "burned_ha")) & (table["verdict"] != "not measured")]
    rows = rows.sort_values(["limit", "kind"], ascending=[True, False], kind="stable").drop_duplicates("limit")
    rows = rows[rows["limit"].astype(float) <= 1.3 * highest]
    top = max(axes.get_ylim()[1], float(rows["limit"].max()) / (1 - NAME_HEIGHT) if len(rows) else 0.0)
    axes.set_ylim(top=top)
    spots, below, at = (("right", 1.0, -3), ("left", 0.0, 3), ("center", 0.5, 0)), -np.inf, 0
    for row in rows.to_dict("records"):
        limit, obligation = float(row["limit"]), row["kind"] == "obligation"
        at = (at + 1) % len(spots) if limit - below < NAME_HEIGHT * top else 0
        (side, along, inwards), below = spots[at], limit
        colour = VERDICT_COLOURS[str(row["verdict"])] if obligation else QUIET
        axes.axhline(limit, color=colour, lw=1.2, ls=(0, (5, 2)) if obligation else ":")
        text = with_verdict(say("area limit", lang, hectares=f"{limit:,.0f}"), str(row["verdict"]), lang)
        text = text if obligation else say("comparison limit", lang, name=text)
        axes.annotate(
            text, (along, limit), xycoords=("axes fraction", "data"),
            xytext=(inwards, 3), textcoords="offset points", ha=side, va="bottom", fontsize=8.5, color=colour,
        )  # fmt: skip


FIRE_SIZE = Chart(
    "fire_size",
    bilingual("How the fire grows and is held"),
    bilingual(
        "Curves over time: burned area and length of the edge, with the fire danger of the days and the steps of the"
        " response."
    ),
    draw,
    role="curves",
)
