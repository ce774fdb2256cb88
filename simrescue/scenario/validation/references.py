"""Whether the parts of a scenario fit each other: every name used is there, every series runs forward in time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from simrescue.errors import Fault, nearest, place_in
from simrescue.hazards.flood.settings import Flood
from simrescue.hazards.kinds import extend, hazard_named
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.kinds import KINDS, kind_named, of_role, tables
from simrescue.metrics.recorded import MOMENT, Figure, figures
from simrescue.records import Kind
from simrescue.responders import TASKS
from simrescue.scenario.files.draft import Draft
from simrescue.scenario.files.tables import TableRow
from simrescue.scenario.records import TABLES, Recorded, Settings
from simrescue.scenario.response_records import Trigger
from simrescue.scenario.validation import (
    channel_references,
    fire_references,
    line_points,
    post_references,
    trigger_references,
)
from simrescue.scenario.validation.fire_references import Checked, Where
from simrescue.units import is_another, is_id
from simrescue.wording import Words, bilingual, listed

HINTS = 20
"""Unknown names of a column for which the nearest known one is looked up; the search is slow."""
MOST_STEPS = 30_000
"""Looks at the hazard in a run: hours of work, and memory for each place and look, beyond this."""
VILLAGES = "villages"
COMMAND = "command"
"""The id of the command post itself, which no other thing may take."""
PARTNER = (kind_named("partner").noun.one, kind_named("partner").noun.zh)


def faults(
    draft: Draft, settings: Settings | None, checked: Checked, landscape: Landscape | None = None
) -> Iterator[Fault]:
    """Everything that does not fit. Rows that could not be read still lend their ids: no fault breeds others.

    Where a whole table could not be read, nothing that refers to it is called unknown.

    Args:
        draft: as read from the folder, with overrides applied.
        settings: scenario.yaml; None where it could not be read, and then only tables are looked at.
        checked: rows that read well, by table.
        landscape: the ground of a fire, where it could be read.
    """
    yield from _twice(draft, checked)
    places, a_place = tables("place"), bilingual("a known place")
    for kind in (*of_role("place"), *of_role("responder")):
        for key, of in kind.refers.items():
            other = kind_named(of)
            yield from _unknown(draft, kind.table, (key,), _known(other), (other.table,))
        yield from _own(kind, checked[kind.table])
    for kind in of_role("road"):
        yield from _own(kind, checked[kind.table])
    yield from _unknown(draft, "roads", ("from", "to"), a_place, places)
    yield from _unknown(draft, "calls", ("place",), a_place, places)
    for name in tables("responder"):
        yield from _unknown(draft, name, ("base",), a_place, places)
        yield from _unknown(draft, name, ("partner",), bilingual("a known {noun}", noun=PARTNER), ("partners",))
        yield from _tasks(checked[name])
    yield from _asked(checked["partners"])
    yield from post_references.faults(draft, checked)
    yield from _to_itself(checked)
    yield from channel_references.faults(draft, checked)
    yield from _loops(checked)
    for name, of in (("levels", "zone"), ("depths", "subject"), ("weather", ""), ("readings", "gauge")):
        yield from _backwards(checked[name], of)
    yield from line_points.faults(checked["map_lines"])
    yield from _unknown(draft, "depths", ("subject",), bilingual("a known place or road"), (*places, "roads"))
    if not draft.tables["villages"].rows and not any(fault.file == "villages.csv" for fault in draft.faults):
        yield Fault("villages.csv", "", "", None, bilingual("at least one village"))
    if settings:
        for place, section in places_of(settings):
            yield from hazard_named(section.kind).faults(draft, section, checked, landscape, place)
        yield from _same_twice(draft, settings)
        yield from _steps(draft, settings)
        yield from _released(settings, checked)
        yield from _commanded(draft, settings)
        yield from trigger_references.faults(draft, settings, checked)
        yield from _named(draft, settings)


def _own(kind: Kind, rows: list[tuple[TableRow, Any]]) -> Iterator[Fault]:
    """What a kind's own checks find in its rows."""
    for row, record in rows:
        for check in kind.checks:
            for key, expected in check(record):
                written = row.cells.get(key)
                yield Fault(*row.spot(key), None if written is None else str(written), expected)


def _known(kind: Kind) -> Words:
    return bilingual("a known {noun}", noun=(kind.noun.one, kind.noun.zh))


