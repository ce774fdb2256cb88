"""The map of a fire: when each piece of ground burned, what was built and dropped against it, and what it came to.

The large map is one replication, that of the middle area; the small one the chance over all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simrescue.charts.shared.chart import Chart
from simrescue.charts.shared.map_frame import WIDTH, Frame, MapPage, frame_around, frame_axes, map_page
from simrescue.charts.shared.map_ground import draw_ground
from simrescue.charts.shared.map_names import with_townships, write_names
from simrescue.charts.shared.map_roads import draw_roads
from simrescue.charts.shared.style import INK, QUIET, nothing
from simrescue.charts.shared.symbols import look_of
from simrescue.charts.shared.words import percent, say
from simrescue.charts.wildfire.fire_cells import Burned, Floats, band_edges, burned
from simrescue.charts.wildfire.fire_legend import draw_legend
from simrescue.charts.wildfire.fire_look import (
    BURNED,
    CROWN_SHADE,
    DANGER_MARKS,
    FIRE_VILLAGES,
    GATHERING,
    LINE,
    LOST_LINE,
    MOPPED_LINE,
    SPOT,
    WETTED,
    WIDTH_SHARES,
    WIDTHS_M,
)
from simrescue.kinds import of_role
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

MAP_WIDTH, MAP_HEIGHT = 8.1, 7.4
"""Inches."""
SMALL_HEIGHT, SMALL_LEAST = 2.0, 0.7
LEAST_KM = 1.2
RARE = 0.05
"""Ground that burns less often does not widen the map."""


def draw(results: Results, lang: Language) -> Figure:
    """Draw the map, the legend and the small map of chances."""
    page = map_page(results, MAP_WIDTH, MAP_HEIGHT, lang)
    axes = page.axes
    cells = burned(results)
    if cells is None or not cells.logs:
        nothing(axes, say("no logs", lang))
        return page.drawn
    table = villages(results, cells.course.replication)
    table.loc[table.index.isin(cells.course.gathering), "area"] = GATHERING[2]
    frame = frame_axes(axes, _shown(cells, table), LEAST_KM)
    draw_ground(axes, results)
    _burned(axes, cells)
    _line(axes, cells)
    _spots(axes, cells)
    _danger(axes, results, cells)
    _edge_of_landscape(axes, cells)
    draw_roads(axes, results, cells.course.closed, wider=0.4)
    began = _begun(results, cells.course.replication)
    _sites(axes, began, frame, cells.course.gathering)
    _villages(axes, table)
    areas = {kind.name: kind.area for kind in of_role("place") if kind.of_hazard}
    began = began[began["kind"].isin(areas)]
    began = began.assign(area=began["kind"].map(areas))
    left_out = write_names(axes, with_townships(table, results.things, lang), frame, lang, began)
    page.say_left_out(left_out, lang)
    _chance(page, cells, draw_legend(page, results, table, cells, lang), lang)
    return page.drawn


def villages(results: Results, replication: int) -> pd.DataFrame:
    """One row a village in one replication, with what the fire did to it: `fate` is a key of `FIRE_VILLAGES`."""
    table = results.places[results.places["replication"] == replication].set_index("village")
    flames, smoke = np.isfinite(table["flames_h"]), np.isfinite(table["smoke_h"])
    caught = flames & (table["exposed_to_flames"] > 0)
    fate = np.select([caught, flames, smoke], ["caught", "moved in time", "smoke"], "not reached")
    table = table.assign(fate=fate, affected=np.where(flames | smoke, table["population"], 0.0))
    table["area"] = [FIRE_VILLAGES[state][2] for state in fate]
    return table.join(results.things.set_index("index")[["name", "name_zh", "lon", "lat", "township"]])


def _shown(cells: Burned, table: pd.DataFrame) -> pd.DataFrame:
    """What the map must show: ground that burns now and then, and the villages that flames came to."""
    import pandas as pd

    often = (cells.chance >= RARE) | ~np.isnan(cells.course.hours)
    reached = table.loc[table["fate"].isin(("caught", "moved in time")), ["lon", "lat"]]
    if not often.any():
        return reached if len(reached) else table
    lon, lat = cells.grid.corners(often)
    return pd.concat([pd.DataFrame({"lon": lon, "lat": lat}), reached])


def _burned(axes: Axes, cells: Burned) -> None:
    """Bands of hours and cells of water."""
    from matplotlib.colors import to_rgba

    hours = cells.course.hours
    picture = np.zeros((len(hours), 4))
    edges = band_edges(float(np.nanmax(hours)) if not np.isnan(hours).all() else 1.0)
    band = np.searchsorted(edges, hours, side="left")
    for number in range(len(edges)):
        picture[(band == number) & ~np.isnan(hours)] = to_rgba(BURNED[number])
    picture[cells.course.crowned, :3] *= CROWN_SHADE
    picture[cells.course.wet & np.isnan(hours)] = to_rgba(WETTED)
    _picture(axes, picture, cells)


def _line(axes: Axes, cells: Burned) -> None:
    """Cells of line, as wide in their cell as the line is, in the colour of how they fared."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    line, grid = cells.course.line, cells.grid
    lon, lat = _middles(cells, line.cell)
    share = np.array(WIDTH_SHARES)[np.searchsorted(WIDTHS_M, line.width_m, side="right")]
    colours = np.select([np.isfinite(line.lost_h), np.isfinite(line.mopped_h)], [LOST_LINE, MOPPED_LINE], LINE)
    squares = [
        Rectangle((x - part * grid.dlon / 2, y - part * grid.dlat / 2), part * grid.dlon, part * grid.dlat)
        for x, y, part in zip(lon, lat, share, strict=True)
    ]
    axes.add_collection(PatchCollection(squares, facecolors=colours, linewidths=0, zorder=2.5))


