"""Emergency calls that nobody in the scenario can ever serve, told before a run."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simrescue.responders import TASK_KINDS, TASKS
from simrescue.scenario.preflight.findings import Finding, task_called
from simrescue.scenario.preflight.look import Look
from simrescue.scenario.preflight.slips.slip import where
from simrescue.scenario.records import Call, Scenario
from simrescue.wording import Words, bilingual


def calls_nobody_can_serve(look: Look) -> Iterator[Finding]:
    """Calls whose task, skill or seats no crew has, or that are about nobody."""
    for number, call in enumerate(look.scenario.calls):
        for column, sentence in _faults(call, look.scenario):
            spot = where(look.scenario, "calls", number, column)
            message = bilingual("{spot}: {finding}", spot=spot, finding=sentence)
            yield Finding("doubtful", "call", call.id, *message, {"time_h": call.time_h})


def _faults(call: Call, scenario: Scenario) -> Iterator[tuple[str, Words]]:
    """Column and sentence of each thing that speaks against a call."""
    by_seats = TASK_KINDS[TASKS.index(call.task)].covers == "seats"  # the others are one job for one crew
    if by_seats and not call.persons:
        yield "persons", bilingual("call {call}: it is about nobody (0 persons), so nobody is sent", call=call.id)
    people = {place.id: place.population for place in scenario.settlements}.get(call.place, math.inf)
    if call.persons > people:
        yield (
            "persons",
            bilingual(
                "call {call}: {persons:,} persons, more than the {people:,} people there",
                call=call.id,
                persons=call.persons,
                people=people,
            ),
        )
    crews = [row for row in scenario.responders if row.count and call.task in getattr(row, "tasks", ())]
    skilled = [row for row in crews if not call.skill or call.skill in row.skills]
    if not crews:
        yield "task", bilingual("call {call}: no crew has the task {task}", call=call.id, task=task_called(call.task))
    elif not skilled:
        yield (
            "skill",
            bilingual(
                "call {call}: no crew with the task {task} has the skill {skill}",
                call=call.id,
                task=task_called(call.task),
                skill=call.skill,
            ),
        )
    elif by_seats and not any(getattr(row, "seats", 0) for row in skilled):
        yield (
            "task",
            bilingual(
                "call {call}: no crew with the task {task} has a seat", call=call.id, task=task_called(call.task)
            ),
        )
