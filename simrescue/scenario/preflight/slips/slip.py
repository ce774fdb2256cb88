"""A value that is hard to believe beside the others, and where it stands: file, row, column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from simrescue.records import Record, key_in_file
from simrescue.scenario.preflight.findings import NAMED, Finding, Severity, is_accepted, several
from simrescue.scenario.records import Scenario
from simrescue.wording import Words, bilingual


class Slip(NamedTuple):
    """One value that is hard to believe."""

    table: str
    row: int
    """Number of the record in its table, from 0."""
    field: str
    """Python name of the field."""
    value: str
    says: Words
    grade: Severity = "doubtful"
    """`fault`: it cannot be so beside the others; `doubtful`: it hardly can."""


Slips = Iterator[Slip]


def findings(scenario: Scenario, ask: Callable[[Scenario], Slips]) -> Iterator[Finding]:
    """The slips of one kind: the first few each, the others by their rows; those that the scenario accepts apart.

    Args:
        scenario: what is looked at; its section `accepted` says which findings are known to be right.
        ask: the check that yields them; findings are called by its name.
    """
    accepted = scenario.settings.accepted
    slips = [(slip, f"{ask.__name__} {_subject(scenario, slip)}".strip()) for slip in ask(scenario)]
    for of in (False, True):
        group = [(slip, name) for slip, name in slips if is_accepted(name, accepted) is of]
        for slip, name in group[:NAMED]:
            spot = where(scenario, slip.table, slip.row, slip.field)
            message = bilingual('{spot}: "{value}": {slip}', spot=spot, value=slip.value, slip=slip.says)
            yield Finding(slip.grade, "input", _subject(scenario, slip), *message, {}, name)
        if others := group[NAMED:]:
            rows = several([where(scenario, slip.table, slip.row, slip.field) for slip, _ in others])
            message = bilingual("{others} more like these: {rows}", others=len(others), rows=rows)
            name = others[0][1] if of else ask.__name__
            yield Finding(others[0][0].grade, "input", "", *message, {"more": float(len(others))}, name)


def _subject(scenario: Scenario, slip: Slip) -> str:
    row = scenario.table(slip.table)[slip.row]
    return str(getattr(row, "id", "") or getattr(row, "zone", "") or getattr(row, "subject", ""))


def where(scenario: Scenario, table: str, row: int, field: str) -> Words:
    """File, row and column of a value; of a row that a change has added, the path."""
    record: Record = scenario.table(table)[row]
    key = type(record).model_fields[field].alias or key_in_file(field)
    written = scenario.written.get(table)
    if written is None:
        return bilingual("{file} row {row}, column {title}", file=f"{table}.csv", row=row + 2, title=key)
    change, _, in_file = written.rows[row].partition(" ")
    if not in_file:
        path = f"{change} {table}.{getattr(record, 'id', row)}.{key}"
        return Words(path, path)
    file, part, number = written.rows[row].split(" ")
    title = written.titles.get(key, key)
    if part == "line":
        return bilingual("{file} line {row}, column {title}", file=file, row=number, title=title)
    return bilingual("{file} row {row}, column {title}", file=file, row=number, title=title)
