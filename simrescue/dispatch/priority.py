"""By priority: who is in the greatest danger is served first, and waiting itself raises the priority.

The rule, in hours of waiting that a request is treated as having behind it (its urgency):

* the task: rescue of trapped people, then medical care, evacuation, reconnaissance, relief; each step is worth
  `STEP_H` = 24 h, so that a request of one step less goes first only when it has waited a day longer;
* vulnerable people: up to 12 h, half of it at 20 people; people: up to 6 h, half of it at 100;
* the time it has really waited.

Since all requests grow urgent at the same pace, their order never changes while they wait, and nobody starves:
a request stands behind no other that opened more than 114 h later. The figures are a choice of this model, in the
order that the plans give ("people first", vulnerable people first); they are not from a source.
"""

from __future__ import annotations

from simrescue.dispatch.base import Policy, Rank, Request
from simrescue.dispatch.nearest import nearest_qualified
from simrescue.responders import TASK_KINDS
from simrescue.wording import bilingual

BY_DANGER = ("relief", "reconnaissance", "evacuate", "medical", "rescue")
"""Tasks from the least to the most urgent."""
STEP_H = 24.0
"""What one step in `BY_DANGER` is worth."""
VULNERABLE_H, HALF_VULNERABLE = 12.0, 20.0
PERSONS_H, HALF_PERSONS = 6.0, 100.0


def head_start_h(task: int) -> float:
    """Hours of waiting that a request has behind it for what it asks.

    Its task (index in `responders.TASKS`) has steps of its own in `BY_DANGER`, or those of the task it is as urgent as.
    """
    kind = TASK_KINDS[task]
    return STEP_H * BY_DANGER.index(kind.as_urgent_as or kind.name)


def urgency_h(request: Request, now_h: float) -> float:
    """Hours of waiting, real and granted, that a request has behind it at `now_h` (hours since the start).

    By the rule at the head of this module.
    """
    return (
        now_h
        - request.opened_h
        + head_start_h(request.task)
        + VULNERABLE_H * request.vulnerable / (request.vulnerable + HALF_VULNERABLE)
        + PERSONS_H * request.persons / (request.persons + HALF_PERSONS)
    )


def by_urgency(request: Request) -> Rank:
    """The most urgent first.

    Of two requests the difference in urgency never changes, so the hour of the look does not matter.
    """
    return (-urgency_h(request, 0.0), request.number)


PRIORITY = Policy("priority", bilingual("by priority"), rank=by_urgency, decide=nearest_qualified)
