"""How all charts look: fonts that know Chinese, colours that the colour-blind can tell apart, size, files.

Nothing here changes matplotlib's settings for the user's own figures.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from simrescue.charts.shared.words import width, wrap
from simrescue.experiment.store.whole_files import write_whole
from simrescue.hazards.flood.kind import FLOOD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

INK, QUIET, PALE = "#222222", "#6b6b6b", "#c9c9c9"
HEADING_INCHES = 0.66
WATER = FLOOD.colour
DPI = 150
FINE = 600
"""Dots per inch at which text is measured: coarser ones round each letter."""
METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "simrescue"},
}
"""What a file of each kind says of itself: nothing that differs from one day to the next."""
NEARLY_WHOLE = 0.7
"""Share of an axis that a label may take before the panels have found their places: most get smaller by it."""
MOST_LAYOUTS = 4
_PART = re.compile(rb'(id="|#)([A-Za-z0-9_]*[0-9a-f]{10})\b')
_FONT = "data/fonts/NotoSansSC-Everyday-Regular.otf"
_LOOK: dict[str, Any] = {
    "font.family": ["DejaVu Sans", "Noto Sans SC"],
    "font.size": 10,
    "text.parse_math": False,  # names and titles are text: a dollar sign in them starts no formula
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": QUIET,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "grid.color": "#e6e6e6",
    "legend.frameon": False,
    "svg.hashsalt": "simrescue",
    "svg.fonttype": "path",
}


@cache
def _font() -> frozenset[int]:
    """Make the Chinese font known to matplotlib; the characters that it or the Latin font can draw."""
    from matplotlib import font_manager, ft2font

    with as_file(files("simrescue").joinpath(_FONT)) as path:
        font_manager.fontManager.addfont(path)
        known = set(ft2font.FT2Font(str(path)).get_charmap())
    latin = font_manager.findfont("DejaVu Sans")
    return frozenset(known | set(ft2font.FT2Font(latin).get_charmap()))


@contextmanager
def look() -> Iterator[None]:
    """Draw in the style of the charts, whatever the user's own matplotlib settings are."""
    from matplotlib import style

    _font()
    with style.context(["default", _LOOK]):
        yield


def drawable(*texts: str) -> str:
    """The first text that is not empty and has all its characters in the fonts; empty if there is none."""
    known = _font() | {ord("\n")}
    return next((text for text in texts if text and known.issuperset(map(ord, text))), "")


def figure(width: float, height: float, *, arranged: bool = True) -> Figure:
    """An empty figure of a `width` and `height` in inches, which shows itself in a notebook as its file has it.

    `arranged`: panels find their own places under the heading.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    made = _shown_figure()(figsize=(width, height), layout="constrained" if arranged else None)
    FigureCanvasAgg(made)
    return made


@cache
def _shown_figure() -> type[Figure]:
    from matplotlib.figure import Figure

    class ShownFigure(Figure):
        """A figure that needs no pyplot to be shown."""

        def _repr_png_(self) -> bytes:
            with look():
                return written(self, "png")

    return ShownFigure


def nothing(axes: Axes, text: str) -> None:
    """Say in an empty panel why it is empty."""
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=QUIET)
    axes.set(xticks=[], yticks=[])


def wrap_to(text: str, points: float, size: float) -> str:
    """Text in lines that are no wider than so many points when it is written in a size, points.

    Lines that are in it already stay lines. A word that is wider by itself is not broken.
    """
    return "\n".join(_wrapped(line, points, size) for line in text.split("\n"))


def _wrapped(line: str, points: float, size: float) -> str:
    wide = _points(line, size)
    if wide <= points:
        return line
    columns = max(1, int(width(line) * points / wide))
    while columns > 1 and max(_points(part, size) for part in wrap(line, columns).split("\n")) > points:
        columns -= 1
    return wrap(line, columns)


def _points(line: str, size: float) -> float:
    """Width of a line of text in a size, points."""
    text = _page_to_measure_on().text(0, 0, line, fontsize=size)
    width = float(text.get_window_extent().width) * 72 / FINE
    text.remove()
    return width


@cache
def _page_to_measure_on() -> Figure:
    """An inch at `FINE`: what makes letters is made once, and is small."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    page = Figure(figsize=(1, 1), dpi=FINE)
    FigureCanvasAgg(page)
    return page


def fit_labels(drawn: Figure) -> None:
    """Break the labels of axes that are longer than their axis into lines, once the panels have found their places."""
    labels = [(axes, axis.label, axis is axes.yaxis) for axes in drawn.axes for axis in (axes.xaxis, axes.yaxis)]
    if all(_share_of_axis(*label) <= NEARLY_WHOLE for label in labels):
        return  # laying out costs as much as drawing
    whole = [text.get_text() for _, text, _ in labels]
    for _ in range(MOST_LAYOUTS):  # lines take room from the panels, whose axes then get shorter
        drawn.draw_without_rendering()
        shares = [_share_of_axis(*label) for label in labels]
        for (_, text, _), share, words in zip(labels, shares, whole, strict=True):
            if share > 1:
                longest = max(map(width, text.get_text().split("\n")))
                text.set_text(wrap(words, max(1, int(longest / share))))
        if max(shares) <= 1:
            return


def _share_of_axis(axes: Axes, text: Text, upright: bool) -> float:
    """Length of a label as a share of that of its axis, as the panels stand now."""
    if not text.get_text() or not text.get_visible() or not axes.get_visible():
        return 0.0
    room, taken = axes.get_window_extent(), text.get_window_extent()
    return float(taken.height / room.height if upright else taken.width / room.width)


def written(drawn: Figure, ending: str) -> bytes:
    """A figure as a file of that kind, png or svg; the same figure gives the same bytes."""
    from io import BytesIO

    fit_labels(drawn)
    content = BytesIO()
    drawn.savefig(content, format=ending, dpi=DPI, metadata=METADATA[ending])
    return _numbered(content.getvalue()) if ending == "svg" else content.getvalue()


def _numbered(svg: bytes) -> bytes:
    """The same picture with its parts numbered as they come.

    Matplotlib names them by a checksum of where they stand, down to the last bit, and the last bit of a layout is not
    the same each time.
    """
    names: dict[bytes, bytes] = {}
    return _PART.sub(lambda part: part[1] + names.setdefault(part[2], b"part%d" % len(names)), svg)


def save(drawn: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG and SVG, each whole or not at all; the same figure gives the same bytes."""
    paths = [folder / f"{name}.{ending}" for ending in METADATA]
    for path in paths:
        write_whole(path, written(drawn, path.suffix[1:]))
    return paths
