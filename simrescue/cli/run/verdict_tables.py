"""What `run --all` shows besides the answer: comparison lines, what is not measured, recorded against simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rich.text import Text

from simrescue.cli.language import between, on_screen, pick, unit_text
from simrescue.cli.show.bounds import at_most, best_column, missed_duties
from simrescue.cli.show.tables import (
    KINDS,
    SECTIONS,
    figure,
    is_measured,
    percent,
    plain_table,
    verdict_text,
    with_note,
)
from simrescue.experiment.analysis.death_curves import beside_record, clause_by_curves, spread_of_deaths
from simrescue.experiment.analysis.flood_variation import spread_sentences
from simrescue.experiment.analysis.scenario_title import scenario_title
from simrescue.experiment.analysis.verdict_words import needed_text, place_names, short_text, value_text
from simrescue.plans import moving_numbers, with_nature
from simrescue.wording import Words, bilingual, bilingual_counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd
    from rich.table import Table

    from simrescue import Results


def all_tables(results: Results) -> Iterator[Table | Text]:
    """What one screen has no room for: how much the flood differs, comparison lines, clauses not measured, records."""
    verdicts = results.verdicts
    others = verdicts[(verdicts["kind"] == "comparison") & is_measured(verdicts)]
    if len(others):
        yield _verdicts(pick(SECTIONS["comparison"]), others, results.plan_titles, place_names(results.things))
    if len(left_out := verdicts[~is_measured(verdicts)]):
        yield _not_measured(left_out, results.plan_titles)
    if len(results.recorded):
        yield _recorded(results)
    spread = spread_sentences(results)
    spreads = [spread] if spread else []
    for sentence in (*spreads, *death_sentences(results), *missed_duties(verdicts)):
        yield Text(pick(sentence))


def headline(results: Results) -> Text:
    """Which scenario, how often, and with which seed."""
    manifest = results.manifest
    settings = manifest["scenario"]["settings"]
    title = pick(scenario_title(settings))
    if variant := manifest["scenario"]["variant"]:
        title = on_screen("{title}, variant {variant}", title=title, variant=variant)
    course = bilingual_counted(
        ": {number} replication, seed {seed}", ": {number} replications, seed {seed}", manifest["finished"],
        seed=manifest["seed"],
    )  # fmt: skip
    return Text(title, style="bold").append(pick(course), style="default")


def _verdicts(
    heading: str, verdicts: pd.DataFrame, plans: Mapping[str, Words], places: Mapping[str, tuple[str, str]]
) -> Table:
    """Clauses of one kind, a row each: verdict, value, need, what is short and where, chance; what they are called."""
    best = best_column(verdicts)
    held = on_screen("Holds in")
    table = plain_table(heading, on_screen("Clause"), on_screen("Verdict"), on_screen("Value"), held, *best)
    for row in verdicts.to_dict("records"):
        value, needed = pick(value_text(row)) or pick((row["reason"], row["reason_zh"])), pick(needed_text(row))
        title = with_nature((row["title"], row["title_zh"]), row.get("nature", ""))
        clause = with_note(pick(title), _plan(row, plans))
        stands = with_note(value, needed)
        if short := pick(short_text(row, places)):
            stands.append(f"\n{short}")
        table.add_row(clause, verdict_text(row["verdict"]), stands, _chance(row),
                      *([at_most(row["best"])] if best else []))  # fmt: skip
    return table


def _chance(row: dict[Any, Any]) -> Text:
    """How often a clause held, with its interval; also by its second clock, and how many tested it."""
    if np.isnan(row["low"]) or not row["replications"]:
        return Text("")
    held = Text(percent(row["estimate"]))
    held.append("\n" + between(percent(row["low"]), percent(row["high"])), style="dim")
    if not np.isnan(need := row.get("from_need", np.nan)):
        held.append("\n" + on_screen("{share} from the need", share=percent(need)), style="dim")
    if (untested := row.get("untested", 0)) > 0:
        tested = on_screen("of {number} tested, {untested:.0f} not", number=int(row["replications"]), untested=untested)
        held.append("\n" + tested, style="dim")
    return held


def death_sentences(results: Results) -> list[Words]:
    """How far the published curves of deaths lie apart, for the run and for its obligations on deaths."""
    duties = results.verdicts[results.verdicts["kind"] == "obligation"].to_dict("records")
    by_clause = [
        bilingual("{clause}: {told}", clause=row["clause"], told=sentence)
        for row in duties
        if (sentence := clause_by_curves(results, row)).en
    ]
    return [sentence for sentence in (spread_of_deaths(results), *by_clause) if sentence.en]


def assumption_sentences(results: Results) -> list[Words]:
    """What moves each obligation when unverified numbers are drawn; nothing for a run without drawn numbers."""
    duties = results.drawn_verdicts
    moving = results.assumptions.to_dict("records")
    sentences = []
    for row in duties[duties["kind"] == "obligation"].to_dict("records"):
        names = moving_numbers(moving, f"{row['plan']}/{row['clause']}")
        if not names.en:
            sentences.append(bilingual(
                "{clause}: no single unverified number moves it more than chance would, in {number} replications.",
                clause=row["clause"], number=row["replications"],
            ))  # fmt: skip
            continue
        sentences.append(bilingual(
            "{clause}: its value moves with {names} (rank correlation over {number} replications).",
            clause=row["clause"], names=names, number=row["replications"],
        ))  # fmt: skip
    return sentences


def _plan(row: Mapping[Any, Any], plans: Mapping[str, Words]) -> str:
    return pick(plans[row["plan"]]) if row["plan"] in plans else str(row["plan"])


def _not_measured(verdicts: pd.DataFrame, plans: Mapping[str, Words]) -> Table:
    table = plain_table(on_screen("Not measured"), on_screen("Plan"), "", on_screen("Clause"), on_screen("Why"))
    for row in verdicts.to_dict("records"):
        title, reason = pick((row["title"], row["title_zh"])), pick((row["reason"], row["reason_zh"]))
        cells = (_plan(row, plans), pick(KINDS[row["kind"]]), title, reason)
        table.add_row(*(Text(cell, style="dim") for cell in cells))
    return table


def _recorded(results: Results) -> Table:
    record, median = on_screen("Recorded"), on_screen("Simulated (median)")
    table = plain_table(
        on_screen("Recorded and simulated"), on_screen("What"), record, median, between("5 %", "95 %"),
        on_screen("Below it"), right=(record, median),
    )  # fmt: skip
    for row in results.recorded.to_dict("records"):
        middle = figure(row["median"])
        interval = "-" if np.isnan(row["low"]) else between(figure(row["low"]), figure(row["high"]))
        table.add_row(
            with_note(pick((row["what"], row["what_zh"])), row["source"]),
            with_note(figure(row["recorded"]), unit_text(row["unit"])),
            pick(beside_record(Words(middle, middle), row, results)), interval, _below(row),
        )  # fmt: skip
    return table


def _below(row: dict[Any, Any]) -> str:
    """Where the record lies in what is simulated; older results do not say."""
    share = row.get("below", np.nan)
    if np.isnan(share):
        return "-"
    if row.get("over") == "persons":
        return on_screen("{share} of persons", share=percent(share))
    if row.get("over") == "replications":
        return on_screen("{share} of runs", share=percent(share))
    return percent(share)
