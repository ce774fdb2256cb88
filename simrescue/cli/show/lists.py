"""What the command lists without a run: findings of a check, plans and their clauses, default numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from simrescue.cli.show.tables import both, plain_table, screen
from simrescue.wording import side_by_side

if TYPE_CHECKING:
    from simrescue import Plan
    from simrescue.parameters import Parameter, Parameters
    from simrescue.plans import Clause
    from simrescue.scenario.preflight.findings import Findings, Severity

SEVERITY: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": ""}
"""Severity of a finding -> its colour."""


def show_findings(findings: Findings) -> None:
    """What a check found, gravest first, in both languages."""
    console = screen()
    table = plain_table("", "", "About", "Finding")
    for one in findings:
        about = f"{one.topic} {one.subject}".strip()
        table.add_row(Text(one.severity, style=SEVERITY[one.severity]), about, both(one.message, one.message_zh))
    if findings:
        console.print(table)
    counts = ", ".join(f"{severity}s {len(findings.of(severity))}" for severity in SEVERITY)
    console.print(f"The scenario reads without faults. Findings: {counts}.")


def show_plans() -> None:
    """All plans that a scenario can be judged by or compared with."""
    from simrescue.scenario.plans_file import load_plan, plan_files

    table = plain_table(side_by_side("Plans"), "Name", "Title", "Clauses", "Obligations", "Not measured")
    for path in plan_files().values():
        plan = load_plan(path)
        obligations = sum(clause.kind == "obligation" for clause in plan.clauses)
        unmeasured = sum(bool(clause.not_measured) for clause in plan.clauses)
        table.add_row(
            plan.name, both(plan.title, plan.title_zh), str(len(plan.clauses)), str(obligations), str(unmeasured)
        )
    screen().print(table)


def show_plan(plan: Plan) -> None:
    """The clauses of a plan: source sentence, how each is measured, and what was chosen where the text is silent."""
    console = screen()
    console.print(both(plan.title, plan.title_zh))
    table = plain_table("", "Clause", "Kind", "Years", side_by_side("Source sentence"), "Measured as")
    for clause in plan.clauses:
        years = f"{clause.year} to {clause.until}" if clause.until else f"from {clause.year}"
        told = Text(clause.not_measured, style="dim") if clause.not_measured else Text(measured_as(clause))
        if clause.chosen:
            told.append(f"\nChosen: {clause.chosen}", style="dim")
        table.add_row(f"{clause.id}\n{clause.name}", clause.kind, years, clause.text_zh, told)
    console.print(table)


def measured_as(clause: Clause) -> str:
    """How a clause is measured: the words of its measure in both languages, its settings, and what is required."""
    from simrescue.metrics.base import MEASURES, settings_in_words

    one = MEASURES[clause.measure]
    required = f"{clause.comparison.replace('_', ' ')} {one.written(clause.threshold or 0.0)}"
    settings = settings_in_words(one, clause.settings.given())
    return f"{one.words.en} {one.words.zh}\n{one.name}({settings}) {required}"


def show_parameters(numbers: Parameters, word: str) -> None:
    """The table of default numbers, those that a scenario sets first; with a word, the rows that contain it."""
    from simrescue.parameters import table as defaults

    set_to = numbers.changed()
    table = plain_table("Default numbers", "Name", "Value", "Range", "Unit", "Used for", "Source", right=("Value",))
    for row in sorted(defaults().values(), key=lambda row: row.name not in set_to):
        if word.lower() in " ".join(map(str, row)).lower():
            between = "" if row.low is None or row.high is None else f"{row.low:g} to {row.high:g}"
            source = Text(row.source, style="" if row.verified else "yellow").append(
                "" if row.verified else " (not verified)"
            )
            if row.name in set_to:
                source = _set_by_scenario(row, set_to[row.name]).append("\n").append(source)
            table.add_row(row.name, f"{set_to.get(row.name, row.value):g}", between, row.unit, row.used_for, source)
    screen().print(table)


def _set_by_scenario(row: Parameter, number: float) -> Text:
    """What the scenario has made of a default number."""
    told = side_by_side("set by the scenario") + "; " + side_by_side("default") + f" {row.value:g}; "
    if row.believes(number):
        return Text(told + side_by_side("in range"), style="bold")
    return Text(told + side_by_side("outside the range"), style="bold red")
