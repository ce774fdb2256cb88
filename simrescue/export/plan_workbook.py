"""A plan as a workbook that planners fill in: `intake.plan_sheets` reads it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from simrescue.errors import Fault, PlanError
from simrescue.export.workbook_writer import Cell, WrittenSheet, workbook_bytes
from simrescue.intake.plan_book.plan_cells import SETTINGS, sheet_columns, word_of
from simrescue.intake.plan_book.plan_sheets import stamped
from simrescue.kinds import names
from simrescue.metrics import MEASURES
from simrescue.metrics.requests.response import Responded
from simrescue.metrics.requests.turnout import TurnedOut
from simrescue.responders import TEAM_KINDS
from simrescue.scenario.files.faults import keys
from simrescue.scenario.plans.plans_file import load_plan, plan_files
from simrescue.units import file_name_words, is_file_name, is_id, write_hours, write_km
from simrescue.wording import LANGUAGES, bilingual
from simrescue.wording.unit_words import unit_words

if TYPE_CHECKING:
    from simrescue.metrics import MeasureSettings
    from simrescue.plans import Clause, Plan
    from simrescue.wording import Language

TEMPLATE = "county-template"
"""The plan of the library that new ones begin as."""


def new_plan(folder: Path, name: str, lang: Language) -> list[Path]:
    """Write a commented plan file of typical sentences and the workbook of the same, and return their paths.

    Args:
        folder: where they go; made where it does not exist.
        name: of the plan: letters a-z, digits, - and _.
        lang: of the heads and words of the workbook.

    Raises:
        PlanError: the name cannot be used, or one of the files is there already.
        ResultsError: XlsxWriter is not installed.
    """
    if not is_id(name):
        expected = bilingual("a name of lower-case letters a-z, digits, - and _")
        raise PlanError([Fault("plan", "", "name", name, expected)])
    if not is_file_name(name):
        raise PlanError([Fault("plan", "", "name", name, file_name_words())])
    paths = [folder / f"{name}.yaml", folder / f"{name}.xlsx"]
    if taken := [path for path in paths if path.exists()]:
        raise PlanError([Fault(str(path), "", "", None, bilingual("a name that no file has yet")) for path in taken])
    source = plan_files()[TEMPLATE]
    plan = load_plan(source).model_copy(update={"name": name})
    text = source.read_text(encoding="utf-8").replace(f"\nname: {TEMPLATE}\n", f"\nname: {name}\n", 1)
    book = plan_workbook(plan, lang)
    folder.mkdir(parents=True, exist_ok=True)
    paths[0].write_text(stamped(text, paths[1].name), encoding="utf-8", newline="\n")
    paths[1].write_bytes(book)
    return paths


def plan_workbook(plan: Plan, lang: Language) -> bytes:
    """A plan as a workbook: the clauses first, then the plan, its documents, and all measures to choose from.

    Args:
        plan: any.
        lang: of heads and words.

    Raises:
        ResultsError: XlsxWriter is not installed.
    """
    side = LANGUAGES.index(lang)
    head = {**plan.model_dump(), "compare_with": "; ".join(plan.compare_with)}
    pairs: list[list[Cell]] = [
        [column.head[side], head[column.key], column.note[side]] for column in sheet_columns("plan")[1:]
    ]
    documents = [{"key": key, **document.model_dump()} for key, document in plan.documents.items()]
    return workbook_bytes([
        _sheet("clauses", [_clause_cells(clause, side) for clause in plan.clauses], side),
        WrittenSheet(sheet_columns("plan")[0].head[side], pairs, has_heading=False),
        _sheet("documents", documents, side),
        _sheet("measures", [_measure_cells(name, side) for name in MEASURES], side),
    ])  # fmt: skip


def _sheet(name: str, rows: list[dict[str, Any]], side: int) -> WrittenSheet:
    title, *columns = sheet_columns(name)
    cells: list[list[Cell]] = [[column.head[side] for column in columns]]
    cells += [[row.get(column.key) for column in columns] for row in rows]
    return WrittenSheet(title.head[side], cells, notes=[column.note[side] for column in columns])


def _measure_cells(name: str, side: int) -> dict[str, str]:
    measure = MEASURES[name]
    return {
        "name": name, "words": measure.words[side], "unit": unit_words(measure.told_unit)[side],
        "settings": "; ".join(_with_choices(key, field, measure.settings, side)
                              for key, field in keys(measure.settings).items()),
    }  # fmt: skip


def _with_choices(key: str, field: str, record: type[MeasureSettings], side: int) -> str:
    """The name of a setting, and the words that may stand for it: "who (ordered, impact, institutions)"."""
    known = choices(record.model_fields[field].annotation)
    if field == "kinds":
        known = (*names("responder"), *TEAM_KINDS) if issubclass(record, Responded | TurnedOut) else TEAM_KINDS
    words = ", ".join(word_of(key, choice, side) for choice in known)
    return word_of("settings", key, side) + (f" ({words})" if words else "")


def choices(annotation: Any) -> tuple[str, ...]:
    """The words among which a type chooses, also for a list of them; empty where it does not.

    Args:
        annotation: type of a field.
    """
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next(filter(None, map(choices, get_args(annotation))), ())


def _clause_cells(clause: Clause, side: int) -> dict[str, Cell]:
    """A clause as cells by key; what it leaves to the default is left out."""
    given = clause.model_dump(exclude_defaults=True, exclude={"settings", "threshold"})
    cells: dict[str, Cell] = {
        key: write_percent(value) if isinstance(value, float) else word_of(key, value, side) if isinstance(value, str)
        else value for key, value in given.items()
    }  # fmt: skip
    if clause.threshold is not None:
        is_share = bool(clause.measure) and MEASURES[clause.measure].unit == "share"
        cells["threshold"] = write_percent(clause.threshold) if is_share else clause.threshold
    settings = dict(_written_settings(clause))
    cells |= {key: word_of(key, settings.pop(key), side) for key in SETTINGS if key in settings}
    cells["settings"] = "; ".join(
        f"{word_of('settings', key, side)}: {', '.join(word_of(key, word, side) for word in value.split(', '))}"
        for key, value in settings.items()
    )
    return cells


def write_percent(share: float) -> str:
    """A share in all its digits: "92.5 %"."""
    return f"{share * 100:.10g} %"


def _written_settings(clause: Clause) -> list[tuple[str, str]]:
    """Settings by their name in files, each with its unit."""
    names = {field: key for key, field in keys(type(clause.settings)).items()}
    return [(names[field], _written(field, value)) for field, value in clause.settings.given().items()]


def _written(field: str, value: Any) -> str:
    if field.endswith("_h"):
        return write_hours(value)
    if field.endswith("_km"):
        return write_km(value)
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
