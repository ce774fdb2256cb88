"""Lines of how often a clause holds over the values of the factors and over cost, beside what is required."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simrescue.charts.experiment.answer_words import tell
from simrescue.charts.experiment.sweep_data import (
    axis_name,
    is_number,
    of_clause,
    panel_title,
    split,
    value_name,
    values,
    varied,
)
from simrescue.charts.shared.style import INK, QUIET, figure
from simrescue.charts.shared.words import wrap
from simrescue.plans import VERDICT_COLOURS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.wording import Language

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#8e4fa8", "#b8860b", "#3b3b3b")
"""Colours of lines, apart for the colour-blind."""
MOST_LINES, MOST_PANELS, MOST_TICKS = 6, 4, 12
WORDS_WIDE = 18
"""Columns of text after which words on an axis go on in the next line."""


def lines(results: SweepResults, clause: dict[str, Any], lang: Language) -> Figure | None:
    """Probability over the first factor, a line for each value of the second, a panel for each of the third."""
    table = of_clause(results, clause)
    names = varied(results, table)
    if not names or not len(table):
        return None
    panels = split(table, names[2] if len(names) > 2 else None, MOST_PANELS)
    drawn = figure(4.2 + 3.6 * len(panels), 4.8)
    every: Any = drawn.subplots(1, len(panels), sharey=True, squeeze=False)
    for axes, (value, part) in zip(every[0], panels, strict=True):
        _panel(axes, results, part, names, lang)
        if len(panels) > 1:
            axes.set_title(panel_title(results, names[2], value, lang), fontsize=10)
    every[0][0].set_ylabel(tell("holds in", lang))
    _say_required(every[0][-1], float(table["required"].iloc[0]), lang)
    handles, labels = every[0][0].get_legend_handles_labels()
    if handles:
        title = axis_name(results, names[1], lang, unit=False) if len(names) > 1 else None
        drawn.legend(handles, labels, loc="outside lower left", title=title, ncols=6, fontsize=9, title_fontsize=9)
    return drawn


def _say_required(axes: Axes, required: float, lang: Language) -> None:
    """Right of the panel, where no line runs through it."""
    axes.annotate(
        tell("required", lang, share=f"{required * 100:g} %"), (1, required), (5, 0), fontsize=8.5,
        color=INK, xycoords=axes.get_yaxis_transform(), textcoords="offset points", va="center",
    )  # fmt: skip


def _panel(axes: Axes, results: SweepResults, part: pd.DataFrame, names: list[str], lang: Language) -> None:
    axes.grid(visible=True, axis="y")
    required = float(part["required"].iloc[0])
    axes.axhline(required, color=INK, lw=1.2, ls=(0, (4, 2)))
    groups = split(part, names[1] if len(names) > 1 else None, MOST_LINES)
    positions = {value: i for i, value in enumerate(values(part[names[0]]))}
    numeric = is_number(part[names[0]]) and None not in positions
    for number, (value, rows) in enumerate(groups):
        label = "" if value is None and len(names) < 2 else value_name(results, names[1], value, lang)
        colour, shift = COLOURS[number % len(COLOURS)], number - (len(groups) - 1) / 2
        _line(axes, rows, names[0], None if numeric else positions, colour, label, shift)
    if numeric and len(positions) <= MOST_TICKS:
        axes.set_xticks(list(positions))
    if not numeric:
        words = [wrap(value_name(results, names[0], value, lang), WORDS_WIDE) for value in positions]
        axes.set_xticks(range(len(positions)), words)
    axes.set(ylim=(-0.03, 1.05), xlabel=axis_name(results, names[0], lang))
    axes.yaxis.set_major_formatter(lambda share, _: f"{share * 100:.0f} %")


def _line(
    axes: Axes, rows: pd.DataFrame, name: str, positions: dict[Any, int] | None, colour: str, label: str, shift: float
) -> None:
    """Mean over the other factors with the widest interval where several points share a place."""
    keys = rows[name].where(rows[name].notna(), None) if positions else rows[name]
    place = (
        np.array([positions[None if key != key else key] for key in keys], float) if positions else keys.to_numpy(float)
    )
    spots = np.unique(place)
    span = float(np.ptp(spots)) or 1.0
    estimate, low, high = (np.array([how(rows[column].to_numpy()[place == spot]) for spot in spots])
                           for column, how in (("estimate", np.mean), ("low", np.min), ("high", np.max)))  # fmt: skip
    at = spots + shift * 0.012 * span
    axes.plot(at, estimate, color=colour, lw=1.8, marker="o", ms=5, label=label or None)
    axes.vlines(at, low, high, color=colour, lw=2.2, alpha=0.35)


def costs(results: SweepResults, clause: dict[str, Any], lang: Language) -> Figure | None:
    """Cost against probability, with the points that no cheaper one beats joined by a line."""
    table = of_clause(results, clause).sort_values(["cost", "estimate"], ascending=[True, False], kind="stable")
    if table["cost"].nunique() < 2:
        return None
    drawn = figure(9.4, 5.0)
    axes: Any = drawn.subplots()
    price = table["cost"].to_numpy(float) / 1e6
    share = table["estimate"].to_numpy(float)
    for word, colour in VERDICT_COLOURS.items():
        of_word = (table["verdict"] == word).to_numpy()
        if of_word.any():
            axes.vlines(price[of_word], table["low"][of_word], table["high"][of_word], color=colour, lw=1.6, alpha=0.3)
            axes.scatter(price[of_word], share[of_word], s=30, color=colour, label=tell(word, lang), zorder=3)
    edge = np.flatnonzero(share > np.concatenate(([-1.0], np.maximum.accumulate(share)[:-1])))
    axes.step(price[edge], share[edge], where="post", color=QUIET, lw=1.4, label=tell("edge", lang), zorder=1)
    required = float(table["required"].iloc[0])
    axes.axhline(
        required, color=INK, lw=1.2, ls=(0, (4, 2)), label=tell("required", lang, share=f"{required * 100:g} %")
    )
    axes.grid(visible=True)
    axes.set(xlabel=tell("cost", lang), ylabel=tell("holds in", lang), ylim=(-0.03, 1.05))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value * 100:.0f} %")
    drawn.legend(*axes.get_legend_handles_labels(), loc="outside lower left", ncols=3, fontsize=9)
    return drawn
