"""What the command lists without a run: findings of a check, plans and their clauses, default numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from simrescue.cli.language import between, counted_as, figure_text, on_screen, pick, screen_language, unit_text
from simrescue.cli.show.tables import KINDS, plain_table, screen, with_note
from simrescue.plans import with_nature
from simrescue.responders import RESPONSE_LEVELS
from simrescue.units import AS_WRITTEN
from simrescue.wording import LANGUAGES, NAMES, PARTS, bilingual, translated
from simrescue.wording.unit_words import unit_in_chinese

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from simrescue import Plan
    from simrescue.metrics.base import Measure
    from simrescue.parameters import Parameter, Parameters
    from simrescue.plans import Clause
    from simrescue.scenario.preflight.findings import Findings, Severity
    from simrescue.scenario.records import Scenario
    from simrescue.scenario.response_records import Measured
    from simrescue.scenario.trigger_library import StartTable

SEVERITY: dict[Severity, str] = {"fault": "bold red", "doubtful": "yellow", "shortfall": "cyan", "note": ""}
"""Severity of a finding -> its colour."""
COUNTS: dict[Severity, tuple[str, str]] = {
    "fault": bilingual("faults"), "doubtful": bilingual("doubtful"), "shortfall": bilingual("shortfalls"),
    "note": bilingual("notes"),
}  # fmt: skip
COMPARED = {
    "at_least": bilingual("at least {value}"), "at_most": bilingual("at most {value}"),
    "below": bilingual("below {value}"),
}  # fmt: skip
"""How a value must stand to the threshold of a clause."""


def show_findings(findings: Findings, scenario: Scenario) -> None:
    """What a check of a scenario found, gravest first."""
    from simrescue.scenario.preflight.findings import SEVERITY_WORDS, topics

    console, words = screen(), topics()
    called = _subjects(scenario)
    table = plain_table("", "", on_screen("About"), on_screen("Finding"))
    for finding in findings:
        subject = pick(called.get(finding.subject, (finding.subject,) * 2))
        about = f"{pick(words[finding.topic])} {subject}".strip()
        severity = Text(pick(SEVERITY_WORDS[finding.severity]), style=SEVERITY[finding.severity])
        table.add_row(severity, about, pick((finding.message, finding.message_zh)))
    if findings:
        console.print(table)
    counts = pick(NAMES).join(counted_as(len(findings.of(severity)), words) for severity, words in COUNTS.items())
    console.print(on_screen("The scenario can be read. Findings: {counts}.", counts=counts))


def _subjects(scenario: Scenario) -> dict[str, tuple[str, str]]:
    """What findings are about, in words: tables by their files, needs and rows by their names."""
    from simrescue.experiment.studies.changes import name_of
    from simrescue.places import NEED_WORDS, NEEDS
    from simrescue.scenario.records import TABLES

    rows = [row for table in TABLES for row in scenario.table(table)]
    return {
        **{table: (f"{table}.csv",) * 2 for table in TABLES},
        **{row.id: name_of(row) for row in rows if getattr(row, "name", "") or getattr(row, "name_zh", "")},
        **dict(zip(NEEDS, NEED_WORDS, strict=True)),
    }


def show_plans() -> None:
    """All plans that a scenario can be judged by or compared with."""
    from simrescue.scenario.plans.plans_file import load_plan, plan_files

    counts = on_screen("Clauses"), on_screen("Obligations"), on_screen("Not measured")
    table = plain_table(on_screen("Plans"), on_screen("Name, title"), *counts, right=counts)
    for path in plan_files().values():
        plan = load_plan(path)
        obligations = sum(clause.kind == "obligation" for clause in plan.clauses)
        unmeasured = sum(bool(clause.not_measured) for clause in plan.clauses)
        called = with_note(plan.name, pick((plan.title, plan.title_zh)))
        table.add_row(called, str(len(plan.clauses)), str(obligations), str(unmeasured))
    screen().print(table)


def show_plan(plan: Plan) -> None:
    """The clauses of a plan: source sentence, how each is measured, and what was chosen where the text is silent."""
    console = screen()
    console.print(Text(pick((plan.title, plan.title_zh))))
    table = plain_table(
        "", on_screen("Clause"), on_screen("Kind"), on_screen("Years"), on_screen("Source sentence"),
        on_screen("Measured as"),
    )  # fmt: skip
    for clause in plan.clauses:
        years = on_screen("from {year}", year=clause.year)
        if clause.until:
            years = between(str(clause.year), str(clause.until))
        why_not = pick((clause.not_measured, clause.not_measured_zh))
        measured = Text(why_not, style="dim") if why_not else Text(measured_as(clause))
        if chosen := pick((clause.chosen, clause.chosen_zh)):
            measured.append("\n" + on_screen("Chosen: {chosen}", chosen=chosen), style="dim")
        name = pick((clause.name, clause.name_zh))
        kind = pick(with_nature(KINDS[clause.kind], clause.nature))
        table.add_row(f"{clause.id}\n{name}", kind, years, clause.text_zh, measured)
    console.print(table)


def measured_as(clause: Clause) -> str:
    """How a clause is measured: the words of its measure, its settings, and what is required."""
    from simrescue.metrics.amounts import amount_text
    from simrescue.metrics.base import MEASURES

    measure = MEASURES[clause.measure]
    threshold = pick(amount_text(measure.told_unit, clause.threshold or 0.0))
    required = pick(COMPARED[clause.comparison]).format(value=threshold)
    settings = pick(PARTS).join(_settings_told(measure, clause))
    promise = on_screen("{measure}({settings}) {required}", measure=measure.name, settings=settings, required=required)
    return f"{pick(measure.words)}\n{promise}"


def _settings_told(measure: Measure[Any], clause: Clause) -> Iterator[str]:
    """What a clause sets: in English as plan files have it, in Chinese as plan sheets do."""
    from simrescue.intake.plan_book.plan_cells import word_of
    from simrescue.metrics.base import settings_as_written

    side = LANGUAGES.index(screen_language())
    for key, value in settings_as_written(measure, clause.settings.given()).items():
        words = pick(NAMES).join(word_of(key, word, side) for word in value.split("; "))
        yield on_screen("{setting} {value}", setting=word_of("settings", key, side), value=figure_text(words))


def show_start_tables(tables: Sequence[StartTable]) -> None:
    """Published tables of start conditions, with how many each has for which levels."""
    conditions = on_screen("Conditions")
    table = plain_table(
        on_screen("Start conditions"), on_screen("Name"), on_screen("Title"), on_screen("Levels"), conditions,
        right=(conditions,),
    )  # fmt: skip
    for start in tables:
        levels = " ".join(level for level in RESPONSE_LEVELS if any(row.level == level for row in start.triggers))
        table.add_row(start.id, pick(start.title), levels, str(len(start.triggers)))
    screen().print(table)


def show_start_table(start: StartTable) -> None:
    """The start conditions of one plan, as triggers.csv has them, and how each was seen."""
    from simrescue.scenario.trigger_library import SEEN

    console = screen()
    console.print(Text(pick(start.title)))
    table = plain_table(
        "", "", on_screen("Level"), on_screen("Condition"), on_screen("at least"), on_screen("below"), on_screen("of"),
        on_screen("Seen"),
    )  # fmt: skip
    for row, seen in zip(start.triggers, start.seen, strict=True):
        least, below = (_reading_text(value) for value in (row.at_least, row.below))
        table.add_row(row.id, row.level, pick((row.name, row.name_zh)), least, below, row.of, pick(SEEN[seen]))
    console.print(table)


def _reading_text(value: Measured | None) -> str:
    """A threshold in the language of the screen; empty for none."""
    if value is None:
        return ""
    if str(value) in AS_WRITTEN["colour"]:
        english, chinese, *_ = AS_WRITTEN["colour"][str(value)]
        return pick((english, chinese))
    if value.unit == "m3/s":
        return on_screen("{number} m3/s", number=f"{value.value:g}")
    return figure_text(str(value))


def parameter_rows(numbers: Parameters, word: str) -> list[tuple[Parameter, float]]:
    """Rows of default numbers that contain a word, those that a scenario sets first, each with its value as it is."""
    from simrescue.parameters import table as defaults

    set_to = numbers.changed()
    rows = sorted(defaults().values(), key=lambda row: row.name not in set_to)

    def text(row: Parameter) -> str:
        chinese = (translated(row.used_for, "zh"), translated(row.source, "zh"), unit_in_chinese(row.unit))
        return " ".join((*map(str, row), *chinese)).lower()

    return [(row, set_to.get(row.name, row.value)) for row in rows if word.lower() in text(row)]


def show_parameters(numbers: Parameters, word: str) -> None:
    """The table of default numbers, those that a scenario sets first; with a word, the rows that contain it."""
    set_to = numbers.changed()
    rows = parameter_rows(numbers, word)
    if not rows:
        screen().print(on_screen("No default number tells of {word!r}.", word=word))
        return
    value = on_screen("Value")
    table = plain_table(
        on_screen("Default numbers"), on_screen("Name"), value, on_screen("Unit"), on_screen("Used for, source"),
        right=(value,),
    )  # fmt: skip
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    for row, number in rows:
        span = "" if row.low is None or row.high is None else between(f"{row.low:g}", f"{row.high:g}")
        doubt = pick(row.doubt(is_set=row.name in set_to))
        used_for = on_screen(row.used_for)
        if doubt:
            used_for = on_screen("{used_for} ({doubt})", used_for=used_for, doubt=doubt)
        meaning = Text(f"{used_for}\n")
        if row.name in set_to:
            meaning.append(_set_by_scenario(row, set_to[row.name])).append("\n")
        meaning.append(on_screen(row.source), style="dim" if row.verified else "yellow")
        meaning.append("" if row.verified else " " + on_screen("(not verified)"), style="yellow")
        table.add_row(row.name, with_note(f"{number:g}", span), unit_text(row.unit), meaning)
    screen().print(table)


def _set_by_scenario(row: Parameter, number: float) -> Text:
    """What the scenario has made of a default number."""
    if row.believes(number):
        return Text(on_screen("set by the scenario; default {value:g}; in range", value=row.value), style="bold")
    note = on_screen("set by the scenario; default {value:g}; outside the range", value=row.value)
    return Text(note, style="bold red")
