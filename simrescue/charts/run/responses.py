"""How long a report waits for the first responder on the spot, by kind of responder, and how often nobody comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simrescue.charts.shared.chart import Chart
from simrescue.charts.shared.style import INK, QUIET, figure, nothing
from simrescue.charts.shared.summaries import occurring
from simrescue.charts.shared.words import hours, noun_of, percent, say
from simrescue.errors import said
from simrescue.kinds import of_role
from simrescue.responders import TASK_WORDS, TASKS
from simrescue.wording import bilingual

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language


def draw(results: Results, lang: Language) -> Figure:
    """Draw the distribution of response times by responder kind, and the share unserved by task."""
    table = results.responses
    drawn = figure(11.5, 5.8)
    left, right = drawn.subplots(1, 2, width_ratios=(5, 3))
    _waits(left, table, lang)
    _unserved(right, table, lang)
    handles, labels = left.get_legend_handles_labels()
    if handles:
        drawn.legend(handles, labels, loc="outside lower left", ncols=2, fontsize=9.5)
    return drawn


def _waits(axes: Axes, table: pd.DataFrame, lang: Language) -> None:
    axes.set_title(say("requests", lang))
    wait_h = table["arrived_h"] - table["reported_h"]
    answered = np.isfinite(table["arrived_h"])
    if not answered.any():
        nothing(axes, say("no data", lang))
        return
    axes.grid(visible=True)
    for kind in of_role("responder"):
        waits = np.sort(wait_h[answered & (table["responder_kind"] == kind.name)].to_numpy(float))
        if len(waits):
            _ecdf(axes, waits, noun_of(kind, lang), kind.colour, lang)
    axes.set(xlim=(0, 1.25 * occurring(wait_h[answered].to_numpy(float), 0.97)), ylim=(0, 1.02))
    axes.yaxis.set_major_formatter(lambda share, _: percent(share, lang))
    axes.set_xlabel(say("hours to arrive", lang))


def _ecdf(axes: Axes, waits: np.ndarray, noun: str, colour: str, lang: Language) -> None:
    half, most = occurring(waits, 0.5), occurring(waits, 0.95)
    label = say(
        "half and most", lang, name=noun, half=hours(half, lang), most=hours(most, lang), count=f"{len(waits):,}"
    )
    axes.step(waits, np.arange(1, len(waits) + 1) / len(waits), where="post", color=colour, lw=2, label=label)
    axes.plot([half, most], [0.5, 0.95], ls="", marker="o", ms=6, mfc="white", mec=colour, mew=1.8)


def _unserved(axes: Axes, table: pd.DataFrame, lang: Language) -> None:
    axes.set_title(say("unserved", lang))
    tasks = [task for task in TASKS if (table["task"] == task).any()]
    if not tasks:
        nothing(axes, say("no data", lang))
        return
    never = np.isinf(table["arrived_h"])
    shares = [float(never[table["task"] == task].mean()) for task in tasks]
    rows = np.arange(len(tasks))
    axes.barh(rows, shares, color="#8a8a8a", height=0.55)
    for row, task, share in zip(rows, tasks, shares, strict=True):
        number = int((table["task"] == task).sum())
        axes.annotate(
            f"{share * 100:.1f} % (n = {number:,})",
            (share, row),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=INK,
        )
    axes.set_yticks(rows, [said(TASK_WORDS[TASKS.index(task)], lang) for task in tasks])
    axes.invert_yaxis()
    axes.set_xlim(0, max(1.6 * max(shares), 0.05))
    axes.xaxis.set_major_formatter(lambda share, _: percent(share, lang) if share < 1 + 1e-9 else "")
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel(say("of requests", lang), color=INK, loc="right")  # long names leave the axis little room
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_color(QUIET)


RESPONSES = Chart(
    "responses",
    bilingual("From report to first responder on the spot"),
    bilingual("Curves by kind of responder: share of requests reached within so many hours of the report."),
    draw,
)
