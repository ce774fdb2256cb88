"""What `validate` shows: each figure of the record beside its band, the score, and where it misses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.text import Text

from simrescue.cli.language import between, on_screen, pick, unit_text
from simrescue.cli.show.answer_words import tell
from simrescue.cli.show.tables import figure, plain_table, screen
from simrescue.experiment.analysis.scenario_title import scenario_title
from simrescue.experiment.studies.comparison_with_record import (
    BAND,
    DOUBTFUL,
    INSIDE,
    OUTSIDE,
    UNKNOWN,
    Compared,
    rows,
    score,
    score_drawn,
    score_sentence,
)
from simrescue.experiment.studies.input_doubt import doubt_sentence, input_rows
from simrescue.metrics.recorded import MOMENT
from simrescue.units import write_moment, write_share
from simrescue.wording import Words, bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from rich.console import Console

    from simrescue.scenario.records import Scenario

COLOURS = {INSIDE: "green", OUTSIDE: "bold red", UNKNOWN: "yellow", DOUBTFUL: "dim"}


def show_validation(comparisons: Sequence[Compared], starts: Mapping[str, datetime]) -> None:
    """A table a scenario, the misses with their reasons, and the score over all. `starts`: by name of the scenario."""
    console = screen()
    for name in dict.fromkeys(compared.scenario for compared in comparisons):
        own = [compared for compared in comparisons if compared.scenario == name]
        record, band = on_screen("Recorded"), on_screen("Simulated, {share} band", share=write_share(BAND))
        table = plain_table(
            pick(own[0].title) or name,
            on_screen("What"),
            record,
            band,
            "",
            on_screen("Unit"),
            on_screen("Width"),
            right=(record, band),
        )
        for compared in own:
            low, high = (figure_at(compared, compared.row[key], starts[name]) for key in ("p10", "p90"))
            table.add_row(
                pick((compared.row["what"], compared.row["what_zh"])), recorded_text(compared, starts[name]),
                between(low, high) if compared.is_known else "-", _word(compared),
                "" if compared.unit == MOMENT else unit_text(compared.row["unit"]), width_text(compared.width),
            )  # fmt: skip
            if compared.drawn:
                table.add_row(*_drawn_row(compared.drawn, starts[name]))
        console.print(table)
        for compared in own:
            _tell_figure(console, compared)
        console.print()
    tell(console, score_sentence(score(comparisons)))
    if drawn := score_drawn(comparisons):
        tell(console, bilingual("With unverified numbers drawn: {sentence}", sentence=score_sentence(drawn)))


def show_doubts(scenarios: Sequence[Scenario]) -> None:
    """Of the numbers behind each scenario, how many are in doubt by chance and how many by ignorance."""
    for scenario in scenarios:
        doubts = [Words(row["doubt"], row["doubt_zh"]) for row in input_rows(scenario)]
        called = scenario_title(scenario.settings.model_dump(include={"name", "title", "title_zh"}))
        sentence = bilingual("{scenario}: {sentence}", scenario=called, sentence=doubt_sentence(doubts))
        tell(screen(), sentence)


def _word(compared: Compared) -> Text:
    return Text(pick(compared.word), style=COLOURS[compared.word])


def _drawn_row(drawn: Compared, start: datetime) -> tuple[str | Text, ...]:
    """The second row of a figure: its band with the unverified numbers drawn."""
    low, high = (figure_at(drawn, drawn.row[key], start) for key in ("p10", "p90"))
    below = Text(on_screen("  with unverified numbers drawn"), style="dim")
    band = between(low, high) if drawn.is_known else "-"
    return below, "", Text(band, style="dim"), _word(drawn), "", width_text(drawn.width)


def _tell_figure(console: Console, compared: Compared) -> None:
    """Why a figure is missed, and which unverified numbers move it."""
    what = compared.row["what"] or compared.row["what_zh"], compared.row["what_zh"] or compared.row["what"]
    if compared.reason.en:
        tell(console, bilingual("{what}: {reason}", what=what, reason=compared.reason))
    if compared.moved_by.en:
        tell(console, bilingual("{what}: moved by {names}.", what=what, names=compared.moved_by))


def figure_at(compared: Compared, value: float, start: datetime) -> str:
    """A value of the figure's metric: a number, or a date and time."""
    if compared.unit != MOMENT:
        return figure(value)
    return write_moment(value, start) if math.isfinite(value) else on_screen("never")


def recorded_text(compared: Compared, start: datetime) -> str:
    """What the record says: a figure, an interval, or a bound."""
    low, high = compared.row["recorded_low"], compared.row["recorded_high"]
    if math.isinf(high):
        return on_screen("{figure} or more", figure=figure_at(compared, low, start))
    if math.isinf(low):
        return on_screen("up to {figure}", figure=figure_at(compared, high, start))
    if low == high:
        return figure_at(compared, low, start)
    return between(figure_at(compared, low, start), figure_at(compared, high, start))


def width_text(width: float) -> str:
    """How many times the low end of a band its high end is."""
    if math.isnan(width):
        return ""
    return on_screen("unbounded") if math.isinf(width) else f"× {width:.3g}"


def validation_json(comparisons: Sequence[Compared], scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Figures, score and the numbers behind the scenarios as data."""
    scores = {"score": score(comparisons), "score_drawn": score_drawn(comparisons)}
    content: dict[str, Any] = {
        name: {**score._asdict(), "coverage": score.coverage, "band": BAND} for name, score in scores.items() if score
    }
    return content | {
        "figures": list(rows(comparisons)),
        "inputs": [row for scenario in scenarios for row in input_rows(scenario)],
    }
