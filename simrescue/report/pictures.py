"""The charts of a run or an experiment as pictures inside the page, each with a text that stands for it.

A chart is an SVG behind an `img` with a data address: it cannot reach out of its frame, whatever names it holds, and
two charts on a page cannot mix up their parts.
"""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from simrescue.charts import charts_of
from simrescue.charts.shared.heading import heading
from simrescue.charts.shared.style import look, written
from simrescue.charts.shared.words import say
from simrescue.report.words import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simrescue.experiment.store.stored_results import Results
    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.wording import Language

_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_OUTLINE = re.compile(rb' d="[^"]*"')
_DECIMALS = re.compile(rb"(\.[0-9]{2})[0-9]+")


class Picture(NamedTuple):
    """One chart in one language."""

    name: str
    title: str
    address: str
    """The picture itself, as `data:image/svg+xml;base64,...`."""
    alt: str


def pictures(results: Results, lang: Language, only: Sequence[str] = ()) -> list[Picture]:
    """The charts of a run in a language; `only` names those wanted."""
    made = []
    for name, draw in charts_of(results).items():
        if only and name not in only:
            continue
        with look():
            drawn = draw(results, lang)
            heading(drawn, results, name, lang)
            content = written(drawn, "svg")
        made.append(Picture(name, say(name, lang), _address(content), _alt(name, lang)))
    return made


def sweep_pictures(results: SweepResults, lang: Language) -> list[Picture]:
    """The charts of an experiment in a language."""
    from simrescue.charts.experiment.sweeps import draw_sweep

    with TemporaryDirectory() as folder:
        paths = [path for path in draw_sweep(results, lang, Path(folder)) if path.suffix == ".svg"]
        contents = [path.read_bytes() for path in paths]
    made = []
    for path, content in zip(paths, contents, strict=True):
        name = path.stem if lang == "en" else path.stem.removesuffix(f"-{lang}")
        alt = f"{_alt(name.partition('-')[0], lang)} ({name.partition('-')[2]})"
        made.append(Picture(name, name.partition("-")[2], _address(content), alt))
    return made


def _alt(name: str, lang: Language) -> str:
    return told(f"alt {name}")[lang == "zh"]


def _address(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + b64encode(_shorter(svg)).decode("ascii")


def _shorter(svg: bytes) -> bytes:
    """Outlines to a hundredth of a point and no comments: nobody sees more, and the page is a third smaller."""
    return _OUTLINE.sub(lambda found: _DECIMALS.sub(rb"\1", found[0]), _COMMENT.sub(b"", svg))
