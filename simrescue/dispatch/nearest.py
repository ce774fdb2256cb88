"""Nearest qualified responder: requests in the order in which they came, each given those who can start there first.

A big request gets several responders at once, until the seats on their way cover it. Where people of several places
are to be rescued, boats are shared by need: a few that come again and again empty a village as well as many that come
once. So first each place gets as many as take all its people off within some hours, trips counted. Goods go round: each
place gets a load before any gets a second, since a part of what it asks for gives everybody there a first meal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from heapq import heappop, heappush
from itertools import chain, groupby, islice

from simrescue.dispatch.base import INFINITE, Assignment, Candidate, Policy, Rank, Request, View
from simrescue.responders import COVERS, RELIEF, RESCUE
from simrescue.wording import bilingual


def by_opening(request: Request) -> Rank:
    """First come, first served; of requests opened at the same moment the lower number."""
    return (request.opened_h, request.number)


def soonest(view: View, request: Request, taken: AbstractSet[int]) -> Iterator[tuple[float, Candidate]]:
    """Qualified candidates not in `taken` with their hours to start, the soonest first.

    Lazy: a routing is asked only for candidates whose bound is below the best time found so far. Of two that
    can start at the same moment, the one earlier in `view.nearby` comes first.
    """
    covers = COVERS[request.task]
    queue: list[tuple[float, int, Candidate]] = []
    for order, (bound_h, candidate) in enumerate(view.nearby(request, taken)):
        # Nobody still to come can be sooner than the best found: it is the next, without asking for their routes.
        while queue and queue[0][0] <= bound_h:
            eta_h, _, best = heappop(queue)
            yield eta_h, best
        if candidate.responder in taken or covers(candidate) <= 0:
            continue
        eta_h = view.eta_h(candidate, request)
        if eta_h < INFINITE:
            heappush(queue, (eta_h, order, candidate))
    while queue:
        eta_h, _, best = heappop(queue)
        yield eta_h, best


def cover(view: View, request: Request, amount: float, taken: AbstractSet[int]) -> list[Candidate]:
    """The soonest able candidates that together take on an amount.

    Args:
        view: what command sees.
        request: to be covered.
        amount: what of it is not on its way yet, in the unit of its task (`responders.COVERS`).
        taken: responders that are not to be had.

    Returns:
        Candidates, the soonest first; fewer where there are no more, none for an amount of 0.
    """
    covers = COVERS[request.task]
    chosen: list[Candidate] = []
    if amount <= 0:
        return chosen
    for _, candidate in soonest(view, request, taken):
        chosen.append(candidate)
        amount -= covers(candidate)
        if amount <= 0:
            break
    return chosen


def nearest_qualified(view: View) -> list[Assignment]:
    """The soonest qualified responders to each request in turn, until it is covered or nobody is left.

    Requests for rescue that follow each other in the order share boats by need, those for goods are served in rounds.
    One of another task that nobody can serve does not stand between them.
    """
    taken: set[int] = set()
    assignments: list[Assignment] = []
    for task, requests in groupby(_unparted(view, view.requests), lambda request: request.task):
        pairs = ORDERS.get(task, _in_turn)(view, requests, taken)
        assignments += [Assignment(candidate.responder, request.number) for request, candidate in pairs]
        # Requests come lazily: to ask for one more would cost command a look at each that still waits.
        if len(taken) == len(view.candidates):
            break
    return assignments


def _unparted(view: View, requests: Iterable[Request]) -> Iterator[Request]:
    """Requests in their order, but for those that nobody can go to between others that are shared (`ORDERS`)."""
    task, between = -1, list[Request]()
    for request in requests:
        if request.task != task and task in ORDERS:
            between.append(request)
            continue
        if between:
            # Asked only now: where nothing of the first task follows, it parts nothing, and is served by itself.
            yield from (parting for parting in between if next(soonest(view, parting, frozenset()), None) is not None)
            between = []
        task = request.task
        yield request
    if between:
        yield from _unparted(view, between)


def _in_turn(view: View, requests: Iterable[Request], taken: set[int]) -> Iterator[tuple[Request, Candidate]]:
    """Who is sent, each request covered before the next is looked at; `taken` grows by them."""
    for request in requests:
        if len(taken) == len(view.candidates):
            return
        for candidate in cover(view, request, request.open_amount, taken):
            taken.add(candidate.responder)
            yield request, candidate


def in_rounds(view: View, requests: Iterable[Request], taken: set[int]) -> Iterator[tuple[Request, Candidate]]:
    """Who is sent, one to each request before any gets another.

    Args:
        view: what command sees.
        requests: in the order of the policy; gone through only while anybody is left.
        taken: responders that are not to be had; grows by those who are sent.
    """
    # Lazily in the first round: the view leaves out whom only those could serve who are taken by then.
    standing: Iterable[tuple[Request, float, Iterator[tuple[float, Candidate]]]] = (
        (request, request.open_amount, soonest(view, request, taken)) for request in requests if request.open_amount > 0
    )
    while standing:
        again = []
        for request, uncovered, qualified in standing:
            # Who was free when they were asked for may have gone to another place since.
            candidate = next((crew for _, crew in qualified if crew.responder not in taken), None)
            if candidate is not None:
                taken.add(candidate.responder)
                yield request, candidate
                rest = uncovered - COVERS[request.task](candidate)
                if rest > 0:
                    again.append((request, rest, qualified))
            if len(taken) == len(view.candidates):
                return
        standing = again


def share(view: View, requests: Iterable[Request], taken: set[int]) -> Iterator[tuple[Request, Candidate]]:
    """Who is sent to rescue people of several places: in rounds, each for a shorter time in which all are to be off.

    Args:
        view: what command sees.
        requests: in the order of the policy; gone through only while anybody is left.
        taken: responders that are not to be had; grows by those who are sent.
    """
    within = view.shared_within_h
    asking = (request for request in requests if request.open_amount > 0)
    # Two are enough to know whether anybody shares: a request that is alone gets all at once.
    first = list(islice(asking, 2))
    uncovered, per_hour = dict[int, float](), dict[int, float]()
    qualified = dict[int, Iterator[tuple[float, Candidate]]]()
    # Gone through as they come: the view leaves out whom only those could serve who are taken by then.
    standing: Iterable[Request] = chain(first, asking)
    for within_h in (within, within / 2, within / 4, 0.0) if len(first) > 1 and within else (0.0,):
        served = []
        for request in standing:
            if len(taken) == len(view.candidates):
                return
            number = request.number
            if number not in qualified:
                uncovered[number], per_hour[number] = request.open_amount, request.per_hour
                # Who can go there, asked for once.
                qualified[number] = soonest(view, request, taken)
            while uncovered[number] > within_h * per_hour[number]:
                candidate = next((crew for _, crew in qualified[number] if crew.responder not in taken), None)
                if candidate is None:
                    break
                taken.add(candidate.responder)
                load = COVERS[RESCUE](candidate)
                uncovered[number] -= load
                # Without end for who does not come back by himself: he adds nothing an hour, and counts with his load.
                per_hour[number] += load / view.cycle_h(candidate, request)
                yield request, candidate
            # Who ran out of boats drops out; only who has enough for this time stands again for a shorter one.
            else:
                if uncovered[number] > 0:
                    served.append(request)
        standing = served


ORDERS = {RESCUE: share, RELIEF: in_rounds}
"""Tasks whose requests are not each covered before the next, with who is sent to them."""
NEAREST = Policy("nearest", bilingual("nearest first"), rank=by_opening, decide=nearest_qualified)
