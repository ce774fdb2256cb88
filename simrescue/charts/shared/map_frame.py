"""The page and the frame of a map: what part of the country it shows, in true proportion, its scale, its foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simrescue.charts.shared.map_ground import not_on_map
from simrescue.charts.shared.style import HEADING_INCHES, INK, QUIET, drawable, figure, wrap_to
from simrescue.charts.shared.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

KM_PER_DEGREE = 111.2
LEAST_KM = 8.0
WIDTH, EDGE = 11.5, 0.15
"""Inches: the page of a map, and the margin at its sides."""
FOOT_SIZE, FOOT_LINE = 7, 0.125
"""Points of the type under a map, and inches of a line of it."""
HANDLE = 3.2
"""What stands before a line of a legend takes, as a multiple of its type."""


class MapPage(NamedTuple):
    """A page with room for a map, for its legend right of it, and for what is said under it; inches."""

    drawn: Figure
    axes: Axes
    """Of the map."""
    corner: tuple[float, float]
    """Upper left corner of the legend."""
    foot: float
    """Height of what is said under the map."""

    @property
    def legend_width(self) -> float:
        """What the legend may take."""
        return WIDTH - EDGE - self.corner[0]

    def say_left_out(self, names: int, lang: Language) -> None:
        """Say under the map how many affected places have no name on it."""
        if names:
            height = self.drawn.get_figheight()
            self.drawn.text(
                EDGE / WIDTH, (self.foot - 0.06) / height, say("names left out", lang, count=names),
                fontsize=FOOT_SIZE, color=QUIET, va="top",
            )  # fmt: skip

    def draw_legends(self, parts: Mapping[str, Sequence[Any]], size: float, spacing: float) -> float:
        """Draw legends one below another, right of the map.

        Args:
            parts: title -> its handles; one without handles is left out.
            size: of the type, points.
            spacing: between its lines, as a share of the type.

        Returns:
            Where they end, inches above the bottom of the page.
        """
        height, (left, top) = self.drawn.get_figheight(), self.corner
        room = self.legend_width * 72
        for title, handles in parts.items():
            if not handles:
                continue
            for handle in handles:
                handle.set_label(wrap_to(str(handle.get_label()), room - HANDLE * size, size))
            legend = self.drawn.legend(
                handles=list(handles), title=wrap_to(title, room, 9.5), loc="upper left",
                bbox_to_anchor=(left / WIDTH, top / height), alignment="left", fontsize=size, title_fontsize=9.5,
                labelspacing=spacing, borderaxespad=0.0, borderpad=0.0,
            )  # fmt: skip
            top -= legend.get_window_extent().height / self.drawn.dpi + 0.25
        return float(top)


def map_page(results: Results, map_width: float, map_height: float, lang: Language) -> MapPage:
    """An empty page for a map of `map_width` and `map_height`, inches.

    At its foot stand the scenario's attribution, and which lines of orientation it does not have.
    """
    attribution = drawable(str(results.manifest["scenario"]["settings"].get("attribution", "")))
    parts = [wrap_to(text, (WIDTH - 2 * EDGE) * 72, FOOT_SIZE) for text in (not_on_map(results, lang), attribution)]
    said = "\n".join(filter(None, parts))
    foot = 0.12 + FOOT_LINE * (1 + len(said.split("\n")))
    top = foot + map_height
    height = top + 0.08 + HEADING_INCHES
    drawn = figure(WIDTH, height, arranged=False)
    axes = drawn.add_axes((EDGE / WIDTH, foot / height, map_width / WIDTH, map_height / height))
    drawn.text(EDGE / WIDTH, (foot - 0.06 - FOOT_LINE) / height, said, fontsize=FOOT_SIZE, color=QUIET, va="top")
    return MapPage(drawn, axes, (EDGE + map_width + 0.2, top), foot)


class Frame(NamedTuple):
    """The part of the country that a map shows, degrees WGS84."""

    west: float
    east: float
    south: float
    north: float

    @property
    def km_per_degree_east(self) -> float:
        """Kilometres of one degree of longitude at the middle of the map."""
        return KM_PER_DEGREE * float(np.cos(np.radians((self.south + self.north) / 2)))

    def within(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table whose `lon` and `lat` the map shows."""
        return table[table["lon"].between(self.west, self.east) & table["lat"].between(self.south, self.north)]


def frame_axes(axes: Axes, shown: pd.DataFrame, least_km: float = LEAST_KM) -> Frame:
    """Zoom the axes to the rows shown, in true proportion, with a scale bar and an arrow to the north."""
    box = axes.get_window_extent()
    frame = frame_around(shown, box.height / box.width, least_km)
    axes.set(xlim=(frame.west, frame.east), ylim=(frame.south, frame.north), xticks=[], yticks=[])
    axes.set_facecolor("#fafaf7")
    for spine in axes.spines.values():
        spine.set(visible=True, color="#d0d0d0")
    _scale(axes, frame)
    return frame


def frame_around(shown: pd.DataFrame, tallness: float, least_km: float = LEAST_KM) -> Frame:
    """The smallest frame round the rows, with a margin, whose height in kilometres is `tallness` times its width.

    Each side is at least `least_km` long.
    """
    lon, lat = shown["lon"].to_numpy(float), shown["lat"].to_numpy(float)
    middle_lon, middle_lat = (lon.min() + lon.max()) / 2, (lat.min() + lat.max()) / 2
    east_km = KM_PER_DEGREE * float(np.cos(np.radians(middle_lat)))
    width_km = max(float(np.ptp(lon)) * east_km, least_km) * 1.16
    height_km = max(float(np.ptp(lat)) * KM_PER_DEGREE, least_km) * 1.16
    width_km = max(width_km, height_km / tallness)
    half_east, half_north = width_km / 2 / east_km, width_km * tallness / 2 / KM_PER_DEGREE
    return Frame(middle_lon - half_east, middle_lon + half_east, middle_lat - half_north, middle_lat + half_north)


def _scale(axes: Axes, frame: Frame) -> None:
    across_km = (frame.east - frame.west) * frame.km_per_degree_east
    bar_km = max(step for step in (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if step <= max(across_km / 4, 0.2))
    share = bar_km / across_km
    by_axes = axes.transAxes
    axes.plot([0.03, 0.03 + share], [0.035] * 2, transform=by_axes, color=INK, lw=2.5, solid_capstyle="butt", zorder=8)
    axes.text(0.03 + share / 2, 0.043, f"{bar_km:g} km", transform=by_axes, ha="center", fontsize=8.5, zorder=8)
    axes.annotate(
        "N", xy=(0.972, 0.985), xytext=(0.972, 0.925), xycoords="axes fraction", ha="center", va="center", fontsize=9,
        color=QUIET, arrowprops={"arrowstyle": "-|>", "color": QUIET, "lw": 1.2}, zorder=8,
    )  # fmt: skip
