"""What a county's files do not say, what stands in for it, and what would be worth asking.

Questions come by one rule: first what keeps the scenario from running; then by the share of residents who live where it
is missing, times 3 for what decides where water stands, 2 for shelters, stores and forces, 1 for all else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import PydanticUndefined

from simrescue.intake.column_words import field_words
from simrescue.intake.columns import packaged_rows
from simrescue.intake.naming.place_titles import told_apart
from simrescue.kinds import tables
from simrescue.records import BY_CHANNELS, BY_DEPTHS, FIRE, NOTHING, PAGES, UNIT_SUFFIXES, Record
from simrescue.responders import TASK_WORDS, TASKS
from simrescue.scenario.files.faults import keys
from simrescue.scenario.files.tables import MAX_BYTES, decode, read, read_bytes
from simrescue.scenario.preflight.without_effect.unread import readers
from simrescue.scenario.records import TABLES
from simrescue.units import read_number
from simrescue.wording import NAMES, Words, bilingual, listed
from simrescue.wording.unit_words import measure

Rows = Mapping[str, Sequence[Mapping[str, str]]]
"""Table -> its rows, by the keys of the format."""
MOST_PEOPLE = 1e7
"""People of one village above whom a number is none."""
_ELSEWHERE = frozenset({PAGES, NOTHING, FIRE, BY_CHANNELS, BY_DEPTHS})
"""Who reads a field that the flood of an import does without."""
_OF_LEVELS = frozenset({"zone", "elevation"})
"""Columns that only a flood by levels reads."""
_UNITS = {"_kmh": "km/h", "_ms": "m/s", "_t_per_h": "t/h", "_m_per_h": "m/h"}


class Asked(NamedTuple):
    """Something that a county can be asked for."""

    table: str
    key: str
    """Column; empty: the whole table."""
    stands_in: Words
    """What the model takes instead; empty: its default, or nothing."""
    question: Words
    stops: bool = False
    """Whether it does not run without."""
    weight: int = 1
    """What the share of residents concerned is multiplied by: 3 where it decides on water, 2 of shelters, stores and
    forces."""
    hazard: str = ""
    """Kind of hazard for which alone the whole table is asked for; empty: any."""


class Gap(NamedTuple):
    """One thing that no file said."""

    table: str
    key: str
    """Column; empty: the whole table."""
    missing: int
    """Rows without it; 0: of a whole table."""
    rows: int
    """Rows of the table."""
    stands_in: Words
    residents: float
    """Who live where it is missing."""
    stops: bool
    names: tuple[str, ...] = ()
    """What the first rows without it are called."""


ASKED = (
    Asked("villages", "", Words("", ""), bilingual("Which villages are there, with how many residents, and where?"),
          stops=True),
    Asked("villages", "population", Words("", ""), bilingual("How many people live there?"), stops=True),
    Asked("villages", "lon", Words("", ""), bilingual("Where do they lie (longitude and latitude)?"), stops=True),
    Asked("villages", "lat", Words("", ""), bilingual("Where do they lie (longitude and latitude)?"), stops=True),
    Asked("roads", "", Words("", ""), bilingual("Which roads join the villages, stores and stations, and how long are "
          "they?"), stops=True),
    Asked("levels", "", Words("", ""), bilingual("How high does the water stand in each zone, hour by hour?"),
          stops=True, hazard="flood"),
    Asked("shelters", "capacity", Words("", ""), bilingual("How many people do these shelters take?"), stops=True),
    Asked("teams", "base", Words("", ""), bilingual("Where do these teams stand?"), stops=True),
    Asked("boats", "base", Words("", ""), bilingual("Where do these boats stand?"), stops=True),
    Asked("ignitions", "", Words("", ""), bilingual("Where and when does the fire start (longitude, latitude, time)?"),
          stops=True, hazard="wildfire"),
    Asked("weather", "", Words("", ""), bilingual("Which wind, from where, which temperature and humidity, hour by "
          "hour?"), stops=True, hazard="wildfire"),
    Asked("detectors", "", bilingual("nobody finds the fire"),
          bilingual("Who would see a fire (towers, cameras, residents), how far and how often?"), weight=3,
          hazard="wildfire"),
    Asked("villages", "zone", bilingual("never flooded by levels"),
          bilingual("Which gauge or detention basin rules there, or do they lie above every flood?"), weight=3),
    Asked("villages", "elevation", bilingual("0 m on the datum of the water levels"),
          bilingual("How high is the lowest street, on the datum of the water levels?"), weight=3),
    Asked("shelters", "", bilingual("no public shelter"),
          bilingual("Which shelters are there, and for how many?"), weight=2),
    Asked("boats", "", bilingual("no boats"),
          bilingual("How many boats are there, with how many seats, and where?"), weight=2, hazard="flood"),
    Asked("depots", "", bilingual("no relief goods"),
          bilingual("Which stores are there, and what lies in them?"), weight=2),
    Asked("teams", "", bilingual("no teams"),
          bilingual("Which rescue teams are there, how strong, and where?"), weight=2),
    Asked("trucks", "", bilingual("no trucks for goods"),
          bilingual("Which trucks bring goods out, and from where?"), weight=2),
    Asked("villages", "shelter", bilingual("the nearest shelter by road"),
          bilingual("To which shelter does the plan send these villages?")),
    Asked("villages", "ordered", bilingual("yes: the evacuation order covers it"),
          bilingual("Which villages does the evacuation order cover?")),
    Asked("villages", "vulnerable", Words("", ""), bilingual("How many there cannot leave without help?")),
    Asked("roads", "length", bilingual("1.3 times the straight line"),
          bilingual("How long are these roads?")),
    Asked("roads", "kind", Words("", ""), bilingual("Of which class are these roads?")),
    Asked("roads", "elevation", bilingual("the ground of the lower end"),
          bilingual("How high is the lowest point of these roads?")),
    Asked("teams", "seats", Words("", ""), bilingual("How many people can these teams take along?")),
    Asked("boats", "seats", Words("", ""), bilingual("How many people does each boat take?")),
    Asked("helicopters", "", bilingual("no helicopters"),
          bilingual("Which helicopters come, and from where?")),
)  # fmt: skip
"""What can be asked, in this order where as many residents hang on it."""
_BY_NAME = {(asked.table, asked.key): asked for asked in ASKED}


def rows_of_folder(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of every table of a scenario folder, by key and with their units; what cannot be read is left out.

    Args:
        folder: of the scenario, which need not load.
    """
    rows = {}
    for table, record in TABLES.items():
        data, _ = read_bytes(folder, f"{table}.csv", MAX_BYTES)
        if data is not None:
            text, _ = decode(data, f"{table}.csv")
            rows[table] = [dict(row.cells) for row in read(table, text, record).rows]
    return rows


