"""What money buys against one clause: cost of each package against what it leaves short, and the edge of the best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.charts.experiment.answer_words import named, tell
from simrescue.charts.shared.heading import titled
from simrescue.charts.shared.style import INK, PALE, QUIET, figure, look, save
from simrescue.charts.shared.words import percent, wrap
from simrescue.experiment.store.whole_files import make_folder
from simrescue.plans import VERDICT_COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

    from simrescue.experiment.studies.changes import Change
    from simrescue.experiment.studies.mending.mend import FrontierPoint, Mending
    from simrescue.wording import Language

LISTED = 9
"""Packages of the edge that are numbered and named beside the chart."""
LINE_INCHES = 0.165
"""Height of a line of their names."""
LEGEND_LINES = 8
"""Height of the legend below them, in such lines."""
NUMBER_PLACES = ((5, 5), (5, -13), (-12, 5), (-12, -13), (16, 5), (-23, 5), (16, -13), (-23, -13), (5, 18), (-12, 18))
"""Where the number of a package may stand, points from it, the best first."""
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
        drawn = mending_chart(mending, lang)
        if drawn is not None:
            name = f"mend-{mending.line.clause.id}"
            with look():
                paths += save(drawn, folder, name if lang == "en" else f"{name}-{lang}")
    return paths


def mending_chart(mending: Mending, lang: Language) -> Figure | None:
    """The chart of one clause with its heading; None where nothing was weighed."""
    if not any(spot.cost > 0 for spot in mending.frontier):
        return None
    with look():
        drawn = _chart(mending, lang)
        clause = mending.line.clause
        title = {"name": clause.name, "name_zh": clause.name_zh}
        titled(drawn, tell("mend", lang), f"{clause.id}  {named(title, 'name', lang, clause.id)}")
        _part_numbers(drawn)
    return drawn


def _part_numbers(drawn: Figure) -> None:
    """Move numbers of packages that lie close together so that none covers another."""
    from matplotlib.text import Annotation

    drawn.draw_without_rendering()
    taken: list[Bbox] = []
    for text in drawn.axes[0].texts:
        if not isinstance(text, Annotation):
            continue
        if text.get_text().isdigit():
            for place in NUMBER_PLACES:
                text.xyann = place
                if not any(text.get_window_extent().overlaps(box) for box in taken):
                    break
        taken.append(text.get_window_extent())


def _chart(mending: Mending, lang: Language) -> Figure:
    spots = [spot for spot in mending.frontier if spot.cost > 0]
    edge = [spot for spot in mending.edge if spot.cost > 0]
    packages = _named(edge[:LISTED], lang)
    drawn = figure(11.0, max(5.6, 1.4 + LINE_INCHES * (packages.count("\n") + 1 + LEGEND_LINES)))
    axes, beside = drawn.subplots(1, 2, width_ratios=(3, 2))
    _spots(axes, spots, lang)
    axes.axhline(mending.frontier[0].short, color=QUIET, lw=1, ls=(0, (4, 2)))
    axes.annotate(
        tell("now", lang), (1, mending.frontier[0].short), (-2, 3), fontsize=8.5, color=QUIET, ha="right",
        xycoords=axes.get_yaxis_transform(), textcoords="offset points",
    )  # fmt: skip
    _edge(axes, mending, edge, lang)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0, top=1.12 * max(spot.short for spot in mending.frontier) or 1)
    axes.set(xlabel=tell("cost", lang), ylabel=tell(SHORT.get(mending.unit, "short"), lang))
    axes.xaxis.set_major_formatter(lambda yuan, _: f"{yuan / 1e6:,.6g}")
    is_share = mending.unit == "share"
    axes.yaxis.set_major_formatter(lambda short, _: percent(short, lang, ".3g") if is_share else f"{short:,.6g}")
    beside.axis("off")
    listing = beside.text(0, 1, packages, va="top", ha="left", fontsize=8.5, linespacing=1.35,
                          transform=beside.transAxes)  # fmt: skip
    beside.legend(*axes.get_legend_handles_labels(), loc="lower left", fontsize=8.5, frameon=False, borderpad=0)
    listing.set_in_layout(False)  # the figure is as tall as it asks for
    return drawn


def _spots(axes: Any, spots: Sequence[FrontierPoint], lang: Language) -> None:
    for single, key in ((True, "one change"), (False, "package")):
        some = [spot for spot in spots if (len(spot.changes) == 1) is single]
        axes.plot(
            [spot.cost for spot in some], [spot.short for spot in some], "o", ms=5 if single else 4,
            mfc="white" if single else PALE, mec=QUIET, mew=0.9, zorder=2, clip_on=False, label=tell(key, lang),
        )  # fmt: skip


def _edge(axes: Any, mending: Mending, edge: Sequence[FrontierPoint], lang: Language) -> None:
    """The packages that no cheaper one equals, as a line down the steps; those shown to turn the verdict in green."""
    turning = [bought.changes for bought in mending.turning]
    axes.step([spot.cost for spot in edge], [spot.short for spot in edge], where="post", color=INK, lw=1.4, zorder=3)
    named_once = {INK: tell("edge of packages", lang), TURNS: tell("turns", lang)}
    for number, spot in enumerate(edge, start=1):
        colour = TURNS if spot.changes in turning else INK
        label = named_once.pop(colour, None)
        axes.plot(spot.cost, spot.short, "o", ms=7, color=colour, zorder=4, clip_on=False, label=label)
        if number <= LISTED:
            axes.annotate(
                str(number), (spot.cost, spot.short), (5, 5), textcoords="offset points", fontsize=10, color=colour,
                zorder=5,
            )  # fmt: skip


def _named(edge: Sequence[FrontierPoint], lang: Language) -> str:
    """What the numbered packages buy, in lines."""
    lines = [f"{number}  {_package(spot.changes, lang)}" for number, spot in enumerate(edge, start=1)]
    return "\n".join(wrap(line, 44) for line in lines)


def _package(changes: Sequence[Change], lang: Language) -> str:
    from simrescue.experiment.studies.mending.package_words import package_words

    return package_words(changes, NAMED)[lang == "zh"]