def _names(draft: Draft, tables: Iterable[str], column: str = "id") -> dict[str, None]:
    return {str(row.cells.get(column, "")): None for name in tables for row in draft.tables[name].rows}


def _unknown(
    draft: Draft, table: str, keys: Iterable[str], expected: Words, of: Iterable[str], column: str = "id"
) -> Iterator[Fault]:
    """Names in columns of a table that the tables `of` lack; the first few with the nearest known name."""
    if not all(draft.tables[name].whole for name in of):
        return
    names, n_faults = _names(draft, of, column), 0
    for row in draft.tables[table].rows:
        for key in keys:
            name = str(row.cells.get(key) or "")
            if name and name not in names:
                n_faults += 1
                yield Fault(*row.spot(key), name, expected, nearest(name, names) if n_faults <= HINTS else "")


def _twice(draft: Draft, checked: Checked) -> Iterator[Fault]:
    """Ids are unique over all tables, with the numbered ids that a `count` and spots make."""
    counts = {id(row): record.count for name in tables("responder") for row, record in checked[name]}
    spots = {id(row): record.spots for row, record in checked["ignition_rates"]}
    taken: dict[str, Words] = {COMMAND: bilingual("the command post")}
    for name in TABLES:
        for row in draft.tables[name].rows:
            own = str(row.cells.get("id", ""))
            count = counts.get(id(row), 1)
            copies = range(1, 1 + (count if count > 1 else spots.get(id(row), 0)))
            for thing in (own, *(f"{own}-{n}" for n in copies)):
                if thing and thing in taken:
                    yield Fault(
                        *row.spot("id"), thing, bilingual("an id used once; {other} has it too", other=taken[thing])
                    )
                taken.setdefault(thing, place_in(row.file, row.where))


def _tasks(rows: list[tuple[TableRow, Any]]) -> Iterator[Fault]:
    for row, responder in rows:
        for task in responder.tasks:
            if task not in TASKS:
                expected = bilingual("a known task: {known}", known=", ".join(TASKS))
                yield Fault(*row.spot("tasks"), task, expected, nearest(task, TASKS))


def _to_itself(checked: Checked) -> Iterator[Fault]:
    for row, road in checked["roads"]:
        if road.start == road.end:
            yield Fault(*row.spot("to"), road.end, bilingual("another place than the road comes from"))


def _loops(checked: Checked) -> Iterator[Fault]:
    """No depot restocks itself, by however many steps."""
    upper = {depot.id: depot.upper for _, depot in checked["depots"]}
    for row, depot in checked["depots"]:
        at, seen = depot.upper, set[str]()
        while at and at not in seen and at != depot.id:
            seen.add(at)
            at = upper.get(at, "")
        if at == depot.id:
            yield Fault(*row.spot("upper"), depot.upper, bilingual("a depot that is not restocked from this one"))


def _backwards(rows: list[tuple[TableRow, Any]], of: str) -> Iterator[Fault]:
    last: dict[str, float] = {}
    for row, point in rows:
        series = getattr(point, of) if of else ""
        if point.time_h <= last.get(series, -float("inf")):
            expected = bilingual("a time after the row before")
            if of:
                expected = bilingual("a time after the row before of {of} {series}", of=of, series=series)
            yield Fault(*row.spot("time"), str(row.cells.get("time", "")), expected)
        last[series] = point.time_h


def _basins(zones: Iterable[str]) -> set[str]:
    """What zones are parts of: `basin-north-2` is a part of `basin-north` and of `basin`."""
    return {"-".join(parts[:end]) for parts in (zone.split("-") for zone in zones) for end in range(1, len(parts))}


def places_of(settings: Settings) -> Iterator[tuple[Where, Any]]:
    """Each hazard's section with its place in scenario.yaml.

    `("hazard",)`, or with its position where there are several.
    """
    if isinstance(settings.hazard, tuple):
        yield from ((("hazard", number), section) for number, section in enumerate(settings.hazard))
    else:
        yield ("hazard",), settings.hazard


def _same_twice(draft: Draft, settings: Settings) -> Iterator[Fault]:
    """Draws and records are by kind: two floods are one flood with the levels of both."""
    seen = set[str]()
    for place, section in places_of(settings):
        if section.kind in seen:
            yield Fault(*draft.spot((*place, "kind")), section.kind, bilingual("each kind of hazard once"))
        seen.add(section.kind)


