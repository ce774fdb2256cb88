"""A map of what a clause comes to and how often it holds over two factors, with what is decided and what is not."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

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
    where,
)
from simrescue.charts.shared.style import INK, QUIET, figure, wrap_to
from simrescue.charts.shared.words import wrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.wording import Language

MOST_PANELS = 4
MARKS = {"met": "✓", "not met": "✕", "undecided": "?"}
ACROSS_WIDE, UP_WIDE, TITLE_WIDE = 18, 30, 40
"""Columns of text after which words on an axis go on in the next line."""
DARK = 0.62
"""From this share on a cell is so dark that its text is white."""


def heat(results: SweepResults, clause: dict[str, Any], lang: Language) -> Figure | None:
    """A map over two factors: shade and number for the value, below it mark and chance of met, not met, undecided.

    Undecided cells are hatched. Older results tell no value: there the shade is the chance.
    """
    table = of_clause(results, clause)
    names = varied(results, table)
    if len(names) < 2:
        return None
    panels = split(table, names[2] if len(names) > 2 else None, MOST_PANELS)
    across, up = (values(table[name]) for name in names[:2])
    wide, wide_up = (0 if is_number(table[names[i]]) else most for i, most in enumerate((ACROSS_WIDE, UP_WIDE)))
    ticks = [_tick(results, names[0], value, lang, wide) for value in across]
    column = 1.4 if wide else 0.72
    figure_width = max(7.2, 2.6 + len(panels) * max(3.4, column * len(across)))
    drawn = figure(figure_width, max(3.8, 2.3 + 0.6 * len(up)))
    every: Any = drawn.subplots(1, len(panels), sharey=True, squeeze=False)
    for axes, (value, part) in zip(every[0], panels, strict=True):
        _cells(axes, part, names, across, up, _scale(table))
        axes.set_xticks(range(len(across)), ticks)
        axes.set_xlabel(axis_name(results, names[0], lang))
        if len(panels) > 1:
            axes.set_title(wrap(panel_title(results, names[2], value, lang), TITLE_WIDE), fontsize=10)
    first = every[0][0]
    first.set_yticks(range(len(up)), [_tick(results, names[1], v, lang, wide_up) for v in up])
    first.set_ylabel(axis_name(results, names[1], lang))
    marks = "    ".join(f"{mark} {tell(word, lang)}" for word, mark in MARKS.items())
    said = [f"{marks}    {tell('holds in', lang)}, %"]
    if table["value"].notna().any():
        name = metric_name(str(table["metric"].iloc[0]), lang)
        said.insert(
            0, tell("shade", lang, value=f"{name}, %" if is_share(table) else name, needed=needed_words(table, lang))
        )
    text = wrap_to("\n".join(said), (figure_width - 0.3) * 72, 9)
    drawn.supxlabel(text, fontsize=9, color=QUIET, x=0.012, ha="left")
    return drawn


class Scale(NamedTuple):
    """How the cells of a map are shaded and written: by the value, or by the chance where no value is known."""

    column: str
    low: float
    high: float
    share: bool
    falling: bool
    """Whether less is better: dark is what is near to the promise."""

    def place(self, value: float) -> float:
        """Where a `value` stands between 0, far from the promise, and 1."""
        span = (min(value, self.high) - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return 1 - span if self.falling else span

    def text(self, value: float) -> str:
        """What stands in a cell of this `value`."""
        return "∞" if value == inf else f"{value * 100:.0f}" if self.share else f"{value:,.3g}"


def _scale(table: pd.DataFrame) -> Scale:
    if table["value"].isna().all():
        return Scale("estimate", 0.0, 1.0, share=True, falling=False)
    share, falling = is_share(table), table["comparison"].iloc[0] != "at_least"
    known = [float(value) for value in (*table["value"], table["needed"].iloc[0]) if abs(value) < inf]
    low, high = (0.0, 1.0) if share else (min(known, default=0.0), max(known, default=1.0))
    return Scale("value", low, high, share, falling)


def _tick(results: SweepResults, name: str, value: Any, lang: Language, wide: int) -> str:
    """A value on an axis: words in lines of `wide` columns; with 0 a number without its unit, which the axis tells."""
    if not wide and value is not None:
        return f"{value:,.12g}"
    return wrap(value_name(results, name, value, lang), wide or ACROSS_WIDE)


def _cells(axes: Axes, part: pd.DataFrame, names: list[str], across: list[Any], up: list[Any], scale: Scale) -> None:
    axes.set(xlim=(-0.5, len(across) - 0.5), ylim=(-0.5, len(up) - 0.5))
    for i, x in enumerate(across):
        for j, y in enumerate(up):
            rows = part[where(part[names[0]], x) & where(part[names[1]], y)]
            if len(rows):
                words = set(rows["verdict"])
                word = words.pop() if len(words) == 1 else "undecided"
                value, chance = float(rows[scale.column].mean()), float(rows["estimate"].mean())
                first = f"{scale.text(value)}\n" if scale.column == "value" else ""
                _cell(axes, (i, j), scale.place(value), f"{first}{MARKS[word]} {chance * 100:.0f}", word)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)


def _cell(axes: Axes, at: tuple[int, int], dark: float, text: str, word: str) -> None:
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    shade = colormaps["YlGnBu"](0.08 + 0.75 * (0.0 if dark != dark else dark))
    corner = (at[0] - 0.5, at[1] - 0.5)
    axes.add_patch(Rectangle(corner, 1, 1, facecolor=shade, edgecolor="white", lw=1.2))
    if word == "undecided":
        axes.add_patch(Rectangle(corner, 1, 1, facecolor="none", edgecolor=(1, 1, 1, 0.4), lw=0, hatch="//"))
    axes.text(
        *at, text, ha="center", va="center", fontsize=9.5, linespacing=1.3,
        color="white" if dark > DARK else INK, bbox={"facecolor": shade, "edgecolor": "none", "pad": 3},
    )  # fmt: skip
