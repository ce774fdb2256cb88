"""What `batch` shows: several runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rich.text import Text

from simrescue.cli.show.tables import SECTIONS, both, figure, is_measured, percent, plain_table, screen, verdict_text
from simrescue.metrics.summary import LATE_AFTER_H

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from simrescue import Results

NUMBERS = {
    "affected": "People affected 受灾人口",
    "trapped": "Trapped 被困",
    "rescued": "Rescued 获救",
    "died": "Died 死亡",
    "share_relieved_10h": "Share relieved within 10 h 10小时内得到救助",
    "relief_p95_h": "Hours until 95 % are relieved 95%得到救助用时",
    "late_person_h": f"Person-hours beyond {LATE_AFTER_H:g} h 超时人时",
    "lapsed_person_h": "Person-hours without, after relief 救助后中断人时",
    "fire_found_h": "Hours until fires are found 发现用时",
    "fire_on_line_h": "Hours from report to crews on the line 接报至到达火线用时",
    "fire_contained_h": "Hours from report to containment 接报至合围用时",
    "burned_ha": "Hectares burned 过火面积",
    "exposed_to_flames": "People caught by flames 明火到达时未撤人数",
}
"""Metric of a replication -> how `batch` calls it; those of fires are shown where there are fires."""


def show_batch(found: Sequence[Results], labels: Sequence[str]) -> None:
    """Several runs side by side: one row a clause or number, one column a run."""
    console = screen()
    columns = [result.verdicts[is_measured(result.verdicts)].set_index(["kind", "plan", "clause"]) for result in found]
    rows = dict.fromkeys(key for column in columns for key in column.index)
    table = plain_table("Verdicts side by side 判定对照", "", "Plan", "Clause", *labels)
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
    table = plain_table("Medians over the replications 各次重复的中位数", "", *labels, right=labels)
    for metric, title in NUMBERS.items():
        if all(metric in result.replications for result in found):
            table.add_row(title, *(figure(result.replications[metric].median()) for result in found))
    return table


def _verdict_and_estimate(row: Any) -> Text:
    text = verdict_text(row["verdict"])
    return text if np.isnan(row["low"]) else text.append(f"\n{percent(row['estimate'])}", style="default")
