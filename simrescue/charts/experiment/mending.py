"""What money buys against one clause: cost of each package against what it leaves short, and the edge of the best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.charts.experiment.answer_words import named, tell
from simrescue.charts.shared.heading import titled
from simrescue.charts.shared.style import INK, PALE, QUIET, figure, look, save
from simrescue.charts.shared.words import wrap
from simrescue.experiment.store.whole_files import make_folder
from simrescue.plans import VERDICT_COLOURS
from simrescue.wording import listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from simrescue.experiment.studies.mending.changes import Change
    from simrescue.experiment.studies.mending.mend import FrontierPoint, Mending
    from simrescue.wording import Language

LISTED = 9
"""Packages of the edge that are numbered and named beside the chart."""
NAMED = 3
"""Changes of one package that are named."""
SHORT = {unit: f"short {unit}" for unit in ("share", "persons", "h", "ha", "yuan", "per million")}
"""Unit of the shortfall -> key of what the axis is called, where it is told."""
TURNS = VERDICT_COLOURS["met"]


def draw_mending(mendings: Sequence[Mending], lang: Language, folder: Path) -> list[Path]:
    """Draw one chart a clause as PNG and SVG into a folder; a clause with nothing weighed has none."""
    make_folder(folder)
    paths = []
    for mending in mendings:
        if not any(spot.cost > 0 for spot in mending.frontier):
            continue
        with look():
            drawn = _chart(mending, lang)
            clause = mending.line.clause
            title = {"name": clause.name, "name_zh": clause.name_zh}
            titled(drawn, tell("mend", lang), f"{clause.id}  {named(title, 'name', lang, clause.id)}")
            paths += save(drawn, folder, f"mend-{clause.id}" if lang == "en" else f"mend-{clause.id}-{lang}")
    return paths


def _chart(mending: Mending, lang: Language) -> Figure:
    drawn = figure(11.0, 5.6)
    axes, beside = drawn.subplots(1, 2, width_ratios=(3, 2))
    spots = [spot for spot in mending.frontier if spot.cost > 0]
    _spots(axes, spots)
    edge = [spot for spot in mending.edge if spot.cost > 0]
    _edge(axes, mending, edge)
    axes.axhline(mending.frontier[0].short, color=QUIET, lw=1, ls=(0, (4, 2)))
    axes.annotate(
        tell("now", lang), (1, mending.frontier[0].short), (-2, 3), fontsize=8.5, color=QUIET, ha="right",
        xycoords=axes.get_yaxis_transform(), textcoords="offset points",
    )  # fmt: skip
    axes.set_xscale("log")
    axes.set_ylim(bottom=0, top=1.12 * max(spot.short for spot in mending.frontier) or 1)
    axes.set(xlabel=tell("cost", lang), ylabel=tell(SHORT.get(mending.unit, "short"), lang))
    axes.xaxis.set_major_formatter(lambda yuan, _: f"{yuan / 1e6:,.3g}")
    if mending.unit == "share":
        axes.yaxis.set_major_formatter(lambda share, _: f"{share * 100:.3g} %")
    _named(beside, edge[:LISTED], lang)
    return drawn


def _spots(axes: Any, spots: Sequence[FrontierPoint]) -> None:
    for single in (True, False):
        some = [spot for spot in spots if (len(spot.changes) == 1) is single]
        axes.plot(
            [spot.cost for spot in some], [spot.short for spot in some], "o", ms=5 if single else 4,
            mfc="white" if single else PALE, mec=QUIET, mew=0.9, zorder=2, clip_on=False,
        )  # fmt: skip


def _edge(axes: Any, mending: Mending, edge: Sequence[FrontierPoint]) -> None:
    """The packages that no cheaper one equals, as a line down the steps; those shown to turn the verdict in green."""
    turning = [bought.changes for bought in mending.turning]
    axes.step([spot.cost for spot in edge], [spot.short for spot in edge], where="post", color=INK, lw=1.4, zorder=3)
    for number, spot in enumerate(edge, start=1):
        colour = TURNS if spot.changes in turning else INK
        axes.plot(spot.cost, spot.short, "o", ms=7, color=colour, zorder=4, clip_on=False)
        if number <= LISTED:
            axes.annotate(
                str(number), (spot.cost, spot.short), (5, 5), textcoords="offset points", fontsize=9, color=colour,
                weight="bold", zorder=5,
            )  # fmt: skip


def _named(beside: Any, edge: Sequence[FrontierPoint], lang: Language) -> None:
    """What the numbered packages buy."""
    beside.axis("off")
    lines = [f"{number}  {_package(spot.changes, lang)}" for number, spot in enumerate(edge, start=1)]
    text = "\n".join(wrap(line, 44) for line in lines)
    beside.text(0, 1, text, va="top", ha="left", fontsize=8.5, linespacing=1.35, transform=beside.transAxes)


def _package(changes: Sequence[Change], lang: Language) -> str:
    labels = [
        named({"label": change.label, "label_zh": change.label_zh}, "label", lang, change.id) for change in changes
    ]
    shown = listed([(label, label) for label in labels[:NAMED]])[lang == "zh"]
    return tell("and more", lang, shown=shown, count=len(labels) - NAMED) if len(labels) > NAMED else shown
