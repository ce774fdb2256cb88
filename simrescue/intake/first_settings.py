"""scenario.yaml of a first import: what the county's files tell of start, length, jurisdiction and hazard."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

import yaml

from simrescue.intake.county_tables import CountyTables
from simrescue.intake.file_sheets import SAFE
from simrescue.plans import Plan
from simrescue.units import DURATION, moment_of, parse, read_number

SHORTEST_H = 24
MOST_PEOPLE = 1e7
"""People of one village above whom a number is none (the check refuses it)."""
SERIES = ("levels", "depths", "weather", "ignitions")
FIRE_TABLES = ("ignitions", "detectors")
"""Tables that a county has for forest fires alone."""
FIRE_TEAMS = ("forest_fire", "semi_professional")
"""Kinds of teams that, beside sources of water, are those of a county that fights forest fires."""


def first_settings(
    name: str,
    folder: str,
    made: CountyTables,
    depths: list[dict[str, str]],
    hazard: Mapping[str, Any],
    zone: tzinfo | None,
    plans: Sequence[Plan] = (),
) -> tuple[str, str, bool]:
    """scenario.yaml of a first import, its start (the hour in which the first series begins), whether there is one.

    Args:
        name: of the scenario.
        folder: name of its folder, which is its title where it is no plain name.
        made: the tables of the import.
        depths: rows of depths.csv, also where they are not written.
        hazard: its section.
        zone: of moments that state none.
        plans: that it is judged by; one of later years than the start holds as if it had been in force.
    """
    of_tables = [row for table in SERIES for row in made.rows.get(table, ())]
    times = [_time_of(row) for row in (*of_tables, *depths)]
    moments = [moment for time in times if (moment := moment_of(time, zone))]
    since = [hours for time in times if math.isfinite(hours := _hours_since(time))]
    first = min(moments, default=datetime(2025, 7, 1, 8, tzinfo=zone)).replace(minute=0, second=0)
    last = max(moments, default=first)
    hours = max(SHORTEST_H, -(-int((last - first) / timedelta(minutes=1)) // 60), math.ceil(max(since, default=0.0)))
    counties = [row["county"] for row in made.rows.get("villages", ()) if row.get("county")]
    numbers = [read_number(row.get("population", "")) for row in made.rows.get("villages", ())]
    people = int(sum(number for number in numbers if 0 <= number < MOST_PEOPLE))
    start = first.isoformat(timespec="minutes")
    body: dict[str, Any] = {
        "simrescue": 1,
        "name": name,
        **({} if folder.isascii() else {"title_zh": folder}),
        "start": start,
        "duration": f"{hours} h",
        "jurisdiction": {"name": counties[0] if counties else name, "population": people},
        "hazard": dict(hazard),
    }
    if plans:
        body["plan"] = plans[0].name if len(plans) == 1 else [plan.name for plan in plans]
        years = [clause.year for plan in plans for clause in plan.clauses if clause.year]
        if years and first.year < min(years):
            body["plan_year"] = max(years)
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False), start, bool(moments)


def _time_of(row: Mapping[str, str]) -> str:
    """The moment of a row of a series, with the unit that its head may have (time_h); empty: it has none."""
    return next((f"{cell} {key.partition('_')[2]}".strip() for key, cell in row.items()
                 if key.partition("_")[0] == "time" and cell), "")  # fmt: skip


def _hours_since(time: str) -> float:
    """Hours since the start; nan where a text is none."""
    try:
        return parse(DURATION, time)
    except ValueError:
        return read_number(time)


def is_of_fire(rows: Mapping[str, Sequence[Any]]) -> bool:
    """Whether a county's tables are those of a forest fire: some are, and none is of water.

    Args:
        rows: of all tables.
    """
    fights = rows.get("water_sources") and any(row.get("kind") in FIRE_TEAMS for row in rows.get("teams", ()))
    has_fire = fights or any(rows.get(table) for table in FIRE_TABLES)
    return bool(has_fire) and not any(rows.get(name) for name in ("levels", "depths"))


def kind_in(settings: str) -> str:
    """The kind of the first hazard of a scenario.yaml, given as text; empty where it cannot be read."""
    try:
        hazard = yaml.load(settings, Loader=SAFE).get("hazard")  # noqa: S506 - safe, and in C where there is C
    except (yaml.YAMLError, AttributeError):
        return ""
    first = hazard[0] if isinstance(hazard, list) and hazard else hazard
    return str(first.get("kind", "flood")) if isinstance(first, dict) else ""


def with_layers(settings: str, layers: Mapping[str, str]) -> str:
    """The text of scenario.yaml with the rasters of its fire, where it names none yet; else as it is.

    Args:
        settings: its text.
        layers: layer -> name of its file.
    """
    if kind_in(settings) != "wildfire" or re.search(r"(?m)^\s+layers:", settings):
        return settings
    named = "".join(f"\n    {layer}: {name}" for layer, name in layers.items())
    return re.sub(r"(?m)^(  kind:[ \t]*wildfire\b.*)$", rf"\g<1>\n  layers:{named}", settings, count=1)


def source_in(settings: str) -> str:
    """Where the flood of a scenario.yaml, given as text, has its depth from; empty where it cannot be read."""
    try:
        hazard = yaml.load(settings, Loader=SAFE).get("hazard")  # noqa: S506 - safe, and in C where there is C
    except (yaml.YAMLError, AttributeError):
        return ""
    sections = hazard if isinstance(hazard, list) else [hazard or {}]
    floods = [section for section in sections if isinstance(section, dict) and section.get("kind", "flood") == "flood"]
    return str(floods[0].get("source", "levels")) if floods else ""


def with_depths(settings: str) -> str:
    """The text of scenario.yaml with its flood from depths.csv, where `settings` has `source: levels`."""
    return re.sub(r"(?m)^(\s*(?:-\s+)?source:[ \t]*)levels\b", r"\1depths", settings, count=1)
