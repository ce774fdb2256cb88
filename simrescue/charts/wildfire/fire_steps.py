"""The steps of a fire on the time axis: found, reached, first drop, held, out, with their spread over replications."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simrescue.charts.shared.style import INK, QUIET, nothing
from simrescue.charts.shared.summaries import occurring
from simrescue.charts.shared.words import percent, say
from simrescue.hazards.wildfire.kind import WILDFIRE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

FIRST = ("began", "reported", "staged", "on_line", "by_air", "dropped")
"""Steps that the first fire to take them shows; of the others the last fire counts."""
LAST = ("contained", "controlled", "out")
ALWAYS = ("contained", "out")
"""Steps that are shown also where they never come."""
LOST = "off_map"
"""The first fire to run off the landscape."""
COLOURS = {
    "began": WILDFIRE.colour,
    LOST: WILDFIRE.colour,
    "contained": "#1b7a5a",
    "controlled": "#1b7a5a",
    "out": "#1b7a5a",
}


class FireStep(NamedTuple):
    """One step over the replications, hours since the start of the scenario."""

    name: str
    low: float
    median: float
    high: float
    share: float
    """Of the replications in which it came."""


def steps(results: Results) -> list[FireStep]:
    """All steps in order; infinite where they never came, or not in enough of the replications."""
    table = results.fires
    table = table[np.isfinite(table["began_h"])]
    answer = []
    names = (*FIRST, LOST, *LAST) if f"{LOST}_h" in table else (*FIRST, *LAST)  # not in stored runs of before it
    for name in names:
        groups = table.groupby("replication")[f"{name}_h"]
        hours = (groups.max() if name in LAST else groups.min()).to_numpy(float)
        low, median, high = (occurring(hours, q) for q in (0.05, 0.5, 0.95))
        answer.append(FireStep(name, low, median, high, float(np.isfinite(hours).mean()) if len(hours) else 0.0))
    return answer


def draw_steps(axes: Axes, results: Results, to_h: float, lang: Language) -> None:
    """One row a step: median, and the range from 5 % to 95 %; an open end says that it is never in some."""
    shown = [step for step in steps(results) if step.share > 0 or step.name in ALWAYS]
    if not shown:
        nothing(axes, say("no data", lang))
        return
    axes.set(ylim=(len(shown) - 0.4, -0.6))
    axes.set_yticks(range(len(shown)), [say(f"step {step.name}", lang) for step in shown], fontsize=9)
    axes.tick_params(left=False)
    for row, step in enumerate(shown):
        _draw_step(axes, row, step, to_h, lang)


def _draw_step(axes: Axes, row: int, step: FireStep, to_h: float, lang: Language) -> None:
    colour = COLOURS.get(step.name, INK)
    axes.axhline(row, color="#eeeeee", lw=0.8, zorder=0)
    if np.isfinite(step.low):
        axes.hlines(row, step.low, min(step.high, to_h), color=colour, lw=4, alpha=0.35)
    if not np.isfinite(step.high) and np.isfinite(step.low):
        axes.plot(to_h, row, marker=">", color=colour, ms=6, alpha=0.6, clip_on=False)
    if np.isfinite(step.median):
        axes.plot(step.median, row, marker="o", color=colour, ms=6.5)
    text = percent(step.share, lang)
    axes.text(1.012, row, text, transform=axes.get_yaxis_transform(), va="center", fontsize=8.5, color=QUIET)


def last_h(results: Results, hour: NDArray[np.float64]) -> float:
    """Where to end the time axis: some time after the last step that comes, and after the fires stop growing.

    Args:
        results: a run.
        hour: the hours of its curves, rising.

    Returns:
        Hours since the start of the scenario, at most the last hour of the curves.
    """
    curves = results.curves
    high = curves.groupby("hour")["burned_ha"].quantile(0.95).to_numpy(float)
    growing = np.flatnonzero(np.diff(high) > 0.002 * max(high.max(initial=0.0), 1e-9))
    grown_h = hour[growing[-1] + 1] if len(growing) else 0.0
    moments = [step.high if np.isfinite(step.high) else step.median for step in steps(results)]
    coming = [moment for moment in moments if np.isfinite(moment)]
    return float(min(1.08 * max([grown_h, *coming], default=hour[-1]) + 0.5, hour[-1]))


def first_h(results: Results) -> float:
    """Where to begin the time axis: just before the first fire."""
    began = results.fires["began_h"].to_numpy(float)
    began = began[np.isfinite(began)]
    return float(max(0.0, began.min() - 0.5)) if len(began) else 0.0
