"""Names on the map that do not run into each other: townships first, then the places with most affected people."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simrescue.charts.shared.style import INK, drawable
from simrescue.experiment.analysis.township_names import township_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

    from simrescue.charts.shared.map_frame import Frame
    from simrescue.wording import Language

MOST_NAMES = 26
_ON_THE_SPOT = (0, 0, "center", "center")
_SIDES = (
    (1, 0, "left", "center"), (-1, 0, "right", "center"), (0, 1, "center", "bottom"), (0, -1, "center", "top"),
    (0.7, 0.7, "left", "bottom"), (0.7, -0.7, "left", "top"),
    (-0.7, 0.7, "right", "bottom"), (-0.7, -0.7, "right", "top"),
)  # fmt: skip
"""Where a name may stand, from its spot: parts of the marker's radius east and north, and what of the name is there."""


class Name(NamedTuple):
    """A name to be written near a spot."""

    text: str
    spot: tuple[float, float]
    """Degrees east and north."""
    radius: float
    """Points that the marker at the spot takes up."""
    township: bool = False
    affected: bool = False
    """Whether it is that of a place with people affected."""


def write_names(
    axes: Axes, table: pd.DataFrame, frame: Frame, lang: Language, keep_clear: pd.DataFrame | None = None
) -> int:
    """Write as many names as there is room for, up to `MOST_NAMES`: townships, then villages, the hardest hit first.

    A name stands on one of eight sides of its spot and meets no other name, no text that the axes have, and no marker
    of an affected place; where all eight are taken, it is left out.

    Args:
        axes: of the map, framed.
        table: the places, with a column `area`: that of the place's marker, points squared.
        frame: what the map shows.
        lang: of the names.
        keep_clear: other markers that no name may cover, with `lon`, `lat` and `area`.

    Returns:
        How many affected places on the map have no name on it.
    """
    rows = frame.within(table)
    affected = rows[rows["affected"] > 0]
    markers = _marker_boxes(axes, affected)
    if keep_clear is not None and len(keep_clear):
        markers += _marker_boxes(axes, frame.within(keep_clear))
    taken: list[Bbox] = [text.get_window_extent().padded(2) for text in axes.texts]
    written: list[Name] = []
    for name in (*_townships(rows), *_villages(rows, lang)):
        if len(written) < MOST_NAMES and _place(axes, name, taken, [] if name.township else markers):
            written.append(name)
    return len(affected) - sum(name.affected for name in written)


def with_townships(table: pd.DataFrame, things: pd.DataFrame, lang: Language) -> pd.DataFrame:
    """The table with townships as a map in this language names them; one without a name in it stays empty."""
    names = township_names(table["township"], things)
    return table.assign(township=[names[name][lang == "zh"] if name in names else "" for name in table["township"]])


def _townships(rows: pd.DataFrame) -> Iterator[Name]:
    """Townships at the middle of their people, where there are several."""
    groups = list(rows[rows["township"] != ""].groupby("township"))
    for name, members in groups if len(groups) > 1 else ():
        weights = members["population"].to_numpy(float) + 1.0
        middle = (np.average(members[axis].to_numpy(float), weights=weights) for axis in ("lon", "lat"))
        yield Name(drawable(str(name)), (float(next(middle)), float(next(middle))), 0.0, township=True)


def _villages(rows: pd.DataFrame, lang: Language) -> Iterator[Name]:
    """Villages by people affected, then residents; those that only have a number come last."""
    rows = rows.assign(number=rows["name"].str.contains(r"\d"))
    rows = rows.sort_values(["number", "affected", "population"], ascending=[True, False, False], kind="stable")
    for row in rows.head(6 * MOST_NAMES).to_dict("records"):
        names = (str(row["name"]), str(row["name_zh"]))
        text = drawable(*(names if lang == "en" else names[::-1]))
        yield Name(text, (row["lon"], row["lat"]), float(np.sqrt(row["area"])) / 2, affected=row["affected"] > 0)


def _marker_boxes(axes: Axes, rows: pd.DataFrame) -> list[Bbox]:
    from matplotlib.transforms import Bbox

    spots = axes.transData.transform(rows[["lon", "lat"]].to_numpy(float))
    figure = axes.get_figure(root=True)
    pixels = np.sqrt(rows["area"].to_numpy(float)) / 2 * 0.8 * (figure.dpi / 72 if figure else 1.0)
    return [Bbox.from_extents(x - r, y - r, x + r, y + r) for (x, y), r in zip(spots, pixels, strict=True)]


def _place(axes: Axes, name: Name, taken: list[Bbox], markers: list[Bbox]) -> bool:
    """Write a name on the first side of its spot where it meets nothing; says whether there is one."""
    from matplotlib.patheffects import withStroke

    if not name.text:
        return False
    room = axes.get_window_extent()
    size, colour, sides = (11.5, "#3b2f6b", (_ON_THE_SPOT, *_SIDES)) if name.township else (8.5, INK, _SIDES)
    for right, up, ha, va in sides:
        label = axes.annotate(
            name.text, name.spot, xytext=(right * (name.radius + 2.5), up * (name.radius + 2.5)),
            textcoords="offset points", ha=ha, va=va, fontsize=size, color=colour, zorder=7,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )  # fmt: skip
        box = label.get_window_extent()
        inside = room.x0 <= box.x0 and box.x1 <= room.x1 and room.y0 <= box.y0 and box.y1 <= room.y1
        if inside and not any(box.overlaps(other) for other in (*taken, *markers)):
            taken.append(box.padded(2))
            return True
        label.remove()
    return False
