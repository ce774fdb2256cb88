"""What the report of an experiment shows: the answer for each clause watched, the design, the verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.charts.experiment.sweep_data import axis_name, of_clause, value_name, values, varied, watched
from simrescue.experiment.replications.command_line import command_line
from simrescue.experiment.studies.sensitivity import design_kind, experiment_of
from simrescue.report.figures import Pair, pair, same, share, yuan
from simrescue.report.sections.answers import Found, answers
from simrescue.report.sections.inputs import Fact
from simrescue.report.sections.sensitivity_text import CHOOSING, hangs_on
from simrescue.report.sections.verdicts import WORST_FIRST
from simrescue.report.words import told

if TYPE_CHECKING:
    import pandas as pd

    from simrescue.experiment.store.sweep_results import SweepResults

ROWS = 60
"""Points shown for each clause."""
VALUES = 12
"""Values of a factor shown by name."""


class Answer(NamedTuple):
    """What the experiment says about one clause."""

    verdict: str
    """Of the best point."""
    sentence: Pair
    more: Pair
    """The cheapest point that does, or the one that comes closest."""


class Point(NamedTuple):
    """One point of the design for one clause."""

    point: int
    values: Sequence[Pair]
    cost: Pair
    verdict: str
    estimate: Pair
    interval: Pair


class PointTable(NamedTuple):
    """The points of a clause, as many as fit."""

    title: Pair
    rows: Sequence[Point]
    more: int


class SweepPage(NamedTuple):
    """The report of an experiment."""

    title: Pair
    size: Pair
    complete: bool
    answers: Sequence[Answer]
    """For each clause watched, where the points are there to choose from."""
    hangs_on: Sequence[Pair]
    """What moves the outcome, where the points are what may happen."""
    searches: Sequence[Found]
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
        title=told("sweep title", pair(made.title or made.name, made.title_zh)),
        size=told("sweep points", len(results.design), len(results.replications), made.seed),
        complete=bool(manifest.get("complete", True)),
        answers=[
            _answer(results, clause, table, names)
            for clause, table in zip(clauses, tables, strict=True)
            if design_kind(results) in CHOOSING
        ],
        hangs_on=hangs_on(results),
        searches=answers(results.folder),
        factors=[(_axis(results, name), _values(results, name)) for name in names],
        columns=[_axis(results, name) for name in names],
        tables=[_table(results, clause, table, names) for clause, table in zip(clauses, tables, strict=True)],
        reproduce=_reproduce(results),
        version=str(manifest["simrescue"]),
    )


def _axis(results: SweepResults, name: str) -> Pair:
    return axis_name(results, name, "en"), axis_name(results, name, "zh")


def _value(results: SweepResults, name: str, value: Any) -> Pair:
    return value_name(results, name, value, "en"), value_name(results, name, value, "zh")


def _values(results: SweepResults, name: str) -> Pair:
    """The values of a factor; of many the first and the last."""
    found = [_value(results, name, value) for value in values(results.design[name])]
    if len(found) > VALUES:
        return f"{found[0][0]} ... {found[-1][0]} ({len(found)})", f"{found[0][1]}……{found[-1][1]}（{len(found)}）"
    return ", ".join(one for one, _ in found), "，".join(one for _, one in found)


def _title(clause: dict[str, Any]) -> Pair:
    english, chinese = pair(clause["title"], clause["title_zh"])
    return f"{clause['clause']} {english}", f"{clause['clause']} {chinese}"


def _answer(results: SweepResults, clause: dict[str, Any], table: pd.DataFrame, names: list[str]) -> Answer:
    met = table[table["verdict"] == "met"]
    if len(met):
        best = met.sort_values(["cost", "point"], kind="stable").iloc[0]
        priced = table["cost"].max() > 0
        price = yuan(float(best["cost"])) if priced else share(float(best["estimate"]))
        words = told("sweep answer", len(met), len(table), _title(clause))
        return Answer("met", words, told("sweep cheapest", _where(results, best, names), price))
    words = told("sweep none", len(table), _title(clause))
    if not len(table):
        return Answer("not measured", words, ("", ""))
    best = table.sort_values(["estimate", "cost"], ascending=[False, True], kind="stable").iloc[0]
    verdict = min(table["verdict"], key=WORST_FIRST[::-1].index)
    held, required = share(float(best["estimate"])), share(float(best["required"]))
    return Answer(str(verdict), words, told("sweep best", _where(results, best, names), held, required))


def _where(results: SweepResults, row: Any, names: list[str]) -> Pair:
    """A point by the values of its factors."""
    english, chinese = [], []
    for name in names:
        value = _value(results, name, row[name])
        english.append(f"{axis_name(results, name, 'en', unit=False)} {value[0]}")
        chinese.append(f"{axis_name(results, name, 'zh', unit=False)} {value[1]}")
    point = told("point")
    return (", ".join(english) or f"{point[0]} {row['point']}", "，".join(chinese) or f"{point[1]}{row['point']}")


def _table(results: SweepResults, clause: dict[str, Any], table: pd.DataFrame, names: list[str]) -> PointTable:
    rows = []
    for row in table.head(ROWS).to_dict("records"):
        low, high = share(row["low"]), share(row["high"])
        rows.append(
            Point(
                int(row["point"]), [_value(results, name, row[name]) for name in names], yuan(float(row["cost"])),
                str(row["verdict"]), share(row["estimate"]), (f"{low[0]} to {high[0]}", f"{low[1]}至{high[1]}"),
            )
        )  # fmt: skip
    return PointTable(_title(clause), rows, max(0, len(table) - ROWS))


def _reproduce(results: SweepResults) -> list[Fact]:
    manifest, made = results.manifest, experiment_of(results)
    sums = "\n".join(f"{name} {digest}" for name, digest in manifest["plans"].items())
    platform = ", ".join(f"{name} {value}" for name, value in manifest["platform"].items())
    return [
        (told("command"), same(command_line(manifest))),
        (told("given in"), same(str((manifest.get("command") or {}).get("folder", "")))),
        (told("scenario"), same(made.scenario)),
        (told("seed"), same(str(manifest["seed"]))),
        (told("version"), same(str(manifest["simrescue"]))),
        (told("code"), same(str(manifest["code"]))),
        (told("plan sums"), same(sums)),
        (told("platform"), same(platform)),
    ]
