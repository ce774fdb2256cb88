"""A quantity over the local time: the median of the replications in the band from 5 % to 95 %."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from simrescue.charts.shared.style import INK
from simrescue.charts.shared.words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simrescue.charts.shared.summaries import Band
    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

MOST_TICKS = 9


def draw_band(axes: Axes, over: Band, colour: str, results: Results, lang: Language) -> None:
    """Draw a band with its median."""
    axes.grid(visible=True, axis="y")
    axes.fill_between(over.hour, over.low, over.high, color=colour, alpha=0.2, lw=0, label=say("band", lang))
    axes.plot(
        over.hour, over.median, color=colour, lw=2.2, label=say("median", lang, count=results.manifest["finished"])
    )
    axes.tick_params(colors=INK)


def legend_above(axes: Axes) -> None:
    """The legend beside the title, where no band can lie under it."""
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, fontsize=9, borderaxespad=0.2, frameon=False)


def local_time(axes: Axes, results: Results, from_h: float, to_h: float, lang: Language) -> None:
    """An axis of hours since the start of the scenario, written as local times."""
    start = datetime.fromisoformat(results.manifest["scenario"]["settings"]["start"])
    axes.set(xlim=(from_h, to_h), xlabel=say("clock", lang))
    step = next((step for step in (1, 2, 3, 6, 12, 24, 48, 96) if (to_h - from_h) / step <= MOST_TICKS), 192)
    past_midnight = start.hour + start.minute / 60 + start.second / 3600
    first = -past_midnight % step
    ticks = np.arange(first + step * np.ceil((from_h - first) / step - 1e-9), to_h + 1e-9, step)
    axes.set_xticks(ticks, [(start + timedelta(hours=float(tick))).strftime("%m-%d\n%H:%M") for tick in ticks])
