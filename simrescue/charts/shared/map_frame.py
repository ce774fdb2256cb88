"""The frame of a map: what part of the country it shows, in true proportion, and its scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simrescue.charts.shared.style import INK, QUIET

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

KM_PER_DEGREE = 111.2
LEAST_KM = 8.0


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
