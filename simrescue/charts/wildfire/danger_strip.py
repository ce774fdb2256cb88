"""Grades of fire danger of the days, as a strip along the top of a time axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from simrescue.charts.shared.style import INK
from simrescue.charts.shared.words import say
from simrescue.hazards.wildfire.danger.danger_grade import GRADES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

COLOURS = ("#8fc97a", "#7fb2e5", "#f3d94e", "#f2a03d", "#d9483b")
"""Of the grades I to V: green, blue, yellow, orange, red, as warnings have them (GB/T 36743-2018)."""
HEIGHT = 0.055
"""Of the strip, as a share of the axes."""
NAMED_FROM = 0.1
"""Share of the axis from which a day is wide enough for the whole word."""
NUMBERED_FROM = 0.03
"""Share from which it is wide enough for the number alone."""


def draw_danger(axes: Axes, results: Results, from_h: float, to_h: float, lang: Language) -> None:
    """One field a day; nothing where a run kept no grades."""
    days = results.manifest["scenario"].get("danger", [])
    if not days:
        return
    low, high = axes.get_ylim()
    axes.set_ylim(low, low + (high - low) / (1 - HEIGHT))
    ends = [*(day["begin_h"] for day in days[1:]), to_h]
    for day, end in zip(days, ends, strict=True):
        begin_h, end_h = max(day["begin_h"], from_h), min(end, to_h)
        if begin_h < end_h:
            left, right = ((hour - from_h) / (to_h - from_h) for hour in (begin_h, end_h))
            _draw_day(axes, left, right - left, day["grade"], lang)


def _draw_day(axes: Axes, left: float, width: float, grade: int, lang: Language) -> None:
    field = Rectangle(
        (left, 1 - HEIGHT),
        width,
        HEIGHT,
        transform=axes.transAxes,
        facecolor=COLOURS[grade - 1],
        edgecolor="white",
        lw=0.8,
    )
    axes.add_patch(field)
    if width >= NUMBERED_FROM:
        name = GRADES[grade - 1]
        axes.text(
            left + width / 2, 1 - HEIGHT / 2, say("danger grade", lang, grade=name) if width >= NAMED_FROM else name,
            transform=axes.transAxes, ha="center", va="center_baseline", fontsize=8, color=INK,
        )  # fmt: skip