def _middles(cells: Burned, which: Sequence[int] | NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Longitude and latitude of the middle of cells, by number."""
    row, column = np.divmod(np.asarray(which, dtype=np.intp), cells.grid.columns)
    return cells.grid.west + (column + 0.5) * cells.grid.dlon, cells.grid.north - (row + 0.5) * cells.grid.dlat


def _spots(axes: Axes, cells: Burned) -> None:
    """Where embers lit."""
    lon, lat = _middles(cells, cells.course.spots)
    marker, fill, area = SPOT
    axes.scatter(lon, lat, s=area, marker=marker, c=fill, edgecolors=INK, linewidths=0.5, zorder=3)


def _danger(axes: Axes, results: Results, cells: Burned) -> None:
    """Where crews fled and where flames came to them: at their last cell of line, else at the fire's own spot."""
    marks, things = cells.course.danger, results.things.set_index("index")
    lon, lat = _middles(cells, marks.cell)
    own = things.loc[marks.fire, ["lon", "lat"]].to_numpy(float)
    lon, lat = np.where(marks.cell < 0, own[:, 0], lon), np.where(marks.cell < 0, own[:, 1], lat)
    for number, (marker, fill, area) in enumerate(DANGER_MARKS.values()):
        of_kind = marks.what == number
        axes.scatter(
            lon[of_kind], lat[of_kind], s=area, marker=marker, c=fill, edgecolors=INK, linewidths=0.9, zorder=4.5
        )


def _picture(axes: Axes, picture: NDArray[np.float64], cells: Burned) -> None:
    grid = cells.grid
    limits = axes.get_xlim(), axes.get_ylim()
    pixels = picture.reshape(grid.rows, grid.columns, 4)
    axes.imshow(pixels, extent=grid.extent, interpolation="nearest", aspect="auto", zorder=1)
    axes.set(xlim=limits[0], ylim=limits[1])


def _edge_of_landscape(axes: Axes, cells: Burned) -> None:
    """Beyond it nothing is known of the ground."""
    from matplotlib.patches import Rectangle

    west, east, south, north = cells.grid.extent
    frame = Rectangle((west, south), east - west, north - south, fill=False, ec=QUIET, lw=0.9, ls=(0, (6, 4)), zorder=2)
    axes.add_patch(frame)


def _begun(results: Results, replication: int) -> pd.DataFrame:
    """All things but the places at which no fire began in a replication."""
    things, fires = results.things, results.fires
    burning = fires.loc[(fires["replication"] == replication) & np.isfinite(fires["began_h"]), "fire"]
    return things[(things["kind"] != "ignition") | things["index"].isin(burning)]


def _sites(axes: Axes, things: pd.DataFrame, frame: Frame, gathering: tuple[int, ...]) -> None:
    drawn = [(things["kind"] == kind.name, look_of(kind), 6) for kind in of_role("place") if kind.is_drawn]
    for chosen, (marker, fill, area), layer in (*drawn, (things["index"].isin(gathering), GATHERING, 4)):
        rows = frame.within(things[chosen])
        axes.scatter(
            rows["lon"], rows["lat"], s=area, marker=marker, c=fill, edgecolors=INK, linewidths=0.8, zorder=layer
        )


def _villages(axes: Axes, table: pd.DataFrame) -> None:
    for fate, (colour, marker, area) in FIRE_VILLAGES.items():
        rows = table[table["fate"] == fate]
        axes.scatter(
            rows["lon"], rows["lat"], s=area, c=colour, marker=marker, edgecolors="white", linewidths=0.9, zorder=5
        )


def _chance(page: MapPage, cells: Burned, legend_ends: float, lang: Language) -> None:
    """The small map: how often each piece of ground burns, as close as it can be seen; none where no room is left."""
    import pandas as pd
    from matplotlib import colormaps

    tall = min(SMALL_HEIGHT, legend_ends - page.foot - 0.75)
    if tall < SMALL_LEAST:
        return
    wide, height = page.legend_width - 0.2, page.drawn.get_figheight()
    place = (page.corner[0] / WIDTH, (page.foot + 0.42) / height, wide / WIDTH, tall / height)
    axes = page.drawn.add_axes(place, facecolor="#fafaf7")
    axes.set_title(say("chance of burning", lang, count=cells.logs), fontsize=9.5)
    lon, lat = cells.grid.corners(cells.chance > 0 if cells.chance.any() else cells.chance >= 0)
    frame = frame_around(pd.DataFrame({"lon": lon, "lat": lat}), tall / wide, LEAST_KM)
    axes.set(xlim=(frame.west, frame.east), ylim=(frame.south, frame.north), xticks=[], yticks=[])
    picture = np.array(colormaps["YlOrRd"](cells.chance))
    picture[cells.chance <= 0] = 0.0
    _picture(axes, picture, cells)
    shades = axes.inset_axes((0.0, -0.1, 1.0, 0.05))
    shades.imshow(np.linspace(0, 1, 64)[None, :], aspect="auto", cmap="YlOrRd", extent=(0, 1, 0, 1))
    shades.set(yticks=[], xticks=[0, 0.5, 1])
    shades.set_xticklabels(["0", percent(0.5, lang), percent(1, lang)], fontsize=8)


FIRE_MAP = Chart(
    "fire_map",
    bilingual("When it burned, what stood against it, what it came to"),
    bilingual("Map of the fire: when cells burned, the line built, and the villages that flames or smoke reached."),
    draw,
    role="map",
    side_by_side=True,
)
