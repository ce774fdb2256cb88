"""What the answer hangs on: a tornado of single factors, bars of Morris or Sobol indices, and whole distributions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simrescue.charts.experiment.answer_words import metric_name, tell
from simrescue.charts.experiment.sensitivity_words import output_text
from simrescue.charts.experiment.sweep_data import axis_name, value_name, varied
from simrescue.charts.experiment.sweep_lines import COLOURS
from simrescue.charts.shared.style import INK, QUIET, figure
from simrescue.charts.shared.words import percent, width, wrap
from simrescue.experiment.studies.sensitivity import MAIN, design_kind, indices, outputs_of, tornado
from simrescue.wording import LANGUAGES, NAMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.experiment.studies.sensitivity import Bar, Index
    from simrescue.wording import Language

MOST_CURVES = 8
LOW, HIGH = "#0072b2", "#d55e00"
WIDTH, AXIS_POINTS, COLUMN_POINTS = 9.4, 440.0, 5.4
"""Of a tornado: inches of the figure; points of its axis beside long names, and of a column of a value's name."""
NAME_COLUMNS, VALUE_COLUMNS = 34, 24
"""Columns after which names of factors and of values go on in the next line."""
ROW_INCHES, LINE_INCHES = 0.34, 0.16
"""Height of a bar's row, and what each line of its names takes."""


def tornado_chart(results: SweepResults, what: str, lang: Language) -> Figure | None:
    """Change of a number, or of the value of a clause, with each factor alone at each of its values.

    The most powerful factor is on top. A clause whose value is never reached in some replications is drawn by its
    chance.
    """
    output = outputs_of(results, what)[0]
    bars = tornado(results, output)
    if not bars:
        return None
    factors = list(dict.fromkeys(bar.factor for bar in bars))
    values = [wrap(value_name(results, bar.factor, bar.value, lang), VALUE_COLUMNS) for bar in bars]
    names = {factor: wrap(axis_name(results, factor, lang), NAME_COLUMNS) for factor in factors}
    counts = {factor: sum(bar.factor == factor for bar in bars) for factor in factors}
    lines = max(
        *(1 + value.count("\n") for value in values),
        *((1 + names[factor].count("\n")) / (counts[factor] + 0.5) for factor in factors),
    )
    height = max(ROW_INCHES, LINE_INCHES * (lines + 0.5))
    drawn = figure(WIDTH, 1.9 + height * (len(bars) + 0.36 * len(factors)))
    axes: Any = drawn.subplots()
    row, ticks = 0.0, []
    for factor in factors:
        group = [(bar, value) for bar, value in zip(bars, values, strict=True) if bar.factor == factor]
        ticks.append((row + (len(group) - 1) / 2, names[factor]))
        for number, (bar, value) in enumerate(group):
            _bar(axes, row + number, bar, value, number / max(1, len(group) - 1))
        row += len(group) + 0.5
    _make_room(axes, bars, values)
    axes.axvline(0, color=INK, lw=1)
    axes.set_yticks([at for at, _ in ticks], [name for _, name in ticks])
    axes.set_ylim(row - 0.8, -0.7)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")
    if output.is_share:
        axes.xaxis.set_major_formatter(lambda value, _: f"{value * 100:+.0f}" if value else "0")
    else:
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:+,.12g}" if value else "0")
        axes.locator_params(axis="x", nbins=6)  # room for millions
    base = output_text(output, bars[0].base)[LANGUAGES.index(lang)]
    of = "chance" if output.of == "chance" else "points" if output.is_share else "number"
    axes.set_xlabel(tell(f"difference of {of}", lang, base=base))
    drawn.supxlabel(
        f"●  {tell('clear', lang)}      ○  {tell('unclear', lang)}", fontsize=9, color=QUIET, x=0.012, ha="left"
    )
    return drawn


def _edge(bar: Bar) -> float:
    """Where the name of a bar's value stands: the far end of its interval."""
    interval = bar.difference.interval
    if not np.isfinite(interval.low + interval.high):
        return interval.estimate
    return interval.high if interval.estimate >= 0 else interval.low


def _make_room(axes: Axes, bars: list[Bar], values: list[str]) -> None:
    """Limits that hold every interval whole, and the names of the values beside their bars."""
    ends = [0.0, *(end for bar in bars for end in bar.difference.interval[:3])]
    ends = [end for end in ends if np.isfinite(end)]
    room = {True: 0.02, False: 0.02}
    for bar, value in zip(bars, values, strict=True):
        ahead = bar.difference.interval.estimate >= 0
        columns = max(map(width, value.split("\n")))
        room[ahead] = max(room[ahead], (columns * COLUMN_POINTS + 12) / AXIS_POINTS)
    span = (max(ends) - min(ends) or 1.0) / (1 - room[True] - room[False])
    axes.set_xlim(min(ends) - room[False] * span, max(ends) + room[True] * span)


