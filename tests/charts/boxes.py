"""Where the texts of a drawn figure stand: for tests that none is cut off and none is laid over another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import TYPE_CHECKING, Any

from matplotlib.text import Text

from simrescue.charts.shared.style import fit_labels, look

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

TOUCH = 1.5
"""Pixels by which boxes may meet: they are those of whole lines of type, taller than what is written."""


@contextmanager
def _written() -> Iterator[dict[Text, None]]:
    """Every text that is really drawn in the meantime: labels of ticks beyond the axis, for one, are not."""
    drawn: dict[Text, None] = {}
    plain = Text.draw

    def draw(self: Text, renderer: Any) -> None:
        if self.get_visible() and self.get_text().strip():
            drawn[self] = None
        plain(self, renderer)

    Text.draw = draw  # type: ignore[method-assign]
    try:
        yield drawn
    finally:
        Text.draw = plain  # type: ignore[method-assign]


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Each text of a figure as it goes into a file, with its box in pixels."""
    with look():
        fit_labels(figure)
        figure.draw_without_rendering()
        with _written() as drawn:
            figure.draw_without_rendering()
        return [(text.get_text(), text.get_window_extent().padded(-TOUCH)) for text in drawn]


def faults(figure: Figure) -> list[str]:
    """What is wrong with the texts of a figure: those that leave it, and pairs that are laid over one another."""
    everything = boxes(figure)
    page = figure.bbox
    cut = [
        f"cut off: {text!r}"
        for text, box in everything
        if box.x0 < page.x0 or box.x1 > page.x1 or box.y0 < page.y0 or box.y1 > page.y1
    ]
    laid = [
        f"laid over: {one!r} and {other!r}" for (one, a), (other, b) in combinations(everything, 2) if a.overlaps(b)
    ]
    return [*cut, *laid]
