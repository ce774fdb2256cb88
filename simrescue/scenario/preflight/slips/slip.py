"""A value that is hard to believe beside the others, and where it stands: file, row, column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    """The slips of one kind: equal ones as one with their rows, the first few each, the others by their rows.

    Args:
        scenario: what is looked at; its section `accepted` says which findings are known to be right.
        ask: the check that yields them; findings are called by its name, and by their subject where they have one.
    """
    accepted, check = scenario.settings.accepted, ask.__name__
    alike: dict[bool, dict[object, list[Slip]]] = {False: {}, True: {}}
    for slip in ask(scenario):
        name = _name(scenario, check, slip)
        # What is accepted by its own name has a reason of its own.
        key = (slip.table, slip.field, slip.value, slip.says, slip.grade, name if name in accepted else "")
        alike[is_accepted(name, accepted)].setdefault(key, []).append(slip)
    for groups in ([*of.values()] for of in alike.values()):
        by_own_name = [group for group in groups if _name(scenario, check, group[0]) in accepted]
        others = [group for group in groups if group not in by_own_name]
        for group in (*by_own_name, *others[:NAMED]):
            yield _told(scenario, check, group)
        if more := [slip for group in others[NAMED:] for slip in group]:
            message = bilingual("{others} more like these: {rows}", others=len(more), rows=_rows(scenario, more))
            yield Finding(more[0].grade, "input", "", *message, {"more": float(len(more))}, check)


def _told(scenario: Scenario, check: str, group: Sequence[Slip]) -> Finding:
    """One finding for slips that say the same of several rows: of several subjects it bears the name of the check."""
    slip, *others = group
    message = bilingual('{spot}: "{value}": {slip}', spot=where(scenario, slip.table, slip.row, slip.field),
                        value=slip.value, slip=slip.says)  # fmt: skip
    subject, name, numbers = _subject(scenario, slip), _name(scenario, check, slip), dict[str, float]()
    if others:
        message = bilingual("{first}; so do {others} more: {rows}", first=message, others=len(others),
                            rows=_rows(scenario, others))  # fmt: skip
        numbers["more"] = float(len(others))
        if any(_subject(scenario, other) != subject for other in others):
            subject, name = "", check
    return Finding(slip.grade, "input", subject, *message, numbers, name)


def _name(scenario: Scenario, check: str, slip: Slip) -> str:
    """By which the section `accepted` knows a slip."""
    return f"{check} {_subject(scenario, slip)}".strip()


def _rows(scenario: Scenario, slips: Sequence[Slip]) -> Words:
    return several([where(scenario, slip.table, slip.row, slip.field) for slip in slips])


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
