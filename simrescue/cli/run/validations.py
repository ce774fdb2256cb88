"""What `validate` shows: each figure of the record beside its band, the score, and where it misses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.text import Text

from simrescue.cli.language import between, on_screen, pick, unit_text
from simrescue.cli.show.answer_words import tell
from simrescue.cli.show.tables import figure, percent, plain_table, screen
from simrescue.experiment.studies.comparison_with_record import BAND, Compared, Score, rows, score, score_drawn
from simrescue.metrics.recorded import MOMENT
from simrescue.units import write_moment, write_share
from simrescue.wording import Words, bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from rich.console import Console

INSIDE, OUTSIDE = (bilingual("inside"), "green"), (bilingual("outside"), "bold red")
UNKNOWN, DOUBTFUL = (bilingual("nothing simulated"), "yellow"), (bilingual("doubtful"), "dim")


def word_of(one: Compared) -> tuple[Words, str]:
    """Whether a figure is inside, and in which colour it is written."""
    if not one.is_known:
        return UNKNOWN
    if one.row["doubt"]:
        return DOUBTFUL
    return INSIDE if one.is_inside else OUTSIDE


def show_validation(comparisons: Sequence[Compared], starts: Mapping[str, datetime]) -> None:
    """A table a scenario, the misses with their reasons, and the score over all. `starts`: by name of the scenario."""
    console = screen()
    for name in dict.fromkeys(one.scenario for one in comparisons):
        own = [one for one in comparisons if one.scenario == name]
        record, band = on_screen("Recorded"), on_screen("Simulated, {share} band", share=write_share(BAND))
        table = plain_table(
            name, on_screen("What"), record, band, "", on_screen("Unit"), on_screen("Width"), right=(record, band)
        )
        for one in own:
            word, colour = word_of(one)
            low, high = (figure_at(one, one.row[key], starts[name]) for key in ("p10", "p90"))
            table.add_row(
                pick((one.row["what"], one.row["what_zh"])), recorded_text(one, starts[name]),
                between(low, high) if one.is_known else "-", Text(pick(word), style=colour),
                "" if one.unit == MOMENT else unit_text(one.row["unit"]), width_text(one.width),
            )  # fmt: skip
            if one.drawn:
                table.add_row(*_drawn_row(one.drawn, starts[name]))
        console.print(table)
        for one in own:
            _tell_figure(console, one)
        console.print()
    tell(console, score_sentence(score(comparisons)))
    if drawn := score_drawn(comparisons):
        tell(console, bilingual("With unverified numbers drawn: {sentence}", sentence=score_sentence(drawn)))


def _drawn_row(drawn: Compared, start: datetime) -> tuple[str | Text, ...]:
    """The second row of a figure: its band with the unverified numbers drawn."""
    word, colour = word_of(drawn)
    low, high = (figure_at(drawn, drawn.row[key], start) for key in ("p10", "p90"))
    below = Text(on_screen("  with unverified numbers drawn"), style="dim")
    band = between(low, high) if drawn.is_known else "-"
    return below, "", Text(band, style="dim"), Text(pick(word), style=colour), "", width_text(drawn.width)


def _tell_figure(console: Console, one: Compared) -> None:
    """Why a figure is missed, and which unverified numbers move it."""
    what = pick((one.row["what"], one.row["what_zh"]))
    if one.reason.en:
        console.print(on_screen("{what}: {reason}", what=what, reason=pick(one.reason)), soft_wrap=True)
    if one.moved_by.en:
        console.print(on_screen("{what}: moved by {names}.", what=what, names=pick(one.moved_by)), soft_wrap=True)


def figure_at(one: Compared, value: float, start: datetime) -> str:
    """A value of the figure's metric: a number, or a date and time."""
    if one.unit != MOMENT:
        return figure(value)
    return write_moment(value, start) if math.isfinite(value) else on_screen("never")


def recorded_text(one: Compared, start: datetime) -> str:
    """What the record says: a figure, an interval, or a bound."""
    low, high = one.row["recorded_low"], one.row["recorded_high"]
    if math.isinf(high):
        return on_screen("{figure} or more", figure=figure_at(one, low, start))
    if math.isinf(low):
        return on_screen("up to {figure}", figure=figure_at(one, high, start))
    if low == high:
        return figure_at(one, low, start)
    return between(figure_at(one, low, start), figure_at(one, high, start))


def width_text(width: float) -> str:
    """How many times the low end of a band its high end is."""
    if math.isnan(width):
        return ""
    return on_screen("open") if math.isinf(width) else f"× {width:.3g}"


def score_sentence(found: Score) -> Words:
    """Coverage, width, and what was left out."""
    if not found.figures:
        return bilingual("No figure can be scored.")
    told = bilingual(
        "{inside} of {figures} recorded figures lie inside the {band} band ({share}); "
        "the median band is {width} times as high as it is low.",
        inside=found.inside, figures=found.figures, band=write_share(BAND), share=percent(found.coverage),
        width=bilingual("infinitely many") if math.isinf(found.width) else f"{found.width:.3g}",
    )  # fmt: skip
    if not (found.doubtful or found.untested):
        return told
    more = bilingual(
        " Not scored: {doubtful} doubtful, {untested} beside which nothing was simulated.",
        doubtful=found.doubtful,
        untested=found.untested,
    )
    return Words(told.en + more.en, told.zh + more.zh)


def validation_json(comparisons: Sequence[Compared]) -> dict[str, Any]:
    """Figures and score as data."""
    scores = {"score": score(comparisons), "score_drawn": score_drawn(comparisons)}
    content: dict[str, Any] = {
        name: {**found._asdict(), "coverage": found.coverage, "band": BAND} for name, found in scores.items() if found
    }
    return content | {"figures": list(rows(comparisons))}
