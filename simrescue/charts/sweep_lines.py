"""Lines and maps of how often a clause holds over the values of the factors, beside what is required."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simrescue.charts.answer_words import tell
from simrescue.charts.style import INK, QUIET, VERDICT_COLOURS, figure
from simrescue.charts.sweep_data import axis_name, is_number, of_clause, value_name, varied

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.charts.words import Language
    from simrescue.experiment.sweep_results import SweepResults

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#8e4fa8", "#b8860b", "#3b3b3b")
"""Colours of lines, apart for the colour-blind."""
MOST_LINES, MOST_PANELS = 6, 4
MARKS = {"met": "✓", "not met": "✕", "undecided": "?"}


def lines(results: SweepResults, clause: dict[str, Any], lang: Language) -> Figure | None:
    """Probability over the first factor, a line for each value of the second, a panel for each of the third."""
    table = of_clause(results, clause)
    names = varied(results, table)
    if not names or not len(table):
        return None
    panels = _split(table, names[2] if len(names) > 2 else None, MOST_PANELS)
    drawn = figure(4.2 + 3.6 * len(panels), 4.8)
    every: Any = drawn.subplots(1, len(panels), sharey=True, squeeze=False)
    for axes, (value, part) in zip(every[0], panels, strict=True):
        _panel(axes, results, part, names, lang)
        if len(panels) > 1:
            axes.set_title(
                f"{axis_name(results, names[2], lang)}: {value_name(results, names[2], value, lang)}", fontsize=10
            )
    every[0][0].set_ylabel(tell("holds in", lang))
    handles, labels = every[0][0].get_legend_handles_labels()
    if handles:
        title = axis_name(results, names[1], lang) if len(names) > 1 else None
        drawn.legend(
            handles, labels, loc="outside right upper", title=title, fontsize=9, title_fontsize=9, alignment="left"
        )
    return drawn


def _split(table: pd.DataFrame, name: str | None, most: int) -> list[tuple[Any, pd.DataFrame]]:
    """Parts of a table by the values of a factor; of many values, evenly spread ones."""
    if name is None:
        return [(None, table)]
    values = _values(table[name])
    if len(values) > most:
        values = [values[round(i * (len(values) - 1) / (most - 1))] for i in range(most)]
    return [(value, table[_is(table[name], value)]) for value in values]


def _values(column: pd.Series[Any]) -> list[Any]:
    found = list(dict.fromkeys(None if value != value else value for value in column.tolist()))
    return sorted(found, key=lambda value: (value is None, value)) if is_number(column) else found


def _is(column: pd.Series[Any], value: Any) -> pd.Series[bool]:
    return column.isna() if value is None else column == value


def _panel(axes: Axes, results: SweepResults, part: pd.DataFrame, names: list[str], lang: Language) -> None:
    axes.grid(visible=True, axis="y")
    required = float(part["required"].iloc[0])
    axes.axhline(required, color=INK, lw=1.2, ls=(0, (4, 2)))
    axes.annotate(
        tell("required", lang, f"{required * 100:g} %"), (1, required), (-2, 3), fontsize=8.5, color=INK,
        xycoords=axes.get_yaxis_transform(), textcoords="offset points", ha="right",
    )  # fmt: skip
    groups = _split(part, names[1] if len(names) > 1 else None, MOST_LINES)
    positions = {value: i for i, value in enumerate(_values(part[names[0]]))}
    numeric = is_number(part[names[0]]) and None not in positions
    for number, (value, rows) in enumerate(groups):
        label = "" if value is None and len(names) < 2 else value_name(results, names[1], value, lang)
        _line(
            axes,
            rows,
            names[0],
            positions if not numeric else None,
            COLOURS[number % len(COLOURS)],
            label,
            number - (len(groups) - 1) / 2,
        )
    if not numeric:
        axes.set_xticks(range(len(positions)), [value_name(results, names[0], value, lang) for value in positions])
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


def heat(results: SweepResults, clause: dict[str, Any], lang: Language) -> Figure | None:
    """A map over two factors: shade for the probability, a mark for met, not met and undecided."""
    table = of_clause(results, clause)
    names = varied(results, table)
    if len(names) < 2 or min(table[name].nunique(dropna=False) for name in names[:2]) < 2:
        return None
    panels = _split(table, names[2] if len(names) > 2 else None, MOST_PANELS)
    across, up = (_values(table[name]) for name in names[:2])
    drawn = figure(2.2 + len(panels) * max(3.4, 0.62 * len(across)), max(3.6, 1.9 + 0.52 * len(up)))
    every: Any = drawn.subplots(1, len(panels), sharey=True, squeeze=False)
    for axes, (value, part) in zip(every[0], panels, strict=True):
        _cells(axes, part, names, across, up)
        axes.set_xticks(
            range(len(across)),
            [
                value_name(results, names[0], v, lang).partition(" ")[0]
                if is_number(table[names[0]])
                else value_name(results, names[0], v, lang)
                for v in across
            ],
        )
        axes.set_xlabel(axis_name(results, names[0], lang))
        if len(panels) > 1:
            axes.set_title(
                f"{axis_name(results, names[2], lang)}: {value_name(results, names[2], value, lang)}", fontsize=10
            )
    first = every[0][0]
    first.set_yticks(range(len(up)), [value_name(results, names[1], v, lang) for v in up])
    first.set_ylabel(axis_name(results, names[1], lang))
    _key(drawn, lang)
    return drawn


def _cells(axes: Axes, part: pd.DataFrame, names: list[str], across: list[Any], up: list[Any]) -> None:
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    shades = colormaps["YlGnBu"]
    axes.set(xlim=(-0.5, len(across) - 0.5), ylim=(-0.5, len(up) - 0.5))
    for i, x in enumerate(across):
        for j, y in enumerate(up):
            rows = part[_is(part[names[0]], x) & _is(part[names[1]], y)]
            if not len(rows):
                continue
            share, words = float(rows["estimate"].mean()), set(rows["verdict"])
            word = words.pop() if len(words) == 1 else "undecided"
            hatch = "////" if word == "undecided" else None
            axes.add_patch(
                Rectangle(
                    (i - 0.5, j - 0.5),
                    1,
                    1,
                    facecolor=shades(0.08 + 0.75 * share),
                    edgecolor="white",
                    lw=1.2,
                    hatch=hatch,
                )
            )
            colour = "white" if share > 0.62 else INK
            axes.text(i, j, f"{MARKS[word]} {share * 100:.0f}", ha="center", va="center", fontsize=9, color=colour)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)


def _key(drawn: Figure, lang: Language) -> None:
    text = "    ".join(f"{mark} {tell(word, lang)}" for word, mark in MARKS.items())
    drawn.supxlabel(f"{text}    {tell('holds in', lang)}, %", fontsize=9, color=QUIET, x=0.012, ha="left")


def costs(results: SweepResults, clause: dict[str, Any], lang: Language) -> Figure | None:
    """Cost against probability, with the points that no cheaper one beats joined by a line."""
    table = of_clause(results, clause).sort_values(["cost", "estimate"], ascending=[True, False], kind="stable")
    if table["cost"].nunique() < 2:
        return None
    drawn = figure(8.6, 4.8)
    axes: Any = drawn.subplots()
    price = table["cost"].to_numpy(float) / 1e6
    share = table["estimate"].to_numpy(float)
    for word, colour in VERDICT_COLOURS.items():
        mine = (table["verdict"] == word).to_numpy()
        if mine.any():
            axes.vlines(price[mine], table["low"][mine], table["high"][mine], color=colour, lw=1.6, alpha=0.3)
            axes.scatter(price[mine], share[mine], s=30, color=colour, label=tell(word, lang), zorder=3)
    edge = np.flatnonzero(share > np.concatenate(([-1.0], np.maximum.accumulate(share)[:-1])))
    axes.step(price[edge], share[edge], where="post", color=QUIET, lw=1.4, label=tell("edge", lang), zorder=1)
    required = float(table["required"].iloc[0])
    axes.axhline(required, color=INK, lw=1.2, ls=(0, (4, 2)), label=tell("required", lang, f"{required * 100:g} %"))
    axes.grid(visible=True)
    axes.set(xlabel=tell("cost", lang), ylabel=tell("holds in", lang), ylim=(-0.03, 1.05))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value * 100:.0f} %")
    drawn.legend(*axes.get_legend_handles_labels(), loc="outside right upper", fontsize=9)
    return drawn
