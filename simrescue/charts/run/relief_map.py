"""The map: how long each place waits for basic relief, on roads and water, with the sites of the response."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simrescue.charts.run.map_legend import draw_legend
from simrescue.charts.shared.chart import Chart
from simrescue.charts.shared.map_frame import Frame, frame_axes, map_page
from simrescue.charts.shared.map_ground import draw_ground
from simrescue.charts.shared.map_names import with_townships, write_names
from simrescue.charts.shared.map_roads import draw_roads, mostly_closed
from simrescue.charts.shared.style import INK, WATER
from simrescue.charts.shared.summaries import villages
from simrescue.charts.shared.symbols import (
    CLASSES,
    DRY,
    halo_area,
    look_of,
    marker_area,
    relief_class,
)
from simrescue.kinds import sites
from simrescue.wording import bilingual

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

MAP_WIDTH, MAP_HEIGHT = 8.3, 7.0
"""Inches."""


def draw(results: Results, lang: Language) -> Figure:
    """Draw the map of the affected area."""
    table = villages(results)
    table["class"] = relief_class(table["relief_h"].to_numpy(float))
    table["area"] = np.where(table["class"] < 0, 14.0, marker_area(table["affected"].to_numpy(float)))
    page = map_page(results, MAP_WIDTH, MAP_HEIGHT, lang)
    axes = page.axes
    frame = frame_axes(axes, table[table["class"] >= 0] if (table["class"] >= 0).any() else table)
    draw_ground(axes, results)
    closed = mostly_closed(results)
    draw_roads(axes, results, closed)
    _water(axes, table)
    _sites(axes, results, frame)
    _villages(axes, table)
    left_out = write_names(axes, with_townships(table, results.things, lang), frame, lang)
    page.say_left_out(left_out, lang)
    draw_legend(page, results, table["class"].to_numpy(int), closed, lang)
    return page.drawn


def _water(axes: Axes, table: pd.DataFrame) -> None:
    wet = table[table["depth_m"] > 0.05]
    area = halo_area(wet["depth_m"].to_numpy(float))
    axes.scatter(wet["lon"], wet["lat"], s=area, c=WATER, alpha=0.22, linewidths=0, zorder=1)


def _sites(axes: Axes, results: Results, frame: Frame) -> None:
    for kind in sites():
        marker, fill, area = look_of(kind)
        rows = frame.within(results.things[results.things["kind"] == kind.name])
        axes.scatter(rows["lon"], rows["lat"], s=area, marker=marker, c=fill, edgecolors=INK, linewidths=0.8, zorder=4)


def _villages(axes: Axes, table: pd.DataFrame) -> None:
    dry = table[table["class"] < 0]
    axes.scatter(dry["lon"], dry["lat"], s=dry["area"], c=DRY, linewidths=0, zorder=3)
    for number, (colour, marker) in enumerate(CLASSES):
        rows = table[table["class"] == number]
        axes.scatter(
            rows["lon"],
            rows["lat"],
            s=rows["area"],
            c=colour,
            marker=marker,
            edgecolors="white",
            linewidths=0.8,
            zorder=5,
        )


MAP = Chart(
    "map",
    bilingual("Time to basic relief, place by place"),
    bilingual(
        "Map of the affected area: when each village got basic relief. The table of the worst places tells the same in "
        "numbers."
    ),
    draw,
    role="map",
    side_by_side=True,
)
