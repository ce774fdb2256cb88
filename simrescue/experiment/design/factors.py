"""From the value of a factor to changes of the scenario, written as its files are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, get_args

from simrescue.experiment.design.experiment_records import Factor
from simrescue.parameters import Parameters, table
from simrescue.records import UNIT_SUFFIXES, Record
from simrescue.scenario.files.faults import keys
from simrescue.scenario.records import TABLES, Scenario
from simrescue.units import HEADER_UNITS, NO_UNIT, WHOLE, Moment, held_in, parse, wrong
from simrescue.wording import bilingual

WRITTEN_UNITS = HEADER_UNITS | {"km/h", "m/s", "t/h", "%"}
"""Units that a scenario file wants behind a number."""
_UNIT_OF = {
    "_t_per_h": "t/h",
    "_m_per_h": "m/h",
    "_kmh": "km/h",
    "_ms": "m/s",
    "_km": "km",
    "_h": "h",
    "_m": "m",
    "_t": "t",
}

Value = float | str | None
"""A number, a word (or the name of a level), or None: as the scenario says."""


def changes(factor: Factor, value: Value, scenario: Scenario) -> dict[str, Any]:
    """Path -> value for one value of a factor, on top of `scenario`.

    Raises PydanticCustomError, with what was expected, where a path holds no number to multiply or to add to.
    """
    if value is None:
        return {}
    if factor.levels:
        return dict(factor.levels[str(value)].set)
    if isinstance(value, str) or factor.change == "set":
        return {path: _set(path, value, factor.unit) for path in factor.all_paths}
    found = (one for path in factor.all_paths for one in numbers_at(scenario, path))
    return {path: _changed(factor, value, unit, number) for path, unit, number in found}


def cost(factor: Factor, value: Value) -> float:
    """Yuan that a value of a factor costs; nothing where the scenario is left as it is."""
    if factor.levels:
        return factor.levels[str(value)].cost if value is not None else 0.0
    if factor.cost is None or not isinstance(value, float):
        return 0.0
    return factor.cost.yuan * (value - factor.least) / factor.cost.per


def _set(path: str, value: float | str, unit: str) -> Any:
    section, _, name = path.partition(".")
    if section == "parameters" and name in table():
        return _written(value, unit or table()[name].unit)
    return _written(value, unit if unit in WRITTEN_UNITS else "")


def _written(value: float | str, unit: str) -> Any:
    if isinstance(value, str):
        return value
    number = int(value) if value.is_integer() else value
    return number if unit in NO_UNIT else f"{number!r} {unit}"


def _changed(factor: Factor, by: float, unit: str, number: float) -> Any:
    if factor.change == "times":
        new = number * by
    elif unit in NO_UNIT:
        new = number + by / (100 if factor.unit == "%" else 1)
    else:
        new = number + parse(held_in(unit), f"{by!r} {factor.unit}")
    if isinstance(number, int):
        return round(new)
    return _written(float(round(new)) if unit in WHOLE else float(new), unit)


def _unit(record: type[Record], field: str) -> str:
    """The unit that a field is held in; moments are hours whatever they are called."""
    if issubclass(record, Parameters):
        return table()[field].unit
    if Moment in get_args(record.model_fields[field].annotation):
        return "h"
    return next((_UNIT_OF.get(ending, "") for ending in UNIT_SUFFIXES if field.endswith(ending)), "")


def numbers_at(scenario: Scenario, path: str) -> Iterator[tuple[str, str, float]]:
    """Every number that a path means: its own path, the unit that it is held in, what the scenario holds there."""
    parts = path.split(".")
    if parts[0] in TABLES:
        yield from _of_rows(scenario, parts)
        return
    record: Any = scenario.settings
    if parts[0] == "hazard" and len(parts) > 2 and parts[1] in scenario.settings.hazards:
        record, parts = scenario.settings.hazards[parts[1]], parts[2:]
    unit = ""
    for part in parts:
        field = keys(type(record)).get(part, "") if isinstance(record, Record) else ""
        unit, record = (_unit(type(record), field), getattr(record, field)) if field else ("", None)
    yield path, unit, _number(record, path)


def _of_rows(scenario: Scenario, parts: list[str]) -> Iterator[tuple[str, str, float]]:
    if len(parts) != 3 or parts[2] not in keys(TABLES[parts[0]]) or "id" not in keys(TABLES[parts[0]]):
        raise wrong(bilingual("a path as table.id.field, of a table whose rows have ids"))
    table, name, key = parts
    field = keys(TABLES[table])[key]
    rows = [row for row in scenario.table(table) if name in ("*", row.id)]
    if not rows:
        raise wrong(bilingual("a row of {file} in {path}", file=f"{table}.csv", path=".".join(parts)))
    for row in rows:
        path = f"{table}.{row.id}.{key}"
        yield path, _unit(type(row), field), _number(getattr(row, field), path)


def _number(value: Any, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise wrong(bilingual("a number at {path} to change: nothing is written there", path=path))
    return value
