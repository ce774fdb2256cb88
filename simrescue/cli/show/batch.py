"""What `batch` shows: several runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rich.text import Text

from simrescue.cli.show.tables import SECTIONS, both, figure, is_measured, percent, plain_table, screen, verdict_text
from simrescue.metrics.summary import LATE_AFTER_H
from simrescue.wording import bilingual, bilingual_as, side_by_side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from simrescue import Results

NUMBERS = {
    "affected": side_by_side("People affected"),
    "trapped": side_by_side("Trapped"),
    "rescued": side_by_side("Rescued"),
    "died": side_by_side("Died"),
    "share_relieved_10h": " ".join(bilingual_as("short", "Share relieved within 10 h")),
    "relief_p95_h": " ".join(bilingual_as("short", "Hours until 95 % are relieved")),
    "late_person_h": f"Person-hours beyond {LATE_AFTER_H:g} h " + bilingual("late person-hours").zh,
    "lapsed_person_h": side_by_side("Person-hours without, after relief"),
    "fire_found_h": side_by_side("Hours until fires are found"),
    "fire_on_line_h": side_by_side("Hours from report to crews on the line"),
    "fire_contained_h": side_by_side("Hours from report to containment"),
    "burned_ha": side_by_side("Hectares burned"),
    "exposed_to_flames": side_by_side("People caught by flames"),
}
"""Metric of a replication -> how `batch` calls it; those of fires are shown where there are fires."""


def show_batch(found: Sequence[Results], labels: Sequence[str]) -> None:
    """Several runs side by side: one row a clause or number, one column a run."""
    console = screen()
    columns = [result.verdicts[is_measured(result.verdicts)].set_index(["kind", "plan", "clause"]) for result in found]
    rows = dict.fromkeys(key for column in columns for key in column.index)
    table = plain_table(side_by_side("Verdicts side by side"), "", "Plan", "Clause", *labels)
    for key in sorted(rows, key=lambda row: list(SECTIONS).index(row[0])):
        cells = [_verdict_and_estimate(column.loc[key]) if key in column.index else Text("-") for column in columns]
        clause = next(column.loc[key] for column in columns if key in column.index)
        table.add_row(key[0], key[1], both(clause["title"], clause["title_zh"]), *cells)
    console.print(table)
    console.print(_numbers(found, labels))
    unmeasured = max(int((~is_measured(result.verdicts)).sum()) for result in found)
    console.print(f"{unmeasured} more clauses are not measured: verdicts.csv in each folder tells which and why.")
    for result in found:
        console.print(f"Results: {result.path}", soft_wrap=True)


def _numbers(found: Sequence[Results], labels: Sequence[str]) -> Table:
    table = plain_table(side_by_side("Medians over the replications"), "", *labels, right=labels)
    for metric, title in NUMBERS.items():
        if all(metric in result.replications for result in found):
            table.add_row(title, *(figure(result.replications[metric].median()) for result in found))
    return table


def _verdict_and_estimate(row: Any) -> Text:
    text = verdict_text(row["verdict"])
    return text if np.isnan(row["low"]) else text.append(f"\n{percent(row['estimate'])}", style="default")
