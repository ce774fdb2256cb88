"""Whether triggers of response levels fit the scenario: what they look at, in which unit, and what they stand with."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from simrescue.errors import Fault, nearest
from simrescue.scenario.files.draft import Draft
from simrescue.scenario.files.tables import TableRow
from simrescue.scenario.records import Settings
from simrescue.scenario.response_records import OF_KINDS, UNITS_OF_KINDS, GaugeReading, Measured, Trigger
from simrescue.wording import bilingual

Rows = list[tuple[TableRow, Any]]


def faults(draft: Draft, settings: Settings, checked: dict[str, Rows]) -> Iterator[Fault]:
    """Triggers of what is not there, in another unit, in an empty band, or that judge nothing.

    Also readings of one gauge in several units, and zones of orders that no village lies in.

    Args:
        draft: as read from the folder, with overrides applied.
        settings: scenario.yaml.
        checked: rows that read well, by table.
    """
    gauges: dict[str, str] = {}
    for row, reading in checked["readings"]:
        yield from _same_unit(row, reading, gauges)
    zones = {record.zone for _, record in checked["levels"]}
    rows: list[tuple[TableRow, Trigger]] = checked["triggers"]
    for row, trigger in rows:
        if trigger.kind != "judgement":
            yield from _looks_at(draft, row, trigger, gauges, zones)
            yield from _in_unit(row, trigger, gauges, zones)
            if trigger.chance < 1 or trigger.delay_h:
                column = "chance" if trigger.chance < 1 else "delay"
                expected = bilingual("nothing, or the kind {kind}", kind="judgement")
                yield Fault(*row.spot(column), _written(row, column), expected)
    yield from _judgements(rows)
    known = {record.zone for _, record in checked["villages"]}
    for name, field in (("I", "level_1"), ("II", "level_2"), ("III", "level_3"), ("IV", "level_4")):
        for number, zone in enumerate(getattr(settings.response, field).zones):
            if zone not in known and draft.tables["villages"].whole:
                spot = draft.spot(("response", name, "zones", number))
                yield Fault(*spot, zone, bilingual("a zone of villages"), nearest(zone, sorted(known)))


def _same_unit(row: TableRow, reading: GaugeReading, gauges: dict[str, str]) -> Iterator[Fault]:
    unit = gauges.setdefault(reading.gauge, reading.value.unit)
    if unit != reading.value.unit:
        expected = bilingual("a value like the others of {gauge}: {example}", gauge=reading.gauge, example=_like(unit))
        yield Fault(*row.spot("value"), _written(row, "value"), expected)


def _looks_at(
    draft: Draft, row: TableRow, trigger: Trigger, gauges: dict[str, str], zones: set[str]
) -> Iterator[Fault]:
    tables = {"reading": ("levels", "readings"), "warning": ("readings",), "order": ("readings",)}.get(trigger.kind, ())
    if not all(draft.tables[name].whole for name in tables):
        return
    like = [gauge for gauge, unit in gauges.items() if unit in UNITS_OF_KINDS[trigger.kind]]
    known = [*OF_KINDS[trigger.kind], *(like if tables else ()), *(sorted(zones) if "levels" in tables else ())]
    if trigger.of not in known:
        expected = bilingual("one of {known}", known=", ".join(dict.fromkeys(known)))
        if not known:
            expected = bilingual("a gauge of readings.csv, which has none of this kind")
        yield Fault(*row.spot("of"), trigger.of or None, expected, nearest(trigger.of, known))


def _in_unit(row: TableRow, trigger: Trigger, gauges: dict[str, str], zones: set[str]) -> Iterator[Fault]:
    own = {"burned": "ha", "danger": "", **gauges, **dict.fromkeys(zones, "m")}.get(trigger.of)
    allowed = UNITS_OF_KINDS[trigger.kind]
    units = [own] if own in allowed else list(allowed)
    if trigger.at_least is None:
        expected = bilingual("a value, as in {example}", example=_like(units[0]))
        yield Fault(*row.spot("at_least"), None, expected)
    for column, value in (("at_least", trigger.at_least), ("below", trigger.below)):
        if value is not None and value.unit not in units:
            expected = bilingual("a value as in {example}", example=", ".join(map(_like, units)))
            yield Fault(*row.spot(column), _written(row, column), expected)
    if trigger.at_least is not None and trigger.below is not None and trigger.below.value <= trigger.at_least.value:
        yield Fault(*row.spot("below"), _written(row, "below"), bilingual("more than {column}", column="at_least"))


def _judgements(rows: list[tuple[TableRow, Trigger]]) -> Iterator[Fault]:
    """A judgement is about other conditions, and has no threshold of its own."""

    def rule(row: tuple[TableRow, Trigger]) -> tuple[str, str]:
        return row[1].level, row[1].together or f" {row[1].id}"

    for _, group in groupby(sorted(rows, key=rule), rule):
        members = list(group)
        judged = [row for row, trigger in members if trigger.kind == "judgement"]
        if len(judged) == len(members):
            for row in judged:
                expected = bilingual("the name of other rows of this level that it judges")
                yield Fault(*row.spot("together"), _written(row, "together"), expected)
    for row, trigger in rows:
        for column in ("of", "at_least", "below"):
            if trigger.kind == "judgement" and getattr(trigger, column) not in ("", None):
                expected = bilingual("nothing: a judgement has none")
                yield Fault(*row.spot(column), _written(row, column), expected)


def _written(row: TableRow, column: str) -> str | None:
    value = row.cells.get(column)
    return None if value is None else str(value)


def _like(unit: str) -> str:
    example = {"m": 27.5, "mm": 100, "m3/s": 8000, "h": 24, "ha": 50, "": 2000}.get(unit, 3)
    return str(Measured(float(example), unit))