def _flood(draft: Draft, flood: Flood, checked: Checked, _: Any, place: Where) -> Iterator[Fault]:
    source = flood.source
    if source == "rasters":
        if draft.tables["depths"].whole and not any(row.depth_m > 0 for _, row in checked["depths"]):
            expected = bilingual("rasters with water at a place or on a road")
            yield Fault(*draft.spot((*place, "rasters")), None, expected)
    elif not draft.tables[source].rows and not any(fault.file == f"{source}.csv" for fault in draft.faults):
        expected = bilingual("at least one row, since {setting} is {value}", setting="hazard.source", value=source)
        yield Fault(f"{source}.csv", "", "", None, expected)
    if source == "levels":
        for name in (*tables("place"), "roads"):
            yield from _unknown(draft, name, ("zone",), bilingual("a zone of levels.csv"), ("levels",), "zone")


def _steps(draft: Draft, settings: Settings) -> Iterator[Fault]:
    """A run in so many steps that it would not come to an end."""
    least_h = settings.duration_h / MOST_STEPS
    for place, section in places_of(settings):
        step_h = getattr(section, "step_h", math.inf)
        if step_h < least_h:
            expected = bilingual(
                "a step of {least:.3g} h or more for a run of {duration:g} h: at most {most:,} steps",
                least=least_h, duration=settings.duration_h, most=MOST_STEPS,
            )  # fmt: skip
            yield Fault(*draft.spot((*place, "step")), f"{step_h:g} h", expected)


def _released(settings: Settings, checked: Checked) -> Iterator[Fault]:
    """Levels that somebody waits for, to be free or to be asked, and that nothing declares."""
    levels = declared(settings, [trigger for _, trigger in checked["triggers"]])
    known = ", ".join(levels) or bilingual("none is set")
    staged = any(hasattr(section, "stages") for section in settings.hazards.values())
    of = [(key, key) for key in ("command.levels", "triggers.csv", *(["hazard.stages"] if staged else []))]
    expected = bilingual(
        "a response level of {settings} ({known})", settings=listed(of, bilingual(" or ")), known=known
    )
    waiting = [(name, "release") for name in tables("responder")] + [("partners", "asked_at")]
    for name, column in waiting:
        for row, record in checked[name]:
            level = getattr(record, column)
            if level and level not in levels:
                yield Fault(*row.spot(column), level, expected)


def _asked(rows: list[tuple[TableRow, Any]]) -> Iterator[Fault]:
    """Partners that nobody would ever ask."""
    for row, partner in rows:
        if not partner.asked_at and partner.asked_after_h is None:
            expected = bilingual("a response level, or a time in {column}", column="asked_after")
            yield Fault(*row.spot("asked_at"), None, expected)


def declared(settings: Settings, triggers: Iterable[Trigger], before_h: float = math.inf) -> list[str]:
    """The response levels that a scenario can declare, each once: at a time, by triggers, or with a stage of a fire.

    Args:
        settings: scenario.yaml.
        triggers: rows of triggers.csv, which declare nothing where hours are stated.
        before_h: only those timed before this hour since the start; all others always count.
    """
    timed = [change.level for change in settings.command.levels if change.time_h < before_h]
    by_rule = [] if settings.command.levels else [trigger.level for trigger in triggers]
    levels = [*timed, *by_rule, *(stage.level for stage in settings.stages)]
    return [level for level in dict.fromkeys(levels) if level]


def _commanded(draft: Draft, settings: Settings) -> Iterator[Fault]:
    from simrescue.dispatch import POLICIES

    policy, levels = settings.command.policy, settings.command.levels
    if policy not in POLICIES:
        expected = bilingual("a known policy: {known}", known=", ".join(POLICIES))
        yield Fault(*draft.spot(("command", "policy")), policy, expected, nearest(policy, POLICIES))
    for number, (before, after) in enumerate(pairwise(levels), 1):
        if after.time_h <= before.time_h:
            yield Fault(
                *draft.spot(("command", "levels", number, "time")), None, bilingual("a time after the level before")
            )


def _subjects(draft: Draft, table: str) -> set[str] | None:
    """What recorded figures of the rows of a table may be of; None where the table could not be read."""
    if not draft.tables[table].whole:
        return None
    zones = _names(draft, (table,), "zone") if table == VILLAGES else {}
    return {*_names(draft, (table,)), *zones, *_basins(zones)} - {""}


