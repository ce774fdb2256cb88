"""How all charts look: fonts that know Chinese, colours that the colour-blind can tell apart, size, files.

Nothing here changes matplotlib's settings for the user's own figures.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from simrescue.experiment.store.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, QUIET, PALE = "#222222", "#6b6b6b", "#c9c9c9"
HEADING_INCHES = 0.66
VERDICT_COLOURS = {"met": "#1b7a5a", "not met": "#c0392b", "undecided": "#b8860b", "not measured": QUIET}
WATER = "#5aa9e6"
DPI = 150
_FONT = "data/fonts/NotoSansSC-GB2312-Regular.otf"
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


def both(first: str, second: str) -> str:
    """A name in two languages, without what cannot be drawn and without saying it twice."""
    names = dict.fromkeys(drawable(name) for name in (first, second))
    return " ".join(name for name in names if name)


def figure(width: float, height: float, *, arranged: bool = True) -> Figure:
    """An empty figure, inches; `arranged`: panels find their own places under the heading."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=(width, height), layout="constrained" if arranged else None)
    FigureCanvasAgg(made)
    return made


def nothing(axes: Axes, text: str) -> None:
    """Say in an empty panel why it is empty."""
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=QUIET)
    axes.set(xticks=[], yticks=[])


def save(drawn: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG and SVG, each whole or not at all; the same figure gives the same bytes."""
    from io import BytesIO

    paths = []
    for ending, metadata in (("png", {"Software": None}), ("svg", {"Date": None, "Creator": "simrescue"})):
        content = BytesIO()
        drawn.savefig(content, format=ending, dpi=DPI, metadata=metadata)
        path = folder / f"{name}.{ending}"
        write_whole(path, content.getvalue())
        paths.append(path)
    return paths
