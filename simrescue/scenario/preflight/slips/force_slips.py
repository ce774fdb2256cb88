"""Slips of forces: tasks without room for them, aircraft that can never fly, goods that nobody carries."""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files

import numpy as np

from simrescue.hazards.base import WaterDepth
from simrescue.hazards.kinds import brings, hazard_named
from simrescue.kinds import tables
from simrescue.network import great_circle_km
from simrescue.records import key_in_file
from simrescue.responders import TASK_KINDS, Aircraft
from simrescue.scenario.preflight.findings import duration, shown, task_called
from simrescue.scenario.preflight.slips.slip import Slip, Slips, where
from simrescue.scenario.records import Scenario
from simrescue.units import write_hours, write_km
from simrescue.wording import bilingual, listed


def rooms(scenario: Scenario) -> Slips:
    """Crews with tasks that they have no room for."""
    for table in tables("responder"):
        for row, crew in enumerate(scenario.table(table)):
            if not crew.count:
                continue
            for field in dict.fromkeys(task.room for task in TASK_KINDS if task.room):
                wanted = sorted(task.name for task in TASK_KINDS if task.room == field and task.name in crew.tasks)
                if wanted and getattr(crew, field, 1) == 0:
                    says = bilingual(
                        "{crew} has the task {tasks} and no {room}: it is sent and carries nothing",
                        crew=shown(crew),
                        tasks=listed([task_called(task) for task in wanted]),
                        room=key_in_file(field),
                    )
                    yield Slip(table, row, field, "0", says, "fault")


def tasks_without_a_hazard(scenario: Scenario) -> Slips:
    """Crews all of whose tasks belong to a hazard that is not there, and that no call asks for."""
    effects = {effect.__name__ for name in scenario.settings.hazards for effect in hazard_named(name).effects}
    called = {call.task for call in scenario.calls}
    for table in tables("responder"):
        for row, crew in enumerate(scenario.table(table)):
            kinds = [task for task in TASK_KINDS if task.name in crew.tasks]
            if crew.count and kinds and all(task.effect and task.effect not in effects for task in kinds):
                names = [task.name for task in kinds]
                if called.isdisjoint(names):
                    says = bilingual("no hazard here calls for it: {crew} is never sent", crew=shown(crew))
                    yield Slip(table, row, "tasks", ", ".join(names), says)


def _aircraft(scenario: Scenario) -> Iterator[tuple[str, int, Aircraft]]:
    """Aircraft that are there, with table and row."""
    for table in tables("responder"):
        for row, craft in enumerate(scenario.table(table)):
            if isinstance(craft, Aircraft) and craft.count:
                yield table, row, craft


def endurance(scenario: Scenario) -> Slips:
    """Aircraft whose fuel, or whose crew's day, does not last to the nearest place and home."""
    places = {place.id: place for place in scenario.places}
    ends = [*scenario.villages, *scenario.ignitions]
    lon, lat = np.array([place.lon for place in ends]), np.array([place.lat for place in ends])
    reserve = scenario.parameters.heli_fuel_reserve_h
    for table, row, craft in _aircraft(scenario):
        base = places[craft.base]
        turn = 2 * float(great_circle_km(base.lon, base.lat, lon, lat).min()) / max(craft.cruise_kmh, 1e-9)
        if turn + reserve > craft.endurance_h:
            says = bilingual(
                "endurance of {crew} is shorter than the turn-round to the nearest place, {turn}, and the reserve,"
                " {reserve}: it never flies",
                crew=shown(craft),
                turn=duration(turn, f"{turn:.2f}"),
                reserve=duration(reserve, f"{reserve:.2g}"),
            )
            yield Slip(table, row, "endurance_h", write_hours(craft.endurance_h), says, "fault")
        elif turn > craft.crew_day_h:
            says = bilingual(
                "the flight hours of a day of {crew} are fewer than the turn-round to the nearest place, {turn}: it"
                " never flies",
                crew=shown(craft),
                turn=duration(turn, f"{turn:.2f}"),
            )
            yield Slip(table, row, "crew_day_h", write_hours(craft.crew_day_h), says, "fault")


@cache
def _models() -> tuple[tuple[re.Pattern[str], dict[str, float]], ...]:
    """Names of models of aircraft, to compare, with the most that one takes by field of its row."""
    text = files("simrescue").joinpath("data/aircraft_models.csv").read_text(encoding="utf-8")
    fields = ("seats", "payload_t")
    return tuple(
        (re.compile(rf"(?:{row['model']})(?!\d)"), {field: float(row[field]) for field in fields})
        for row in csv.DictReader(text.splitlines())
    )


def beyond_its_model(scenario: Scenario) -> Slips:
    """Aircraft that take more people, goods or water than any of their model (`data/aircraft_models.csv`)."""
    for table, row, craft in _aircraft(scenario):
        name = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", craft.model)).lower()
        most = next((most for pattern, most in _models() if pattern.search(name)), {})
        for field, limit in (("seats", "seats"), ("payload_t", "payload_t"), ("bucket_t", "payload_t")):
            if field in craft.model_fields_set and getattr(craft, field) > most.get(limit, math.inf):
                says = bilingual("more than a {model} takes ({most:g}): another model, unit or digit?",
                                 model=craft.model, most=most[limit])  # fmt: skip
                yield Slip(table, row, field, f"{getattr(craft, field):g}", says)


