"""The pre-flight of responders: those that no run can use, or not for what they are sent for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from simrescue.kinds import is_made_for, kind_of, made_for_task, tables, vehicle_of
from simrescue.responders import RESPONSE_LEVELS, Aircraft, Responder
from simrescue.scenario.preflight.findings import Finding, duration, named, shown, task_called
from simrescue.scenario.preflight.look import Look
from simrescue.scenario.preflight.slips.slip import where
from simrescue.scenario.preflight.without_effect.idle import partners_with_crews
from simrescue.scenario.records import Scenario
from simrescue.scenario.travel_times import flight_h
from simrescue.scenario.validation.references import declared
from simrescue.wording import Words, bilingual, listed

LATEST_H = 10.0
"""Limit of the plans for relief: who is later than this is as good as not there."""


def idle_responders(look: Look) -> Iterator[Finding]:
    """Responders that no run can use, or not within the last limit."""
    settings = look.scenario.settings
    for table, number, row in _crews(look):
        if never := _never_released(row, look.scenario):
            yield Finding("doubtful", "responder", row.id, *_at(look, table, number, "release", never), {})
        if row.available is not None and row.available >= settings.duration_h:
            never = bilingual("{crew} is available only after the end of the scenario", crew=shown(row))
            message = _at(look, table, number, "available", never)
            yield Finding("doubtful", "responder", row.id, *message, {"available_h": row.available})
        if row.partner and row.available is not None:
            stated = bilingual("{crew} comes at its stated hour, and its partner is not asked for it", crew=shown(row))
            yield Finding("note", "responder", row.id, *_at(look, table, number, "available", stated), {})
        yield from _far_away(look, table, number, row)


def partners_without_crews(look: Look) -> Iterator[Finding]:
    """Partners that no responder names, or whose crews come at hours of the record: nobody asks them."""
    with_crews = partners_with_crews(look.scenario)
    for number, partner in enumerate(look.scenario.partners):
        if partner not in with_crews:
            message = bilingual("{partner} has no crews to send: no responder names it", partner=shown(partner))
            spot = _at(look, "partners", number, "id", message)
            yield Finding("doubtful", "responder", partner.id, *spot, {})


def _crews(look: Look) -> Iterator[tuple[str, int, Responder]]:
    """Crews that are there, with table and row."""
    for table in tables("responder"):
        for number, row in enumerate(look.scenario.table(table)):
            if row.count:
                yield table, number, row


def _at(look: Look, table: str, number: int, column: str, sentence: Words) -> Words:
    """A sentence about a crew with file, row and column before it."""
    return bilingual("{spot}: {finding}", spot=where(look.scenario, table, number, column), finding=sentence)


def _far_away(look: Look, table: str, number: int, row: Responder) -> Iterator[Finding]:
    village = look.hazard.village_hit
    if isinstance(row, Aircraft):
        travel_h = flight_h(look.ground, row)
        no_way = bilingual("{crew} has no fuel to any {village}", crew=shown(row), village=village)
    else:
        travel_h = look.ground.drive_h(vehicle_of(row), row.base)
        no_way = bilingual("{crew} has no road to any {village}", crew=shown(row), village=village)
    soonest = row.turnout_h + look.to_concerned(travel_h)
    if np.isinf(soonest):
        yield Finding("doubtful", "responder", row.id, *_at(look, table, number, "base", no_way), {})
    elif soonest > LATEST_H:
        yield Finding(
            "note",
            "responder",
            row.id,
            *bilingual(
                "{crew} needs {soonest} to the nearest {village}: never within {limit} of a call",
                crew=shown(row),
                soonest=duration(soonest),
                village=village,
                limit=duration(LATEST_H),
            ),
            {"soonest_h": soonest, "limit_h": LATEST_H},
        )


def _never_released(row: Responder, scenario: Scenario) -> Words | None:
    """Why a crew that waits for a response level is never free; None: it is, or waits for none."""
    if not row.release:
        return None
    if row.release not in declared(scenario.settings, scenario.triggers):
        return bilingual(
            "{crew} is set free by response level {level}, which is never declared", crew=shown(row), level=row.release
        )
    enough = {level for level, number in RESPONSE_LEVELS.items() if number <= RESPONSE_LEVELS[row.release]}
    if not enough & set(declared(scenario.settings, scenario.triggers, scenario.settings.duration_h)):
        return bilingual(
            "{crew} is set free by response level {level}, which is declared only after the end of the run",
            crew=shown(row),
            level=row.release,
        )
    return None


def tasks_of_other_kinds(look: Look) -> Iterator[Finding]:
    """Responders with tasks that others are made for and not they: a truck on the fire line."""
    for table, number, row in _crews(look):
        kind = kind_of(row)
        for task in sorted(task for task in set(getattr(row, "tasks", ())) if not is_made_for(kind, task)):
            message = bilingual(
                "{crew} has the task {task}, which {kinds} are not made for; made for it: {others}",
                crew=shown(row),
                task=task_called(task),
                kinds=(kind.noun.many, kind.noun.zh),
                others=listed([(other.noun.many, other.noun.zh) for other in made_for_task(task)]),
            )
            yield Finding("doubtful", "responder", row.id, *_at(look, table, number, "tasks", message), {})


def repair_teams_without_repair(look: Look) -> Iterator[Finding]:
    """Teams of kind repair that are sent to no repair, since it is not among their tasks."""
    for table, number, row in _crews(look):
        if getattr(row, "kind", "") == "repair" and "repair" not in row.tasks:  # type: ignore[attr-defined]
            message = bilingual("{crew} is a repair team without the task repair, and repairs nothing", crew=shown(row))
            yield Finding("note", "responder", row.id, *_at(look, table, number, "tasks", message), {})


def skills_that_nobody_has(look: Look) -> Iterator[Finding]:
    """Skills that villages ask for which the hazard comes to, and that no crew has that rescues people."""
    skilled = {skill for _, _, row in _crews(look) if "rescue" in getattr(row, "tasks", ()) for skill in row.skills}
    hit = [village for village in look.hit if village.rescue_skill not in ("", *skilled)]
    for skill in sorted({village.rescue_skill for village in hit}):
        places = [village for village in hit if village.rescue_skill == skill]
        message = bilingual(
            "no crew that rescues people has the skill {skill}, which {places} ask for",
            skill=skill,
            places=named(places),
        )
        yield Finding("doubtful", "responder", skill, *message, {"villages": float(len(places))})


RESPONDER_CHECKS: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    idle_responders, partners_without_crews, tasks_of_other_kinds, repair_teams_without_repair, skills_that_nobody_has,
)  # fmt: skip
"""Asked of every scenario."""