def _bar(axes: Axes, at: float, bar: Bar, label: str, place: float) -> None:
    interval, colour = bar.difference.interval, LOW if place < 0.5 else HIGH
    clear = bar.p <= 0.05
    axes.barh(at, interval.estimate, height=0.62, color=colour, alpha=0.75 if clear else 0.25)
    if np.isfinite([interval.low, interval.high]).all():
        axes.hlines(at, interval.low, interval.high, color=INK, lw=1.1)
    axes.plot(interval.estimate, at, marker="o", ms=5, mec=INK, mfc=INK if clear else "white")
    ahead = interval.estimate >= 0
    axes.annotate(
        label, (_edge(bar), at), (6 if ahead else -6, 0), textcoords="offset points", va="center",
        ha="left" if ahead else "right", fontsize=8.5,
    )  # fmt: skip


def index_chart(results: SweepResults, what: str, lang: Language) -> Figure | None:
    """Bars of the indices of all factors, with their intervals; None where nothing moves the number, or value.

    A clause whose value is never reached in some replications is drawn by its chance.
    """
    output = outputs_of(results, what)[0]
    shown = indices(results, output)
    if not any(index.main.estimate or index.total.estimate for index in shown):
        return None
    kind = design_kind(results)
    drawn = figure(9.0, 1.9 + 0.62 * len(shown))
    axes: Any = drawn.subplots()
    sobol = kind == "saltelli"
    names = ("main", "total") if sobol else (MAIN["morris"], "sigma")
    for offset, part, name, colour in ((-0.17, "main", names[0], LOW), (0.17, "total", names[1], HIGH)):
        _index_bars(axes, shown, offset, part, tell(name, lang), colour)
    axes.set_yticks(range(len(shown)), [wrap(axis_name(results, index.factor, lang), 34) for index in shown])
    axes.invert_yaxis()
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(tell("share of variance" if sobol else "effect", lang))
    drawn.legend(*axes.get_legend_handles_labels(), loc="outside lower left", ncols=2, fontsize=9)
    if shown and shown[0].noise == shown[0].noise:
        axes.set_title(tell("noise", lang, share=percent(shown[0].noise, lang)), fontsize=9, color=QUIET)
    return drawn


def _index_bars(axes: Axes, shown: list[Index], offset: float, part: str, label: str, colour: str) -> None:
    for row, index in enumerate(shown):
        interval = getattr(index, part)
        axes.barh(
            row + offset, interval.estimate, height=0.32, color=colour, alpha=0.8, label=label if not row else None
        )
        if np.isfinite([interval.low, interval.high]).all():
            axes.hlines(row + offset, interval.low, interval.high, color=INK, lw=1.1)


def distributions(results: SweepResults, metric: str, lang: Language) -> Figure | None:
    """The empirical distribution of a number at each of a few points."""
    design = results.design
    chosen = design["point"].tolist()
    if len(chosen) > MOST_CURVES:
        chosen = [chosen[round(i * (len(chosen) - 1) / (MOST_CURVES - 1))] for i in range(MOST_CURVES)]
    drawn = figure(9.4, 4.8)
    axes: Any = drawn.subplots()
    axes.grid(visible=True)
    names, mark = varied(results, design), NAMES[LANGUAGES.index(lang)]
    for number, point in enumerate(chosen):
        values = np.sort(
            results.replications.loc[results.replications["point"] == point, metric].dropna().to_numpy(float)
        )
        if len(values):
            row = design[design["point"] == point].iloc[0]
            words = [value_name(results, name, row[name], lang) for name in names] or [
                tell("point", lang, number=point)
            ]
            _curve(axes, values, mark.join(words), number, lang)
    if not axes.lines:
        return None
    axes.set(xlabel=metric_name(metric, lang), ylabel=tell("up to", lang), ylim=(0, 1.02))
    axes.yaxis.set_major_formatter(lambda share, _: percent(share, lang))
    if not metric.startswith("share_"):
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.12g}")
        axes.locator_params(axis="x", nbins=6)  # room for millions
    title = "\n".join(axis_name(results, name, lang, unit=False) for name in names)
    drawn.legend(
        *axes.get_legend_handles_labels(),
        loc="outside lower left",
        ncols=2,
        fontsize=9,
        title=title,
        title_fontsize=9,
        alignment="left",
    )
    return drawn


def _curve(axes: Axes, values: np.ndarray, name: str, number: int, lang: Language) -> None:
    finite = values[np.isfinite(values)]
    never = 1 - len(finite) / len(values)
    label = tell("never in", lang, name=name, count=percent(never, lang)) if never else name
    style = "-" if number < len(COLOURS) else "--"
    height = np.arange(1, len(finite) + 1) / len(values)
    axes.step(finite, height, where="post", lw=1.8, ls=style, color=COLOURS[number % len(COLOURS)], label=label)
