"""What holds for every policy, whatever the view."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.dispatch import POLICIES, Policy, Request, View
from simrescue.dispatch.base import INFINITE, Assignment
from simrescue.dispatch.nearest import nearest_qualified
from simrescue.dispatch.priority import PRIORITY
from simrescue.responders import COVERS
from tests.dispatch.views import ALL_TASKS, MEDICAL, RELIEF, RESCUE, able, candidate, request, view, views

every_policy = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)


def ranked(policy: Policy, seen: View) -> View:
    return replace(seen, requests=sorted(seen.requests, key=policy.rank))


@every_policy
@given(seen=views())
def test_nobody_is_sent_twice(policy: Policy, seen: View) -> None:
    sent = [assignment.responder for assignment in policy.decide(ranked(policy, seen))]
    assert len(sent) == len(set(sent))


@every_policy
@given(seen=views())
def test_only_the_able_are_sent(policy: Policy, seen: View) -> None:
    requests = {one.number: one for one in seen.requests}
    candidates = {one.responder: one for one in seen.candidates}
    for responder, number in policy.decide(ranked(policy, seen)):
        assert able(seen, candidates[responder], requests[number])


@every_policy
@given(seen=views())
def test_nothing_is_sent_beyond_need(policy: Policy, seen: View) -> None:
    candidates = {one.responder: one for one in seen.candidates}
    assignments = policy.decide(ranked(policy, seen))
    for asked in seen.requests:
        covered = [COVERS[asked.task](candidates[one.responder]) for one in assignments if one.request == asked.number]
        assert not covered or sum(covered[:-1]) < asked.open_amount


@every_policy
@given(seen=views())
def test_nobody_able_stays_while_somebody_waits(policy: Policy, seen: View) -> None:
    assignments = policy.decide(ranked(policy, seen))
    sent = {one.responder for one in assignments}
    idle = [one for one in seen.candidates if one.responder not in sent]
    candidates = {one.responder: one for one in seen.candidates}
    for asked in seen.requests:
        covers = COVERS[asked.task]
        covered = sum(covers(candidates[one.responder]) for one in assignments if one.request == asked.number)
        assert covered >= asked.open_amount or not any(able(seen, one, asked) for one in idle)


@every_policy
@given(seen=views())
def test_the_same_view_gives_the_same_answer(policy: Policy, seen: View) -> None:
    assert policy.decide(ranked(policy, seen)) == policy.decide(ranked(policy, seen))


@every_policy
def test_the_soonest_of_two_goes(policy: Policy) -> None:
    seen = view([request(0)], [candidate(1), candidate(2)], {(1, 0): 2.0, (2, 0): 1.0})
    assert policy.decide(seen) == [(2, 0)]


@every_policy
def test_equal_responders_go_by_index(policy: Policy) -> None:
    seen = view([request(0)], [candidate(2), candidate(1)], {(1, 0): 1.0, (2, 0): 1.0})
    assert policy.decide(seen) == [(1, 0)]


@every_policy
def test_a_big_request_gets_several_at_once(policy: Policy) -> None:
    etas = {(index, 0): float(index) for index in range(1, 6)}
    seen = view([request(0, open_amount=10.0)], [candidate(index) for index in range(1, 6)], etas)
    assert policy.decide(seen) == [(1, 0), (2, 0), (3, 0)]


@every_policy
def test_relief_is_covered_by_tonnes(policy: Policy) -> None:
    trucks = [candidate(1, payload_t=0.0), candidate(2, payload_t=8.0)]
    seen = view([request(0, RELIEF, open_amount=5.0)], trucks, {(1, 0): 1.0, (2, 0): 3.0})
    assert policy.decide(seen) == [(2, 0)]


@every_policy
def test_few_travel_times_are_asked_for(policy: Policy) -> None:
    asked_for: list[int] = []
    boats = [candidate(index) for index in range(200)]
    seen = view([request(0)], boats, {(index, 0): 1.0 + index for index in range(200)})
    true_eta_h = seen.eta_h

    def eta_h(one, asked):
        asked_for.append(one.responder)
        return true_eta_h(one, asked)

    assert policy.decide(replace(seen, eta_h=eta_h)) == [(0, 0)]
    assert len(asked_for) <= 2


@every_policy
def test_nobody_to_send_and_nothing_to_do(policy: Policy) -> None:
    assert policy.decide(view([], [candidate(0)], {})) == []
    assert policy.decide(view([request(0)], [], {})) == []
    assert policy.decide(view([request(0)], [candidate(0, ALL_TASKS - {RESCUE})], {(0, 0): 1.0})) == []


@every_policy
def test_each_place_gets_a_load_before_any_gets_a_second(policy: Policy) -> None:
    """Three places want three loads each; four lorries are an hour away."""
    etas = {(index, number): 1.0 for index in range(10, 14) for number in range(3)}
    wants = [request(number, RELIEF, open_amount=9.0) for number in range(3)]
    seen = view(wants, [candidate(index, payload_t=3.0) for index in range(10, 14)], etas)
    sent = Counter(one.request for one in policy.decide(seen))
    assert sorted(sent.values()) == [1, 1, 2], sent


# ---- boats that come again


def boats(number: int, cycle_h: float, *requests: Request) -> dict[int, int]:
    """How many of so many boats of 8 seats, all an hour away, go to each request."""
    etas = {(100 + i, asked.number): 1.0 for i in range(number) for asked in requests}
    seen = view(requests, [candidate(100 + i, seats=8.0) for i in range(number)], etas)
    sent = Counter(one.request for one in PRIORITY.decide(replace(seen, cycle_h=lambda *_: cycle_h)))
    return {asked.number: sent[asked.number] for asked in requests}


def test_villages_in_water_at_once_share_boats_by_need() -> None:
    first, second = (request(n, open_amount=160.0, persons=160.0) for n in (0, 1))
    assert abs(boats(10, 0.6, first, second)[0] - 5) <= 1, "as even as halves of hours are"
    assert boats(8, 0.6, first._replace(open_amount=240.0), second._replace(open_amount=80.0)) == {0: 6, 1: 2}
    assert boats(10, 0.6, first) == {0: 10}, "who is alone gets all"
    assert boats(10, INFINITE, first, second) == {0: 10, 1: 0}, "whoever comes once is no help by coming again"


def test_boats_that_are_at_work_count_with_the_trips_to_come() -> None:
    """40 people an hour are taken off the first village by those who are there: 160 in four hours."""
    first, second = (request(n, open_amount=160.0, persons=160.0) for n in (0, 1))
    assert boats(1, 0.6, first._replace(per_hour=40.0), second) == {0: 0, 1: 1}
    assert boats(1, 0.6, first._replace(per_hour=40.0), second._replace(per_hour=90.0)) == {0: 1, 1: 0}


@given(
    seen=views(),
    cycle_h=st.sampled_from([0.5, 3.0]),
    per_hour=st.sampled_from([0.0, 5.0, 1000.0]),
    tasks=st.lists(st.sampled_from(sorted(ALL_TASKS)), max_size=4),
    order=st.randoms(use_true_random=False),
)
def test_what_nobody_can_go_to_changes_no_decision(
    seen: View, cycle_h: float, per_hour: float, tasks: list[int], order: Random
) -> None:
    """Wherever it stands among requests that share boats, or goods by rounds."""
    asked = [one._replace(per_hour=per_hour * one.number) for one in seen.requests]
    plain = replace(seen, requests=asked, cycle_h=lambda *_: cycle_h)
    more = list(asked)
    for number, task in enumerate(tasks):
        more.insert(order.randint(0, len(more)), request(100 + number, task))
    assert nearest_qualified(replace(plain, requests=more)) == nearest_qualified(plain)


def test_what_nobody_can_go_to_does_not_part_those_who_share_boats() -> None:
    first, second = (request(n, open_amount=160.0, persons=160.0) for n in (0, 1))
    first = first._replace(per_hour=40.0)
    seen = view([first, request(2, MEDICAL), second], [candidate(100, seats=8.0)], {(100, 0): 1.0, (100, 1): 1.0})
    assert nearest_qualified(replace(seen, cycle_h=lambda *_: 0.6)) == [Assignment(100, second.number)]


@every_policy
@given(seen=views(), cycle_h=st.sampled_from([0.01, 0.5, 3.0, 100.0]), per_hour=st.sampled_from([0.0, 5.0, 1000.0]))
def test_with_trips_nobody_able_stays_nor_is_anybody_sent_beyond_need(
    policy: Policy, seen: View, cycle_h: float, per_hour: float
) -> None:
    requests = [one._replace(per_hour=per_hour * one.number) for one in seen.requests]
    shuttling = replace(seen, requests=requests, cycle_h=lambda *_: cycle_h)
    for law in (
        test_nobody_is_sent_twice, test_only_the_able_are_sent, test_nothing_is_sent_beyond_need,
        test_nobody_able_stays_while_somebody_waits,
    ):  # fmt: skip
        law.hypothesis.inner_test(policy, shuttling)  # type: ignore[attr-defined]
