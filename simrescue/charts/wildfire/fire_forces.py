"""Who is at the fires and what they get done: people on the line, aircraft, line built, water dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simrescue.charts.shared.bands import draw_band, local_time
from simrescue.charts.shared.chart import Chart
from simrescue.charts.shared.style import figure, nothing
from simrescue.charts.shared.summaries import band
from simrescue.charts.shared.words import say
from simrescue.charts.wildfire.fire_steps import first_h, last_h
from simrescue.kinds import made_for_task
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

PANELS = {
    "persons_on_line": made_for_task("suppression")[0].colour,
    "line_km": "#3d3d3d",
    "aircraft": made_for_task("water_drop")[0].colour,
    "water_t": "#2c8fd6",
}
"""Column of the curves -> its colour, row by row from the upper left."""
WHOLE = ("persons_on_line", "aircraft")
"""Quantities that are counted."""


def draw(results: Results, lang: Language) -> Figure:
    """Draw the four quantities on one time axis."""
    drawn = figure(11.5, 7.2)
    panels = drawn.subplots(2, 2, sharex=True).ravel()
    hour = np.unique(results.curves["hour"].to_numpy(float))
    for axes, (column, colour) in zip(panels, PANELS.items(), strict=True):
        _draw_panel(axes, results, column, colour, lang)
        local_time(axes, results, first_h(results), last_h(results, hour), lang)
    if (entries := panels[0].get_legend_handles_labels())[0]:
        drawn.legend(*entries, loc="outside lower left", ncols=2, fontsize=9)
    for axes in panels[:2]:
        axes.set_xlabel("")
    return drawn


def _draw_panel(axes: Axes, results: Results, column: str, colour: str, lang: Language) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_title(say(column, lang))
    over = band(results, column)
    if not over.high.any():
        nothing(axes, say("no data", lang))
        return
    draw_band(axes, over, colour, results, lang)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=column in WHOLE))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.12g}")


FIRE_FORCES = Chart(
    "fire_forces",
    bilingual("Who is at the fire, and what they get done"),
    bilingual("Curves over time: people on the line, line built, aircraft and water dropped."),
    draw,
)
