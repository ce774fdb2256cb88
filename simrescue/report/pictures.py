"""The charts of a run or an experiment as pictures inside the page, each with a text that stands for it.

A chart is an SVG behind an `img` with a data address: it cannot reach out of its frame, whatever names it holds, and
two charts on a page cannot mix up their parts.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from simrescue.charts import charts_of
from simrescue.charts.shared.heading import heading
from simrescue.charts.shared.style import look, written
from simrescue.wording import LANGUAGES, bilingual, translated

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simrescue.experiment.store.stored_results import Results
    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.wording import Language

SWEEP_TEXTS = {
    "lines": bilingual("Lines: what the clause comes to and how often it holds, by the values of the factors."),
    "heat": bilingual("Heat map: what the clause comes to at the values of two factors, and where it is met."),
    "tornado": bilingual("Tornado: how much the answer changes with each factor."),
    "indices": bilingual("Bars: sensitivity indices of the factors."),
    "costs": bilingual("Points: cost of each point and how often the clause holds there."),
    "spread": bilingual("Curves: the distribution of a number at each point."),
}
"""Chart of an experiment -> the text that stands for it."""
FULL_PT = 828.0
"""Width of a chart that fills the page."""
_WIDTH = re.compile(rb'<svg[^>]*? width="([0-9.]+)pt"')
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_OUTLINE = re.compile(rb' d="[^"]*"')
_DECIMALS = re.compile(rb"(\.[0-9]{2})[0-9]+")


class NameOnMap(NamedTuple):
    """A name on a map: where it stands in the picture, per cent of its width and height from the upper left corner."""

    thing: int
    """Index of the place in the table of things."""
    name: str
    left: float
    top: float
    width: float
    height: float


class Picture(NamedTuple):
    """One chart in one language."""

    name: str
    address: str
    """The picture itself, as `data:image/svg+xml;base64,...`."""
    alt: str
    width: float
    """Per cent of the width of the page."""
    spots: Sequence[NameOnMap] = ()
    """Names of places that stand on it."""
    is_map: bool = False
    """Whether it is a map of the run, which a report shows among its pages."""


def pictures(results: Results, lang: Language, *, side_by_side: bool = False) -> list[Picture]:
    """The charts of a run in a language that its report shows, or those that stand side by side with other runs."""
    made = []
    for chart in charts_of(results):
        if not (chart.side_by_side if side_by_side else chart.in_report):
            continue
        with look():
            drawn = chart.draw(results, lang)
            heading(drawn, results, chart, lang)
            content = written(drawn, "svg")
        alt = translated("{title}. {text}", lang, title=chart.title, text=chart.alt)
        picture = _picture(chart.name, content, alt)
        made.append(picture._replace(spots=list(_spots(drawn, results)), is_map=chart.role == "map"))
    return made


def map_pictures(results: Results, lang: Language) -> dict[str, bytes]:
    """The maps of a run, by name, as PNG: what a report shows among its pages."""
    made = {}
    for chart in charts_of(results):
        if chart.in_report and chart.role == "map":
            with look():
                drawn = chart.draw(results, lang)
                heading(drawn, results, chart, lang)
                made[chart.name] = written(drawn, "png")
    return made


def _spots(drawn: Figure, results: Results) -> Iterator[NameOnMap]:
    """The names of places on a map, found by the text and the spot that it points to."""
    from matplotlib.text import Annotation

    things = results.things
    spots = things[["lon", "lat"]].to_numpy(float).tolist()
    places = {(name, *spot): at for names in (things["name"], things["name_zh"])
              for at, (name, spot) in enumerate(zip(names, spots, strict=True)) if name}  # fmt: skip
    width, height = drawn.bbox.width, drawn.bbox.height
    for axes in drawn.axes:
        for text in axes.texts:
            if isinstance(text, Annotation) and (at := places.get((text.get_text(), *text.xy))) is not None:
                box = text.get_window_extent()
                yield NameOnMap(at, text.get_text(), box.x0 / width * 100, (1 - box.y1 / height) * 100,
                           box.width / width * 100, box.height / height * 100)  # fmt: skip


def sweep_pictures(results: SweepResults, lang: Language) -> list[Picture]:
    """The charts of an experiment in a language."""
    from simrescue.charts.experiment.sweeps import draw_sweep

    with TemporaryDirectory() as folder:
        paths = [path for path in draw_sweep(results, lang, Path(folder)) if path.suffix == ".svg"]
        contents = [path.read_bytes() for path in paths]
    made = []
    for path, content in zip(paths, contents, strict=True):
        name = path.stem if lang == "en" else path.stem.removesuffix(f"-{lang}")
        chart, _, clause = name.partition("-")
        alt = f"{SWEEP_TEXTS[chart][LANGUAGES.index(lang)]} ({clause})"
        made.append(_picture(name, content, alt))
    return made


def _picture(name: str, svg: bytes, alt: str) -> Picture:
    """A chart as wide as lets its letters be as large as those of all others."""
    written = _WIDTH.search(svg)
    return Picture(name, _address(svg), alt, min(100.0, float(written[1]) / FULL_PT * 100) if written else 100.0)


def _address(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + b64encode(_shorter(svg)).decode("ascii")


def _shorter(svg: bytes) -> bytes:
    """Outlines to a hundredth of a point and no comments: nobody sees more, and the page is a third smaller."""
    return _OUTLINE.sub(lambda found: _DECIMALS.sub(rb"\1", found[0]), _COMMENT.sub(b"", svg))
