"""Numbers at the ends of what is allowed: a run that ends, or a fault that says what is expected; never a traceback.

The ends are read off the schema itself, so that a quantity added later is tried too.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from simrescue import ScenarioError, check, load
from simrescue.hazards.flood.settings import Flood
from simrescue.hazards.wildfire.settings import Wildfire
from simrescue.metrics.summary import curves, summarise
from simrescue.records import Record
from simrescue.scenario.records import TABLES, Settings
from simrescue.simulation.run import replicate
from simrescue.simulation.world import compile_world
from simrescue.units import Quantity

HOME = Path(__file__).parents[2] / "scenarios"
HOME_OF_THE_OLD = {
    "lon": 115.2684, "lat": 38.046, "zone": "basin", "elevation": "21.2 m", "kind": "care_home", "persons": 40,
    "staff_day": 4, "storeys": 2, "seats": 6, "order": "1 h",
}  # fmt: skip
SHORT: dict[str, dict[str, Any]] = {
    "tiny-flood": {"duration": "12 h", "institutions.home": HOME_OF_THE_OLD},
    "tiny-fire": {"duration": "4 h"},
}
HAZARDS: dict[str, type[Record]] = {"tiny-flood": Flood, "tiny-fire": Wildfire}
ABOVE = 1e-9
MOST_PERSONS = 2e9
Ends = list[tuple[str, Any]]


def _notes(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _notes(part)


def ends(field: FieldInfo) -> list[Any]:
    """The least and the greatest that a field takes, as files write them; none for what is no quantity."""
    low: float | None = None
    high: float | None = None
    unit, notes = "", [*field.metadata, *_notes(field.annotation)]
    whole = field.annotation is int
    for note in notes:
        read = note.func if isinstance(note, BeforeValidator) else None
        given = read.args[0] if isinstance(read, partial) else None
        if isinstance(given, Quantity):
            low, high = given.low, given.high
            unit = next(unit for unit, factor in given.factors.items() if factor == 1)
        elif isinstance(given, float):
            low, high = -given, given
        elif getattr(read, "__name__", "") == "_share":
            low, high = 0.0, 1.0
        elif getattr(read, "__name__", "") == "_persons":
            low, high, whole = 0.0, MOST_PERSONS, True
    for note in notes:
        low = getattr(note, "ge", low) if getattr(note, "gt", None) is None else note.gt + ABOVE
        high = getattr(note, "le", high)
    numbers = [number for number in (low, high) if number is not None]
    return [int(one) if whole else f"{float(one)!r} {unit}" if unit else float(one) for one in numbers]


def quantities(record: type[Record], path: str) -> Iterator[tuple[str, Any]]:
    """Paths and ends of all quantities of a record and of the sections in it."""
    for name, field in record.model_fields.items():
        key = f"{path}{field.alias or name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, Record):
            yield from quantities(field.annotation, f"{key}.")
        elif name != "hazard":
            yield from ((key, end) for end in ends(field))


def tried(name: str) -> dict[str, Ends]:
    """By section or table of a scenario, what is set in it."""
    found: dict[str, Ends] = {}
    base = load(HOME / name, sets=SHORT[name])
    for path, end in [*quantities(Settings, ""), *quantities(HAZARDS[name], "hazard.")]:
        found.setdefault(path.split(".")[0], []).append((path, end))
    for table, record in TABLES.items():
        if getattr(base, table) and "id" in record.model_fields:
            found[table] = list(quantities(record, f"{table}.*."))
    return found


CASES = [(name, section) for name in HAZARDS for section in tried(name) if section != "parameters"]
QUICK = {("tiny-flood", "boats"), ("tiny-flood", "health"), ("tiny-fire", "hazard"), ("tiny-fire", "detectors")}


def run(name: str, path: str, end: Any) -> bool:
    """Whether a scenario with one number at its end was run and not refused."""
    try:
        scenario = load(HOME / name, sets={**SHORT[name], path: end})
    except ScenarioError as error:
        if all(fault.expected for fault in error.faults):
            return False
        raise
    check(scenario)
    world = compile_world(scenario)
    log = replicate(world, 1, 0).log
    summarise(log, world.facts)
    curves(log, world.facts)
    return True


@pytest.mark.parametrize(
    ("name", "section"),
    [pytest.param(*case, marks=() if case in QUICK else pytest.mark.slow, id="-".join(case)) for case in CASES],
)
def test_every_quantity_at_both_ends(name: str, section: str) -> None:
    wrong, ran = [], 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path, end in tried(name)[section]:
            try:
                ran += run(name, path, end)
            except Exception as error:  # noqa: BLE001 - told with all others, by the number that caused it
                wrong.append(f"{path} = {end}: {type(error).__name__}: {error}")
    assert not wrong, "\n".join(wrong)
    assert ran


@pytest.mark.parametrize(
    ("name", "path", "end", "expected"),
    [
        ("tiny-flood", "helicopters.*.cruise", "0 km/h", "1 km/h or more"),
        ("tiny-flood", "boats.*.speed", "0 km/h", "0.1 km/h or more"),
        ("tiny-flood", "evacuation.walk", "0 km/h", "0.1 km/h or more"),
        ("tiny-flood", "villages.*.radius", "500 km", "5 km or less"),
        ("tiny-flood", "health.exposure", "0 h", "0.01 h or more"),
        ("tiny-fire", "hazard.reports", "0 h", "0.01 h or more"),
        ("tiny-fire", "detectors.*.revisit", "1 s", "0.01 h or more"),
        ("tiny-fire", "duration", "2400 h", "at most 30,000 steps"),
    ],
)
def test_what_cannot_be_is_refused_with_its_limit(name: str, path: str, end: str, expected: str) -> None:
    sets = {"hazard.step": "0.02 h"} if path == "duration" else {}
    with pytest.raises(ScenarioError) as told:
        load(HOME / name, sets={path: end, **sets})
    assert expected in str(told.value)
