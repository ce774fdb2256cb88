"""A map of how often a clause holds over two factors, with what is decided and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    where,
)
from simrescue.charts.shared.style import INK, QUIET, figure
from simrescue.charts.shared.words import wrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.wording import Language

MOST_PANELS = 4
MARKS = {"met": "✓", "not met": "✕", "undecided": "?"}
ACROSS_WIDE, UP_WIDE = 18, 30
"""Columns of text after which words on an axis go on in the next line."""
DARK = 0.62
"""From this share on a cell is so dark that its text is white."""


def heat(results: SweepResults, clause: dict[str, Any], lang: Language) -> Figure | None:
    """A map over two factors: shade for the probability, a mark for met, not met and undecided (hatched)."""
    table = of_clause(results, clause)
    names = varied(results, table)
    if len(names) < 2:
        return None
    panels = split(table, names[2] if len(names) > 2 else None, MOST_PANELS)
    across, up = (values(table[name]) for name in names[:2])
    wide, wide_up = (0 if is_number(table[names[i]]) else most for i, most in enumerate((ACROSS_WIDE, UP_WIDE)))
    ticks = [_tick(results, names[0], value, lang, wide) for value in across]
    column = 1.4 if wide else 0.62
    drawn = figure(max(6.4, 2.2 + len(panels) * max(3.4, column * len(across))), max(3.6, 2.1 + 0.52 * len(up)))
    every: Any = drawn.subplots(1, len(panels), sharey=True, squeeze=False)
    for axes, (value, part) in zip(every[0], panels, strict=True):
        _cells(axes, part, names, across, up)
        axes.set_xticks(range(len(across)), ticks)
        axes.set_xlabel(axis_name(results, names[0], lang))
        if len(panels) > 1:
            axes.set_title(panel_title(results, names[2], value, lang), fontsize=10)
    first = every[0][0]
    first.set_yticks(range(len(up)), [_tick(results, names[1], v, lang, wide_up) for v in up])
    first.set_ylabel(axis_name(results, names[1], lang))
    text = "    ".join(f"{mark} {tell(word, lang)}" for word, mark in MARKS.items())
    drawn.supxlabel(f"{text}    {tell('holds in', lang)}, %", fontsize=9, color=QUIET, x=0.012, ha="left")
    return drawn


def _tick(results: SweepResults, name: str, value: Any, lang: Language, wide: int) -> str:
    """A value on an axis: words in lines of `wide` columns; with 0 a number without its unit, which the axis tells."""
    if not wide and value is not None:
        return f"{value:,.12g}"
    return wrap(value_name(results, name, value, lang), wide or ACROSS_WIDE)


def _cells(axes: Axes, part: pd.DataFrame, names: list[str], across: list[Any], up: list[Any]) -> None:
    axes.set(xlim=(-0.5, len(across) - 0.5), ylim=(-0.5, len(up) - 0.5))
    for i, x in enumerate(across):
        for j, y in enumerate(up):
            rows = part[where(part[names[0]], x) & where(part[names[1]], y)]
            if len(rows):
                words = set(rows["verdict"])
                _cell(axes, i, j, float(rows["estimate"].mean()), words.pop() if len(words) == 1 else "undecided")
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)


def _cell(axes: Axes, i: int, j: int, share: float, word: str) -> None:
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    shade = colormaps["YlGnBu"](0.08 + 0.75 * share)
    corner = (i - 0.5, j - 0.5)
    axes.add_patch(Rectangle(corner, 1, 1, facecolor=shade, edgecolor="white", lw=1.2))
    if word == "undecided":
        axes.add_patch(Rectangle(corner, 1, 1, facecolor="none", edgecolor=(1, 1, 1, 0.4), lw=0, hatch="//"))
    axes.text(
        i, j, f"{MARKS[word]} {share * 100:.0f}", ha="center", va="center", fontsize=9.5,
        color="white" if share > DARK else INK, bbox={"facecolor": shade, "edgecolor": "none", "pad": 3},
    )  # fmt: skip
