"""What `run` shows: verdicts, places, recorded against simulated, files."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.text import Text

from simrescue.cli.show.bounds import at_most, best_column, missed_duties
from simrescue.cli.show.run_places import fires_table, threatened_table, worst_places_table
from simrescue.cli.show.tables import (
    SECTIONS,
    SHOWN,
    both,
    figure,
    is_measured,
    percent,
    plain_table,
    screen,
    verdict_text,
)
from simrescue.cli.show.unmeasured import unmeasured_lines
from simrescue.experiment.analysis.flood_variation import spread_sentences
from simrescue.hazards.base import WaterDepth
from simrescue.hazards.kinds import hazard_named, stored
from simrescue.wording import bilingual, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from simrescue import Results

GIVEN_FIRE = side_by_side("The fire comes from another model's arrival times: nothing that responders do slows it.")


def show_run(results: Results, each: bool = False) -> None:
    """Everything that a planner wants to know first about one run; `each`: also every clause that is not measured."""
    console = screen()
    console.print(_headline(results))
    if results.fire_is_given:
        console.print(GIVEN_FIRE, soft_wrap=True)
    for kind, title in SECTIONS.items():
        chosen = results.verdicts[(results.verdicts["kind"] == kind) & is_measured(results.verdicts)]
        if len(chosen):
            console.print(_verdicts(title, chosen))
    for sentence in chain(spread_sentences(results) or (), *missed_duties(results.verdicts)):
        console.print(sentence, soft_wrap=True)
    if len(left_out := results.verdicts[~is_measured(results.verdicts)]):
        _show_unmeasured(console, left_out, each)
    hazards = [hazard_named(name) for name in stored(results.manifest["scenario"]["settings"])]
    if len(results.fires):
        console.print(fires_table(results))
    if "flames_h" in results.places and np.isfinite(results.places["flames_h"]).any():
        console.print(threatened_table(results))
    console.print(worst_places_table(results, with_water=any(WaterDepth in kind.effects for kind in hazards)))
    if len(results.recorded):
        console.print(_recorded(results.recorded))
    for line in _files(results):
        console.print(line, soft_wrap=True)


def _headline(results: Results) -> Text:
    manifest = results.manifest
    settings = manifest["scenario"]["settings"]
    title = " ".join(part for part in (settings.get("title") or settings["name"], settings.get("title_zh")) if part)
    variant = manifest["scenario"]["variant"]
    course = f"{manifest['finished']} replications, seed {manifest['seed']}"
    return Text(title, style="bold").append(f"{f', variant {variant}' if variant else ''}: {course}", style="default")


def _verdicts(title: str, verdicts: pd.DataFrame) -> Table:
    best = best_column(verdicts)
    columns = ("Plan", "Clause", "Verdict", "Holds in", "Interval", "Needed", *best)
    table = plain_table(title, *columns, right=("Holds in", "Needed", *best))
    for row in verdicts.to_dict("records"):
        if np.isnan(row["low"]) or not row["replications"]:
            shares = (Text(""), Text(row["reason"], style="dim"), "")
        else:
            between = Text(f"{percent(row['low'])} to {percent(row['high'])}")
            shares = (_held_in(row), between, percent(row["required"]))
        beside = [at_most(row["best"])] if best else []
        table.add_row(
            row["plan"], both(row["title"], row["title_zh"]), verdict_text(row["verdict"]), *shares, *beside
        )  # fmt: skip
    return table


def _held_in(row: dict[Any, Any]) -> Text:
    """How often a clause held, also by its second clock, and in how many replications where that is not all."""
    untested, need = row.get("untested", 0), row.get("from_need", np.nan)
    held, n = Text(percent(row["estimate"])), int(row["replications"])
    if not np.isnan(need):
        held.append("\n" + percent(need) + " " + side_by_side("from the need"), style="dim")
    tested = f"of {n} tested, {untested:.0f} not " + bilingual("{number} tested", number=n).zh
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
    table = plain_table(side_by_side("Not measured"), "Plan", "", "Clause", "Why")
    for row in verdicts.to_dict("records"):
        clause = Text(row["title_zh"] or row["title"], style="dim")
        table.add_row(
            Text(row["plan"], style="dim"), Text(row["kind"], style="dim"), clause, Text(row["reason"], style="dim")
        )
    return table


def _recorded(recorded: pd.DataFrame) -> Table:
    table = plain_table(
        side_by_side("Recorded and simulated"), "What", "Recorded", "Simulated (median)", "5 % to 95 %", "Below it",
        "Unit", "Source", right=("Recorded", "Simulated (median)"),
    )  # fmt: skip
    for row in recorded.to_dict("records"):
        between = "-" if np.isnan(row["low"]) else f"{figure(row['low'])} to {figure(row['high'])}"
        table.add_row(
            both(row["what"], row["what_zh"]),
            figure(row["recorded"]),
            figure(row["median"]),
            between,
            _below(row),
            row["unit"],
            Text(row["source"], style="dim"),
        )
    return table


def _below(row: dict[Any, Any]) -> str:
    """Where the record lies in what is simulated; older results do not say."""
    share = row.get("below", np.nan)
    of = {"persons": side_by_side("of persons"), "replications": side_by_side("of runs")}.get(row.get("over", ""), "")
    return "-" if np.isnan(share) else f"{percent(share)} {of}".rstrip()


def _files(results: Results) -> Iterable[str]:
    duties = results.verdicts[results.verdicts["kind"] == "obligation"]["verdict"]
    yield "Obligations: " + ", ".join(f"{(duties == word).sum()} {told}" for word, (told, _) in SHOWN.items()) + "."
    yield f"Results: {results.path}"
    charts = sorted((results.path / "charts").glob("*.png"))
    if charts:
        yield f"Charts:  {results.path / 'charts'} ({', '.join(chart.stem for chart in charts)})"
    if not results.manifest["complete"]:
        yield f"Cut short: {results.manifest['finished']} of {results.manifest['replications']} replications."
