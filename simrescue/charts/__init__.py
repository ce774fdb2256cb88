"""Charts of a run, drawn from its stored tables alone: map, curves, response times, verdicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simrescue.charts.run.relief_curves import draw as draw_curves
from simrescue.charts.run.relief_map import draw as draw_map
from simrescue.charts.run.responses import draw as draw_responses
from simrescue.charts.run.verdicts import draw as draw_verdicts
from simrescue.charts.shared.heading import heading
from simrescue.charts.shared.style import look, save
from simrescue.charts.wildfire.fire_forces import draw as draw_fire_forces
from simrescue.charts.wildfire.fire_map import draw as draw_fire_map
from simrescue.charts.wildfire.fire_size import draw as draw_fire_size
from simrescue.experiment.store.append_tables import seal_also
from simrescue.experiment.store.whole_files import make_folder
from simrescue.hazards.kinds import extend, hazard_named, stored

if TYPE_CHECKING:
    from pathlib import Path

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

PEOPLE = {"map": draw_map, "curves": draw_curves}
"""Charts of a hazard that has none of its own: what becomes of the people."""
ALWAYS = {"responses": draw_responses, "verdicts": draw_verdicts}
extend("wildfire", charts={"fire_map": draw_fire_map, "fire_size": draw_fire_size, "fire_forces": draw_fire_forces})


def charts_of(results: Results) -> dict[str, Callable[[Results, Language], Any]]:
    """The charts of a run, of each of its hazards: name of the files -> figure of some results in a language."""
    charts = dict[str, Callable[..., Any]]()
    for name in stored(results.manifest["scenario"]["settings"]):
        charts |= hazard_named(name).charts or PEOPLE
    return charts | ALWAYS


def draw_all(results: Results, lang: Language = "en", folder: Path | None = None) -> list[Path]:
    """Draw every chart as PNG and SVG into `charts` of the results folder (or `folder`) and give the files.

    Chinese charts are called `<name>-zh`. Raises ResultsError when a table is missing or a file cannot be written.
    """
    target = folder or results.path / "charts"
    make_folder(target)
    paths = []
    for name, draw in charts_of(results).items():
        with look():
            figure = draw(results, lang)
            heading(figure, results, name, lang)
            paths += save(figure, target, name if lang == "en" else f"{name}-{lang}")
    if folder is None:
        seal_also(results.path, paths)
    return paths
