"""What `run` shows: one screen of 60 lines, the answer last; everything with `--all`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rich.text import Text

from simrescue.cli.language import counted_as, figure_text, on_screen, pick
from simrescue.cli.run.run_json import open_duties
from simrescue.cli.run.run_places import fires_table, occurring, threatened_table, worst_places_table
from simrescue.cli.run.verdict_tables import all_tables, assumption_sentences, headline
from simrescue.cli.show.lines import lines_of
from simrescue.cli.show.tables import SECTIONS, SHOWN, figure, is_measured, percent, screen
from simrescue.experiment.analysis.death_curves import span_of_deaths, with_span
from simrescue.experiment.analysis.statistics import settled_by
from simrescue.experiment.analysis.verdict_words import (
    chance_text,
    place_names,
    promise_text,
    short_text,
    value_and_need,
    value_text,
)
from simrescue.experiment.replications.command_line import continuing_line, mending_line
from simrescue.experiment.replications.settling import IDLE
from simrescue.experiment.studies.causes.kept import outdated_told, tested_causes
from simrescue.experiment.studies.causes.told import strongest_cause
from simrescue.experiment.studies.comparison_with_record import compared, score, score_sentence
from simrescue.hazards.base import WaterDepth
from simrescue.hazards.kinds import hazard_named, stored
from simrescue.metrics.wildfire.off_map import off_map
from simrescue.plans import Verdict, by_nature, with_nature
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.units import write_share
from simrescue.wording import NAMES, PARTS, Words, bilingual

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rich.console import Console

    from simrescue import Results

GIVEN_FIRE = bilingual("The fire comes from another model's arrival times: nothing that responders do slows it.")
INDENT = "  "


def show_run(results: Results, each: bool = False) -> None:
    """What a planner wants to know first about one run, the answer last; `each`: everything else above it."""
    console = screen()
    console.print(headline(results), soft_wrap=True)
    if results.fire_is_given:
        say(console, pick(GIVEN_FIRE))
    _show_places(console, results, each)
    if each:
        for shown in all_tables(results):
            if isinstance(shown, Text):
                say(console, shown.plain)
            else:
                console.print(shown)
    for sentence in _in_short(results, each):
        say(console, sentence)
    for assumed in assumption_sentences(results):
        say(console, pick(assumed))
    _show_duties(console, results)
    for line in _next(results):
        console.print(line, soft_wrap=True)


def say(console: Console, text: str, margin: str = "", style: str = "") -> None:
    """A sentence in lines of the width of the screen, Chinese characters counted as two."""
    for number, line in enumerate(lines_of(text, console.width - len(margin) - len(INDENT))):
        console.print(Text(f"{margin}{INDENT * bool(number)}{line}", style=style), soft_wrap=True)


def _show_places(console: Console, results: Results, each: bool) -> None:
    hazards = [hazard_named(name) for name in stored(results.manifest["scenario"]["settings"])]
    if len(results.fires):
        console.print(fires_table(results, each))
        for sentence in off_map(results.fires, results.manifest["finished"]):
            say(console, pick(sentence))
    if "flames_h" in results.places and np.isfinite(results.places["flames_h"]).any():
        console.print(threatened_table(results))
    if (results.places["late_person_h"] > 0).any():
        water = any(WaterDepth in kind.effects for kind in hazards)
        console.print(worst_places_table(results, with_water=water, each=each))


# ---- what stands in one sentence, and whole with --all


def _in_short(results: Results, each: bool) -> Iterator[str]:
    deaths = occurring(results.replications["deaths"]) if "deaths" in results.replications else np.nan
    if deaths > 0:
        deaths_told = with_span(Words(figure(deaths), figure(deaths)), span_of_deaths(results.replications))
        yield on_screen("Deaths, at the median: {deaths}.", deaths=deaths_told)
    if each:
        return
    yield from others_in_short(results)
    yield on_screen("All of this line by line: --all.")


def others_in_short(results: Results) -> Iterator[str]:
    """What is no obligation in a sentence each: comparison lines, figures on record, clauses that are not measured."""
    verdicts = results.verdicts
    others = verdicts[(verdicts["kind"] == "comparison") & is_measured(verdicts)]["verdict"]
    if len(others):
        met, missed, open_ = ((others == word).sum() for word in ("met", "not met", "undecided"))
        yield on_screen(
            "Comparison lines of other plans and years: {number}, of which {met} met, {missed} not met, "
            "{open} undecided.",
            number=len(others), met=met, missed=missed, open=open_,
        )  # fmt: skip
    if len(results.recorded) and (scored := score(compared(results))).figures:
        yield pick(score_sentence(scored))
    left_out = verdicts[~is_measured(verdicts)]
    if len(left_out):
        duties = int((left_out["kind"] == "obligation").sum())
        yield on_screen(
            "Clauses not measured: {number}; obligations of the plan among them: {duties}.",
            number=len(left_out),
            duties=duties,
        )


# ---- the answer


def _show_duties(console: Console, results: Results) -> None:
    """Each obligation: verdict, value against need, what is short and where, chance, tested cause."""
    duties = results.verdicts[(results.verdicts["kind"] == "obligation") & is_measured(results.verdicts)]
    console.print()
    if len(duties):
        console.print(Text(pick(SECTIONS["obligation"]), style="bold"))
    for row, lines in zip(duties.to_dict("records"), answers_by_duty(results).values(), strict=True):
        words, style = SHOWN[row["verdict"]]
        title = Text(f"{row['clause']} ").append(pick(words), style=style)
        named = with_nature((row["title"], row["title_zh"]), row.get("nature", ""))
        first, *rest = lines_of(pick(named), console.width - title.cell_len - 2)
        console.print(title.append(f"  {first}", style="bold"), soft_wrap=True)
        for line in rest:
            say(console, line, INDENT)
        say_all(console, lines, INDENT)
    if counts := pick(by_nature((row.get("nature", ""), row["verdict"]) for row in duties.to_dict("records"))):
        say(console, counts)


def answers_by_duty(results: Results) -> dict[tuple[str, str], list[str]]:
    """Plan and clause of each obligation that was measured -> its lines, those with numbers drawn set in by a blank.

    Args:
        results: a run.
    """
    duties = results.verdicts[(results.verdicts["kind"] == "obligation") & is_measured(results.verdicts)]
    names = place_names(results.things)
    drawn = {(row["plan"], row["clause"]): row for row in results.drawn_verdicts.to_dict("records")}
    answers = {}
    for row in duties.to_dict("records"):
        key = (row["plan"], row["clause"])
        lines = [*duty_lines(row, names), *_cause(results, row)]
        if (unsure := drawn.get(key)) and unsure["low"] == unsure["low"]:
            word = pick(SHOWN[unsure["verdict"]][0])
            lines.append(on_screen("With unverified numbers drawn: {verdict}", verdict=word))
            lines += [INDENT + line for line in duty_lines(unsure, names)]
        answers[key] = lines
    return answers


def say_all(console: Console, lines: Iterable[str], margin: str) -> None:
    """Lines behind a margin; what is set in stays set in."""
    for line in lines:
        say(console, line.lstrip(), margin + line[: len(line) - len(line.lstrip())])


def duty_lines(row: Mapping[Any, Any], names: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """What is told of one clause: value, distance, chance and what could be promised, in the language of the screen.

    Args:
        row: of verdicts.csv.
        names: id of a place -> its name in English and Chinese.
    """
    if value_text(row).en:
        yield pick(value_and_need(row))
    elif row["reason"]:
        yield pick((row["reason"], row["reason_zh"]))
    if short := pick(short_text(row, names)):
        yield short
    if chance := pick(chance_text(row)):
        yield pick(PARTS).join([chance, on_screen("needed {share}", share=percent(row["required"])), *_how_tested(row)])
    if row["verdict"] != "met" and (promise := pick(promise_text(row))):
        yield on_screen("What could be promised: {promise}", promise=promise)


def _how_tested(row: Mapping[Any, Any]) -> Iterator[str]:
    if (need := row.get("from_need", np.nan)) == need:
        yield on_screen("{share} from the need", share=percent(need))
    if (best := row.get("best", np.nan)) == best and row["verdict"] != "met":
        yield on_screen("best dispatch at most {share}", share=figure_text(write_share(best)))


def _cause(results: Results, row: Mapping[Any, Any]) -> Iterator[str]:
    if row["verdict"] == "met":
        return
    key = f"{row['plan']}/{row['clause']}"
    if tested := tested_causes(results, key):
        yield on_screen("Cause: {cause}", cause=strongest_cause(tested, row["metric"]))
    elif (outdated := outdated_told(results, key)).en:
        yield pick(outdated)


def _next(results: Results) -> Iterator[str]:
    duties = results.verdicts[results.verdicts["kind"] == "obligation"]["verdict"]
    counts = pick(NAMES).join(counted_as((duties == word).sum(), called) for word, (called, _) in SHOWN.items())
    yield on_screen("Obligations: {counts}.", counts=counts)
    manifest = results.manifest
    if not len(duties) and manifest["plans"]:
        yield on_screen(
            "No obligation of the plan is in force in {year}, so that none is judged; plan_year: YEAR in {file}, or "
            "--set plan_year=YEAR, holds the event to the plan of another year.",
            year=_judged_year(manifest["scenario"]["settings"]), file=SCENARIO_FILE,
        )  # fmt: skip
    if not manifest["complete"]:
        done, total = manifest["finished"], manifest["replications"]
        yield on_screen("Cut short: {done} of {total} replications.", done=done, total=total)
    if unsettled := [row for row in open_duties(results.verdicts) if row["replications"] or row["untested"] < IDLE]:
        names = pick(NAMES).join(row["clause"] for row in unsettled)
        most = _enough(unsettled, manifest["replications"])
        yield on_screen("Open: {names}. Go on with:", names=names)
        yield INDENT + continuing_line(manifest, most)
    if (duties.isin(["not met", "undecided"])).any():
        yield on_screen("Why, tested: {command}", command=f"simrescue explain {results.path}")
        yield on_screen("What mends it: {command}", command=mending_line(manifest))
    yield on_screen("Results: {folder}", folder=results.path)


def _judged_year(settings: Mapping[str, Any]) -> int:
    """The year whose plan a stored run was held to, from its settings."""
    return int(settings.get("plan_year") or settings["start"][:4])


def _enough(rows: list[dict[str, Any]], n: int) -> int:
    """Replications that should settle the open clauses if their shares stay; at least twice as many as there are."""
    forecasts = [
        settled_by(
            Verdict("undecided", row["estimate"], n=int(row["replications"]), required=row["required"],
                    confidence=row["confidence"])
        )
        for row in rows
        if row["replications"]
    ]  # fmt: skip
    known = [forecast for forecast in forecasts if np.isfinite(forecast)]
    return max(2 * n, *(int(forecast * 1.2) for forecast in known)) if known else 2 * n
