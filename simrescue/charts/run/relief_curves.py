"""How relief spreads over the hours after the flood, and how many people are trapped as the days go by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simrescue.charts.shared.bands import draw_band, legend_above, local_time
from simrescue.charts.shared.chart import Chart
from simrescue.charts.shared.style import QUIET, figure, nothing
from simrescue.charts.shared.summaries import Band, Limit, band, relief_limits
from simrescue.charts.shared.words import hours, percent, say, with_verdict
from simrescue.plans import VERDICT_COLOURS
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

RELIEF, TRAPPED = "#2c6fbb", "#b5452c"
NAME_WIDTH = 0.3
"""Part of the axis that the name of a limit takes at the most."""


def draw(results: Results, lang: Language) -> Figure:
    """Draw both curves with their 5 % to 95 % band over the replications."""
    drawn = figure(9.5, 7.6)
    upper, lower = drawn.subplots(2, 1, height_ratios=(3, 2))
    _relief(upper, results, lang)
    _trapped(lower, results, lang)
    return drawn


def _relief(axes: Axes, results: Results, lang: Language) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_title(say("share relieved", lang))
    relieved = band(results, "share_relieved")
    if not len(relieved.hour):
        nothing(axes, say("no data", lang))
        return
    limits = relief_limits(results)
    end = _settled_h(relieved, max([limit.hours for limit in limits], default=12.0))
    draw_band(axes, relieved, RELIEF, results, lang)
    axes.set(xlim=(0, end), ylim=(0, 1.02), xlabel=say("hours since", lang))
    axes.yaxis.set_major_formatter(lambda share, _: percent(share, lang))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=10, steps=[1, 2, 3, 6, 10], integer=True))
    _draw_limits(axes, limits, relieved, end, lang)
    legend_above(axes)


def _settled_h(relieved: Band, limit_h: float) -> float:
    """Where to end the axis: some hours after the curves stop rising, and well beyond the last limit."""
    rising = np.flatnonzero(np.diff(relieved.median) + np.diff(relieved.low) > 1e-3)
    last = relieved.hour[rising[-1] + 1] if len(rising) else 0.0
    return float(min(max(last * 1.08, 1.6 * limit_h), relieved.hour[-1]))


def _draw_limits(axes: Axes, limits: list[Limit], relieved: Band, end_h: float, lang: Language) -> None:
    """Each limit as a line with its name and verdict, one name below the other, below or above the curves."""
    if not limits:
        return
    grid, names_end_h = relieved.hour, limits[-1].hours + NAME_WIDTH * end_h
    low = np.interp(limits[0].hours, grid, relieved.low)
    high = np.interp(names_end_h, grid, relieved.high)
    is_below = low >= 1 - high
    top = 0.08 * len(limits) + 0.02 if is_below else 0.985
    for level, limit in enumerate(limits):
        obligation = limit.kind == "obligation"
        colour = VERDICT_COLOURS[limit.verdict] if obligation else QUIET
        axes.axvline(limit.hours, color=colour, lw=1.5 if obligation else 1.0, ls=(0, (5, 2)) if obligation else ":")
        name = say("limit", lang, hours=hours(limit.hours, lang))
        name = with_verdict(name, limit.verdict, lang)
        axes.annotate(
            name if obligation else say("comparison limit", lang, name=name), (limit.hours, top - 0.08 * level),
            xytext=(4, 0), textcoords="offset points", color=colour, fontsize=9, va="top",
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.0},
        )  # fmt: skip


def _trapped(axes: Axes, results: Results, lang: Language) -> None:
    axes.set_title(say("trapped", lang))
    trapped = band(results, "trapped")
    if not len(trapped.hour) or not trapped.high.any():
        nothing(axes, say("no data", lang))
        return
    draw_band(axes, trapped, TRAPPED, results, lang)
    axes.yaxis.set_major_formatter(lambda persons, _: f"{persons:,.0f}")
    local_time(axes, results, trapped.hour[0], trapped.hour[-1], lang)
    axes.set_ylim(bottom=0)
    legend_above(axes)


CURVES = Chart(
    "curves",
    bilingual("How fast relief comes, and how many are trapped"),
    bilingual(
        "Curves over time: share of affected people relieved, and people trapped, with the range over the replications."
    ),
    draw,
    role="curves",
)
