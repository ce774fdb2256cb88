"""What `batch` shows: several runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from simrescue.cli.language import on_screen, pick
from simrescue.cli.run.run_screen import INDENT, answers_by_duty, others_in_short, say, say_all
from simrescue.cli.show.tables import (
    KINDS,
    SECTIONS,
    figure,
    is_measured,
    percent,
    plain_table,
    screen,
    verdict_text,
    with_note,
)
from simrescue.experiment.analysis.death_curves import span_of_deaths, with_span
from simrescue.experiment.analysis.verdict_words import chance_text, plain_value, short_text
from simrescue.metrics.summary import LATE_AFTER_H
from simrescue.wording import Words, bilingual, bilingual_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
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


def show_batch(runs: Sequence[Results], labels: Sequence[str], each: bool = False) -> None:
    """Several runs side by side: numbers, what is no obligation in short, and the obligations last, run by run.

    Args:
        runs: at least one.
        labels: what each is called.
        each: whether all clauses stand in a table too.
    """
    console = screen()
    if each:
        console.print(_clauses(runs, labels))
    console.print(_numbers(runs, labels))
    for result, label in zip(runs, labels, strict=True):
        console.print(Text(label, style="bold"))
        say_all(console, others_in_short(result), INDENT)
    if not each:
        say(console, on_screen("All of this line by line: --all."))
    _show_duties(console, runs, labels)
    for result in runs:
        console.print(on_screen("Results: {folder}", folder=result.path), soft_wrap=True)


def _show_duties(console: Console, runs: Sequence[Results], labels: Sequence[str]) -> None:
    """Each obligation once, and below it how every run stands: verdict, value against need, what is short, where."""
    answers = [answers_by_duty(result) for result in runs]
    verdicts = [result.verdicts.set_index(["plan", "clause"]) for result in runs]
    keys = list(dict.fromkeys(key for of_run in answers for key in of_run))
    if keys:
        console.print(Text(f"\n{pick(SECTIONS['obligation'])}", style="bold"))
    for key in keys:
        row: Any = next(rows.loc[key] for rows, of_run in zip(verdicts, answers, strict=True) if key in of_run)
        say(console, f"{key[1]}  {pick((row['title'], row['title_zh']))}", style="bold")
        for rows, of_run, label in zip(verdicts, answers, labels, strict=True):
            if key in of_run:
                row = rows.loc[key]
                mark = pick(bilingual_as("after a label", ": "))
                console.print(Text(f"{INDENT}{label}{mark}").append_text(verdict_text(row["verdict"])))
                say_all(console, of_run[key], 2 * INDENT)


def _clauses(runs: Sequence[Results], labels: Sequence[str]) -> Table:
    """One row a clause, one column a run."""
    columns = [result.verdicts[is_measured(result.verdicts)].set_index(["kind", "plan", "clause"]) for result in runs]
    rows = dict.fromkeys(key for column in columns for key in column.index)
    table = plain_table(on_screen("Verdicts side by side"), "", on_screen("Clause"), *labels)
    for key in sorted(rows, key=lambda row: list(SECTIONS).index(row[0])):
        cells = [_value_and_verdict(column.loc[key]) if key in column.index else Text("-") for column in columns]
        clause = next(column.loc[key] for column in columns if key in column.index)
        table.add_row(pick(KINDS[key[0]]), with_note(pick((clause["title"], clause["title_zh"])), key[1]), *cells)
    return table


def _numbers(runs: Sequence[Results], labels: Sequence[str]) -> Table:
    table = plain_table(on_screen("Medians over the replications"), "", *labels, right=labels)
    for metric, title in NUMBERS.items():
        if all(metric in result.replications for result in runs):
            table.add_row(pick(title), *(_figure(result, metric) for result in runs))
    return table


def _figure(result: Results, metric: str) -> str:
    median = float(result.replications[metric].median())
    middle = percent(median) if metric.startswith("share_") else figure(median)
    span = span_of_deaths(result.replications) if metric == "deaths" else Words("", "")
    return pick(with_span(Words(middle, middle), span))


def _value_and_verdict(row: Any) -> Text:
    """Verdict, value, what is short, and the chance, one below the other."""
    cell = verdict_text(row["verdict"])
    for part in (plain_value(row), short_text({**row, "where": ""}), chance_text(row)):
        if part.en:
            cell.append(f"\n{pick(part)}", style="default")
    return cell
