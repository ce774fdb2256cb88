"""What `run` shows: verdicts, places, recorded against simulated, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rich.text import Text

from simrescue.cli.language import between, on_screen, pick, unit_text
from simrescue.cli.run.run_places import fires_table, threatened_table, worst_places_table
from simrescue.cli.run.unmeasured import unmeasured_lines
from simrescue.cli.show.answer_words import tell
from simrescue.cli.show.bounds import at_most, best_column, missed_duties
from simrescue.cli.show.tables import (
    KINDS,
    SECTIONS,
    SHOWN,
    figure,
    is_measured,
    percent,
    plain_table,
    screen,
    verdict_text,
)
from simrescue.experiment.analysis.death_curves import beside_record, clause_by_curves, spread_of_deaths
from simrescue.experiment.analysis.flood_variation import spread_sentences
from simrescue.hazards.base import WaterDepth
from simrescue.hazards.kinds import hazard_named, stored
from simrescue.plans import moving_numbers
from simrescue.wording import NAMES, Words, bilingual

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from simrescue import Results

GIVEN_FIRE = bilingual("The fire comes from another model's arrival times: nothing that responders do slows it.")


def show_run(results: Results, each: bool = False) -> None:
    """Everything that a planner wants to know first about one run; `each`: also every clause that is not measured."""
    console = screen()
    console.print(_headline(results))
    if results.fire_is_given:
        console.print(pick(GIVEN_FIRE), soft_wrap=True)
    for kind, title in SECTIONS.items():
        chosen = results.verdicts[(results.verdicts["kind"] == kind) & is_measured(results.verdicts)]
        if len(chosen):
            console.print(_verdicts(pick(title), chosen, results.drawn_verdicts))
    spread = spread_sentences(results)
    spreads, deaths = [spread] if spread else [], death_sentences(results)
    for sentence in (*spreads, *deaths, *missed_duties(results.verdicts), *assumption_sentences(results)):
        tell(console, sentence)
    if len(left_out := results.verdicts[~is_measured(results.verdicts)]):
        _show_unmeasured(console, left_out, each)
    hazards = [hazard_named(name) for name in stored(results.manifest["scenario"]["settings"])]
    if len(results.fires):
        console.print(fires_table(results))
    if "flames_h" in results.places and np.isfinite(results.places["flames_h"]).any():
        console.print(threatened_table(results))
    console.print(worst_places_table(results, with_water=any(WaterDepth in kind.effects for kind in hazards)))
    if len(results.recorded):
        console.print(_recorded(results))
    for line in _files(results):
        console.print(line, soft_wrap=True)


def _headline(results: Results) -> Text:
    manifest = results.manifest
    settings = manifest["scenario"]["settings"]
    title = pick((settings.get("title") or settings["name"], settings.get("title_zh") or ""))
    if variant := manifest["scenario"]["variant"]:
        title = on_screen("{title}, variant {variant}", title=title, variant=variant)
    course = on_screen(": {number} replications, seed {seed}", number=manifest["finished"], seed=manifest["seed"])
    return Text(title, style="bold").append(course, style="default")


def _verdicts(title: str, verdicts: pd.DataFrame, drawn: pd.DataFrame) -> Table:
    """Clauses of one kind; below each its second verdict, where the run has drawn numbers too."""
    best = best_column(verdicts)
    second = {(row["plan"], row["clause"]): row for row in drawn.to_dict("records")}
    held, needed = on_screen("Holds in"), on_screen("Needed")
    table = plain_table(
        title, on_screen("Plan"), on_screen("Clause"), on_screen("Verdict"), held, on_screen("Interval"), needed, *best,
        right=(held, needed, *best),
    )  # fmt: skip
    for row in verdicts.to_dict("records"):
        if np.isnan(row["low"]) or not row["replications"]:
            shares = (Text(""), Text(pick((row["reason"], row["reason_zh"])), style="dim"), "")
        else:
            interval = Text(between(percent(row["low"]), percent(row["high"])))
            shares = (_held_in(row), interval, percent(row["required"]))
        beside = [at_most(row["best"])] if best else []
        title = pick((row["title"], row["title_zh"]))
        table.add_row(row["plan"], title, verdict_text(row["verdict"]), *shares, *beside)
        if (unsure := second.get((row["plan"], row["clause"]))) and not np.isnan(unsure["low"]):
            interval = Text(between(percent(unsure["low"]), percent(unsure["high"])), style="dim")
            below = Text(on_screen("  with unverified numbers drawn"), style="dim")
            table.add_row("", below, verdict_text(unsure["verdict"]), percent(unsure["estimate"]), interval)
    return table


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


def _held_in(row: dict[Any, Any]) -> Text:
    """How often a clause held, also by its second clock, and in how many replications where that is not all."""
    untested, need = row.get("untested", 0), row.get("from_need", np.nan)
    held, n = Text(percent(row["estimate"])), int(row["replications"])
    if not np.isnan(need):
        held.append("\n" + on_screen("{share} from the need", share=percent(need)), style="dim")
    tested = on_screen("of {number} tested, {untested:.0f} not", number=n, untested=untested)
    return held.append("\n" + tested, style="dim") if untested > 0 else held


def _show_unmeasured(console: Console, verdicts: pd.DataFrame, each: bool) -> None:
    """Clauses that are not measured: by reason, or `each` with its own."""
    if each:
        console.print(_not_measured(verdicts))
        return
    for number, line in enumerate(unmeasured_lines(verdicts)):
        console.print(Text(line, style="dim" if number else "bold"), soft_wrap=True)
    console.print()


def _not_measured(verdicts: pd.DataFrame) -> Table:
    table = plain_table(on_screen("Not measured"), on_screen("Plan"), "", on_screen("Clause"), on_screen("Why"))
    for row in verdicts.to_dict("records"):
        title, reason = pick((row["title"], row["title_zh"])), pick((row["reason"], row["reason_zh"]))
        table.add_row(*(Text(cell, style="dim") for cell in (row["plan"], pick(KINDS[row["kind"]]), title, reason)))
    return table


def _recorded(results: Results) -> Table:
    record, median = on_screen("Recorded"), on_screen("Simulated (median)")
    table = plain_table(
        on_screen("Recorded and simulated"), on_screen("What"), record, median, between("5 %", "95 %"),
        on_screen("Below it"), on_screen("Unit"), on_screen("Source"), right=(record, median),
    )  # fmt: skip
    for row in results.recorded.to_dict("records"):
        middle = figure(row["median"])
        interval = "-" if np.isnan(row["low"]) else between(figure(row["low"]), figure(row["high"]))
        table.add_row(
            pick((row["what"], row["what_zh"])), figure(row["recorded"]),
            pick(beside_record(Words(middle, middle), row, results)), interval,
            _below(row), unit_text(row["unit"]), Text(row["source"], style="dim"),
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


def _files(results: Results) -> Iterable[str]:
    duties = results.verdicts[results.verdicts["kind"] == "obligation"]["verdict"]
    counts = pick(NAMES).join(f"{(duties == word).sum()} {pick(called)}" for word, (called, _) in SHOWN.items())
    yield on_screen("Obligations: {counts}.", counts=counts)
    yield on_screen("Results: {folder}", folder=results.path)
    charts = sorted((results.path / "charts").glob("*.png"))
    if charts:
        names = ", ".join(chart.stem for chart in charts)
        yield on_screen("Charts:  {folder} ({names})", folder=results.path / "charts", names=names)
    if not results.manifest["complete"]:
        done, total = results.manifest["finished"], results.manifest["replications"]
        yield on_screen("Cut short: {done} of {total} replications.", done=done, total=total)
