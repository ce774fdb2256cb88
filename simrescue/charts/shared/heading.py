"""The title over every chart, and under it which run it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simrescue.charts.shared.style import HEADING_INCHES, QUIET, drawable, wrap_to
from simrescue.charts.shared.words import say
from simrescue.wording import LANGUAGES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simrescue.charts.shared.chart import Chart
    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

LINE_INCHES, TITLE_LINE_INCHES = 0.17, 0.24
"""What each further line of a heading, and of its title, takes."""
LEFT = 0.14
"""Inches left of a heading, and right of it."""
TITLE_SIZE, SIZE = 14, 9.5
"""Points."""


def heading(figure: Figure, results: Results, chart: Chart, lang: Language) -> None:
    """Write the title of the chart and the name of the run over a figure."""
    titled(figure, chart.title[LANGUAGES.index(lang)], run_name(results, lang))


def titled(figure: Figure, title: str, below: str) -> None:
    """Write a title and quiet lines below it over a figure, in as many lines as its width asks for.

    A figure whose panels stand by hand gets taller by what the heading takes beyond `HEADING_INCHES`.
    """
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    width, height = figure.get_size_inches()
    title, below = wrap_to(title, (width - 2 * LEFT) * 72, TITLE_SIZE), wrap_to(below, (width - 2 * LEFT) * 72, SIZE)
    further = TITLE_LINE_INCHES * title.count("\n")
    inches = HEADING_INCHES + further + LINE_INCHES * below.count("\n")
    if isinstance(engine := figure.get_layout_engine(), ConstrainedLayoutEngine):
        height += further
        figure.set_figheight(height)
        engine.set(rect=(0.005, 0.0, 0.99, 1 - inches / height))
    else:
        height += inches - HEADING_INCHES
        _make_taller(figure, height)
    figure.text(LEFT / width, 1 - 0.1 / height, title, fontsize=TITLE_SIZE, va="top")
    figure.text(LEFT / width, 1 - (0.37 + further) / height, below, fontsize=SIZE, color=QUIET, va="top")


def _make_taller(figure: Figure, height: float) -> None:
    """Give a figure more room at its top: all that is in it keeps its size and its place above the foot."""
    share = figure.get_figheight() / height
    if share == 1:
        return
    anchors = [legend.get_bbox_to_anchor().transformed(figure.transFigure.inverted()) for legend in figure.legends]
    figure.set_figheight(height)
    for legend, anchor in zip(figure.legends, anchors, strict=True):
        legend.set_bbox_to_anchor((anchor.x0, anchor.y0 * share), figure.transFigure)
    for text in figure.texts:
        text.set_y(text.get_position()[1] * share)
    for axes in figure.axes:
        place = axes.get_position(original=True)
        axes.set_position((place.x0, place.y0 * share, place.width, place.height * share))


def run_name(results: Results, lang: Language) -> str:
    """Title of the scenario in the language, variant, replications and seed."""
    manifest = results.manifest
    scenario = manifest["scenario"]
    settings = scenario["settings"]
    titles = (settings.get("title", ""), settings.get("title_zh", ""))
    first, second = titles if lang == "en" else titles[::-1]
    parts = [drawable(first, second, settings["name"])]
    if scenario.get("variant"):
        parts.append(say("variant", lang, name=scenario["variant"]))
    parts.append(say("replications", lang, count=manifest["finished"], seed=manifest["seed"]))
    return " · ".join(part for part in parts if part)
