"""Lines of what a clause comes to and how often it holds, over the factors and over cost, beside what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simrescue.charts.experiment.answer_words import metric_name, tell
from simrescue.charts.experiment.sweep_data import (
    axis_name,
    is_number,
    is_share,
    needed_words,
    of_clause,
    panel_title,
    split,
    value_name,
    values,
    varied,
)
from simrescue.charts.shared.style import INK, QUIET, figure, wrap_to
from simrescue.charts.shared.words import percent, width, wrap
from simrescue.plans import VERDICT_COLOURS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.wording import Language

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#8e4fa8", "#b8860b", "#3b3b3b")
"""Colours of lines, apart for the colour-blind."""
MOST_LINES, MOST_PANELS, MOST_TICKS = 6, 4, 12
WORDS_WIDE, LABEL_WIDE, TITLE_WIDE, ASKED_WIDE = 18, 48, 42, 22
"""Columns of text after which words on an axis, in a legend, over a panel and beside it go on in the next line."""
LETTER_INCHES = 0.075
"""What a column of text in a legend takes."""


class PanelRow(NamedTuple):
    """What a row of panels shows of a clause: its value, or how often it holds."""

    columns: tuple[str, str, str]
    """Middle, lower and upper end."""
    target: float
    """What the clause asks for."""
    target_words: str
    label: str
    share: bool
    top: float
    """Where a value stands that is infinite."""


def lines(results: SweepResults, clause: dict[str, Any], lang: Language) -> Figure | None:
    """Value with its band, and below it the chance, over the first factor.

    A line for each value of the second factor, a panel for each of the third.
    """
    table = of_clause(results, clause)
    names = varied(results, table)
    if not names or not len(table):
        return None
    panels = split(table, names[2] if len(names) > 2 else None, MOST_PANELS)
    shown = _quantities(table, lang)
    drawn = figure(4.2 + 3.6 * len(panels), 1.4 + 3.4 * len(shown))
    every: Any = drawn.subplots(len(shown), len(panels), sharey="row", squeeze=False)
    for row, quantity in zip(every, shown, strict=True):
        for axes, (_, part) in zip(row, panels, strict=True):
            _panel(axes, results, part, names, quantity, lang)
        row[0].set_ylabel(quantity.label)
        _say_asked(row[-1], quantity)
    for axes, (value, _) in zip(every[0], panels, strict=True):
        if len(panels) > 1:
            title = panel_title(results, names[2], value, lang)
            axes.set_title(wrap(title, TITLE_WIDE), fontsize=10)
    handles, labels = every[0][0].get_legend_handles_labels()
    if handles:
        title = axis_name(results, names[1], lang, unit=False) if len(names) > 1 else ""
        columns = max(1, int(drawn.get_figwidth() / (0.6 + LETTER_INCHES * max(map(width, labels)))))
        drawn.legend(
            handles, labels, loc="outside lower left", title=wrap_to(title, drawn.get_figwidth() * 66, 9) or None,
            ncols=min(6, columns), fontsize=9, title_fontsize=9, alignment="left",
        )  # fmt: skip
    return drawn


def _quantities(table: pd.DataFrame, lang: Language) -> list[PanelRow]:
    """The value where it is known (older results do not tell it), then the chance."""
    required = float(table["required"].iloc[0])
    words = tell("required", lang, share=percent(required, lang, "g"))
    chance = PanelRow(("estimate", "low", "high"), required, words, tell("holds in", lang), share=True, top=1.0)
    if table["value"].isna().all():
        return [chance]
    columns = ("value", "value_low", "value_high")
    numbers = table[[*columns, "needed"]].to_numpy(float)
    top = 1.12 * max(float(numbers[np.isfinite(numbers)].max(initial=0.0)), 1e-9)
    name, needed = metric_name(str(table["metric"].iloc[0]), lang), float(table["needed"].iloc[0])
    share = is_share(table)
    return [PanelRow(columns, needed, needed_words(table, lang), name, share, 1.0 if share else top), chance]


def _say_asked(axes: Axes, quantity: PanelRow) -> None:
    """Right of the panel, where no line runs through it."""
    if np.isfinite(quantity.target):
        axes.annotate(
            wrap(quantity.target_words, ASKED_WIDE), (1, quantity.target), (5, 0), fontsize=8.5,
            color=INK, xycoords=axes.get_yaxis_transform(), textcoords="offset points", va="center",
        )  # fmt: skip


def _panel(
    axes: Axes, results: SweepResults, part: pd.DataFrame, names: list[str], quantity: PanelRow, lang: Language
) -> None:
    axes.grid(visible=True, axis="y")
    if np.isfinite(quantity.target):
        axes.axhline(quantity.target, color=INK, lw=1.2, ls=(0, (4, 2)))
    groups = split(part, names[1] if len(names) > 1 else None, MOST_LINES)
    positions = {value: i for i, value in enumerate(values(part[names[0]]))}
    numeric = is_number(part[names[0]]) and None not in positions
    for number, (value, rows) in enumerate(groups):
        label = "" if value is None and len(names) < 2 else value_name(results, names[1], value, lang)
        colour, shift = COLOURS[number % len(COLOURS)], number - (len(groups) - 1) / 2
        _line(axes, rows, names[0], None if numeric else positions, quantity, colour, wrap(label, LABEL_WIDE), shift)
    if numeric and len(positions) <= MOST_TICKS:
        axes.set_xticks(list(positions))
    if not numeric:
        wide = max(6, int(WORDS_WIDE * 3 / max(3, len(positions))))
        words = [wrap(value_name(results, names[0], value, lang), wide) for value in positions]
        axes.set_xticks(range(len(positions)), words, fontsize=8.5)
    axes.set(ylim=(-0.03 * quantity.top, 1.05 * quantity.top), xlabel=axis_name(results, names[0], lang))
    axes.yaxis.set_major_formatter(_number_of(quantity, lang))


def _line(
    axes: Axes, rows: pd.DataFrame, name: str, positions: dict[Any, int] | None, quantity: PanelRow, colour: str,
    label: str, shift: float,
) -> None:  # fmt: skip
    """Mean over the other factors with the widest band where several points share a place; a triangle for never."""
    keys = rows[name].where(rows[name].notna(), None) if positions else rows[name]
    place = (
        np.array([positions[None if key != key else key] for key in keys], float) if positions else keys.to_numpy(float)
    )
    spots = np.unique(place)
    span = float(np.ptp(spots)) or 1.0
    hows: tuple[Callable[[Any], Any], ...] = (np.mean, np.min, np.max)
    middle, low, high = (np.array([how(rows[column].to_numpy(float)[place == spot]) for spot in spots])
                         for column, how in zip(quantity.columns, hows, strict=True))  # fmt: skip
    at = spots + shift * 0.012 * span
    never = np.isinf(middle)
    middle, low, high = (np.minimum(part, quantity.top) for part in (middle, low, high))
    axes.plot(at, middle, color=colour, lw=1.8, marker="o", ms=5, label=label or None)
    axes.plot(at[never], middle[never], color=colour, ls="", marker="^", ms=8)
    axes.vlines(at, low, high, color=colour, lw=2.2, alpha=0.35)


def costs(results: SweepResults, clause: dict[str, Any], lang: Language) -> Figure | None:
    """Cost against value, and below it against chance, with the points that no cheaper one beats joined by a line."""
    table = of_clause(results, clause)
    if table["cost"].nunique() < 2:
        return None
    shown = _quantities(table, lang)
    drawn = figure(9.4, 1.6 + 3.4 * len(shown))
    every: Any = drawn.subplots(len(shown), 1, sharex=True, squeeze=False)[:, 0]
    for axes, quantity in zip(every, shown, strict=True):
        less_is_better = quantity is not shown[-1] and str(table["comparison"].iloc[0]) != "at_least"
        _cost_panel(axes, table, quantity, lang, less_is_better=less_is_better)
        _say_asked(axes, quantity)
    every[-1].set_xlabel(tell("cost", lang))
    drawn.legend(*every[-1].get_legend_handles_labels(), loc="outside lower left", ncols=3, fontsize=9)
    return drawn


def _cost_panel(
    axes: Axes, table: pd.DataFrame, quantity: PanelRow, lang: Language, *, less_is_better: bool
) -> None:  # fmt: skip
    ends = (np.minimum(table[column].to_numpy(float), quantity.top) for column in quantity.columns)
    middle, low, high = ends
    price = table["cost"].to_numpy(float) / 1e6
    for word, colour in VERDICT_COLOURS.items():
        of_word = (table["verdict"] == word).to_numpy()
        if of_word.any():
            axes.vlines(price[of_word], low[of_word], high[of_word], color=colour, lw=1.6, alpha=0.3)
            axes.scatter(price[of_word], middle[of_word], s=30, color=colour, label=tell(word, lang), zorder=3)
    good = -middle if less_is_better else middle
    order = np.lexsort((-good, price))
    edge = order[good[order] > np.concatenate(([-np.inf], np.maximum.accumulate(good[order])[:-1]))]
    axes.step(price[edge], middle[edge], where="post", color=QUIET, lw=1.4, label=tell("edge", lang), zorder=1)
    if np.isfinite(quantity.target):
        axes.axhline(quantity.target, color=INK, lw=1.2, ls=(0, (4, 2)))
    axes.grid(visible=True)
    axes.set(ylabel=quantity.label, ylim=(-0.03 * quantity.top, 1.05 * quantity.top))
    axes.yaxis.set_major_formatter(_number_of(quantity, lang))


def _number_of(quantity: PanelRow, lang: Language) -> Callable[[float, Any], str]:
    """How a tick of its axis is written."""
    return lambda value, _: percent(value, lang) if quantity.share else f"{value:,.6g}"
