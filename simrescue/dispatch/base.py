"""What command sees and what a dispatch policy answers: an order of requests, and a pure function from a view.

A policy is two pure functions. `rank` puts requests in order once, when they open or change, so that command
can keep its list sorted and no decision has to sort hundreds of requests again. `decide` says who is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple

from simrescue.records import for_a_while, lacks_as_policy
from simrescue.wording import Words

INFINITE = float("inf")


class Request(NamedTuple):
    """One open need at one place, as command knows it. Work still unassigned is in `open_amount`."""

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
    per_hour: float = 0.0
    """Persons an hour whom the boats that are at work there take off, trip after trip."""


class Candidate(NamedTuple):
    """An idle responder, as command knows it."""

    responder: int
    """Index of the responder in the world's table of things."""
    place: int
    tasks: frozenset[int]
    seats: float
    payload_t: float
    hands: float = 0.0
    """People who can work on a fire line."""


Rank = tuple[float, int]
"""Where a request stands: hours first, then its number. Smaller is served first."""


def only_once(candidate: Candidate, request: Request) -> float:  # noqa: ARG001 - nobody does
    """A `View.cycle_h` by which no candidate comes back to a request."""
    return INFINITE


@dataclass(frozen=True, slots=True)
class View:
    """All that a policy may look at.

    `requests` come in the order of the policy's `rank`. Command may leave out of `requests` and `candidates`
    those that can have no partner, for instance because nothing has changed for them since the last decision. While a
    policy goes through `requests`, those drop out that only responders in the last `taken` of `nearby` could serve.

    `eta_h(candidate, request)` gives hours until work at the place can start by the roads known open, weather
    and turnout included; infinite when it cannot. Each call may cost a routing: ask for what is needed.

    `nearby(request, taken)` gives pairs of a lower bound of `eta_h` and a candidate that has the request's task, in
    increasing order of the bound, so that a policy can stop early. It may leave out candidates whose `eta_h`
    is known to be infinite, and those whose responder is in `taken`. `in_order` builds one from any bound.

    `cycle_h(candidate, request)` gives hours from taking one load of people off to taking the next, of a boat between
    the place and its transfer point; infinite for who does not come back by itself.

    `shared_within_h`: hours within which boats are to take everybody off, each place in turn, before any gets more;
    then half and a quarter of them, then in one trip. 0: each place gets all its boats before the next.
    """

    now_h: float
    requests: Iterable[Request]
    candidates: Collection[Candidate]
    eta_h: Callable[[Candidate, Request], float]
    nearby: Callable[[Request, AbstractSet[int]], Iterable[tuple[float, Candidate]]]
    cycle_h: Callable[[Candidate, Request], float] = only_once
    shared_within_h: float = 0.0


class Assignment(NamedTuple):
    """One responder to one request."""

    responder: int
    request: int


class Policy(NamedTuple):
    """A way of deciding. Both functions are pure: the same view gives the same assignments."""

    name: str
    """As a scenario names it in `command.policy`."""
    words: Words
    """What pages and tables call it."""
    rank: Callable[[Request], Rank]
    """The place of a request in the queue; it does not change while time passes, only when the request does."""
    decide: Callable[[View], list[Assignment]]
    """Who is sent: no responder twice, none that is unable, none to a request that is already covered."""


POLICIES: dict[str, Policy] = {}
"""The policies that a scenario can name, filled by `register`."""


def register(policy: Policy) -> Policy:
    """Let scenarios name a policy; answers it.

    Raises:
        ValueError: where it is half a policy, with all that is missing, or where its name is taken.
    """
    if lacks := list(_lacks(policy)):
        raise ValueError(f"policy {policy.name or '(no name)'} is half-registered: {'; '.join(lacks)}")
    POLICIES[policy.name] = policy
    return policy


def forget(name: str) -> None:
    """Undo `register`. Raises KeyError where no policy has the name."""
    del POLICIES[name]


def registered(*policies: Policy) -> AbstractContextManager[None]:
    """Have policies registered until the end of a block, as in a test. Raises ValueError as `register`."""
    return for_a_while(policies, register, forget)


def _lacks(policy: Policy) -> Iterator[str]:
    yield from lacks_as_policy(policy.name, policy.words, POLICIES)
    yield from (f"a function {part}" for part in ("rank", "decide") if not callable(getattr(policy, part)))


def in_order(
    candidates: Sequence[Candidate], bound_h: Callable[[Candidate, Request], float]
) -> Callable[[Request, AbstractSet[int]], list[tuple[float, Candidate]]]:
    """A `View.nearby` that looks at every candidate: what tests and small examples need.

    Args:
        candidates: idle responders.
        bound_h: a lower bound on the hours until a candidate can start on a request; must not exceed `View.eta_h`.

    Returns:
        A function of a request and of the responders taken: (hours, candidate) of all who have its task and are not
        taken, rising, ties by the responder's index.
    """

    def nearby(request: Request, taken: AbstractSet[int]) -> list[tuple[float, Candidate]]:
        free = [
            candidate
            for candidate in candidates
            if request.task in candidate.tasks and candidate.responder not in taken
        ]
        bounds = [(bound_h(candidate, request), candidate.responder, candidate) for candidate in free]
        return [(bound, candidate) for bound, _, candidate in sorted(bounds)]

    return nearby
