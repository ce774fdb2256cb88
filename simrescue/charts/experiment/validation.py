"""Figures on record beside their simulated bands, each as a multiple of what is recorded."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from simrescue.charts.shared.heading import titled
from simrescue.charts.shared.style import INK, PALE, QUIET, drawable, figure, look, save
from simrescue.charts.shared.words import wrap
from simrescue.experiment.store.whole_files import make_folder
from simrescue.experiment.studies.comparison_with_record import BAND, score, score_drawn
from simrescue.metrics.recorded import MOMENT
from simrescue.plans import VERDICT_COLOURS
from simrescue.units import write_share
from simrescue.wording import LANGUAGES, translated
from simrescue.wording.unit_words import measure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from simrescue.experiment.studies.comparison_with_record import Compared
    from simrescue.wording import Language

LEAST, MOST = 1 / 32, 32
"""Multiples of the record beyond which a band is cut at the edge of the chart."""
ROW_INCHES, LINE_INCHES = 0.42, 0.17
"""Height of a row, and what each line of its label takes."""
EDGE = 1.12
"""Beyond these the chart goes on by this factor, so that what is cut there meets no name."""
HEAD_SIZE = 10.5
"""Size of the name of a scenario above its figures: no font of Chinese is sure to be there in bold."""
TICKS = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16)


def draw_validation(comparisons: Sequence[Compared], lang: Language, folder: Path) -> list[Path]:
    """Draw the chart as PNG and SVG into a folder; moments and figures of nothing have no row in it."""
    drawn = validation_chart(comparisons, lang)
    if drawn is None:
        return []
    make_folder(folder)
    with look():
        return save(drawn, folder, "validation" if lang == "en" else f"validation-{lang}")


def validation_chart(comparisons: Sequence[Compared], lang: Language) -> Figure | None:
    """The chart with its heading; None where no figure has a row in it."""
    shown = [comparison for comparison in comparisons if _has_row(comparison)]
    if not shown:
        return None
    with look():
        drawn = _chart(shown, lang)
        total = score(comparisons)
        below = translated(
            "{inside} of {figures} recorded figures inside the {band} band", lang,
            inside=total.inside, figures=total.figures, band=measure(write_share(BAND))[LANGUAGES.index(lang)],
        )  # fmt: skip
        if second := score_drawn(comparisons):
            below += translated(
                "; with unverified numbers drawn (below each) {inside} of {figures}", lang,
                inside=second.inside, figures=second.figures,
            )  # fmt: skip
        titled(drawn, translated("Recorded and simulated", lang), below)
    return drawn


def _has_row(comparison: Compared) -> bool:
    return comparison.is_known and comparison.unit != MOMENT and comparison.row["recorded"] > 0


def _chart(shown: Sequence[Compared], lang: Language) -> Figure:
    heads = list(dict.fromkeys(comparison.scenario for comparison in shown))
    labels: list[str] = []
    rows: dict[int, Compared] = {}
    for head in heads:
        own = [comparison for comparison in shown if comparison.scenario == head]
        labels.append(wrap(drawable(*own[0].title[:: 1 if lang == "en" else -1]) or head, 60))
        rows |= dict(enumerate(own, start=len(labels)))
        labels += [_label(comparison, lang) for comparison in own]
    most_lines = 1 + max(label.count("\n") for label in labels)
    drawn = figure(10.4, 2.0 + max(ROW_INCHES, LINE_INCHES * most_lines) * len(labels))
    axes: Any = drawn.subplots()
    axes.set_xscale("log", base=2)
    axes.axvline(1, color=INK, lw=1.2)
    for row, comparison in rows.items():
        _row(axes, row, comparison)
        if comparison.drawn and comparison.drawn.is_known:
            _row(axes, row + 0.24, comparison.drawn, second=True)
    axes.set_yticks(range(len(labels)), labels, fontsize=8.5)
    for row, label in enumerate(axes.get_yticklabels()):
        label.set_fontsize(8.5 if row in rows else HEAD_SIZE)
    axes.set(xlim=(LEAST / EDGE, MOST * EDGE), ylim=(len(labels) - 0.5, -0.5))
    thick = measure(write_share(BAND))[LANGUAGES.index(lang)]
    label = translated("Simulated, as a multiple of the record (thick: {share} band, thin: 90 %)", lang, share=thick)
    axes.set_xlabel(label)
    axes.set_xticks(TICKS, [f"{tick:g}" if tick >= 1 else f"1/{1 / tick:g}" for tick in TICKS])
    axes.minorticks_off()
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_color(PALE)
    return drawn


def _label(comparison: Compared, lang: Language) -> str:
    names = (comparison.row["what"], comparison.row["what_zh"])
    return wrap(drawable(*(names if lang == "en" else names[::-1])), 60)


def _row(axes: Any, row: float, comparison: Compared, *, second: bool = False) -> None:
    inside = VERDICT_COLOURS["met" if comparison.is_inside else "not met"]
    colour = QUIET if comparison.row["doubt"] else inside
    low, p10, median, p90, high = (_multiple(comparison, key) for key in ("low", "p10", "median", "p90", "high"))
    axes.hlines(row, low, high, color=colour, lw=0.8 if second else 1.5)
    axes.hlines(row, p10, p90, color=colour, lw=3 if second else 6, alpha=0.55)
    axes.plot(median, row, marker="o", ms=3.5 if second else 6, color=colour, clip_on=False)
    if second:
        return
    if math.isinf(comparison.row["recorded_high"]):
        axes.annotate("", (1.6, row - 0.3), (1, row - 0.3), arrowprops={"arrowstyle": "->", "color": INK})


def _multiple(comparison: Compared, key: str) -> float:
    """A simulated figure as a multiple of the record, within the chart."""
    return float(min(max(comparison.row[key] / comparison.row["recorded"], LEAST), MOST))
