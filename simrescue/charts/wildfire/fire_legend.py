"""The legend of the map of a fire: bands of hours, line and water, villages by what came to them, sites and roads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simrescue.charts.shared.map_ground import ground_legend
from simrescue.charts.shared.map_roads import road_legend
from simrescue.charts.shared.style import INK, QUIET
from simrescue.charts.shared.symbols import look_of
from simrescue.charts.shared.words import hours, noun_of, say
from simrescue.charts.wildfire.fire_cells import band_edges
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

if TYPE_CHECKING:
    import pandas as pd

    from simrescue.charts.shared.map_frame import MapPage
    from simrescue.charts.wildfire.fire_cells import Burned
    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language


TYPES = ((8.5, 0.5), (7.5, 0.3), (6.5, 0.2))
"""Sizes of type, points, and spacings that are tried until the small map has its room below."""
SMALL_MAP = 1.75
"""Inches that it takes with its title and its scale."""


def draw_legend(page: MapPage, results: Results, table: pd.DataFrame, cells: Burned, lang: Language) -> float:
    """Draw the legend of a map of a fire; answers where it ends, inches from the bottom."""
    parts = {
        say("burned within", lang, replication=cells.course.replication): _ground(cells, lang),
        say("line and crews", lang): _line(cells, lang),
        say("villages", lang): _villages(table, lang),
        say("sites", lang): [*_sites(results.things, lang), *_roads(cells, lang), *ground_legend(results, lang)],
    }
    ends = page.foot
    for size, spacing in TYPES:
        for smaller in list(page.drawn.legends):
            smaller.remove()
        ends = page.draw_legends(parts, size, spacing)
        if ends - page.foot >= SMALL_MAP:
            break
    return ends


def _ground(cells: Burned, lang: Language) -> list[Any]:
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Patch

    burnt = cells.course.hours
    edges = band_edges(float(np.nanmax(burnt)) if not np.isnan(burnt).all() else 1.0)
    bands: list[Any] = [Patch(fc=colour, label=hours(edge, lang)) for colour, edge in zip(BURNED, edges, strict=False)]
    if cells.course.crowned.any():
        shade = tuple(CROWN_SHADE * part for part in to_rgb(BURNED[2]))
        bands.append(Patch(fc=shade, label=say("crowned", lang)))
    if cells.course.spots:
        marker, fill, area = SPOT
        bands.append(_spot(say("spot", lang), marker, fill, area**0.5, INK))
    water = [Patch(fc=WETTED, label=say("wetted", lang))] if cells.course.wet.any() else []
    return [*bands, *water]


def _line(cells: Burned, lang: Language) -> list[Any]:
    """What there is of line, by width and by how it fared, and of crews in danger."""
    line, danger = cells.course.line, cells.course.danger
    lost, mopped = np.isfinite(line.lost_h), np.isfinite(line.mopped_h)
    narrow, wide = WIDTHS_M
    widths = (
        ("line narrow", line.width_m < narrow, WIDTH_SHARES[0]),
        ("line middle", (line.width_m >= narrow) & (line.width_m < wide), WIDTH_SHARES[1]),
        ("line wide", line.width_m >= wide, WIDTH_SHARES[2]),
    )
    fates = (
        ("line mopped", mopped & ~lost, MOPPED_LINE),
        ("line lost", lost, LOST_LINE),
    )
    handles = [
        _spot(say(name, lang, narrow=f"{narrow:.0f}", wide=f"{wide:.0f}"), "s", LINE, 9 * share, LINE)
        for name, which, share in widths
        if which.any()
    ]
    handles += [_spot(say(name, lang), "s", colour, 7, colour) for name, which, colour in fates if which.any()]
    for number, (name, (marker, fill, area)) in enumerate(DANGER_MARKS.items()):
        if count := int((danger.what == number).sum()):
            handles.append(_spot(say(name, lang, count=count), marker, fill, area**0.5 * 0.9, INK))
    return handles


def _spot(label: str, marker: Any, fill: str, size: float, edge: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], ls="", marker=marker, mfc=fill, mec=edge, ms=size, mew=0.8, label=label)


def _villages(table: pd.DataFrame, lang: Language) -> list[Any]:
    return [
        _spot(f"{say(fate, lang)} ({int((table['fate'] == fate).sum())})", marker, colour, area**0.5 * 0.85, "white")
        for fate, (colour, marker, area) in FIRE_VILLAGES.items()
    ]


def _sites(things: pd.DataFrame, lang: Language) -> list[Any]:
    present = set(things["kind"])
    drawn = [kind for kind in of_role("place") if kind.is_drawn and kind.name in present]
    looks = [(noun_of(kind, lang), *look_of(kind)) for kind in drawn]
    looks.append((say("gathering", lang), *GATHERING))
    return [_spot(name, marker, fill, min(area**0.5 * 1.05, 11.0), INK) for name, marker, fill, area in looks]


def _roads(cells: Burned, lang: Language) -> list[Any]:
    from matplotlib.lines import Line2D

    return [
        *road_legend(cells.course.closed, "closed once", lang),
        Line2D([], [], color=QUIET, lw=0.9, ls=(0, (6, 4)), label=say("edge of landscape", lang)),
    ]