def residents_of(rows: Rows) -> dict[str, float]:
    """Id of a village -> who live there; 0 where that is not known.

    Args:
        rows: of all tables.
    """
    numbers = {row.get("id", ""): read_number(row.get("population", "")) for row in rows.get("villages", ())}
    return {name: number if 0 <= number < MOST_PEOPLE else 0.0 for name, number in numbers.items()}


def gaps(rows: Rows, of_levels: bool = True, *, by_depths: bool = False, of_fire: bool = False) -> list[Gap]:
    """What is missing, the weightiest first.

    Args:
        rows: of all tables.
        of_levels: whether the flood comes by levels.
        by_depths: whether it comes by depths, so that zones and heights decide nothing.
        of_fire: whether it is no flood but a forest fire.
    """
    residents = residents_of(rows)
    everybody = sum(residents.values())
    made = [
        gap
        for table in TABLES
        if rows.get(table)
        for gap in _of_table(table, rows[table], residents)
        if not ((by_depths or of_fire) and gap.key in _OF_LEVELS)
    ]
    for asked in ASKED:
        is_needed = asked.hazard in ("", "wildfire" if of_fire else "flood") and (asked.table != "levels" or of_levels)
        if not asked.key and not rows.get(asked.table) and is_needed:
            made.append(Gap(asked.table, "", 0, 0, asked.stands_in, everybody, asked.stops))
    return sorted(made, key=lambda gap: _last(gap, everybody))


