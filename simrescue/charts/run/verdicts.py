"""The verdict panel: what each clause came to beside what is needed, what is short, the chance, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simrescue.charts.shared.chart import Chart
from simrescue.charts.shared.style import HEADING_INCHES, INK, PALE, QUIET, drawable, figure, nothing, wrap_to
from simrescue.charts.shared.words import percent, say
from simrescue.experiment.analysis.verdict_words import (
    band_text,
    chance_text,
    needed_text,
    place_names,
    short_text,
    value_text,
)
from simrescue.metrics.base import MEASURES
from simrescue.plans import VERDICT_COLOURS, VERDICT_MARKS
from simrescue.units import write_share
from simrescue.wording import LANGUAGES, PARTS, bilingual
from simrescue.wording.unit_words import measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

WIDTH, EDGE, TITLES, BARS_FROM, BARS_TO, TEXTS, WORDS = 12.6, 0.15, 0.3, 4.15, 6.75, 6.95, 11.2
"""Inches: the panel and its margin; where titles, bars, texts and the words of the verdicts begin, and bars end."""
SIZE, LINE, GAP = 8.4, 0.152, 0.15
"""Points of the type; inches of a line of it, and between two rows."""
NEVER = 1.0
"""Where on its bar a value stands that is infinite."""


class VerdictRow(NamedTuple):
    """One clause, or the heading of a group of clauses where `clause` is empty."""

    title: str
    texts: tuple[str, ...] = ()
    """Value and need, what is short, the chance; broken into lines."""
    clause: Mapping[Any, Any] = {}

    @property
    def inches(self) -> float:
        """Height of the row."""
        lines = sum(1 + text.count("\n") for text in self.texts)
        return GAP + LINE * (max(1 + self.title.count("\n"), lines) if self.clause else 1.6)


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
    axes.set(xlim=(0, 1), ylim=(inches, 0), yticks=[], xticks=[0, 0.5, 1])
    axes.xaxis.set_major_formatter(lambda share, _: percent(share, lang))
    axes.set_xlabel(say("own scale", lang), fontsize=SIZE, color=QUIET)
    axes.spines["left"].set_visible(False)
    top = 0.0
    for row in rows:
        _draw_row(axes, top, row, lang)
        top += row.inches
    _key(drawn, height, lang)
    return drawn


def _rows(results: Results, lang: Language) -> list[VerdictRow]:
    """Rows from top to bottom, with the heading of each group before it."""
    if not (results.path / "verdicts.csv").exists():
        return []
    table, names = results.verdicts, _drawable_names(results)
    measured = table["verdict"] != "not measured"
    groups = [(kind, table[measured & (table["kind"] == kind)]) for kind in ("obligation", "comparison")]
    rows = []
    for name, group in groups:
        if len(group):
            rows.append(VerdictRow(say(name, lang)))
            rows += [_row(clause, names, lang) for clause in group.to_dict("records")]
    if not measured.all():
        rows.append(VerdictRow(say("left out", lang, count=(~measured).sum())))
    return rows


def _drawable_names(results: Results) -> dict[str, tuple[str, str]]:
    """Id -> what a place is called in English and Chinese, in the other language where a character cannot be drawn."""
    known = place_names(results.things).items()
    return {place: (drawable(*names, place) or place, drawable(*names[::-1], place) or place) for place, names in known}


def _row(clause: dict[Any, Any], names: Mapping[str, tuple[str, str]], lang: Language) -> VerdictRow:
    def text(name: str) -> str:
        texts = (str(clause[name]), str(clause[f"{name}_zh"]))
        return drawable(*(texts if lang == "en" else texts[::-1]))

    side = LANGUAGES.index(lang)
    value, band = value_text(clause)[side], band_text(clause)[side]
    texts = [
        PARTS[side].join(filter(None, (say("with band", lang, value=value, band=band) if band else value,
                                       needed_text(clause)[side]))),
        short_text(clause, names)[side],
        PARTS[side].join(filter(None, (chance_text(clause)[side], _best(clause, lang)))),
    ]  # fmt: skip
    if np.isnan(clause["low"]):
        texts[2] = "" if value else say("from the scenario", lang, share=text("reason"))
    room = (WORDS - TEXTS - 0.12) * 72
    return VerdictRow(
        wrap_to(f"{clause['plan']}  {text('title') or clause['clause']}", (BARS_FROM - TITLES - 0.15) * 72, SIZE),
        tuple(wrap_to(drawable(line) or line, room, SIZE) for line in texts if line),
        clause,
    )


def _best(clause: Mapping[Any, Any], lang: Language) -> str:
    """How often even the best dispatch could keep a clause; empty where there is no bound."""
    best = float(clause.get("best", np.nan))
    return "" if np.isnan(best) else say("at best", lang, share=measure(write_share(best))[LANGUAGES.index(lang)])


def _draw_row(axes: Axes, top: float, row: VerdictRow, lang: Language) -> None:
    at, beside = top + row.inches / 2, axes.get_yaxis_transform()
    if not row.clause:
        ends = [_across(EDGE), _across(WIDTH - EDGE)]
        axes.plot(ends, [top + 0.02] * 2, transform=beside, color=PALE, lw=0.8, clip_on=False)
        axes.text(_across(EDGE), at, row.title, transform=beside, va="center", fontsize=11)
        return
    word = row.clause["verdict"]
    colour = VERDICT_COLOURS[word]
    spacing: dict[str, Any] = {"va": "center", "linespacing": 1.2, "transform": beside}
    axes.text(_across(TITLES), at, row.title, fontsize=SIZE, **spacing)
    axes.text(_across(TEXTS), at, "\n".join(row.texts), fontsize=SIZE, color=INK, **spacing)
    mark = f"{VERDICT_MARKS[word]} {say(word, lang)}"
    axes.text(_across(WORDS), at, mark, color=colour, fontsize=10.5, **spacing)
    if not np.isnan(row.clause.get("value", np.nan)):
        _bar(axes, at, row.clause, colour)


def _bar(axes: Axes, at: float, clause: Mapping[Any, Any], colour: str) -> None:
    """The value with its band, and the way from it to what is needed."""
    end = _end(clause)

    def place(name: str) -> float:
        return float(min(clause[name] / end, NEVER)) if np.isfinite(clause[name]) else NEVER

    value, needed = place("value"), place("needed")
    axes.hlines(at, 0, 1, color="#eeeeee", lw=6, zorder=1)
    if not np.isnan(clause["value_low"]):
        axes.hlines(at, place("value_low"), place("value_high"), color=colour, lw=6, alpha=0.4, zorder=2)
    axes.plot([value, needed], [at, at], color=colour, lw=1.3, ls=(0, (2, 1.2)), zorder=2.2)
    marker = "o" if np.isfinite(clause["value"]) else ">"
    axes.plot(value, at, marker=marker, color=colour, ms=8, zorder=3, clip_on=False)
    axes.plot([needed] * 2, [at - 0.1, at + 0.1], color=INK, lw=2.2, zorder=3.5, clip_on=False)


def _end(clause: Mapping[Any, Any]) -> float:
    """What the end of a clause's bar stands for: 100 % of a share, else somewhat more than all there is on it."""
    definition = MEASURES.get(str(clause["metric"]))
    if definition is not None and definition.unit == "share":
        return 1.0
    numbers = [float(clause[name]) for name in ("value", "value_high", "needed")]
    return 1.15 * max((number for number in numbers if np.isfinite(number) and number > 0), default=1.0)


def _across(inches: float) -> float:
    """Inches from the left edge of the figure as a share of the width of the axes."""
    return (inches - BARS_FROM) / (BARS_TO - BARS_FROM)


def _key(drawn: Figure, height: float, lang: Language) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], marker="o", ms=7, color=QUIET, lw=5, alpha=0.6, label=say("value and band", lang)),
        Line2D([], [], ls="", marker="|", ms=13, mew=2.2, color=INK, label=say("needed", lang)),
    ]
    drawn.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(BARS_FROM / WIDTH, 1 - HEADING_INCHES / height), ncols=2,
        fontsize=9, borderaxespad=0.0, borderpad=0.0,
    )  # fmt: skip


VERDICTS = Chart(
    "verdicts",
    bilingual("Does the plan keep its promises?"),
    bilingual(
        "Bars: what each clause came to, with its band, beside what is needed; the chance that it holds in words. The "
        "tables of clauses tell the same."
    ),
    draw,
    in_report=False,  # its verdicts stand in tables there
)
