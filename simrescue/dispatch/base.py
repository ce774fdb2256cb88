"""What command sees and what a dispatch policy answers: a pure function from a view to assignments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

INFINITE = float("inf")


class Request(NamedTuple):
    """需求: one open need at one place, as command knows it. Work still unassigned is in `open_amount`."""

    number: int
    task: int
    """Index in responders.TASKS."""
    place: int
    opened_h: float
    persons: float
    """People concerned."""
    vulnerable: float
    """People among them who cannot help themselves."""
    open_amount: float
    """What is not yet on its way: persons (evacuate, rescue, medical), tonnes (relief), 1 (reconnaissance)."""


class Candidate(NamedTuple):
    """An idle responder, as command knows it."""

    index: int
    place: int
    tasks: frozenset[int]
    seats: float
    payload_t: float


@dataclass(frozen=True, slots=True)
class View:
    """All that a policy may look at.

    `eta_h(candidate, request)` gives hours until work at the place can start by the roads known open, weather
    and turnout included; infinite when it cannot. Each call may cost a routing: ask for what is needed.
    """

    now_h: float
    requests: Sequence[Request]
    candidates: Sequence[Candidate]
    eta_h: Callable[[Candidate, Request], float]


class Assignment(NamedTuple):
    """One responder to one request."""

    responder: int
    request: int


Policy = Callable[[View], list[Assignment]]
