"""Charts of a run, drawn from its stored tables alone: map, curves, response times, verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simrescue.charts.curves import draw as draw_curves
from simrescue.charts.heading import heading
from simrescue.charts.relief_map import draw as draw_map
from simrescue.charts.responses import draw as draw_responses
from simrescue.charts.style import look, save
from simrescue.charts.verdicts import draw as draw_verdicts
from simrescue.experiment.files import make_folder

if TYPE_CHECKING:
    from pathlib import Path

    from simrescue.charts.words import Language
    from simrescue.experiment.store import Results

CHARTS = {"map": draw_map, "curves": draw_curves, "responses": draw_responses, "verdicts": draw_verdicts}
"""Name of the files -> figure of some results in a language."""


def draw_all(results: Results, lang: Language = "en", folder: Path | None = None) -> list[Path]:
    """Draw every chart as PNG and SVG into `charts` of the results folder (or `folder`) and give the files.

    Chinese charts are called `<name>-zh`. Raises ResultsError when a table is missing or a file cannot be written.
    """
    target = folder or results.path / "charts"
    make_folder(target)
    paths = []
    for name, draw in CHARTS.items():
        with look():
            figure = draw(results, lang)
            heading(figure, results, name, lang)
            paths += save(figure, target, name if lang == "en" else f"{name}-{lang}")
    return paths
