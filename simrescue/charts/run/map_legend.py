"""The legend of the map: classes of relief with the number of places in each, water, sites and roads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simrescue.charts.shared.map_ground import ground_legend
from simrescue.charts.shared.map_roads import road_legend
from simrescue.charts.shared.style import INK, WATER
from simrescue.charts.shared.symbols import CLASSES, DEPTHS_M, DRY, LIMITS_H, halo_area, look_of
from simrescue.charts.shared.words import hours, noun_of, say
from simrescue.kinds import sites

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

    from simrescue.charts.shared.map_frame import MapPage
    from simrescue.charts.shared.map_roads import Closed
    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language


def draw_legend(page: MapPage, results: Results, classes: NDArray[np.int64], closed: Closed, lang: Language) -> None:
    """Draw the legend of a map. `classes` are those of all places, `closed` the roads by the cause that closed them."""
    sites_and_roads = [
        *_sites(results.things, lang),
        *road_legend(closed, "mostly closed", lang),
        *ground_legend(results, lang),
    ]
    parts = {"relief classes": _classes(classes, lang), "depth": _depths(), "sites": sites_and_roads}
    page.draw_legends({say(title, lang): handles for title, handles in parts.items()}, 9, 0.75)


def _spot(label: str, marker: str, fill: str, size: float, edge: str = "white") -> Line2D:
    from matplotlib.lines import Line2D

    return Line2D([], [], ls="", marker=marker, mfc=fill, mec=edge, ms=size, mew=0.8, label=label)


def _classes(classes: NDArray[np.int64], lang: Language) -> list[Line2D]:
    counts = np.bincount(classes + 1, minlength=len(CLASSES) + 1)
    names = [say("within", lang, hours=hours(limit, lang)) for limit in LIMITS_H] + [
        say("later", lang),
        say("never", lang),
    ]
    rows = zip(names, counts[1:], CLASSES, strict=True)
    spots = [_spot(f"{name} ({count})", marker, colour, 9.5) for name, count, (colour, marker) in rows]
    return [*spots, _spot(f"{say('untouched', lang)} ({counts[0]})", "o", DRY, 5)]


def _depths() -> list[Line2D]:
    from matplotlib.lines import Line2D

    sizes = np.sqrt(halo_area(np.array(DEPTHS_M)))
    return [
        Line2D([], [], ls="", marker="o", mfc=WATER, alpha=0.35, mew=0, ms=size * 0.6, label=f"{depth:g} m")
        for depth, size in zip(DEPTHS_M, sizes, strict=True)
    ]


def _sites(things: pd.DataFrame, lang: Language) -> list[Line2D]:
    present = set(things["kind"])
    looks = [(noun_of(kind, lang), *look_of(kind)) for kind in sites() if kind.name in present]
    return [_spot(name, marker, fill, area**0.5 * 1.1, INK) for name, marker, fill, area in looks]
