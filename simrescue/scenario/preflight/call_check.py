"""Emergency calls that nobody in the scenario can ever serve, told before a run."""

from __future__ import annotations

from collections.abc import Iterator

from simrescue.responders import TASK_KINDS
from simrescue.scenario.preflight.findings import Finding
from simrescue.scenario.preflight.look import Look
from simrescue.scenario.records import Call, Scenario

NEEDS_SEATS = tuple(one.name for one in TASK_KINDS if one.covers == "seats")
"""Tasks of a call that a crew takes on by its seats; the others are one job for one crew."""


def calls_nobody_can_serve(look: Look) -> Iterator[Finding]:
    """Calls whose task, skill or seats no crew has, or that are about nobody."""
    for call in look.scenario.calls:
        for why, why_zh in _faults(call, look.scenario):
            yield Finding(
                "warning",
                "call",
                call.id,
                f"call {call.id}: {why}",
                f"求助 {call.id}：{why_zh}",
                {"time_h": call.time_h},
            )


def _faults(call: Call, scenario: Scenario) -> Iterator[tuple[str, str]]:
    by_seats = call.task in NEEDS_SEATS
    if by_seats and not call.persons:
        yield "it is about nobody (0 persons), so nobody is sent", "人数为 0，不会派出救援力量"
    able = [row for row in scenario.responders if row.count and call.task in getattr(row, "tasks", ())]
    skilled = [row for row in able if not call.skill or call.skill in row.skills]
    if not able:
        yield f"no crew has the task {call.task}", f"没有任何救援力量承担任务 {call.task}"
    elif not skilled:
        yield (
            f"no crew with the task {call.task} has the skill {call.skill}",
            f"承担该任务的救援力量都不具备技能 {call.skill}",
        )
    elif by_seats and not any(getattr(row, "seats", 0) for row in skilled):
        yield f"no crew with the task {call.task} has a seat", f"承担任务 {call.task} 的救援力量都没有座位"
