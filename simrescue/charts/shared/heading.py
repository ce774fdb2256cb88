"""The title over every chart, and under it which run it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simrescue.charts.shared.style import HEADING_INCHES, QUIET, drawable
from simrescue.charts.shared.words import say
from simrescue.wording import LANGUAGES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simrescue.charts.shared.chart import Chart
    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

LINE_INCHES = 0.17
"""What each further line of a heading takes."""


def heading(figure: Figure, results: Results, chart: Chart, lang: Language) -> None:
    """Write the title of the chart and the name of the run over a figure."""
    titled(figure, chart.title[LANGUAGES.index(lang)], run_name(results, lang))


def titled(figure: Figure, title: str, below: str) -> None:
    """Write a title and quiet lines below it over a figure."""
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    height = figure.get_figheight()
    if isinstance(engine := figure.get_layout_engine(), ConstrainedLayoutEngine):
        engine.set(rect=(0.005, 0.0, 0.99, 1 - (HEADING_INCHES + LINE_INCHES * below.count("\n")) / height))
    figure.text(0.012, 1 - 0.1 / height, title, fontsize=14, va="top")
    figure.text(0.012, 1 - 0.37 / height, below, fontsize=9.5, color=QUIET, va="top")


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
