"""What the report of an experiment shows: the answer for each clause watched, the design, the verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.charts.experiment.sensitivity_words import CHOOSING, sensitivity_sentences
from simrescue.charts.experiment.sweep_data import axis_name, of_clause, value_name, values, varied, watched
from simrescue.experiment.analysis.least_short import least_short_text
from simrescue.experiment.analysis.verdict_words import place_names, shortage, standing, value_and_need
from simrescue.experiment.replications.command_line import command_line
from simrescue.experiment.studies.sensitivity import design_kind, experiment_of
from simrescue.report.figures import Pair, between, pair, same, share, yuan
from simrescue.report.sections.answers import SearchAnswer, answers
from simrescue.report.sections.inputs import Fact
from simrescue.report.sections.verdicts import WORST_FIRST
from simrescue.wording import PARTS, bilingual, listed

if TYPE_CHECKING:
    import pandas as pd

    from simrescue.experiment.store.sweep_results import SweepResults

ROWS = 60
"""Points shown for each clause."""
VALUES = 12
"""Values of a factor shown by name."""


class ClauseAnswer(NamedTuple):
    """What the experiment says about one clause."""

    verdict: str
    """Of the best point."""
    sentence: Pair
    more: Pair
    """How the cheapest point that does stands, or which leaves least short, as far as chance allows to say."""


class PointRow(NamedTuple):
    """One point of the design for one clause."""

    point: int
    values: Sequence[Pair]
    cost: Pair
    verdict: str
    value: Pair
    """With its band."""
    short: Pair
    estimate: Pair
    interval: Pair


class PointTable(NamedTuple):
    """The points of a clause, as many as fit."""

    title: Pair
    rows: Sequence[PointRow]
    more: int


class SweepPage(NamedTuple):
    """The report of an experiment."""

    title: Pair
    size: Pair
    complete: bool
    answers: Sequence[ClauseAnswer]
    """For each clause watched, where the points are there to choose from."""
    depends_on: Sequence[Pair]
    """What moves the outcome, where the points are what may happen."""
    searches: Sequence[SearchAnswer]
    factors: Sequence[tuple[Pair, Pair]]
    columns: Sequence[Pair]
    tables: Sequence[PointTable]
    reproduce: Sequence[Fact]
    version: str


def sweep_page(results: SweepResults) -> SweepPage:
    """Everything that the report of an experiment tells. Raises ResultsError where a table is missing."""
    made, manifest, clauses = experiment_of(results), results.manifest, watched(results)
    tables = [of_clause(results, clause) for clause in clauses]
    names = varied(results, results.design)
    return SweepPage(
        title=bilingual("Experiment: {title}", title=pair(made.title or made.name, made.title_zh)),
        size=bilingual(
            "{points} points, {replications} replications, seed {seed}",
            points=len(results.design), replications=len(results.replications), seed=made.seed,
        ),
        complete=bool(manifest.get("complete", True)),
        answers=[
            _answer(results, clause, table, names)
            for clause, table in zip(clauses, tables, strict=True)
            if design_kind(results) in CHOOSING
        ],
        depends_on=sensitivity_sentences(results),
        searches=answers(results.folder),
        factors=[(_axis(results, name), _values(results, name)) for name in names],
        columns=[_axis(results, name) for name in names],
        tables=[_table(results, clause, table, names) for clause, table in zip(clauses, tables, strict=True)],
        reproduce=_reproduce(results),
        version=str(manifest["simrescue"]),
    )  # fmt: skip


def _axis(results: SweepResults, name: str) -> Pair:
    return axis_name(results, name, "en"), axis_name(results, name, "zh")


def _value(results: SweepResults, name: str, value: Any) -> Pair:
    return value_name(results, name, value, "en"), value_name(results, name, value, "zh")


def _values(results: SweepResults, name: str) -> Pair:
    """The values of a factor; of many the first and the last."""
    found = [_value(results, name, value) for value in values(results.design[name])]
    if len(found) > VALUES:
        return bilingual("{first} ... {last} ({count})", first=found[0], last=found[-1], count=len(found))
    return listed(found, PARTS)


def _title(clause: dict[str, Any]) -> Pair:
    english, chinese = pair(clause["title"], clause["title_zh"])
    return f"{clause['clause']} {english}", f"{clause['clause']} {chinese}"


def _answer(results: SweepResults, clause: dict[str, Any], table: pd.DataFrame, names: list[str]) -> ClauseAnswer:
    met, places = table[table["verdict"] == "met"], place_names(results.things)
    if len(met):
        best = met.sort_values(["cost", "point"], kind="stable").iloc[0]
        priced = table["cost"].max() > 0
        words = bilingual(
            "{met} of {count} points are shown to meet {clause}.",
            met=len(met), count=len(table), clause=_title(clause),
        )  # fmt: skip
        price = bilingual(" for {cost}", cost=yuan(float(best["cost"]))) if priced else same("")
        cheapest = bilingual(
            "The cheapest{price}: {point}: {standing}.",
            price=price, point=_where(results, best, names), standing=standing(_of_a_run(best), places),
        )  # fmt: skip
        return ClauseAnswer("met", words, cheapest)
    words = bilingual("No point of {count} is shown to meet {clause}.", count=len(table), clause=_title(clause))
    if not len(table):
        return ClauseAnswer("not measured", words, ("", ""))
    verdict = min(table["verdict"], key=WORST_FIRST[::-1].index)
    least = results.least_short(clause["key"])
    if least is None:
        return ClauseAnswer(str(verdict), words, ("", ""))
    points = [_where(results, row, names) for _, row in table.iterrows()]
    stands = standing(_of_a_run(table.iloc[least.first]), places)
    return ClauseAnswer(str(verdict), words, least_short_text(least, points, stands))


def _of_a_run(row: Any) -> dict[str, Any]:
    """A row of the verdicts of an experiment as the verdicts of a run have it."""
    return {**row.to_dict(), "replications": row["n"]}


def _where(results: SweepResults, row: Any, names: list[str]) -> Pair:
    """A point by the values of its factors."""
    if not names:
        return bilingual("Point {number}", number=row["point"])
    return listed([_factor_at(results, name, row[name]) for name in names], PARTS)


def _factor_at(results: SweepResults, name: str, value: Any) -> Pair:
    """A factor with one of its values."""
    factor = (axis_name(results, name, "en", unit=False), axis_name(results, name, "zh", unit=False))
    return bilingual("{factor} {value}", factor=factor, value=_value(results, name, value))


def _table(results: SweepResults, clause: dict[str, Any], table: pd.DataFrame, names: list[str]) -> PointTable:
    rows = [
        PointRow(
            int(row["point"]), [_value(results, name, row[name]) for name in names], yuan(float(row["cost"])),
            str(row["verdict"]), value_and_need(row), shortage(row),
            share(row["estimate"]), between(share(row["low"]), share(row["high"])),
        )
        for row in table.head(ROWS).to_dict("records")
    ]  # fmt: skip
    return PointTable(_title(clause), rows, max(0, len(table) - ROWS))


def _reproduce(results: SweepResults) -> list[Fact]:
    manifest, made = results.manifest, experiment_of(results)
    sums = "\n".join(f"{name} {digest}" for name, digest in manifest["plans"].items())
    platform = ", ".join(f"{name} {value}" for name, value in manifest["platform"].items())
    return [
        (bilingual("Command"), same(command_line(manifest))),
        (bilingual("Given in the folder"), same(str((manifest.get("command") or {}).get("folder", "")))),
        (bilingual("Scenario"), same(made.scenario)),
        (bilingual("Random seed"), same(str(manifest["seed"]))),
        (bilingual("Version"), same(str(manifest["simrescue"]))),
        (bilingual("SHA-256 of the code"), same(str(manifest["code"]))),
        (bilingual("SHA-256 of the plans"), same(sums)),
        (bilingual("Platform"), same(platform)),
    ]