def grounded_by_weather(scenario: Scenario) -> Slips:
    """Aircraft that want better weather than any that is written."""
    if not scenario.weather:
        return
    calmest = min(point.wind_ms for point in scenario.weather)
    clearest = max(point.visibility_km for point in scenario.weather)
    for table, row, craft in _aircraft(scenario):
        if craft.max_wind_ms < calmest:
            says = bilingual(
                "{crew} flies in less wind than there ever is ({least:g} m/s): it never flies",
                crew=shown(craft),
                least=calmest,
            )
            yield Slip(table, row, "max_wind_ms", f"{craft.max_wind_ms:g} m/s", says)
        elif craft.min_visibility_km > clearest:
            says = bilingual(
                "{crew} wants more visibility than there ever is ({most:g} km): it never flies",
                crew=shown(craft),
                most=clearest,
            )
            yield Slip(table, row, "min_visibility_km", write_km(craft.min_visibility_km), says)


def never_ready(scenario: Scenario) -> Slips:
    """Crews that are away at every order: none is ever serviceable, or each breaks down on every mission."""
    for table in tables("responder"):
        for row, crew in enumerate(scenario.table(table)):
            if crew.count and getattr(crew, "serviceable", 1) == 0:
                says = bilingual("{crew} is always in maintenance: it never goes out", crew=shown(crew))
                yield Slip(table, row, "serviceable", "0", says, "fault")
            elif crew.count and crew.breakdown == 1:
                says = bilingual("{crew} breaks down on every mission", crew=shown(crew))
                yield Slip(table, row, "breakdown", "1", says)


def partners_after_the_run(scenario: Scenario) -> Slips:
    """Partners whose crews could not be sent before the end of the run, were they asked at once and granted."""
    end = scenario.settings.duration_h
    for row, partner in enumerate(scenario.partners):
        hours = (partner.asked_after_h or 0.0) + partner.decision_h + partner.coming_h
        if hours >= end > (partner.asked_after_h or 0.0):
            says = bilingual("from the question to the handover {hours} pass, more than the run has: {partner} never"
                             " comes", hours=duration(hours), partner=shown(partner))  # fmt: skip
            parts = {"decision_h": partner.decision_h, "gathering_h": partner.gathering_h,
                     "distance_km": partner.drive_h, "handover_h": partner.handover_h}  # fmt: skip
            longest = max(parts, key=lambda field: parts[field])
            value = write_km(partner.distance_km) if longest == "distance_km" else write_hours(parts[longest])
            yield Slip("partners", row, longest, value, says)


def same_crew_twice(scenario: Scenario) -> Slips:
    """Two rows of crews that differ in nothing but their ids."""
    for table in tables("responder"):
        seen: dict[str, int] = {}
        for row, crew in enumerate(scenario.table(table)):
            if not (crew.name or crew.name_zh):
                continue
            first = seen.setdefault(repr(crew.model_copy(update={"id": ""})), row)
            if first != row:
                other, spot = scenario.table(table)[first], where(scenario, table, first, "id")
                says = bilingual("the same crew as {crew} ({spot})?", crew=other.id, spot=spot)
                yield Slip(table, row, "id", crew.id, says)


def same_call_twice(scenario: Scenario) -> Slips:
    """Two calls that differ in nothing but their ids."""
    seen: dict[str, int] = {}
    for row, call in enumerate(scenario.calls):
        first = seen.setdefault(repr(call.model_copy(update={"id": ""})), row)
        if first != row:
            spot = where(scenario, "calls", first, "id")
            says = bilingual("the same call as {call} ({spot})?", call=scenario.calls[first].id, spot=spot)
            yield Slip("calls", row, "id", call.id, says)


def boats_without_water(scenario: Scenario) -> Slips:
    """Boats where no hazard brings water."""
    if brings(WaterDepth, scenario.settings.hazards):
        return
    for row, boat in enumerate(scenario.boats):
        if boat.count:
            says = bilingual("no hazard here brings water: {crew} is never afloat", crew=shown(boat))
            yield Slip("boats", row, "count", f"{boat.count}", says)


def no_trucks(scenario: Scenario) -> Slips:
    """Stores that nothing takes anything out of."""
    if any(crew.count and "relief" in getattr(crew, "tasks", ()) for crew in scenario.responders):
        return
    for row, depot in enumerate(scenario.depots):
        if any(depot.amounts()):
            says = bilingual(
                "nobody has the task {task}: the goods of {place} stay where they are",
                task=task_called("relief"),
                place=shown(depot),
            )
            yield Slip("depots", row, "id", depot.id, says)


FORCE_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (
    rooms,
    tasks_without_a_hazard,
    endurance,
    beyond_its_model,
    grounded_by_weather,
    never_ready,
    partners_after_the_run,
    same_crew_twice,
    same_call_twice,
    boats_without_water,
    no_trucks,
)
