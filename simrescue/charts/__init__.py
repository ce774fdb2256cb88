"""Charts of a run, drawn from its stored tables alone: map, curves, response times, verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simrescue.charts.run.relief_curves import CURVES
from simrescue.charts.run.relief_map import MAP
from simrescue.charts.run.responses import RESPONSES
from simrescue.charts.run.verdicts import VERDICTS
from simrescue.charts.shared.chart import Chart
from simrescue.charts.shared.heading import heading
from simrescue.charts.shared.style import look, save
from simrescue.charts.wildfire.fire_forces import FIRE_FORCES
from simrescue.charts.wildfire.fire_map import FIRE_MAP
from simrescue.charts.wildfire.fire_size import FIRE_SIZE
from simrescue.experiment.store.append_tables import seal_also
from simrescue.experiment.store.stored_results import let_draw
from simrescue.experiment.store.whole_files import make_folder
from simrescue.hazards.kinds import extend, hazard_named, stored

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from matplotlib.figure import Figure

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

PEOPLE = (MAP, CURVES)
"""Charts of a hazard that has none of its own: what becomes of the people."""
ALWAYS = (RESPONSES, VERDICTS)
extend("wildfire", charts=(FIRE_MAP, FIRE_SIZE, FIRE_FORCES))


def charts_of(results: Results) -> list[Chart]:
    """The charts of a run: those of each of its hazards, and those of every run. Raises ValueError for a name twice."""
    charts = dict[str, Chart]()
    kinds = [hazard_named(name) for name in stored(results.manifest["scenario"]["settings"])]
    for chart in (*(chart for kind in kinds for chart in kind.charts or PEOPLE), *ALWAYS):
        if charts.setdefault(chart.name, chart) is not chart:
            raise ValueError(f"two charts of this run are called {chart.name!r}: each is written to files of its name")
    return list(charts.values())


def drawn(results: Results, role: str, lang: Language) -> Figure:
    """The first chart of a run that has a role (`Chart.role`), with its heading.

    Raises ValueError for a role that none of its charts has.
    """
    charts = charts_of(results)
    chart = next((chart for chart in charts if chart.role == role), None)
    if chart is None:
        raise ValueError(f"none of the charts of this run is its {role}: {', '.join(chart.name for chart in charts)}")
    with look():
        figure = chart.draw(results, lang)
        heading(figure, results, chart, lang)
    return figure


let_draw(drawn)


def draw_all(
    results: Results, lang: Language = "en", folder: Path | None = None, only: Container[str] | None = None
) -> list[Path]:
    """Draw every chart as PNG and SVG into `charts` of the results folder (or `folder`) and give the files.

    Chinese charts are called `<name>-zh`. Raises ResultsError when a table is missing or a file cannot be written.

    Args:
        results: what is drawn.
        lang: its language.
        folder: where the files go; None: into the results, whose manifest then knows them.
        only: names of the charts wanted; None: all.
    """
    target = folder or results.path / "charts"
    make_folder(target)
    paths = []
    for chart in charts_of(results):
        if only is not None and chart.name not in only:
            continue
        with look():
            figure = chart.draw(results, lang)
            heading(figure, results, chart, lang)
            paths += save(figure, target, chart.name if lang == "en" else f"{chart.name}-{lang}")
    if folder is None:
        seal_also(results.path, paths)
    return paths