def _last(gap: Gap, everybody: float) -> tuple[bool, float, int]:
    """Sorts gaps by the rule: the smaller, the sooner."""
    number = next((i for i, asked in enumerate(ASKED) if (asked.table, asked.key) == (gap.table, gap.key)), len(ASKED))
    weight = ASKED[number].weight if number < len(ASKED) else 0
    return not gap.stops, -weight * gap.residents / max(everybody, 1.0), number


def question_of(gap: Gap) -> Words | None:
    """What to ask for it; None: nothing that a county is asked for."""
    asked = _BY_NAME.get((gap.table, gap.key))
    if asked is None and gap.stops:
        column = field_words(gap.table, gap.key)
        spot = bilingual("Where do they lie (longitude and latitude)?")
        return (
            spot if gap.key in ("lon", "lat") else bilingual("What is to stand in the column {column}?", column=column)
        )
    return asked.question if asked else None


def _of_table(table: str, rows: Sequence[Mapping[str, str]], residents: Mapping[str, float]) -> Iterator[Gap]:
    record = TABLES[table]
    for key, field in keys(record).items():
        without = [row for row in rows if not row.get(key)]
        who = readers(record, field)
        if not without or (who and set(who) <= _ELSEWHERE) or not _is_told(table, key, record, field):
            continue
        asked, is_required = _BY_NAME.get((table, key)), record.model_fields[field].is_required()
        stands_in = asked.stands_in if asked and asked.stands_in.en else _default(record, field, table)
        names = tuple(told_apart(without, rows))
        yield Gap(table, key, len(without), len(rows), stands_in, _residents(table, without, residents),
                  is_required, names)  # fmt: skip


def _is_told(table: str, key: str, record: type[Record], field: str) -> bool:
    """Whether a blank cell means anything: it can be asked for, or a default stands in."""
    if (table, key) in _BY_NAME or record.model_fields[field].is_required():
        return True
    return table in (*tables("place"), *tables("responder"), "roads") and bool(_default(record, field, table).en)


def _residents(table: str, rows: Sequence[Mapping[str, str]], residents: Mapping[str, float]) -> float:
    """Who live in villages of these rows, or at the ends of these roads; of anything else nobody in particular."""
    ends = ("id",) if table == "villages" else ("from", "to") if table == "roads" else ("shelter",)
    return sum(residents.get(name, 0.0) for name in {row.get(end, "") for row in rows for end in ends})


def _default(record: type[Record], field: str, table: str) -> Words:
    """The default of a field in words, with its unit; empty: it has none, or it is nothing."""
    info = record.model_fields[field]
    value: Any = None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
    if value is None or value is PydanticUndefined or value in ("", ()) or isinstance(value, (Record, dict)):
        return Words("", "")
    if isinstance(value, bool):
        return bilingual("yes") if value else bilingual("no")
    unit = next((_UNITS.get(suffix, suffix.strip("_")) for suffix in UNIT_SUFFIXES if field.endswith(suffix)), "")
    if isinstance(value, (int, float)):
        return measure(f"{value:.4g} {unit}".strip()) if unit else Words(f"{value:.4g}", f"{value:.4g}")
    return listed([_word(table, field, str(one)) for one in (value if isinstance(value, tuple) else (value,))], NAMES)


def _word(table: str, key: str, value: str) -> Words:
    """A word of the format, in Chinese as a county writes it."""
    tasks = dict(zip(TASKS, TASK_WORDS, strict=True))
    of, words = (table, key, value), packaged_rows("cell_words.csv")
    county = next(
        (row["written"].split("|")[0] for row in words if (row["table"], row["key"], row["value"]) == of), value
    )
    return Words(value, tasks[value].zh if value in tasks else county)