def _named(draft: Draft, settings: Settings) -> Iterator[Fault]:
    """Names in scenario.yaml: plans, overrides of variants, and the figures of the record."""
    for name in settings.plan_names:
        if not is_id(name):
            yield Fault(*draft.spot(("plan",)), name, bilingual("the name of a plan in the plan library, not a path"))
    for variant, names in settings.variants.items():
        for number, name in enumerate(names):
            if name not in settings.overrides:
                place = draft.spot(("variants", variant, number))
                yield Fault(*place, name, bilingual("a known override"), nearest(name, settings.overrides))
    for number, figure in enumerate(settings.history):
        yield from _recorded(draft, settings, number, figure)


def _recorded(draft: Draft, settings: Settings, number: int, figure: Recorded) -> Iterator[Fault]:
    """Whether the simulation will have the figure that a record is to stand beside."""
    known, end_h = figures(settings.hazards), settings.duration_h
    if figure.metric not in known:
        hint = nearest(figure.metric, known)
        words = listed([hazard_named(name).words for name in settings.hazards], bilingual(" or a "))
        expected = bilingual("a figure of a {hazards}: {known}", hazards=words, known=", ".join(known))
        yield Fault(*draft.spot(("history", number, "metric")), figure.metric, expected, hint)
    else:
        yield from _of_figure(draft, number, figure, known[figure.metric])
        yield from _said(draft, number, figure, is_moment=known[figure.metric].unit == MOMENT)
    moments: list[tuple[Where, float | None]] = [(("at",), figure.at), (("moment",), figure.moment)]
    moments += [(("series", i, "at"), point.at) for i, point in enumerate(figure.series)]
    for place, at_h in moments:
        if at_h is not None and not 0 <= at_h <= end_h:
            expected = bilingual(
                "a moment between the start and the end of the scenario, {hours:g} h later", hours=end_h
            )
            yield Fault(*draft.spot(("history", number, *place)), f"{at_h:g} h", expected)


def _said(draft: Draft, number: int, entry: Recorded, *, is_moment: bool) -> Iterator[Fault]:
    """Whether a record says its figure once, and as the metric answers it."""
    interval = (entry.low, entry.high)
    ways = {
        "value": entry.value is not None, "low": interval != (None, None), "moment": entry.moment is not None,
        "series": bool(entry.series),
    }  # fmt: skip
    given = [way for way, is_given in ways.items() if is_given]
    wanted = bilingual("one of value, low and high, and series")
    if is_moment:
        wanted = bilingual("moment, since the metric answers a moment")
    if len(given) != 1 or (is_moment != (given == ["moment"])):
        place = ("history", number, given[-1]) if given else ("history", number)
        yield Fault(*draft.spot(place), None, wanted)
    if ways["low"] and (None in interval or interval[0] > interval[1]):  # type: ignore[operator]
        yield Fault(*draft.spot(("history", number, "low")), None, bilingual("low and high, and low no more than high"))
    if entry.series and entry.at is not None:
        yield Fault(
            *draft.spot(("history", number, "at")), None, bilingual("nothing: each entry of series has its own")
        )
    if ways["low"] and entry.bound != "exact":
        yield Fault(
            *draft.spot(("history", number, "bound")), entry.bound, bilingual("nothing: low and high are the bounds")
        )


def _of_figure(draft: Draft, number: int, entry: Recorded, figure: Figure) -> Iterator[Fault]:
    """Whether a record is of something that the figure can be of, and in no other unit of measurement."""
    subjects = _subjects(draft, figure.of) if entry.place and figure.of else None
    if entry.place and not figure.of:
        spot = draft.spot(("history", number, "place"))
        yield Fault(*spot, entry.place, bilingual("nothing: {figure} is of the whole scenario", figure=figure.name))
    if subjects is not None and entry.place not in subjects:
        expected = _known(next(kind for kind in KINDS.values() if kind.table == figure.of))
        if figure.of == VILLAGES:
            expected = bilingual("a known village, or a zone of villages")
        spot = draft.spot(("history", number, "place"))
        yield Fault(*spot, entry.place, expected, nearest(entry.place, sorted(subjects)))
    # Any text may stand there ("h after the water came"); but a value in km2 would be set beside one in ha in silence.
    if entry.unit.strip() and is_another(entry.unit.split(maxsplit=1)[0], figure.unit):
        spot = draft.spot(("history", number, "unit"))
        expected = bilingual("{unit}, in which {name} is read, and the value in it", unit=figure.unit, name=figure.name)
        yield Fault(*spot, entry.unit, expected)


extend("flood", faults=_flood)
extend("wildfire", faults=fire_references.faults)
