"""What lies under a map: the light on the hills, rivers, the boundary of the county, each where the run stored it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.charts.shared.words import say
from simrescue.hazards.wildfire.landscape.ascii_grid import Grid
from simrescue.hazards.wildfire.landscape.shaded_relief import STEPS, unpacked
from simrescue.wording import NAMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

LINES: dict[str, dict[str, Any]] = {
    "river": {"color": "#8fbcdc", "lw": 2.2, "solid_capstyle": "round"},
    "boundary": {"color": "#8d7b99", "lw": 1.3, "ls": (0, (7, 2, 1.5, 2))},
}
"""Kind of a line of map_lines.csv -> how it is drawn."""


def draw_ground(axes: Axes, results: Results) -> None:
    """Draw hills, rivers and boundaries on a map that has its frame; nothing of what the run did not store."""
    scenario = results.manifest["scenario"]
    if "relief" in scenario and "landscape" in scenario:
        _hills(axes, Grid(**scenario["landscape"]), unpacked(scenario["relief"]) / STEPS)
    for line in scenario.get("map_lines", ()):
        if line["kind"] in LINES:
            lon, lat = zip(*line["points"], strict=True)
            axes.plot(lon, lat, zorder=0.8, scalex=False, scaley=False, **LINES[line["kind"]])


def ground_legend(results: Results, lang: Language) -> list[Line2D]:
    """Lines of the legend: each kind of line that the run has."""
    from matplotlib.lines import Line2D

    kinds = {line["kind"] for line in results.manifest["scenario"].get("map_lines", ())}
    return [Line2D([], [], label=say(kind, lang), **look) for kind, look in LINES.items() if kind in kinds]


def not_on_map(results: Results, lang: Language) -> str:
    """What a reader looks for on a map and the run does not have, so that nobody takes it for not being there."""
    kinds = {line["kind"] for line in results.manifest["scenario"].get("map_lines", ())}
    missing = [say(kind, lang) for kind in LINES if kind not in kinds]
    return say("not on map", lang, lines=NAMES[lang == "zh"].join(missing)) if missing else ""


def _hills(axes: Axes, grid: Grid, light: NDArray[Any]) -> None:
    """The light on the ground, faint, so that what is drawn over it stands out."""
    limits = axes.get_xlim(), axes.get_ylim()
    axes.imshow(
        light, extent=grid.extent, cmap="gray", vmin=-1.6, vmax=1.0, aspect="auto", zorder=0.5,
        interpolation="bilinear",
    )  # fmt: skip
    axes.set(xlim=limits[0], ylim=limits[1])
