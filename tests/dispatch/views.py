"""Views to decide on: built from a plain table of travel times, and drawn by hypothesis."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import strategies as st

from simrescue.dispatch import Candidate, Request, View, in_order
from simrescue.dispatch.base import INFINITE
from simrescue.responders import COVERS, TASKS

EVACUATE, RESCUE, RELIEF, MEDICAL, RECONNAISSANCE, SUPPRESSION, WATER_DROP, REPAIR = range(len(TASKS))
ALL_TASKS = frozenset(range(len(TASKS)))


def request(number: int, task: int = RESCUE, **changes: float) -> Request:
    """A request of three people at a place of its own."""
    return Request(number, task, place=number, opened_h=0.0, persons=3.0, vulnerable=0.0, open_amount=3.0)._replace(
        **changes
    )


def candidate(index: int, tasks: frozenset[int] = ALL_TASKS, seats: float = 4.0, payload_t: float = 4.0) -> Candidate:
    """A responder that can do everything unless told otherwise."""
    return Candidate(index, place=100 + index, tasks=tasks, seats=seats, payload_t=payload_t)


def view(
    requests: Sequence[Request], candidates: Sequence[Candidate], etas: dict[tuple[int, int], float], now_h: float = 0.0
) -> View:
    """A view whose travel times are `etas[responder, request]`; pairs not named cannot be."""

    def eta_h(one: Candidate, asked: Request) -> float:
        return etas.get((one.responder, asked.number), INFINITE)

    # Half the true time, where there is one: a bound that is neither exact nor useless.
    nearby = in_order(candidates, lambda one, asked: min(eta_h(one, asked), 1000.0) / 2)
    return View(now_h, requests, candidates, eta_h, nearby, shared_within_h=6.0)


def able(seen: View, one: Candidate, asked: Request) -> bool:
    """Whether a responder can do anything for a request."""
    return asked.task in one.tasks and COVERS[asked.task](one) > 0 and math.isfinite(seen.eta_h(one, asked))


@st.composite
def views(draw: st.DrawFn, most: int = 6, whole: bool = False) -> View:
    """Any small view; `whole`: each request is covered by any one responder."""
    amounts = st.just(1.0) if whole else st.sampled_from([0.0, 0.5, 1.0, 3.0, 10.0])
    seats = st.just(1.0) if whole else st.sampled_from([0.0, 1.0, 4.0])
    requests = [
        Request(
            number=number,
            task=draw(st.sampled_from(range(len(TASKS)))),
            place=number,
            opened_h=draw(st.sampled_from([0.0, 1.0, 5.0, 40.0])),
            persons=(persons := draw(st.sampled_from([0.0, 1.0, 30.0, 500.0]))),
            vulnerable=persons * draw(st.sampled_from([0.0, 0.2, 1.0])),
            open_amount=draw(amounts),
        )
        for number in range(draw(st.integers(0, most)))
    ]
    candidates = [
        candidate(index, draw(st.sets(st.sampled_from(sorted(ALL_TASKS))).map(frozenset)), draw(seats), draw(seats))
        for index in range(draw(st.integers(0, most)))
    ]
    times = st.sampled_from([0.25, 0.5, 0.5, 1.0, 2.0, 7.5, INFINITE])
    etas = {(one.responder, asked.number): draw(times) for one in candidates for asked in requests}
    return view(requests, candidates, etas, now_h=40.0)
