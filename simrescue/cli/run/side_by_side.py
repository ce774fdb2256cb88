"""What `batch` shows: several runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rich.text import Text

from simrescue.cli.language import on_screen, pick
from simrescue.cli.show.tables import KINDS, SECTIONS, figure, is_measured, percent, plain_table, screen, verdict_text
from simrescue.experiment.analysis.death_curves import span_of_deaths, with_span
from simrescue.metrics.summary import LATE_AFTER_H
from simrescue.wording import Words, bilingual, bilingual_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from simrescue import Results

NUMBERS = {
    "affected": bilingual("People affected"),
    "trapped": bilingual("Trapped"),
    "rescued": bilingual("Rescued"),
    "deaths": bilingual("Deaths"),
    "share_relieved_10h": bilingual_as("short", "Share relieved within 10 h"),
    "relief_p95_h": bilingual_as("short", "Hours until 95 % are relieved"),
    "late_person_h": bilingual("Person-hours beyond {limit:g} h", limit=LATE_AFTER_H),
    "lapsed_person_h": bilingual("Person-hours without, after relief"),
    "fire_found_h": bilingual("Hours until fires are found"),
    "fire_on_line_h": bilingual("Hours from report to crews on the line"),
    "fire_contained_h": bilingual("Hours from report to containment"),
    "burned_ha": bilingual("Hectares burned"),
    "exposed_to_flames": bilingual("People caught by flames"),
}
"""Metric of a replication -> how `batch` calls it; those of fires are shown where there are fires."""


def show_batch(runs: Sequence[Results], labels: Sequence[str]) -> None:
    """Several runs side by side: one row a clause or number, one column a run."""
    console = screen()
    columns = [result.verdicts[is_measured(result.verdicts)].set_index(["kind", "plan", "clause"]) for result in runs]
    rows = dict.fromkeys(key for column in columns for key in column.index)
    table = plain_table(on_screen("Verdicts side by side"), "", on_screen("Plan"), on_screen("Clause"), *labels)
    for key in sorted(rows, key=lambda row: list(SECTIONS).index(row[0])):
        cells = [_verdict_and_estimate(column.loc[key]) if key in column.index else Text("-") for column in columns]
        clause = next(column.loc[key] for column in columns if key in column.index)
        table.add_row(pick(KINDS[key[0]]), key[1], pick((clause["title"], clause["title_zh"])), *cells)
    console.print(table)
    console.print(_numbers(runs, labels))
    unmeasured = max(int((~is_measured(result.verdicts)).sum()) for result in runs)
    console.print(
        on_screen(
            "{number} more clauses are not measured: verdicts.csv in each folder tells which and why.",
            number=unmeasured,
        )
    )
    for result in runs:
        console.print(on_screen("Results: {folder}", folder=result.path), soft_wrap=True)


def _numbers(runs: Sequence[Results], labels: Sequence[str]) -> Table:
    table = plain_table(on_screen("Medians over the replications"), "", *labels, right=labels)
    for metric, title in NUMBERS.items():
        if all(metric in result.replications for result in runs):
            table.add_row(pick(title), *(_figure(result, metric) for result in runs))
    return table


def _figure(result: Results, metric: str) -> str:
    middle = figure(result.replications[metric].median())
    span = span_of_deaths(result.replications) if metric == "deaths" else Words("", "")
    return pick(with_span(Words(middle, middle), span))


def _verdict_and_estimate(row: Any) -> Text:
    text = verdict_text(row["verdict"])
    return text if np.isnan(row["low"]) else text.append(f"\n{percent(row['estimate'])}", style="default")
