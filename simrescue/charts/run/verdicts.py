"""The verdict panel: each clause with its estimate and interval beside what is required, and the verdict in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simrescue.charts.shared.chart import Chart
from simrescue.charts.shared.style import HEADING_INCHES, INK, PALE, QUIET, VERDICT_COLOURS, drawable, figure, nothing
from simrescue.charts.shared.words import say, wrap
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

WIDTH, BARS_FROM, BARS_TO = 11.5, 5.25, 9.3
"""Inches: the whole panel, and the part of it that the shares fill."""
_LINE, _GAP = 0.165, 0.16
_BEST_MARK: dict[str, Any] = {"marker": "D", "ms": 9, "mfc": "none", "mew": 1.1}
_TITLE_COLUMNS, _REASON_COLUMNS = 70, 84


class VerdictRow(NamedTuple):
    """One clause, or the heading of a group of clauses where `clause` is empty."""

    title: str
    reason: str
    clause: dict[Any, Any]

    @property
    def inches(self) -> float:
        """Height of the row."""
        return (
            _GAP + _LINE * max(self.title.count("\n"), self.reason.count("\n")) + _LINE * (1.0 if self.clause else 1.6)
        )


def draw(results: Results, lang: Language) -> Figure:
    """Draw obligations and comparison lines, one row a clause, and how many are not measured."""
    rows = _rows(results, lang)
    inches = max(sum(row.inches for row in rows), 1.0)
    height = HEADING_INCHES + 0.3 + inches + 0.6
    drawn = figure(WIDTH, height, arranged=False)
    axes = drawn.add_axes((BARS_FROM / WIDTH, 0.6 / height, (BARS_TO - BARS_FROM) / WIDTH, inches / height))
    if not rows:
        nothing(axes, say("no data", lang))
        return drawn
    axes.set(xlim=(0, 1), ylim=(inches, 0), yticks=[], xlabel=say("holds in", lang))
    axes.xaxis.set_major_formatter(lambda share, _: f"{share * 100:.0f} %")
    axes.spines["left"].set_visible(False)
    top = 0.0
    for row in rows:
        _draw_row(axes, top, row, lang)
        top += row.inches
    _key(axes, lang, with_best=any(_best(row.clause) is not None for row in rows))
    return drawn


def _rows(results: Results, lang: Language) -> list[VerdictRow]:
    """Rows from top to bottom, with the heading of each group before it."""
    if not (results.path / "verdicts.csv").exists():
        return []
    table = results.verdicts
    measured = table["verdict"] != "not measured"
    groups = [(kind, table[measured & (table["kind"] == kind)]) for kind in ("obligation", "comparison")]
    rows = []
    for name, group in groups:
        if len(group):
            rows.append(VerdictRow(say(name, lang), "", {}))
            rows += [_row(clause, lang) for clause in group.to_dict("records")]
    if not measured.all():
        rows.append(VerdictRow(say("left out", lang, count=(~measured).sum()), "", {}))
    return rows


def _row(clause: dict[Any, Any], lang: Language) -> VerdictRow:
    def text(name: str) -> str:
        texts = (str(clause[name]), str(clause[f"{name}_zh"]))
        return drawable(*(texts if lang == "en" else texts[::-1]))

    title = f"{clause['plan']}  {text('title') or clause['clause']}"
    reason = text("reason") if np.isnan(clause["low"]) else ""
    if reason:
        reason = say("from the scenario", lang, share=reason)
    return VerdictRow(wrap(title, _TITLE_COLUMNS), wrap(reason, _REASON_COLUMNS), clause)


def _draw_row(axes: Axes, top: float, row: VerdictRow, lang: Language) -> None:
    at, beside = top + row.inches / 2, axes.get_yaxis_transform()
    if not row.clause:
        axes.plot(
            [_across(0.15), _across(WIDTH - 0.15)],
            [top + 0.02] * 2,
            transform=beside,
            color=PALE,
            lw=0.8,
            clip_on=False,
        )
        axes.text(_across(0.15), at, row.title, transform=beside, va="center", fontsize=11)
        return
    clause, colour = row.clause, VERDICT_COLOURS[row.clause["verdict"]]
    axes.text(_across(0.3), at, row.title, transform=beside, va="center", fontsize=8.8, linespacing=1.15)
    if np.isnan(clause["low"]):
        axes.text(0.0, at, row.reason, va="center", fontsize=8, color=QUIET, linespacing=1.15)
    else:
        _estimate(axes, at, clause, colour)
    text = say(clause["verdict"], lang)
    axes.text(_across(BARS_TO + 0.75), at, text, transform=beside, va="center", color=colour, fontsize=10.5)


def _estimate(axes: Axes, at: float, clause: dict[Any, Any], colour: str) -> None:
    axes.hlines(at, 0, 1, color="#eeeeee", lw=6, zorder=1)
    axes.hlines(at, clause["low"], clause["high"], color=colour, lw=6, alpha=0.45, zorder=2)
    axes.plot(clause["estimate"], at, marker="o", color=colour, ms=8, zorder=3, clip_on=False)
    axes.plot([clause["required"]] * 2, [at - 0.1, at + 0.1], color=INK, lw=2, zorder=2.5)
    if (best := _best(clause)) is not None:
        axes.plot(best, at, color=INK, zorder=2.8, clip_on=False, **_BEST_MARK)
    share = f"{clause['estimate'] * 100:.0f} %"
    axes.text(_across(BARS_TO + 0.15), at, share, transform=axes.get_yaxis_transform(), va="center", color=colour)


def _best(clause: dict[Any, Any]) -> float | None:
    """Share of replications in which even the best dispatch could keep a clause; None where there is no bound."""
    best = clause.get("best", np.nan)
    return None if np.isnan(best) else float(best)


def _across(inches: float) -> float:
    """Inches from the left edge of the figure as a share of the width of the axes."""
    return (inches - BARS_FROM) / (BARS_TO - BARS_FROM)


def _key(axes: Axes, lang: Language, *, with_best: bool) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], marker="o", ms=7, color=QUIET, lw=5, alpha=0.6, label=say("interval", lang)),
        Line2D([], [], ls="", marker="|", ms=13, mew=2, color=INK, label=say("required", lang)),
    ]
    if with_best:
        handles.append(Line2D([], [], ls="", color=INK, label=say("at best", lang), **_BEST_MARK))
    axes.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, fontsize=9, borderaxespad=0.2)


VERDICTS = Chart(
    "verdicts",
    bilingual("Does the plan keep its promises?"),
    bilingual(
        "Bars: in what share of replications each clause holds, with intervals, beside what is required. The tables of "
        "clauses tell the same."
    ),
    draw,
    in_report=False,  # its verdicts stand in tables there
)
