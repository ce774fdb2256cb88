"""Single changes and what they do: how often the clause holds with each, in order of cost, beside what is required."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.charts.experiment.answer_words import named, tell
from simrescue.charts.shared.heading import titled
from simrescue.charts.shared.style import INK, PALE, QUIET, VERDICT_COLOURS, figure, look, save
from simrescue.charts.shared.words import wrap
from simrescue.experiment.store.whole_files import make_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from simrescue.experiment.studies.mending import Mending
    from simrescue.plans import Verdict
    from simrescue.wording import Language


def draw_mending(mendings: Sequence[Mending], lang: Language, folder: Path) -> list[Path]:
    """Draw one chart a clause as PNG and SVG into a folder; a clause with nothing run until settled has none."""
    make_folder(folder)
    paths = []
    for mending in mendings:
        if not mending.confirmed:
            continue
        with look():
            drawn = _chart(mending, lang)
            clause = mending.line.clause
            title = {"name": clause.name, "name_zh": clause.name_zh}
            titled(drawn, tell("mend", lang), f"{clause.id}  {named(title, 'name', lang, clause.id)}")
            paths += save(drawn, folder, f"mend-{clause.id}" if lang == "en" else f"mend-{clause.id}-{lang}")
    return paths


def _chart(mending: Mending, lang: Language) -> Figure:
    rows = [(tell("now", lang), 0.0, mending.base)]
    for close in mending.confirmed:
        label = {"label": close.change.label, "label_zh": close.change.label_zh}
        rows.append((wrap(named(label, "label", lang, close.change.id), 44), close.change.cost, close.verdict))
    drawn = figure(10.2, 1.9 + 0.44 * len(rows))
    axes: Any = drawn.subplots()
    for row, (_, cost, verdict) in enumerate(rows):
        _row(axes, row, cost, verdict)
    required = mending.base.required
    axes.axvline(required, color=INK, lw=1.2, ls=(0, (4, 2)))
    axes.annotate(
        tell("required", lang, share=f"{required * 100:g} %"), (required, 1), (0, 3), fontsize=8.5,
        xycoords=axes.get_xaxis_transform(), textcoords="offset points", ha="center",
    )  # fmt: skip
    axes.annotate(
        tell("cost", lang), (1.02, 1), (0, 3), fontsize=8.5, color=QUIET, xycoords="axes fraction",
        textcoords="offset points",
    )  # fmt: skip
    axes.set_yticks(range(len(rows)), [label for label, _, _ in rows])
    axes.set(xlim=(-0.02, 1.02), ylim=(len(rows) - 0.5, -0.5), xlabel=tell("holds in", lang))
    axes.xaxis.set_major_formatter(lambda share, _: f"{share * 100:.0f} %")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_color(PALE)
    return drawn


def _row(axes: Any, row: int, cost: float, verdict: Verdict) -> None:
    colour = VERDICT_COLOURS[verdict.verdict]
    axes.hlines(row, 0, 1, color="#eeeeee", lw=6, zorder=1)
    axes.hlines(row, verdict.low, verdict.high, color=colour, lw=6, alpha=0.45, zorder=2)
    axes.plot(verdict.estimate, row, marker="o", ms=8, color=colour, zorder=3, clip_on=False)
    if cost:
        axes.text(1.02, row, f"{cost / 1e6:,.3g}", transform=axes.get_yaxis_transform(), va="center", fontsize=9)
