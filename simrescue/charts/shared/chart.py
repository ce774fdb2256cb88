"""What a chart of a run is: one record, beside the function that draws it.

Its file, its heading, the text that stands for it in the report, and where the report shows it are read from it, so
that a chart that a hazard brings is drawn and shown as those of the program are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from simrescue.wording import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from simrescue.experiment.store.stored_results import Results
    from simrescue.wording import Language


@dataclass(frozen=True)
class Chart:
    """A chart of a run. A half-made one is refused with a ValueError that tells all that is missing."""

    name: str
    """Name of its files: small letters, digits and underlines."""
    title: Words
    """What stands over it."""
    alt: Words
    """What it shows, in a sentence, for those who cannot see it."""
    draw: Callable[[Results, Language], Figure]
    """The figure of some results in a language, without title."""
    in_report: bool = True
    """Whether the report on a run shows it; its files are drawn in any case."""
    role: Literal["", "map", "curves"] = ""
    """What it is to whoever asks for the map or the curves of a run, whatever its hazard."""
    side_by_side: bool = False
    """Whether a report on several runs shows it of each."""

    def __post_init__(self) -> None:
        if lacks := list(_lacks(self)):
            raise ValueError(f"chart {self.name or '(no name)'} is half-registered: {'; '.join(lacks)}")


def _lacks(chart: Chart) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", chart.name):
        yield f"name: small letters, digits and underlines (it is {chart.name!r})"
    for field in ("title", "alt"):
        words = getattr(chart, field)
        if not (isinstance(words, tuple) and len(words) == 2 and all(words)):
            yield f"{field}: English and Chinese"
    draw: Any = chart.draw
    if not callable(draw):
        yield "draw: a function of results and language"
